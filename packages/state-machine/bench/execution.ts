/*
 * Execution with state root: blocks of transfers over states of several sizes.
 *
 * Run: pnpm --filter @mutual-chain/state-machine bench
 * Transactions are made beforehand as if verified: this measures the state machine, the roots of a block and the state commitment.
 */
import {
  type Address,
  accountCodec,
  accountKeyBytes,
  type BlockHash,
  blockHash,
  EMPTY_ACCOUNT,
  EMPTY_HOLDING,
  encodeHex,
  encodeTransaction,
  genesisHashOf,
  genesisValidatorSet,
  holdingCodec,
  holdingKeyBytes,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  referenceCryptography,
  type Signature,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import {
  applyBlock,
  buildBlock,
  type ChainContext,
  DEFAULT_BLOCK_LIMITS,
  genesisChanges,
  genesisHeader,
  MemoryState,
  stateKeyFromBytes,
} from '../src/index.ts';

const TRANSACTIONS_PER_BLOCK = 5000;
const BLOCKS_WARM = 4;
const BLOCKS_MEASURED = 12;
const SIZES = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const START_MS = 1_800_000_000_000;
const MTN = 10n ** 18n;

const cryptography = await loadFastCryptography();
process.stdout.write(`native: ${JSON.stringify(cryptography.native)}\nnode ${process.version}\n`);

let seed = 1;
/** Seeded, so that two runs execute the same transfers (mulberry32). */
function random(below: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}

function addressAt(index: number): Address {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.imul(index + 1, 0x9e3779b1));
  view.setUint32(16, index);
  return bytes as Address;
}

function createChain(accounts: number): { chain: ChainContext; state: MemoryState; genesis: ReturnType<typeof parseGenesis> } {
  const key = referenceCryptography.sha256(Uint8Array.of(1)) as PrivateKey;
  const pair = keyPairOf(key);
  const operator = encodeHex(pair.address);
  const genesis = parseGenesis({
    chainId: 1,
    networkName: 'bench',
    timestampMs: START_MS,
    protocolVersion: 1,
    allocation: {
      preset: 'custom',
      supply: '1',
      tranches: [{ name: 'all', amount: '1', rule: { kind: 'liquid' }, accounts: [{ address: operator, amount: '1' }] }],
    },
    treasury: operator,
    audit: operator,
    validators: [
      {
        publicKey: encodeHex(pair.publicKey),
        power: 1,
        operator,
        possession: encodeHex(referenceCryptography.sign(possessionDigest(referenceCryptography, 1, pair.address), key)),
      },
    ],
  });
  const chain = { cryptography, chainId: 1, genesisHash: genesisHashOf(cryptography, genesis) };
  const account = accountCodec.encode({ ...EMPTY_ACCOUNT, level: 2 });
  const holding = holdingCodec.encode({ ...EMPTY_HOLDING, amount: 1_000_000n * MTN, state: 5 });
  function* entries() {
    for (const { key: stateKey, value } of genesisChanges(cryptography, genesis)) if (value !== undefined) yield { key: stateKey, value };
    for (let index = 0; index < accounts; index++) {
      const address = addressAt(index);
      yield { key: stateKeyFromBytes(accountKeyBytes(address)), value: account.slice() };
      yield { key: stateKeyFromBytes(holdingKeyBytes(address, 'MTN')), value: holding.slice() };
    }
  }
  return { chain, genesis, state: new MemoryState({ cryptography, entries: entries() }) };
}

/**
 * Transfers between accounts of which each takes part once: every block touches 10 000 accounts, however many there are, so that sizes of the
 * state compare.
 */
function transfers(order: Uint32Array, nonces: Uint32Array, nowSec: number): VerifiedTransaction[] {
  return Array.from({ length: TRANSACTIONS_PER_BLOCK }, (_, index) => {
    const from = drawn(order, 2 * index);
    const to = drawn(order, 2 * index + 1);
    const message = {
      from: addressAt(from),
      nonce: nonces[from] as number,
      validUntil: nowSec + 600,
      maxFee: MTN,
      to: addressAt(to),
      asset: 'MTN',
      amount: 1_000_000n + BigInt(to),
      memo: '',
    };
    nonces[from] = (nonces[from] as number) + 1;
    const signature = new Uint8Array(65) as Signature;
    const bytes = encodeTransaction({ type: 'Transfer', message, signature });
    return { type: 'Transfer', message, signature, bytes, id: cryptography.sha256(bytes) } as unknown as VerifiedTransaction;
  });
}

/** The account drawn at a position: one step of a shuffle. */
function drawn(order: Uint32Array, position: number): number {
  const other = position + random(order.length - position);
  const account = order[other] as number;
  order[other] = order[position] as number;
  order[position] = account;
  return account;
}

type Figures = {
  accounts: number;
  perSecond: number;
  microsecondsPerTransaction: number;
  /** Time of the executing thread alone: what a busy machine disturbs least. */
  cpuMicrosecondsPerTransaction: number;
  loadSeconds: number;
  rssMiB: number;
};

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function measure(accounts: number): Figures {
  const loadStart = performance.now();
  const { chain, state, genesis } = createChain(accounts);
  const loadSeconds = (performance.now() - loadStart) / 1000;
  const proposer = genesisValidatorSet(genesis).validators[0]?.address as Address;
  let parentHash: BlockHash = blockHash(cryptography, genesisHeader(cryptography, genesis, state.stateRoot));
  const nonces = new Uint32Array(accounts);
  const order = Uint32Array.from({ length: accounts }, (_, index) => index);
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let height = 1; height <= BLOCKS_WARM + BLOCKS_MEASURED; height++) {
    const timestampMs = START_MS + height * 1000;
    const candidates = transfers(order, nonces, timestampMs / 1000);
    const built = buildBlock(state, candidates, chain, { timestampMs, proposer, parentHash, evidence: [] }, DEFAULT_BLOCK_LIMITS);
    state.drop(built.preview);
    const start = performance.now();
    const cpuStart = process.threadCpuUsage();
    const outcome = applyBlock(state, { header: built.header, transactions: built.transactions, evidence: [] }, chain, parentHash);
    if (!outcome.ok) throw new Error(outcome.code);
    state.promote(outcome.preview);
    times.push(performance.now() - start);
    const cpu = process.threadCpuUsage(cpuStart);
    cpuTimes.push((cpu.user + cpu.system) / 1000);
    if (outcome.receipts.some(({ code }) => code !== 'OK') || built.skipped.length > 0) throw new Error('a transfer was not applied');
    parentHash = blockHash(cryptography, outcome.header);
  }
  const perBlockMs = meanOf(times.slice(BLOCKS_WARM));
  const cpuPerBlockMs = meanOf(cpuTimes.slice(BLOCKS_WARM));
  return {
    accounts,
    perSecond: Math.round((TRANSACTIONS_PER_BLOCK / perBlockMs) * 1000),
    microsecondsPerTransaction: Number(((perBlockMs * 1000) / TRANSACTIONS_PER_BLOCK).toFixed(2)),
    cpuMicrosecondsPerTransaction: Number(((cpuPerBlockMs * 1000) / TRANSACTIONS_PER_BLOCK).toFixed(2)),
    loadSeconds: Number(loadSeconds.toFixed(2)),
    rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
  };
}

const rows = SIZES.map(measure);
console.table(rows);
const growth = (rows[rows.length - 1]?.microsecondsPerTransaction ?? 0) / (rows[0]?.microsecondsPerTransaction ?? 1);
process.stdout.write(`growth from ${rows[0]?.accounts} to ${rows[rows.length - 1]?.accounts} accounts: ${growth.toFixed(2)}\n`);
