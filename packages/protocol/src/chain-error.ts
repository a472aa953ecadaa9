/**
 * An expected failure at an edge: bytes that do not decode, a document that does not validate, a disk, a peer, a client.
 *
 * `code` is stable (`PACKAGE_REASON`) and listed in the reference of errors; `details` names the field, the limit and the value; the
 * message is one sentence with the remedy. Cores return result codes instead, and bugs are `InvariantError`.
 */
export class ChainError<Code extends string = string> extends Error {
  override readonly name: string = 'ChainError';
  readonly code: Code;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** A bug or a corrupt disk: the node logs it, flushes and stops. Never caught to go on. */
export class InvariantError extends Error {
  override readonly name: string = 'InvariantError';
}

/** Throws `InvariantError` with the message unless the condition holds; stays on in production. */
export function assertInvariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
