import { type BlockHash, equalBytes } from '@mutual-chain/protocol';
import type { RequestOutcome } from '../p2p/transport.ts';
import { type ConsensusMessage, decodeConsensusMessage, encodeConsensusMessage } from '../runtime/consensus-messages.ts';
import type { DecidedBlock } from '../runtime/ports.ts';
import { beginServing, createServingState, endServing, planAnswer, type ServingState } from '../sync/serve-blocks.ts';
import { syncStep } from '../sync/step.ts';
import type { SyncEffect } from '../sync/sync-effect.ts';
import type { FetchedBlock, SyncInput } from '../sync/sync-input.ts';
import { createSyncState, progressOf, type SyncProgress, type SyncState } from '../sync/sync-state.ts';

/** What a running node does for the exchange of blocks. */
export type BlockExchangePorts = {
  /** ms since some moment; never goes back. */
  readonly monotonicMs: () => number;
  /** Runs something after a delay, ms; the result cancels it. */
  readonly schedule: (delayMs: number, run: () => void) => () => void;
  /** Last committed height. */
  readonly committedHeight: () => number;
  readonly request: (peer: string, request: Uint8Array, done: (outcome: RequestOutcome) => void) => void;
  readonly decidedBlock: (height: number) => DecidedBlock | undefined;
  /** Gives a decided block of the next height to consensus; false when certificate or body is wrong. */
  readonly applyBlock: (block: FetchedBlock) => boolean;
  /** Gives the body of a block that is being decided to consensus. */
  readonly bodyFound: (peer: string, height: number, body: Uint8Array) => void;
  /** A body that consensus holds for the height being decided. */
  readonly bodyOf: (height: number, blockHash: BlockHash) => Uint8Array | undefined;
  /** Hash of the block of a body; undefined when the bytes are none. */
  readonly hashOf: (body: Uint8Array) => BlockHash | undefined;
  /** Ends the link to a peer that broke the rules. */
  readonly cut: (peer: string, reason: string) => void;
};

/** An input of sync without its time. */
type Happening = SyncInput extends infer Each ? (Each extends SyncInput ? Omit<Each, 'nowMs'> : never) : never;

/** Carries out what the rules of sync decide over requests to peers, and answers the requests of others. */
export class BlockExchange {
  readonly #ports: BlockExchangePorts;
  readonly #waiting: SyncEffect[] = [];
  #state: SyncState;
  #serving: ServingState = createServingState();
  #isDraining = false;
  #isRunning = true;
  #cancelWake: () => void = () => undefined;

  constructor(ports: BlockExchangePorts) {
    this.#ports = ports;
    this.#state = createSyncState(ports.committedHeight());
  }

  /** Where the node stands. */
  get progress(): SyncProgress {
    return progressOf(this.#state);
  }

  /** A linked peer says which heights it has. */
  claimed(peer: string, height: number): void {
    this.#input({ type: 'peerClaimed', peer, height, earliestHeight: Math.min(1, height) });
  }

  /** A link is down. */
  gone(peer: string): void {
    this.#input({ type: 'peerGone', peer });
  }

  /** A height is committed, whichever way it came. */
  committed(): void {
    this.#input({ type: 'heightCommitted', height: this.#ports.committedHeight() });
  }

  /** Consensus needs a body that these peers should have. */
  bodyWanted(height: number, blockHash: BlockHash, holders: readonly string[]): void {
    this.#input({ type: 'bodyWanted', height, blockHash, holders });
  }

  /** Consensus has a body. */
  bodyReceived(blockHash: BlockHash): void {
    this.#input({ type: 'bodyReceived', blockHash });
  }

  /** Stops: nothing is asked for any more. */
  stop(): void {
    this.#isRunning = false;
    this.#waiting.length = 0;
    this.#cancelWake();
  }

  /** Answers a request of a peer for decided blocks or for a body, or declines it. */
  serve(peer: string, request: Uint8Array, answer: (response: Uint8Array | undefined) => void): void {
    const { monotonicMs, cut } = this.#ports;
    const decoded = decodeConsensusMessage(request);
    const message = 'refusal' in decoded ? undefined : decoded.message;
    if (message?.type !== 'blocksRequest' && message?.type !== 'bodyRequest') {
      answer(undefined);
      cut(peer, 'refusal' in decoded ? decoded.refusal : 'a request that is none');
      return;
    }
    const { state, isAdmitted } = beginServing(this.#serving, peer, monotonicMs());
    this.#serving = state;
    if (!isAdmitted || !this.#isRunning) {
      answer(undefined);
      return;
    }
    try {
      answer(
        message.type === 'blocksRequest'
          ? this.#blocksAnswer(peer, message.height, message.count)
          : this.#bodyAnswer(message.height, message.blockHash),
      );
    } finally {
      this.#serving = endServing(this.#serving, peer);
    }
  }

  #blocksAnswer(peer: string, fromHeight: number, count: number): Uint8Array | undefined {
    const { committedHeight, decidedBlock, cut } = this.#ports;
    const read = new Map<number, DecidedBlock>();
    const bytesOf = (height: number): number | undefined => {
      const block = decidedBlock(height);
      if (block !== undefined) read.set(height, block);
      return block?.body.length;
    };
    const plan = planAnswer({ fromHeight, count }, { earliestHeight: 1, height: committedHeight(), bytesOf });
    if (plan.type === 'invalid') {
      cut(peer, plan.remedy);
      return undefined;
    }
    const blocks: FetchedBlock[] = [];
    for (let height = fromHeight; plan.type === 'blocks' && height < fromHeight + plan.count; height++) {
      const block = read.get(height);
      if (block !== undefined) blocks.push({ certificate: block.certificate, body: block.body });
    }
    return encodeConsensusMessage({ type: 'blocks', height: fromHeight, blocks });
  }

  #bodyAnswer(height: number, blockHash: BlockHash): Uint8Array | undefined {
    const body = this.#ports.bodyOf(height, blockHash);
    return body === undefined ? undefined : encodeConsensusMessage({ type: 'body', height, body });
  }

  #input(happening: Happening): void {
    if (!this.#isRunning) return;
    const { state, effects } = syncStep(this.#state, { ...happening, nowMs: this.#ports.monotonicMs() } as SyncInput);
    this.#state = state;
    this.#waiting.push(...effects);
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let effect = this.#waiting.shift(); effect !== undefined; effect = this.#waiting.shift()) this.#run(effect);
    } finally {
      this.#isDraining = false;
    }
  }

  #run(effect: SyncEffect): void {
    const { monotonicMs, schedule, applyBlock, cut } = this.#ports;
    switch (effect.type) {
      case 'requestBlocks':
        this.#requestBlocks(effect);
        return;
      case 'requestBody':
        this.#requestBody(effect);
        return;
      case 'applyBlock':
        if (!applyBlock(effect.block)) this.#input({ type: 'blockRefused', height: effect.height });
        return;
      case 'cutPeer':
        cut(effect.peer, effect.reason);
        return;
      case 'wakeAt':
        this.#cancelWake();
        this.#cancelWake = schedule(Math.max(0, effect.atMs - monotonicMs()), () => this.#input({ type: 'woken' }));
    }
  }

  #requestBlocks({ requestId, peer, fromHeight, count }: Extract<SyncEffect, { type: 'requestBlocks' }>): void {
    const request = encodeConsensusMessage({ type: 'blocksRequest', height: fromHeight, count });
    this.#ports.request(peer, request, (outcome) => {
      if (!outcome.ok) this.#input({ type: 'requestFailed', requestId, peer });
      else {
        const answer = this.#readAnswer(peer, outcome.response);
        if (answer?.type !== 'blocks') this.#input({ type: 'requestFailed', requestId, peer });
        else this.#input({ type: 'blocksReceived', requestId, peer, blocks: answer.blocks });
      }
    });
  }

  #requestBody({ requestId, peer, height, blockHash }: Extract<SyncEffect, { type: 'requestBody' }>): void {
    const { request, hashOf, bodyFound } = this.#ports;
    request(peer, encodeConsensusMessage({ type: 'bodyRequest', height, blockHash }), (outcome) => {
      if (!outcome.ok) {
        const isAbsent = outcome.reason === 'declined';
        this.#input(isAbsent ? { type: 'bodyAnswered', requestId, peer, result: 'absent' } : { type: 'requestFailed', requestId, peer });
        return;
      }
      const answer = this.#readAnswer(peer, outcome.response);
      if (answer?.type !== 'body') {
        this.#input({ type: 'requestFailed', requestId, peer });
        return;
      }
      const hash = hashOf(answer.body);
      const isFound = hash !== undefined && equalBytes(hash, blockHash);
      this.#input({ type: 'bodyAnswered', requestId, peer, result: isFound ? 'found' : 'wrong' });
      if (isFound) bodyFound(peer, height, answer.body);
    });
  }

  #readAnswer(peer: string, response: Uint8Array): ConsensusMessage | undefined {
    const decoded = decodeConsensusMessage(response);
    if (!('refusal' in decoded)) return decoded.message;
    this.#ports.cut(peer, decoded.refusal);
    return undefined;
  }
}
