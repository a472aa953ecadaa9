import { assertInvariant, LIMITS } from '@mutual-chain/protocol';

/**
 * First byte of each index key. Heights have 6 bytes and positions of chunks 2, both big-endian; an asset id in front of other parts is
 * filled up to 16 bytes with zeros, which no id has.
 */
export const INDEX_KINDS = {
  /** height → how many transactions and records its block has */
  height: 0x01,
  /** height ‖ chunk → receipts */
  receipts: 0x02,
  /** height ‖ chunk → records */
  records: 0x03,
  /** transaction id → height and position */
  transaction: 0x04,
  /** payer or payee ‖ height → positions of records */
  recordsOfAccount: 0x05,
  /** asset ‖ height → positions of records */
  recordsOfAsset: 0x06,
  /** lot ‖ height → positions of records; without those of the transaction whose id the lot has */
  recordsOfLot: 0x07,
  /** owner → ids of the assets it has, or had, something of */
  assetsOfOwner: 0x08,
  /** asset → nothing */
  asset: 0x09,
  /** owner ‖ state ‖ lot → nothing */
  lotOfOwner: 0x0a,
  /** counterparty ‖ state ‖ lot → nothing */
  lotOfCounterparty: 0x0b,
  /** asset ‖ state ‖ lot → nothing */
  lotOfAsset: 0x0c,
  /** lender ‖ debt → nothing */
  debtOfLender: 0x0d,
  /** borrower ‖ debt → nothing */
  debtOfBorrower: 0x0e,
  /** height → the set that decides it */
  validators: 0x0f,
  /** height → the parameters from it on */
  parameters: 0x10,
  /** nothing → header of genesis, which has no block */
  genesisHeader: 0x11,
} as const;

/** What an index entry says. */
export type IndexKind = keyof typeof INDEX_KINDS;

/** Bytes of a height in a key. */
export const HEIGHT_BYTES = 6;
/** Bytes of an asset id in front of other parts of a key. */
export const ASSET_BYTES: number = LIMITS.assetIdBytesMax;

const HEIGHT_MAX = 2 ** 48 - 1;
const LOW_BITS = 2 ** 32;

/** Key of an entry: kind, then parts. */
export function indexKeyOf(kind: IndexKind, ...parts: readonly Uint8Array[]): Uint8Array {
  let length = 1;
  for (const part of parts) length += part.length;
  const key = new Uint8Array(length);
  key[0] = INDEX_KINDS[kind];
  let at = 1;
  for (const part of parts) {
    key.set(part, at);
    at += part.length;
  }
  return key;
}

/** A key with one more part behind it. */
export function joined(key: Uint8Array, part: Uint8Array): Uint8Array {
  const longer = new Uint8Array(key.length + part.length);
  longer.set(key);
  longer.set(part, key.length);
  return longer;
}

/** A height as part of a key. */
export function heightPart(height: number): Uint8Array {
  assertInvariant(height >= 0 && height <= HEIGHT_MAX, 'an indexed height is below 2^48');
  const bytes = new Uint8Array(HEIGHT_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(height / LOW_BITS));
  view.setUint32(2, height % LOW_BITS);
  return bytes;
}

/** The height that stands at an offset of a key. */
export function heightAt(key: Uint8Array, offset: number): number {
  const view = new DataView(key.buffer, key.byteOffset + offset, HEIGHT_BYTES);
  return view.getUint16(0) * LOW_BITS + view.getUint32(2);
}

/** The position of a chunk as part of a key. */
export function chunkPart(chunk: number): Uint8Array {
  return Uint8Array.of(chunk >>> 8, chunk & 0xff);
}

/** The position of a chunk that stands at an offset of a key. */
export function chunkAt(key: Uint8Array, offset: number): number {
  return ((key[offset] ?? 0) << 8) | (key[offset + 1] ?? 0);
}

/** An asset id as part of a key, as it is. */
export function assetPart(asset: string): Uint8Array {
  const bytes = new Uint8Array(asset.length);
  for (let index = 0; index < asset.length; index++) bytes[index] = asset.charCodeAt(index);
  return bytes;
}

/** An asset id in front of other parts of a key. */
export function paddedAssetPart(asset: string): Uint8Array {
  const bytes = new Uint8Array(ASSET_BYTES);
  for (let index = 0; index < asset.length; index++) bytes[index] = asset.charCodeAt(index);
  return bytes;
}

/** The asset id at the end of a key. */
export function assetAt(key: Uint8Array, offset: number): string {
  return String.fromCharCode(...key.subarray(offset));
}

/** The key right above another: nothing lies between them. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** The lowest key above all that begin with a prefix. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  for (let last = prefix.length - 1; last >= 0; last--) {
    if (prefix[last] === 0xff) continue;
    const end = prefix.slice(0, last + 1);
    end[last] = (end[last] as number) + 1;
    return end;
  }
  assertInvariant(false, 'the first byte of an index key is one of the kinds');
}
