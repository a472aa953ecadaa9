import { isDeepStrictEqual } from 'node:util';
import { ChainError } from '@mutual-chain/protocol';
import type { Catch } from './ground.ts';

/** What a part did is not what its model says. */
export class Discrepancy extends Error {
  /** Runs a comparison: what differs, under the name of a model. */
  static of(checker: string, compare: () => void): Catch | undefined {
    try {
      compare();
      return undefined;
    } catch (error) {
      // An error of the part itself is none that the model foresees.
      if (error instanceof Discrepancy || error instanceof ChainError) return { checker, description: error.message };
      throw error;
    }
  }
}

/** Throws a `Discrepancy` when two values are not the same. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Discrepancy(`${what}: ${text(actual)}, expected ${text(expected)}`);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}
