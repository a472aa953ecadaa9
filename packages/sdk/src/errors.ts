import { ChainError } from '@mutual-chain/protocol';
import { remedyOf } from './remedies.ts';

/**
 * Every code this package makes itself, with its meaning. Codes are stable: appended, never renamed. What a node answers with keeps the code
 * of the node.
 */
export const SDK_ERRORS = {
  SDK_URL_INVALID: 'The URL of a node is missing, or is no http or https URL.',
  SDK_PARAMETERS_INVALID: 'A parameter of a call is missing, unknown, or not of its shape; `field` says which.',
  SDK_UNREACHABLE: 'No connection to the node, or it broke before the answer came: whether the node has read the request is not known.',
  SDK_TIMEOUT: 'The node did not answer in time: whether it has read the request is not known.',
  SDK_ANSWER_INVALID: 'The answer is not what the contract promises: another program answers, or one of another version.',
  SDK_ABORTED: "The caller's signal aborted.",
  SDK_FIELD_UNKNOWN:
    'An operation, what goes with it, a wallet or a client is given a field that there is not; `field` says which. Nothing was signed.',
  SDK_CHAIN_DIFFERS: 'The node serves another chain than the one that was expected; `field` says in what.',
  SDK_PAYLOAD_DIFFERS: 'What a node prepared for signing is not what was asked for; `field` says in what.',
  SDK_SIGNATURE_WRONG: 'A signer gave back a signature that is not one of its address over that message.',
  SDK_NOT_APPROVED: 'Whoever was asked did not approve of the operation; nothing was signed.',
  SDK_NOT_SIGNED: 'The signer refused or failed; its words are in the message.',
  SDK_NOT_RECORDED: 'The signed transaction could not be recorded, so it was not sent.',
  SDK_QUEUE_FULL: 'The wallet has as many unfinished operations as it keeps.',
  SDK_CLOSED: 'The wallet is closed: what it had not finished is not followed any more.',
  SDK_BLOCK_REFUSED: 'A block does not follow from what is trusted; `reason` is the refusal of the light client.',
} as const;

/** A code of `SDK_ERRORS`. */
export type SdkErrorCode = keyof typeof SDK_ERRORS;

/** What an error says besides its code and its sentence. */
export type SdkErrorDetails = Readonly<Record<string, unknown>> & { readonly field?: string };

/** A failure of this package, or one that a node reports: `field` is what is to blame, where one thing is, and `remedy` what can be done. */
export class SdkError<Code extends string = SdkErrorCode> extends ChainError<Code> {
  override readonly name: string = 'SdkError';
  readonly field: string | undefined;
  readonly remedy: string;

  constructor(code: Code, message: string, details: SdkErrorDetails = {}, cause?: unknown) {
    super(code, message, details, cause);
    this.field = details.field;
    this.remedy = remedyOf(code);
  }
}

/**
 * What a node answered a call with instead of a result. `code` is the stable text of `error.data.code`: one of the contract, the result code
 * of a refused transaction, or one of a newer node.
 */
export class NodeError extends SdkError<string> {
  override readonly name: string = 'NodeError';
  /** Number of JSON-RPC. */
  readonly number: number;
  /** When the next call has a chance, ms, where the node says so. */
  readonly retryAfterMs: number | undefined;

  constructor(error: NodeErrorObject, url: string) {
    const { field, reason, retryAfterMs } = error.data;
    super(error.data.code, error.message, { url, ...(field === undefined ? {} : { field }), ...(reason === undefined ? {} : { reason }) });
    this.number = error.code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The error object of an answer as this package reads it. */
export type NodeErrorObject = {
  readonly code: number;
  readonly message: string;
  readonly data: {
    readonly code: string;
    readonly field?: string | undefined;
    readonly reason?: string | undefined;
    readonly retryAfterMs?: number | undefined;
  };
};
