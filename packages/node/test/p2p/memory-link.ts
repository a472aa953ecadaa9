import type { ByteStream, ByteStreamListener, Link } from '../../src/p2p/byte-stream.ts';
import type { StreamName } from '../../src/p2p/limits.ts';

/** A stream whose other end is the test: what is written is kept, and idleness is said by hand. */
export class MemoryStream implements ByteStream {
  readonly written: Uint8Array[] = [];
  isBusy = false;
  isPaused = false;
  #listener: ByteStreamListener | undefined;

  isIdle(): boolean {
    return !this.isBusy;
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  listen(listener: ByteStreamListener): void {
    this.#listener = listener;
  }

  /** Bytes arrive. */
  arrive(bytes: Uint8Array): void {
    this.#listener?.bytes(bytes);
  }

  /** What was written has left. */
  becomeIdle(): void {
    this.isBusy = false;
    this.#listener?.idle();
  }
}

/** A link whose streams are memory streams. */
export class MemoryLink implements Link {
  readonly peer = 'peer';
  readonly isDialler = true;
  readonly streams = new Map<StreamName, MemoryStream>();
  isClosed = false;

  open(name: StreamName): Promise<ByteStream> {
    return Promise.resolve(this.stream(name));
  }

  close(): void {
    this.isClosed = true;
  }

  /** The stream of a name. */
  stream(name: StreamName): MemoryStream {
    const stream = this.streams.get(name) ?? new MemoryStream();
    this.streams.set(name, stream);
    return stream;
  }
}
