import { crc32 } from 'node:zlib';
import { encodeHex } from '@mutual-chain/protocol';

const CHECKSUM_BYTES = 4;

/** What a list was asked for: its name and its filter. */
export type ListName = { readonly list: string; readonly filter: object };

/** A cursor: where a page of a list begins, bound to that list by a checksum, in the alphabet of URLs. */
export function encodeCursor(name: ListName, position: Uint8Array): string {
  const bytes = Buffer.alloc(position.length + CHECKSUM_BYTES);
  bytes.set(position);
  bytes.writeUInt32BE(checksumOf(name, position), position.length);
  return bytes.toString('base64url');
}

/** The position of a cursor; undefined when it does not come from this list, or has been changed. */
export function decodeCursor(name: ListName, cursor: string): Uint8Array | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const length = bytes.length - CHECKSUM_BYTES;
  if (length < 0) return undefined;
  const position = new Uint8Array(bytes.subarray(0, length));
  // The decoder passes over what is no base64: only the text that was given out comes back to itself.
  return encodeCursor(name, position) === cursor ? position : undefined;
}

function checksumOf({ list, filter }: ListName, position: Uint8Array): number {
  const fields = Object.entries(filter)
    .filter(([name, value]) => value !== undefined && name !== 'cursor' && name !== 'limit')
    .map(([name, value]) => `${name}=${value instanceof Uint8Array ? encodeHex(value) : String(value)}`)
    .sort();
  return crc32(position, crc32(`${list}?${fields.join('&')}`));
}
