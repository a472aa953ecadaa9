import { joinBytes } from '../bytes/join-bytes.ts';

/** Bytes of the length in front of each frame. */
const FRAME_LENGTH_BYTES = 4;

const NOTHING = new Uint8Array(0);

/**
 * Takes frames out of the bytes of a stream: a length of four bytes, big-endian, from 1 to the limit, then the frame. Holds one frame at
 * most, and nothing on the word of a length: room grows with what has arrived.
 */
export class FrameReader {
  readonly #frameBytesMax: number;
  readonly #lengthBytes = new Uint8Array(FRAME_LENGTH_BYTES);
  #lengthRead = 0;
  #length = 0;
  /** What has arrived of a frame is in the first bytes of this room. */
  #room: Uint8Array = NOTHING;
  #arrived = 0;
  #isBroken = false;

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** Whether bytes of a frame are there whose end has not come yet. */
  get isInside(): boolean {
    return this.#lengthRead > 0;
  }

  /** Gives each whole frame to `take`, as bytes of its own. False when a length is out of range: then, and from then on, nothing is read. */
  push(chunk: Uint8Array, take: (frame: Uint8Array) => void): boolean {
    for (let at = 0; at < chunk.length && !this.#isBroken; ) {
      at = this.#lengthRead < FRAME_LENGTH_BYTES ? this.#readLength(chunk, at) : this.#readBody(chunk, at, take);
    }
    return !this.#isBroken;
  }

  #readLength(chunk: Uint8Array, start: number): number {
    let at = start;
    while (this.#lengthRead < FRAME_LENGTH_BYTES && at < chunk.length) this.#lengthBytes[this.#lengthRead++] = chunk[at++] as number;
    if (this.#lengthRead < FRAME_LENGTH_BYTES) return at;
    this.#length = new DataView(this.#lengthBytes.buffer).getUint32(0);
    this.#isBroken = this.#length === 0 || this.#length > this.#frameBytesMax;
    return at;
  }

  #readBody(chunk: Uint8Array, start: number, take: (frame: Uint8Array) => void): number {
    const part = chunk.subarray(start, start + this.#length - this.#arrived);
    this.#makeRoom(this.#arrived + part.length);
    this.#room.set(part, this.#arrived);
    this.#arrived += part.length;
    if (this.#arrived === this.#length) {
      const frame = this.#room;
      this.#room = NOTHING;
      this.#arrived = 0;
      this.#lengthRead = 0;
      take(frame);
    }
    return start + part.length;
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#room.length) return;
    const room = new Uint8Array(Math.min(this.#length, Math.max(bytes, 2 * this.#room.length)));
    room.set(this.#room.subarray(0, this.#arrived));
    this.#room = room;
  }
}

/** A frame with its length in front. */
export function encodeFrame(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = joinBytes([new Uint8Array(FRAME_LENGTH_BYTES), ...parts]);
  new DataView(bytes.buffer).setUint32(0, bytes.length - FRAME_LENGTH_BYTES);
  return bytes;
}
