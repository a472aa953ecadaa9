import {
  beginServing,
  type ConsensusMessage,
  createServingState,
  createSyncState,
  type DecidedBlock,
  endServing,
  type FetchedBlock,
  planAnswer,
  type ServingState,
  type SyncEffect,
  type SyncInput,
  type SyncState,
  syncStep,
} from '@mutual-chain/node';
import { type BlockHash, equalBytes } from '@mutual-chain/protocol';

type Request = { readonly requestId: number; readonly peer: string; readonly fromHeight: number };
/** Answered ones, and those of links that broke, are kept until their height is committed: answers come twice and late, and bear no number. */
type BodyRequest = {
  readonly requestId: number;
  readonly peer: string;
  readonly height: number;
  readonly blockHash: BlockHash;
  readonly isAnswered: boolean;
};

/** Says that there is no such body. */
const NO_BODY = new Uint8Array(0);

/** An input of sync without its time, which is filled in here. */
type Happening = SyncInput extends infer Each ? (Each extends SyncInput ? Omit<Each, 'nowMs'> : never) : never;

/** What catching up needs from the node around it. */
export type CatchUpPorts = {
  readonly nowMs: () => number;
  /** Runs something after a delay, ms; the result cancels it. */
  readonly schedule: (delayMs: number, run: () => void) => () => void;
  /** Last committed height. */
  readonly committedHeight: () => number;
  readonly send: (peer: string, message: ConsensusMessage) => void;
  /** Tells a peer where this node is. */
  readonly announce: (peer: string) => void;
  readonly decidedBlock: (height: number) => DecidedBlock | undefined;
  /** False when certificate or body is wrong. */
  readonly take: (block: FetchedBlock) => boolean;
  readonly cut: (peer: string, reason: string) => void;
  /** The body of a block of the height, decided or not. */
  readonly bodyOf: (height: number, blockHash: BlockHash) => Uint8Array | undefined;
  /** Hash of the block that has this body; undefined when it is none. */
  readonly hashOf: (body: Uint8Array) => BlockHash | undefined;
  /** A body that consensus wanted is here. */
  readonly bodyFound: (peer: string, height: number, body: Uint8Array) => void;
};

/** How often a peer that is behind is told so, ms. */
const ANNOUNCE_INTERVAL_MS = 200;

/** Runs the node's rules of catching up, and of serving others, over the messages of the simulation. */
export class CatchUp {
  readonly #ports: CatchUpPorts;
  readonly #announcedMs = new Map<string, number>();
  readonly #waiting: SyncEffect[] = [];
  #requests: readonly Request[] = [];
  #bodyRequests: readonly BodyRequest[] = [];
  #state: SyncState;
  #serving: ServingState = createServingState();
  #isRunning = false;
  #cancelWake: () => void = () => undefined;

  constructor(ports: CatchUpPorts) {
    this.#ports = ports;
    this.#state = createSyncState(ports.committedHeight());
  }

  /** What sync knows. */
  get state(): SyncState {
    return this.#state;
  }

  /** A peer says at which height it works. */
  heardOf(peer: string, height: number): void {
    const { nowMs, committedHeight, announce } = this.#ports;
    this.#input({ type: 'peerClaimed', peer, height: Math.max(0, height - 1), earliestHeight: 1 });
    const isBehind = height - 1 < committedHeight();
    if (!isBehind || (this.#announcedMs.get(peer) ?? Number.NEGATIVE_INFINITY) + ANNOUNCE_INTERVAL_MS > nowMs()) return;
    this.#announcedMs.set(peer, nowMs());
    announce(peer);
  }

  /** A link is down. */
  gone(peer: string): void {
    this.#requests = this.#requests.filter((each) => each.peer !== peer);
    this.#bodyRequests = this.#bodyRequests.map((each) => (each.peer === peer ? { ...each, isAnswered: true } : each));
    this.#input({ type: 'peerGone', peer });
  }

  /** A height is committed, whichever way it came. */
  committed(): void {
    const height = this.#ports.committedHeight();
    this.#bodyRequests = this.#bodyRequests.filter((each) => each.height > height);
    this.#input({ type: 'heightCommitted', height });
  }

  /** Consensus needs a body that these peers should have. */
  bodyWanted(height: number, blockHash: BlockHash, holders: readonly string[]): void {
    this.#input({ type: 'bodyWanted', height, blockHash, holders });
  }

  /** Consensus has a body. */
  bodyReceived(blockHash: BlockHash): void {
    this.#input({ type: 'bodyReceived', blockHash });
  }

  /** A peer asks for a body. */
  serveBody(peer: string, height: number, blockHash: BlockHash): void {
    const { nowMs, bodyOf, send } = this.#ports;
    const { state, isAdmitted } = beginServing(this.#serving, peer, nowMs());
    this.#serving = isAdmitted ? endServing(state, peer) : state;
    send(peer, { type: 'body', height, body: (isAdmitted ? bodyOf(height, blockHash) : undefined) ?? NO_BODY });
  }

  /** A peer answers with a body, or says that it has none. */
  receiveBody(peer: string, height: number, body: Uint8Array): void {
    const { hashOf, bodyFound } = this.#ports;
    const ofPeer = this.#bodyRequests.filter((each) => each.peer === peer && each.height === height);
    const blockHash = body.length === 0 ? undefined : hashOf(body);
    const meant = blockHash === undefined ? undefined : ofPeer.find((each) => equalBytes(each.blockHash, blockHash));
    const request = meant ?? ofPeer.find(({ isAnswered }) => !isAnswered);
    if (request === undefined || request.isAnswered) return;
    this.#bodyRequests = this.#bodyRequests.map((each) => (each === request ? { ...each, isAnswered: true } : each));
    const result = body.length === 0 ? 'absent' : meant === undefined ? 'wrong' : 'found';
    this.#input({ type: 'bodyAnswered', requestId: request.requestId, peer, result });
    if (result === 'found') bodyFound(peer, height, body);
  }

  /** A peer asks for blocks. */
  serve(peer: string, fromHeight: number, count: number): void {
    const { nowMs, committedHeight, decidedBlock, send, cut } = this.#ports;
    const { state, isAdmitted } = beginServing(this.#serving, peer, nowMs());
    this.#serving = state;
    if (!isAdmitted) return;
    const bytesOf = (height: number): number | undefined => decidedBlock(height)?.body.length;
    const plan = planAnswer({ fromHeight, count }, { earliestHeight: 1, height: committedHeight(), bytesOf });
    if (plan.type === 'invalid') cut(peer, plan.remedy);
    else {
      const blocks: FetchedBlock[] = [];
      for (let height = fromHeight; plan.type === 'blocks' && height < fromHeight + plan.count; height++) {
        const block = decidedBlock(height);
        if (block !== undefined) blocks.push({ certificate: block.certificate, body: block.body });
      }
      send(peer, { type: 'blocks', height: fromHeight, blocks });
    }
    this.#serving = endServing(this.#serving, peer);
  }

  /** A peer answers. */
  receive(peer: string, fromHeight: number, blocks: readonly FetchedBlock[]): void {
    const request = this.#requests.find((each) => each.peer === peer && each.fromHeight === fromHeight);
    if (request === undefined) return;
    this.#requests = this.#requests.filter((each) => each !== request);
    this.#input({ type: 'blocksReceived', requestId: request.requestId, peer, blocks });
  }

  #input(happening: Happening): void {
    const { state, effects } = syncStep(this.#state, { ...happening, nowMs: this.#ports.nowMs() } as SyncInput);
    this.#state = state;
    this.#waiting.push(...effects);
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let effect = this.#waiting.shift(); effect !== undefined; effect = this.#waiting.shift()) this.#run(effect);
    } finally {
      this.#isRunning = false;
    }
  }

  #run(effect: SyncEffect): void {
    const { nowMs, schedule, send, take, cut } = this.#ports;
    switch (effect.type) {
      case 'requestBlocks': {
        const { requestId, peer, fromHeight, count } = effect;
        this.#requests = [
          ...this.#requests.filter((each) => each.peer !== peer || each.fromHeight !== fromHeight),
          { requestId, peer, fromHeight },
        ];
        send(peer, { type: 'blocksRequest', height: fromHeight, count });
        return;
      }
      case 'applyBlock':
        if (!take(effect.block)) this.#input({ type: 'blockRefused', height: effect.height });
        return;
      case 'cutPeer':
        cut(effect.peer, effect.reason);
        return;
      case 'wakeAt':
        this.#cancelWake();
        this.#cancelWake = schedule(effect.atMs - nowMs(), () => this.#input({ type: 'woken' }));
        return;
      case 'requestBody': {
        const { requestId, peer, height, blockHash } = effect;
        const others = this.#bodyRequests.filter((each) => each.peer !== peer || !equalBytes(each.blockHash, blockHash));
        this.#bodyRequests = [...others, { requestId, peer, height, blockHash, isAnswered: false }];
        send(peer, { type: 'bodyRequest', height, blockHash });
      }
    }
  }
}
