/** First byte of each database key. */
const KINDS = { meta: 0x00, state: 0x01, block: 0x02, certificate: 0x03, blockHash: 0x04, index: 0x05 } as const;

const text = new TextEncoder();

function keyOf(kind: number, rest: Uint8Array): Uint8Array {
  const key = new Uint8Array(rest.length + 1);
  key[0] = kind;
  key.set(rest, 1);
  return key;
}

function heightBytes(height: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(height));
  return bytes;
}

/** Format version of the store. */
export const FORMAT_KEY: Uint8Array = keyOf(KINDS.meta, text.encode('format'));
/** Identity of the chain: chain id and genesis hash. */
export const IDENTITY_KEY: Uint8Array = keyOf(KINDS.meta, text.encode('identity'));
/** The last committed height. */
export const TIP_KEY: Uint8Array = keyOf(KINDS.meta, text.encode('tip'));
/** Bounds of all state entries: from the first up to but not including the second. */
export const STATE_RANGE: { readonly gte: Uint8Array; readonly lt: Uint8Array } = {
  gte: Uint8Array.of(KINDS.state),
  lt: Uint8Array.of(KINDS.state + 1),
};

/** Key of a state entry. */
export const stateEntryKey = (key: Uint8Array): Uint8Array => keyOf(KINDS.state, key);
/** Key of the block of a height; heights are in order. */
export const blockKey = (height: number): Uint8Array => keyOf(KINDS.block, heightBytes(height));
/** Key of the certificate of a height. */
export const certificateKey = (height: number): Uint8Array => keyOf(KINDS.certificate, heightBytes(height));
/** Key of the height of a block hash. */
export const blockHashKey = (hash: Uint8Array): Uint8Array => keyOf(KINDS.blockHash, hash);
/** Key of an entry of an index. */
export const indexKey = (key: Uint8Array): Uint8Array => keyOf(KINDS.index, key);

/** What a key of the store is of, in words: `block 12`. Empty for a key of no kind. */
export function placeOfKey(key: Uint8Array): string {
  const [kind] = key;
  if (kind === KINDS.meta) return `the ${new TextDecoder().decode(key.subarray(1))} of the database`;
  if (kind === KINDS.state) return 'an entry of the state';
  if (kind === KINDS.block) return `block ${heightOf(key)}`;
  if (kind === KINDS.certificate) return `certificate of block ${heightOf(key)}`;
  if (kind === KINDS.blockHash) return 'the height of a block';
  return kind === KINDS.index ? 'an entry of the indexes' : '';
}

function heightOf(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset).getBigUint64(1);
}
