import { type AccountName, addressOf, MEMBERS } from '../accounts.ts';
import type { Plan } from '../plan.ts';

const BLOCKS = 12;
const PAYMENTS_PER_BLOCK = 20;

/** Many payments in a row, all of them planned: who pays whom how much follows from their number. */
export function trade(plan: Plan): void {
  plan.chapter('A day of trade', `${BLOCKS} blocks with ${PAYMENTS_PER_BLOCK} payments of six members each, and their confirms.`, 60);
  let waiting: { readonly payee: AccountName; readonly lot: ReturnType<Plan['send']>; readonly amount: bigint }[] = [];
  for (let round = 0; round < BLOCKS; round++) {
    if (round > 0) plan.block();
    for (const { payee, lot, amount } of waiting) plan.send(payee, 'ConfirmTransfer', { lot, revision: 0, amount });
    waiting = [];
    for (let index = 0; index < PAYMENTS_PER_BLOCK; index++) {
      const number = round * PAYMENTS_PER_BLOCK + index;
      const payer = memberAt(number);
      const payee = memberAt(number + 1 + (number % (MEMBERS.length - 1)));
      const memo = `payment ${number + 1}`;
      if (number % 10 === 4 && payer !== 'frank') {
        const amount = BigInt(100 + number);
        waiting.push({ payee, amount, lot: plan.send(payer, 'Transfer', { to: addressOf(payee), asset: 'mBOND', amount, memo }) });
      } else if (number % 3 === 0 || payer === 'frank') {
        const amount = 10n ** 15n * BigInt(1 + (number % 97));
        plan.send(payer, 'Transfer', { to: addressOf(payee), asset: 'MTN', amount, memo });
      } else {
        plan.send(payer, 'Transfer', { to: addressOf(payee), asset: 'mUSD', amount: BigInt(25 + ((number * 37) % 300)), memo });
      }
    }
  }
  plan.block();
  for (const { payee, lot, amount } of waiting) plan.send(payee, 'ConfirmTransfer', { lot, revision: 0, amount });
}

function memberAt(number: number): AccountName {
  return MEMBERS[number % MEMBERS.length] as AccountName;
}
