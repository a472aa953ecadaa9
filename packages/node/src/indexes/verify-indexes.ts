import {
  type BlockHash,
  blockHash,
  ChainError,
  compareBytes,
  encodeHex,
  equalBytes,
  evidenceCodec,
  type Genesis,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import { applyBlock, type ChainContext, genesisChanges, genesisHeader } from '@mutual-chain/state-machine';
import { inspectBody } from '../chain/inspect-body.ts';
import type { IndexableBlock } from '../chain/ledger-chain.ts';
import type { StateStore, StoredIndexEntry } from '../storage/state-store.ts';
import { type ChainIndexes, createChainIndexes } from './chain-indexes.ts';
import { INDEX_KINDS, type IndexKind, keyAfter } from './index-key.ts';

/** Where indexes are not what the blocks make them. */
export type IndexDifference =
  /** A block is missing or does not hold, so that nothing follows from it. */
  | { readonly in: 'blocks'; readonly height: number; readonly message: string }
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

/** What a verification needs. */
export type VerifyIndexesOptions = {
  /** Started; what is verified. Nothing may be committed meanwhile. */
  readonly store: StateStore;
  /** Started and empty; is filled with what the blocks make. In memory, or on a disk where the chain is too long for that. */
  readonly scratch: StateStore;
  readonly genesis: Genesis;
  readonly context: ChainContext;
  /** The transaction of these raw bytes; undefined when a signature is wrong. Errors: those of `decodeTransaction`. */
  readonly verify: (raw: Uint8Array) => VerifiedTransaction | undefined;
  /** A height was executed. */
  readonly executed?: (height: number) => void;
};

/** Entries that are read at once. */
const PAGE_ENTRIES = 1000;

/** Above every key of an index. */
const END = Uint8Array.of(0xff);

/**
 * Executes all blocks of a store again, makes their indexes anew, and compares. Resolves to the first difference in the order of heights, then of
 * keys, or to undefined.
 */
export async function verifyIndexes(options: VerifyIndexesOptions): Promise<IndexDifference | undefined> {
  const { store, scratch, executed } = options;
  const indexes = createChainIndexes({ store: scratch });
  await commitGenesis(options, indexes);
  for (let height = 1; height <= (store.tip?.height ?? 0); height++) {
    const message = await commitBlock(options, indexes, height);
    if (message !== undefined) return { in: 'blocks', height, message };
    executed?.(height);
  }
  try {
    return await firstDifference(scratch, store);
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== 'STORAGE_RECORD_CORRUPT') throw error;
    return { in: 'storage', message: error.message };
  }
}

async function commitGenesis({ scratch, genesis, context }: VerifyIndexesOptions, { indexesOf }: ChainIndexes): Promise<void> {
  const { cryptography } = context;
  const changes = genesisChanges(cryptography, genesis);
  const preview = scratch.view.preview(changes);
  const header = genesisHeader(cryptography, genesis, preview.stateRoot);
  const block: IndexableBlock = {
    ...{ header, changes, blockHash: blockHash(cryptography, header) },
    ...{ transactions: [], receipts: [], records: [] },
  };
  await scratch.commitHeight({ height: 0, blockHash: block.blockHash, preview, block: new Uint8Array(0), indexes: indexesOf(block) });
}

/** Executes a block of the store on the scratch; what is wrong with it, if so. */
async function commitBlock(
  { store, scratch, context, verify }: VerifyIndexesOptions,
  { indexesOf }: ChainIndexes,
  height: number,
): Promise<string | undefined> {
  const body = store.readBlock(height);
  if (body === undefined) return 'the block is missing';
  const read = inspectBody(context.cryptography, body);
  if (read === undefined) return 'the block is not what its header commits to';
  const transactions: VerifiedTransaction[] = [];
  for (const raw of read.block.transactions) {
    const transaction = verify(raw);
    if (transaction === undefined) return `transaction ${transactions.length} has no valid signature`;
    transactions.push(transaction);
  }
  const { header } = read.block;
  const evidence = read.block.evidence.map(evidenceCodec.decode);
  const outcome = applyBlock(scratch.view, { header, transactions, evidence }, context, scratch.tip?.blockHash as BlockHash);
  if (!outcome.ok) return `the block is invalid: ${outcome.code}`;
  const block: IndexableBlock = { ...outcome, blockHash: read.blockHash, transactions };
  const { preview } = outcome;
  await scratch.commitHeight({ height, blockHash: read.blockHash, preview, block: body, indexes: indexesOf(block) });
  return undefined;
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
