import { assertInvariant } from '@mutual-chain/protocol';

declare const brand: unique symbol;

/**
 * Key of a state entry as a string with one UTF-16 unit (0–255) per byte: the cheapest form that a `Map` takes. Its code-unit order is
 * byte order. 1–47 bytes; the first is the namespace.
 */
export type StateKey = string & { readonly [brand]: 'StateKey' };

/** The key that these bytes are. 1–47 bytes. */
export function stateKeyFromBytes(bytes: Uint8Array): StateKey {
  return String.fromCharCode.apply(null, bytes as unknown as number[]) as StateKey;
}

/** The bytes of a key, fresh. Throws `InvariantError` when a unit is no byte. */
export function stateKeyToBytes(key: StateKey): Uint8Array {
  const bytes = new Uint8Array(key.length);
  assertUnitsAreBytes(key);
  for (let index = 0; index < key.length; index++) bytes[index] = key.charCodeAt(index);
  return bytes;
}

/**
 * Throws `InvariantError` when a UTF-16 unit of a key, or of a text that becomes a part of one, is above 0xff.
 *
 * Such a unit would lose its upper half as a byte: in memory it would name another entry than on disk, and nodes would disagree.
 */
export function assertUnitsAreBytes(text: string): void {
  let units = 0;
  for (let index = 0; index < text.length; index++) units |= text.charCodeAt(index);
  assertInvariant(units <= 0xff, 'every UTF-16 unit of a state key is a byte');
}

/** Byte order of two keys, as `sort` takes it. */
export function compareStateKeys(left: StateKey, right: StateKey): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
