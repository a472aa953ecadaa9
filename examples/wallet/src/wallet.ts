// A wallet without a network: derives accounts from a mnemonic, writes a genesis document, and signs a story of transactions for it.
// main.mjs starts it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeHex, genesisHashOf, parseGenesis, referenceCryptography } from '@mutual-chain/protocol';
import { addressBook, TEST_MNEMONIC } from './accounts.ts';
import { genesisDocument } from './genesis-document.ts';
import { tellStory } from './story/story.ts';

const USAGE = `Usage: node src/main.mjs [--out DIR]

Writes into DIR (.mutual/wallet under the current folder unless given):
  genesis.json         the genesis document
  accounts.json        the address book: names, roles, addresses
  blocks.json          the planned blocks: height, time, chapters of the story
  transactions.jsonl   signed transactions, one a line, with the block they belong to

Example: node src/main.mjs --out /tmp/story`;

/** Exit codes: 2 for a call that makes no sense, 3 for a folder that cannot be written. */
function stop(message: string, exitCode: 2 | 3): never {
  console.error(message);
  process.exit(exitCode);
}

function outFolder(): string {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    if (values.help === true) {
      console.log(USAGE);
      process.exit(0);
    }
    return resolve(values.out ?? join('.mutual', 'wallet'));
  } catch (error) {
    return stop(`${(error as Error).message}\n\n${USAGE}`, 2);
  }
}

const folder = outFolder();
const document = genesisDocument();
const genesisHash = genesisHashOf(referenceCryptography, parseGenesis(document));
const plan = tellStory(genesisHash);

const indented = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const files = {
  'genesis.json': indented(document),
  'accounts.json': indented({
    chainId: document.chainId,
    genesisHash: encodeHex(genesisHash),
    mnemonic: TEST_MNEMONIC,
    accounts: addressBook(),
  }),
  'blocks.json': indented(plan.blocks),
  'transactions.jsonl': plan.transactions.map((each) => `${JSON.stringify(each)}\n`).join(''),
};
try {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
} catch (error) {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = ['EEXIST', 'ENOTDIR'].includes(code) ? `a file stands there or on the way to it (${code})` : message;
  stop(`The files cannot be written to ${folder}: ${reason}.\nName a folder that may be written with --out DIR.`, 3);
}
console.log(
  `${addressBook().length} accounts, ${plan.blocks.length} blocks, ${plan.transactions.length} signed transactions in ${relative('.', folder)}`,
);
