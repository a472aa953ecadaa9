import { assertInvariant } from '@mutual-chain/protocol';
import { MemoryTransport, type MemoryTransportOptions } from './memory-transport.ts';
import type { Transport, TransportClock } from './transport.ts';

/** What a memory network is made of. */
export type MemoryNetworkOptions = {
  readonly clock: TransportClock;
  /** Time from one node to another, ms. */
  readonly delayMs: number;
};

/**
 * A network within one process: transports that keep the promises of `Transport` without sockets. Everything happens in calls of the clock, in
 * an order that is fixed by what was called before, so that it runs under virtual time.
 */
export class MemoryNetwork {
  readonly #options: MemoryNetworkOptions;
  readonly #transports = new Map<string, MemoryTransport>();

  constructor(options: MemoryNetworkOptions) {
    this.#options = options;
  }

  /** Makes the transport of a node, or of the next run of one that was stopped. */
  createTransport(options: MemoryTransportOptions): Transport {
    assertInvariant(this.#transports.get(options.peer)?.isRunning !== true, 'a peer id belongs to one node at a time');
    const { clock, delayMs } = this.#options;
    const transport = new MemoryTransport(options, {
      clock,
      later: (run) => void clock.schedule(delayMs, run),
      find: (peer) => this.#transports.get(peer),
    });
    this.#transports.set(options.peer, transport);
    return transport;
  }
}
