import { readFileSync } from 'node:fs';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';

/** Bytes written in hex digits, with or without 0x and white space. Errors: `CLI_BYTES_UNKNOWN` naming the first character that is none. */
export function bytesFromHex(text: string, place: string): Uint8Array {
  const digits = text.replace(/\s/g, '').replace(/^0x/i, '');
  const wrong = digits.search(/[^0-9a-f]/i);
  if (wrong >= 0) {
    throw cliError(
      'CLI_BYTES_UNKNOWN',
      `${place} has ${JSON.stringify(digits[wrong])} where a hex digit is needed. Give the bytes in hex.`,
      {},
    );
  }
  if (digits.length === 0 || digits.length % 2 === 1) {
    throw cliError('CLI_BYTES_UNKNOWN', `${place} has ${digits.length} hex digits: bytes have two each. Check that the text is whole.`, {});
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** Bytes of a file that holds them in hex, or as they are. Errors: those of reading a file. */
export function bytesInFile(path: string): Uint8Array {
  const content = withPath(path, () => readFileSync(path), 'read');
  const text = content.toString('latin1');
  return /^\s*(0x)?[0-9a-f\s]+$/i.test(text) ? bytesFromHex(text, path) : Uint8Array.from(content);
}
