import { RESULT_CODES, type ResultCode, TRANSACTION_TYPES, type TransactionType } from '@mutual-chain/protocol';
import * as z from 'zod';
import type { RpcErrorObject } from '../errors.ts';
import { addressJson, amountJson, countJson, hashJson, textJson } from './common-json.ts';
import { type RecordJson, recordJson } from './record-json.ts';

/** What became of a transaction in its block. */
export type ReceiptJson = {
  /** Whether `code` is `OK`. */
  readonly ok: boolean;
  readonly code: ResultCode;
  /** MTN base units. */
  readonly feePaid: string;
  readonly feePayer: string;
  /** What it wrote into the ledger, in order. */
  readonly records: readonly RecordJson[];
};

/** Shape of `ReceiptJson`. */
export const receiptJson: z.ZodType<ReceiptJson> = z.strictObject({
  ok: z.boolean(),
  code: z.enum(RESULT_CODES),
  feePaid: amountJson,
  feePayer: addressJson,
  records: z.array(recordJson).readonly(),
});

/** Where a transaction stands: `expired` and `rejected` are final like `committed`, and nothing of them happened. */
export const TRANSACTION_STATUSES = ['pending', 'committed', 'expired', 'rejected'] as const;
/** Status of a transaction. */
export type TransactionStatus = (typeof TRANSACTION_STATUSES)[number];

/** The fields of a signed message in JSON: as the reference of transactions lists them for its type. */
export type MessageFields = Readonly<Record<string, unknown>>;

/** Someone who pays the fee instead of the sender. */
export type SponsorJson = { readonly address: string; readonly signature: string };

/** A transaction as blocks show it. */
export type BlockTransactionJson = {
  readonly id: string;
  readonly type: TransactionType;
  readonly message: MessageFields;
  readonly signature: string;
  readonly sponsor?: SponsorJson;
};

const typeJson = z.enum(Object.keys(TRANSACTION_TYPES) as [TransactionType, ...TransactionType[]]);
const messageJson = z.record(z.string(), z.unknown()).describe('Fields of the message, numbers of 64 bits and more in decimal digits');
const signatureJson = z.string().regex(/^0x[0-9a-f]{130}$/);
const sponsorJson = z.strictObject({ address: addressJson, signature: signatureJson });

/** Shape of `BlockTransactionJson`. */
export const blockTransactionJson: z.ZodType<BlockTransactionJson> = z.strictObject({
  id: hashJson,
  type: typeJson,
  message: messageJson,
  signature: signatureJson,
  sponsor: sponsorJson.exactOptional(),
});

/** A transaction with what is known of it. */
export type TransactionStatusJson = {
  readonly id: string;
  readonly status: TransactionStatus;
  /** Why it was rejected: another transaction took its nonce. Null for every other status. */
  readonly reason: 'NONCE_USED' | null;
  /** Height of its block; null until it is committed. */
  readonly height: number | null;
  /** Position in its block; null until it is committed. */
  readonly index: number | null;
  /** Null, like message and signature, once only the end of a transaction that was never committed is remembered. */
  readonly type: TransactionType | null;
  readonly message: MessageFields | null;
  readonly signature: string | null;
  readonly sponsor?: SponsorJson;
  /** Null until it is committed. */
  readonly receipt: ReceiptJson | null;
};

/** Shape of `TransactionStatusJson`. */
export const transactionStatusJson: z.ZodType<TransactionStatusJson> = z.strictObject({
  id: hashJson,
  status: z.enum(TRANSACTION_STATUSES),
  reason: z.literal('NONCE_USED').nullable(),
  height: countJson.nullable(),
  index: countJson.nullable(),
  type: typeJson.nullable(),
  message: messageJson.nullable(),
  signature: signatureJson.nullable(),
  sponsor: sponsorJson.exactOptional(),
  receipt: receiptJson.nullable(),
});

/** That a transaction is in the mempool, durably, or was there or in a block before. */
export type SentJson = { readonly id: string };

/** Shape of `SentJson`. */
export const sentJson: z.ZodType<SentJson> = z.strictObject({ id: hashJson });

/** What became of one transaction of several. */
export type SentOrRefusedJson = SentJson | { readonly error: RpcErrorObject };

/** Shape of `SentOrRefusedJson`. */
export const sentOrRefusedJson: z.ZodType<SentOrRefusedJson> = z.union([
  sentJson,
  z.strictObject({
    error: z.strictObject({
      code: z.int(),
      message: textJson,
      data: z.strictObject({
        code: textJson,
        field: textJson.exactOptional(),
        reason: textJson.exactOptional(),
        retryAfterMs: countJson.exactOptional(),
      }),
    }),
  }),
]);
