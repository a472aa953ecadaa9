import type { Method } from '../contract/index.ts';
import type { AddressText } from './json/address-text.ts';
import type { Checksums } from './json/transaction-to-json.ts';
import type { RpcPorts } from './ports.ts';

/** What a handler has besides its parameters. */
export type CallContext = RpcPorts & {
  readonly addressText: AddressText;
  readonly checksums: Checksums;
  /** Aborts when the client has gone, or when the time of the request is used up. */
  readonly signal: AbortSignal;
  /** Takes a place among the calls that wait, and gives it back; undefined when all are taken. */
  readonly takeWaitingPlace: () => (() => void) | undefined;
  /** The OpenRPC document of this server. */
  readonly document: () => object;
};

/** A method with what answers it. */
export type ServedMethod = {
  readonly method: Method;
  /** `parameters` are those of the method, checked and decoded. Errors: `RpcError`. */
  readonly answer: (context: CallContext, parameters: object) => Promise<unknown>;
  /** As how many calls it counts against what a client may ask. */
  readonly weight: (parameters: object) => number;
};

/** Joins a method of the contract with what answers it, and with its weight where that is not 1. */
export function serve<Parameters extends object, Result>(
  method: Method<Parameters, Result>,
  answer: (context: CallContext, parameters: Parameters) => Promise<Result>,
  weight: (parameters: Parameters) => number = () => 1,
): ServedMethod {
  // The dispatcher binds parameters by the same method's shapes.
  return { method, answer, weight } as unknown as ServedMethod;
}
