import { type BlockHash, type Cryptography, equalBytes } from '@mutual-chain/protocol';
import {
  type StateEntry,
  type StateIndex,
  StateIndexLoader,
  type StateKey,
  type StatePreview,
  type StateView,
  stateKeyFromBytes,
  stateKeyToBytes,
} from '@mutual-chain/state-machine';
import { ClassicLevel } from 'classic-level';
import { nodeError } from '../errors.ts';
import { readAnchor, writeAnchor } from './anchor-file.ts';
import { openRecord, sealRecord } from './checksummed-record.ts';
import { makeDirectory } from './make-directory.ts';
import type { HeightCommit, IndexRange, StateStore, StoredIndexEntry, StoreIdentity, StoreTip } from './state-store.ts';
import {
  blockHashKey,
  blockKey,
  certificateKey,
  FORMAT_KEY,
  IDENTITY_KEY,
  indexKey,
  STATE_RANGE,
  stateEntryKey,
  TIP_KEY,
} from './store-keys.ts';
import { decodeTip, encodeTip } from './tip-codec.ts';
import { ValueCache } from './value-cache.ts';

/** Layout of keys and values that this version writes. */
const FORMAT_VERSION = 1;

/** State values kept in memory when nothing else is said: some 100 MB. */
const CACHE_ENTRIES_DEFAULT = 500_000;

/** What a store on disk needs to know. */
export type LevelStateStoreOptions = {
  /** Directory of the database; made when missing. */
  readonly directory: string;
  readonly identity: StoreIdentity;
  readonly cryptography: Pick<Cryptography, 'sha256Pairs'>;
  /** State values kept in memory, default 500 000. */
  readonly cacheEntriesMax?: number;
};

type Write =
  | { readonly type: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: Uint8Array };

/** Blocks, state and indexes in LevelDB: one synced batch a height, every record with a checksum of its own. */
export class LevelStateStore implements StateStore {
  readonly #options: LevelStateStoreOptions;
  readonly #cache: ValueCache;
  #level: ClassicLevel<Uint8Array, Uint8Array> | undefined;
  #index: StateIndex | undefined;
  #tip: StoreTip | undefined;
  #failure: unknown;
  #committing: Promise<void> = Promise.resolve();

  readonly view: StateView = {
    get: (key) => this.#readState(key),
    nextKey: (after, upTo) => this.#opened().nextKey(after, upTo),
    preview: (changes) => this.#opened().preview(changes),
    drop: (preview: StatePreview) => {
      this.#opened().drop(preview);
    },
  };

  constructor(options: LevelStateStoreOptions) {
    this.#options = options;
    this.#cache = new ValueCache(options.cacheEntriesMax ?? CACHE_ENTRIES_DEFAULT);
  }

  get tip(): StoreTip | undefined {
    return this.#tip;
  }

  async start(): Promise<void> {
    const { directory } = this.#options;
    this.#level = await openLevel(directory);
    try {
      await this.#checkIdentity();
      const tip = this.#read(TIP_KEY);
      this.#tip = tip === undefined ? undefined : decodeTip(tip);
      await this.#checkAnchor();
      this.#index = await this.#loadIndex();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.#committing.catch(() => undefined);
    const level = this.#level;
    this.#level = undefined;
    this.#index = undefined;
    this.#cache.clear();
    await level?.close();
  }

  commitHeight(commit: HeightCommit): Promise<void> {
    this.#committing = this.#committing.then(() => this.#commit(commit));
    return this.#committing;
  }

  readBlock(height: number): Uint8Array | undefined {
    return this.#read(blockKey(height));
  }

  readCertificate(height: number): Uint8Array | undefined {
    return this.#read(certificateKey(height));
  }

  heightOf(blockHash: BlockHash): number | undefined {
    const bytes = this.#read(blockHashKey(blockHash));
    return bytes === undefined ? undefined : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  }

  readIndex(key: Uint8Array): Uint8Array | undefined {
    return this.#read(indexKey(key));
  }

  async readIndexRange({ from, to, limit, reverse = false }: IndexRange): Promise<readonly StoredIndexEntry[]> {
    const bounds = { gte: indexKey(from), lt: indexKey(to), limit, reverse };
    const rows = await this.#db().iterator(bounds).all();
    return rows.map(([key, record]) => ({
      key: new Uint8Array(key.buffer, key.byteOffset + 1, key.length - 1),
      value: openRecord(key, record, this.#options.directory),
    }));
  }

  async *stateEntries(): AsyncIterable<StateEntry> {
    for await (const [key, record] of this.#db().iterator(STATE_RANGE)) {
      yield { key: stateKeyFromBytes(key.subarray(1)), value: openRecord(key, record, this.#options.directory) };
    }
  }

  async #commit(commit: HeightCommit): Promise<void> {
    const { directory } = this.#options;
    if (this.#failure !== undefined) {
      const message = `an earlier write to ${directory} failed: open the store again after the cause is mended`;
      throw nodeError('STORAGE_WRITE_FAILED', message, { path: directory }, this.#failure);
    }
    const expected = this.#tip === undefined ? 0 : this.#tip.height + 1;
    if (commit.height !== expected) {
      throw nodeError('STORAGE_HEIGHT_WRONG', `height ${commit.height} does not follow: the next is ${expected}`, {
        height: commit.height,
        expected,
      });
    }
    const index = this.#opened();
    const tip: StoreTip = { height: commit.height, blockHash: commit.blockHash, stateRoot: commit.preview.stateRoot };
    try {
      await this.#db().batch([...this.#writesOf(commit, tip)], { sync: true });
      for (const { key, value } of index.promote(commit.preview)) this.#cache.set(key, value);
      this.#tip = tip;
      writeAnchor(directory, tip);
    } catch (cause) {
      this.#failure = cause;
      const message = `height ${commit.height} could not be made durable in ${directory}: free space or mend the disk, then start again`;
      throw nodeError('STORAGE_WRITE_FAILED', message, { path: directory, height: commit.height }, cause);
    }
  }

  *#writesOf(commit: HeightCommit, tip: StoreTip): Iterable<Write> {
    const put = (key: Uint8Array, payload: Uint8Array): Write => ({ type: 'put', key, value: sealRecord(key, payload) });
    const putOrDelete = (key: Uint8Array, value: Uint8Array | undefined): Write =>
      value === undefined ? { type: 'del', key } : put(key, value);
    const height = encodeTip(tip).subarray(0, 8);
    for (const { key, value } of this.#opened().changesOf(commit.preview)) yield putOrDelete(stateEntryKey(stateKeyToBytes(key)), value);
    for (const { key, value } of commit.indexes ?? []) yield putOrDelete(indexKey(key), value);
    if (commit.block.length > 0) yield put(blockKey(commit.height), commit.block);
    if (commit.certificate !== undefined) yield put(certificateKey(commit.height), commit.certificate);
    yield put(blockHashKey(commit.blockHash), height);
    yield put(TIP_KEY, encodeTip(tip));
  }

  #readState(key: StateKey): Uint8Array | undefined {
    if (this.#cache.has(key)) return this.#cache.get(key);
    const value = this.#read(stateEntryKey(stateKeyToBytes(key)));
    this.#cache.set(key, value);
    return value;
  }

  #read(key: Uint8Array): Uint8Array | undefined {
    const record = this.#db().getSync(key);
    return record === undefined ? undefined : openRecord(key, record, this.#options.directory);
  }

  async #checkIdentity(): Promise<void> {
    const { directory, identity } = this.#options;
    const own = new Uint8Array(40);
    new DataView(own.buffer).setBigUint64(0, BigInt(identity.chainId));
    own.set(identity.genesisHash, 8);
    const format = this.#read(FORMAT_KEY);
    if (format === undefined) {
      const writes = [
        { type: 'put', key: FORMAT_KEY, value: sealRecord(FORMAT_KEY, Uint8Array.of(FORMAT_VERSION)) },
        { type: 'put', key: IDENTITY_KEY, value: sealRecord(IDENTITY_KEY, own) },
      ] as const;
      await this.#db().batch([...writes], { sync: true });
      return;
    }
    if (format[0] !== FORMAT_VERSION) {
      const message = `${directory} has format ${format[0]}, this version reads ${FORMAT_VERSION}: use the version that wrote it`;
      throw nodeError('STORAGE_FORMAT_UNKNOWN', message, { path: directory, found: format[0], expected: FORMAT_VERSION });
    }
    const found = this.#read(IDENTITY_KEY);
    if (found !== undefined && equalBytes(found, own)) return;
    const message = `${directory} belongs to another chain: name another directory, or move this one away`;
    throw nodeError('STORAGE_OTHER_CHAIN', message, { path: directory, chainId: identity.chainId });
  }

  /** A database behind its anchor has lost what was synced; one ahead was stopped between batch and anchor, which is mended forward. */
  async #checkAnchor(): Promise<void> {
    const { directory } = this.#options;
    const anchor = await readAnchor(directory);
    const tip = this.#tip;
    const behind = anchor !== undefined && (tip === undefined || tip.height < anchor.height);
    const differs =
      anchor !== undefined && tip !== undefined && tip.height === anchor.height && !equalBytes(tip.blockHash, anchor.blockHash);
    if (behind || differs) {
      const found = tip === undefined ? 'nothing' : `height ${tip.height}`;
      const remedy = 'move the directory away and let it be filled again from other nodes or a backup';
      const message = `${directory} holds ${found} although height ${anchor.height} was committed: ${remedy}`;
      throw nodeError('STORAGE_TIP_LOST', message, { path: directory, committed: anchor.height, found: tip?.height });
    }
    if (tip !== undefined && anchor?.height !== tip.height) writeAnchor(directory, tip);
  }

  async #loadIndex(): Promise<StateIndex> {
    const loader = new StateIndexLoader(this.#options.cryptography);
    for await (const { key, value } of this.stateEntries()) loader.add(key, value);
    const index = loader.finish();
    const tip = this.#tip;
    if (tip !== undefined && !equalBytes(index.stateRoot, tip.stateRoot)) {
      const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
      const details = { path: this.#options.directory, expected: hex(tip.stateRoot), found: hex(index.stateRoot), height: tip.height };
      const message = `the state in ${details.path} has root ${details.found}, height ${tip.height} committed ${details.expected}: restore it from a backup or other nodes`;
      throw nodeError('STORAGE_STATE_ROOT_MISMATCH', message, details);
    }
    return index;
  }

  #db(): ClassicLevel<Uint8Array, Uint8Array> {
    if (this.#level === undefined)
      throw nodeError('STORAGE_UNAVAILABLE', 'the store is not open: call start first', { path: this.#options.directory });
    return this.#level;
  }

  #opened(): StateIndex {
    if (this.#index === undefined)
      throw nodeError('STORAGE_UNAVAILABLE', 'the store is not open: call start first', { path: this.#options.directory });
    return this.#index;
  }
}

async function openLevel(directory: string): Promise<ClassicLevel<Uint8Array, Uint8Array>> {
  try {
    makeDirectory(directory);
    const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' });
    await level.open();
    return level;
  } catch (cause) {
    throw openFailure(directory, cause);
  }
}

function openFailure(directory: string, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code = '', message = '' } = cause as NodeJS.ErrnoException;
  const details = { path: directory, reason: message };
  if (code === 'LEVEL_LOCKED') {
    return nodeError('STORAGE_LOCKED', `${directory} is open in another process: stop that one, or name another directory`, details, error);
  }
  if (code === 'LEVEL_CORRUPTION') {
    const remedy = 'move the directory away and let it be filled again from other nodes or a backup';
    return nodeError('STORAGE_DAMAGED', `the database in ${directory} is damaged (${message}): ${remedy}`, details, error);
  }
  return nodeError(
    'STORAGE_UNAVAILABLE',
    `${directory} cannot be used (${message}): check the path, its rights and the free space`,
    details,
    error,
  );
}
