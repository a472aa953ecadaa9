import { addressOf } from '../accounts.ts';
import { mtn } from '../money.ts';
import type { Plan } from '../plan.ts';

const DAY_SEC = 86_400;

/** Day after genesis on which the founders look again: one day after their lock of a year has ended. */
const DAY = 366;

/** What the founders may move on that day: one 730th of their 80 000 000 MTN, rounded down. */
const VESTED = mtn('109589.041095890410958904');

/** MTN of the founders is locked for a year and then released evenly over two. */
export function release(plan: Plan, genesisTimeMs: number): void {
  plan.chapter(
    'Locked MTN',
    `The founders' MTN is locked for a year, then released evenly over two. The sponsor of their fees is the presale account.`,
  );
  const pay = { to: addressOf('alice'), asset: 'MTN', memo: '' };
  plan.send(
    'founders',
    'Transfer',
    { ...pay, amount: 1n },
    {
      note: 'not one base unit on the first day',
      sponsor: 'presale',
      expected: 'INSUFFICIENT_BALANCE',
    },
  );
  plan.blockAt(Math.floor(genesisTimeMs / 1000) + DAY * DAY_SEC);
  plan.send(
    'founders',
    'Transfer',
    { ...pay, amount: VESTED + 1n },
    {
      note: `on day ${DAY} they may move 109 589.041095890410958904 MTN; one base unit more is refused`,
      sponsor: 'presale',
      expected: 'INSUFFICIENT_BALANCE',
    },
  );
  plan.send('founders', 'Transfer', { ...pay, amount: VESTED }, { note: 'and exactly that much is not', sponsor: 'presale' });
}
