// What keeping and reading the indexes costs: time and bytes of a transfer, and times of what clients ask. Run with `node bench/indexes.ts`; a
// directory on the disk that is to be measured may be named. Prints figures; asserts nothing.

import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  type BlockHash,
  blockCodec,
  blockHash,
  EMPTY_ACCOUNT,
  EMPTY_HOLDING,
  encodeHex,
  encodeTransaction,
  genesisHashOf,
  genesisValidatorSet,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  type Signature,
  type TransactionId,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import {
  accountTable,
  buildBlock,
  DEFAULT_BLOCK_LIMITS,
  genesisChanges,
  genesisHeader,
  holdingTable,
  StateOverlay,
} from '@mutual-chain/state-machine';
import { ClassicLevel } from 'classic-level';
import { createChainIndexes, type IndexableBlock, LevelStateStore } from '../src/index.ts';

const ACCOUNTS = 10_000;
const TRANSACTIONS_PER_BLOCK = 1000;
const BLOCKS_WARM = 5;
const BLOCKS = 25;
const READS = 2000;
const START_MS = 1_800_000_000_000;
const MTN = 10n ** 18n;

const cryptography = await loadFastCryptography();

let seed = 1;
/** Seeded, so that two runs make the same transfers (mulberry32). */
function random(below: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

const addresses = Array.from(
  { length: ACCOUNTS },
  (_, index) => cryptography.sha256(Uint8Array.of(index >> 8, index & 0xff)).slice(0, 20) as Address,
);

const key = cryptography.sha256(Uint8Array.of(1)) as PrivateKey;
const operator = keyPairOf(key);
const operatorText = encodeHex(operator.address);
const genesis = parseGenesis({
  chainId: 1,
  networkName: 'bench',
  timestampMs: START_MS,
  protocolVersion: 1,
  allocation: {
    preset: 'custom',
    supply: '1',
    tranches: [{ name: 'all', amount: '1', rule: { kind: 'liquid' }, accounts: [{ address: operatorText, amount: '1' }] }],
  },
  treasury: operatorText,
  audit: operatorText,
  validators: [
    {
      ...{ publicKey: encodeHex(operator.publicKey), power: 1, operator: operatorText },
      possession: encodeHex(cryptography.sign(possessionDigest(cryptography, 1, operator.address), key)),
    },
  ],
});
const context = { cryptography, chainId: 1, genesisHash: genesisHashOf(cryptography, genesis) };
const nonces = new Map<Address, number>();

function transfer(nowSec: number): VerifiedTransaction {
  const [from, to] = [addresses[random(ACCOUNTS)] as Address, addresses[random(ACCOUNTS)] as Address];
  const nonce = nonces.get(from) ?? 0;
  nonces.set(from, nonce + 1);
  const message = { from, nonce, validUntil: nowSec + 600, maxFee: MTN, to, asset: 'MTN', amount: BigInt(random(1 << 30)), memo: '' };
  const signature = Uint8Array.from({ length: 65 }, (_, index) => (index === 64 ? 0 : random(256))) as Signature;
  const bytes = encodeTransaction({ type: 'Transfer', message, signature });
  return { type: 'Transfer', message, signature, bytes, id: cryptography.sha256(bytes) } as unknown as VerifiedTransaction;
}

/** Of each block: thread time of making the entries and of committing, µs; wall time of committing, µs. Then sums. */
type Figures = { makeUs: number[]; commitUs: number[]; commitWallUs: number[]; entries: number; bytes: number; diskBytes: number };

/** Commits the same blocks with or without indexes, and reads what was kept. */
async function measure(directory: string, withIndexes: boolean): Promise<Figures> {
  seed = 1;
  nonces.clear();
  const store = new LevelStateStore({ directory, identity: { chainId: 1, genesisHash: context.genesisHash }, cryptography });
  await store.start();
  const indexes = createChainIndexes({ store });
  const overlay = new StateOverlay({ ...store.view, get: () => undefined });
  for (const address of addresses) {
    overlay.set(accountTable, address, { ...EMPTY_ACCOUNT, level: 2 });
    overlay.set(holdingTable, { owner: address, asset: 'MTN' }, { ...EMPTY_HOLDING, amount: 1_000_000n * MTN, state: 5 });
  }
  const changes = [...genesisChanges(cryptography, genesis), ...overlay.changes()];
  const preview = store.view.preview(changes);
  const header = genesisHeader(cryptography, genesis, preview.stateRoot);
  let parentHash: BlockHash = blockHash(cryptography, header);
  const first: IndexableBlock = { header, changes, blockHash: parentHash, transactions: [], receipts: [], records: [] };
  await store.commitHeight({
    height: 0,
    blockHash: parentHash,
    preview,
    block: new Uint8Array(0),
    indexes: withIndexes ? indexes.indexesOf(first) : [],
  });

  const proposer = genesisValidatorSet(genesis).validators[0]?.address as Address;
  const figures: Figures = { makeUs: [], commitUs: [], commitWallUs: [], entries: 0, bytes: 0, diskBytes: 0 };
  const ids: TransactionId[] = [];
  for (let height = 1; height <= BLOCKS_WARM + BLOCKS; height++) {
    const timestampMs = START_MS + height * 1000;
    const candidates = Array.from({ length: TRANSACTIONS_PER_BLOCK }, () => transfer(timestampMs / 1000));
    const built = buildBlock(store.view, candidates, context, { timestampMs, proposer, parentHash, evidence: [] }, DEFAULT_BLOCK_LIMITS);
    parentHash = blockHash(cryptography, built.header);
    ids.push(...built.transactions.map(({ id }) => id));
    const indexStart = process.threadCpuUsage();
    const entries = withIndexes ? indexes.indexesOf({ ...built, blockHash: parentHash }) : [];
    const index = process.threadCpuUsage(indexStart);
    const body = blockCodec.encode({ header: built.header, transactions: built.transactions.map(({ bytes }) => bytes), evidence: [] });
    const start = performance.now();
    const commitStart = process.threadCpuUsage();
    await store.commitHeight({ height, blockHash: parentHash, preview: built.preview, block: body, indexes: entries });
    const commit = process.threadCpuUsage(commitStart);
    if (height <= BLOCKS_WARM) continue;
    figures.makeUs.push(index.user + index.system);
    figures.commitUs.push(commit.user + commit.system);
    figures.commitWallUs.push((performance.now() - start) * 1000);
    figures.entries += entries.length;
    figures.bytes += entries.reduce((sum, entry) => sum + entry.key.length + (entry.value?.length ?? 0), 0);
  }
  if (withIndexes) await measureReads(indexes, ids);
  await store.stop();
  await compact(directory);
  figures.diskBytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  return figures;
}

/** So that what is measured does not depend on what LevelDB has tidied up so far. */
async function compact(directory: string): Promise<void> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' });
  await level.compactRange(Uint8Array.of(0), Uint8Array.of(0xff));
  await level.close();
}

async function measureReads(indexes: ReturnType<typeof createChainIndexes>, ids: readonly TransactionId[]): Promise<void> {
  const each = async (name: string, read: (turn: number) => unknown): Promise<void> => {
    for (let turn = 0; turn < READS / 10; turn++) await read(turn);
    const start = process.threadCpuUsage();
    for (let turn = 0; turn < READS; turn++) await read(turn);
    const { user, system } = process.threadCpuUsage(start);
    process.stdout.write(`${name.padEnd(60)} ${((user + system) / READS).toFixed(0).padStart(8)} µs of the thread\n`);
  };
  const idAt = (turn: number): TransactionId => ids[Math.imul(turn, 7919) % ids.length] as TransactionId;
  await each('read: where a transaction stands', (turn) => indexes.transactionPlace(idAt(turn)));
  await each('read: that a transaction is unknown', (turn) =>
    indexes.isCommitted(cryptography.sha256(Uint8Array.of(turn & 0xff, turn >> 8)) as TransactionId),
  );
  await each('read: place, receipt and records of a transaction', (turn) =>
    indexes.receipt(indexes.transactionPlace(idAt(turn)) ?? { height: 0, index: 0 }),
  );
  await each('read: assets of an account', (turn) => indexes.assetsOf(addresses[turn % ACCOUNTS] as Address));
  await each('read: ten records of an account', (turn) =>
    indexes.records({ account: addresses[turn % ACCOUNTS] as Address }, { limit: 10 }),
  );
  await each('read: a hundred records of all', (turn) => indexes.records({ fromHeight: turn % BLOCKS }, { limit: 100 }));
  await each('read: validators of a height', (turn) => indexes.validators(turn % BLOCKS));
}

const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'indexes-'));
try {
  const count = BLOCKS * TRANSACTIONS_PER_BLOCK;
  const rows = [];
  for (const withIndexes of [false, true]) {
    const figures = await measure(join(root, String(withIndexes)), withIndexes);
    // Other work on the machine only ever adds.
    const us = (blocks: readonly number[]): number => Number((Math.min(...blocks) / TRANSACTIONS_PER_BLOCK).toFixed(2));
    rows.push({
      indexes: withIndexes,
      'entries/tx': Number((figures.entries / count).toFixed(2)),
      'bytes/tx': Math.round(figures.bytes / count),
      'disk bytes/tx': Math.round(figures.diskBytes / ((BLOCKS + BLOCKS_WARM) * TRANSACTIONS_PER_BLOCK)),
      'make µs/tx (thread)': us(figures.makeUs),
      'commit µs/tx (thread)': us(figures.commitUs),
      'commit µs/tx (wall)': us(figures.commitWallUs),
    });
  }
  console.table(rows);
} finally {
  rmSync(root, { recursive: true, force: true });
}
