import {
  type DeclaredTransaction,
  declaredTransactionFromJson,
  decodeHex,
  decodeTransaction,
  messageShapeOf,
  RAW_TRANSACTION_BYTES_MAX,
  type SignedTransaction,
  TRANSACTION_TYPES,
  type TransactionJsonInput,
  type TransactionType,
  transactionShape,
  type UnsignedTransaction,
  type UnsignedTransactionJsonInput,
  unsignedTransactionFromJson,
  unsignedTransactionShape,
} from '@mutual-chain/protocol';
import * as z from 'zod';
import { decoded } from './decoded.ts';

/** A signed transaction in its JSON form. Nothing about its signature has been checked yet. */
export const transactionParameter: z.ZodType<DeclaredTransaction, TransactionJsonInput> = decoded(
  transactionShape as z.ZodType<TransactionJsonInput, TransactionJsonInput>,
  (json) => declaredTransactionFromJson(json),
);

/** A signed transaction as its raw bytes in hex. */
export const rawTransactionParameter: z.ZodType<SignedTransaction, string> = decoded(
  z
    .string()
    .max(2 + 2 * RAW_TRANSACTION_BYTES_MAX, `has to have at most ${RAW_TRANSACTION_BYTES_MAX} bytes`)
    .meta({ description: 'Raw bytes of a signed transaction in 0x hex', pattern: '^0x([0-9a-fA-F]{2})+$' }) as z.ZodType<string, string>,
  (text) => decodeTransaction(decodeHex(text, 'transaction')),
);

/** A message with its type, not signed. */
export const unsignedTransactionParameter: z.ZodType<UnsignedTransaction, UnsignedTransactionJsonInput> = decoded(
  unsignedTransactionShape as z.ZodType<UnsignedTransactionJsonInput, UnsignedTransactionJsonInput>,
  (json) => unsignedTransactionFromJson(json),
);

/** Fields that a node can fill in. */
export type FilledInField = 'nonce' | 'validUntil' | 'maxFee';

/** A message of which some fields are missing; those are 0. */
export type IncompleteTransaction = { readonly transaction: UnsignedTransaction; readonly missing: ReadonlySet<FilledInField> };

/** A message in JSON in which the fields that a node can fill in may be missing. */
export type IncompleteTransactionJson = { readonly type: TransactionType; readonly message: Readonly<Record<string, unknown>> };

type Option = z.ZodObject<{ readonly type: z.ZodLiteral<TransactionType> }>;

const MAY_BE_MISSING = { nonce: true, validUntil: true, maxFee: true } as const;

const incompleteShape = z.discriminatedUnion(
  'type',
  (Object.keys(TRANSACTION_TYPES) as TransactionType[]).map((type) =>
    z.strictObject({ type: z.literal(type), message: messageShapeOf(type).partial(MAY_BE_MISSING) }),
  ) as unknown as [Option, ...Option[]],
) as unknown as z.ZodType<IncompleteTransactionJson, IncompleteTransactionJson>;

/** A message with its type, not signed and not complete. */
export const incompleteTransactionParameter: z.ZodType<IncompleteTransaction, IncompleteTransactionJson> = decoded(
  incompleteShape,
  ({ type, message }) => ({
    transaction: unsignedTransactionFromJson({ type, message: { nonce: 0, validUntil: 0, maxFee: '0', ...message } }),
    missing: new Set((Object.keys(MAY_BE_MISSING) as FilledInField[]).filter((field) => message[field] === undefined)),
  }),
);
