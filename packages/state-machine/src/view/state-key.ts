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

/** The bytes of a key, fresh. */
export function stateKeyToBytes(key: StateKey): Uint8Array {
  const bytes = new Uint8Array(key.length);
  for (let index = 0; index < key.length; index++) bytes[index] = key.charCodeAt(index);
  return bytes;
}

/** Byte order of two keys, as `sort` takes it. */
export function compareStateKeys(left: StateKey, right: StateKey): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
