import { setImmediate } from 'node:timers/promises';
import type { ChainIndexes, StateStore } from '@mutual-chain/node';
import {
  type BlockHash,
  type BlockHeader,
  blockCodec,
  blockHash,
  type CommitCertificate,
  type Cryptography,
  certificateCodec,
  type TransactionId,
  transactionIdOf,
} from '@mutual-chain/protocol';
import type { BlockName } from '@mutual-chain/rpc/contract';

/** Bytes of blocks that are kept decoded: a few of the largest, or some thousand of the usual size. */
const KEPT_BYTES_MAX = 16_777_216;
/** What a block counts for at least: a header and the objects around it. */
const KEPT_BYTES_MIN = 4096;
/** Transactions that are hashed before other work gets its turn: about 1 ms. */
const TURN_TRANSACTIONS = 500;

/** A committed block. */
export type CommittedBlock = {
  readonly hash: BlockHash;
  readonly header: BlockHeader;
  /** Raw bytes of each transaction. */
  readonly transactions: readonly Uint8Array[];
  /** Undefined for genesis. */
  readonly certificate: CommitCertificate | undefined;
};

/** What committed blocks are read from. */
export type CommittedBlocksOptions = {
  readonly cryptography: Cryptography;
  readonly store: StateStore;
  readonly indexes: Pick<ChainIndexes, 'genesisHeader'>;
  /** Bytes of blocks that are kept decoded, 16 MiB when nothing is said; the last one read is kept whatever it has. */
  readonly keptBytesMax?: number;
};

type Kept = { readonly block: CommittedBlock; readonly bytes: number; ids: Promise<readonly TransactionId[]> | undefined };

/** The committed blocks of a store by their names. Those that were read last are kept, as most are asked for right after they are committed. */
export class CommittedBlocks {
  readonly #cryptography: Cryptography;
  readonly #store: StateStore;
  readonly #indexes: Pick<ChainIndexes, 'genesisHeader'>;
  /** By height, the one read longest ago first. */
  readonly #kept = new Map<number, Kept>();
  readonly #keptBytesMax: number;
  #keptBytes = 0;

  constructor(options: CommittedBlocksOptions) {
    this.#cryptography = options.cryptography;
    this.#store = options.store;
    this.#indexes = options.indexes;
    this.#keptBytesMax = options.keptBytesMax ?? KEPT_BYTES_MAX;
  }

  /** The height of a name; undefined when no committed block has it. */
  heightOf(name: BlockName): number | undefined {
    const tip = this.#store.tip?.height ?? -1;
    const height = name === 'latest' ? tip : typeof name === 'number' ? name : this.#store.heightOf(name);
    return height !== undefined && height >= 0 && height <= tip ? height : undefined;
  }

  /** The block of a committed height; undefined when it is no longer kept. Errors: `STORAGE_RECORD_CORRUPT`. */
  read(height: number): CommittedBlock | undefined {
    return this.#find(height)?.block;
  }

  /** Ids of a block's transactions, in order; undefined when the block is no longer kept. Errors: `STORAGE_RECORD_CORRUPT`. */
  async idsOf(height: number): Promise<readonly TransactionId[] | undefined> {
    const kept = this.#find(height);
    if (kept === undefined) return undefined;
    kept.ids ??= this.#hash(kept.block.transactions);
    return await kept.ids;
  }

  #find(height: number): Kept | undefined {
    const known = this.#kept.get(height);
    const kept = known ?? (height === 0 ? this.#readGenesis() : this.#read(height));
    if (kept === undefined) return undefined;
    this.#kept.delete(height);
    this.#kept.set(height, kept);
    if (known !== undefined) return kept;
    this.#keptBytes += kept.bytes;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#keptBytes <= this.#keptBytesMax || oldest === height) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes;
    }
    return kept;
  }

  #read(height: number): Kept | undefined {
    const body = this.#store.readBlock(height);
    if (body === undefined) return undefined;
    const { header, transactions } = blockCodec.decode(body);
    const encoded = this.#store.readCertificate(height);
    const certificate = encoded === undefined ? undefined : certificateCodec.decode(encoded);
    const hash = certificate?.blockHash ?? blockHash(this.#cryptography, header);
    const bytes = Math.max(body.length, KEPT_BYTES_MIN);
    return { block: { hash, header, transactions, certificate }, bytes, ids: undefined };
  }

  #readGenesis(): Kept | undefined {
    const header = this.#indexes.genesisHeader();
    if (header === undefined) return undefined;
    const hash = blockHash(this.#cryptography, header);
    return { block: { hash, header, transactions: [], certificate: undefined }, bytes: KEPT_BYTES_MIN, ids: undefined };
  }

  async #hash(transactions: readonly Uint8Array[]): Promise<readonly TransactionId[]> {
    const ids: TransactionId[] = [];
    for (const raw of transactions) {
      ids.push(transactionIdOf(this.#cryptography, raw));
      if (ids.length % TURN_TRANSACTIONS === 0) await setImmediate();
    }
    return ids;
  }
}
