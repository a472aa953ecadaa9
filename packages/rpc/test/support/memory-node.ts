import {
  type Address,
  type Block,
  type BlockHash,
  blockHash,
  bytes32From,
  createTypedData,
  referenceCryptography as cryptography,
  DEFAULT_PARAMETERS,
  type DeclaredTransaction,
  EMPTY_ACCOUNT,
  encodeHex,
  encodeTransaction,
  type GenesisHash,
  keyPairOf,
  type LedgerRecord,
  type LotId,
  type MerkleRoot,
  type PrivateKey,
  type PublicKey,
  ROLES,
  type Signature,
  type SignedTransaction,
  type StateRoot,
  signTransaction,
  type TransactionId,
  transactionIdOf,
  type UnsignedTransaction,
  type ValidatorSet,
  verifyTransaction,
} from '@mutual-chain/protocol';
import type { AccountView, BlockView, Lookup, NodeStatus, RpcPorts, Submission, TransactionView } from '../../src/server/index.ts';

/*
 * A node of a few fixed facts, kept in memory: one block on genesis, one lot, one asset, one debt; and a pool that takes transactions and
 * settles them when a test says so. It implements the ports by what they promise and knows no ledger.
 */

/** Bytes that all have one value. */
const filled = (lengthBytes: number, value: number): Uint8Array => new Uint8Array(lengthBytes).fill(value);
const hash = (value: number): Uint8Array => filled(32, value);

export const GENESIS_HASH: GenesisHash = hash(0x9e) as GenesisHash;
export const CHAIN_ID = 7;
export const alice: ReturnType<typeof keyPairOf> = keyPairOf(hash(1) as PrivateKey);
export const bob: ReturnType<typeof keyPairOf> = keyPairOf(hash(2) as PrivateKey);

export const typedData: ReturnType<typeof createTypedData> = createTypedData(cryptography, {
  chainId: CHAIN_ID,
  genesisHash: GENESIS_HASH,
});

/** A transfer of alice to bob, signed. */
export function signedTransfer(nonce: number): SignedTransaction {
  return signTransaction(cryptography, typedData, unsignedTransfer(nonce), alice.privateKey);
}

/** A transfer of alice to bob. */
export function unsignedTransfer(nonce: number): UnsignedTransaction {
  const message = {
    from: alice.address,
    nonce,
    validUntil: 1_800_000_000,
    maxFee: 1000n,
    to: bob.address,
    asset: 'MTN',
    amount: 5n,
    memo: 'tea',
  };
  return { type: 'Transfer', message };
}

export const LOT_ID: LotId = hash(0x10) as LotId;
export const TIP_MS = 1_700_000_000_000;

export const committed: SignedTransaction = signedTransfer(0);
export const COMMITTED_ID: TransactionId = transactionIdOf(cryptography, encodeTransaction(committed));

export const record: LedgerRecord = {
  state: 'S2',
  input: 'E06',
  transaction: {
    lot: LOT_ID,
    asset: 'MTN',
    amount: 5n,
    from: alice.address,
    to: bob.address,
    revision: 0,
    actor: bob.address,
    txId: COMMITTED_ID,
    height: 1,
    index: 0,
  },
  business: {
    product: '',
    productId: bytes32From(hash(0)),
    action: 'confirm',
    reason: '',
    memo: 'tea',
    externalRef: '',
    parentLot: hash(0) as LotId,
  },
};

const header: Block['header'] = {
  protocolVersion: 1,
  chainId: CHAIN_ID,
  height: 1,
  timestampMs: TIP_MS,
  parentHash: hash(0x20) as BlockHash,
  proposer: alice.address,
  stateRoot: hash(0x21) as StateRoot,
  transactionsRoot: hash(0x22) as MerkleRoot,
  recordsRoot: hash(0x23) as MerkleRoot,
  receiptsRoot: hash(0x24) as MerkleRoot,
  evidenceRoot: hash(0x25) as MerkleRoot,
  validatorsHash: bytes32From(hash(0x26)),
  nextValidatorsHash: bytes32From(hash(0x27)),
  parametersHash: bytes32From(hash(0x28)),
};
export const TIP_HASH: BlockHash = blockHash(cryptography, header);

const block: BlockView = {
  hash: TIP_HASH,
  header,
  transactionIds: [COMMITTED_ID],
  transactions: [committed],
  certificate: { height: 1, round: 0, blockHash: TIP_HASH, signatures: [{ validatorIndex: 0, signature: filled(65, 1) as Signature }] },
};
const genesisHeader: Block['header'] = { ...header, height: 0, parentHash: hash(0) as BlockHash, proposer: filled(20, 0) as Address };
const genesis: BlockView = {
  hash: blockHash(cryptography, genesisHeader),
  header: genesisHeader,
  transactionIds: [],
  transactions: [],
  certificate: undefined,
};

/** Hash of the header of height 0. */
export const GENESIS_BLOCK_HASH: BlockHash = genesis.hash;

const lot = {
  owner: alice.address,
  asset: 'MTN',
  amount: 5n,
  state: 2,
  revision: 1,
  requester: alice.address,
  counterparty: bob.address,
  requested: 5n,
  expiresAt: 1_700_000_600,
  termsHash: bytes32From(hash(0)),
  dueAt: 0,
  reference: 'tea',
  claimedBy: filled(20, 0) as Address,
  claimedAt: 0,
  revocable: true,
  closes: false,
  confirmations: [{ gateway: bob.address, revision: 1, amount: 5n, externalRef: 'REF-1' }],
  product: '',
  productId: bytes32From(hash(0)),
  parentLot: hash(0) as LotId,
};

const asset = {
  name: 'Mutual',
  decimals: 18,
  kind: 0,
  gateways: [{ address: bob.address }],
  threshold: 1,
  minLevel: 2,
  transferMode: 0,
  freeze: 0,
  supply: 1_000_000n,
};

const debt = {
  lender: alice.address,
  borrower: bob.address,
  asset: 'MTN',
  principal: 100n,
  outstanding: 40n,
  termsHash: bytes32From(hash(3)),
  dueAt: 1_800_000_000,
};

const validators: ValidatorSet = {
  validators: [
    {
      publicKey: alice.publicKey as PublicKey,
      address: alice.address,
      power: 10n,
      priority: -3n,
      operator: bob.address,
      peerId: 'peer-0',
      addresses: '/ip4/127.0.0.1/tcp/1,/ip4/127.0.0.1/tcp/2',
    },
  ],
};

const balance = { available: 90n, locked: 10n, pendingIn: 0n, pendingOut: 5n };

const aliceView: AccountView = {
  account: { ...EMPTY_ACCOUNT, nonce: 1, level: 3, roles: ROLES.registrar | ROLES.auditor, freeze: 1, dailyLimit: 50n },
  effectiveLevel: 2,
  balances: [{ asset: 'MTN', state: 'S5', ...balance }],
};
const nobody: AccountView = { account: EMPTY_ACCOUNT, effectiveLevel: 0, balances: [] };

const ok = <Value>(value: Value): Lookup<Value, never> => ({ found: true, value });
const no = <Code extends string>(code: Code): { readonly found: false; readonly code: Code } => ({ found: false, code });
const is = (left: Uint8Array, right: Uint8Array): boolean => encodeHex(left) === encodeHex(right);

/** What a test can change about the node. */
export type MemoryNode = RpcPorts & {
  status: NodeStatus;
  /** Outcome of every transaction that is handed in; undefined admits those whose signature is good. */
  refusal: Extract<Submission, { readonly ok: false }> | undefined;
  /** Everything that was handed in, in order. */
  readonly submitted: DeclaredTransaction[];
  /** Settles what is pending, and whatever waits for it. */
  readonly settle: (id: TransactionId, status: 'committed' | 'expired' | 'rejected') => void;
  /** Errors that the next reading of an account throws. */
  failure: Error | undefined;
  /** Memo of the records of the list, repeated. */
  records: readonly LedgerRecord[];
};

export const VERSION = '1.2.3';

/** A fresh node. */
export function createMemoryNode(): MemoryNode {
  const pool = new Map<string, TransactionView>();
  const waiting = new Map<string, Set<() => void>>();
  pool.set(encodeHex(COMMITTED_ID), viewOf(COMMITTED_ID, committed, 'committed'));

  function viewOf(id: TransactionId, transaction: SignedTransaction, status: TransactionView['status']): TransactionView {
    if (status !== 'committed') return { id, transaction, status };
    const receipt = { code: 'OK', feePaid: 3n, feePayer: alice.address, firstRecord: 0, records: 1 } as const;
    return { id, transaction, status, height: 1, index: 0, receipt: { receipt, records: [record] } };
  }

  function submit({ transaction }: DeclaredTransaction): Submission {
    if (node.refusal !== undefined) return node.refusal;
    const verdict = verifyTransaction(cryptography, typedData, transaction);
    if (!verdict.ok) return { ok: false, code: 'BAD_SIGNATURE', field: 'signature' };
    const { id } = verdict.transaction;
    if (!pool.has(encodeHex(id))) pool.set(encodeHex(id), viewOf(id, transaction, 'pending'));
    return { ok: true, id };
  }

  const node: MemoryNode = {
    status: {
      version: VERSION,
      peerId: 'peer-0',
      tip: { height: 1, blockHash: TIP_HASH, stateRoot: header.stateRoot, timestampMs: TIP_MS },
      syncing: false,
      peers: 3,
      peersNeeded: 2,
      validator: alice.address,
      earliestHeight: 0,
    },
    refusal: undefined,
    submitted: [],
    failure: undefined,
    records: [record],
    settle: (id, status) => {
      const view = pool.get(encodeHex(id));
      if (view?.transaction === undefined) return;
      pool.set(encodeHex(id), viewOf(id, view.transaction, status));
      for (const wake of waiting.get(encodeHex(id)) ?? []) wake();
    },
    chain: {
      identity: { chainId: CHAIN_ID, networkName: 'test', genesisHash: GENESIS_HASH, protocolVersion: 1 },
      block: async (name) => {
        if (name === 'latest' || name === 1 || (typeof name === 'object' && is(name, TIP_HASH))) return ok(block);
        if (name === 0) return ok(genesis);
        return no('UNKNOWN_BLOCK');
      },
      rawBlock: async (name) => {
        if (name === 'latest' || name === 1) return ok({ height: 1, hash: TIP_HASH, block: filled(3, 7), certificate: filled(2, 8) });
        if (name === 0) return ok({ height: 0, hash: genesis.hash, block: new Uint8Array(0), certificate: undefined });
        return no('UNKNOWN_BLOCK');
      },
      account: async (address) => {
        if (node.failure !== undefined) throw node.failure;
        return is(address, alice.address) ? aliceView : nobody;
      },
      balance: async (_address, id) => (id === 'MTN' ? ok(balance) : no('UNKNOWN_ASSET')),
      lot: async (id) => (is(id, LOT_ID) ? ok({ id, lot }) : no('UNKNOWN_LOT')),
      lots: async ({ state = 'S2', cursor, limit }) => {
        if (cursor !== undefined && cursor !== 'next') return no('CURSOR_INVALID');
        return ok({
          items: state === 'S2' ? [{ id: LOT_ID, lot }].slice(0, limit) : [],
          nextCursor: cursor === undefined ? 'next' : undefined,
        });
      },
      records: async ({ fromHeight = 0, limit }) => {
        if (fromHeight < node.status.earliestHeight) return no('HEIGHT_PRUNED');
        return ok({ items: node.records.slice(0, limit), nextCursor: undefined });
      },
      asset: async (id) => (id === 'MTN' ? ok({ id, asset }) : no('UNKNOWN_ASSET')),
      assets: async () => ok({ items: [{ id: 'MTN', asset }], nextCursor: undefined }),
      debt: async (id) => (is(id, LOT_ID) ? ok({ id, debt }) : no('UNKNOWN_DEBT')),
      validators: async (height) => (height === 'latest' || height <= 1 ? ok({ height: 1, set: validators }) : no('UNKNOWN_BLOCK')),
      parameters: async (height) =>
        height === 'latest' || height <= 1 ? ok({ height: 1, parameters: DEFAULT_PARAMETERS }) : no('UNKNOWN_BLOCK'),
    },
    transactions: {
      submit: async (transactions) => {
        node.submitted.push(...transactions);
        return transactions.map(submit);
      },
      transaction: async (id) => {
        const view = pool.get(encodeHex(id));
        return view === undefined ? no('UNKNOWN_TRANSACTION') : ok(view);
      },
      settled: (id, signal) =>
        new Promise<void>((resolve) => {
          if (signal.aborted || pool.get(encodeHex(id))?.status !== 'pending') return resolve();
          const wakes = waiting.get(encodeHex(id)) ?? new Set();
          waiting.set(encodeHex(id), wakes.add(resolve));
          signal.addEventListener('abort', () => resolve(), { once: true });
        }),
      pendingNonce: async (address) => (is(address, alice.address) ? 4 : 0),
      simulate: async () => ({
        receipt: { code: 'INSUFFICIENT_BALANCE', feePaid: 3n, feePayer: alice.address, firstRecord: 0, records: 0 },
        records: [],
      }),
    },
    node: {
      status: () => node.status,
      diagnose: async () => ({
        ok: false,
        summary: 'Two of four validators are missing.',
        findings: [{ code: 'NO_QUORUM', message: 'Power 20 of 40 answers, 27 is needed.', remedy: 'Start the missing validators.' }],
      }),
    },
  };
  return node;
}
