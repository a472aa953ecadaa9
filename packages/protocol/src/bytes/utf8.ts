import { protocolError } from '../errors.ts';

/*
 * UTF-8 by hand: TextEncoder and TextDecoder are no part of the language, replace what they cannot read instead of refusing it, and cost
 * more than a short text is worth. Here a text has exactly one byte form and every other byte string is refused.
 */

/** Bytes of a text in UTF-8, or -1 when it holds a lone surrogate and so has no UTF-8 form. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes += 2;
    } else {
      const next = text.charCodeAt(index + 1);
      if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return -1;
      // Two units, four bytes.
      bytes += 2;
      index++;
    }
  }
  return bytes;
}

/** Writes a text whose `utf8Length` is known not to be -1; returns the offset after it. */
export function writeUtf8(text: string, output: Uint8Array, offset: number): number {
  let at = offset;
  for (let index = 0; index < text.length; index++) {
    let point = text.charCodeAt(index);
    if (point < 0x80) {
      output[at++] = point;
    } else if (point < 0x800) {
      output[at++] = 0xc0 | (point >> 6);
      output[at++] = 0x80 | (point & 0x3f);
    } else if (point < 0xd800 || point > 0xdfff) {
      output[at++] = 0xe0 | (point >> 12);
      output[at++] = 0x80 | ((point >> 6) & 0x3f);
      output[at++] = 0x80 | (point & 0x3f);
    } else {
      index++;
      point = 0x10000 + ((point & 0x3ff) << 10) + (text.charCodeAt(index) & 0x3ff);
      output[at++] = 0xf0 | (point >> 18);
      output[at++] = 0x80 | ((point >> 12) & 0x3f);
      output[at++] = 0x80 | ((point >> 6) & 0x3f);
      output[at++] = 0x80 | (point & 0x3f);
    }
  }
  return at;
}

/** Bytes of a text in UTF-8. Errors: `PROTOCOL_TEXT_INVALID` for a lone surrogate. */
export function encodeUtf8(text: string, field = 'text'): Uint8Array {
  const length = utf8Length(text);
  if (length < 0) {
    throw protocolError('PROTOCOL_TEXT_INVALID', `${field} holds half of a surrogate pair: write whole characters`, { field });
  }
  const bytes = new Uint8Array(length);
  writeUtf8(text, bytes, 0);
  return bytes;
}

/**
 * Reads the bytes from `start` to before `end` as UTF-8; undefined unless they are the only UTF-8 form of a text.
 *
 * Refused: stray or missing continuation bytes, forms longer than needed, surrogates, points above U+10FFFF. Source: RFC 3629 section 4.
 */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  let at = start;
  while (at < end) {
    const first = bytes[at++] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more = first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
    if (more === 0 || at + more > end) return undefined;
    let point = first & (0x3f >> more);
    for (let index = 0; index < more; index++) {
      const next = bytes[at++] as number;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 0x3f);
    }
    if ((more === 2 && point < 0x800) || (more === 3 && point < 0x10000)) return undefined;
    if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

/** Text of bytes in UTF-8. Errors: `PROTOCOL_TEXT_INVALID` unless they are the only UTF-8 form of a text. */
export function decodeUtf8(bytes: Uint8Array, field = 'text'): string {
  const text = readUtf8(bytes, 0, bytes.length);
  if (text === undefined) {
    throw protocolError('PROTOCOL_TEXT_INVALID', `${field} is not valid UTF-8: encode the text as RFC 3629 says`, { field });
  }
  return text;
}
