import { assertInvariant } from '@mutual-chain/protocol';
import { joinBytes } from '../bytes/join-bytes.ts';
import { encodeFrame } from './frame-reader.ts';
import { STREAM_LIMITS } from './limits.ts';

const KINDS = ['continuation', 'message', 'request', 'response', 'decline'] as const;

/** What a message of the bulk channel is. */
export type BulkKind = Exclude<(typeof KINDS)[number], 'continuation'>;

/** A message of the bulk channel: `id` pairs a request with its response or decline, and is 0 for a message. Only a decline is empty. */
export type BulkMessage = { readonly kind: BulkKind; readonly id: number; readonly content: Uint8Array };

/** Kind (1), id (4) and length of the whole content (4) in front of the first piece; only the kind in front of the others. */
const FIRST_HEADER_BYTES = 9;
const { frameBytesMax, messageBytesMax } = STREAM_LIMITS.bulk;

/** A message on its way out, piece by piece. */
export class BulkSender {
  readonly #message: BulkMessage;
  #at = 0;
  #isBegun = false;

  constructor(message: BulkMessage) {
    assertInvariant(message.content.length <= messageBytesMax, 'a bulk message is within its limit');
    this.#message = message;
  }

  /** Whether all pieces are out. */
  get isDone(): boolean {
    return this.#isBegun && this.#at === this.#message.content.length;
  }

  /** The next frame, with its length. */
  next(): Uint8Array {
    const header = this.#header();
    const piece = this.#message.content.subarray(this.#at, this.#at + frameBytesMax - header.length);
    this.#isBegun = true;
    this.#at += piece.length;
    return encodeFrame(header, piece);
  }

  #header(): Uint8Array {
    if (this.#isBegun) return Uint8Array.of(KINDS.indexOf('continuation'));
    const { kind, id, content } = this.#message;
    const header = new Uint8Array(FIRST_HEADER_BYTES);
    const view = new DataView(header.buffer);
    header[0] = KINDS.indexOf(kind);
    view.setUint32(1, id);
    view.setUint32(5, content.length);
    return header;
  }
}

/** Puts the pieces of messages together. Holds one message at most. */
export class BulkAssembler {
  #begun: { readonly kind: BulkKind; readonly id: number; readonly length: number } | undefined;
  #pieces: Uint8Array[] = [];
  #arrived = 0;

  /** Whether a message has begun whose end has not come yet. */
  get isInside(): boolean {
    return this.#begun !== undefined;
  }

  /** Takes a frame, which it keeps: the message that it completes, `partial`, or `invalid`. */
  take(frame: Uint8Array): BulkMessage | 'partial' | 'invalid' {
    const kind = KINDS[frame[0] as number];
    if (kind === undefined || (kind === 'continuation') !== this.isInside) return 'invalid';
    if (kind === 'continuation') return this.#add(frame.subarray(1));
    if (frame.length < FIRST_HEADER_BYTES) return 'invalid';
    const view = new DataView(frame.buffer, frame.byteOffset);
    const length = view.getUint32(5);
    if (length > messageBytesMax || (length === 0) !== (kind === 'decline')) return 'invalid';
    this.#begun = { kind, id: view.getUint32(1), length };
    return this.#add(frame.subarray(FIRST_HEADER_BYTES));
  }

  #add(piece: Uint8Array): BulkMessage | 'partial' | 'invalid' {
    const begun = this.#begun;
    if (begun === undefined) return 'invalid';
    this.#pieces.push(piece);
    this.#arrived += piece.length;
    if (this.#arrived > begun.length) return 'invalid';
    if (this.#arrived < begun.length) return piece.length + FIRST_HEADER_BYTES < frameBytesMax ? 'invalid' : 'partial';
    const content = joinBytes(this.#pieces);
    this.#begun = undefined;
    this.#pieces = [];
    this.#arrived = 0;
    return { kind: begun.kind, id: begun.id, content };
  }
}
