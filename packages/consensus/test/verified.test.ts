import { checkCertificate, checkProposal, checkVote, type VerificationContext } from '@mutual-chain/consensus';
import {
  type CommitCertificate,
  type ConsensusProposal,
  consensusDigest,
  referenceCryptography as cryptography,
  type GenesisHash,
  inSetOrder,
  type KeyPair,
  keyPairOf,
  privateKeyFrom,
  type Signature,
  type SignedStatement,
  type Vote,
} from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { hashOf } from './support/validators.ts';

/* Goal: nothing becomes a verified message but what a validator of the set signed on this chain. Method: real keys, one thing wrong at a time. */

const genesisHash = new Uint8Array(32).fill(7) as GenesisHash;
const keys = [1, 2, 3, 4].map((fill) => keyPairOf(privateKeyFrom(new Uint8Array(32).fill(fill))));
const stranger = keyPairOf(privateKeyFrom(new Uint8Array(32).fill(5)));
const validators = {
  validators: inSetOrder(
    keys.map(({ publicKey, address }) => ({ publicKey, address, power: 1n, priority: 0n, operator: address, peerId: '', addresses: '' })),
  ),
};
const context: VerificationContext = { cryptography, genesisHash, validators };
const [key] = keys as [KeyPair];

function signatureOf({ privateKey }: KeyPair, statement: SignedStatement): Signature {
  return cryptography.sign(consensusDigest(cryptography, genesisHash, statement), privateKey) as Signature;
}

function vote(signer: KeyPair): Vote {
  const statement = { kind: 'precommit', height: 5, round: 1, blockHash: hashOf(1) } as const;
  return { ...statement, validator: signer.address, signature: signatureOf(signer, statement) };
}

function proposal(signer: KeyPair): ConsensusProposal {
  const statement = { height: 5, round: 1, validRound: 0, blockHash: hashOf(1) };
  return { ...statement, proposer: signer.address, signature: signatureOf(signer, { kind: 'proposal', ...statement }) };
}

function certificate(): CommitCertificate {
  const signatures = validators.validators.slice(0, 3).map(({ address }, validatorIndex) => ({
    validatorIndex,
    signature: vote(keys.find((each) => each.address.join() === address.join()) as KeyPair).signature,
  }));
  return { height: 5, round: 1, blockHash: hashOf(1), signatures };
}

describe('a verified message', () => {
  it('is the message itself', () => {
    expect(checkVote(context, vote(key))).toEqual(vote(key));
    expect(checkProposal(context, proposal(key))).toEqual(proposal(key));
    expect(checkCertificate(context, certificate())).toEqual(certificate());
  });

  it('is none that somebody else signed, on another chain, or about something else', () => {
    const elsewhere = { ...context, genesisHash: new Uint8Array(32) as GenesisHash };
    const { signatures } = certificate();
    const results = [
      checkVote(context, vote(stranger)),
      checkVote(context, { ...vote(key), validator: (keys[1] as KeyPair).address }),
      checkVote(context, { ...vote(key), round: 2 }),
      checkVote(elsewhere, vote(key)),
      checkProposal(context, proposal(stranger)),
      checkProposal(context, { ...proposal(key), validRound: -1 }),
      checkProposal(elsewhere, proposal(key)),
      checkCertificate(context, { ...certificate(), signatures: signatures.slice(0, 2) }),
      checkCertificate(context, { ...certificate(), blockHash: hashOf(2) }),
      // Swapped places: the signatures are good, for other validators.
      checkCertificate(context, {
        ...certificate(),
        signatures: signatures.map((each, index) => ({ ...each, signature: (signatures[2 - index] as (typeof signatures)[0]).signature })),
      }),
      checkCertificate(elsewhere, certificate()),
    ];
    expect(results).toEqual(results.map(() => undefined));
  });
});
