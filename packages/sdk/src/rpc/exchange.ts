import { SdkError } from '../errors.ts';

/** Sends a request as `fetch` of browsers and Node.js does. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** One request to one node. */
export type Exchange = {
  readonly fetch: Fetch;
  readonly url: string;
  readonly body: string;
  /** How long the whole exchange may take, ms. */
  readonly timeoutMs: number;
  /** Aborts when the caller does not want the answer any more. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Posts JSON and answers with the JSON that came back, whatever the HTTP status: nodes put the reason into the body.
 *
 * Errors: `SDK_UNREACHABLE`, `SDK_TIMEOUT`, `SDK_ABORTED`, `SDK_ANSWER_INVALID`.
 */
export async function exchange({ fetch, url, body, timeoutMs, signal }: Exchange): Promise<unknown> {
  assertNotAborted(signal);
  const timeout = AbortSignal.timeout(timeoutMs);
  let status = 0;
  let text: string;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    assertNotAborted(signal);
    if (timeout.aborted) throw new SdkError('SDK_TIMEOUT', `${url} did not answer within ${timeoutMs} ms`, { url, timeoutMs }, cause);
    throw new SdkError('SDK_UNREACHABLE', `${url} cannot be reached, or the connection broke`, { url }, cause);
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new SdkError('SDK_ANSWER_INVALID', `${url} answered with HTTP status ${status} and no JSON`, { url, status }, cause);
  }
}

/** Errors: `SDK_ABORTED` when the signal has aborted. */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new SdkError('SDK_ABORTED', 'the call was aborted', {}, signal.reason);
}
