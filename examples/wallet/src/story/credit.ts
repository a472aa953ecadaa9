import { type Bytes32, encodeUtf8, referenceCryptography } from '@mutual-chain/protocol';
import { addressOf } from '../accounts.ts';
import { cents } from '../money.ts';
import { NEW_LOT, type Plan } from '../plan.ts';

const DAY_SEC = 86_400;

/** Both sides keep the text; the chain keeps its hash. */
function termsHash(text: string): Bytes32 {
  return referenceCryptography.sha256(encodeUtf8(text)) as Bytes32;
}

/** Members lend to each other: E07, and E08 or E09. */
export function credit(plan: Plan): void {
  plan.chapter(
    'Credit',
    'A lender offers or a borrower applies; the other side agrees to the same terms: S5 –E07→ S3 –E09→ S5, and a debt.',
  );
  const terms = termsHash('500.00 mUSD for 30 days, no interest');
  const dueAt = plan.nowSec + 30 * DAY_SEC;
  const base = { lot: NEW_LOT, asset: 'mUSD', termsHash: terms, dueAt, expiresAt: 0 } as const;
  const offer = plan.send(
    'carol',
    'RequestCredit',
    { ...base, lender: addressOf('carol'), borrower: addressOf('alice'), amount: cents('500') },
    { note: 'carol offers alice 500.00 mUSD: the money is held at once' },
  );
  const application = plan.send(
    'bob',
    'RequestCredit',
    { ...base, lender: addressOf('dave'), borrower: addressOf('bob'), amount: cents('200') },
    { note: 'bob applies to dave for 200.00 mUSD: nothing is held' },
  );
  const refused = plan.send(
    'erin',
    'RequestCredit',
    { ...base, lender: addressOf('frank'), borrower: addressOf('erin'), amount: cents('9000') },
    { note: 'erin applies to frank for 9000.00 mUSD' },
  );
  const withdrawn = plan.send(
    'frank',
    'RequestCredit',
    { ...base, lender: addressOf('frank'), borrower: addressOf('bob'), amount: cents('50') },
    { note: 'frank offers bob 50.00 mUSD' },
  );
  plan.send(
    'alice',
    'RequestCredit',
    { ...base, lender: addressOf('carol'), borrower: addressOf('bob'), amount: cents('1') },
    { note: 'alice proposes a credit between two others', expected: 'NOT_PERMITTED' },
  );

  plan.block();
  plan.send(
    'alice',
    'ConfirmCredit',
    { lot: offer, revision: 0, termsHash: termsHash('500.00 mUSD for ever') },
    { note: 'alice agrees to other terms', expected: 'TERMS_MISMATCH' },
  );
  plan.send(
    'alice',
    'ConfirmCredit',
    { lot: offer, revision: 0, termsHash: terms },
    { note: 'alice agrees: she has the money and a debt' },
  );
  plan.send(
    'bob',
    'ConfirmCredit',
    { lot: application, revision: 0, termsHash: terms },
    { note: 'bob cannot grant himself what he applied for', expected: 'NOT_PERMITTED' },
  );
  plan.send('dave', 'ConfirmCredit', { lot: application, revision: 0, termsHash: terms }, { note: 'dave lends: the money moves now' });
  plan.send(
    'frank',
    'ConfirmCredit',
    { lot: refused, revision: 0, termsHash: terms },
    { note: 'frank has not got that much', expected: 'INSUFFICIENT_BALANCE' },
  );
  plan.send('frank', 'RejectCredit', { lot: refused, revision: 0, reason: 'too much' }, { note: 'so he declines' });
  plan.send('frank', 'RejectCredit', { lot: withdrawn, revision: 0, reason: 'taken back' }, { note: 'and takes his own offer back' });

  plan.block();
  plan.send('alice', 'RepayCredit', { debt: offer, amount: cents('200') }, { note: 'alice repays 200.00 of 500.00' });
  plan.send(
    'bob',
    'RepayCredit',
    { debt: application, amount: cents('201') },
    { note: 'nobody repays more than is owed', expected: 'AMOUNT_INVALID' },
  );
  plan.send('bob', 'RepayCredit', { debt: application, amount: cents('200') }, { note: 'bob repays everything' });
  plan.send('dave', 'RepayCredit', { debt: offer, amount: cents('1') }, { note: 'not the debt of dave', expected: 'NOT_PERMITTED' });
}
