import { type Address, equalBytes, type TransactionType } from '@mutual-chain/protocol';
import type { OwnFields } from '@mutual-chain/sdk';
import { cliError } from '../errors.ts';
import { optionName } from './operation-fields.ts';

type Side = 'from' | 'owner' | 'to' | 'lender' | 'borrower' | 'delegate';

/** The two accounts of an operation that have to be different ones, as the ledger demands it. */
const SIDES: Partial<Record<TransactionType, readonly [Side, Side]>> = {
  Transfer: ['from', 'to'],
  RequestTransfer: ['from', 'to'],
  DelegatedTransfer: ['owner', 'to'],
  RequestCredit: ['lender', 'borrower'],
  SetDelegate: ['from', 'delegate'],
};

/**
 * Refuses what every block would refuse and charge for, whatever the state: an operation with oneself on the other side. Errors:
 * `CLI_FIELD_INVALID`, naming the option.
 */
export function assertTwoAccounts<Type extends TransactionType>(type: Type, fields: OwnFields<Type>, from: Address): void {
  const sides = SIDES[type];
  if (sides === undefined) return;
  const [one, other] = sides;
  const values = { ...fields, from } as unknown as Readonly<Record<Side, Address>>;
  if (!equalBytes(values[one], values[other])) return;
  const problem = `--${optionName(other)} is the same account as --${optionName(one)}: name another one`;
  throw cliError('CLI_FIELD_INVALID', `${problem}. Blocks refuse it, and charge the fee.`, { field: other });
}
