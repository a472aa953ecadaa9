import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChaosReport, runChaos } from './support/chaos.ts';

/*
 * Goal: agreement, no honest double signature, locks kept, no honest validator accused, logs that lead to what was, and progress once the
 * network is whole, whatever the schedule. Method: random schedules with losses, kills, lost ends of logs and up to f adversaries; the
 * checks judge from outside. A failing seed is printed and repeats the run.
 */

const SIZES = [
  { validators: 1, faulty: 0, runs: 20 },
  { validators: 2, faulty: 0, runs: 20 },
  { validators: 4, faulty: 0, runs: 60 },
  { validators: 4, faulty: 1, runs: 120 },
  { validators: 7, faulty: 2, runs: 40 },
] as const;

describe.each(SIZES)('$validators validators, $faulty of them faulty', ({ validators, faulty, runs }) => {
  it('agree and go on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0 }), (seed) => {
        const { violations } = runChaos({ seed, validators, faulty, actions: 400, heightsAfter: 2 });
        expect(violations).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  });
});

it('reach what they are meant to reach', () => {
  const marks = new Set<string>();
  const collect = (report: ChaosReport): void => {
    for (const name of Object.keys(report.marks)) marks.add(name);
  };
  for (let seed = 0; seed < 40; seed++) {
    collect(runChaos({ seed, validators: 4, faulty: 1, actions: 400, heightsAfter: 1 }));
    collect(runChaos({ seed, validators: 4, faulty: 0, actions: 400, heightsAfter: 1 }));
  }
  expect([...marks].sort()).toEqual([
    'decided after round 0',
    'decided in a later round',
    'decided in a past round',
    'heights different before healing',
    'heights equal before healing',
    'killed between effects',
    'proposed again',
    'signing forbidden',
    'timeout while locked',
  ]);
});
