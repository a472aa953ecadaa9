import { type Address, type BlockHash, certificateCodec, consensusProposalCodec, ssz, type Vote, voteCodec } from '@mutual-chain/protocol';
import { consensusError } from '../errors.ts';
import { clippedReason, REASON_BYTES_MAX } from '../height/reason.ts';
import type { LoggedInput, SignRequest, Timeout } from '../input.ts';
import { trustOwn, type VerifiedProposal } from '../messages/verified.ts';
import { decodeAs } from './decode-as.ts';
import { hashFrom, OPTIONAL_HASH, optionalHash } from './optional-hash.ts';

const CODE = 'CONSENSUS_INPUT_BYTES_INVALID';

/** Kinds of input by their first byte. Appended, never reordered: logs outlive programs. */
const INPUT_TYPES = [
  'workAvailable',
  'proposalReceived',
  'voteReceived',
  'blockReceived',
  'blockValidated',
  'blockBuilt',
  'buildFailed',
  'voteSigned',
  'proposalSigned',
  'signatureRefused',
  'timeoutExpired',
  'certificateReceived',
  'signingForbidden',
] as const satisfies readonly LoggedInput['type'][];

const TIMEOUT_KINDS = [
  'propose',
  'prevote',
  'precommit',
  'blockInterval',
  'emptyBlock',
  'resend',
] as const satisfies readonly Timeout['kind'][];
const REQUEST_KINDS = ['prevote', 'precommit', 'proposal'] as const satisfies readonly SignRequest['kind'][];
const PROPOSAL_BYTES = 133;

const block = { blockHash: ssz.fixedBytes<BlockHash>(32), proposer: ssz.fixedBytes<Address>(20), timestampMs: ssz.uint64 };
const turn = { height: ssz.uint64, round: ssz.uint32 };
const reason = ssz.text(REASON_BYTES_MAX);

const emptyCodec = ssz.containerCodec({});
const proposalCodec = ssz.containerCodec({ timeMs: ssz.uint64, proposal: ssz.fixedBytes<Uint8Array>(PROPOSAL_BYTES) });
const blockReceivedCodec = ssz.containerCodec(block);
const blockValidatedCodec = ssz.containerCodec({ blockHash: block.blockHash, valid: ssz.bool, reason });
const blockBuiltCodec = ssz.containerCodec({ ...turn, ...block });
const buildFailedCodec = ssz.containerCodec({ ...turn, reason });
const requestCodec = ssz.containerCodec({ kind: ssz.uint8, ...turn, validRoundPlusOne: ssz.uint32, ...OPTIONAL_HASH, reason });
const timeoutCodec = ssz.containerCodec({ kind: ssz.uint8, ...turn });

/**
 * Canonical bytes of an input for the write-ahead log: a byte for its type, then its fields.
 *
 * Reasons are shortened to what consensus keeps of them, so that replaying the log gives the state that was.
 */
export function encodeLoggedInput(input: LoggedInput): Uint8Array {
  const fields = encodeFields(input);
  const bytes = new Uint8Array(1 + fields.length);
  bytes[0] = INPUT_TYPES.indexOf(input.type);
  bytes.set(fields, 1);
  return bytes;
}

/**
 * The input that was logged. Its messages count as verified: this node verified or signed them before it wrote them, and the log has its
 * own checksums.
 *
 * Errors: `CONSENSUS_INPUT_BYTES_INVALID`, naming the field.
 */
export function decodeLoggedInput(bytes: Uint8Array): LoggedInput {
  return decodeAs(CODE, 'a logged input', 'the log is damaged or of another version', () => {
    const type = INPUT_TYPES[bytes[0] ?? INPUT_TYPES.length];
    if (type === undefined) throw consensusError(CODE, 'the first byte names no type of input', { field: 'type' });
    return decodeFields(type, bytes.subarray(1));
  });
}

function encodeFields(input: LoggedInput): Uint8Array {
  switch (input.type) {
    case 'workAvailable':
    case 'signingForbidden':
      return emptyCodec.encode({});
    case 'proposalReceived':
      return proposalCodec.encode({ timeMs: input.receivedAtMs, proposal: consensusProposalCodec.encode(input.proposal) });
    case 'proposalSigned':
      return proposalCodec.encode({ timeMs: input.signedAtMs, proposal: consensusProposalCodec.encode(input.proposal) });
    case 'voteReceived':
    case 'voteSigned':
      return voteCodec.encode(input.vote);
    case 'blockReceived':
      return blockReceivedCodec.encode(input.block);
    case 'blockValidated': {
      const { blockHash, valid } = input;
      return blockValidatedCodec.encode({ blockHash, valid, reason: valid ? '' : clippedReason(input.reason ?? '') });
    }
    case 'blockBuilt':
      return blockBuiltCodec.encode({ height: input.height, round: input.round, ...input.block });
    case 'buildFailed':
      return buildFailedCodec.encode({ ...input, reason: clippedReason(input.reason) });
    case 'signatureRefused': {
      const { request } = input;
      const { height, round, blockHash } = request;
      const validRoundPlusOne = request.kind === 'proposal' ? request.validRound + 1 : 0;
      const kind = REQUEST_KINDS.indexOf(request.kind);
      return requestCodec.encode({
        kind,
        height,
        round,
        validRoundPlusOne,
        ...optionalHash(blockHash),
        reason: clippedReason(input.reason),
      });
    }
    case 'timeoutExpired': {
      const { timeout } = input;
      return timeoutCodec.encode({
        kind: TIMEOUT_KINDS.indexOf(timeout.kind),
        height: timeout.height,
        round: 'round' in timeout ? timeout.round : 0,
      });
    }
    case 'certificateReceived':
      return certificateCodec.encode(input.certificate);
  }
}

function decodeFields(type: LoggedInput['type'], fields: Uint8Array): LoggedInput {
  switch (type) {
    case 'workAvailable':
    case 'signingForbidden':
      emptyCodec.decode(fields);
      return { type };
    case 'proposalReceived': {
      const { timeMs, proposal } = proposalCodec.decode(fields);
      return { type, proposal: ownProposal(proposal), receivedAtMs: timeMs };
    }
    case 'proposalSigned': {
      const { timeMs, proposal } = proposalCodec.decode(fields);
      return { type, proposal: ownProposal(proposal), signedAtMs: timeMs };
    }
    case 'voteReceived':
    case 'voteSigned':
      return { type, vote: trustOwn<Vote>(voteCodec.decode(fields)) };
    case 'blockReceived':
      return { type, block: blockReceivedCodec.decode(fields) };
    case 'blockValidated':
      return verdictFrom(blockValidatedCodec.decode(fields));
    case 'blockBuilt': {
      const { height, round, ...built } = blockBuiltCodec.decode(fields);
      return { type, height, round, block: built };
    }
    case 'buildFailed':
      return { type, ...buildFailedCodec.decode(fields) };
    case 'signatureRefused': {
      const { reason: why, ...row } = requestCodec.decode(fields);
      return { type, request: requestFrom(row), reason: why };
    }
    case 'timeoutExpired':
      return { type, timeout: timeoutFrom(timeoutCodec.decode(fields)) };
    case 'certificateReceived':
      return { type, certificate: trustOwn(certificateCodec.decode(fields)) };
  }
}

function ownProposal(bytes: Uint8Array): VerifiedProposal {
  return trustOwn(consensusProposalCodec.decode(bytes));
}

type VerdictRow = { readonly blockHash: BlockHash; readonly valid: boolean; readonly reason: string };

function verdictFrom({ blockHash, valid, reason: why }: VerdictRow): LoggedInput {
  if (valid && why !== '') throw invalid('reason', 'a valid block has no reason');
  return why === '' ? { type: 'blockValidated', blockHash, valid } : { type: 'blockValidated', blockHash, valid, reason: why };
}

type RequestRow = {
  readonly kind: number;
  readonly height: number;
  readonly round: number;
  readonly validRoundPlusOne: number;
  readonly hasHash: boolean;
  readonly hash: BlockHash;
};

function requestFrom({ height, round, validRoundPlusOne, ...row }: RequestRow): SignRequest {
  const kind = REQUEST_KINDS[row.kind];
  const blockHash = hashFrom(CODE, row);
  if (kind === undefined) throw invalid('kind', 'kind of a request must be 0 (prevote), 1 (precommit) or 2 (proposal)');
  if (kind !== 'proposal') {
    if (validRoundPlusOne !== 0) throw invalid('validRound', 'only a proposal has a valid round');
    return { kind, height, round, blockHash };
  }
  if (blockHash === undefined) throw invalid('hash', 'a proposal has a block');
  if (validRoundPlusOne > round) throw invalid('validRound', 'validRound of a proposal is below its round');
  return { kind, height, round, validRound: validRoundPlusOne - 1, blockHash };
}

type TimeoutRow = { readonly kind: number; readonly height: number; readonly round: number };

function timeoutFrom({ kind: index, height, round }: TimeoutRow): Timeout {
  const kind = TIMEOUT_KINDS[index];
  if (kind === undefined) throw invalid('kind', `kind of a timer is below ${TIMEOUT_KINDS.length}`);
  if (kind === 'propose' || kind === 'prevote' || kind === 'precommit') return { kind, height, round };
  if (round !== 0) throw invalid('round', `a timer of kind ${kind} belongs to no round`);
  return { kind, height };
}

function invalid(field: string, message: string): Error {
  return consensusError(CODE, message, { field });
}
