import { type StateProof, verifyStateProof } from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryState } from '../../src/view/memory-state.ts';
import { type StateKey, stateKeyFromBytes } from '../../src/view/state-key.ts';
import { leavesOf, referenceRoot } from '../commitment/reference-root.ts';

/*
 * Goal: the state has the root that the protocol defines, proofs of what it holds and of what it lacks verify, and nothing that differs
 * from a proof in one bit does. Method: random states after random changes; every bit of every part of their proofs flipped.
 */

const cryptography = await loadFastCryptography();

/** Enough for a machine that is busy with ten other things. */
const TIMEOUT_MS = 300_000;

const keyArbitrary = fc.uint8Array({ minLength: 1, maxLength: 3, max: 7 }).map(stateKeyFromBytes);
const valueArbitrary = fc.uint8Array({ maxLength: 80 });
const entriesArbitrary = fc.uniqueArray(fc.record({ key: keyArbitrary, value: valueArbitrary }), {
  selector: ({ key }) => key,
  maxLength: 60,
});
const changesArbitrary = fc.uniqueArray(fc.record({ key: keyArbitrary, value: fc.option(valueArbitrary, { nil: undefined }) }), {
  selector: ({ key }) => key,
  maxLength: 60,
});

describe('a state', () => {
  it('has the root of its entries whatever the order in which they came', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(entriesArbitrary, fc.array(changesArbitrary, { maxLength: 4 }), (entries, updates) => {
        const state = new MemoryState({ cryptography, entries });
        for (const changes of updates) state.promote(state.preview(changes));
        const left = new Map([...state.entries()].map(({ key, value }): [StateKey, Uint8Array] => [key, value]));
        expect(state.stateRoot).toEqual(referenceRoot(cryptography, leavesOf(cryptography, left)));
        expect(new MemoryState({ cryptography, entries: [...state.entries()].reverse() }).stateRoot).toEqual(state.stateRoot);
      }),
      { numRuns: 150 },
    );
  });
});

/** The proof with one bit flipped, for every bit of every part. A flipped key is another question and not among them. */
function* mutations(proof: StateProof): Iterable<StateProof> {
  const { value, siblings, absence } = proof;
  if (value !== undefined) for (const bytes of flips(value)) yield { ...proof, value: bytes };
  for (const [index, sibling] of siblings.entries()) {
    for (const bytes of flips(sibling)) yield { ...proof, siblings: siblings.with(index, bytes) };
  }
  if (absence?.kind !== 'other') return;
  for (const keyHash of flips(absence.keyHash)) yield { ...proof, absence: { ...absence, keyHash } };
  for (const valueHash of flips(absence.valueHash)) yield { ...proof, absence: { ...absence, valueHash } };
}

function* flips(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) yield bytes.with(bit >>> 3, (bytes[bit >>> 3] as number) ^ (1 << (bit & 7)));
}

describe('proofs', () => {
  const forms = new Map<string, number>();

  it('verify, and fail with any bit, sibling or claim changed', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      // Every other key is one of the entries: few others are.
      fc.property(entriesArbitrary, keyArbitrary, fc.option(fc.nat(), { freq: 1 }), (entries, otherKey, number) => {
        const key = (number === null ? undefined : entries[number % entries.length]?.key) ?? otherKey;
        const state = new MemoryState({ cryptography, entries });
        const verify = (proof: StateProof): boolean => verifyStateProof(cryptography, state.stateRoot, proof);
        const proof = state.prove(key);
        const form = proof.absence?.kind ?? 'present';
        forms.set(form, (forms.get(form) ?? 0) + 1);
        expect(proof.value).toEqual(state.get(key));
        expect(verify(proof)).toBe(true);
        expect([...mutations(proof)].filter(verify)).toEqual([]);
        if (proof.siblings.length > 0) expect(verify({ ...proof, siblings: proof.siblings.slice(0, -1) })).toBe(false);
        expect(verify({ ...proof, siblings: [...proof.siblings, new Uint8Array(32)] })).toBe(false);
        if (proof.value === undefined) expect(verify({ ...proof, value: Uint8Array.of(1), absence: undefined })).toBe(false);
        else expect(verify({ ...proof, value: undefined, absence: { kind: 'empty' } })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('came in all three forms', () => {
    expect([...forms.keys()].sort()).toEqual(['empty', 'other', 'present']);
  });

  it('of a change are of the committed state, not of previews', () => {
    fc.assert(
      fc.property(entriesArbitrary, changesArbitrary, keyArbitrary, (entries, changes, key) => {
        const state = new MemoryState({ cryptography, entries });
        const before = state.prove(key);
        const preview = state.preview(changes);
        expect(state.prove(key)).toEqual(before);
        state.promote(preview);
        expect(verifyStateProof(cryptography, preview.stateRoot, state.prove(key))).toBe(true);
      }),
    );
  });
});
