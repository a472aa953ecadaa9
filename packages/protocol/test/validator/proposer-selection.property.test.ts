import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceHeight, centred, proposerAt } from '../../src/validator/proposer-selection.ts';
import { totalPower, type Validator, type ValidatorSet } from '../../src/validator/validator-set.ts';

/*
 * Goal: everybody proposes in proportion to power, and all agree who does. Method: schedules worked out by hand, then counts, bounds and
 * equalities over sets of any powers.
 */

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill) as never;

/** A set of validators whose addresses ascend; only powers and priorities matter here. */
function setOf(...rows: readonly (readonly [power: bigint, priority?: bigint])[]): ValidatorSet {
  const validators = rows.map(
    ([power, priority = 0n], index): Validator => ({
      publicKey: bytes(33, index + 1),
      address: bytes(20, index + 1),
      power,
      priority,
      operator: bytes(20, 0xee),
      peerId: '',
      addresses: '',
    }),
  );
  return { validators };
}

const nameOf = ({ address }: Validator): string => String.fromCharCode(0x60 + (address[0] as number));
const prioritiesOf = (set: ValidatorSet): bigint[] => set.validators.map(({ priority }) => priority);

function schedule(set: ValidatorSet, heights: number): string {
  let names = '';
  let current = set;
  for (let height = 0; height < heights; height++) {
    names += nameOf(proposerAt(current, 0));
    current = advanceHeight(current);
  }
  return names;
}

describe('the proposer', () => {
  // In each step the highest sum of priority and power proposes and pays the total; among equals the lowest address.
  it.each([
    ['one alone', [1n], 'aaa'],
    ['two of equal power', [1n, 1n], 'abab'],
    ['four of equal power', [10n, 10n, 10n, 10n], 'abcdabcd'],
    ['three and one', [3n, 1n], 'aabaaaba'],
    ['one and three', [1n, 3n], 'babbbabb'],
    ['five, one, one', [5n, 1n, 1n], 'aabacaaaabacaa'],
    ['two, three, one', [2n, 3n, 1n], 'babcab'],
  ])('of %s', (_name, powers, expected) => {
    expect(schedule(setOf(...powers.map((power) => [power] as const)), expected.length)).toBe(expected);
  });

  const powers = fc.array(fc.integer({ min: 1, max: 40 }).map(BigInt), { minLength: 1, maxLength: 8 });

  it('is each validator exactly as often as it has power, in as many heights as there is power', () => {
    fc.assert(
      fc.property(powers, (each) => {
        const set = setOf(...each.map((power) => [power] as const));
        const names = schedule(set, Number(totalPower(set)));
        expect(each.map((_, index) => BigInt([...names].filter((name) => name === String.fromCharCode(0x61 + index)).length))).toEqual(
          each,
        );
      }),
    );
  });

  it('is nearly that often however priorities stand at first', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: -500, max: 500 })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(rows, (each) => {
        const set = setOf(...each.map(([power, priority]) => [BigInt(power), BigInt(priority)] as const));
        const names = schedule(set, 3 * Number(totalPower(set)));
        for (const [index, [power]] of each.entries()) {
          const turns = [...names].filter((name) => name === String.fromCharCode(0x61 + index)).length;
          // A window of priorities of twice the total is worth two turns.
          expect(Math.abs(turns - 3 * power)).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  const anySet = fc
    .array(fc.tuple(fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }), fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })), {
      minLength: 1,
      maxLength: 8,
    })
    .map((rows) => setOf(...rows));

  it('of round r is the one who would propose r heights later', () => {
    fc.assert(
      fc.property(anySet, fc.nat(12), (set, round) => {
        let later = set;
        for (let index = 0; index < round; index++) later = advanceHeight(later);
        expect(proposerAt(set, round).address).toEqual(proposerAt(later, 0).address);
      }),
    );
  });

  it('does not depend on how often a round was asked for: the set is not changed', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        const before = prioritiesOf(set);
        proposerAt(set, 5);
        advanceHeight(set);
        centred(set);
        expect(prioritiesOf(set)).toEqual(before);
      }),
    );
  });

  it('keeps priorities in a window of twice the total, around zero', () => {
    fc.assert(
      fc.property(anySet, fc.integer({ min: 0, max: 30 }), (set, heights) => {
        let current = centred(set);
        for (let height = 0; height < heights; height++) current = advanceHeight(current);
        const total = totalPower(set);
        const priorities = prioritiesOf(centred(current));
        const count = BigInt(priorities.length);
        const sum = priorities.reduce((left, right) => left + right, 0n);
        expect(sum >= 0n && sum < count).toBe(true);
        for (const left of priorities) for (const right of priorities) expect(left - right <= 2n * total + 1n).toBe(true);
      }),
    );
  });

  it('of a round below zero, or of nobody, is a bug', () => {
    expect(() => proposerAt(setOf([1n]), -1)).toThrow(expect.objectContaining({ name: 'InvariantError' }));
    expect(() => advanceHeight({ validators: [] })).toThrow();
  });
});

describe('centring', () => {
  it.each<[string, readonly (readonly [bigint, bigint])[], readonly bigint[]]>([
    [
      'leaves what is centred',
      [
        [1n, -1n],
        [1n, 1n],
      ],
      [-1n, 1n],
    ],
    [
      'moves the average to zero',
      [
        [5n, 8n],
        [5n, 10n],
      ],
      [-1n, 1n],
    ],
    // 3/2 rounded down is 1, −3/2 is −2.
    [
      'rounds a positive average down',
      [
        [5n, 1n],
        [5n, 2n],
      ],
      [0n, 1n],
    ],
    [
      'rounds a negative average down',
      [
        [5n, -1n],
        [5n, -2n],
      ],
      [1n, 0n],
    ],
    // A spread of 41 in a window of 20 is divided by 3, toward zero: 6 and −6.
    [
      'scales what is wider than the window',
      [
        [5n, 20n],
        [5n, -21n],
      ],
      [7n, -6n],
    ],
    [
      'does not scale what just fits',
      [
        [5n, 10n],
        [5n, -10n],
      ],
      [10n, -10n],
    ],
  ] as never)('%s', (_name, rows, expected) => {
    expect(prioritiesOf(centred(setOf(...rows)))).toEqual(expected);
  });
});
