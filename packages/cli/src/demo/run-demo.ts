import type { StateStore } from '@mutual-chain/node';
import { type Address, encodeHex, parseAddress, type ResultCode } from '@mutual-chain/protocol';
import { BlockFileWriter } from '../block-file/block-file-writer.ts';
import { type ChainIdentity, readChainIdentity } from '../chain/chain-identity.ts';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { openChain } from '../chain/open-chain.ts';
import type { Difference } from '../replay/difference.ts';
import { type ReplayedChain, replayFile } from '../replay/replay-blocks.ts';
import { palette } from '../text/palette.ts';
import { shortPath } from '../text/short-path.ts';
import { AddressNames } from './address-names.ts';
import { type AssetBalances, balancesOf } from './balances.ts';
import { type RunPaths, takeDemoFolder } from './demo-folder.ts';
import { narrateBlock } from './narrate-block.ts';
import { addStoryBlock, type StoryOutcome, titleOf } from './story-block.ts';
import { copyStory, readStory, type Story } from './story-files.ts';
import { runWallet } from './wallet-program.ts';

/** What a demonstration is told, and whom it tells. */
export type DemoOptions = {
  /** Folder for everything it writes. */
  readonly home: string;
  /** Folder with the files of a wallet; without it the wallet of the examples runs. */
  readonly walletFolder: string | undefined;
  /** Takes the story, line by line. */
  readonly tell: (line: string) => void;
};

/** A transaction that came out otherwise than its wallet expected. */
export type Surprise = { readonly height: number; readonly type: string; readonly expected: ResultCode; readonly code: string };

/** A transaction that was refused at admission. `height`: the block for which it was meant; `title`: its sender and type. */
export type LeftOut = { readonly height: number; readonly title: string; readonly code: StoryOutcome['code'] };

/** What a demonstration found. */
export type DemoResult = {
  readonly cryptography: string;
  readonly blocks: number;
  /** Transactions in blocks. */
  readonly transactions: number;
  /** The same by their outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The transactions of the wallet that are in no block. */
  readonly leftOut: readonly LeftOut[];
  readonly surprises: readonly Surprise[];
  /** MTN base units. */
  readonly feesPaid: bigint;
  readonly stateRoot: string;
  readonly tip: string;
  readonly assets: readonly AssetBalances[];
  readonly blockFile: string;
  readonly replay: ReplayedChain | Difference;
};

/**
 * Runs the whole story: wallet, blocks, balances, file of blocks, replay.
 *
 * Errors: those of the folder, the files of the wallet and the store.
 */
export async function runDemo({ home, walletFolder, tell }: DemoOptions): Promise<DemoResult> {
  const folder = takeDemoFolder(home);
  try {
    tell(palette.bold('Wallet'));
    if (walletFolder === undefined) await runWallet(folder.run.wallet);
    const story = readStory(walletFolder ?? folder.run.wallet);
    if (walletFolder !== undefined) copyStory(walletFolder, folder.run.wallet);
    tell(walletFolder === undefined ? describeStory(story, folder.published.wallet) : `files of ${shortPath(walletFolder)}`);
    const result = await runStory(story, folder.run, tell);
    folder.publish();
    return { ...result, blockFile: folder.published.blocks };
  } finally {
    folder.release();
  }
}

async function runStory(story: Story, paths: RunPaths, tell: (line: string) => void): Promise<Omit<DemoResult, 'blockFile'>> {
  const { cryptography, description } = await chooseCryptography();
  const chain = readChainIdentity(story.genesisPath, cryptography);
  tell(`chain ${chain.genesis.chainId}, genesis ${encodeHex(chain.context.genesisHash)}`);
  tell(description);

  const store = await openChain(chain, paths.chain);
  try {
    const names = new AddressNames(cryptography, story.accounts);
    const outcomes = await tellStory(chain, store, story, names, tell);
    const summary = summarize(chain, store, story, outcomes, names);
    exportBlocks(chain, store, paths.blocks);
    const replay = await replayFile(chain, paths.blocks, paths.replay);
    return { cryptography: description, ...summary, replay: replay.ok ? replay : replay.difference };
  } finally {
    await store.stop();
  }
}

function describeStory({ accounts, blocks, transactionCount }: Story, folder: string): string {
  return `${accounts.length} accounts, ${blocks.length} blocks, ${transactionCount} signed transactions in ${shortPath(folder)}`;
}

async function tellStory(
  chain: ChainIdentity,
  store: StateStore,
  story: Story,
  names: AddressNames,
  tell: (line: string) => void,
): Promise<readonly StoryOutcome[]> {
  const decimals = new Map(chain.genesis.assets.map((asset) => [asset.id, asset.decimals]));
  const wording = { nameOf: (address: Uint8Array) => names.nameOf(address), decimalsOf: (asset: string) => decimals.get(asset) ?? 0 };
  const outcomes: StoryOutcome[] = [];
  for (const planned of story.blocks) {
    const built = await addStoryBlock(chain, store, planned, story.transactions.get(planned.height) ?? []);
    for (const line of narrateBlock(planned, built, wording)) tell(line);
    outcomes.push(...built.outcomes);
  }
  return outcomes;
}

function summarize(
  chain: ChainIdentity,
  store: StateStore,
  story: Story,
  outcomes: readonly StoryOutcome[],
  names: AddressNames,
): Omit<DemoResult, 'cryptography' | 'blockFile' | 'replay'> {
  const counts: Record<string, number> = {};
  const leftOut: LeftOut[] = [];
  const surprises: Surprise[] = [];
  let feesPaid = 0n;
  for (const outcome of outcomes) {
    const { planned, transaction, code, receipt } = outcome;
    if (receipt === undefined) leftOut.push({ height: planned.height, title: titleOf(outcome, (address) => names.nameOf(address)), code });
    else counts[code] = (counts[code] ?? 0) + 1;
    feesPaid += receipt?.feePaid ?? 0n;
    if (code !== planned.expected)
      surprises.push({ height: planned.height, type: transaction?.type ?? '', expected: planned.expected, code });
  }
  const accounts = new Map<string, Address>(story.accounts.map(({ name, address }) => [name, parseAddress(address)]));
  const nowSec = Math.floor((story.blocks.at(-1)?.timestampMs ?? chain.genesis.timestampMs) / 1000);
  return {
    blocks: store.tip?.height ?? 0,
    transactions: outcomes.length - leftOut.length,
    outcomes: counts,
    leftOut,
    surprises,
    feesPaid,
    stateRoot: encodeHex(store.tip?.stateRoot ?? new Uint8Array(0)),
    tip: encodeHex(store.tip?.blockHash ?? new Uint8Array(0)),
    assets: balancesOf(
      store.view,
      chain.genesis.assets.map(({ id }) => id),
      accounts,
      nowSec,
    ),
  };
}

function exportBlocks(chain: ChainIdentity, store: StateStore, path: string): void {
  const { tip } = store;
  if (tip === undefined) return;
  const writer = new BlockFileWriter(path, chain.context);
  for (let height = 1; height <= tip.height; height++) writer.add(store.readBlock(height) ?? new Uint8Array(0));
  writer.finish(tip.blockHash);
}
