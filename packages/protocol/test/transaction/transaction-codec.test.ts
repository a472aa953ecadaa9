import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography } from '../../src/cryptography/reference.ts';
import { LIMITS } from '../../src/limits.ts';
import type { SignedTransaction } from '../../src/transaction/transaction.ts';
import {
  decodeTransaction,
  encodeSignedBytes,
  encodeTransaction,
  signedBytesOf,
  transactionIdOf,
} from '../../src/transaction/transaction-codec.ts';
import { fieldsOf, sampleOf, TYPES } from './table-arbitrary.ts';

/*
 * Goal: bytes and values that are not exactly right are refused, with an error that names the field and the limit.
 */

function errorOf(run: () => unknown): ChainError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ChainError);
    return error as ChainError;
  }
  throw new Error('nothing was thrown');
}

function withField(transaction: SignedTransaction, name: string, value: unknown): SignedTransaction {
  return { ...transaction, message: { ...transaction.message, [name]: value } } as unknown as SignedTransaction;
}

/** Raw bytes around signed bytes that are given. */
function raw(signed: Uint8Array, tail: Uint8Array = new Uint8Array(0)): Uint8Array {
  const bytes = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, ...signed, ...tail);
  new DataView(bytes.buffer).setUint32(4, 8 + signed.length, true);
  return bytes;
}

describe('decoding', () => {
  it.each(TYPES)('refuses %s cut off at any byte', (type) => {
    const bytes = encodeTransaction(sampleOf(type));
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeTransaction(bytes.slice(0, length)), `first ${length} bytes`).toThrow(ChainError);
    }
  });

  it.each(TYPES)('refuses the signed bytes of %s cut off before their variable part', (type) => {
    const signed = encodeSignedBytes(sampleOf(type));
    const fixed =
      signed.length - fieldsOf(type).reduce((sum, { kind }) => sum + ({ string: 3, bytes: 3, 'address[]': 40 }[kind as string] ?? 0), 0);
    for (let length = 0; length < fixed; length++) {
      expect(() => decodeTransaction(raw(signed.slice(0, length))), `first ${length} bytes`).toThrow(ChainError);
    }
  });

  it('refuses a sponsored transaction cut off anywhere but before the sponsor', () => {
    const plain = sampleOf('Transfer');
    const sponsored = {
      ...plain,
      sponsor: { address: new Uint8Array(20).fill(5), signature: new Uint8Array(65).fill(6) },
    } as unknown as SignedTransaction;
    const bytes = encodeTransaction(sponsored);
    const plainLength = encodeTransaction(plain).length;
    for (let length = 0; length < bytes.length; length++) {
      if (length === plainLength) expect(decodeTransaction(bytes.slice(0, length))).toEqual(plain);
      else expect(() => decodeTransaction(bytes.slice(0, length)), `first ${length} bytes`).toThrow(ChainError);
    }
  });

  it.each([1, 2, 20, 84, 86, 170])('refuses %d bytes after the signed bytes', (count) => {
    const error = errorOf(() => decodeTransaction(raw(encodeSignedBytes(sampleOf('Transfer')), new Uint8Array(count))));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_BYTES_INVALID');
    expect(error.details).toMatchObject({ field: 'sponsor', limit: 85, bytes: count });
  });

  it('refuses bytes after a type without variable fields', () => {
    const signed = encodeSignedBytes(sampleOf('Join'));
    const error = errorOf(() => decodeTransaction(raw(Uint8Array.of(...signed, 0))));
    expect(error.message).toBe(`signed of Join has to be ${signed.length - 1} bytes`);
  });

  it.each([0, 36, 37, 200, 255])('refuses type number %d', (number) => {
    const signed = encodeSignedBytes(sampleOf('Transfer'));
    signed[0] = number;
    const error = errorOf(() => decodeTransaction(raw(signed)));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_TYPE_UNKNOWN');
    expect(error.details).toMatchObject({ field: 'type', value: number });
  });

  it('refuses empty signed bytes', () => {
    expect(errorOf(() => decodeTransaction(raw(new Uint8Array(0)))).details).toMatchObject({ field: 'signed' });
  });

  it('refuses too many bytes before reading them', () => {
    expect(errorOf(() => decodeTransaction(new Uint8Array(8 + LIMITS.transactionBytesMax + 85 + 1))).details).toMatchObject({
      field: 'transaction',
      limit: 8 + LIMITS.transactionBytesMax + 85,
    });
    expect(errorOf(() => decodeTransaction(raw(new Uint8Array(LIMITS.transactionBytesMax + 1)))).details).toMatchObject({
      field: 'signed',
      limit: LIMITS.transactionBytesMax,
    });
  });

  it.each([
    [0, 0, 'signed'],
    [0, 7, 'signed'],
    [0, 9, 'signed'],
    [0, 0xffff_ffff, 'signed'],
    [4, 0, 'signed'],
    [4, 7, 'signed'],
    [4, 0xffff_ffff, 'signed'],
  ])('refuses an outer offset: at %d set to %d', (at, offset, field) => {
    const bytes = encodeTransaction(sampleOf('Transfer'));
    new DataView(bytes.buffer).setUint32(at, offset, true);
    const error = errorOf(() => decodeTransaction(bytes));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_BYTES_INVALID');
    expect(error.details).toMatchObject({ field });
  });

  // In Transfer: from 20, nonce 8, validUntil 8, maxFee 16, to 20, asset offset, amount 16, memo offset, signature 65; offsets at 72 and 92.
  const ASSET_OFFSET = 72;
  const MEMO_OFFSET = 92;
  const TRANSFER_FIXED = 161;

  it.each([
    [ASSET_OFFSET, TRANSFER_FIXED - 1, 'signed'],
    [ASSET_OFFSET, TRANSFER_FIXED + 1, 'signed'],
    [ASSET_OFFSET, 0, 'signed'],
    [MEMO_OFFSET, TRANSFER_FIXED - 1, 'asset'],
    [MEMO_OFFSET, 0, 'asset'],
    [MEMO_OFFSET, TRANSFER_FIXED + 7, 'asset'],
    [MEMO_OFFSET, 0xffff_ffff, 'asset'],
  ])('refuses an inner offset: at %d set to %d, naming %s', (at, offset, field) => {
    const signed = encodeSignedBytes(sampleOf('Transfer'));
    const view = new DataView(signed.buffer);
    expect(view.getUint32(1 + ASSET_OFFSET, true)).toBe(TRANSFER_FIXED);
    expect(view.getUint32(1 + MEMO_OFFSET, true)).toBe(TRANSFER_FIXED + 3);
    view.setUint32(1 + at, offset, true);
    const error = errorOf(() => decodeTransaction(raw(signed)));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_BYTES_INVALID');
    expect(error.details).toMatchObject({ type: 'Transfer', field });
  });

  it('refuses overlapping variable parts', () => {
    const signed = encodeSignedBytes(sampleOf('CloseHolding'));
    const view = new DataView(signed.buffer);
    // Both offsets at the beginning of the variable part: asset is empty, destination too long by what asset held. That is a form of its own.
    const destinationAt = 1 + 20 + 8 + 8 + 16 + 4;
    const first = view.getUint32(destinationAt - 4, true);
    view.setUint32(destinationAt, first, true);
    expect(decodeTransaction(raw(signed)).message).toMatchObject({ asset: '', destination: 'xxxxxx' });
    view.setUint32(destinationAt, first - 1, true);
    expect(() => decodeTransaction(raw(signed))).toThrow('asset of CloseHolding has to be bytes from its offset to the next one');
  });

  it.each([2, 3, 128, 255])('refuses a truth value of %d', (byte) => {
    const signed = encodeSignedBytes(sampleOf('SetAccount'));
    signed[1 + 52] = byte;
    const error = errorOf(() => decodeTransaction(raw(signed)));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_BYTES_INVALID');
    expect(error.details).toMatchObject({ field: 'autoAccept', byte });
  });

  it('refuses numbers of 64 bits that are no safe integers', () => {
    const signed = encodeSignedBytes(sampleOf('Join'));
    const view = new DataView(signed.buffer);
    view.setBigUint64(1 + 20, 2n ** 53n - 1n, true);
    expect(decodeTransaction(raw(signed)).message.nonce).toBe(Number.MAX_SAFE_INTEGER);
    for (const value of [2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      view.setBigUint64(1 + 20, value, true);
      expect(errorOf(() => decodeTransaction(raw(signed))).details).toMatchObject({ field: 'nonce' });
    }
  });

  it.each([
    ['a stray continuation', [0x80, 0x78, 0x78]],
    ['a form too long', [0xc0, 0x80, 0x78]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a character cut off', [0x78, 0xe2, 0x82]],
    ['a byte that never occurs', [0xff, 0x78, 0x78]],
  ])('refuses a text with %s', (_, bytes) => {
    const signed = encodeSignedBytes(sampleOf('Transfer'));
    signed.set(bytes, signed.length - 3);
    const error = errorOf(() => decodeTransaction(raw(signed)));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_BYTES_INVALID');
    expect(error.details).toMatchObject({ field: 'memo', limit: 256, reason: 'not valid UTF-8' });
  });

  it('refuses a list whose bytes are not a whole number of items', () => {
    const signed = encodeSignedBytes(sampleOf('DefineAsset'));
    const at = 1 + 20 + 8 + 8 + 16 + 4 + 4 + 1 + 4 + 1 + 1;
    const view = new DataView(signed.buffer);
    // The offset of transferMode: one byte of gateways more or less.
    for (const shift of [1, -1]) {
      const changed = Uint8Array.from(signed);
      new DataView(changed.buffer).setUint32(at, view.getUint32(at, true) + shift, true);
      expect(errorOf(() => decodeTransaction(raw(changed))).details).toMatchObject({ field: 'gateways', limit: 16 });
    }
  });

  it('refuses every limited field that is one over its limit, in bytes that are otherwise right', () => {
    for (const type of TYPES) {
      for (const field of fieldsOf(type)) {
        const limit = field.maxBytes ?? field.maxItems;
        if (limit === undefined) continue;
        const signed = encodeSignedBytes(sampleOf(type, true));
        const variable = fieldsOf(type).filter(({ kind }) => kind === 'string' || kind === 'bytes' || kind === 'address[]');
        const index = variable.indexOf(field);
        // Bytes are put in at the end of the field, and the offsets after it are moved.
        const extra = field.kind === 'address[]' ? 20 : 1;
        const lengths = variable.map((each) => (each.kind === 'address[]' ? 20 * (each.maxItems ?? 0) : (each.maxBytes ?? 0)));
        const fixed = signed.length - lengths.reduce((a, b) => a + b, 0);
        const end = fixed + lengths.slice(0, index + 1).reduce((a, b) => a + b, 0);
        const longer = Uint8Array.of(...signed.subarray(0, end), ...new Uint8Array(extra).fill(0x78), ...signed.subarray(end));
        const view = new DataView(longer.buffer);
        let position = 1;
        let seen = -1;
        for (const each of fieldsOf(type)) {
          const size = { address: 20, bool: 1, bytes32: 32, uint8: 1, uint32: 4, uint64: 8, uint256: 16 }[each.kind as string];
          if (size === undefined) {
            seen++;
            if (seen > index) view.setUint32(position, view.getUint32(position, true) + extra, true);
          }
          position += size ?? 4;
        }
        const error = errorOf(() => decodeTransaction(raw(longer)));
        expect(error.code, `${type}.${field.name}`).toBe('PROTOCOL_TRANSACTION_BYTES_INVALID');
        expect(error.details).toMatchObject({
          type,
          field: field.name,
          limit,
          bytes: field.kind === 'address[]' ? 20 * (limit + 1) : limit + 1,
        });
      }
    }
  });

  it('keeps addresses when the memory of the input is written again', () => {
    const bytes = encodeTransaction(sampleOf('Transfer'));
    const transaction = decodeTransaction(bytes) as SignedTransaction<'Transfer'>;
    const to = Uint8Array.from(transaction.message.to);
    bytes.fill(0);
    expect(transaction.message.to).toEqual(to);
  });
});

describe('encoding', () => {
  const WRONG: Readonly<Record<string, readonly unknown[]>> = {
    address: [new Uint8Array(19), new Uint8Array(21), '0x', undefined, null],
    'address[]': [[new Uint8Array(19)], [undefined], Array.from({ length: 17 }, () => new Uint8Array(20)), 'x', undefined],
    bool: [0, 1, 'true', undefined],
    bytes: [new Uint8Array(600), 'x', undefined],
    bytes32: [new Uint8Array(31), new Uint8Array(33), undefined],
    string: ['x'.repeat(600), '€'.repeat(200), '\ud800', '\udc00x', 7, undefined],
    uint8: [-1, 256, 1.5, 7n, Number.NaN, undefined],
    uint32: [-1, 2 ** 32, 1.5, 7n, undefined],
    uint64: [-1, 2 ** 53, 0.5, Number.POSITIVE_INFINITY, 7n, '7', undefined],
    uint256: [-1n, 2n ** 128n, 2n ** 256n, 7, '7', undefined],
  };

  it.each(TYPES)('refuses values of %s that are of the wrong kind or out of range', (type) => {
    for (const field of fieldsOf(type)) {
      for (const value of WRONG[field.kind] ?? []) {
        const error = errorOf(() => encodeTransaction(withField(sampleOf(type), field.name, value)));
        expect(error.code, `${type}.${field.name}`).toBe('PROTOCOL_TRANSACTION_FIELD_INVALID');
        // An item of a list is named by its position.
        expect(String(error.details['field']).replace(/\.0$/, '')).toBe(field.name);
        expect(error.message).toMatch(new RegExp(`^${field.name}.* of ${type} has to be `));
      }
    }
  });

  it('refuses a text one byte over its limit and takes one at its limit', () => {
    const transfer = sampleOf('Transfer');
    expect(() => encodeTransaction(withField(transfer, 'memo', `${'€'.repeat(85)}x`))).not.toThrow();
    expect(errorOf(() => encodeTransaction(withField(transfer, 'memo', `${'€'.repeat(85)}xx`))).message).toBe(
      'memo of Transfer has to be text in UTF-8 of at most 256 bytes, without half surrogate pairs',
    );
  });

  it('refuses signatures of another length and unknown types', () => {
    const transfer = sampleOf('Transfer');
    for (const length of [0, 64, 66]) {
      const signature = new Uint8Array(length);
      expect(errorOf(() => encodeTransaction({ ...transfer, signature } as unknown as SignedTransaction)).code).toBe(
        'PROTOCOL_SIGNATURE_INVALID',
      );
      const sponsor = { address: new Uint8Array(20), signature };
      expect(errorOf(() => encodeTransaction({ ...transfer, sponsor } as unknown as SignedTransaction)).details).toMatchObject({
        field: 'sponsor',
      });
    }
    const sponsor = { address: new Uint8Array(19), signature: new Uint8Array(65) };
    expect(errorOf(() => encodeTransaction({ ...transfer, sponsor } as unknown as SignedTransaction)).details).toMatchObject({
      field: 'sponsor',
    });
    for (const type of ['', 'transfer', 'toString', '__proto__', 'EIP712Domain']) {
      expect(errorOf(() => encodeTransaction({ ...transfer, type } as unknown as SignedTransaction)).code).toBe(
        'PROTOCOL_TRANSACTION_TYPE_UNKNOWN',
      );
    }
  });
});

describe('the id', () => {
  it('is the SHA-256 of the signed bytes, whoever sponsors', () => {
    const plain = sampleOf('Transfer');
    const sponsored = { ...plain, sponsor: { address: new Uint8Array(20), signature: new Uint8Array(65) } } as unknown as SignedTransaction;
    const id = transactionIdOf(referenceCryptography, encodeTransaction(plain));
    expect(id).toEqual(referenceCryptography.sha256(encodeSignedBytes(plain)));
    expect(transactionIdOf(referenceCryptography, encodeTransaction(sponsored))).toEqual(id);
    expect(signedBytesOf(encodeTransaction(sponsored))).toEqual(encodeSignedBytes(plain));
  });
});
