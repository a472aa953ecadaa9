import * as z from 'zod';
import { NodeError, SdkError } from '../errors.ts';

/** One call as it goes on the wire. Source: JSON-RPC 2.0. */
export type CallJson = { readonly jsonrpc: '2.0'; readonly id: number; readonly method: string; readonly params: object };

/** What came back for one call: its result as JSON, or the error. */
export type Answer = { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: NodeError };

const errorShape = z.object({
  code: z.int(),
  message: z.string(),
  data: z.object({
    code: z.string(),
    field: z.string().optional(),
    reason: z.string().optional(),
    retryAfterMs: z.number().optional(),
  }),
});
const answerShape = z.union([
  z.object({ jsonrpc: z.literal('2.0'), id: z.int().nullable(), error: errorShape }),
  z.object({ jsonrpc: z.literal('2.0'), id: z.int(), result: z.unknown() }),
]);

/**
 * The answers to calls, each at the place of its call.
 *
 * An error without an id is about the whole request and is thrown, as `NodeError`. Errors: `SDK_ANSWER_INVALID` when an answer is missing.
 */
export function readAnswers(url: string, calls: readonly CallJson[], json: unknown): readonly Answer[] {
  const answers = new Map<number, Answer>();
  for (const each of Array.isArray(json) ? json : [json]) {
    const parsed = answerShape.safeParse(each);
    if (!parsed.success) throw invalid(url, 'is no answer of JSON-RPC 2.0');
    const { data } = parsed;
    if (!('error' in data)) {
      answers.set(data.id, { ok: true, result: data.result });
      continue;
    }
    const error = new NodeError(data.error, url);
    if (data.id === null) throw error;
    answers.set(data.id, { ok: false, error });
  }
  return calls.map(({ id, method }) => {
    const answer = answers.get(id);
    if (answer === undefined) throw invalid(url, `has no answer to ${method}`);
    return answer;
  });
}

function invalid(url: string, reason: string): SdkError {
  return new SdkError('SDK_ANSWER_INVALID', `what ${url} answered ${reason}`, { url, reason });
}
