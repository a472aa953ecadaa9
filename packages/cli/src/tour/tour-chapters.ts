import type { Address, Bytes32, TransactionType } from '@mutual-chain/protocol';
import type { Operation, OwnFields } from '@mutual-chain/sdk';
import type { TourChapter, TourView } from './tour-step.ts';

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
/** How long the request that nobody answers stays open, seconds: long enough to be seen. */
const FORGOTTEN_SEC = 5;
const NEW_LOT = new Uint8Array(32) as Bytes32;
const TERMS = '200.00 mUSD for 30 days, no interest';

/** An operation with its fields; which ones there are is up to the table of types. */
function does<Type extends TransactionType>(type: Type, fields: OwnFields<Type>): Operation {
  return { type, fields } as unknown as Operation;
}

const to = (view: TourView, name: Parameters<TourView['addressOf']>[0]): Address => view.addressOf(name) as Address;

/** Amount in the smallest unit of an asset with two digits. */
const cents = (whole: bigint): bigint => whole * 100n;

/** The story of a running network: every input of the table by members, gateway and scheduler. */
export const TOUR: readonly TourChapter[] = [
  {
    title: 'Deposit',
    text: 'A member announces money; the gateway sees it arrive at its bank and mints it: S0 –E01→ S1 –E03→ S5.',
    steps: [
      {
        who: 'alice',
        note: 'alice announces 1000.00 mUSD',
        opens: 'deposit',
        operation: ({ timeSec }) =>
          does('RequestDeposit', {
            lot: NEW_LOT,
            asset: 'mUSD',
            amount: cents(1000n),
            reference: 'wire 1001',
            expiresAt: timeSec + HOUR_SEC,
          }),
      },
      {
        who: 'alice',
        note: 'she amends it to 1200.00: revision 1',
        operation: (view) => {
          const { id } = view.lot('deposit');
          const expiresAt = view.timeSec + HOUR_SEC;
          return does('RequestDeposit', { lot: id as Bytes32, asset: 'mUSD', amount: cents(1200n), reference: 'wire 1001', expiresAt });
        },
      },
      {
        who: 'gateway',
        note: 'a confirmation of revision 0 comes too late',
        expected: 'STALE_REVISION',
        operation: (view) => {
          const { id } = view.lot('deposit');
          return does('ConfirmDeposit', { lot: id as Bytes32, revision: 0, amount: cents(1000n), externalRef: `bank ${view.timeSec} a` });
        },
      },
      {
        who: 'gateway',
        note: 'the gateway confirms what arrived',
        operation: (view) => {
          const { id, revision } = view.lot('deposit');
          return does('ConfirmDeposit', { lot: id as Bytes32, revision, amount: cents(1200n), externalRef: `bank ${view.timeSec} b` });
        },
      },
      {
        who: 'bob',
        note: 'bob announces 700.00 mUSD',
        opens: 'wrong deposit',
        operation: ({ timeSec }) =>
          does('RequestDeposit', {
            lot: NEW_LOT,
            asset: 'mUSD',
            amount: cents(700n),
            reference: 'wire 1002',
            expiresAt: timeSec + HOUR_SEC,
          }),
      },
      {
        who: 'gateway',
        note: 'nothing arrived, so the gateway rejects it',
        operation: (view) => {
          const { id, revision } = view.lot('wrong deposit');
          return does('RejectDeposit', { lot: id as Bytes32, revision, reason: 'no money arrived' });
        },
      },
    ],
  },
  {
    title: 'Transfer',
    text: 'At once where asset and payee allow it; otherwise as a request that the payee answers: S5 –E04→ S2 –E06→ S5.',
    steps: [
      {
        who: 'alice',
        note: 'mUSD moves at once',
        operation: (view) => does('Transfer', { to: to(view, 'bob'), asset: 'mUSD', amount: cents(120n), memo: 'dinner' }),
      },
      {
        who: 'alice',
        note: 'alice asks carol to accept 300.00 mUSD',
        opens: 'transfer',
        operation: (view) =>
          does('RequestTransfer', {
            ...{ lot: NEW_LOT, to: to(view, 'carol'), asset: 'mUSD', amount: cents(300n), memo: 'rent' },
            expiresAt: view.timeSec + HOUR_SEC,
          }),
      },
      {
        who: 'alice',
        note: 'and amends that to 260.00',
        operation: (view) => {
          const { id } = view.lot('transfer');
          return does('RequestTransfer', {
            ...{ lot: id as Bytes32, to: to(view, 'carol'), asset: 'mUSD', amount: cents(260n), memo: 'rent' },
            expiresAt: view.timeSec + HOUR_SEC,
          });
        },
      },
      {
        who: 'carol',
        note: 'carol takes 250.00 of it; the rest goes back',
        operation: (view) => {
          const { id, revision } = view.lot('transfer');
          return does('ConfirmTransfer', { lot: id as Bytes32, revision, amount: cents(250n) });
        },
      },
      {
        who: 'alice',
        note: 'alice asks dave to accept 40.00 mUSD',
        opens: 'rejected transfer',
        operation: (view) =>
          does('RequestTransfer', {
            ...{ lot: NEW_LOT, to: to(view, 'dave'), asset: 'mUSD', amount: cents(40n), memo: '' },
            expiresAt: view.timeSec + HOUR_SEC,
          }),
      },
      {
        who: 'dave',
        note: 'dave does not want it',
        operation: (view) => {
          const { id, revision } = view.lot('rejected transfer');
          return does('RejectTransfer', { lot: id as Bytes32, revision, reason: 'not mine' });
        },
      },
      {
        who: 'dave',
        note: 'nobody spends what he has not got',
        expected: 'INSUFFICIENT_BALANCE',
        operation: (view) => does('Transfer', { to: to(view, 'bob'), asset: 'mUSD', amount: cents(1_000_000n), memo: '' }),
      },
    ],
  },
  {
    title: 'Credit',
    text: 'A borrower applies, the lender agrees to the same terms, and there is a debt: S5 –E07→ S3 –E09→ S5.',
    steps: [
      {
        who: 'bob',
        note: 'bob applies to carol for 900.00 mUSD',
        opens: 'refused credit',
        operation: (view) =>
          does('RequestCredit', {
            ...{ lot: NEW_LOT, lender: to(view, 'carol'), borrower: to(view, 'bob'), asset: 'mUSD', amount: cents(900n) },
            ...{ termsHash: view.hash(TERMS) as Bytes32, dueAt: view.timeSec + 30 * DAY_SEC, expiresAt: view.timeSec + HOUR_SEC },
          }),
      },
      {
        who: 'carol',
        note: 'that is too much for her',
        operation: (view) => {
          const { id, revision } = view.lot('refused credit');
          return does('RejectCredit', { lot: id as Bytes32, revision, reason: 'too much' });
        },
      },
      {
        who: 'carol',
        note: 'she offers 200.00 instead: the money is held at once',
        opens: 'credit',
        operation: (view) =>
          does('RequestCredit', {
            ...{ lot: NEW_LOT, lender: to(view, 'carol'), borrower: to(view, 'bob'), asset: 'mUSD', amount: cents(200n) },
            ...{ termsHash: view.hash(TERMS) as Bytes32, dueAt: view.timeSec + 30 * DAY_SEC, expiresAt: view.timeSec + HOUR_SEC },
          }),
      },
      {
        who: 'bob',
        note: 'bob agrees: he has the money, and a debt',
        operation: (view) => {
          const { id, revision } = view.lot('credit');
          return does('ConfirmCredit', { lot: id as Bytes32, revision, termsHash: view.hash(TERMS) as Bytes32 });
        },
      },
      {
        who: 'bob',
        note: 'bob repays all of it',
        operation: (view) => does('RepayCredit', { debt: view.lot('credit').id as Bytes32, amount: cents(200n) }),
      },
    ],
  },
  {
    title: 'Withdrawal',
    text: 'A member asks for money outside; the gateway pays and says so: S5 –E10→ S4 –E12→ S6.',
    steps: [
      {
        who: 'bob',
        note: 'bob wants 50.00 mUSD on his account at the bank',
        opens: 'wrong withdrawal',
        operation: ({ timeSec }) =>
          does('RequestWithdrawal', {
            ...{ lot: NEW_LOT, asset: 'mUSD', amount: cents(50n), destination: 'IBAN CH00', expiresAt: timeSec + HOUR_SEC },
          }),
      },
      {
        who: 'gateway',
        note: 'there is no such account',
        operation: (view) => {
          const { id, revision } = view.lot('wrong withdrawal');
          return does('RejectWithdrawal', { lot: id as Bytes32, revision, reason: 'unknown account' });
        },
      },
      {
        who: 'bob',
        note: 'so he tries again',
        opens: 'withdrawal',
        operation: ({ timeSec }) =>
          does('RequestWithdrawal', {
            ...{ lot: NEW_LOT, asset: 'mUSD', amount: cents(50n), destination: 'IBAN CH93', expiresAt: timeSec + HOUR_SEC },
          }),
      },
      {
        who: 'gateway',
        note: 'the gateway has paid',
        operation: (view) => {
          const { id, revision } = view.lot('withdrawal');
          return does('ConfirmWithdrawal', { lot: id as Bytes32, revision, externalRef: `payout ${view.timeSec}` });
        },
      },
    ],
  },
  {
    title: 'Expiry',
    text: `A request that nobody answers for ${FORGOTTEN_SEC} seconds is ended by the system itself.`,
    awaits: 'forgotten transfer',
    steps: [
      {
        who: 'alice',
        note: 'alice asks dave to accept 10.00 mUSD, and dave is away',
        opens: 'forgotten transfer',
        operation: (view) =>
          does('RequestTransfer', {
            ...{ lot: NEW_LOT, to: to(view, 'dave'), asset: 'mUSD', amount: cents(10n), memo: '' },
            expiresAt: view.timeSec + FORGOTTEN_SEC,
          }),
      },
    ],
  },
];
