import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_CODES, type ResultCode } from '@mutual-chain/protocol';
import { cliError } from '../errors.ts';
import { readText } from '../read-text.ts';
import { withPath } from '../system-error.ts';

/** A named account. */
export type AddressBookEntry = { readonly name: string; readonly role: string; readonly address: string };

/** A block as the wallet planned it; `title` and `text` open a chapter. */
export type StoryBlock = { readonly height: number; readonly timestampMs: number; readonly title?: string; readonly text?: string };

/** A signed transaction, the block it belongs to, and the result that the wallet expects. */
export type StoryTransaction = {
  readonly height: number;
  readonly note?: string;
  readonly expected: ResultCode;
  readonly transaction: unknown;
};

/** What a wallet has prepared in a folder. */
export type Story = {
  readonly genesisPath: string;
  readonly accounts: readonly AddressBookEntry[];
  readonly blocks: readonly StoryBlock[];
  /** By height. */
  readonly transactions: ReadonlyMap<number, readonly StoryTransaction[]>;
  readonly transactionCount: number;
};

/** Names of the files that a wallet writes. */
export const WALLET_FILES: readonly string[] = ['genesis.json', 'accounts.json', 'blocks.json', 'transactions.jsonl'];

/** Copies the files of a wallet into a new folder. Errors: `CLI_FILE_MISSING`, `CLI_FOLDER_NOT_WRITABLE`, `CLI_DISK_FULL`. */
export function copyStory(from: string, to: string): void {
  withPath(to, () => {
    mkdirSync(to);
  });
  for (const name of WALLET_FILES) {
    writeNew(join(to, name), readText(join(from, name)));
  }
}

function writeNew(path: string, content: string): void {
  withPath(path, () => {
    writeFileSync(path, content, { flag: 'wx' });
  });
}

/** Reads the files of a wallet. Errors: `CLI_FILE_MISSING`, `CLI_STORY_INVALID` naming file, line and field. */
export function readStory(folder: string): Story {
  const accountsPath = join(folder, 'accounts.json');
  const accounts = listOf(accountsPath, 'accounts', field(accountsPath, parsed(accountsPath, readText(accountsPath)), 'accounts'));
  const blocksPath = join(folder, 'blocks.json');
  const blocks = listOf(blocksPath, 'the file', parsed(blocksPath, readText(blocksPath)));
  const transactionsPath = join(folder, 'transactions.jsonl');
  const lines = readText(transactionsPath)
    .split('\n')
    .filter((line) => line !== '');

  const transactions = new Map<number, StoryTransaction[]>();
  for (const [index, line] of lines.entries()) {
    const where = `${transactionsPath}, line ${index + 1}`;
    const transaction = transactionFrom(where, parsed(where, line));
    const known = transactions.get(transaction.height);
    if (known === undefined) transactions.set(transaction.height, [transaction]);
    else known.push(transaction);
  }
  return {
    genesisPath: join(folder, 'genesis.json'),
    accounts: accounts.map((json, index) => {
      const where = `${accountsPath}, accounts.${index}`;
      return { name: text(where, json, 'name'), role: text(where, json, 'role'), address: text(where, json, 'address') };
    }),
    blocks: blocks.map((json, index) => blockFrom(`${blocksPath}, ${index}`, json, index + 1)),
    transactions,
    transactionCount: lines.length,
  };
}

function blockFrom(where: string, json: unknown, height: number): StoryBlock {
  if (wholeNumber(where, json, 'height') !== height)
    throw invalid(where, 'height', `has to be ${height}: blocks stand in order, without gaps`);
  const opening = 'title' in (json as object) ? { title: text(where, json, 'title'), text: text(where, json, 'text') } : {};
  return { height, timestampMs: wholeNumber(where, json, 'timestampMs'), ...opening };
}

function transactionFrom(where: string, json: unknown): StoryTransaction {
  const expected = text(where, json, 'expected') as ResultCode;
  if (!RESULT_CODES.includes(expected)) throw invalid(where, 'expected', 'has to be a result code');
  return {
    height: wholeNumber(where, json, 'height'),
    ...('note' in (json as object) ? { note: text(where, json, 'note') } : {}),
    expected,
    transaction: field(where, json, 'transaction'),
  };
}

function parsed(where: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw invalid(where, 'JSON', `cannot be read: ${(error as Error).message}`);
  }
}

function field(where: string, json: unknown, name: string): unknown {
  if (typeof json !== 'object' || json === null || !(name in json)) throw invalid(where, name, 'is missing');
  return (json as Record<string, unknown>)[name];
}

function text(where: string, json: unknown, name: string): string {
  const value = field(where, json, name);
  if (typeof value !== 'string') throw invalid(where, name, 'has to be a text');
  return value;
}

function wholeNumber(where: string, json: unknown, name: string): number {
  const value = field(where, json, name);
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw invalid(where, name, 'has to be a whole number');
  return value;
}

function listOf(where: string, name: string, json: unknown): readonly unknown[] {
  if (!Array.isArray(json)) throw invalid(where, name, 'has to be a list');
  return json;
}

function invalid(where: string, name: string, problem: string): Error {
  const message = `${where}: ${name} ${problem}. Let the wallet write its files again.`;
  return cliError('CLI_STORY_INVALID', message, { where, field: name });
}
