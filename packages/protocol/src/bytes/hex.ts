import { protocolError } from '../errors.ts';

const DIGITS = '0123456789abcdef';
const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => `${DIGITS[byte >> 4]}${DIGITS[byte & 15]}`);

/** Value of a hex digit's character code, or -1. */
function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  return -1;
}

/** Writes bytes as 0x and lower-case hex digits, two a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '0x';
  for (let index = 0; index < bytes.length; index++) text += PAIRS[bytes[index] as number];
  return text;
}

/**
 * Reads 0x and hex digits of either case.
 *
 * `lengthBytes` demands that many bytes; the length is checked before anything is allocated. `field` names the value in the error.
 * Errors: `PROTOCOL_HEX_INVALID`.
 */
export function decodeHex(text: string, field = 'value', lengthBytes?: number): Uint8Array {
  const expected = lengthBytes === undefined ? 'an even number of hex digits' : `${2 * lengthBytes} hex digits`;
  const digits = text.length - 2;
  if (!text.startsWith('0x') || digits % 2 !== 0 || (lengthBytes !== undefined && digits !== 2 * lengthBytes)) {
    throw protocolError('PROTOCOL_HEX_INVALID', `${field} has to be 0x followed by ${expected}`, {
      field,
      lengthBytes,
      characters: text.length,
    });
  }
  const bytes = new Uint8Array(digits >>> 1);
  for (let index = 0; index < bytes.length; index++) {
    const high = digitValue(text.charCodeAt(2 + 2 * index));
    const low = digitValue(text.charCodeAt(3 + 2 * index));
    if (high < 0 || low < 0) {
      throw protocolError('PROTOCOL_HEX_INVALID', `${field} has to be 0x followed by ${expected}: a character is no hex digit`, {
        field,
        position: 2 + 2 * index + (high < 0 ? 0 : 1),
      });
    }
    bytes[index] = (high << 4) | low;
  }
  return bytes;
}
