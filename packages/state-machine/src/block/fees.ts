import {
  type Address,
  allocate,
  assertInvariant,
  feeOf,
  type LotId,
  NATIVE_ASSET,
  type ResultCode,
  type ValidatorSet,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import { availableOf, creditHolding, debitHolding } from '../ledger/holdings.ts';
import { feeEscrow } from '../ledger/known-addresses.ts';
import { moveNow } from '../ledger/movement.ts';
import { splitLotId } from '../ledger/split-lot.ts';
import { chainStatusTable } from '../state/tables.ts';
import type { Execution } from './execution.ts';

/** What a transaction costs and who pays: its sender, or the sponsor who has signed for it. MTN base units. */
export type FeeDue = { readonly fee: bigint; readonly payer: Address };

/** The fee of a transaction under the parameters in force: by its type, plus its bytes. */
export function feeDue(execution: Execution, transaction: VerifiedTransaction): FeeDue {
  const fee = feeOf(execution.parameters, transaction.type, transaction.bytes.length);
  return { fee, payer: transaction.sponsor?.address ?? transaction.message.from };
}

/** Whether the signed cap covers the fee and the payer has it. */
export function checkFee(execution: Execution, transaction: VerifiedTransaction, { fee, payer }: FeeDue): ResultCode {
  if (transaction.message.maxFee < fee) return 'FEE_TOO_LOW';
  return fee > 0n && availableOf(execution, payer, NATIVE_ASSET) < fee ? 'INSUFFICIENT_FEE_BALANCE' : 'OK';
}

/** Takes the fee into the block's pot, whatever is frozen. The receipt is its evidence; what leaves the pot is recorded like every movement. */
export function chargeFee(execution: Execution, due: FeeDue): void {
  debitHolding(execution, due.payer, NATIVE_ASSET, due.fee);
  execution.feePot += due.fee;
}

/** Who shares the pot, in order: validators' operators by power, treasury, audit. */
type Share = { readonly to: Address; readonly weight: bigint; readonly action: string };

/**
 * Pays the pot out at the end of a block: validators, treasury and audit by their parameters, validators among them by power. Freezes do not
 * matter: they govern what somebody asks for, and nobody asks for this.
 */
export function distributeFees(execution: Execution, validators: ValidatorSet): void {
  if (execution.feePot === 0n) return;
  const pot = execution.feePot;
  const escrow = feeEscrow(execution.chain.cryptography);
  execution.feePot = 0n;
  creditHolding(execution, escrow, NATIVE_ASSET, pot);
  shareOut(execution, pot, validators).forEach(({ to, weight: amount, action }, index) => {
    if (amount === 0n) return;
    const lot = splitLotId(execution.chain.cryptography, heightId(execution.height), index);
    moveNow(execution, { lot: lot as Uint8Array as LotId, from: escrow, to, asset: NATIVE_ASSET, amount, product: 'fees', action });
  });
}

function shareOut(execution: Execution, pot: bigint, validators: ValidatorSet): Share[] {
  const { parameters } = execution;
  const status = execution.state.get(chainStatusTable, undefined);
  assertInvariant(status !== undefined, 'the chain has a status');
  const [forValidators = 0n, forTreasury = 0n, forAudit = 0n] = allocate(pot, [
    BigInt(parameters.feeShareValidatorsBps),
    BigInt(parameters.feeShareTreasuryBps),
    BigInt(parameters.feeShareAuditBps),
  ]);
  const byPower = allocate(
    forValidators,
    validators.validators.map((validator) => validator.power),
  );
  return [
    ...validators.validators.map((validator, index) => ({ to: validator.operator, weight: byPower[index] ?? 0n, action: 'validator' })),
    { to: status.treasury, weight: forTreasury, action: 'treasury' },
    { to: status.audit, weight: forAudit, action: 'audit' },
  ];
}

/** 32 bytes naming a height, for ids of what the block itself moves. */
function heightId(height: number): Uint8Array {
  const id = new Uint8Array(32);
  new DataView(id.buffer).setBigUint64(24, BigInt(height));
  return id;
}
