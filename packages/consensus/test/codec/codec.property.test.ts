import { decodeLoggedInput, encodeLoggedInput, peerStatusCodec } from '@mutual-chain/consensus';
import { ChainError, type Codec, equalBytes } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loggedInput, peerStatus } from '../support/arbitraries.ts';

/*
 * Goal: whatever is logged or told to peers is read back as it was, and bytes that nobody wrote are refused with a code instead of crashing
 * or being read as something. Method: random values there and back; every cut, added byte and random damage of their bytes either is
 * refused with this package's code and a field, or reads as a value that has exactly these bytes.
 */

const codecs = [
  {
    name: 'a logged input',
    values: loggedInput as fc.Arbitrary<unknown>,
    codec: { encode: encodeLoggedInput, decode: decodeLoggedInput } as unknown as Codec<unknown>,
    code: 'CONSENSUS_INPUT_BYTES_INVALID',
  },
  {
    name: 'the status of a peer',
    values: peerStatus as fc.Arbitrary<unknown>,
    codec: peerStatusCodec as unknown as Codec<unknown>,
    code: 'CONSENSUS_STATUS_BYTES_INVALID',
  },
];

describe.each(codecs)('the codec of $name', ({ values, codec, code }) => {
  const isRefusedOrCanonical = (bytes: Uint8Array): boolean => {
    try {
      return equalBytes(codec.encode(codec.decode(bytes)), bytes);
    } catch (error) {
      return error instanceof ChainError && error.code === code && typeof error.details['field'] === 'string';
    }
  };

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value);
      }),
    );
  });

  it('refuses every cut and every added byte, or reads exactly those bytes', () => {
    fc.assert(
      fc.property(values, fc.nat(255), (value, byte) => {
        const bytes = codec.encode(value);
        for (let length = 0; length < bytes.length; length++) if (!isRefusedOrCanonical(bytes.subarray(0, length))) return false;
        return isRefusedOrCanonical(Uint8Array.of(...bytes, byte));
      }),
      { numRuns: 50 },
    );
  });

  it('refuses damage, or reads exactly those bytes', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(values, damage, (value, changes) => {
        const bytes = codec.encode(value);
        for (const [at, byte] of changes) bytes[at % Math.max(bytes.length, 1)] = byte;
        return isRefusedOrCanonical(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses bytes that nobody wrote, or reads exactly those bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), isRefusedOrCanonical), { numRuns: 2_000 });
  });
});
