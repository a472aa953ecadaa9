import { getAddress } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../src/bytes/address-text.ts';
import { addressFrom } from '../../src/bytes/checked-bytes.ts';
import { encodeHex } from '../../src/bytes/hex.ts';

describe('addresses in text', () => {
  // The examples of EIP-55.
  it.each([
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('keeps %s', (text) => {
    expect(formatAddress(parseAddress(text))).toBe(text);
    expect(formatAddress(parseAddress(text.toLowerCase()))).toBe(text);
  });

  it('agrees with ethers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), (bytes) => {
        expect(formatAddress(addressFrom(bytes))).toBe(getAddress(encodeHex(bytes)));
      }),
    );
  });

  it('refuses a wrong mixture of cases and says what to do', () => {
    const good = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    for (let at = 2; at < good.length; at++) {
      const letter = good.charAt(at);
      const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
      if (other === letter) continue;
      expect(() => parseAddress(good.slice(0, at) + other + good.slice(at + 1), 'to')).toThrow(/^to mixes cases.*lower case$/);
    }
  });

  it('refuses all upper case unless that is the checksum', () => {
    expect(() => parseAddress('0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED')).toThrow('mixes cases');
  });

  it.each([
    '',
    '0x',
    `0x${'0'.repeat(39)}`,
    `0x${'0'.repeat(41)}`,
    `0X${'0'.repeat(40)}`,
    '0'.repeat(42),
    `0x${'g'.repeat(40)}`,
    ` 0x${'0'.repeat(40)}`,
    `0x${'0'.repeat(40)}\n`,
  ])('refuses %j', (text) => {
    expect(() => parseAddress(text, 'to')).toThrow(expect.objectContaining({ code: 'PROTOCOL_ADDRESS_INVALID' }));
  });
});
