import { verifyStateProof } from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { describe, expect, it } from 'vitest';
import { MemoryState, type StateEntry } from '../../src/view/memory-state.ts';
import { type StateKey, stateKeyFromBytes, stateKeyToBytes } from '../../src/view/state-key.ts';

/*
 * Goal: what a state shows, previews, promotes and drops is what its owner asked for. Method: small states, every rule of the contract once.
 */

const cryptography = await loadFastCryptography();

const key = (...bytes: number[]): StateKey => stateKeyFromBytes(Uint8Array.from(bytes));
const value = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const ENTRIES: readonly StateEntry[] = [
  { key: key(1, 1), value: value(11) },
  { key: key(8, 5), value: value(1) },
  { key: key(1, 2), value: value(12) },
];

const stateOf = (entries: readonly StateEntry[]): MemoryState => new MemoryState({ cryptography, entries });

describe('a state in memory', () => {
  it('keeps the bytes of keys', () => {
    const bytes = Uint8Array.from({ length: 47 }, (_, index) => 255 - index * 5);
    expect(stateKeyToBytes(stateKeyFromBytes(bytes))).toEqual(bytes);
  });

  it('knows no key that is not made of bytes', () => {
    const state = stateOf(ENTRIES);
    const other = '\u0101\u0101' as StateKey;
    expect(() => state.get(other)).toThrow('is a byte');
    expect(() => state.preview([{ key: other, value: value(1) }])).toThrow('is a byte');
    expect(() => stateKeyToBytes(other)).toThrow('is a byte');
    expect(state.get(key(1, 1))).toEqual(value(11));
  });

  it('begins empty, with the root of zeros', () => {
    const state = new MemoryState({ cryptography });
    expect([state.stateRoot, state.size, [...state.entries()]]).toEqual([new Uint8Array(32), 0, []]);
  });

  it('shows its entries in the order of their keys', () => {
    expect([...stateOf(ENTRIES).entries()].map((entry) => entry.key)).toEqual([key(1, 1), key(1, 2), key(8, 5)]);
  });

  it('shows nothing of a preview before that is promoted', () => {
    const state = stateOf(ENTRIES);
    const before = state.stateRoot;
    const preview = state.preview([
      { key: key(1, 1), value: undefined },
      { key: key(1, 2), value: value(99) },
      { key: key(8, 4), value: value(1) },
    ]);
    expect([state.get(key(1, 1)), state.get(key(1, 2)), state.nextKey(key(8), key(8, 255)), state.stateRoot]).toEqual([
      value(11),
      value(12),
      key(8, 5),
      before,
    ]);
    state.promote(preview);
    expect([state.get(key(1, 1)), state.get(key(1, 2)), state.nextKey(key(8), key(8, 255)), state.stateRoot]).toEqual([
      undefined,
      value(99),
      key(8, 4),
      preview.stateRoot,
    ]);
    expect(state.stateRoot).toEqual(
      stateOf([
        { key: key(8, 4), value: value(1) },
        { key: key(8, 5), value: value(1) },
        { key: key(1, 2), value: value(99) },
      ]).stateRoot,
    );
  });

  it('takes scheduled keys away when they are deleted, and knows no others', () => {
    const state = stateOf(ENTRIES);
    expect(state.nextKey(key(8), key(8, 4))).toBeUndefined();
    expect(state.nextKey(key(8, 5), key(8, 255))).toBeUndefined();
    expect(state.nextKey(key(0), key(2))).toBeUndefined();
    state.promote(state.preview([{ key: key(8, 5), value: undefined }]));
    expect(state.nextKey(key(8), key(8, 255))).toBeUndefined();
  });

  it('promotes one preview and drops the others', () => {
    const state = stateOf(ENTRIES);
    const [first, second] = [1, 2].map((number) => state.preview([{ key: key(3), value: value(number) }]));
    if (first === undefined || second === undefined) throw new Error('two previews were made');
    state.promote(second);
    expect(state.get(key(3))).toEqual(value(2));
    expect(() => state.promote(first)).toThrow('no longer live');
    expect(() => state.promote(second)).toThrow('no longer live');
    state.drop(first);
    expect([state.get(key(3)), state.stateRoot]).toEqual([value(2), second.stateRoot]);
  });

  it('keeps at most four previews', () => {
    const state = stateOf(ENTRIES);
    const previews = [1, 2, 3, 4].map((number) => state.preview([{ key: key(3), value: value(number) }]));
    expect(() => state.preview([])).toThrow('at most 4 live previews');
    for (const preview of previews.slice(1)) state.drop(preview);
    for (const preview of previews.slice(1)) expect(() => state.promote(preview)).toThrow('no longer live');
    expect(state.preview([]).stateRoot).toEqual(state.stateRoot);
  });

  it('knows only its own previews', () => {
    const preview = stateOf(ENTRIES).preview([]);
    expect(() => stateOf(ENTRIES).promote(preview)).toThrow('it is foreign');
  });

  it('refuses a key that is changed twice, and one that is there twice from the beginning', () => {
    const state = stateOf(ENTRIES);
    const twice = [
      { key: key(3), value: value(1) },
      { key: key(3), value: undefined },
    ];
    expect(() => state.preview(twice)).toThrow('one key is written twice');
    expect(() => stateOf([...ENTRIES, { key: key(1, 1), value: value(11) }])).toThrow('one key is written twice');
  });

  it('can be proved to have the values it has and no others', () => {
    const state = stateOf(ENTRIES);
    const proof = state.prove(key(1, 2));
    expect([proof.key, proof.value, proof.absence]).toEqual([value(1, 2), value(12), undefined]);
    expect(verifyStateProof(cryptography, state.stateRoot, proof)).toBe(true);
    const absent = state.prove(key(1, 3));
    expect(absent.value).toBeUndefined();
    expect(verifyStateProof(cryptography, state.stateRoot, absent)).toBe(true);
  });
});
