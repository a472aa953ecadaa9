import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../src/chain-error.ts';
import type { StateProof } from '../../src/state-proof/state-proof.ts';
import { STATE_VALUE_BYTES_MAX, stateProofCodec } from '../../src/state-proof/state-proof-codec.ts';

/* Goal: a state proof has one byte form, and nothing else is read. Method: every kind of proof both ways, and each part damaged. */

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const key = fc.uint8Array({ minLength: 1, maxLength: 47 });
const siblings = fc.array(bytes32, { maxLength: 6 });
const proofs: fc.Arbitrary<StateProof> = fc.oneof(
  fc.record({ key, siblings, value: fc.uint8Array({ maxLength: 80 }), absence: fc.constant(undefined) }),
  fc.record({ key, siblings, value: fc.constant(undefined), absence: fc.constant({ kind: 'empty' as const }) }),
  fc.record({
    key,
    siblings,
    value: fc.constant(undefined),
    absence: fc.record({ kind: fc.constant('other' as const), keyHash: bytes32, valueHash: bytes32 }),
  }),
);

const filled = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const present: StateProof = { key: Uint8Array.of(1), value: Uint8Array.of(2, 3), siblings: [filled(32, 4)], absence: undefined };
const empty: StateProof = { ...present, value: undefined, absence: { kind: 'empty' } };
const other: StateProof = { ...empty, absence: { kind: 'other', keyHash: filled(32, 5), valueHash: filled(32, 6) } };

/** Kind (1), four offsets (16), key (1), then value, witness and siblings. */
const HEAD = 17;

describe('the codec of state proofs', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        expect(stateProofCodec.decode(stateProofCodec.encode(proof))).toEqual(proof);
      }),
    );
  });

  it('reads only the one form of what it reads', () => {
    fc.assert(
      fc.property(proofs, fc.nat(), fc.integer({ min: 1, max: 255 }), (proof, position, change) => {
        const damaged = stateProofCodec.encode(proof);
        damaged[position % damaged.length] = (damaged[position % damaged.length] as number) ^ change;
        let read: StateProof | undefined;
        try {
          read = stateProofCodec.decode(damaged);
        } catch (error) {
          expect(error).toMatchObject({ name: 'ChainError', code: 'PROTOCOL_BYTES_INVALID' });
          return;
        }
        expect(stateProofCodec.encode(read)).toEqual(damaged);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['present', present],
    ['empty', empty],
    ['other', other],
  ])('refuses bytes of a proof of kind %s that are cut before the siblings, or lengthened', (_name, proof) => {
    const bytes = stateProofCodec.encode(proof);
    for (let length = 0; length < bytes.length - 32; length++) {
      expect(() => stateProofCodec.decode(bytes.slice(0, length))).toThrow(expect.objectContaining({ name: 'ChainError' }));
    }
    expect(() => stateProofCodec.decode(Uint8Array.of(...bytes, 0))).toThrow('siblings has to be a list of items of 32 bytes');
  });

  it.each<[string, StateProof, (bytes: Uint8Array) => void, string]>([
    ['an unknown kind', present, (bytes) => bytes.fill(3, 0, 1), 'kind of a state proof'],
    ['a witness beside a value', other, (bytes) => bytes.fill(0, 0, 1), 'witness of a state proof'],
    ['an empty subtree with a witness', other, (bytes) => bytes.fill(1, 0, 1), 'witness of a state proof'],
    ['another leaf without a witness', empty, (bytes) => bytes.fill(2, 0, 1), 'witness of a state proof'],
    ['a value beside an absence', present, (bytes) => bytes.fill(1, 0, 1), 'value of a state proof'],
    ['no key', present, (bytes) => bytes.fill(HEAD, 5, 6), 'key of a state proof'],
  ])('refuses %s', (_name, proof, change, message) => {
    const bytes = stateProofCodec.encode(proof);
    change(bytes);
    expect(() => stateProofCodec.decode(bytes)).toThrow(message);
  });

  it('writes neither a longer value nor more siblings than it reads', () => {
    expect(() => stateProofCodec.encode({ ...present, value: new Uint8Array(STATE_VALUE_BYTES_MAX + 1) })).toThrow(InvariantError);
    expect(() => stateProofCodec.encode({ ...present, siblings: Array.from({ length: 257 }, () => filled(32, 1)) })).toThrow(
      InvariantError,
    );
  });
});
