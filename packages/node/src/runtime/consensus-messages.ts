import { type PeerStatus, peerStatusCodec } from '@mutual-chain/consensus';
import {
  BLOCK_ENCODED_BYTES_MAX,
  type BlockHash,
  blockHashFrom,
  ChainError,
  type CommitCertificate,
  type ConsensusProposal,
  certificateCodec,
  consensusProposalCodec,
  type Vote,
  voteCodec,
} from '@mutual-chain/protocol';
import { joinBytes } from '../bytes/join-bytes.ts';
import { nodeError } from '../errors.ts';

/** Most votes in one message: a quorum of the largest set for two kinds and two rounds, with room. */
const VOTES_PER_MESSAGE_MAX = 512;
/** Most decided blocks in one answer. */
const BLOCKS_PER_ANSWER_MAX = 16;

/** What nodes tell each other about consensus and decided blocks. */
export type ConsensusMessage =
  /** A proposal with the body of its block. */
  | { readonly type: 'proposal'; readonly proposal: ConsensusProposal; readonly body: Uint8Array }
  | { readonly type: 'votes'; readonly votes: readonly Vote[] }
  | { readonly type: 'status'; readonly status: PeerStatus }
  /** Asks for the body of a block that is being decided. */
  | { readonly type: 'bodyRequest'; readonly height: number; readonly blockHash: BlockHash }
  | { readonly type: 'body'; readonly height: number; readonly body: Uint8Array }
  /** Asks for decided blocks, `count` of them from `height` up. */
  | { readonly type: 'blocksRequest'; readonly height: number; readonly count: number }
  /** Decided blocks, ascending without gaps from the height that was asked for; none when the peer has none. */
  | {
      readonly type: 'blocks';
      readonly height: number;
      readonly blocks: readonly { readonly certificate: CommitCertificate; readonly body: Uint8Array }[];
    };

/** The messages that deciding a height takes; the others are about heights that are decided. */
export type DecidingMessage = Exclude<ConsensusMessage, { readonly type: 'blocksRequest' | 'blocks' }>;

const TAGS = ['proposal', 'votes', 'status', 'bodyRequest', 'body', 'blocksRequest', 'blocks'] as const;
const VOTE_BYTES = 131;
const PROPOSAL_BYTES = 133;
/** Longest message: a proposal with the largest body; an answer with several blocks is kept below it by who answers. */
export const CONSENSUS_MESSAGE_BYTES_MAX: number = BLOCK_ENCODED_BYTES_MAX + 16_384;

/** Bytes of a message: a tag, then its parts; lengths are four bytes, heights eight, big-endian. */
export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  const tag = Uint8Array.of(TAGS.indexOf(message.type));
  switch (message.type) {
    case 'proposal':
      return joinBytes([tag, consensusProposalCodec.encode(message.proposal), message.body]);
    case 'votes':
      return joinBytes([tag, ...message.votes.map((vote) => voteCodec.encode(vote))]);
    case 'status':
      return joinBytes([tag, peerStatusCodec.encode(message.status)]);
    case 'bodyRequest':
      return joinBytes([tag, encodeHeight(message.height), message.blockHash]);
    case 'body':
      return joinBytes([tag, encodeHeight(message.height), message.body]);
    case 'blocksRequest':
      return joinBytes([tag, encodeHeight(message.height), encodeLength(message.count)]);
    case 'blocks':
      return joinBytes([tag, encodeHeight(message.height), ...message.blocks.flatMap(encodeDecidedBlock)]);
  }
}

/** The message, or a sentence that says why the bytes are none. Allocates nothing beyond the input. */
export function decodeConsensusMessage(bytes: Uint8Array): { readonly message: ConsensusMessage } | { readonly refusal: string } {
  if (bytes.length > CONSENSUS_MESSAGE_BYTES_MAX)
    return { refusal: `a message has at most ${CONSENSUS_MESSAGE_BYTES_MAX} bytes, not ${bytes.length}` };
  try {
    return { message: decodeParts(TAGS[bytes[0] ?? TAGS.length], new Parts(bytes.subarray(1))) };
  } catch (error) {
    if (error instanceof ChainError) return { refusal: error.message };
    throw error;
  }
}

function decodeParts(type: ConsensusMessage['type'] | undefined, parts: Parts): ConsensusMessage {
  switch (type) {
    case 'proposal':
      return { type, proposal: consensusProposalCodec.decode(parts.take(PROPOSAL_BYTES, 'proposal')), body: parts.rest() };
    case 'votes':
      return { type, votes: decodeVotes(parts) };
    case 'status':
      return { type, status: peerStatusCodec.decode(parts.rest()) };
    case 'bodyRequest':
      return parts.end({ type, height: parts.height(), blockHash: blockHashFrom(parts.take(32, 'blockHash')) });
    case 'body':
      return { type, height: parts.height(), body: parts.rest() };
    case 'blocksRequest':
      return parts.end({ type, height: parts.height(), count: parts.length(BLOCKS_PER_ANSWER_MAX, 'count') });
    case 'blocks':
      return { type, height: parts.height(), blocks: decodeDecidedBlocks(parts) };
    case undefined:
      throw refused('type', 'the first byte names no kind of message');
  }
}

function decodeVotes(parts: Parts): readonly Vote[] {
  const votes: Vote[] = [];
  while (parts.left > 0) {
    if (votes.length === VOTES_PER_MESSAGE_MAX) throw refused('votes', `a message has at most ${VOTES_PER_MESSAGE_MAX} votes`);
    votes.push(voteCodec.decode(parts.take(VOTE_BYTES, 'votes')));
  }
  return votes;
}

function encodeDecidedBlock({ certificate, body }: { readonly certificate: CommitCertificate; readonly body: Uint8Array }): Uint8Array[] {
  const encoded = certificateCodec.encode(certificate);
  return [encodeLength(encoded.length), encoded, encodeLength(body.length), body];
}

function decodeDecidedBlocks(parts: Parts): { readonly certificate: CommitCertificate; readonly body: Uint8Array }[] {
  const blocks: { readonly certificate: CommitCertificate; readonly body: Uint8Array }[] = [];
  while (parts.left > 0) {
    if (blocks.length === BLOCKS_PER_ANSWER_MAX) throw refused('blocks', `an answer has at most ${BLOCKS_PER_ANSWER_MAX} blocks`);
    const certificate = certificateCodec.decode(parts.take(parts.length(parts.left, 'certificate'), 'certificate'));
    const body = parts.take(parts.length(BLOCK_ENCODED_BYTES_MAX, 'body'), 'body');
    blocks.push({ certificate, body });
  }
  return blocks;
}

/** Reads parts off the front of bytes; refuses what is not there. */
class Parts {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number, field: string): Uint8Array {
    if (length > this.left) throw refused(field, `${field} of a message needs ${length} bytes, ${this.left} are there`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  rest(): Uint8Array {
    return this.take(this.left, 'rest');
  }

  height(): number {
    const height = Number(viewOf(this.take(8, 'height')).getBigUint64(0));
    if (!Number.isSafeInteger(height)) throw refused('height', 'height of a message is beyond 2^53');
    return height;
  }

  length(max: number, field: string): number {
    const length = viewOf(this.take(4, field)).getUint32(0);
    if (length > max) throw refused(field, `${field} of a message is at most ${max}, not ${length}`);
    return length;
  }

  end<Message>(message: Message): Message {
    if (this.left > 0) throw refused('rest', `${this.left} bytes follow the end of a message`);
    return message;
  }
}

function refused(field: string, message: string): Error {
  return nodeError('NETWORK_MESSAGE_INVALID', message, { field });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function encodeHeight(height: number): Uint8Array {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt(height));
  return bytes;
}

function encodeLength(length: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, length);
  return bytes;
}
