// Times of what every block costs besides its transactions' signatures: records, receipts, roots, bytes, certificates, parameters.
// Run with `node bench/blocks.ts`. Prints a table; asserts nothing.

import { cpus } from 'node:os';
import { loadFastCryptography } from '../src/fast/index.ts';
import {
  advanceHeight,
  type Block,
  type BlockHeader,
  blockCodec,
  blockHash,
  consensusDigest,
  encodeReceipts,
  encodeRecords,
  type GenesisHash,
  keyPairOf,
  type LedgerRecord,
  privateKeyFrom,
  proposerAt,
  type Receipt,
  receiptsRoot,
  recordCodec,
  recordsRoot,
  type Signature,
  stateKeyHashes,
  stateLeaves,
  transactionsRoot,
  type ValidatorSet,
  validatorsHash,
  verifyCertificate,
} from '../src/index.ts';

/** Time that each figure is measured for, after as long a warm-up. */
const WINDOW_MS = 300;

/** Transfers of a full block. */
const TRANSFERS = 5000;

/** Keeps results reachable, so that no work is optimised away. */
let sink: unknown;

/** Microseconds of one item: the best of three windows, because other work on the machine only ever adds. */
function print(name: string, items: number, work: () => unknown): void {
  let calls = 1;
  const elapsedMs = (): number => {
    const start = performance.now();
    for (let call = 0; call < calls; call++) sink = work();
    return performance.now() - start;
  };
  while (elapsedMs() < WINDOW_MS) calls *= 2;
  const each = (Math.min(elapsedMs(), elapsedMs(), elapsedMs()) / calls / items) * 1000;
  process.stdout.write(`${name.padEnd(46)} ${each.toFixed(each < 10 ? 3 : 1).padStart(10)} µs\n`);
}

const filled = (length: number, index: number) => {
  const bytes = new Uint8Array(length).fill(7);
  new DataView(bytes.buffer).setUint32(0, index);
  return bytes as never;
};

const fast = await loadFastCryptography();

const request = (index: number): LedgerRecord => ({
  state: 'S5',
  input: 'E04',
  transaction: {
    lot: filled(32, index),
    asset: 'mUSD',
    amount: BigInt(index) * 1000n,
    from: filled(20, index),
    to: filled(20, index + 1),
    revision: 0,
    actor: filled(20, index),
    txId: filled(32, index),
    height: 1_000_000,
    index,
  },
  business: {
    product: '',
    productId: new Uint8Array(32) as never,
    action: 'request',
    reason: '',
    memo: 'rent for May',
    externalRef: '',
    parentLot: new Uint8Array(32) as never,
  },
});
const records = Array.from({ length: TRANSFERS }, (_, index): LedgerRecord[] => [
  request(index),
  { ...request(index), state: 'S2', input: 'E06' },
]).flat();
const receipts = Array.from(
  { length: TRANSFERS },
  (_, index): Receipt => ({ code: 'OK', feePaid: 10n ** 15n, feePayer: filled(20, index), firstRecord: 2 * index, records: 2 }),
);
const transactions = Array.from({ length: TRANSFERS }, (_, index) => ({ id: filled(32, index), bytes: filled(230, index) as Uint8Array }));
const keys = Array.from({ length: TRANSFERS }, (_, index) => filled(25, index) as Uint8Array);
const values = keys.map((_, index) => filled(54, index) as Uint8Array);

const header: BlockHeader = {
  protocolVersion: 1,
  chainId: 1,
  height: 5,
  timestampMs: 1,
  parentHash: filled(32, 1),
  proposer: filled(20, 1),
  stateRoot: filled(32, 1),
  transactionsRoot: filled(32, 1),
  recordsRoot: filled(32, 1),
  receiptsRoot: filled(32, 1),
  evidenceRoot: filled(32, 1),
  validatorsHash: filled(32, 1),
  nextValidatorsHash: filled(32, 1),
  parametersHash: filled(32, 1),
};
const block: Block = { header, transactions: transactions.map(({ bytes }) => bytes), evidence: [] };
const blockBytes = blockCodec.encode(block);
const recordBytes = recordCodec.encode(request(1));

const signers = Array.from({ length: 100 }, (_, index) => keyPairOf(privateKeyFrom(new Uint8Array(32).fill(index + 1))));
const set: ValidatorSet = {
  validators: signers.map(({ publicKey, address }) => ({
    publicKey,
    address,
    power: 10n,
    priority: 0n,
    operator: address,
    peerId: 'peer',
    addresses: '',
  })),
};
const genesisHash = filled(32, 9) as GenesisHash;
const digest = consensusDigest(fast, genesisHash, { kind: 'precommit', height: 5, round: 0, blockHash: header.parentHash });
const certificate = {
  height: 5,
  round: 0,
  blockHash: header.parentHash,
  signatures: signers.slice(0, 67).map(({ privateKey }, validatorIndex) => ({
    validatorIndex,
    signature: fast.sign(digest, privateKey) as Signature,
  })),
};

process.stdout.write(`Node.js ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}; each of ${TRANSFERS} transfers\n\n`);
print('encode a record, of many', records.length, () => encodeRecords(records));
print('encode a record, alone', 1, () => recordCodec.encode(records[0] as LedgerRecord));
print('decode a record', 1, () => recordCodec.decode(recordBytes));
print('records root, each record', records.length, () => recordsRoot(fast, records));
print('encode a receipt, of many', receipts.length, () => encodeReceipts(receipts));
print('receipts root, each receipt', receipts.length, () => receiptsRoot(fast, receipts));
print('transactions root, each transaction', TRANSFERS, () => transactionsRoot(fast, transactions));
print('key hash and leaf of a state entry, of many', TRANSFERS, () => stateLeaves(fast, stateKeyHashes(fast, keys), values));
print('encode a block, each transaction', TRANSFERS, () => blockCodec.encode(block));
print('decode a block, each transaction', TRANSFERS, () => blockCodec.decode(blockBytes));
print('block hash', 1, () => blockHash(fast, header));
print('certificate of 67 of 100, each signature', 67, () => verifyCertificate(fast, genesisHash, set, certificate));
print('proposer of round 0 of 100 validators', 1, () => proposerAt(set, 0));
print('advance the height of 100 validators', 1, () => advanceHeight(set));
print('validators hash of 100 validators', 1, () => validatorsHash(fast, set));
if (sink === undefined) process.exitCode = 1;
