import { type DecidedBlock, LedgerChain } from '@mutual-chain/node';
import {
  blockHash,
  type Cryptography,
  createTypedData,
  encodeHex,
  encodeTransaction,
  type Genesis,
  genesisHashOf,
  type KeyPair,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  signTransaction,
  type TypedData,
} from '@mutual-chain/protocol';
import { auditState, genesisChanges, genesisHeader } from '@mutual-chain/state-machine';
import { type LedgerContext, LedgerPool, type VerifiedOnce } from '../chain/ledger-pool.ts';
import type { SimulatedChain } from '../chain/simulated-chain.ts';
import { SimulatedStore } from '../chain/simulated-store.ts';
import type { Report } from '../checkers/chain-history.ts';
import { hexOf, type Powers } from '../checkers/powers.ts';
import { type SimulatedKey, sha256 } from '../cryptography/mac-cryptography.ts';
import type { SimulationOptions } from '../faults/simulation-options.ts';
import { RandomStream } from '../random/random-stream.ts';
import { WORLD_BEGINS_MS } from '../world/world.ts';
import type { ChainSetup } from './chain-setup.ts';
import type { ChainPorts } from './simulated-node.ts';

const CHAIN_ID = 7;
const WALLETS = 4;
const FEE = 10n;
const BALANCE = 50_000n;
const SUBMITTED_PER_HEIGHT_MAX = 20;

/** The real ledger for everybody: real blocks, transactions, signatures and mempool, over a store in memory. */
export function createLedgerSetup(
  options: SimulationOptions,
  cryptography: Cryptography,
  roster: readonly SimulatedKey[],
  report: Report,
  nowMs: () => number,
): ChainSetup {
  const random = new RandomStream(options.seed, 'workload');
  const wallets = Array.from({ length: WALLETS }, (_, index) =>
    keyPairOf(sha256(Buffer.from(`wallet ${index} of ${options.seed}`)) as PrivateKey),
  );
  const genesis = genesisOf(options, cryptography, roster, wallets);
  const genesisHash = genesisHashOf(cryptography, genesis);
  const typedData = createTypedData(cryptography, { chainId: CHAIN_ID, genesisHash });
  const context: LedgerContext = { cryptography, chainId: CHAIN_ID, genesisHash, typedData };
  const stores = new Map<number, NodeStore>();
  const verified: VerifiedOnce = new Map();
  const submitted = new Set<string>();
  const powers: Powers = new Map(roster.map(({ address }, index) => [hexOf(address), BigInt(options.powers[index] ?? 0)]));
  const storeOf = (node: number): NodeStore => {
    const known = stores.get(node);
    if (known !== undefined) return known;
    const store = new SimulatedStore(cryptography);
    const preview = store.view.preview(genesisChanges(cryptography, genesis));
    const header = genesisHeader(cryptography, genesis, preview.stateRoot);
    void store.commitHeight({ height: 0, blockHash: blockHash(cryptography, header), preview, block: new Uint8Array(0) });
    const created = { store, included: new Set<string>(), toldHeight: 0 };
    stores.set(node, created);
    return created;
  };
  const heights = (): number => Math.max(0, ...[...stores.values()].map(({ store }) => store.tip?.height ?? 0));
  let busy = { height: -1, submitted: 0 };
  const nonces = wallets.map(() => 0);
  return {
    genesisHash,
    history: undefined,
    powersAt: () => powers,
    simple: undefined,
    storeOf: () => undefined,
    isAsynchronous: true,
    open: (node, ports) => openLedgerChain({ context, ports, options, verified, node: storeOf(node), submitted, report }),
    nextTransaction: () => {
      const height = heights();
      if (height > busy.height) busy = { height, submitted: 0 };
      if (busy.submitted++ >= SUBMITTED_PER_HEIGHT_MAX) return undefined;
      const index = random.below(WALLETS);
      const raw = transferOf(cryptography, typedData, {
        from: wallets[index] as KeyPair,
        to: wallets[random.below(WALLETS)] as KeyPair,
        nonce: nonces[index] as number,
        amount: BigInt(1 + random.below(4000)),
        validUntil: Math.floor((WORLD_BEGINS_MS + nowMs()) / 1000) + random.pick([5, 60, 600]),
      });
      // Some nonces are used twice, and a gap is left now and then until somebody sends what is missing.
      nonces[index] = (nonces[index] as number) + (random.chance(900) ? 1 : 0);
      if (random.chance(30)) raw[raw.length - 70] = (raw[raw.length - 70] as number) ^ 1;
      submitted.add(encodeHex(raw));
      return raw;
    },
    nextValidatorChange: () => undefined,
    setBack: (node) => stores.get(node)?.store.tip?.height ?? 0,
    auditOf: async (node) => {
      const entries = [];
      for await (const entry of storeOf(node).store.stateEntries()) entries.push(entry);
      return auditState(entries, { cryptography });
    },
  };
}

type NodeStore = {
  readonly store: SimulatedStore;
  readonly included: Set<string>;
  /** Height of the last commit that checkers were told of: one may become durable in the moment in which its node ends. */
  toldHeight: number;
};

function openLedgerChain(setting: {
  readonly context: LedgerContext;
  readonly ports: ChainPorts;
  readonly options: SimulationOptions;
  readonly verified: VerifiedOnce;
  readonly node: NodeStore;
  readonly submitted: ReadonlySet<string>;
  readonly report: Report;
}): SimulatedChain {
  const { context, ports, options, verified, node, submitted, report } = setting;
  const { store, included } = node;
  const { random, schedule, boundary, committed, failed, nowMs, filled } = ports;
  store.beginRun(schedule, () => random.between(...options.latency.commit));
  const pool = new LedgerPool({ context, store, included, verified, nowMs });
  let waitingEvidence = 0;
  const chain = new LedgerChain({
    context,
    store,
    transactions: {
      hasCandidates: pool.hasCandidates,
      candidates: pool.candidates,
      verify: pool.verify,
      leftOut: pool.leftOut,
      committed: (block) => {
        for (const { id, bytes } of block.transactions) {
          if (!submitted.has(encodeHex(bytes))) report('validity', `height ${block.header.height} has a transaction that nobody submitted`);
          included.add(encodeHex(id));
        }
        pool.committed(block);
      },
    },
    failed,
  });
  const tell = (block: DecidedBlock): void => {
    const stateRoot = store.tip?.stateRoot ?? new Uint8Array(32);
    node.toldHeight = block.height;
    committed(block, { height: block.height, stateRoot, validators: chain.tip().validators });
  };
  const untold = chain.tip().height > node.toldHeight ? chain.decidedBlock(chain.tip().height) : undefined;
  if (untold !== undefined) tell(untold);
  return {
    tip: chain.tip,
    inspect: chain.inspect,
    hasWork: chain.hasWork,
    build: chain.build,
    validate: chain.validate,
    decidedBlock: chain.decidedBlock,
    reportEvidence: (evidence) => {
      waitingEvidence++;
      chain.reportEvidence(evidence);
    },
    commit: (block, done) => {
      boundary();
      chain.commit(block, () => {
        boundary();
        waitingEvidence = 0;
        tell(block);
        done();
      });
    },
    submit: (bytes) => {
      if (pool.submit(bytes)) filled();
    },
    prevoted: (height, hash) => pool.pin(height, hash, []),
    overflow: () => pool.overflow(),
    endRun: () => store.endRun(random.chance(500)),
    waitingEvidence: () => Math.min(waitingEvidence, 1),
  };
}

function genesisOf(
  options: SimulationOptions,
  cryptography: Cryptography,
  roster: readonly SimulatedKey[],
  wallets: readonly KeyPair[],
): Genesis {
  const operator = (wallets[0] as KeyPair).address;
  const { timing } = options;
  return parseGenesis({
    chainId: CHAIN_ID,
    networkName: 'simulation',
    timestampMs: WORLD_BEGINS_MS - 1,
    protocolVersion: 1,
    parameters: {
      feePerTransaction: String(FEE),
      feePerByte: '0',
      ...Object.fromEntries(Object.entries(timing).map(([name, value]) => [name, String(value)])),
    },
    allocation: {
      preset: 'custom',
      supply: String(BALANCE * BigInt(wallets.length)),
      tranches: [
        {
          name: 'all',
          amount: String(BALANCE * BigInt(wallets.length)),
          rule: { kind: 'liquid' },
          accounts: wallets.map(({ address }) => ({ address: encodeHex(address), amount: String(BALANCE) })),
        },
      ],
    },
    members: wallets.map(({ address }) => ({ address: encodeHex(address), level: 2 })),
    treasury: encodeHex(operator),
    audit: encodeHex(operator),
    validators: roster.map(({ publicKey, privateKey }, index) => ({
      publicKey: encodeHex(publicKey),
      possession: encodeHex(cryptography.sign(possessionDigest(cryptography, CHAIN_ID, operator), privateKey)),
      operator: encodeHex(operator),
      power: options.powers[index] ?? 1,
      peerId: `peer ${index}`,
    })),
  });
}

function transferOf(
  cryptography: Cryptography,
  typedData: TypedData,
  {
    from,
    to,
    nonce,
    amount,
    validUntil,
  }: {
    readonly from: KeyPair;
    readonly to: KeyPair;
    readonly nonce: number;
    readonly amount: bigint;
    readonly validUntil: number;
  },
): Uint8Array {
  const message = { from: from.address, nonce, validUntil, maxFee: FEE, to: to.address, asset: 'MTN', amount, memo: '' };
  return encodeTransaction(signTransaction(cryptography, typedData, { type: 'Transfer', message }, from.privateKey));
}
