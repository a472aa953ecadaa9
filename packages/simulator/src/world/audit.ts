import { createHash, type Hash } from 'node:crypto';

const BUFFER_BYTES = 65_536;

/** A hash over everything that happened, in order: two runs with the same hash were the same run. */
export class Audit {
  readonly #hash: Hash = createHash('sha256');
  readonly #buffer: Buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;
  #events = 0;

  /** Number of events recorded. */
  get events(): number {
    return this.#events;
  }

  /** Records an event with its time, the node that it happened to, and what it carried. */
  record(label: string, atMs: number, node: number, payload?: Uint8Array): void {
    this.#events++;
    const length = label.length + 14 + (payload?.length ?? 0);
    if (this.#filled + length > BUFFER_BYTES) this.#flush();
    if (length > BUFFER_BYTES) {
      this.#hash.update(`${label} ${atMs} ${node} `).update(payload ?? '');
      return;
    }
    const buffer = this.#buffer;
    let at = buffer.writeDoubleLE(atMs, this.#filled);
    at = buffer.writeInt16LE(node, at);
    at = buffer.writeInt32LE(payload?.length ?? -1, at);
    at += buffer.write(label, at, 'latin1');
    if (payload !== undefined) {
      buffer.set(payload, at);
      at += payload.length;
    }
    this.#filled = at;
  }

  /** The hash so far, in hex. */
  digest(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
