import type { Address, Bytes32, Signature, TransactionId } from '../bytes/branded.ts';
import type { COMMON_FIELDS, TRANSACTION_TYPES } from './transaction-types.ts';

/** Name of a transaction type: the EIP-712 primary type. */
export type TransactionType = keyof typeof TRANSACTION_TYPES;

/** EIP-712 kinds that fields of transactions use. */
export type FieldKind = 'address' | 'address[]' | 'bool' | 'bytes' | 'bytes32' | 'string' | 'uint8' | 'uint32' | 'uint64' | 'uint256';

/** One field of a transaction type. `maxBytes` for `string` and `bytes`, `maxItems` for lists. */
export type FieldDefinition = {
  readonly name: string;
  readonly kind: FieldKind;
  readonly maxBytes?: number;
  readonly maxItems?: number;
};

/** The TypeScript type of each field kind; hex and decimal strings exist only in the JSON form. */
export type FieldValue = {
  readonly address: Address;
  readonly 'address[]': readonly Address[];
  readonly bool: boolean;
  readonly bytes: Uint8Array;
  readonly bytes32: Bytes32;
  readonly string: string;
  readonly uint8: number;
  readonly uint32: number;
  readonly uint64: number;
  readonly uint256: bigint;
};

type ValuesOf<Fields extends readonly FieldDefinition[]> = {
  readonly [Field in Fields[number] as Field['name']]: FieldValue[Field['kind']];
};

/** The fields every message has: `from`, `nonce`, `validUntil` (unix seconds), `maxFee` (MTN base units). */
export type CommonFields = ValuesOf<typeof COMMON_FIELDS>;

/** The message of one transaction type: the common four fields, then its own. */
export type TransactionMessage<Type extends TransactionType> = CommonFields & ValuesOf<(typeof TRANSACTION_TYPES)[Type]['fields']>;

/** Somebody else's promise to pay the fee: a signature of `SponsorFee(bytes32 transaction, uint256 maxFee)` over the message's digest and its `maxFee`. */
export type FeeSponsor = { readonly address: Address; readonly signature: Signature };

/** A message with its type, not signed yet. Discriminated by `type`. */
export type UnsignedTransaction<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: { readonly type: Each; readonly message: TransactionMessage<Each> };
}[Type];

/** A signed transaction as decoded; nothing about its signature has been checked yet. Discriminated by `type`. */
export type SignedTransaction<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: {
    readonly type: Each;
    readonly message: TransactionMessage<Each>;
    readonly signature: Signature;
    readonly sponsor?: FeeSponsor;
  };
}[Type];

declare const verified: unique symbol;

/**
 * A transaction whose signature (and sponsor's signature, if any) recovered to the stated address for this chain.
 *
 * Only `verifyTransaction` makes one. `id` is SHA-256 of the signed bytes; `bytes` is the raw form that blocks carry.
 */
export type VerifiedTransaction<Type extends TransactionType = TransactionType> = SignedTransaction<Type> & {
  readonly id: TransactionId;
  readonly bytes: Uint8Array;
  readonly [verified]: true;
};
