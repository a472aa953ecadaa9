import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { ALLOCATION_PRESETS } from '../../src/genesis/allocation-presets.ts';
import { type Genesis, genesisHashOf, parseGenesis } from '../../src/genesis/genesis.ts';
import type { AllocationJson, ShareJson, TrancheRuleJson } from '../../src/genesis/genesis-json.ts';
import {
  lockedAmount,
  QUARTER_SEC,
  type ReleaseSchedule,
  releaseScheduleCodec,
  vestedAmount,
  YEAR_SEC,
} from '../../src/genesis/release-schedule.ts';
import { addressBytes, genesisDocument, MTN, mutonAllocation, START_SEC, share } from './genesis-document.ts';

/*
 * Goal: the supply is given out exactly as the presets say, is free exactly when they say, and nothing that does not add up begins a chain.
 * Method: the published figures, day by day and quarter by quarter; then documents that are off by a unit.
 */

const DAY_SEC = 86_400;

const allocated = (allocation: AllocationJson): Genesis => parseGenesis(genesisDocument({ allocation }));

function scheduleOf(genesis: Genesis, fill: number): ReleaseSchedule {
  const schedule = genesis.balances.find(({ address }) => address.join() === addressBytes(fill).join())?.schedule;
  if (schedule === undefined) throw new Error(`no schedule of ${fill}`);
  return schedule;
}

function custom(...tranches: readonly [rule: TrancheRuleJson, accounts: ShareJson[]][]): AllocationJson {
  const sum = (accounts: readonly ShareJson[]): bigint => accounts.reduce((total, { amount }) => total + BigInt(amount), 0n);
  return {
    preset: 'custom',
    supply: String(tranches.reduce((total, [, accounts]) => total + sum(accounts), 0n)),
    tranches: tranches.map(([rule, accounts], index) => ({ name: `part ${index}`, amount: String(sum(accounts)), rule, accounts })),
  };
}

describe('preset muton', () => {
  it('gives out 15, 35, 20, 20 and 10 % of 400 000 000 MTN', () => {
    const parts = ALLOCATION_PRESETS.muton.tranches.map(({ name, amount, rule }) => [name, amount / (4_000_000n * MTN), rule.kind]);
    expect([ALLOCATION_PRESETS.muton.supply, ...parts]).toEqual([
      400_000_000n * MTN,
      ['presale', 15n, 'liquid'],
      ['sale', 35n, 'liquid'],
      ['founders', 20n, 'linear'],
      ['reserve', 20n, 'quarterly'],
      ['research', 10n, 'quarterly'],
    ]);
  });

  const genesis = allocated(mutonAllocation());

  it('locks founders, reserve and research, and nobody else', () => {
    const expected = [
      [0x11, 60_000_000n, false],
      [0x12, 140_000_000n, false],
      [0x13, 80_000_000n, true],
      [0x14, 80_000_000n, true],
      [0x15, 40_000_000n, true],
    ];
    expect(genesis.supply).toBe(400_000_000n * MTN);
    expect(genesis.balances.map(({ address, amount, schedule }) => [address[0], amount / MTN, schedule !== undefined])).toEqual(expected);
  });

  it.each([
    [0, 0n],
    [364, 0n],
    [365, 0n],
    [366, 109_589_041_095_890_410_958_904n],
    [730, 40_000_000n * MTN],
    [1094, 80_000_000n * MTN - 109_589_041_095_890_410_958_905n],
    [1095, 80_000_000n * MTN],
    [1096, 80_000_000n * MTN],
    [36_500, 80_000_000n * MTN],
  ])('frees of the founders by day %d: %d base units', (day, free) => {
    const schedule = scheduleOf(genesis, 0x13);
    const nowSec = START_SEC + day * DAY_SEC;
    expect([vestedAmount(schedule, nowSec), lockedAmount(schedule, nowSec)]).toEqual([free, 80_000_000n * MTN - free]);
  });

  it('frees the first founders’ units in the second after a year', () => {
    const perSecond = (80_000_000n * MTN) / BigInt(2 * YEAR_SEC);
    const seconds = [-1, 0, 1].map((second) => vestedAmount(scheduleOf(genesis, 0x13), START_SEC + YEAR_SEC + second));
    expect(seconds).toEqual([0n, 0n, perSecond]);
  });

  it.each<[string, Record<string, ShareJson[]>]>([
    ['two accounts', {}],
    [
      'five accounts of uneven size',
      {
        reserve: [share(0x31, 26_666_666n * MTN + 1n), share(0x14, 7n * MTN), share(0x16, 53_333_327n * MTN - 1n)],
        research: [share(0x15, 13_333_333n * MTN + 333n), share(0x30, 26_666_667n * MTN - 333n)],
      },
    ],
    ['thirds', { research: [0x21, 0x22, 0x23].map((fill, index) => share(fill, (40_000_000n * MTN) / 3n + (index === 0 ? 1n : 0n))) }],
  ])('frees 10 000 000 MTN of the community each quarter to %s together, none of it twice', (_name, tranches) => {
    const parsed = allocated(mutonAllocation(tranches));
    const community = parsed.balances
      .filter(({ schedule }) => schedule?.kind === 'COMMUNITY')
      .map(({ schedule }) => schedule as ReleaseSchedule);
    const freeAt = (nowSec: number): bigint[] => community.map((schedule) => vestedAmount(schedule, nowSec));
    const together = (nowSec: number): bigint => freeAt(nowSec).reduce((sum, free) => sum + free, 0n);
    let before = freeAt(START_SEC);
    expect(together(START_SEC)).toBe(0n);
    for (let quarter = 1; quarter <= 12; quarter++) {
      const at = START_SEC + quarter * QUARTER_SEC;
      expect([together(at - 1), together(at)]).toEqual([BigInt(quarter - 1) * 10_000_000n * MTN, BigInt(quarter) * 10_000_000n * MTN]);
      for (const [index, free] of freeAt(at).entries()) expect(free >= (before[index] as bigint)).toBe(true);
      before = freeAt(at);
    }
    expect(before).toEqual(community.map(({ total }) => total));
    expect(together(START_SEC + 100 * YEAR_SEC)).toBe(120_000_000n * MTN);
  });

  it('frees the reserve’s two thirds of each quarter, to the nearest unit', () => {
    const quarters = Array.from({ length: 12 }, (_, index) => index + 1);
    const frees = quarters.map((quarter) => vestedAmount(scheduleOf(genesis, 0x14), START_SEC + quarter * QUARTER_SEC));
    expect(frees).toEqual(quarters.map((quarter) => (2n * BigInt(quarter) * 20_000_000n * MTN + 3n) / 6n));
  });
});

describe('preset trst', () => {
  const genesis = allocated({
    preset: 'trst',
    tranches: {
      sale: [share(0x11, 80_000_000n * MTN)],
      team: [share(0x12, 4_000_000n * MTN), share(0x13, 6_000_000n * MTN)],
      bounty: [share(0x14, 10_000_000n * MTN)],
    },
  });

  it('gives out 100 000 000, of which the team’s tenth is locked for two years', () => {
    const locked = [0, 729, 730].map((day) =>
      genesis.balances.map(({ schedule }) => (schedule === undefined ? 0n : lockedAmount(schedule, START_SEC + day * DAY_SEC) / MTN)),
    );
    expect(genesis.supply).toBe(100_000_000n * MTN);
    expect(genesis.balances.map(({ amount }) => amount / MTN)).toEqual([80_000_000n, 4_000_000n, 6_000_000n, 10_000_000n]);
    expect(locked).toEqual([
      [0n, 4_000_000n, 6_000_000n, 0n],
      [0n, 4_000_000n, 6_000_000n, 0n],
      [0n, 0n, 0n, 0n],
    ]);
  });
});

describe('tranches of one’s own', () => {
  it('become free by their rules', () => {
    const genesis = allocated(
      custom(
        [{ kind: 'liquid' }, [share(0x11, 5n)]],
        [{ kind: 'linear', lockSec: 10 }, [share(0x12, 7n)]],
        [{ kind: 'linear', lockSec: 0 }, [share(0x13, 7n)]],
        [{ kind: 'cliff', lockSec: 20 }, [share(0x14, 9n)]],
        [{ kind: 'quarterly', quarters: 2 }, [share(0x15, 100n), share(0x16, 0n)]],
      ),
    );
    const step = { kind: 'STEPS', startSec: START_SEC, lockSec: 0 };
    const linear = { kind: 'LINEAR', total: 7n, startSec: START_SEC, steps: [] };
    const community = { ...step, kind: 'COMMUNITY' };
    const quarters = [START_SEC + QUARTER_SEC, START_SEC + 2 * QUARTER_SEC] as const;
    expect(genesis.supply).toBe(128n);
    expect(genesis.balances).toEqual([
      { address: addressBytes(0x11), amount: 5n, schedule: undefined },
      { address: addressBytes(0x12), amount: 7n, schedule: { ...linear, lockSec: 10 } },
      { address: addressBytes(0x13), amount: 7n, schedule: { ...linear, lockSec: 0 } },
      { address: addressBytes(0x14), amount: 9n, schedule: { ...step, total: 9n, steps: [{ atSec: START_SEC + 20, cumulative: 9n }] } },
      {
        address: addressBytes(0x15),
        amount: 100n,
        schedule: {
          ...community,
          total: 100n,
          steps: [
            { atSec: quarters[0], cumulative: 50n },
            { atSec: quarters[1], cumulative: 100n },
          ],
        },
      },
      {
        address: addressBytes(0x16),
        amount: 0n,
        schedule: {
          ...community,
          total: 0n,
          steps: [
            { atSec: quarters[0], cumulative: 0n },
            { atSec: quarters[1], cumulative: 0n },
          ],
        },
      },
    ]);
    expect(vestedAmount(scheduleOf(genesis, 0x13), START_SEC)).toBe(7n);
  });

  it('of quarters that hold nothing have no steps', () => {
    const { balances } = allocated(custom([{ kind: 'quarterly', quarters: 3 }, [share(0x11, 0n)]]));
    expect(balances.map(({ schedule }) => schedule?.steps)).toEqual([[]]);
  });

  it('may be locked for a hundred years from the last possible time', () => {
    const allocation = custom([{ kind: 'cliff', lockSec: 100 * YEAR_SEC }, [share(0x11, 1n)]]);
    const genesis = parseGenesis(genesisDocument({ allocation, timestampMs: Number.MAX_SAFE_INTEGER }));
    expect(genesisHashOf(cryptography, genesis)).toHaveLength(32);
  });

  it('are split among equal accounts alike, whatever the order of accounts and tranches', () => {
    const rule = { kind: 'quarterly', quarters: 7 } as const;
    const [one, two, three] = [share(0x11, 100n), share(0x12, 100n), share(0x13, 100n)] as const;
    const hashes = [
      [[one, two], [three]],
      [[two, one], [three]],
      [[three], [two, one]],
      [[one, two, three], []],
    ].map((tranches) =>
      genesisHashOf(
        cryptography,
        allocated(custom(...tranches.map((accounts): [TrancheRuleJson, ShareJson[]] => [rule, accounts]))),
      ).join(),
    );
    expect(new Set(hashes).size).toBe(1);
  });
});

describe('what does not add up (D17)', () => {
  const refusal = (allocation: AllocationJson): unknown => {
    try {
      return allocated(allocation);
    } catch (error) {
      return error instanceof ChainError ? { code: error.code, message: error.message, ...error.details } : error;
    }
  };
  const code = 'PROTOCOL_GENESIS_SUM_WRONG';
  const half = 40_000_000n * MTN;

  it.each<[string, AllocationJson, unknown]>([
    [
      'a unit too little in an account of a preset',
      mutonAllocation({ founders: [share(0x13, half), share(0x16, half - 1n)] }),
      {
        code,
        message: `the accounts of tranche founders add up to ${2n * half - 1n}, not ${2n * half}: 1 too little; change them so that they match`,
        field: 'allocation.tranches.founders',
        expected: 2n * half,
        sum: 2n * half - 1n,
        difference: 1n,
      },
    ],
    [
      'an MTN too much in an account of a preset',
      mutonAllocation({ research: [share(0x15, half + MTN)] }),
      {
        code,
        message: `the accounts of tranche research add up to ${half + MTN}, not ${half}: ${MTN} too much; change them so that they match`,
        field: 'allocation.tranches.research',
        expected: half,
        sum: half + MTN,
        difference: -MTN,
      },
    ],
    [
      'a tranche of a preset without accounts',
      { preset: 'trst', tranches: { sale: [share(0x11, 80_000_000n * MTN)], team: [share(0x12, 10_000_000n * MTN)] } },
      {
        code,
        message: `the accounts of tranche bounty add up to 0, not ${10_000_000n * MTN}: ${10_000_000n * MTN} too little; change them so that they match`,
        field: 'allocation.tranches.bounty',
        expected: 10_000_000n * MTN,
        sum: 0n,
        difference: 10_000_000n * MTN,
      },
    ],
    [
      'tranches of less than the supply',
      { ...custom([{ kind: 'liquid' }, [share(0x11, 99n)]]), preset: 'custom', supply: '100' } as AllocationJson,
      {
        code,
        message: 'the tranches add up to 99, not 100: 1 too little; change them so that they match',
        field: 'allocation',
        expected: 100n,
        sum: 99n,
        difference: 1n,
      },
    ],
    [
      'accounts of more than their second tranche',
      {
        preset: 'custom',
        supply: '15',
        tranches: [
          { name: 'one', amount: '5', rule: { kind: 'liquid' }, accounts: [share(0x11, 5n)] },
          { name: 'two', amount: '10', rule: { kind: 'liquid' }, accounts: [share(0x12, 8n), share(0x13, 4n)] },
        ],
      },
      {
        code,
        message: 'the accounts of tranche two add up to 12, not 10: 2 too much; change them so that they match',
        field: 'allocation.tranches.1',
        expected: 10n,
        sum: 12n,
        difference: -2n,
      },
    ],
  ])('is refused, naming the difference: %s', (_name, allocation, expected) => {
    expect(refusal(allocation)).toEqual(expected);
  });

  it('is refused by whatever a tranche is off', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(half * 2n), max: half }).filter((difference) => difference !== 0n),
        (difference) => {
          expect(refusal(mutonAllocation({ founders: [share(0x13, 2n * half + difference)] }))).toMatchObject({
            code,
            difference: -difference,
          });
        },
      ),
      { numRuns: 50 },
    );
  });
});

const anyAmount = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });
const anySchedule: fc.Arbitrary<ReleaseSchedule> = fc.oneof(
  fc.record({ kind: fc.constant('LINEAR' as const), total: anyAmount, startSec: fc.nat(), lockSec: fc.nat(), steps: fc.constant([]) }),
  fc
    .record({
      kind: fc.constantFrom('STEPS' as const, 'COMMUNITY' as const),
      startSec: fc.nat(),
      parts: fc.array(fc.tuple(fc.nat(1000), fc.bigInt({ min: 0n, max: 2n ** 120n })), { minLength: 1, maxLength: 12 }),
    })
    .map(({ kind, startSec, parts }): ReleaseSchedule => {
      let [atSec, cumulative] = [startSec, 0n];
      const steps = parts.map(([time, amount]) => {
        [atSec, cumulative] = [atSec + 1 + time, cumulative + amount];
        return { atSec, cumulative };
      });
      return { kind, total: cumulative, startSec, lockSec: 0, steps };
    }),
);

describe('a release', () => {
  it('never takes back, is between nothing and everything, and splits the total into free and locked', () => {
    fc.assert(
      fc.property(anySchedule, fc.nat(), fc.nat(), (schedule, one, another) => {
        const [early, late] = [Math.min(one, another), Math.max(one, another)];
        const [before, after] = [vestedAmount(schedule, early), vestedAmount(schedule, late)];
        expect(before >= 0n && before <= after && after <= schedule.total).toBe(true);
        expect(after + lockedAmount(schedule, late)).toBe(schedule.total);
      }),
    );
  });

  it('begins with nothing and ends with everything', () => {
    fc.assert(
      fc.property(anySchedule, (schedule) => {
        const { startSec, lockSec, total, steps } = schedule;
        const end = schedule.kind === 'LINEAR' ? startSec + 3 * lockSec : (steps.at(-1)?.atSec ?? 0);
        expect([vestedAmount(schedule, startSec - 1), vestedAmount(schedule, end)]).toEqual([0n, total]);
      }),
    );
  });

  it('is read back from its bytes as written', () => {
    fc.assert(
      fc.property(anySchedule, (schedule) => {
        expect(releaseScheduleCodec.decode(releaseScheduleCodec.encode(schedule))).toEqual(schedule);
      }),
    );
  });

  it('of an unknown kind is refused, naming the field', () => {
    const bytes = releaseScheduleCodec.encode({ kind: 'LINEAR', total: 1n, startSec: 2, lockSec: 3, steps: [] });
    expect(() => releaseScheduleCodec.decode(bytes.with(0, 3))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BYTES_INVALID', details: { field: 'kind' } }),
    );
  });
});
