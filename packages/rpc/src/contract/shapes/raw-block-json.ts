import * as z from 'zod';
import { countJson, hashJson } from './common-json.ts';

/** A committed block as its canonical bytes: what an auditor replays. */
export type RawBlockJson = {
  readonly height: number;
  readonly hash: string;
  /** Canonical bytes of the block; empty for genesis. */
  readonly block: string;
  /** Canonical bytes of the certificate; null for genesis. */
  readonly certificate: string | null;
};

const hexShape = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .describe('Bytes in 0x hex');

/** Shape of `RawBlockJson`. */
export const rawBlockJson: z.ZodType<RawBlockJson> = z.strictObject({
  height: countJson,
  hash: hashJson,
  block: hexShape,
  certificate: hexShape.nullable(),
});
