import type { RandomStream } from '../random/random-stream.ts';
import type { World } from '../world/world.ts';
import { NETWORK_FAULT_KINDS, type NetworkFaultKind, type NetworkFaults, SOUND_NETWORK } from './network-faults.ts';
import { CONNECTED, type Reach } from './partition.ts';

const LATE_FACTOR = 10;
/** First byte of a message that says what its sender has. */
const STATUS = 2;

type Message = {
  readonly link: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  readonly connection: number;
};

/** Hands over what was sent on the so-and-so-many-th connection of a link; false when nobody is there. */
export type Deliver = (from: number, to: number, bytes: Uint8Array, connection: number) => boolean;

/** Takes messages from nodes to nodes. */
export class Network {
  /** How often each fault was met. */
  readonly counts: Record<NetworkFaultKind, number>;
  readonly #world: World;
  readonly #random: RandomStream;
  readonly #deliver: Deliver;
  readonly #underWay = new Map<number, number>();
  /** When each clogged link is free again, ms. */
  readonly #clogged = new Map<number, number>();
  /** When the last status sent on each link arrives, ms. */
  readonly #statusMs = new Map<number, number>();
  #faults: NetworkFaults = SOUND_NETWORK;
  /** Until when nodes are alone, ms. */
  readonly #hidden = new Map<number, number>();
  #reach: Reach = CONNECTED;
  /** Nodes between which nothing goes wrong; empty: there are none. */
  #core: ReadonlySet<number> = new Set();
  #coreDelayMs: readonly [number, number] = [1, 3];

  constructor(world: World, deliver: Deliver) {
    this.#world = world;
    this.#random = world.stream('network');
    this.#deliver = deliver;
    this.counts = Object.fromEntries(NETWORK_FAULT_KINDS.map((kind) => [kind, 0])) as Record<NetworkFaultKind, number>;
  }

  setFaults(faults: NetworkFaults): void {
    this.#faults = faults;
  }

  /** Sets who reaches whom. */
  setReach(reach: Reach): void {
    this.#reach = reach;
  }

  /** Leaves a node alone until then, ms, whatever else is set. */
  hide(node: number, untilMs: number): void {
    this.#hidden.set(node, Math.max(untilMs, this.#hidden.get(node) ?? 0));
  }

  /** Ends that for all nodes. */
  showAll(): void {
    this.#hidden.clear();
  }

  /** Between these nodes nothing goes wrong from now on, whatever else is set. */
  protectCore(core: ReadonlySet<number>, delayMs: readonly [number, number]): void {
    this.#core = core;
    this.#coreDelayMs = delayMs;
  }

  /** Holds back what is sent on a link for so long. */
  clog(from: number, to: number, durationMs: number): void {
    this.#clogged.set(linkOf(from, to), this.#world.nowMs + durationMs);
  }

  /** Clears every clogged link. */
  unclog(): void {
    this.#clogged.clear();
  }

  send(from: number, to: number, bytes: Uint8Array, connection = 0): void {
    const link = linkOf(from, to);
    const count = this.#underWay.get(link) ?? 0;
    const isCore = this.#core.has(from) && this.#core.has(to);
    if (count >= (isCore ? SOUND_NETWORK : this.#faults).linkMessagesMax) {
      this.counts.overflowed++;
      return;
    }
    if (!isCore) {
      if (!this.#reach(from, to) || this.#isHidden(from) || this.#isHidden(to)) {
        this.counts.blocked++;
        return;
      }
      if (this.#random.chance(this.#faults.lossPerMille)) {
        this.counts.lost++;
        return;
      }
      if (this.#random.chance(this.#faults.duplicatePerMille)) {
        this.counts.duplicated++;
        this.#carry({ link, from, to, bytes, connection }, isCore);
      }
    }
    this.#carry({ link, from, to, bytes, connection }, isCore);
  }

  #isHidden(node: number): boolean {
    return (this.#hidden.get(node) ?? 0) > this.#world.nowMs;
  }

  #carry({ link, from, to, bytes, connection }: Message, isCore: boolean): void {
    const [low, high] = isCore ? this.#coreDelayMs : this.#faults.delayMs;
    let delayMs = this.#random.between(low, high);
    if (!isCore && this.#random.chance(this.#faults.lateMessagePerMille)) {
      this.counts.late++;
      delayMs *= LATE_FACTOR;
    }
    const freeMs = isCore ? undefined : this.#clogged.get(link);
    if (freeMs !== undefined && freeMs > this.#world.nowMs) {
      this.counts.clogged++;
      delayMs += freeMs - this.#world.nowMs;
    }
    if (bytes[0] === STATUS) {
      // What a peer says of its height comes in order: a lower one after a higher one is a lie.
      delayMs = Math.max(delayMs, (this.#statusMs.get(link) ?? 0) + 1 - this.#world.nowMs);
      this.#statusMs.set(link, this.#world.nowMs + delayMs);
    }
    this.#underWay.set(link, (this.#underWay.get(link) ?? 0) + 1);
    this.#world.schedule(delayMs, 'deliver', to, () => {
      this.#underWay.set(link, (this.#underWay.get(link) ?? 1) - 1);
      this.#world.audit.record('message', this.#world.nowMs, from, bytes);
      if (!this.#deliver(from, to, bytes, connection)) this.counts.undelivered++;
    });
  }
}

function linkOf(from: number, to: number): number {
  return from * 1024 + to;
}
