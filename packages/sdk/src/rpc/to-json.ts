import { encodeHex, type SignedTransaction, transactionToJson } from '@mutual-chain/protocol';

/**
 * A value as JSON-RPC takes it: bytes as 0x hex, bigints as decimal digits, transactions in their JSON form. Fields that are undefined are left
 * out.
 */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return encodeHex(value);
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value;
  if (isSignedTransaction(value)) return transactionToJson(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, toJson(field)]));
}

function isSignedTransaction(value: object): value is SignedTransaction {
  return 'signature' in value && value.signature instanceof Uint8Array && 'message' in value;
}
