import { addressShape, amountShape, bytesShape } from '@mutual-chain/protocol';
import * as z from 'zod';

/*
 * Shapes of values that occur in many results. Addresses are written in the mixed case of EIP-55, bytes as lower-case hex.
 */

/** An address in a result. Zeros stand for nobody, or for the outside world. */
export const addressJson: z.ZodType<string> = addressShape;
/** An amount in a result: decimal digits, smallest unit. */
export const amountJson: z.ZodType<string> = amountShape;
/** 32 bytes in a result. */
export const hashJson: z.ZodType<string> = bytesShape(32);
/** A whole number that is safe as a JSON number: heights, positions, times. */
export const countJson: z.ZodType<number> = z.int().min(0);
/** A text in a result. */
export const textJson: z.ZodType<string> = z.string();

/** One page of a list. `nextCursor` is null when nothing follows. */
export type PageJson<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** Shape of a page of such items. */
export function pageJson<Item>(item: z.ZodType<Item>): z.ZodType<PageJson<Item>> {
  return z.strictObject({ items: z.array(item).readonly(), nextCursor: z.string().nullable() });
}

/** How far an account, an asset or a holding is frozen. */
export const FREEZE_NAMES = ['none', 'shallow', 'deep', 'legalHold'] as const;
/** Name of a degree of freezing. */
export type FreezeName = (typeof FREEZE_NAMES)[number];
/** Shape of a degree of freezing. */
export const freezeJson: z.ZodType<FreezeName> = z
  .enum(FREEZE_NAMES)
  .describe(
    'none; shallow: nothing may be asked for; deep: nothing may come in either; legalHold: nothing may leave through a gateway either',
  );
