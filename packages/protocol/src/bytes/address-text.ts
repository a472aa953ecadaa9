import { referenceCryptography } from '../cryptography/reference.ts';
import { protocolError } from '../errors.ts';
import type { Address } from './branded.ts';
import { decodeHex, encodeHex } from './hex.ts';

/** Keccak-256, so that callers that show many addresses can give a fast one. */
type Keccak256 = (message: Uint8Array) => Uint8Array;

/** 40 lower-case hex digits with the checksum's capitals. Source: EIP-55. */
function withChecksum(digits: string, keccak256: Keccak256): string {
  const ascii = new Uint8Array(40);
  for (let index = 0; index < 40; index++) ascii[index] = digits.charCodeAt(index);
  const hash = keccak256(ascii);
  let text = '0x';
  for (let index = 0; index < 40; index++) {
    const byte = hash[index >> 1] as number;
    const nibble = index % 2 === 0 ? byte >> 4 : byte & 15;
    const digit = digits.charAt(index);
    text += nibble >= 8 ? digit.toUpperCase() : digit;
  }
  return text;
}

/** Writes an address for people: 0x and 40 hex digits in the mixed case of EIP-55. */
export function formatAddress(address: Address, keccak256: Keccak256 = referenceCryptography.keccak256): string {
  return withChecksum(encodeHex(address).slice(2), keccak256);
}

/**
 * Reads an address: 0x and 40 hex digits, all lower case or in the mixed case of EIP-55.
 *
 * Any other mixture of cases is refused, because it most likely is a typing error. Errors: `PROTOCOL_ADDRESS_INVALID`.
 */
export function parseAddress(text: string, field = 'address', keccak256: Keccak256 = referenceCryptography.keccak256): Address {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw protocolError('PROTOCOL_ADDRESS_INVALID', `${field} has to be 0x followed by 40 hex digits`, { field, characters: text.length });
  }
  const lower = text.toLowerCase();
  if (text !== lower && text !== withChecksum(lower.slice(2), keccak256)) {
    throw protocolError(
      'PROTOCOL_ADDRESS_INVALID',
      `${field} mixes cases but not as its EIP-55 checksum does: check it for a typing error, or write it in lower case`,
      { field },
    );
  }
  return decodeHex(lower, field, 20) as Address;
}
