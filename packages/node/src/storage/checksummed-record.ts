import { crc32 } from 'node:zlib';
import { nodeError } from '../errors.ts';
import { placeOfKey } from './store-keys.ts';

const CHECKSUM_BYTES = 4;

/**
 * Stored form of a record: its payload, then CRC-32 over key and payload (4 bytes little-endian).
 *
 * The key is part of it, so that a value that turns up under another key is noticed as well. LevelDB itself returns damaged values without a word.
 */
export function sealRecord(key: Uint8Array, payload: Uint8Array): Uint8Array {
  const record = new Uint8Array(payload.length + CHECKSUM_BYTES);
  record.set(payload);
  new DataView(record.buffer).setUint32(payload.length, checksumOf(key, payload), true);
  return record;
}

/** Payload of a stored record. Errors: `STORAGE_RECORD_CORRUPT` naming the key. */
export function openRecord(key: Uint8Array, record: Uint8Array, place: string): Uint8Array {
  const length = record.length - CHECKSUM_BYTES;
  if (length >= 0) {
    const payload = new Uint8Array(record.buffer, record.byteOffset, length);
    const stored = new DataView(record.buffer, record.byteOffset + length, CHECKSUM_BYTES).getUint32(0, true);
    if (stored === checksumOf(key, payload)) return payload;
  }
  const name = Buffer.from(key).toString('hex');
  const what = placeOfKey(key);
  const remedy = 'stop the node, move the directory away and let it be filled again from other nodes or a backup';
  throw nodeError(
    'STORAGE_RECORD_CORRUPT',
    `the record under key ${name}${what === '' ? '' : ` (${what})`} in ${place} is damaged: ${remedy}`,
    { key: name, place },
  );
}

function checksumOf(key: Uint8Array, payload: Uint8Array): number {
  return crc32(payload, crc32(key));
}
