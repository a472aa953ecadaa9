import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import { decodeTransaction, encodeSignedBytes, encodeTransaction, signedBytesOf } from '../../src/transaction/transaction-codec.ts';
import { oracleRawBytes, oracleSignedBytes } from './ssz-oracle.ts';
import { anySigned, sampleOf, TYPES } from './table-arbitrary.ts';

/*
 * Goal: a transaction has exactly one byte form. Method: random transactions of every type go to bytes and back; random damage to bytes is
 * either refused or gives another transaction, whose only form those bytes are.
 */

/** Decodes, or says that the bytes were refused as they should be. */
function decodeOrRefuse(bytes: Uint8Array): ReturnType<typeof decodeTransaction> | undefined {
  try {
    return decodeTransaction(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ChainError);
    expect((error as ChainError).code).toMatch(/^PROTOCOL_TRANSACTION_/);
    return undefined;
  }
}

function expectOnlyForm(bytes: Uint8Array): boolean {
  const transaction = decodeOrRefuse(bytes);
  if (transaction !== undefined) expect(encodeTransaction(transaction)).toEqual(bytes);
  return transaction !== undefined;
}

describe('canonical bytes', () => {
  it('are those of a general SSZ library, and decode to the same transaction', () => {
    fc.assert(
      fc.property(anySigned, (transaction) => {
        const raw = encodeTransaction(transaction);
        expect(raw).toEqual(oracleRawBytes(transaction));
        expect(encodeSignedBytes(transaction)).toEqual(oracleSignedBytes(transaction));
        expect(signedBytesOf(raw)).toEqual(encodeSignedBytes(transaction));
        expect(decodeTransaction(raw)).toEqual(transaction);
        expect(decodeTransaction(Buffer.from(raw))).toEqual(transaction);
      }),
      { numRuns: 400 },
    );
  });

  it.each(TYPES)('of %s do the same, also when full', (type) => {
    for (const transaction of [sampleOf(type), sampleOf(type, true)]) {
      const raw = encodeTransaction(transaction);
      expect(raw).toEqual(oracleRawBytes(transaction));
      expect(decodeTransaction(raw)).toEqual(transaction);
    }
  });

  it('survive no change unnoticed: one byte', () => {
    fc.assert(
      fc.property(anySigned, fc.nat(), fc.integer({ min: 1, max: 255 }), (transaction, position, change) => {
        const bytes = encodeTransaction(transaction);
        const at = position % bytes.length;
        bytes[at] = (bytes[at] as number) ^ change;
        expectOnlyForm(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it('survive no change unnoticed: each offset set to each small number', () => {
    for (const type of TYPES) {
      const bytes = encodeTransaction(sampleOf(type));
      for (let at = 0; at + 4 <= bytes.length; at++) {
        for (const offset of [0, 8, bytes.length - 1, bytes.length, bytes.length + 1, 0xffff_ffff, bytes[at] as number]) {
          const changed = Uint8Array.from(bytes);
          new DataView(changed.buffer).setUint32(at, offset, true);
          const isSame = changed.every((byte, index) => byte === bytes[index]);
          if (!isSame && expectOnlyForm(changed)) expect(decodeTransaction(changed)).not.toEqual(decodeTransaction(bytes));
        }
      }
    }
  });

  it('are not found in random bytes unless they are the only form of something', () => {
    const number = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), number, fc.boolean(), (tail, type, isFramed) => {
        const bytes = Uint8Array.of(8, 0, 0, 0, 0, 0, 0, 0, type, ...tail);
        if (isFramed) new DataView(bytes.buffer).setUint32(4, bytes.length, true);
        expectOnlyForm(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
