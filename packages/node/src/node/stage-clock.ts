import type { ConsensusState } from '@mutual-chain/consensus';

/** What a node does in a height: it waits for something to decide, goes through the steps of rounds, and commits. */
export type ConsensusStage = 'waiting' | 'propose' | 'prevote' | 'precommit' | 'commit';

/** A stage that is over. */
export type EndedStage = { readonly height: number; readonly round: number; readonly stage: ConsensusStage; readonly durationMs: number };

type Place = { readonly height: number; readonly round: number; readonly stage: ConsensusStage };

/** Measures how long consensus stays in each stage. */
export class StageClock {
  readonly #monotonicMs: () => number;
  readonly #ended: (stage: EndedStage) => void;
  #place: Place | undefined;
  #sinceMs = 0;

  constructor(options: { readonly monotonicMs: () => number; readonly ended: (stage: EndedStage) => void }) {
    this.#monotonicMs = options.monotonicMs;
    this.#ended = options.ended;
  }

  /** Consensus has taken something in. */
  readonly look = ({ current }: ConsensusState): void => {
    const before = this.#place;
    const stage = stageOf(current);
    if (current === undefined || stage === undefined) {
      this.#place = undefined;
      return;
    }
    const { height } = current;
    const { round } = current.round;
    if (before?.height === height && before.round === round && before.stage === stage) return;
    const nowMs = this.#monotonicMs();
    if (before !== undefined) this.#ended({ ...before, durationMs: nowMs - this.#sinceMs });
    this.#place = { height, round, stage };
    this.#sinceMs = nowMs;
  };
}

function stageOf(current: ConsensusState['current']): ConsensusStage | undefined {
  switch (current?.phase) {
    case undefined:
    case 'halted':
      return undefined;
    case 'waiting':
      return 'waiting';
    case 'decided':
      return 'commit';
    case 'running':
      return current.round.step;
  }
}
