import type { Stream } from '@libp2p/interface';
import type { ByteStream, ByteStreamListener } from './byte-stream.ts';

/** A stream of libp2p as a stream of bytes. */
export class Libp2pStream implements ByteStream {
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  isIdle(): boolean {
    return this.#stream.status === 'open' && !this.#stream.writableNeedsDrain && this.#stream.writeBufferLength === 0;
  }

  write(bytes: Uint8Array): void {
    if (this.#stream.writeStatus !== 'writable') return;
    try {
      this.#stream.send(bytes);
    } catch {
      // The connection ended under the call; the stream says so in its own event.
    }
  }

  pause(): void {
    if (this.#stream.readStatus === 'readable') this.#stream.pause();
  }

  resume(): void {
    if (this.#stream.readStatus === 'paused') this.#stream.resume();
  }

  listen(listener: ByteStreamListener): void {
    let hasEnded = false;
    const ended = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      listener.ended();
    };
    // Not within the event: the stream takes note of nothing that is written while it says that it has become idle.
    const idle = (): void => queueMicrotask(listener.idle);
    this.#stream.addEventListener('drain', idle);
    this.#stream.addEventListener('idle', idle);
    this.#stream.addEventListener('end', ended);
    this.#stream.addEventListener('close', ended);
    this.#stream.addEventListener('message', ({ data }) => {
      if (data instanceof Uint8Array) listener.bytes(data);
      else for (const chunk of data) listener.bytes(chunk);
    });
  }
}
