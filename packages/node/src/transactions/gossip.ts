import type { TransactionId, VerifiedTransaction } from '@mutual-chain/protocol';
import type { RuntimeClock } from '../runtime/ports.ts';
import { GossipLane, type LaneCursor } from './gossip-lane.ts';
import type { TransactionLimits } from './limits.ts';
import { encodeBatch } from './transaction-batch.ts';
import type { MutableCounters } from './transaction-counters.ts';

/** Own transactions go to everybody at once; those of peers are sent on only when that is likely to be of use. */
type LaneName = 'own' | 'relayed';

/** A link to a peer. Another link to the same peer is another one: a peer that was started anew has forgotten what it had. */
type Link = {
  readonly peer: string;
  readonly cursors: Record<LaneName, LaneCursor<Link>>;
  /** Ends the pause of a link that took no more. */
  endPause: (() => void) | undefined;
};

/** What gossip is made of. */
type GossipOptions = {
  readonly clock: Pick<RuntimeClock, 'schedule'>;
  readonly send: (peer: string, message: Uint8Array) => boolean;
  readonly limits: TransactionLimits;
  readonly counters: MutableCounters;
};

/**
 * Tells admitted transactions to the peers, in batches: each peer once, and none that it has itself sent. A link that does not take a batch is tried
 * again later, from where it was.
 *
 * What clients of this node handed in is sent by `flush`. What came from a peer waits for `relayMs`: that peer sends it to all others itself, and
 * most of it is in a block by then.
 */
export class Gossip {
  readonly #options: GossipOptions;
  readonly #links = new Map<string, Link>();
  readonly #lanes: Readonly<Record<LaneName, GossipLane<Link>>>;
  /** Own transactions up to here may be told: they are durable. */
  #ownUntil = 0;
  #cancelRelay: (() => void) | undefined;
  /** What was admitted before the last look at the relayed ones has waited long enough. */
  #relayUntil = 0;
  #lastBatch: { readonly name: string; readonly batch: Uint8Array } | undefined;

  constructor(options: GossipOptions) {
    this.#options = options;
    const { holdersMax } = options.limits;
    this.#lanes = { own: new GossipLane(holdersMax), relayed: new GossipLane(holdersMax) };
  }

  /** A link is up: it is told everything that is here. */
  connected(peer: string): void {
    this.disconnected(peer);
    const { own, relayed } = this.#lanes;
    const link: Link = { peer, cursors: { own: own.front, relayed: relayed.front }, endPause: undefined };
    this.#links.set(peer, link);
    // Not within this call: whoever says that a link is up may not be ready to send yet.
    this.#pause(link, 0);
  }

  disconnected(peer: string): void {
    this.#links.get(peer)?.endPause?.();
    this.#links.delete(peer);
  }

  /** Adds an admitted transaction that is to be told; `peer` is who sent it, undefined for a transaction of this node. */
  add(transaction: VerifiedTransaction, peer: string | undefined): void {
    if (peer === undefined) this.#lanes.own.add(transaction, undefined);
    else {
      this.#lanes.relayed.add(transaction, this.#links.get(peer));
      this.#armRelay();
    }
  }

  /** A peer has sent this transaction. */
  mark(id: TransactionId, peer: string): void {
    const link = this.#links.get(peer);
    if (link === undefined) return;
    this.#lanes.own.mark(id, link);
    this.#lanes.relayed.mark(id, link);
  }

  /** The transaction is to be told to nobody any more. */
  remove(id: TransactionId): void {
    this.#lanes.own.remove(id);
    this.#lanes.relayed.remove(id);
  }

  /** All own transactions so far are durable: sends them to all links that take them. */
  flush(): void {
    this.#ownUntil = this.#lanes.own.end;
    for (const link of this.#links.values()) this.#advance(link, 'own', this.#ownUntil);
    this.#lastBatch = undefined;
  }

  /** Nothing is sent any more. */
  stop(): void {
    for (const peer of [...this.#links.keys()]) this.disconnected(peer);
    this.#cancelRelay?.();
    this.#cancelRelay = undefined;
  }

  #armRelay(): void {
    if (this.#cancelRelay !== undefined || this.#links.size === 0) return;
    const { clock, limits } = this.#options;
    this.#cancelRelay = clock.schedule(Math.ceil(limits.relayMs / 2), () => {
      this.#cancelRelay = undefined;
      const { relayed } = this.#lanes;
      for (const link of this.#links.values()) this.#advance(link, 'relayed', this.#relayUntil);
      this.#lastBatch = undefined;
      this.#relayUntil = relayed.end;
      const isDone = [...this.#links.values()].every(({ cursors }) => !relayed.hasMore(cursors.relayed, relayed.end));
      if (!isDone) this.#armRelay();
    });
  }

  #advance(link: Link, name: LaneName, until: number): void {
    const { send, limits, counters } = this.#options;
    const lane = this.#lanes[name];
    if (link.endPause !== undefined) return;
    for (let count = 0; lane.hasMore(link.cursors[name], until); count++) {
      if (count === limits.batchesAtOnceMax) {
        this.#pause(link, limits.resendMs);
        return;
      }
      const portion = lane.next(link.cursors[name], link, until, limits.batchBytes);
      if (portion.transactions.length > 0 && !send(link.peer, this.#batchOf(name, portion.name, portion.transactions))) {
        counters.batchesDelayed++;
        this.#pause(link, limits.resendMs);
        return;
      }
      link.cursors[name] = portion.resume;
      counters.transactionsSent += portion.transactions.length;
      counters.batchesSent += Math.min(1, portion.transactions.length);
    }
  }

  /** Most links get the same batch: it is made once. */
  #batchOf(lane: LaneName, portion: string | undefined, transactions: readonly Uint8Array[]): Uint8Array {
    if (portion === undefined) return encodeBatch(transactions);
    const name = `${lane} ${portion}`;
    if (this.#lastBatch?.name !== name) this.#lastBatch = { name, batch: encodeBatch(transactions) };
    return this.#lastBatch.batch;
  }

  #pause(link: Link, forMs: number): void {
    link.endPause = this.#options.clock.schedule(forMs, () => {
      link.endPause = undefined;
      this.#advance(link, 'own', this.#ownUntil);
      this.#advance(link, 'relayed', this.#relayUntil);
      if (this.#lanes.relayed.hasMore(link.cursors.relayed, this.#lanes.relayed.end)) this.#armRelay();
    });
  }
}
