import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import { type Genesis, parseGenesis } from '../../src/genesis/genesis.ts';
import type { GenesisJsonInput, TrancheJson } from '../../src/genesis/genesis-json.ts';
import { lockedAmount, type ReleaseSchedule, vestedAmount } from '../../src/genesis/release-schedule.ts';
import { addressHex, genesisDocument, START_SEC, share } from './genesis-document.ts';

/*
 * Goal: an allocation of one's own gives out exactly what it says, when it says. Method: sizes by share, release by steps, at and around
 * every step.
 */

const custom = (supply: bigint, ...tranches: readonly TrancheJson[]): Partial<GenesisJsonInput> => ({
  allocation: { preset: 'custom', supply: String(supply), tranches: [...tranches] },
});
const tranche = (change: Partial<TrancheJson>): TrancheJson => ({ name: 'all', rule: { kind: 'liquid' }, accounts: [], ...change });
const read = (change: Partial<GenesisJsonInput>): Genesis => parseGenesis(genesisDocument(change));
const refusal = (change: Partial<GenesisJsonInput>): unknown => {
  try {
    return read(change);
  } catch (error) {
    return error instanceof ChainError ? { code: error.code, field: error.details['field'], message: error.message } : error;
  }
};

describe('tranches by share', () => {
  it('are that share of the supply', () => {
    const { balances } = read(
      custom(
        1000n,
        tranche({ name: 'sale', bps: 8000, accounts: [share(0x11, 800n)] }),
        tranche({ name: 'team', bps: 1000, accounts: [share(0x12, 40n), share(0x13, 60n)] }),
        tranche({ name: 'bounty', amount: '100', accounts: [share(0x14, 100n)] }),
      ),
    );
    expect(balances.map(({ amount }) => amount)).toEqual([800n, 40n, 60n, 100n]);
  });

  it('that do not add up to the whole are refused, naming the difference', () => {
    const short = custom(1000n, tranche({ bps: 9990, accounts: [share(0x11, 999n)] }));
    expect(refusal(short)).toMatchObject({ code: 'PROTOCOL_GENESIS_SUM_WRONG', field: 'allocation' });
    expect((refusal(short) as { message: string }).message).toContain('the tranches add up to 999, not 1000: 1 too little');
    const other = custom(1000n, tranche({ bps: 10_000, accounts: [share(0x11, 1001n)] }));
    expect(refusal(other)).toMatchObject({ code: 'PROTOCOL_GENESIS_SUM_WRONG', field: 'allocation.tranches.0' });
  });

  it.each<[string, TrancheJson, string]>([
    ['of a broken unit', tranche({ bps: 5001, accounts: [] }), 'allocation.tranches.0.bps'],
    ['with an amount as well', tranche({ bps: 10_000, amount: '999', accounts: [share(0x11, 999n)] }), 'allocation.tranches.0'],
    ['with neither', tranche({ accounts: [share(0x11, 999n)] }), 'allocation.tranches.0'],
    ['of more than everything', tranche({ bps: 10_001 }), 'allocation.tranches.0.bps'],
    ['of half a basis point', tranche({ bps: 0.5 }), 'allocation.tranches.0.bps'],
  ])('%s are refused', (_name, each, field) => {
    expect(refusal(custom(999n, each))).toMatchObject({ code: 'PROTOCOL_GENESIS_INVALID', field });
  });
});

describe('release by steps', () => {
  const steps = [
    { afterSec: 0, bps: 1000 },
    { afterSec: 100, bps: 3333 },
    { afterSec: 500, bps: 10_000 },
  ];
  const schedule = read(custom(1001n, tranche({ bps: 10_000, rule: { kind: 'steps', steps }, accounts: [share(0x11, 1001n)] }))).balances[0]
    ?.schedule as ReleaseSchedule;

  it.each([
    ['before genesis', -1, 0n],
    // 10 % of 1001 is 100.1.
    ['at genesis', 0, 100n],
    ['a second before the second step', 99, 100n],
    // 33.33 % of 1001 is 333.63.
    ['at the second step', 100, 333n],
    ['a second before the last step', 499, 333n],
    ['at the last step', 500, 1001n],
    ['ever after', 1_000_000_000, 1001n],
  ])('frees %s what the step says', (_name, afterSec, free) => {
    expect(vestedAmount(schedule, START_SEC + afterSec)).toBe(free);
    expect(lockedAmount(schedule, START_SEC + afterSec)).toBe(1001n - free);
  });

  it.each([
    ['no steps', [], 'allocation.tranches.0.rule.steps'],
    ['steps at the same time', [steps[0], { afterSec: 0, bps: 10_000 }], 'allocation.tranches.0.rule.steps'],
    ['steps that go back in time', [steps[1], { afterSec: 50, bps: 10_000 }], 'allocation.tranches.0.rule.steps'],
    ['steps that take back', [steps[1], { afterSec: 200, bps: 3000 }, steps[2]], 'allocation.tranches.0.rule.steps'],
    ['steps that free nothing', [{ afterSec: 0, bps: 0 }, steps[2]], 'allocation.tranches.0.rule.steps.0.bps'],
    ['steps that never free all', [steps[0], { afterSec: 500, bps: 9999 }], 'allocation.tranches.0.rule.steps'],
    ['more than a hundred years', [{ afterSec: 100 * 31_536_000 + 1, bps: 10_000 }], 'allocation.tranches.0.rule.steps.0.afterSec'],
    [
      'more than a hundred steps',
      Array.from({ length: 101 }, (_, index) => ({ afterSec: index, bps: 9900 + index })),
      'allocation.tranches.0.rule.steps',
    ],
  ])('of %s is refused', (_name, wrong, field) => {
    const rule = { kind: 'steps', steps: wrong } as TrancheJson['rule'];
    const document = custom(5n, tranche({ amount: '5', rule, accounts: [share(0x11, 5n)] }));
    expect(refusal(document)).toMatchObject({ code: 'PROTOCOL_GENESIS_INVALID', field });
  });
});

describe('the zero address', () => {
  const zero = addressHex(0);
  it.each<[string, Partial<GenesisJsonInput>, string]>([
    ['as an account', custom(5n, tranche({ amount: '5', accounts: [share(0, 5n)] })), 'allocation.tranches.0.accounts.0.address'],
    ['as a member', { members: [{ address: zero, level: 2 }], assets: [] }, 'members.0.address'],
    ['as the treasury', { treasury: zero }, 'treasury'],
    ['as the audit account', { audit: zero }, 'audit'],
    ['as an operator', { validators: genesisDocument().validators.map((each) => ({ ...each, operator: zero })) }, 'validators.0.operator'],
  ])('%s is refused: nobody has its key', (_name, change, field) => {
    const message = `${field} is the zero address, which is nobody's; name an account`;
    expect(refusal(change)).toEqual({ code: 'PROTOCOL_GENESIS_INVALID', field, message });
  });
});
