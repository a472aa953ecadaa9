import { type TypedDataPayload, typedDataPayload, type UnsignedTransaction, unsignedTransactionFromJson } from '@mutual-chain/protocol';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import { SdkError } from '../errors.ts';
import { toJson } from '../rpc/to-json.ts';

/** What was asked for: the type, and the fields that are not left to the node. */
export type AskedTransaction = { readonly type: string; readonly message: Readonly<Record<string, unknown>> };

/**
 * The message of a payload that a node has prepared for signing, after everything in it was held against what was asked for: chain, types, and
 * each field that was given. A wallet signs the payload only after that.
 *
 * Errors: `SDK_PAYLOAD_DIFFERS`, naming the field; `PROTOCOL_TRANSACTION_JSON_INVALID` for a message that is none.
 */
export function checkPrepared(chain: ChainIdentity, asked: AskedTransaction, payload: TypedDataPayload): UnsignedTransaction {
  if (payload.primaryType !== asked.type) throw differs('primaryType');
  const transaction = unsignedTransactionFromJson({ type: payload.primaryType, message: payload.message });
  const expected = typedDataPayload(chain.typedData.domain, transaction);
  if (canonical(payload.domain) !== canonical(expected.domain)) throw differs('domain');
  if (canonical(payload.types) !== canonical(expected.types)) throw differs('types');
  const message = transaction.message as unknown as Readonly<Record<string, unknown>>;
  // What was asked for is read in the same way, on top of the node's message, so that hex and numbers may be written as either side likes.
  const overlaid = { ...(payload.message as object), ...(toJson(asked.message) as object) };
  const wanted = unsignedTransactionFromJson({ type: asked.type, message: overlaid }).message as unknown as Readonly<
    Record<string, unknown>
  >;
  for (const name of Object.keys(message)) {
    if (comparable(message[name]) !== comparable(wanted[name])) throw differs(`message.${name}`);
  }
  return transaction;
}

function comparable(value: unknown): string {
  return canonical(toJson(value));
}

/** JSON with the fields of objects in one order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

function differs(field: string): SdkError {
  return new SdkError('SDK_PAYLOAD_DIFFERS', `${field} of the prepared payload is not what was asked for`, { field });
}
