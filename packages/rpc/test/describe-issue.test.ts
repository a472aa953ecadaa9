// Goal: what is wrong with a parameter is said in words that name the limit, and never in those of the library.
// Method: one shape of every kind, and values that break it.

import { expect, test } from 'vitest';
import * as z from 'zod';
import { describeIssue } from '../src/server/json-rpc/describe-issue.ts';

const MANY = Array.from({ length: 12 }, (_, index) => `Type${index}`) as [string, ...string[]];

const shape = z.strictObject({
  text: z.string().max(3).optional(),
  list: z.array(z.number()).min(1).max(2).optional(),
  number: z.number().int().min(5).max(9).optional(),
  either: z.union([z.string(), z.number().int()]).optional(),
  choice: z.enum(['x', 'y']).optional(),
  many: z.enum(MANY).optional(),
  one: z.literal('only').optional(),
  flag: z.boolean().optional(),
  kind: z.discriminatedUnion('type', [z.object({ type: z.literal('A') }), z.object({ type: z.literal('B') })]).optional(),
  inner: z.object({ needed: z.string() }).optional(),
  checked: z.string().regex(/^0x/, 'has to begin with 0x').optional(),
});

test.each([
  [{ text: 1 }, 'has to be a text'],
  [{ text: 'long' }, 'has to have at most 3 characters'],
  [{ list: 'a' }, 'has to be a list'],
  [{ list: [] }, 'has to have at least 1 item'],
  [{ list: [1, 2, 3] }, 'has to have at most 2 items'],
  [{ number: 'a' }, 'has to be a number'],
  [{ number: 5.5 }, 'has to be a whole number'],
  [{ number: 4 }, 'has to be at least 5'],
  [{ number: 10 }, 'has to be at most 9'],
  [{ either: true }, 'has to be a text, or be a number'],
  [{ choice: 'z' }, 'has to be one of x, y'],
  [{ many: 'z' }, 'has to be one of Type0, Type1, Type2, Type3, Type4, Type5, Type6, Type7 and 4 others, which rpc.discover lists'],
  [{ one: 'other' }, 'has to be only'],
  [{ flag: 'yes' }, 'has to be true or false'],
  [{ kind: { type: 'C' } }, 'has to be one of A, B'],
  [{ kind: 7 }, 'has to be an object'],
  [{ inner: {} }, 'is missing'],
  [{ inner: null }, 'has to be an object'],
  [{ checked: '12' }, 'has to begin with 0x'],
  [{ more: 1 }, 'is not a field: leave it out'],
])('%j: %s', (value, reason) => {
  expect(describeIssue(shape.safeParse(value).error?.issues[0])).toBe(reason);
});
