import type { FieldDefinition, TransactionType } from './transaction.ts';
import type { COMMON_FIELDS, TRANSACTION_TYPES } from './transaction-types.ts';

/** The JSON type of each field kind: bytes in 0x hex, numbers of 64 bits and more in decimal digits. */
export type FieldJson = {
  readonly address: string;
  readonly 'address[]': readonly string[];
  readonly bool: boolean;
  readonly bytes: string;
  readonly bytes32: string;
  readonly string: string;
  readonly uint8: number;
  readonly uint32: number;
  readonly uint64: string;
  readonly uint256: string;
};

type JsonOf<Fields extends readonly FieldDefinition[]> = {
  readonly [Field in Fields[number] as Field['name']]: FieldJson[Field['kind']];
};

/** The JSON form of a message. */
export type MessageJson<Type extends TransactionType> = JsonOf<typeof COMMON_FIELDS> & JsonOf<(typeof TRANSACTION_TYPES)[Type]['fields']>;

/** The JSON form of a message as it is accepted: numbers of 64 bits may also be JSON numbers while they are safe integers. */
export type MessageJsonInput<Type extends TransactionType> = {
  readonly [Name in keyof MessageJson<Type>]: MessageJson<Type>[Name] | (Name extends Uint64Name<Type> ? number : never);
};

type FieldOf<Type extends TransactionType> = (typeof COMMON_FIELDS)[number] | (typeof TRANSACTION_TYPES)[Type]['fields'][number];
type Uint64Name<Type extends TransactionType> = Extract<FieldOf<Type>, { readonly kind: 'uint64' }>['name'];

/** The JSON form of a typed-data domain. */
export type DomainJson = {
  readonly name: string;
  readonly version: string;
  /** Number of the chain. */
  readonly chainId: number;
  /** Genesis hash in hex. */
  readonly salt: string;
};

/** The JSON form of a message with its type, not signed. */
export type UnsignedTransactionJson<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: { readonly type: Each; readonly message: MessageJson<Each> };
}[Type];

/** The JSON form of a transaction. */
export type TransactionJson<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: {
    readonly type: Each;
    readonly message: MessageJson<Each>;
    /** r‖s‖v in hex, 65 bytes. */
    readonly signature: string;
    readonly sponsor?: { readonly address: string; readonly signature: string };
  };
}[Type];

/** The JSON form of a message with its type as it is accepted. */
export type UnsignedTransactionJsonInput<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: { readonly type: Each; readonly message: MessageJsonInput<Each> };
}[Type];

/**
 * The JSON form of a transaction as it is accepted.
 *
 * `domain` is optional and says for which chain the sender signed; with it a transaction of another chain is told from a bad signature.
 */
export type TransactionJsonInput<Type extends TransactionType = TransactionType> = {
  readonly [Each in Type]: {
    readonly type: Each;
    readonly message: MessageJsonInput<Each>;
    readonly signature: string;
    readonly sponsor?: { readonly address: string; readonly signature: string };
    readonly domain?: DomainJson;
  };
}[Type];
