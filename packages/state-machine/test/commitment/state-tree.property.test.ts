import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LeafBatch, orderLeaves } from '../../src/commitment/leaf-batch.ts';
import { StateTree, type TreeVersion } from '../../src/commitment/state-tree.ts';
import { TreeLoader } from '../../src/commitment/tree-loader.ts';
import { type HashedLeaf, referenceRoot } from './reference-root.ts';

/*
 * Goal: the tree has the root that its leaves define, whatever happened before, and forgets no node that is needed and keeps none that is
 * not. Method: random writes and deletions at paths that share few or many of their first bits, compared with the recursive definition.
 */

const cryptography = await loadFastCryptography();

/** Enough for a machine that is busy with ten other things. */
const TIMEOUT_MS = 300_000;

type Change = { readonly path: Uint8Array; readonly value: number | undefined };

/** Paths that part early, in the middle, or at the last bit, so that leaves lie at all depths. */
const pathArbitrary = fc.record({ first: fc.nat(7), middle: fc.nat(3), last: fc.nat(15) }).map(({ first, middle, last }) => {
  const path = new Uint8Array(32);
  path[0] = first << 5;
  path[16] = middle;
  path[31] = last;
  return path;
});

/** Paths of which thousands differ, alone or in bushes below a common beginning. */
const bushyPathArbitrary = fc.tuple(fc.nat(2), fc.nat(0xffffff)).map(([shape, bits]) => {
  const path = new Uint8Array(32);
  const at = [0, 8, 29][shape] as number;
  path[at] = bits >>> 16;
  path[at + 1] = bits >>> 8;
  path[at + 2] = bits;
  return path;
});

const changesArbitrary = fc.uniqueArray(fc.record({ path: pathArbitrary, value: fc.option(fc.nat(3), { nil: undefined }) }), {
  selector: ({ path }) => Buffer.from(path).toString('hex'),
  maxLength: 40,
});

const valueHash = (value: number): Uint8Array => new Uint8Array(32).fill(value + 1);

function batchOf(changes: readonly Change[]): LeafBatch {
  const words = new Uint32Array(changes.length * 16);
  const bytes = new Uint8Array(words.buffer);
  for (const [index, { path, value }] of changes.entries()) {
    bytes.set(path, index * 64);
    if (value !== undefined) bytes.set(valueHash(value), index * 64 + 32);
  }
  const present = Uint8Array.from(changes, ({ value }) => (value === undefined ? 0 : 1));
  return orderLeaves({ count: changes.length, words, present });
}

/** The leaves that a tree has to have, kept without a tree. */
class Model {
  readonly #leaves: Map<string, HashedLeaf> = new Map();

  constructor(leaves: Iterable<readonly [string, HashedLeaf]> = []) {
    for (const [name, leaf] of leaves) this.#leaves.set(name, leaf);
  }

  after(changes: readonly Change[]): Model {
    const next = new Model(this.#leaves);
    for (const { path, value } of changes) {
      const name = Buffer.from(path).toString('hex');
      if (value === undefined) next.#leaves.delete(name);
      else next.#leaves.set(name, { path, valueHash: valueHash(value) });
    }
    return next;
  }

  get paths(): readonly Uint8Array[] {
    return [...this.#leaves.values()].map(({ path }) => path);
  }

  get root(): Uint8Array {
    return referenceRoot(cryptography, [...this.#leaves.values()]);
  }

  /** A tree that was built from these leaves at once. */
  build(): StateTree {
    const loader = new TreeLoader(cryptography);
    const words = new Uint32Array(this.#leaves.size * 16);
    const bytes = new Uint8Array(words.buffer);
    for (const [index, { path, valueHash: hash }] of [...this.#leaves.values()].entries()) {
      bytes.set(path, index * 64);
      bytes.set(hash, index * 64 + 32);
    }
    loader.add({ count: this.#leaves.size, words, present: new Uint8Array(this.#leaves.size).fill(1) });
    return loader.finish();
  }
}

describe('the tree', () => {
  it('has the root of its leaves after every update, and as many nodes as one built from them at once', { timeout: TIMEOUT_MS }, () => {
    fc.assert(
      fc.property(fc.array(changesArbitrary, { minLength: 1, maxLength: 8 }), (updates) => {
        const tree = new StateTree(cryptography);
        let model = new Model();
        for (const changes of updates) {
          model = model.after(changes);
          tree.commit(tree.update(batchOf(changes)));
          expect(tree.stateRoot).toEqual(model.root);
          const built = model.build();
          expect(built.stateRoot).toEqual(model.root);
          expect(tree.nodesUsed).toBe(built.nodesUsed);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is right for updates that are worked on in several groups', { timeout: TIMEOUT_MS }, () => {
    const updateArbitrary = fc.record({
      written: fc.array(bushyPathArbitrary, { maxLength: 3000, size: 'max' }),
      erasedShare: fc.constantFrom(0, 0.3, 0.97, 1),
      isTriedFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(updateArbitrary, { minLength: 2, maxLength: 5 }), (updates) => {
        const tree = new StateTree(cryptography);
        let model = new Model();
        for (const { written, erasedShare, isTriedFirst } of updates) {
          const erased = model.paths.filter((_, index) => (index * 7919) % 1000 < erasedShare * 1000);
          const changes = new Map<string, Change>();
          for (const [index, path] of written.entries()) changes.set(Buffer.from(path).toString('hex'), { path, value: index % 3 });
          for (const path of erased) changes.set(Buffer.from(path).toString('hex'), { path, value: undefined });
          const batch = [...changes.values()];
          const before = tree.nodesUsed;
          if (isTriedFirst) tree.discard(tree.update(batchOf(batch)));
          expect(tree.nodesUsed).toBe(before);
          model = model.after(batch);
          tree.commit(tree.update(batchOf(batch)));
          const built = model.build();
          expect(tree.stateRoot).toEqual(built.stateRoot);
          expect(tree.nodesUsed).toBe(built.nodesUsed);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('keeps versions apart and gives back the nodes of those that are not committed', { timeout: TIMEOUT_MS }, () => {
    const stepArbitrary = fc.record({ proposals: fc.array(changesArbitrary, { minLength: 1, maxLength: 4 }), chosen: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(stepArbitrary, { minLength: 1, maxLength: 6 }), (steps) => {
        const tree = new StateTree(cryptography);
        let model = new Model();
        for (const { proposals, chosen } of steps) {
          const before = tree.nodesUsed;
          const versions: TreeVersion[] = proposals.map((changes) => tree.update(batchOf(changes)));
          const models = proposals.map((changes) => model.after(changes));
          expect(versions.map(({ stateRoot }) => stateRoot)).toEqual(models.map(({ root }) => root));
          expect(tree.stateRoot).toEqual(model.root);
          for (const [index, version] of versions.entries()) if (index !== chosen) tree.discard(version);
          const version = versions[chosen];
          if (version === undefined) expect(tree.nodesUsed).toBe(before);
          else {
            tree.commit(version);
            model = models[chosen] as Model;
          }
          expect(tree.stateRoot).toEqual(model.root);
          expect(tree.nodesUsed).toBe(model.build().nodesUsed);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is the same version when nothing changes', () => {
    fc.assert(
      fc.property(changesArbitrary, (changes) => {
        const tree = new StateTree(cryptography);
        tree.commit(tree.update(batchOf(changes)));
        const nodes = tree.nodesUsed;
        const again = tree.update(batchOf(changes));
        expect(again.stateRoot).toEqual(tree.stateRoot);
        expect(tree.nodesUsed).toBe(nodes);
      }),
    );
  });

  it('has no nodes left when every leaf is deleted', () => {
    fc.assert(
      fc.property(changesArbitrary, (changes) => {
        const tree = new StateTree(cryptography);
        tree.commit(tree.update(batchOf(changes)));
        tree.commit(tree.update(batchOf(changes.map(({ path }) => ({ path, value: undefined })))));
        expect(tree.stateRoot).toEqual(new Uint8Array(32));
        expect(tree.nodesUsed).toBe(0);
      }),
    );
  });

  it('refuses a path that is written twice in one batch', () => {
    const path = new Uint8Array(32).fill(9);
    expect(() =>
      batchOf([
        { path, value: 1 },
        { path, value: undefined },
      ]),
    ).toThrow('one key is written twice');
  });

  it('is right for batches beyond every size that memory is kept for', { timeout: TIMEOUT_MS }, () => {
    const count = 70_000;
    const words = new Uint32Array(count * 16);
    const bytes = new Uint8Array(words.buffer);
    const view = new DataView(words.buffer);
    for (let index = 0; index < count; index++) {
      // An odd factor makes the first four bytes of all paths different.
      view.setUint32(index * 64, Math.imul(index + 1, 0x9e3779b1));
      bytes[index * 64 + 40] = index & 255;
    }
    const part = (from: number, to: number): LeafBatch =>
      orderLeaves({ count: to - from, words: words.slice(from * 16, to * 16), present: new Uint8Array(to - from).fill(1) });
    const atOnce = new StateTree(cryptography);
    atOnce.commit(atOnce.update(part(0, count)));
    const inSteps = new StateTree(cryptography);
    for (let from = 0; from < count; from += 5000) inSteps.commit(inSteps.update(part(from, from + 5000)));
    const loader = new TreeLoader(cryptography);
    loader.add({ count, words, present: new Uint8Array(count).fill(1) });
    const loaded = loader.finish();
    expect([inSteps.stateRoot, loaded.stateRoot]).toEqual([atOnce.stateRoot, atOnce.stateRoot]);
    expect([inSteps.nodesUsed, loaded.nodesUsed]).toEqual([atOnce.nodesUsed, atOnce.nodesUsed]);
    // What was given back after so large a batch is not missed by a small one.
    const removal = (): LeafBatch => ({ ...part(7, 8), present: Uint8Array.of(0) });
    atOnce.commit(atOnce.update(removal()));
    inSteps.commit(inSteps.update(removal()));
    expect(atOnce.stateRoot).toEqual(inSteps.stateRoot);
    expect(atOnce.stateRoot).not.toEqual(loaded.stateRoot);
  });
});
