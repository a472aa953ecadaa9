import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareIndexes, createChainIndexes, LevelStateStore, type StateStore } from '@mutual-chain/node';
import { ChainError, type Cryptography, encodeHex, equalBytes } from '@mutual-chain/protocol';
import type { RpcClient } from '@mutual-chain/sdk';
import { type ChainIdentity, readChainIdentity } from '../chain/chain-identity.ts';
import { openChain } from '../chain/open-chain.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';
import type { BlockSource } from './block-source.ts';
import { fileSource } from './file-source.ts';
import { homeSource } from './home-source.ts';
import { rpcSource } from './rpc-source.ts';
import { type Verdict, verifyChain } from './verify-chain.ts';

/** What every audit needs. */
export type AuditOptions = { readonly cryptography: Cryptography; readonly progress?: (height: number) => void };

/** Errors of a store that say what is wrong with it, not that it cannot be looked at. */
const DAMAGES: readonly string[] = [
  'STORAGE_DAMAGED',
  'STORAGE_RECORD_CORRUPT',
  'STORAGE_TIP_LOST',
  'STORAGE_STATE_ROOT_MISMATCH',
  'STORAGE_OTHER_CHAIN',
  'INDEX_ENTRY_MISSING',
];

/** Audits a file of blocks. Errors: those of the genesis document. */
export async function verifyFile(path: string, genesisFile: string, options: AuditOptions): Promise<Verdict> {
  return audit(readChainIdentity(genesisFile, options.cryptography), fileSource(path), options);
}

/** Audits what a node serves. Errors: those of the genesis document and of `RpcClient`. */
export async function verifyUrl(rpc: RpcClient, genesisFile: string, options: AuditOptions, toHeight?: number): Promise<Verdict> {
  const chain = readChainIdentity(genesisFile, options.cryptography);
  const { genesisHash, chainId } = await rpc.call('mutual_chainInfo');
  const expected = encodeHex(chain.context.genesisHash);
  if (genesisHash.toLowerCase() !== expected || chainId !== chain.context.chainId) {
    const message = `The node serves chain ${chainId} of genesis ${genesisHash}, the document is chain ${chain.context.chainId} of ${expected}.`;
    return { ok: false, difference: { field: 'genesisHash', code: 'GENESIS_WRONG', message } };
  }
  return audit(chain, rpcSource(rpc, toHeight), options);
}

/** Audits the database of a node that is stopped: its records, its state, its blocks, its indexes. Errors: `STORAGE_LOCKED` while the node runs, those of the configuration. */
export async function verifyHome({ node }: Pick<NodeConfig, 'node'>, options: AuditOptions): Promise<Verdict> {
  const chain = readChainIdentity(node.genesisFile, options.cryptography);
  const { chainId, genesisHash } = chain.context;
  const directory = join(node.dataDirectory, 'chain');
  if (!existsSync(directory)) {
    const message = `${directory} does not exist: this node has no chain yet, or keeps it elsewhere. Start it once, or name its folder with --home.`;
    throw cliError('CLI_FILE_MISSING', message, { path: directory });
  }
  const store = new LevelStateStore({ directory, identity: { chainId, genesisHash }, cryptography: options.cryptography });
  try {
    await store.start();
    return await audit(chain, homeSource(store, directory), options, {
      withIndexes: true,
      compare: async (executed, verdict) => differentState(store, verdict) ?? (await differentIndexes(executed, store)) ?? verdict,
    });
  } catch (error) {
    if (!(error instanceof ChainError) || !DAMAGES.includes(error.code)) throw error;
    return { ok: false, difference: { field: 'database', code: error.code, message: error.message } };
  } finally {
    await store.stop();
  }
}

/** The state that a node keeps has to be the one that its blocks make. */
function differentState(store: StateStore, { height, stateRoot }: Extract<Verdict, { ok: true }>): Verdict | undefined {
  const { tip } = store;
  if (tip === undefined || (tip.height === height && equalBytes(tip.stateRoot, stateRoot))) return undefined;
  const message = `The database holds ${encodeHex(tip.stateRoot)} at height ${tip.height}, its blocks make ${encodeHex(stateRoot)} at height ${height}.`;
  return { ok: false, difference: { height, field: 'state', code: 'STATE_ROOT_WRONG', message } };
}

/** What a node answers about transactions, records and lists has to be what its blocks make. */
async function differentIndexes(executed: StateStore, store: StateStore): Promise<Verdict | undefined> {
  const found = await compareIndexes(executed, store);
  if (found === undefined) return undefined;
  const kind = found.in === 'indexes' ? found.kind : undefined;
  const field = kind === undefined ? 'indexes' : `indexes.${kind}`;
  return { ok: false, difference: { field, code: 'INDEX_WRONG', message: `${capitalized(found.message)}.` } };
}

function capitalized(sentence: string): string {
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}

/** What an audit does besides. */
type Comparison = {
  readonly withIndexes: boolean;
  /** Holds what was executed against something else. */
  readonly compare: (executed: StateStore, verdict: Extract<Verdict, { ok: true }>) => Promise<Verdict>;
};

const NO_COMPARISON: Comparison = { withIndexes: false, compare: async (_, verdict) => verdict };

/** Replays into a database that is thrown away. */
async function audit(
  chain: ChainIdentity,
  source: BlockSource,
  { progress }: AuditOptions,
  { withIndexes, compare }: Comparison = NO_COMPARISON,
): Promise<Verdict> {
  return inTemporaryFolder(async (directory) => {
    const store = await openChain(chain, directory, { withIndexes });
    try {
      const verdict = await verifyChain({
        ...{ chain, source, store },
        ...(withIndexes ? { indexes: createChainIndexes({ store }) } : {}),
        ...(progress === undefined ? {} : { progress }),
      });
      return verdict.ok ? await compare(store, verdict) : verdict;
    } finally {
      await store.stop();
    }
  });
}

/** Does something with a folder for a database that is thrown away. */
async function inTemporaryFolder<Result>(use: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = withPath(tmpdir(), () => mkdtempSync(join(tmpdir(), 'mutual-verify-')));
  try {
    return await use(join(directory, 'chain'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
