import { assertInvariant, type ResultCode } from '@mutual-chain/protocol';

type Advice = { readonly field: string; readonly remedy: string };

/**
 * Why a transaction is not taken: the result codes that a ledger gives before execution, and those of the mempool itself. Codes are stable:
 * appended, never renamed.
 *
 * `field` is the field of the message that the code is about, `transaction` where it is about all of it.
 */
export const ADMISSION_REFUSALS = {
  MALFORMED: { field: 'transaction', remedy: 'Send the canonical bytes of a transaction.' },
  BAD_SIGNATURE: { field: 'signature', remedy: 'Sign the message with the key of `from`, and the fee with that of the sponsor.' },
  WRONG_CHAIN: { field: 'domain', remedy: 'Sign for the chain id and the genesis hash of this chain.' },
  EXPIRED: { field: 'validUntil', remedy: "Set `validUntil` after the tip's time and within the allowed window, and sign again." },
  NONCE_TOO_LOW: { field: 'nonce', remedy: "Sign again with the account's pending nonce." },
  NONCE_TOO_HIGH: { field: 'nonce', remedy: 'Send the transactions with the nonces before this one first.' },
  NONCE_TAKEN: {
    field: 'nonce',
    remedy:
      'Another transaction of the account has this nonce and cannot be replaced: wait until it is committed or expired, or take the next nonce.',
  },
  FEE_TOO_LOW: { field: 'maxFee', remedy: 'Raise `maxFee` to the fee of this operation.' },
  INSUFFICIENT_FEE_BALANCE: { field: 'maxFee', remedy: 'Give the payer enough MTN for the fees of all its pending transactions.' },
  NOT_PERMITTED: { field: 'from', remedy: 'Let an account act that has the authority.' },
  LEVEL_TOO_LOW: { field: 'from', remedy: "Have the registrar raise or renew the sender's level." },
  FROZEN: { field: 'from', remedy: 'Wait until the freeze is lifted.' },
  MEMPOOL_FULL: { field: 'transaction', remedy: 'Send it again later, or to another node.' },
  MEMPOOL_ACCOUNT_FULL: { field: 'from', remedy: 'Wait until some of the pending transactions of the account are committed.' },
  MEMPOOL_NOT_DURABLE: { field: 'transaction', remedy: 'Send it to another node: the disk of this one is full.' },
  MEMPOOL_STOPPED: { field: 'transaction', remedy: 'Send it to another node: this one does not run.' },
  MEMPOOL_BUSY: { field: 'transaction', remedy: 'Send it again in a second: too many signatures wait to be verified.' },
} as const;

/** A code of `ADMISSION_REFUSALS`. */
export type AdmissionCode = keyof typeof ADMISSION_REFUSALS;

/** A refusal: what is wrong, where, and what to do. */
export type Refusal = { readonly code: AdmissionCode } & Advice;

/** The refusal for a code. */
export function refusalOf(code: AdmissionCode): Refusal {
  return { code, ...ADMISSION_REFUSALS[code] };
}

/** The refusal for what the ledger said. Errors: `InvariantError` for a code that is decided in blocks only. */
export function ledgerRefusal(code: ResultCode): Refusal {
  assertInvariant(code in ADMISSION_REFUSALS, `${code} is decided in a block, not at admission`);
  return refusalOf(code as AdmissionCode);
}

/** Whether a peer that sends this broke the rules: it does not depend on the state, so an honest peer would not have forwarded it. */
export function isPeerFault({ code }: Refusal): boolean {
  return code === 'MALFORMED' || code === 'BAD_SIGNATURE';
}
