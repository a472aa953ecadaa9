import { setImmediate } from 'node:timers/promises';
import type { ChainIndexes, ListPart, RecordPosition, StateStore } from '@mutual-chain/node';
import { decodeTransaction, type SignedTransaction } from '@mutual-chain/protocol';
import type { BlockName, HeightOrLatest, PageRequest } from '@mutual-chain/rpc/contract';
import type { BlockView, ChainReader, Lookup, Page } from '@mutual-chain/rpc/server';
import { assetTable, debtTable, lotTable, StateOverlay } from '@mutual-chain/state-machine';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import { accountViewOf, balanceOf } from './account-balances.ts';
import type { CommittedBlocks } from './committed-blocks.ts';
import { decodeCursor, encodeCursor, type ListName } from './list-cursor.ts';

/** What a reader of the chain reads. */
export type ChainReaderOptions = {
  readonly chain: ChainIdentity;
  readonly store: StateStore;
  readonly indexes: ChainIndexes;
  readonly blocks: CommittedBlocks;
};

/** Transactions that are decoded before other work gets its turn: about 1 ms. */
const TURN_TRANSACTIONS = 500;

const found = <Value>(value: Value): { readonly found: true; readonly value: Value } => ({ found: true, value });
const notFound = <Code extends string>(code: Code): { readonly found: false; readonly code: Code } => ({ found: false, code });

/** Reads what is committed, from the store and the indexes beside it. */
export function createChainReader(options: ChainReaderOptions): ChainReader {
  const { chain, store, indexes, blocks } = options;
  const { genesis, context } = chain;
  const state = (): StateOverlay => new StateOverlay(store.view);
  return {
    identity: {
      chainId: genesis.chainId,
      networkName: genesis.networkName,
      genesisHash: context.genesisHash,
      protocolVersion: genesis.protocolVersion,
    },
    block: (name, withTransactions) => readBlock(blocks, name, withTransactions),
    rawBlock: async (name) => {
      const height = blocks.heightOf(name);
      if (height === undefined) return notFound('UNKNOWN_BLOCK');
      const hash = blocks.read(height)?.hash;
      const block = height === 0 ? new Uint8Array(0) : store.readBlock(height);
      if (hash === undefined || block === undefined) return notFound('HEIGHT_PRUNED');
      return found({ height, hash, block, certificate: store.readCertificate(height) });
    },
    account: async (address) => accountViewOf(state(), address, indexes.assetsOf(address)),
    balance: async (address, asset) => {
      const current = state();
      return current.get(assetTable, asset) === undefined ? notFound('UNKNOWN_ASSET') : found(balanceOf(current, address, asset));
    },
    lot: async (id) => {
      const lot = state().get(lotTable, id);
      return lot === undefined ? notFound('UNKNOWN_LOT') : found({ id, lot });
    },
    lots: (filter) =>
      readPage({ list: 'lots', filter }, filter, BYTES, (page) => {
        const { cursor: _, limit: __, ...selection } = filter;
        return indexes.lots(selection, page);
      }),
    records: async (filter) => {
      const { cursor: _, limit: __, ...selection } = filter;
      const earliest = await indexes.earliestHeight();
      if (earliest === undefined || (filter.fromHeight ?? 0) < earliest) return notFound('HEIGHT_PRUNED');
      return readPage({ list: 'records', filter }, filter, RECORD_POSITION, (page) => indexes.records(selection, page));
    },
    asset: async (id) => {
      const asset = state().get(assetTable, id);
      return asset === undefined ? notFound('UNKNOWN_ASSET') : found({ id, asset });
    },
    assets: async (request) => {
      const page = await readPage({ list: 'assets', filter: {} }, request, TEXT, (part) => indexes.assets(part));
      if (!page.found) return page;
      const current = state();
      const items = page.value.items.flatMap((id) => {
        const asset = current.get(assetTable, id);
        return asset === undefined ? [] : [{ id, asset }];
      });
      return found({ items, nextCursor: page.value.nextCursor });
    },
    debt: async (id) => {
      const debt = state().get(debtTable, id);
      return debt === undefined ? notFound('UNKNOWN_DEBT') : found({ id, debt });
    },
    validators: async (name) => {
      const height = blocks.heightOf(name);
      if (height === undefined) return notFound('UNKNOWN_BLOCK');
      const set = await indexes.validators(height);
      return set === undefined ? notFound('HEIGHT_PRUNED') : found({ height, set });
    },
    parameters: async (name: HeightOrLatest) => {
      const height = blocks.heightOf(name);
      if (height === undefined) return notFound('UNKNOWN_BLOCK');
      const parameters = await indexes.parameters(height);
      return parameters === undefined ? notFound('HEIGHT_PRUNED') : found({ height, parameters });
    },
  };
}

async function readBlock(
  blocks: CommittedBlocks,
  name: BlockName,
  withTransactions: boolean,
): Promise<Lookup<BlockView, 'UNKNOWN_BLOCK' | 'HEIGHT_PRUNED'>> {
  const height = blocks.heightOf(name);
  if (height === undefined) return notFound('UNKNOWN_BLOCK');
  const block = blocks.read(height);
  const transactionIds = await blocks.idsOf(height);
  if (block === undefined || transactionIds === undefined) return notFound('HEIGHT_PRUNED');
  const { hash, header, certificate } = block;
  const transactions = withTransactions ? await decodeAll(block.transactions) : [];
  return found({ hash, header, transactionIds, transactions, certificate });
}

async function decodeAll(raw: readonly Uint8Array[]): Promise<readonly SignedTransaction[]> {
  const transactions: SignedTransaction[] = [];
  for (const bytes of raw) {
    transactions.push(decodeTransaction(bytes));
    if (transactions.length % TURN_TRANSACTIONS === 0) await setImmediate();
  }
  return transactions;
}

/** How a position of a list stands in its cursor. */
type PositionForm<Position> = {
  readonly encode: (position: Position) => Uint8Array;
  /** Undefined when the bytes are none. */
  readonly decode: (bytes: Uint8Array) => Position | undefined;
};

const BYTES: PositionForm<Uint8Array> = { encode: (position) => position, decode: (bytes) => bytes };

const TEXT: PositionForm<string> = {
  encode: (position) => Buffer.from(position, 'latin1'),
  decode: (bytes) => Buffer.from(bytes).toString('latin1'),
};

const RECORD_POSITION_BYTES = 12;

const RECORD_POSITION: PositionForm<RecordPosition> = {
  encode: ({ height, position }) => {
    const bytes = Buffer.alloc(RECORD_POSITION_BYTES);
    bytes.writeBigUInt64BE(BigInt(height));
    bytes.writeUInt32BE(position, 8);
    return bytes;
  },
  decode: (bytes) => {
    if (bytes.length !== RECORD_POSITION_BYTES) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return { height: Number(view.getBigUint64(0)), position: view.getUint32(8) };
  },
};

/** Reads the page of a list that a request's cursor stands for. */
async function readPage<Item, Position>(
  name: ListName,
  { cursor, limit }: PageRequest,
  form: PositionForm<Position>,
  read: (page: { readonly from?: Position; readonly limit: number }) => Promise<ListPart<Item, Position>>,
): Promise<Lookup<Page<Item>, 'CURSOR_INVALID'>> {
  const bytes = cursor === undefined ? undefined : decodeCursor(name, cursor);
  const from = bytes === undefined ? undefined : form.decode(bytes);
  if (cursor !== undefined && from === undefined) return notFound('CURSOR_INVALID');
  const { items, next } = await read({ limit, ...(from === undefined ? {} : { from }) });
  return found({ items, nextCursor: next === undefined ? undefined : encodeCursor(name, form.encode(next)) });
}
