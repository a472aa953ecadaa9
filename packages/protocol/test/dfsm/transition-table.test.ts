import { describe, expect, it } from 'vitest';
import { INPUTS } from '../../src/dfsm/inputs.ts';
import { STATES } from '../../src/dfsm/states.ts';
import { transition } from '../../src/dfsm/transition-table.ts';

/*
 * Goal: δ is the printed table, cell by cell. Method: the table is written down a second time, as a picture, and all 84 pairs are compared.
 */

const PRINTED = `
      S0 S1 S2 S3 S4 S5 S6
  E01 S1 S1 .  .  .  S1 .
  E02 .  S0 .  .  .  .  .
  E03 .  S5 .  .  .  .  .
  E04 .  .  S2 .  .  S2 .
  E05 .  .  S5 .  .  .  .
  E06 .  .  S5 .  .  .  .
  E07 .  .  .  S3 .  S3 .
  E08 .  .  .  S5 .  .  .
  E09 .  .  .  S5 .  .  .
  E10 .  .  .  .  S4 S4 .
  E11 .  .  .  .  S5 .  .
  E12 .  .  .  .  S6 .  .`;

const rows = PRINTED.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

const cells = rows.flatMap(([input, ...next]) => STATES.map((state, column) => ({ state, input, next: next[column] })));

describe('the transition function', () => {
  it.each(cells)('$state and $input give $next', ({ state, input, next }) => {
    expect(transition(state, input as (typeof INPUTS)[number]) ?? '.').toBe(next);
  });

  it('has 84 pairs, 17 of them defined', () => {
    const defined = STATES.flatMap((state) => INPUTS.map((input) => transition(state, input))).filter((next) => next !== undefined);
    expect([cells.length, defined.length]).toEqual([84, 17]);
  });

  it('leads nowhere from S6', () => {
    expect(INPUTS.map((input) => transition('S6', input))).toEqual(INPUTS.map(() => undefined));
  });
});
