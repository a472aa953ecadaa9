// What a node can take in: transfers that clients hand in until they are durable, and the same from peers. Run with `node --conditions=mutual-source
// bench/transactions.ts` on the disk that is to be measured; a directory may be named. Prints a table; asserts nothing.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  blockHash,
  createTypedData,
  encodeHex,
  encodeTransaction,
  genesisHashOf,
  type KeyPair,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  type SignedTransaction,
  signTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { genesisChanges, genesisHeader } from '@mutual-chain/state-machine';
import { createMempoolLedger, MemoryStateStore, nodeFileSystem, TransactionService } from '../src/index.ts';
import { encodeBatch } from '../src/transactions/transaction-batch.ts';

const ACCOUNTS = 100;
const TRANSFERS_EACH = 200;
const CHAIN_ID = 7;
/** Transfers of one call of a client, and calls under way. */
const CALL = 500;
const CALLS_UNDER_WAY = 4;
/** Transactions of a batch of a peer, about 64 KiB. */
const BATCH = 300;

const cryptography = await loadFastCryptography();
const keyOf = (name: string): PrivateKey => cryptography.sha256(new TextEncoder().encode(name)) as PrivateKey;
const senders: readonly KeyPair[] = Array.from({ length: ACCOUNTS }, (_, index) => keyPairOf(keyOf(`sender ${index}`)));
const operator = keyPairOf(keyOf('operator'));
const validator = keyPairOf(keyOf('validator'));
const timestampMs = 1_700_000_000_000;
const amount = String(10n ** 24n);
const genesis = parseGenesis({
  ...{ chainId: CHAIN_ID, networkName: 'bench', timestampMs, protocolVersion: 1, parameters: {} },
  allocation: {
    preset: 'custom',
    supply: String(10n ** 24n * BigInt(ACCOUNTS)),
    tranches: [
      {
        name: 'all',
        amount: String(10n ** 24n * BigInt(ACCOUNTS)),
        rule: { kind: 'liquid' },
        accounts: senders.map(({ address }) => ({ address: encodeHex(address), amount })),
      },
    ],
  },
  members: senders.map(({ address }) => ({ address: encodeHex(address), level: 2 })),
  treasury: encodeHex(operator.address),
  audit: encodeHex(operator.address),
  validators: [
    {
      publicKey: encodeHex(validator.publicKey),
      possession: encodeHex(cryptography.sign(possessionDigest(cryptography, CHAIN_ID, operator.address), validator.privateKey)),
      ...{ operator: encodeHex(operator.address), power: 1, peerId: 'peer' },
    },
  ],
});
const identity = { chainId: CHAIN_ID, genesisHash: genesisHashOf(cryptography, genesis) };
const typedData = createTypedData(cryptography, identity);
const store = new MemoryStateStore({ cryptography });
const preview = store.view.preview(genesisChanges(cryptography, genesis));
const header = genesisHeader(cryptography, genesis, preview.stateRoot);
await store.commitHeight({ height: 0, blockHash: blockHash(cryptography, header), preview, block: new Uint8Array(0) });
const ledger = createMempoolLedger({ context: { cryptography, ...identity }, store, isCommitted: () => false });

function transfer({ address, privateKey }: KeyPair, nonce: number): SignedTransaction {
  const message = {
    ...{ from: address, nonce, validUntil: timestampMs / 1000 + 600, maxFee: 10n ** 18n },
    ...{ to: operator.address, asset: 'MTN', amount: 1n, memo: '' },
  };
  return signTransaction(cryptography, typedData, { type: 'Transfer', message }, privateKey);
}

const transfers = Array.from({ length: TRANSFERS_EACH }, (_, nonce) => senders.map((sender) => transfer(sender, nonce))).flat();
const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'transactions-'));
let services = 0;

function createService(): TransactionService {
  const service = new TransactionService({
    ...{ cryptography, identity, ledger },
    journal: { fileSystem: nodeFileSystem, directory: join(root, String(services++)) },
    clock: {
      wallMs: () => Date.now(),
      schedule: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    send: () => true,
    cut: (peer, reason) => process.stderr.write(`cut ${peer}: ${reason}\n`),
    workAvailable: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
  service.start();
  for (const peer of ['p', 'q', 'r']) service.connected(peer);
  return service;
}

/** Time of the processor and of the wall for each of some items. */
async function measure(name: string, items: number, work: () => Promise<void> | void): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.threadCpuUsage();
  const began = performance.now();
  await work();
  const wallMs = performance.now() - began;
  const { user, system } = process.threadCpuUsage(before);
  delay.disable();
  const eachUs = (user + system) / items;
  const pauses = `pauses p50 ${(delay.percentile(50) / 1e6).toFixed(1)} p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms`;
  process.stdout.write(
    `${name.padEnd(46)} ${Math.round((items / wallMs) * 1000)
      .toString()
      .padStart(8)} /s ${eachUs.toFixed(1).padStart(8)} µs of the thread   ${pauses}\n`,
  );
  return eachUs;
}

async function handIn(service: TransactionService): Promise<void> {
  const calls = Array.from({ length: Math.ceil(transfers.length / CALL) }, (_, index) => transfers.slice(index * CALL, (index + 1) * CALL));
  const client = async (): Promise<void> => {
    for (let call = calls.shift(); call !== undefined; call = calls.shift()) {
      const outcomes = await service.submit(call.map((transaction) => ({ transaction, domain: undefined })));
      const refused = outcomes.filter(({ ok }) => !ok);
      if (refused.length > 0) process.stderr.write(`${JSON.stringify(refused[0])}\n`);
    }
  };
  await Promise.all(Array.from({ length: CALLS_UNDER_WAY }, client));
}

const batches = Array.from({ length: Math.ceil(transfers.length / BATCH) }, (_, index) =>
  encodeBatch(transfers.slice(index * BATCH, (index + 1) * BATCH).map(encodeTransaction)),
);

async function receive(service: TransactionService, peer: string): Promise<void> {
  for (const batch of batches) {
    service.received(peer, batch);
    while (service.sizes.unread > 4 * BATCH) await new Promise((resolve) => setImmediate(resolve));
  }
  while (service.sizes.unread > 0) await new Promise((resolve) => setImmediate(resolve));
}

try {
  const warm = createService();
  await handIn(warm);
  warm.stop();
  const raws = transfers.map(encodeTransaction);
  const verifyUs = await measure('verify signatures alone', raws.length, () => {
    for (const raw of raws) verifyTransaction(cryptography, typedData, raw);
  });
  const service = createService();
  const handedUs = await measure('of clients: verified, admitted, durable, sent', transfers.length, () => handIn(service));
  await measure('of a peer: known already', transfers.length, () => receive(service, 'p'));
  const other = createService();
  const receivedUs = await measure('of a peer: verified and admitted', transfers.length, () => receive(other, 'p'));
  await measure('of a proposed block: verified before', raws.length, () => {
    for (const raw of raws) other.verify(raw);
  });
  const share = (eachUs: number): string => `${Math.round((verifyUs / eachUs) * 100)} %`;
  process.stdout.write(`share of verification: ${share(handedUs)} of clients, ${share(receivedUs)} of a peer\n`);
  process.stdout.write(`${JSON.stringify({ counters: service.counters, sizes: service.sizes })}\n`);
  service.stop();
  other.stop();
} finally {
  rmSync(root, { recursive: true });
}
