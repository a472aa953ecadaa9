import type { ConsensusMessage, DecidedBlock } from '@mutual-chain/node';
import type { CommitCertificate } from '@mutual-chain/protocol';

/** Most decided blocks that are asked for at once. */
const BLOCKS_PER_REQUEST = 8;
const REQUEST_DEADLINE_MS = 1000;
const ANNOUNCE_INTERVAL_MS = 200;

type Served = { readonly certificate: CommitCertificate; readonly body: Uint8Array };

/** What catching up needs from the node around it. */
export type CatchUpPorts = {
  readonly nowMs: () => number;
  /** Height being decided. */
  readonly currentHeight: () => number;
  readonly send: (peer: string, message: ConsensusMessage) => void;
  readonly announce: (peer: string) => void;
  readonly decidedBlock: (height: number) => DecidedBlock | undefined;
  /** False when certificate or body is wrong. */
  readonly take: (block: Served) => boolean;
  readonly cut: (peer: string, reason: string) => void;
};

/**
 * Serves and fetches decided blocks: a node that hears of a higher height asks for what is missing, one that hears of a lower height says where it
 * is. What peers claim leads to requests, and to nothing else.
 */
export class CatchUp {
  readonly #ports: CatchUpPorts;
  readonly #announcedMs = new Map<string, number>();
  #asked: { readonly peer: string; readonly height: number; readonly atMs: number } | undefined;
  #waiting: { readonly peer: string; readonly blocks: readonly Served[] } | undefined;

  constructor(ports: CatchUpPorts) {
    this.#ports = ports;
  }

  /** Blocks held that are not taken yet. */
  get waiting(): number {
    return this.#waiting?.blocks.length ?? 0;
  }

  /** A peer says at which height it is. */
  heardOf(peer: string, height: number): void {
    const { nowMs, currentHeight, announce } = this.#ports;
    if (height > currentHeight()) this.#ask(peer);
    else if (height < currentHeight() && (this.#announcedMs.get(peer) ?? -ANNOUNCE_INTERVAL_MS) + ANNOUNCE_INTERVAL_MS <= nowMs()) {
      this.#announcedMs.set(peer, nowMs());
      announce(peer);
    }
  }

  /** A peer asks for blocks. */
  serve(peer: string, height: number, count: number): void {
    const blocks: Served[] = [];
    for (let at = height; at < height + Math.min(count, BLOCKS_PER_REQUEST); at++) {
      const block = this.#ports.decidedBlock(at);
      if (block === undefined) break;
      blocks.push({ certificate: block.certificate, body: block.body });
    }
    this.#ports.send(peer, { type: 'blocks', height, blocks });
  }

  /** A peer answers. */
  receive(peer: string, blocks: readonly Served[]): void {
    if (this.#asked?.peer !== peer) return;
    this.#asked = undefined;
    this.#waiting = { peer, blocks };
    this.takeNext();
  }

  /** Gives the next block to consensus; called again when a height begins. */
  takeNext(): void {
    const { currentHeight, take, cut } = this.#ports;
    if (this.#waiting === undefined) return;
    const { peer, blocks } = this.#waiting;
    const left = blocks.filter(({ certificate }) => certificate.height >= currentHeight());
    const [next] = left;
    this.#waiting = left.length === 0 ? undefined : { peer, blocks: left };
    if (next === undefined) {
      if (blocks.length > 0) this.#ask(peer);
      return;
    }
    if (next.certificate.height === currentHeight() && take(next)) return;
    this.#waiting = undefined;
    cut(peer, 'a decided block that is not what was asked for');
  }

  #ask(peer: string): void {
    const { nowMs, currentHeight, send } = this.#ports;
    const isOpen = this.#asked !== undefined && this.#asked.atMs + REQUEST_DEADLINE_MS > nowMs();
    if (isOpen || this.#waiting !== undefined) return;
    const height = currentHeight();
    this.#asked = { peer, height, atMs: nowMs() };
    send(peer, { type: 'blocksRequest', height, count: BLOCKS_PER_REQUEST });
  }
}
