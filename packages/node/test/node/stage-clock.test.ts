// Goal: the stages of a height follow each other without gaps and are told with their durations. Method: states in a row, with a clock beside them.

import type { ConsensusState } from '@mutual-chain/consensus';
import { expect, test } from 'vitest';
import { type EndedStage, StageClock } from '../../src/node/stage-clock.ts';

type Phase = NonNullable<ConsensusState['current']>['phase'];

const stateAt = (height: number, round: number, phase: Phase, step: 'propose' | 'prevote' | 'precommit' = 'propose'): ConsensusState =>
  ({ current: { height, phase, round: { round, step } } }) as unknown as ConsensusState;

test('every stage is told when the next one begins', () => {
  const ended: EndedStage[] = [];
  let nowMs = 0;
  const { look } = new StageClock({ monotonicMs: () => nowMs, ended: (stage) => ended.push(stage) });
  const script: readonly (readonly [atMs: number, state: ConsensusState])[] = [
    [0, stateAt(5, -1, 'waiting')],
    [10, stateAt(5, -1, 'waiting')],
    [100, stateAt(5, 0, 'running')],
    [130, stateAt(5, 0, 'running', 'prevote')],
    [150, stateAt(5, 1, 'running')],
    [151, stateAt(5, 1, 'running', 'prevote')],
    [160, stateAt(5, 1, 'running', 'precommit')],
    [170, stateAt(5, 1, 'decided', 'precommit')],
    [190, stateAt(6, -1, 'waiting')],
    [200, stateAt(6, -1, 'halted')],
    [300, stateAt(7, -1, 'waiting')],
    [301, stateAt(7, 0, 'running')],
  ];
  for (const [atMs, state] of script) {
    nowMs = atMs;
    look(state);
  }
  expect(ended.map(({ height, round, stage, durationMs }) => [height, round, stage, durationMs])).toEqual([
    [5, -1, 'waiting', 100],
    [5, 0, 'propose', 30],
    [5, 0, 'prevote', 20],
    [5, 1, 'propose', 1],
    [5, 1, 'prevote', 9],
    [5, 1, 'precommit', 10],
    [5, 1, 'commit', 20],
    // Nobody knows how long a node that cannot go on would have waited.
    [7, -1, 'waiting', 1],
  ]);
});
