import {
  type Address,
  addressShape,
  type BlockHash,
  bytesShape,
  decodeHex,
  isAssetId,
  type LotId,
  parseAddress,
  type TransactionId,
} from '@mutual-chain/protocol';
import * as z from 'zod';
import { RPC_LIMITS } from '../limits.ts';
import { decoded } from './decoded.ts';

/*
 * Shapes of parameters. Their inputs are JSON, their outputs what the protocol works with.
 */

const hash = bytesShape(32) as z.ZodType<string, string>;

/** An address: lower case, or the mixed case of EIP-55. */
export const addressParameter: z.ZodType<Address, string> = decoded(addressShape as z.ZodType<string, string>, (text) =>
  parseAddress(text),
);

/** The id of a transaction. */
export const transactionIdParameter: z.ZodType<TransactionId, string> = decoded(hash, (text) => decodeHex(text) as TransactionId);

/** The id of a lot, or of the debt that grew from it. */
export const lotIdParameter: z.ZodType<LotId, string> = decoded(hash, (text) => decodeHex(text) as LotId);

/** The id of an asset. */
export const assetParameter: z.ZodType<string, string> = z
  .string()
  .refine(isAssetId, 'has to be 2 to 16 of A–Z a–z 0–9 . -')
  .meta({ description: 'Id of an asset: 2 to 16 of A–Z a–z 0–9 . -', pattern: '^[A-Za-z0-9.-]{2,16}$' }) as z.ZodType<string, string>;

const heightShape = z.int('has to be a whole number from 0').min(0, 'has to be a whole number from 0');

/** A height as a number. */
export const heightParameter: z.ZodType<number, number> = heightShape.describe('Number of a block, from 0');

/** Number of a block, or the last one. */
export type HeightOrLatest = number | 'latest';

/** A height, or `"latest"`, which is also meant when nothing is given. */
export const heightOrLatestParameter: z.ZodType<HeightOrLatest, HeightOrLatest | undefined> = z
  .union([heightShape, z.literal('latest')], 'has to be a whole number from 0 or "latest"')
  .default('latest')
  .describe('Number of a block, or "latest"');

/** How a block is named: by its height, by its hash, or as the last one. */
export type BlockName = HeightOrLatest | BlockHash;

/** The name of a block. */
export const blockNameParameter: z.ZodType<BlockName, string | number> = z
  .union(
    [heightShape, z.literal('latest'), decoded(hash, (text) => decodeHex(text) as BlockHash)],
    'has to be a height, a block hash in 0x hex, or "latest"',
  )
  .describe('Height, block hash, or "latest"') as unknown as z.ZodType<BlockName, string | number>;

/** Fields that every list takes: where to go on, and how many items at most. */
export const PAGE_FIELDS = {
  cursor: z
    .string()
    .min(1)
    .max(RPC_LIMITS.cursorCharactersMax)
    .exactOptional()
    .describe('`nextCursor` of the page before; without it the list begins') as z.ZodExactOptional<z.ZodString>,
  limit: z
    .int()
    .min(1)
    .max(RPC_LIMITS.pageItemsMax)
    .default(RPC_LIMITS.pageItemsDefault)
    .describe('Most items of the page') as z.ZodDefault<z.ZodInt>,
};

/** Which page of a list is asked for. */
export type PageRequest = { readonly cursor?: string; readonly limit: number };
