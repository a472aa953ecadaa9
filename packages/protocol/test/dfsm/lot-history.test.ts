import { describe, expect, it } from 'vitest';
import type { Input } from '../../src/dfsm/inputs.ts';
import { verifyLotHistory } from '../../src/dfsm/lot-history.ts';
import type { State } from '../../src/dfsm/states.ts';
import type { LedgerRecord } from '../../src/record/ledger-record.ts';

/* Goal: an auditor's check of one lot accepts what the ledger can do and nothing else. Method: short histories, good and bad. */

type Step = readonly [state: State, input: Input, change?: Partial<LedgerRecord['transaction']> & { parentLot?: number }];

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill) as never;

function historyOf(steps: readonly Step[]): LedgerRecord[] {
  return steps.map(([state, input, { parentLot = 0, ...change } = {}]) => ({
    state,
    input,
    transaction: {
      lot: bytes(32, 1),
      asset: 'mUSD',
      amount: 5n,
      from: bytes(20, 1),
      to: bytes(20, 2),
      revision: 0,
      actor: bytes(20, 1),
      txId: bytes(32, 3),
      height: 4,
      index: 0,
      ...change,
    },
    business: { product: '', productId: bytes(32, 0), action: '', reason: '', memo: '', externalRef: '', parentLot: bytes(32, parentLot) },
  }));
}

describe('verifyLotHistory', () => {
  it.each<[string, readonly Step[]]>([
    [
      'a first deposit',
      [
        ['S0', 'E01'],
        ['S1', 'E03'],
      ],
    ],
    [
      'a rejected top-up',
      [
        ['S5', 'E01'],
        ['S1', 'E02'],
      ],
    ],
    [
      'a transfer',
      [
        ['S5', 'E04'],
        ['S2', 'E06'],
      ],
    ],
    [
      'a transfer amended twice',
      [
        ['S5', 'E04'],
        ['S2', 'E04', { revision: 1 }],
        ['S2', 'E04', { revision: 2 }],
        ['S2', 'E05', { revision: 2 }],
      ],
    ],
    [
      'a credit',
      [
        ['S5', 'E07'],
        ['S3', 'E07', { revision: 1 }],
        ['S3', 'E09', { revision: 1 }],
      ],
    ],
    [
      'a withdrawal',
      [
        ['S5', 'E10'],
        ['S4', 'E12', { height: 9 }],
      ],
    ],
    ['the rest of a partial confirm', [['S2', 'E05', { parentLot: 7, revision: 3 }]]],
    [
      'a request resolved later in its block, and one resolved at the start of the next',
      [
        ['S5', 'E04', { index: 3 }],
        ['S2', 'E06', { index: 7 }],
        ['S5', 'E04', { index: 9 }],
        ['S2', 'E05', { height: 5 }],
      ],
    ],
    [
      'a lot that is used again from S5',
      [
        ['S5', 'E04'],
        ['S2', 'E05'],
        ['S5', 'E10'],
        ['S4', 'E11'],
      ],
    ],
  ])('accepts %s', (_name, steps) => {
    expect(verifyLotHistory(historyOf(steps))).toEqual({ ok: true });
  });

  it.each<[string, readonly Step[], string, number]>([
    ['nothing', [], 'EMPTY', 0],
    ['an opening in S2 without a parent', [['S2', 'E06']], 'OPENING_STATE_WRONG', 0],
    ['an opening with a revision', [['S5', 'E04', { revision: 1 }]], 'OPENING_STATE_WRONG', 0],
    ['a split lot that opens in S5 with a revision', [['S5', 'E04', { parentLot: 7, revision: 2 }]], 'OPENING_STATE_WRONG', 0],
    ['a split lot that opens in S6', [['S6', 'E04', { parentLot: 7 }]], 'OPENING_STATE_WRONG', 0],
    ['an input that δ does not have', [['S5', 'E06']], 'TRANSITION_ILLEGAL', 0],
    [
      'a state that does not follow',
      [
        ['S5', 'E04'],
        ['S4', 'E12'],
      ],
      'STATE_WRONG',
      1,
    ],
    [
      'anything after S6',
      [
        ['S5', 'E10'],
        ['S4', 'E12'],
        ['S6', 'E01'],
      ],
      'TRANSITION_ILLEGAL',
      2,
    ],
    [
      'an amendment without a new revision',
      [
        ['S5', 'E04'],
        ['S2', 'E04'],
      ],
      'REVISION_WRONG',
      1,
    ],
    [
      'an amendment that skips a revision',
      [
        ['S5', 'E04'],
        ['S2', 'E04', { revision: 2 }],
      ],
      'REVISION_WRONG',
      1,
    ],
    [
      'a confirm of another revision',
      [
        ['S5', 'E04'],
        ['S2', 'E06', { revision: 1 }],
      ],
      'REVISION_WRONG',
      1,
    ],
    [
      'a revision that falls',
      [
        ['S5', 'E04'],
        ['S2', 'E04', { revision: 1 }],
        ['S2', 'E06', { revision: 0 }],
      ],
      'REVISION_WRONG',
      2,
    ],
    [
      'a height that falls',
      [
        ['S5', 'E04'],
        ['S2', 'E06', { height: 3 }],
      ],
      'ORDER_WRONG',
      1,
    ],
    [
      'a position that falls within a block',
      [
        ['S5', 'E04', { index: 2 }],
        ['S2', 'E06', { index: 1 }],
      ],
      'ORDER_WRONG',
      1,
    ],
    [
      'another lot',
      [
        ['S5', 'E04'],
        ['S2', 'E06', { lot: bytes(32, 9) }],
      ],
      'OTHER_LOT',
      1,
    ],
    [
      'another asset',
      [
        ['S5', 'E04'],
        ['S2', 'E06', { asset: 'mCNY' }],
      ],
      'OTHER_ASSET',
      1,
    ],
  ])('refuses %s', (_name, steps, fault, position) => {
    expect(verifyLotHistory(historyOf(steps))).toEqual({ ok: false, fault, position });
  });
});
