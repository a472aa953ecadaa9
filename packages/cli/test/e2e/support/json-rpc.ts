/** The error object of an answer. */
export type Refusal = {
  readonly code: number;
  readonly message: string;
  readonly data: { readonly code: string; readonly field?: string; readonly reason?: string };
};

/** What a node answered a call with. */
export type Answer = { readonly result: unknown } | { readonly error: Refusal };

const REQUEST_MS_MAX = 15_000;

/** Makes one call with nothing but HTTP, as a foreign client would. Errors: those of `fetch`. */
export async function ask(url: string, method: string, params?: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, ...(params === undefined ? {} : { params }) }),
    signal: AbortSignal.timeout(REQUEST_MS_MAX),
  });
  return (await response.json()) as Answer;
}

/** Makes one call that has to succeed. Errors: `Error` with the refusal. */
export async function call<Result>(url: string, method: string, params?: unknown): Promise<Result> {
  const answer = await ask(url, method, params);
  if ('error' in answer) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
  return answer.result as Result;
}

/** Calls of one batch at most. */
const BATCH_CALLS_MAX = 100;

/** Makes many calls of one method that all have to succeed, in batches; answers their results in order. */
export async function callEach<Result>(url: string, method: string, each: readonly (readonly unknown[])[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < each.length; from += BATCH_CALLS_MAX) {
    const calls = each.slice(from, from + BATCH_CALLS_MAX).map((params, id) => ({ jsonrpc: '2.0', id, method, params }));
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(calls) });
    for (const answer of (await response.json()) as readonly Answer[]) {
      if ('error' in answer) throw new Error(`${method}: ${JSON.stringify(answer.error)}`);
      results.push(answer.result as Result);
    }
  }
  return results;
}
