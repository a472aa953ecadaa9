import { ChainError } from '@mutual-chain/protocol';
import * as z from 'zod';

/**
 * A shape of JSON followed by what reads its meaning: the checksum of an address, the bytes of hex digits.
 *
 * A `ChainError` of the reading becomes an issue of the shape, so that every wrong parameter is reported in one way.
 */
export function decoded<Json, Value>(shape: z.ZodType<Json, Json>, decode: (json: Json) => Value): z.ZodType<Value, Json> {
  const reading = z.transform((json: Json, context) => {
    try {
      return decode(json);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      const { field } = error.details;
      context.issues.push({
        code: 'custom',
        message: error.message,
        input: json,
        params: { field: typeof field === 'string' ? field : undefined },
      });
      return z.NEVER;
    }
  });
  return shape.pipe(reading as unknown as z.ZodType<Value, Json>) as unknown as z.ZodType<Value, Json>;
}
