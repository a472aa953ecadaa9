import type { SyncLimits } from '../../src/sync/limits.ts';
import { syncStep } from '../../src/sync/step.ts';
import type { SyncEffect } from '../../src/sync/sync-effect.ts';
import type { FetchedBlock, SyncInput } from '../../src/sync/sync-input.ts';
import { bufferedBytes, createSyncState, type SyncState } from '../../src/sync/sync-state.ts';
import { fetchedBlock } from './fetched-blocks.ts';

/** What a liar does with a request. */
export const LIES = ['silence', 'nothing', 'decline', 'garbage', 'otherHeights', 'goodThenGarbage', 'good', 'hangUp', 'late'] as const;

/** How a liar behaves: what it does with its first request, its second, and so on, round and round; the same with its claims. */
export type Liar = { readonly lies: readonly (typeof LIES)[number][]; readonly claims: readonly number[] };

/** A world of one honest peer, some liars, and a node that catches up. */
export type LyingWorld = {
  readonly limits: SyncLimits;
  /** Height of the honest peer, which grows to this in the course of the first minute. */
  readonly heights: readonly [number, number];
  /** How long the honest peer takes to answer, ms. */
  readonly honestLatencyMs: number;
  readonly applyMs: number;
  readonly liars: readonly Liar[];
};

/** What happened. */
export type LyingWorldOutcome = {
  /** Time at which the node had all that the honest peer has, ms; undefined when it never did. */
  readonly reachedAtMs: number | undefined;
  /** Requests in the last minute. */
  readonly requestsAtTheEnd: number;
  readonly isHonestCut: boolean;
};

const VALID_BODY_BYTES = 40;
const GARBAGE_BODY_BYTES = 41;
const CLAIM_INTERVAL_MS = 900;
const LIAR_LATENCY_MS = 3;
const REDIAL_MS = 400;

/**
 * Plays the world for some time. After every step `inspect` sees the state and what came of it.
 *
 * The order of events is fixed by their times and, at one time, by the order in which they were caused.
 */
export function playLyingWorld(
  world: LyingWorld,
  forMs: number,
  inspect: (state: SyncState, effects: readonly SyncEffect[]) => void,
): LyingWorldOutcome {
  return new WorldRun(world, inspect).play(forMs);
}

class WorldRun {
  readonly #world: LyingWorld;
  readonly #inspect: (state: SyncState, effects: readonly SyncEffect[]) => void;
  readonly #events: { readonly atMs: number; readonly run: () => void }[] = [];
  readonly #linked = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #requestTimes: number[] = [];
  #state: SyncState;
  #nowMs = 0;
  #reachedAtMs: number | undefined;
  #isHonestCut = false;

  constructor(world: LyingWorld, inspect: (state: SyncState, effects: readonly SyncEffect[]) => void) {
    this.#world = world;
    this.#inspect = inspect;
    this.#state = createSyncState(0, world.limits);
  }

  play(forMs: number): LyingWorldOutcome {
    this.#claimAgain('truthful');
    for (const index of this.#world.liars.keys()) this.#claimAgain(`liar${index}`);
    for (let event = this.#next(forMs); event !== undefined; event = this.#next(forMs)) {
      this.#nowMs = event.atMs;
      event.run();
    }
    const requestsAtTheEnd = this.#requestTimes.filter((atMs) => atMs > forMs - 60_000).length;
    return { reachedAtMs: this.#reachedAtMs, requestsAtTheEnd, isHonestCut: this.#isHonestCut };
  }

  get #honestHeight(): number {
    const [first, last] = this.#world.heights;
    return first + Math.floor(((last - first) * Math.min(this.#nowMs, 60_000)) / 60_000);
  }

  #next(untilMs: number): { readonly atMs: number; readonly run: () => void } | undefined {
    let earliest = 0;
    for (const [index, { atMs }] of this.#events.entries()) if (atMs < (this.#events[earliest]?.atMs ?? 0)) earliest = index;
    const [event] = this.#events.splice(earliest, 1);
    return event !== undefined && event.atMs <= untilMs ? event : undefined;
  }

  #after(delayMs: number, run: () => void): void {
    this.#events.push({ atMs: this.#nowMs + delayMs, run });
  }

  /** Position in a list that is gone through round and round. */
  #turn(name: string, length: number): number {
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return count % length;
  }

  #liar(peer: string): Liar {
    return this.#world.liars[Number(peer.slice('liar'.length))] as Liar;
  }

  #claimAgain(peer: string): void {
    this.#after(CLAIM_INTERVAL_MS, () => this.#claimAgain(peer));
    if (!this.#linked.has(peer)) {
      this.#after(REDIAL_MS, () => this.#linked.add(peer));
      return;
    }
    const { claims } = peer === 'truthful' ? { claims: [] } : this.#liar(peer);
    const claimed = peer === 'truthful' ? this.#honestHeight : (claims[this.#turn(`${peer} claims`, claims.length)] ?? 0);
    this.#tell({ type: 'peerClaimed', peer, height: claimed, earliestHeight: 0, nowMs: this.#nowMs });
  }

  #hangUp(peer: string): void {
    this.#linked.delete(peer);
    this.#tell({ type: 'peerGone', peer, nowMs: this.#nowMs });
  }

  #tell(input: SyncInput): void {
    const { state, effects } = syncStep(this.#state, input);
    this.#state = state;
    this.#inspect(state, effects);
    for (const effect of effects) this.#run(effect);
    if (this.#state.height >= this.#world.heights[1]) this.#reachedAtMs ??= this.#nowMs;
  }

  #run(effect: SyncEffect): void {
    switch (effect.type) {
      case 'requestBlocks':
        this.#requestTimes.push(this.#nowMs);
        this.#answer(effect);
        return;
      case 'applyBlock': {
        const { height, block } = effect;
        const isValid = block.body.length === VALID_BODY_BYTES;
        this.#after(this.#world.applyMs, () =>
          this.#tell({ type: isValid ? 'heightCommitted' : 'blockRefused', height, nowMs: this.#nowMs }),
        );
        return;
      }
      case 'cutPeer':
        if (effect.peer === 'truthful') this.#isHonestCut = true;
        this.#after(0, () => this.#hangUp(effect.peer));
        return;
      case 'wakeAt':
        this.#after(Math.max(effect.atMs - this.#nowMs, 0), () => this.#tell({ type: 'woken', nowMs: this.#nowMs }));
        return;
      case 'requestBody':
        throw new Error('no body is wanted in this world');
    }
  }

  #answer({ requestId, peer, fromHeight, count }: SyncEffect & { readonly type: 'requestBlocks' }): void {
    const send = (delayMs: number, blocks: readonly FetchedBlock[]): void =>
      this.#after(delayMs, () => this.#tell({ type: 'blocksReceived', requestId, peer, blocks, nowMs: this.#nowMs }));
    const good = blocksOf(fromHeight, Math.min(count, this.#honestHeight - fromHeight + 1), VALID_BODY_BYTES);
    if (peer === 'truthful') {
      send(this.#world.honestLatencyMs, good);
      return;
    }
    const { lies } = this.#liar(peer);
    switch (lies[this.#turn(`${peer} lies`, lies.length)] ?? 'silence') {
      case 'silence':
        return;
      case 'nothing':
        send(LIAR_LATENCY_MS, []);
        return;
      case 'decline':
        this.#after(LIAR_LATENCY_MS, () => this.#tell({ type: 'requestFailed', requestId, peer, nowMs: this.#nowMs }));
        return;
      case 'garbage':
        send(LIAR_LATENCY_MS, blocksOf(fromHeight, count, GARBAGE_BODY_BYTES));
        return;
      case 'otherHeights':
        send(LIAR_LATENCY_MS, blocksOf(fromHeight + 1, count, VALID_BODY_BYTES));
        return;
      case 'goodThenGarbage':
        send(LIAR_LATENCY_MS, [...good.slice(0, 1), ...blocksOf(fromHeight + 1, count - 1, GARBAGE_BODY_BYTES)]);
        return;
      case 'good':
        send(LIAR_LATENCY_MS, good);
        return;
      case 'hangUp':
        this.#after(LIAR_LATENCY_MS, () => this.#hangUp(peer));
        return;
      case 'late':
        send(this.#world.limits.requestDeadlineMs + 1_000, good);
        return;
    }
  }
}

function blocksOf(fromHeight: number, count: number, bodyBytes: number): readonly FetchedBlock[] {
  return Array.from({ length: Math.max(count, 0) }, (_, index) => fetchedBlock(fromHeight + index, bodyBytes));
}

/** What of the limits a state exceeds; nothing, if all is well. */
export function excessesOf(state: SyncState, effects: readonly SyncEffect[]): readonly string[] {
  const { limits, ranges, buffered, peers, bodies, bodyRequests, height } = state;
  const requestsTo = (peer: string): number => ranges.filter((each) => each.peer === peer).length;
  const asked = effects.filter((effect) => effect.type === 'requestBlocks');
  const checks: readonly (readonly [string, boolean])[] = [
    ['requests', ranges.length <= limits.requestsMax],
    ['requests to a peer', ranges.every(({ peer }) => requestsTo(peer) <= limits.requestsPerPeerMax)],
    ['bytes', bufferedBytes(state) + ranges.length * limits.answerBytesMax <= limits.bufferBytesMax],
    ['window', buffered.every((each) => each.height > height && each.height <= height + limits.windowBlocksMax)],
    ['heights twice', new Set(buffered.map((each) => each.height)).size === buffered.length],
    ['peers', peers.length <= limits.peersMax],
    ['bodies', bodies.length <= limits.bodiesMax],
    ['requests for a body', bodyRequests.length <= limits.bodiesMax * limits.requestsPerBodyMax],
    ['blocks in a request', asked.every(({ count }) => count >= 1 && count <= limits.rangeBlocksMax)],
    ['requests above a claim', asked.every((each) => isClaimed(peers, each))],
    ['requests beyond the window', asked.every((each) => each.fromHeight + each.count - 1 <= height + limits.windowBlocksMax)],
    ['blocks out of turn', effects.every((effect) => effect.type !== 'applyBlock' || effect.height === height + 1)],
  ];
  return checks.filter(([, isKept]) => !isKept).map(([name]) => name);
}

function isClaimed(
  peers: SyncState['peers'],
  { peer, fromHeight, count }: { readonly peer: string; readonly fromHeight: number; readonly count: number },
): boolean {
  return peers.some(
    (each) => each.peer === peer && each.isLinked && fromHeight >= each.earliestHeight && fromHeight + count - 1 <= each.height,
  );
}
