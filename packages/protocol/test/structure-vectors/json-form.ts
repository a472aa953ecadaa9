import { encodeHex } from '../../src/bytes/hex.ts';

/** A value as the vector files write it: bytes as 0x hex, big numbers as decimal digits, what is undefined as null. */
export function jsonForm(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return encodeHex(value);
  if (Array.isArray(value)) return value.map(jsonForm);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, jsonForm(each)]));
}
