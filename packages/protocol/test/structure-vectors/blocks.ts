import { type Block, blockCodec, evidenceRoot, transactionsRoot } from '../../src/block/block.ts';
import { type BlockHeader, blockHash, headerCodec } from '../../src/block/header.ts';
import { certificateCodec } from '../../src/consensus-messages/certificate.ts';
import { consensusProposalCodec } from '../../src/consensus-messages/proposal.ts';
import { consensusDigest } from '../../src/consensus-messages/sign-bytes.ts';
import { voteCodec } from '../../src/consensus-messages/vote.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { evidenceCodec, evidenceId, evidenceOfProposals, evidenceOfVotes } from '../../src/evidence/evidence.ts';
import type { KeyPair } from '../../src/keys/key-pair.ts';
import { byteStringRoot } from '../../src/merkle/byte-string-roots.ts';
import { createBranch, listRoot } from '../../src/merkle/list-root.ts';
import { receiptsRoot } from '../../src/receipt/receipt.ts';
import { recordsRoot } from '../../src/record/record-codec.ts';
import { stateKeyHashes, stateLeaves } from '../../src/state-proof/state-hashes.ts';
import { validatorsHash } from '../../src/validator/validator-set.ts';
import { certificateOf, consortiumOf, GENESIS_HASH, hashOf, proposalOf, voteOf } from '../consensus-messages/consortium.ts';
import { jsonForm } from './json-form.ts';

const consortium = consortiumOf(4, 3, 2, 1);
const key = consortium.keys[0] as KeyPair;
const filled = (length: number, fill: number) => new Uint8Array(length).fill(fill) as never;

const transactions = [0x11, 0x22, 0x33].map((fill, index) => ({ id: filled(32, fill), bytes: new Uint8Array(60 + 40 * index).fill(fill) }));
const doubleVote = evidenceOfVotes(voteOf(key), voteOf(key, { blockHash: undefined }));
const doubleProposal = evidenceOfProposals(proposalOf(key), proposalOf(key, { validRound: 0 }));
const evidence = [doubleVote, doubleProposal].map((each) => evidenceCodec.encode(each));

const header: BlockHeader = {
  protocolVersion: 1,
  chainId: 1_000_001,
  height: 42,
  timestampMs: 1_800_000_000_123,
  parentHash: filled(32, 1),
  proposer: key.address,
  stateRoot: filled(32, 3),
  transactionsRoot: transactionsRoot(cryptography, transactions),
  recordsRoot: recordsRoot(cryptography, []),
  receiptsRoot: receiptsRoot(cryptography, []),
  evidenceRoot: evidenceRoot(cryptography, evidence),
  validatorsHash: validatorsHash(cryptography, consortium.set),
  nextValidatorsHash: validatorsHash(cryptography, consortium.set),
  parametersHash: filled(32, 4),
};
const block: Block = { header, transactions: transactions.map(({ bytes }) => bytes), evidence };

function merkle(): object {
  const leaves = Uint8Array.from({ length: 32 * 5 }, (_, index) => index);
  return {
    byteStrings: [0, 1, 31, 32, 33, 64, 65, 128, 129].map((length) => {
      const bytes = Uint8Array.from({ length }, (_, index) => index);
      return { bytes, root: byteStringRoot(cryptography, bytes) };
    }),
    lists: [0, 1, 2, 3, 4, 5].map((count) => ({ count, root: listRoot(cryptography, leaves.slice(0, 32 * count)) })),
    leaves,
    branches: [0, 2, 4].map((index) => createBranch(cryptography, leaves, index)),
  };
}

function stateEntries(): object {
  const entries = [0, 1, 40, 120].map((length, index) => ({
    key: new Uint8Array(1 + 15 * index).fill(index + 1),
    value: Uint8Array.from({ length }, (_, at) => at),
  }));
  return entries.map((entry) => {
    const keyHash = stateKeyHashes(cryptography, [entry.key]);
    return { ...entry, keyHash, leaf: stateLeaves(cryptography, keyHash, [entry.value]) };
  });
}

function messages(): object {
  const votes = [voteOf(key), voteOf(key, { kind: 'precommit' }), voteOf(key, { blockHash: undefined })];
  const proposals = [proposalOf(key), proposalOf(key, { validRound: 1, blockHash: hashOf(2) })];
  const certificate = certificateOf(consortium, [0, 1, 3]);
  return {
    genesisHash: GENESIS_HASH,
    votes: votes.map((vote) => ({
      vote,
      digest: consensusDigest(cryptography, GENESIS_HASH, vote),
      bytes: voteCodec.encode(vote),
    })),
    proposals: proposals.map((proposal) => ({
      proposal,
      digest: consensusDigest(cryptography, GENESIS_HASH, { kind: 'proposal', ...proposal }),
      bytes: consensusProposalCodec.encode(proposal),
    })),
    certificate: { certificate, bytes: certificateCodec.encode(certificate) },
    evidence: [doubleVote, doubleProposal].map((each) => ({
      evidence: each,
      id: evidenceId(cryptography, each),
      bytes: evidenceCodec.encode(each),
    })),
  };
}

/** Blocks and what belongs to them: headers, roots, entries of the state and consensus messages, as values, bytes and hashes. */
export function computeBlocks(): unknown {
  return jsonForm({
    about:
      'Blocks and consensus messages. Made by `pnpm --filter @mutual-chain/protocol vectors`; the keys are public and must sign nothing.',
    header,
    headerBytes: headerCodec.encode(header),
    blockHash: blockHash(cryptography, header),
    transactions,
    blockBytes: blockCodec.encode(block),
    merkle: merkle(),
    stateEntries: stateEntries(),
    messages: messages(),
  });
}
