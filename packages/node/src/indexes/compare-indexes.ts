import { ChainError, compareBytes, encodeHex, equalBytes } from '@mutual-chain/protocol';
import type { StateStore, StoredIndexEntry } from '../storage/state-store.ts';
import { INDEX_KINDS, type IndexKind, keyAfter } from './index-key.ts';

/** Where indexes are not what the blocks make them. */
export type IndexDifference =
  | {
      readonly in: 'indexes';
      /** Undefined for a key of no kind. */
      readonly kind: IndexKind | undefined;
      /** In hex. */
      readonly key: string;
      readonly problem: 'missing' | 'unexpected' | 'different';
      readonly message: string;
    }
  /** An entry does not have its checksum. */
  | { readonly in: 'storage'; readonly message: string };

/** Entries that are read at once. */
const PAGE_ENTRIES = 1000;

/** Above every key of an index. */
const END = Uint8Array.of(0xff);

/**
 * Compares the indexes of a store with those of one into which the same blocks were executed anew. Resolves to the first difference in the order of
 * keys, or to undefined. Nothing may be committed to either meanwhile.
 */
export async function compareIndexes(expected: StateStore, found: StateStore): Promise<IndexDifference | undefined> {
  try {
    return await firstDifference(expected, found);
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== 'STORAGE_RECORD_CORRUPT') throw error;
    return { in: 'storage', message: error.message };
  }
}

async function firstDifference(expected: StateStore, found: StateStore): Promise<IndexDifference | undefined> {
  const [left, right] = [entriesOf(expected), entriesOf(found)];
  let [one, other] = [await left.next(), await right.next()];
  while (one.done !== true || other.done !== true) {
    const order = one.done === true ? 1 : other.done === true ? -1 : compareBytes(one.value.key, other.value.key);
    if (order < 0 && one.done !== true) return differenceAt(one.value.key, 'missing');
    if (order > 0 && other.done !== true) return differenceAt(other.value.key, 'unexpected');
    if (one.done !== true && other.done !== true && !equalBytes(one.value.value, other.value.value)) {
      return differenceAt(one.value.key, 'different');
    }
    [one, other] = [await left.next(), await right.next()];
  }
  return undefined;
}

async function* entriesOf(store: StateStore): AsyncGenerator<StoredIndexEntry> {
  let from: Uint8Array = new Uint8Array(0);
  for (;;) {
    const entries = await store.readIndexRange({ from, to: END, limit: PAGE_ENTRIES });
    yield* entries;
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE_ENTRIES) return;
    from = keyAfter(last.key);
  }
}

const PROBLEMS = {
  missing: 'is missing',
  unexpected: 'is there although no block makes it',
  different: 'says something else than the blocks do',
} as const;

function differenceAt(bytes: Uint8Array, problem: keyof typeof PROBLEMS): IndexDifference {
  const kind = (Object.keys(INDEX_KINDS) as IndexKind[]).find((each) => INDEX_KINDS[each] === bytes[0]);
  const key = encodeHex(bytes);
  return { in: 'indexes', kind, key, problem, message: `the entry ${kind ?? 'of no kind'} under ${key} ${PROBLEMS[problem]}` };
}
