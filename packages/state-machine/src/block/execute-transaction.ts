import { assertInvariant, type Receipt, type ResultCode, type VerifiedTransaction } from '@mutual-chain/protocol';
import { accountOf } from '../ledger/accounts.ts';
import { operationOf } from '../modules/registry.ts';
import { accountTable } from '../state/tables.ts';
import type { Execution } from './execution.ts';
import { chargeFee, type FeeDue } from './fees.ts';

/**
 * Applies one includable transaction: fee, nonce, then the operation if its check allows. An operation that is not allowed changes
 * nothing more; its code stands in the receipt.
 */
export function executeTransaction(execution: Execution, transaction: VerifiedTransaction, index: number, due: FeeDue): Receipt {
  const { from } = transaction.message;
  execution.transactionId = transaction.id;
  execution.transactionIndex = index;
  execution.actor = from;
  const firstRecord = execution.records.length;
  chargeFee(execution, due);
  const account = accountOf(execution, from);
  execution.state.set(accountTable, from, { ...account, nonce: account.nonce + 1 });
  const code = runOperation(execution, transaction);
  return { code, feePaid: due.fee, feePayer: due.payer, firstRecord, records: execution.records.length - firstRecord };
}

/** Checks and, if allowed, executes the operation of a transaction's type. */
function runOperation(execution: Execution, transaction: VerifiedTransaction): ResultCode {
  const operation = operationOf(transaction.type);
  assertInvariant(operation !== undefined, `transaction type ${transaction.type} has an operation`);
  const code = operation.check(execution, transaction.message, transaction);
  if (code === 'OK') operation.execute(execution, transaction.message, transaction);
  return code;
}
