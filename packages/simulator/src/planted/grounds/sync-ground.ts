import {
  createSyncState,
  type FetchedBlock,
  SYNC_LIMITS,
  type SyncEffect,
  type SyncInput,
  type SyncState,
  syncStep,
} from '@mutual-chain/node';
import type { BlockHash } from '@mutual-chain/protocol';
import { RandomStream } from '../../random/random-stream.ts';
import { Discrepancy, expectSame } from './discrepancy.ts';
import type { Ground } from './ground.ts';

const LIMITS = {
  ...SYNC_LIMITS,
  rangeBlocksMax: 4,
  answerBytesMax: 2500,
  requestsMax: 6,
  bufferBytesMax: 17_500,
};
const CHAIN_HEIGHT = 120;
/** Far above what any number of pauses for failing peers takes. */
const CAUGHT_UP_MS = 900_000;
const BODY_MS = 60_000;
const RELINK_MS = 2000;
const BLOCK_BYTES_MAX = 900;
const FRAME_BYTES = 64;

/** What a peer does. One is always `good`. */
const CONDUCTS = ['good', 'silent', 'slow', 'braggart', 'forger', 'muddler', 'wavering', 'empty'] as const;

type Conduct = (typeof CONDUCTS)[number];
type Peer = { readonly name: string; readonly conduct: Conduct; isLinked: boolean; failedAtMs: number; claimed: number };
type Request = Extract<SyncEffect, { readonly type: 'requestBlocks' | 'requestBody' }>;
/** An input of sync without its time. */
type Happening = SyncInput extends infer Each ? (Each extends SyncInput ? Omit<Each, 'nowMs'> : never) : never;

/** Catching up among liars, against what a node may believe and has to get done. */
export const SYNC: Ground = {
  what: 'Catching up among peers that are silent, slow, boast, forge, mix up blocks or take back what they said, against what may be believed.',
  seeds: 150,
  search: (seed) => Discrepancy.of('sync', () => new SyncRun(seed).run()),
};

class SyncRun {
  readonly #random: RandomStream;
  readonly #peers: readonly Peer[];
  readonly #bodies: readonly number[];
  readonly #events: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = [];
  readonly #forged = new Set<FetchedBlock>();
  readonly #window: number;
  #state: SyncState;
  #height = 0;
  #nowMs = 1000;
  #order = 0;
  #isApplying = false;
  #isBodyFound = true;
  #holder = '';
  #wakes = 0;

  constructor(seed: bigint) {
    this.#random = new RandomStream(seed, 'sync');
    // A small window is full before the buffer is, a large one after.
    this.#window = this.#random.pick([20, 60]);
    this.#state = createSyncState(0, { ...LIMITS, windowBlocksMax: this.#window });
    const conducts = ['good' as const, ...Array.from({ length: this.#random.between(1, 5) }, () => this.#random.pick(CONDUCTS))];
    this.#peers = this.#random.shuffle(conducts).map((conduct, index) => ({
      name: `peer ${index}`,
      conduct,
      isLinked: false,
      failedAtMs: Number.NEGATIVE_INFINITY,
      claimed: 0,
    }));
    this.#bodies = Array.from({ length: CHAIN_HEIGHT + 1 }, () => this.#random.between(1, BLOCK_BYTES_MAX));
  }

  run(): void {
    for (const peer of this.#peers) this.#after(this.#random.below(50), () => this.#link(peer));
    this.#wantBody();
    const isDone = (): boolean => this.#height === CHAIN_HEIGHT && this.#isBodyFound;
    while (!isDone() && this.#nowMs < CAUGHT_UP_MS) {
      this.#events.sort((left, right) => (left.atMs === right.atMs ? left.order - right.order : left.atMs - right.atMs));
      const next = this.#events.shift();
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    const conducts = this.#peers.map(({ conduct }) => conduct).join(', ');
    expectSame(`the height that is reached with peers that are ${conducts}`, this.#height, CHAIN_HEIGHT);
  }

  #after(delayMs: number, run: () => void): void {
    this.#events.push({ atMs: this.#nowMs + delayMs, order: this.#order++, run });
  }

  #link(peer: Peer): void {
    peer.isLinked = true;
    peer.claimed = 0;
    this.#claim(
      peer,
      peer.conduct === 'braggart' ? 5000 : peer.conduct === 'wavering' ? this.#random.between(30, CHAIN_HEIGHT) : CHAIN_HEIGHT,
    );
    if (peer.conduct === 'wavering') this.#after(this.#random.between(10, 3000), () => this.#waver(peer));
  }

  #waver(peer: Peer): void {
    if (!peer.isLinked) return;
    const effects = this.#claim(peer, this.#random.below(peer.claimed));
    const isCut = effects.some((effect) => effect.type === 'cutPeer' && effect.peer === peer.name && effect.reason === 'CLAIM_REGRESSED');
    expectSame('whether a peer that takes back its claim is cut', isCut, true);
  }

  #claim(peer: Peer, height: number): readonly SyncEffect[] {
    peer.claimed = height;
    return this.#feed({ type: 'peerClaimed', peer: peer.name, height, earliestHeight: 1 });
  }

  #feed(happening: Happening): readonly SyncEffect[] {
    const { state, effects } = syncStep(this.#state, { ...happening, nowMs: this.#nowMs } as SyncInput);
    this.#state = state;
    this.#expectSound();
    for (const effect of effects) this.#run(effect);
    return effects;
  }

  #expectSound(): void {
    const { height, ranges, bodyRequests, buffered, peers } = this.#state;
    expectSame('the height that is taken for committed', height, this.#height);
    expectSame('requests under way are within the limit', ranges.length <= LIMITS.requestsMax, true);
    for (const { sentAtMs } of [...ranges, ...bodyRequests])
      expectSame('whether a request is overdue', this.#nowMs >= sentAtMs + LIMITS.requestDeadlineMs, false);
    const bytes = buffered.reduce((sum, { block }) => sum + block.body.length, 0);
    expectSame('fetched bytes are within the limit', bytes <= LIMITS.bufferBytesMax, true);
    for (const each of buffered) {
      expectSame('a fetched block is within the window', each.height <= this.#height + this.#window, true);
      expectSame(
        'whether a block of a peer that was cut is kept',
        peers.some(({ peer }) => peer === each.peer) && this.#wasCut(each.peer),
        false,
      );
    }
  }

  /** Whether a peer is cut now: what it sent before counts for nothing. */
  #wasCut(name: string): boolean {
    return this.#peers.some((peer) => peer.name === name && !peer.isLinked);
  }

  #run(effect: SyncEffect): void {
    const peer = 'peer' in effect ? this.#peers.find(({ name }) => name === effect.peer) : undefined;
    switch (effect.type) {
      case 'requestBlocks':
      case 'requestBody':
        if (peer !== undefined) this.#serve(peer, effect);
        return;
      case 'applyBlock':
        this.#apply(effect.height, effect.block);
        return;
      case 'cutPeer':
        if (peer === undefined) return;
        expectSame(
          `whether a peer that is ${peer.conduct} is cut`,
          peer.conduct === 'good' || peer.conduct === 'silent' || peer.conduct === 'slow',
          false,
        );
        peer.isLinked = false;
        this.#after(0, () => this.#feed({ type: 'peerGone', peer: peer.name }));
        this.#after(RELINK_MS, () => this.#link(peer));
        return;
      case 'wakeAt': {
        const wake = ++this.#wakes;
        this.#after(effect.atMs - this.#nowMs, () => {
          if (wake === this.#wakes) this.#feed({ type: 'woken' });
        });
      }
    }
  }

  #serve(peer: Peer, request: Request): void {
    const { requestId } = request;
    expectSame('whether a peer that is not there is asked', peer.isLinked, true);
    if (request.type === 'requestBody') {
      this.#serveBody(peer, requestId);
      return;
    }
    const { fromHeight, count } = request;
    const isWithin = count >= 1 && count <= LIMITS.rangeBlocksMax && fromHeight > this.#height && fromHeight + count - 1 <= peer.claimed;
    expectSame(`whether blocks ${fromHeight} to ${fromHeight + count - 1} are asked for within what is claimed`, isWithin, true);
    expectSame('what is asked for is within the window', fromHeight + count - 1 <= this.#height + this.#window, true);
    expectSame('whether a peer that has failed is left alone', this.#nowMs >= peer.failedAtMs + LIMITS.pauseFirstMs, true);
    const delayMs = this.#random.between(1, 200);
    switch (peer.conduct) {
      case 'silent':
        this.#after(LIMITS.requestDeadlineMs, () => {
          peer.failedAtMs = this.#nowMs;
        });
        return;
      case 'slow':
        this.#after(LIMITS.requestDeadlineMs, () => {
          peer.failedAtMs = this.#nowMs;
        });
        this.#answer(peer, requestId, LIMITS.requestDeadlineMs + 500, this.#blocks(fromHeight, count), undefined);
        return;
      case 'empty':
        this.#answer(peer, requestId, delayMs, [], undefined);
        return;
      case 'muddler':
        this.#answer(peer, requestId, delayMs, this.#blocks(fromHeight + 1, count), 'ANSWER_MALFORMED');
        return;
      case 'forger':
      case 'braggart': {
        const blocks = this.#blocks(fromHeight, count);
        for (const block of blocks) this.#forged.add(block);
        this.#answer(peer, requestId, delayMs, blocks, undefined);
        return;
      }
      case 'good':
      case 'wavering':
        this.#answer(peer, requestId, delayMs, this.#blocks(fromHeight, count), undefined);
    }
  }

  #answer(peer: Peer, requestId: number, delayMs: number, blocks: readonly FetchedBlock[], cut: string | undefined): void {
    this.#after(delayMs, () => {
      if (!peer.isLinked) return;
      const isAwaited = this.#state.ranges.some((each) => each.requestId === requestId && each.peer === peer.name);
      if (blocks.length === 0 && isAwaited) peer.failedAtMs = this.#nowMs;
      const effects = this.#feed({ type: 'blocksReceived', requestId, peer: peer.name, blocks });
      if (cut === undefined || !isAwaited) return;
      const isCut = effects.some((effect) => effect.type === 'cutPeer' && effect.peer === peer.name && effect.reason === cut);
      expectSame('whether a peer that answers something else is cut', isCut, true);
    });
  }

  /** As many blocks as an answer holds. */
  #blocks(fromHeight: number, count: number): readonly FetchedBlock[] {
    const blocks: FetchedBlock[] = [];
    let bytes = 0;
    for (let height = fromHeight; height < fromHeight + count; height++) {
      const body = new Uint8Array(this.#bodies[height] ?? 1);
      bytes += body.length + FRAME_BYTES;
      if (bytes > LIMITS.answerBytesMax) break;
      blocks.push({ certificate: { height, round: 0, blockHash: new Uint8Array(32) as BlockHash, signatures: [] }, body });
    }
    return blocks;
  }

  #apply(height: number, block: FetchedBlock): void {
    expectSame('the height of the block that is applied', height, this.#height + 1);
    expectSame('whether a block is applied while another is', this.#isApplying, false);
    expectSame('the height in the certificate of the block that is applied', block.certificate.height, height);
    this.#isApplying = true;
    this.#after(this.#random.between(1, 30), () => {
      this.#isApplying = false;
      if (!this.#forged.has(block)) {
        this.#height = height;
        this.#feed({ type: 'heightCommitted', height });
        return;
      }
      const source = this.#state.applying?.peer;
      const effects = this.#feed({ type: 'blockRefused', height });
      const isCut =
        source === undefined || this.#wasCut(source) || effects.some((effect) => effect.type === 'cutPeer' && effect.peer === source);
      expectSame('whether the peer of a wrong block is cut', isCut, true);
    });
  }

  /** A body that only one peer has, and others are thought to have. */
  #wantBody(): void {
    this.#after(500, () => {
      const others = this.#peers.filter(({ conduct }) => conduct !== 'good');
      const holder = this.#peers.find(({ conduct }) => conduct === 'good');
      this.#isBodyFound = false;
      this.#holder = holder?.name ?? '';
      const blockHash = new Uint8Array(32).fill(1) as BlockHash;
      const holders = this.#random.shuffle(others).map(({ name }) => name);
      this.#feed({ type: 'bodyWanted', height: CHAIN_HEIGHT + 1, blockHash, holders });
      this.#after(BODY_MS, () => expectSame('whether the body is found', this.#isBodyFound, true));
    });
  }

  #serveBody(peer: Peer, requestId: number): void {
    if (peer.name !== this.#holder && peer.conduct !== 'empty' && peer.conduct !== 'wavering') return;
    const result = peer.name === this.#holder ? 'found' : 'absent';
    this.#after(this.#random.between(1, 100), () => {
      if (!peer.isLinked) return;
      if (result === 'found') this.#isBodyFound = true;
      this.#feed({ type: 'bodyAnswered', requestId, peer: peer.name, result });
    });
  }
}
