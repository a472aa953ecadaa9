import type { StateStore } from '@mutual-chain/node';
import {
  type BlockHash,
  blockCodec,
  blockHash,
  ChainError,
  encodeHex,
  equalBytes,
  InvariantError,
  type StateRoot,
} from '@mutual-chain/protocol';
import { BlockFileReader } from '../block-file/block-file-reader.ts';
import { auditStore } from '../chain/audit-store.ts';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import { refuseForeignDatabase } from '../chain/database-folder.ts';
import { LotHistories } from '../chain/lot-histories.ts';
import { genesisHeaderOf, openChain } from '../chain/open-chain.ts';
import { cliError } from '../errors.ts';
import { checkBlock } from './check-block.ts';
import type { Difference, ReplayDifferenceCode } from './difference.ts';

/** What a replay found. */
export type ReplayResult = { readonly ok: false; readonly difference: Difference } | ({ readonly ok: true } & ReplayedChain);

/** A replay without a difference. */
export type ReplayedChain = {
  /** Height at which it began: 0, or that of the state it continued. */
  readonly from: number;
  /** Height at which it ended. */
  readonly height: number;
  /** Blocks that the file has behind that height, which nobody looked at. */
  readonly blocksLeft: number;
  /** Blocks and transactions that were executed. */
  readonly blocks: number;
  readonly transactions: number;
  readonly stateRoot: StateRoot;
  readonly tip: BlockHash;
  /** Lots and records of the histories that were checked; undefined when the replay continued a state and saw only parts of them. */
  readonly histories: { readonly lots: number; readonly records: number } | undefined;
};

/**
 * Replays a file of blocks into the database of a folder: from genesis when it is empty, otherwise from the height it has reached.
 *
 * Stops at the first difference; the database then holds the state before it. `to`: height after which it stops.
 *
 * Errors: those of the file and of the store, `CLI_FOLDER_FOREIGN`, `CLI_HEIGHT_PASSED` when the folder is beyond `to`, and `CLI_HEIGHT_MISSING`
 * when the file ends before it.
 */
export async function replayFile(chain: ChainIdentity, path: string, directory: string, to?: number): Promise<ReplayResult> {
  let file: BlockFileReader | undefined;
  try {
    file = new BlockFileReader(path);
    const foreign = differentChain(chain, file);
    if (foreign !== undefined) return { ok: false, difference: foreign };
    refuseForeignDatabase(directory);
    const store = await openChain(chain, directory);
    try {
      refusePassedHeight(store, directory, to);
      return await replay(chain, store, file, to);
    } finally {
      await store.stop();
    }
  } catch (error) {
    if (!(error instanceof ChainError) || error.code !== 'CLI_BLOCK_FILE_INVALID') throw error;
    const height = error.details['height'];
    const place = typeof height === 'number' && height > 0 ? { height } : {};
    return { ok: false, difference: { ...place, field: 'file', code: error.code, message: error.message } };
  } finally {
    file?.close();
  }
}

/** Blocks that the store has already have to be the same as those of the file, and are not executed again. */
async function replay(chain: ChainIdentity, store: StateStore, file: BlockFileReader, to?: number): Promise<ReplayResult> {
  const foreign = differentGenesis(chain, store);
  if (foreign !== undefined) return { ok: false, difference: foreign };

  const { tip: start } = store;
  const from = start?.height ?? 0;
  const histories = new LotHistories();
  let blocks = 0;
  let transactions = 0;
  for (const { height, bytes } of file.blocks()) {
    if (height <= from) {
      if (!equalBytes(store.readBlock(height) ?? new Uint8Array(0), bytes)) return { ok: false, difference: otherBlock(height) };
      const other = height === from ? differentTip(chain, store, bytes) : undefined;
      if (other !== undefined) return { ok: false, difference: other };
      continue;
    }
    if (to !== undefined && height > to) continue;
    const checked = checkBlock(chain, store.view, tipOf(store).blockHash, height, bytes);
    if (!checked.ok) return checked;
    const { preview, header, records } = checked.effect;
    await store.commitHeight({ height, blockHash: blockHash(chain.context.cryptography, header), preview, block: bytes });
    histories.add(records);
    blocks += 1;
    transactions += checked.block.transactions.length;
  }
  const difference = differenceAtEnd(store, file) ?? brokenHistory(histories, from) ?? (await brokenState(chain, store));
  if (difference !== undefined) return { ok: false, difference };
  refuseMissingHeight(store, file.path, to);
  const { height, stateRoot, blockHash: tip } = tipOf(store);
  const blocksLeft = (file.end?.blocks ?? height) - height;
  const checkedHistories = from === 0 ? { lots: histories.lots, records: histories.records } : undefined;
  return { ok: true, from, height, blocksLeft, blocks, transactions, stateRoot, tip, histories: checkedHistories };
}

function tipOf(store: StateStore): NonNullable<StateStore['tip']> {
  const { tip } = store;
  if (tip === undefined) throw new InvariantError('an open chain has at least genesis');
  return tip;
}

function differentChain(chain: ChainIdentity, file: BlockFileReader): Difference | undefined {
  const { chainId, genesisHash } = chain.context;
  if (file.chainId !== chainId) {
    return {
      field: 'chainId',
      code: 'CHAIN_ID_WRONG' satisfies ReplayDifferenceCode,
      message: `The file is of chain ${file.chainId}, the genesis document of ${chainId}.`,
    };
  }
  if (equalBytes(file.genesisHash, genesisHash)) return undefined;
  const message = `The file begins at genesis ${encodeHex(file.genesisHash)}, the document is ${encodeHex(genesisHash)}.`;
  return { field: 'genesisHash', code: 'GENESIS_WRONG' satisfies ReplayDifferenceCode, message };
}

/** A store at height 0 has to hold the genesis that the document makes. */
function differentGenesis(chain: ChainIdentity, store: StateStore): Difference | undefined {
  const { height, stateRoot } = tipOf(store);
  const expected = genesisHeaderOf(chain).stateRoot;
  if (height > 0 || equalBytes(stateRoot, expected)) return undefined;
  const message = `The folder holds ${encodeHex(stateRoot)}, genesis makes ${encodeHex(expected)}.`;
  return { height: 0, field: 'header.stateRoot', code: 'STATE_ROOT_WRONG' satisfies ReplayDifferenceCode, message };
}

/** What is below the height of the store cannot be replayed into it. */
function refusePassedHeight(store: StateStore, directory: string, to: number | undefined): void {
  const { height } = tipOf(store);
  if (to === undefined || to >= height) return;
  const message = `${directory} has reached height ${height} already, and --to ${to} is below it. Name an empty folder with --home DIR, or a height from ${height}.`;
  throw cliError('CLI_HEIGHT_PASSED', message, { path: directory, height, to });
}

/** Who asks for a height is not content with less. */
function refuseMissingHeight(store: StateStore, path: string, to: number | undefined): void {
  const { height } = tipOf(store);
  if (to === undefined || to <= height) return;
  const message = `${path} ends at height ${height}, --to asks for ${to}. Up to there everything holds, and is in the folder. Name a height up to ${height}, or leave --to out.`;
  throw cliError('CLI_HEIGHT_MISSING', message, { path, height, to });
}

/** The state that is continued has to be that of the last block it has. */
function differentTip(chain: ChainIdentity, store: StateStore, bytes: Uint8Array): Difference | undefined {
  const { height, blockHash: tip, stateRoot } = tipOf(store);
  const { header } = blockCodec.decode(bytes);
  if (equalBytes(blockHash(chain.context.cryptography, header), tip) && equalBytes(header.stateRoot, stateRoot)) return undefined;
  const message = `The folder holds ${encodeHex(stateRoot)}, the block says ${encodeHex(header.stateRoot)}.`;
  return { height, field: 'header.stateRoot', code: 'STATE_ROOT_WRONG' satisfies ReplayDifferenceCode, message };
}

function otherBlock(height: number): Difference {
  return {
    height,
    field: 'block',
    code: 'BLOCK_WRONG' satisfies ReplayDifferenceCode,
    message: 'The folder holds another block at this height.',
  };
}

/** Whether the file ends with the block that it says, and not before the state that was continued. */
function differenceAtEnd(store: StateStore, file: BlockFileReader): Difference | undefined {
  const { end } = file;
  const { height, blockHash: tip } = tipOf(store);
  if (end === undefined || end.blocks < height) {
    const message = `The folder is at height ${height}, the file ends at ${end?.blocks ?? 0}.`;
    return { field: 'blocks', code: 'BLOCKS_MISSING' satisfies ReplayDifferenceCode, message };
  }
  if (height < end.blocks || equalBytes(end.tip, tip)) return undefined;
  const message = `The last block has the hash ${encodeHex(tip)}, the file says ${encodeHex(end.tip)}.`;
  return { height, field: 'hash', code: 'TIP_WRONG' satisfies ReplayDifferenceCode, message };
}

/** Histories can be checked by who saw them from their beginning. */
function brokenHistory(histories: LotHistories, from: number): Difference | undefined {
  const broken = from === 0 ? histories.firstBroken() : undefined;
  if (broken === undefined) return undefined;
  const message = `The records of lot ${broken.lot} do not follow from each other.`;
  return { height: broken.height, field: 'records', code: broken.fault, message };
}

async function brokenState(chain: ChainIdentity, store: StateStore): Promise<Difference | undefined> {
  const [broken] = await auditStore(chain, store);
  return broken === undefined
    ? undefined
    : { height: tipOf(store).height, field: 'state', code: 'INVARIANT_BROKEN' satisfies ReplayDifferenceCode, message: `${broken}.` };
}
