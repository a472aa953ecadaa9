import { INPUTS, type Input, type LotId, STATES, type State, type TransactionType, transition } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { askCredit, askDeposit, askTransfer, askWithdrawal, fund, lotField, TERMS } from './support/requests.ts';
import { addressOf, type OwnFields, TestChain } from './support/test-chain.ts';

/*
 * Goal (D14): every one of the 84 pairs of state and input, at the level of transactions by senders with authority. The 67 undefined ones
 * answer DFSM_ILLEGAL and touch nothing but the sender's nonce; the defined ones apply to open requests, and to closed lots not at all.
 * Method: one lot in each state, made by transactions alone.
 */

type Lots = Readonly<Record<State, LotId>>;

const chainWithLots = (): { readonly chain: TestChain; readonly lots: Lots } => {
  const chain = new TestChain();
  fund(chain, 'alice', 1000n);
  fund(chain, 'bob', 1000n);
  const rejected = askDeposit(chain, 'alice').id;
  chain.run('gateway', 'RejectDeposit', { lot: lotField(rejected), revision: 0, reason: 'no money' });
  const accepted = askTransfer(chain).id;
  chain.run('bob', 'ConfirmTransfer', { lot: lotField(accepted), revision: 0, amount: 40n });
  const paid = askWithdrawal(chain).id;
  chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(paid), revision: 0, externalRef: 'out-1' });
  const lots: Lots = {
    S0: rejected,
    S1: askDeposit(chain, 'alice').id,
    S2: askTransfer(chain).id,
    S3: askCredit(chain, 'alice').id,
    S4: askWithdrawal(chain).id,
    S5: accepted,
    S6: paid,
  };
  return { chain, lots };
};

type Submission = { readonly name: string; readonly type: TransactionType; readonly fields: object };

/** The transaction by which somebody with authority submits an input to a lot. */
const submit = (input: Input, chain: TestChain, id: LotId): Submission => {
  const lot = lotField(id);
  const quoted = { lot, revision: 0 };
  const terms = { lot, asset: 'mUSD', amount: 30n, expiresAt: 0 };
  const parties = { lender: addressOf('alice'), borrower: addressOf('bob') };
  const submissions: Readonly<Record<Input, Submission>> = {
    E01: { name: 'alice', type: 'RequestDeposit', fields: { ...terms, reference: '' } },
    E02: { name: 'gateway', type: 'RejectDeposit', fields: { ...quoted, reason: 'no' } },
    E03: { name: 'gateway', type: 'ConfirmDeposit', fields: { ...quoted, amount: 30n, externalRef: 'in-x' } },
    E04: { name: 'alice', type: 'RequestTransfer', fields: { ...terms, to: addressOf('bob'), memo: '' } },
    E05: { name: 'bob', type: 'RejectTransfer', fields: { ...quoted, reason: 'no' } },
    E06: { name: 'bob', type: 'ConfirmTransfer', fields: { ...quoted, amount: 30n } },
    E07: { name: 'alice', type: 'RequestCredit', fields: { ...terms, ...parties, termsHash: TERMS, dueAt: chain.nowSec + 1000 } },
    E08: { name: 'bob', type: 'RejectCredit', fields: { ...quoted, reason: 'no' } },
    E09: { name: 'bob', type: 'ConfirmCredit', fields: { ...quoted, termsHash: TERMS } },
    E10: { name: 'alice', type: 'RequestWithdrawal', fields: { ...terms, destination: 'IBAN 2' } },
    E11: { name: 'gateway', type: 'RejectWithdrawal', fields: { ...quoted, reason: 'no' } },
    E12: { name: 'gateway', type: 'ConfirmWithdrawal', fields: { ...quoted, externalRef: 'out-x' } },
  };
  return submissions[input];
};

const run = (chain: TestChain, { name, type, fields }: Submission) =>
  chain.run(name, type as 'RequestDeposit', fields as OwnFields<'RequestDeposit'>);

const pairs = STATES.flatMap((state) => INPUTS.map((input) => [state, input] as const));
const isOpen = (state: State): boolean => state === 'S1' || state === 'S2' || state === 'S3' || state === 'S4';
const illegal = pairs.filter(([state, input]) => transition(state, input) === undefined);
const legal = pairs.filter(([state, input]) => transition(state, input) !== undefined);

test('there are 84 pairs, 67 undefined and 17 defined, 12 of them on open requests', () => {
  expect([pairs.length, illegal.length, legal.length, legal.filter(([state]) => isOpen(state)).length]).toEqual([84, 67, 17, 12]);
});

describe('undefined', () => {
  const { chain, lots } = chainWithLots();
  test.each(illegal)('%s %s answers DFSM_ILLEGAL and changes nothing', (state, input) => {
    const submission = submit(input, chain, lots[state]);
    const before = chain.entriesBut(submission.name);
    const { code, records } = run(chain, submission);
    expect([code, records, chain.lot(lots[state])?.state]).toEqual(['DFSM_ILLEGAL', [], Number(state[1])]);
    expect(chain.entriesBut(submission.name)).toEqual(before);
  });
});

describe('defined on an open request', () => {
  test.each(legal.filter(([state]) => isOpen(state)))('%s %s applies and records the state before', (state, input) => {
    const { chain, lots } = chainWithLots();
    const { code, records } = run(chain, submit(input, chain, lots[state]));
    const next = Number(transition(state, input)?.[1]);
    expect([code, records[0]?.slice(0, 6), chain.lot(lots[state])?.state]).toEqual(['OK', `${state} ${input}`, next]);
  });
});

describe('defined, but the lot is closed', () => {
  test.each(legal.filter(([state]) => !isOpen(state)))('%s %s finds no request to amend', (state, input) => {
    const { chain, lots } = chainWithLots();
    const submission = submit(input, chain, lots[state]);
    const before = chain.entriesBut(submission.name);
    expect(run(chain, submission)).toMatchObject({ code: 'UNKNOWN_LOT', records: [] });
    expect(chain.entriesBut(submission.name)).toEqual(before);
  });
});
