import type { Method } from '@mutual-chain/rpc/contract';
import type * as z from 'zod';
import { SdkError } from '../errors.ts';

/**
 * A result as the contract promises it. Fields that the contract does not know are dropped: a newer node may say more.
 *
 * Errors: `SDK_ANSWER_INVALID`, naming the field.
 */
export function readResult({ name, result: { shape } }: Method, json: unknown): unknown {
  const first = shape.safeParse(json);
  if (first.success) return first.data;
  const known = structuredClone(json);
  const dropped = first.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  for (const issue of dropped) drop(known, issue);
  const second = dropped.length === 0 ? first : shape.safeParse(known);
  if (second.success) return second.data;
  const issue = second.error.issues[0];
  const field = ['result', ...(issue?.path ?? [])].map(String).join('.');
  throw new SdkError('SDK_ANSWER_INVALID', `the answer to ${name} is not what the contract says: ${field}: ${issue?.message}`, { field });
}

function drop(json: unknown, { path, keys }: z.core.$ZodIssueUnrecognizedKeys): void {
  let target = json as Record<PropertyKey, unknown>;
  for (const step of path) target = target[step] as Record<PropertyKey, unknown>;
  for (const key of keys) delete target[key];
}
