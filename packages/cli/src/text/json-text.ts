import { encodeHex } from '@mutual-chain/protocol';

/** JSON for programs: amounts as decimal strings, bytes as 0x hex. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'bigint' ? String(each) : each instanceof Uint8Array ? encodeHex(each) : each,
  );
}
