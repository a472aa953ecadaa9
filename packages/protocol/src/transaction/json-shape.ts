import * as z from 'zod';
import { type SchemaField, schemaOfType, TRANSACTION_SCHEMAS, type TransactionSchema } from './schema.ts';
import type { TransactionType } from './transaction.ts';
import type { TransactionJsonInput, UnsignedTransactionJsonInput } from './transaction-json.ts';
import { DOMAIN_NAME, DOMAIN_VERSION } from './typed-data.ts';

/*
 * Shapes of the JSON form, made from the table. They say what JSON has to look like, and documents are generated from them; what a value
 * means (checksum of an address, bytes of a text, range of an amount) is checked when it is turned into a message.
 */

/** Shape of an address: 0x and 40 hex digits. The checksum of mixed case is checked when it is read. */
export const addressShape: z.ZodType<string> = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'has to be 0x followed by 40 hex digits')
  .describe('Address: 0x and 40 hex digits, lower case or EIP-55');

/** Shape of a number of 64 bits: decimal digits, or a JSON number while it is a safe integer. */
export const uint64Shape: z.ZodType<string | number> = z
  .union(
    [z.string().regex(/^(?:0|[1-9][0-9]{0,15})$/), z.int().min(0)],
    'has to be a whole number from 0 to 2^53 − 1, in decimal digits without sign or leading zeros, or as a JSON number',
  )
  .describe('Whole number from 0 to 2^53 − 1, decimal digits or JSON number');

/** Shape of an amount or cap: decimal digits, below 2^128. */
export const amountShape: z.ZodType<string> = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,38})$/, 'has to be a whole number below 2^128 in decimal digits, without sign or leading zeros')
  .describe('Amount in the smallest unit: decimal digits, below 2^128');

/** Shape of exactly `lengthBytes` bytes in hex. */
export function bytesShape(lengthBytes: number): z.ZodType<string> {
  return z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * lengthBytes}}$`), `has to be 0x followed by ${2 * lengthBytes} hex digits`)
    .describe(`${lengthBytes} bytes in 0x hex`);
}

function fieldShape(field: SchemaField): z.ZodType {
  switch (field.kind) {
    case 'address':
      return addressShape;
    case 'address[]':
      return z.array(addressShape).max(field.limit);
    case 'bool':
      return z.boolean();
    case 'bytes':
      return z
        .string()
        .regex(
          new RegExp(`^0x(?:[0-9a-fA-F]{2}){0,${field.limit}}$`),
          `has to be 0x followed by hex digits, two a byte, at most ${field.limit} bytes`,
        );
    case 'bytes32':
      return bytesShape(32);
    case 'string':
      return z.string().max(field.limit);
    case 'uint8':
      return z.int().min(0).max(0xff);
    case 'uint32':
      return z.int().min(0).max(0xffff_ffff);
    case 'uint64':
      return uint64Shape;
    case 'uint256':
      return amountShape;
  }
}

/** Shape of the message of one type; unknown fields are refused. */
export type MessageShape = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

function messageShape(schema: TransactionSchema): MessageShape {
  const shapes: Record<string, z.ZodType> = {};
  for (const field of schema.fields) shapes[field.name] = fieldShape(field);
  return z.strictObject(shapes);
}

const messageShapes: ReadonlyMap<string, MessageShape> = new Map(TRANSACTION_SCHEMAS.map((schema) => [schema.type, messageShape(schema)]));

/** Shape of the message of a type. Errors: `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`. */
export function messageShapeOf(type: TransactionType): MessageShape {
  return messageShapes.get(schemaOfType(type).type) as MessageShape;
}

const signatureShape: z.ZodType<string> = bytesShape(65);
const sponsorShape: z.ZodType = z.strictObject({ address: addressShape, signature: signatureShape });

/** Shape of a typed-data domain of this protocol. */
export const domainShape: z.ZodType = z.strictObject({
  name: z.literal(DOMAIN_NAME),
  version: z.literal(DOMAIN_VERSION),
  chainId: z.int().min(1),
  salt: bytesShape(32),
});

type Option = z.ZodObject<{ readonly type: z.ZodLiteral<TransactionType> }>;

function optionsWith(more: Readonly<Record<string, z.ZodType>>): [Option, ...Option[]] {
  const options = TRANSACTION_SCHEMAS.map((schema) =>
    z.strictObject({ type: z.literal(schema.type), message: messageShapeOf(schema.type), ...more }),
  );
  return options as unknown as [Option, ...Option[]];
}

/** Shape of a transaction in its JSON form. */
export const transactionShape: z.ZodType<TransactionJsonInput> = z.discriminatedUnion(
  'type',
  optionsWith({ signature: signatureShape, sponsor: sponsorShape.optional(), domain: domainShape.optional() }),
) as unknown as z.ZodType<TransactionJsonInput>;

/** Shape of a message with its type, not signed. */
export const unsignedTransactionShape: z.ZodType<UnsignedTransactionJsonInput> = z.discriminatedUnion(
  'type',
  optionsWith({}),
) as unknown as z.ZodType<UnsignedTransactionJsonInput>;
