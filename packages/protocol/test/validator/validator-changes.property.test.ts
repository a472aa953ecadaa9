import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceHeight, proposerAt } from '../../src/validator/proposer-selection.ts';
import { applyValidatorChanges, type ValidatorChange } from '../../src/validator/validator-changes.ts';
import { inSetOrder, totalPower, type Validator, type ValidatorSet } from '../../src/validator/validator-set.ts';

/*
 * Goal: changes of the set come out the same on every node and give nobody a turn he has not waited for. Method: figures by hand, then
 * shuffled changes and leave-and-return over sets of any powers.
 */

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill) as never;

const changeOf = (index: number, power: bigint): ValidatorChange => ({
  publicKey: bytes(33, index),
  address: bytes(20, index),
  power,
  operator: bytes(20, 0xee),
  peerId: `peer${index}`,
  addresses: '',
});
const setOf = (...rows: readonly (readonly [index: number, power: bigint, priority?: bigint])[]): ValidatorSet => ({
  validators: inSetOrder(rows.map(([index, power, priority = 0n]): Validator => ({ ...changeOf(index, power), priority }))),
});
const apply = (set: ValidatorSet, ...changes: readonly ValidatorChange[]): ValidatorSet => {
  const after = applyValidatorChanges(set, changes);
  if (after === undefined) throw new Error('nobody is left');
  return after;
};

describe('changes of a validator set', () => {
  it('place a joiner at −1.125 of the new total, then centre', () => {
    // Total 25; 25/8 is 3: −28. The average of 0, 0, −28 rounded down is −10.
    expect(apply(setOf([1, 10n], [2, 10n]), changeOf(3, 5n))).toEqual(setOf([1, 10n, 10n], [2, 10n, 10n], [3, 5n, -18n]));
  });

  it('place two joiners equally', () => {
    // Total 40; −45 twice; the average of 0, 0, −45, −45 rounded down is −23.
    const after = apply(setOf([1, 10n], [2, 10n]), changeOf(3, 10n), changeOf(4, 10n));
    expect(after).toEqual(setOf([1, 10n, 23n], [2, 10n, 23n], [3, 10n, -22n], [4, 10n, -22n]));
  });

  it('keep the priority of who stays, also with other power, and centre what is left', () => {
    expect(apply(setOf([1, 10n, 4n], [2, 10n, -4n]), changeOf(2, 30n))).toEqual(setOf([1, 10n, 4n], [2, 30n, -4n]));
    expect(apply(setOf([1, 1n, 6n], [2, 1n, -2n], [3, 1n, -4n]), changeOf(1, 0n))).toEqual(setOf([2, 1n, 1n], [3, 1n, -1n]));
  });

  it('take over operator, peer id and addresses', () => {
    const change: ValidatorChange = { ...changeOf(1, 10n), operator: bytes(20, 7), peerId: 'new', addresses: '/dns4/x/tcp/1' };
    expect(apply(setOf([1, 10n], [2, 10n]), change).validators[0]).toEqual({ ...change, priority: 0n });
  });

  it('that change nothing leave the set as it is', () => {
    const set = setOf([1, 10n, 90n], [2, 10n, 3n]);
    expect(applyValidatorChanges(set, [])).toBe(set);
  });

  it('ignore the removal of who is not there', () => {
    const set = setOf([1, 10n, 1n], [2, 10n, -1n]);
    expect(apply(set, changeOf(3, 0n))).toEqual(set);
  });

  it('never leave nobody', () => {
    expect(applyValidatorChanges(setOf([1, 10n]), [changeOf(1, 0n)])).toBeUndefined();
    expect(apply(setOf([1, 10n]), changeOf(1, 0n), changeOf(2, 5n)).validators.length).toBe(1);
  });

  const rows = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.bigInt({ min: 1n, max: 2n ** 53n - 1n })), {
    selector: ([index]) => index,
    minLength: 1,
    maxLength: 8,
  });
  const changes = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 12 }), fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }))),
    { selector: ([index]) => index, maxLength: 8 },
  );

  it('come out the same in whatever order they are made at once', () => {
    const shuffled = changes.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(rows, fc.nat(20), shuffled, (start, heights, [all, mixed]) => {
        let set = setOf(...start);
        for (let height = 0; height < heights; height++) set = advanceHeight(set);
        const of = (each: typeof all) =>
          applyValidatorChanges(
            set,
            each.map(([index, power]) => changeOf(index, power)),
          );
        expect(of(mixed)).toEqual(of(all));
      }),
    );
  });

  it('leave the set in order, each validator once, with the powers that were asked for', () => {
    fc.assert(
      fc.property(rows, changes, (start, all) => {
        const expected = new Map([...start, ...all].map(([index, power]) => [index, power]));
        const after = applyValidatorChanges(
          setOf(...start),
          all.map(([index, power]) => changeOf(index, power)),
        );
        const found = (after?.validators ?? []).map(({ address, power }) => [address[0], power]);
        expect(found).toEqual([...expected].filter(([, power]) => power > 0n).sort(([left], [right]) => left - right));
      }),
    );
  });

  it('gain nobody a turn who leaves and returns', () => {
    const small = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(small, fc.nat(30), fc.nat(5), (powers, heights, position) => {
        let set = setOf(...powers.map((power, index) => [index + 1, BigInt(power)] as const));
        for (let height = 0; height < heights; height++) set = advanceHeight(set);
        const who = set.validators[position % powers.length] as Validator;
        const { priority: _priority, ...same } = who;
        const back = apply(apply(set, { ...same, power: 0n }), same);
        const turn = (each: ValidatorSet): number => {
          for (let round = 0; ; round++) if (proposerAt(each, round).address.join() === who.address.join()) return round;
        };
        expect(turn(back)).toBeGreaterThanOrEqual(turn(set));
        expect(totalPower(back)).toBe(totalPower(set));
      }),
    );
  });
});
