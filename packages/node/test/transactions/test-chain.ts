import { type CommittedBlock, type CommittedLedger, createMempoolLedger, MemoryStateStore, type StateStore } from '@mutual-chain/node';
import {
  type Address,
  assertInvariant,
  blockHash,
  createTypedData,
  type DeclaredTransaction,
  encodeHex,
  type Genesis,
  type GenesisHash,
  genesisHashOf,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  proposerAt,
  type SignedTransaction,
  signSponsorFee,
  signTransaction,
  type TransactionId,
  type VerifiedTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import {
  buildBlock,
  type ChainContext,
  DEFAULT_BLOCK_LIMITS,
  genesisChanges,
  genesisHeader,
  StateOverlay,
  validatorSetTable,
} from '@mutual-chain/state-machine';

export const cryptography = await loadFastCryptography();

const CHAIN_ID = 7;
const START_MS = 1_700_000_000_000;
/** What each account of `ACCOUNTS` has for fees, in transactions: much. */
const FEE = 10n;
const BALANCE = 1_000_000n;
/** Accounts that have MTN. `poor` can pay for two transactions. */
const ACCOUNTS = ['a', 'b', 'c', 'd', 'poor'] as const;

/** Block time of genesis, unix seconds. */
const START_SEC: number = START_MS / 1000;
/** The private key of a name. */
function keyOf(name: string): PrivateKey {
  return cryptography.sha256(new TextEncoder().encode(name)) as PrivateKey;
}

const addresses = new Map<string, Address>();

/** The address of a name. */
export function addressOf(name: string): Address {
  const address = addresses.get(name) ?? keyPairOf(keyOf(name)).address;
  addresses.set(name, address);
  return address;
}

function genesisOf(): Genesis {
  const amountOf = (name: string): bigint => (name === 'poor' ? 2n * FEE : BALANCE);
  const amount = String(ACCOUNTS.reduce((sum, name) => sum + amountOf(name), 0n));
  const { publicKey } = keyPairOf(keyOf('validator'));
  const possession = cryptography.sign(possessionDigest(cryptography, CHAIN_ID, addressOf('operator')), keyOf('validator'));
  return parseGenesis({
    chainId: CHAIN_ID,
    networkName: 'test',
    timestampMs: START_MS,
    protocolVersion: 1,
    parameters: { feePerTransaction: String(FEE), feePerByte: '0' },
    allocation: {
      preset: 'custom',
      supply: amount,
      tranches: [
        {
          name: 'all',
          amount,
          rule: { kind: 'liquid' },
          accounts: ACCOUNTS.map((name) => ({ address: encodeHex(addressOf(name)), amount: String(amountOf(name)) })),
        },
      ],
    },
    members: ACCOUNTS.map((name) => ({ address: encodeHex(addressOf(name)), level: 2 })),
    treasury: encodeHex(addressOf('treasury')),
    audit: encodeHex(addressOf('audit')),
    validators: [
      {
        ...{ publicKey: encodeHex(publicKey), possession: encodeHex(possession) },
        ...{ operator: encodeHex(addressOf('operator')), power: 1, peerId: 'peer' },
      },
    ],
  });
}

const genesis = genesisOf();
export const genesisHash: GenesisHash = genesisHashOf(cryptography, genesis);
export const identity = { chainId: CHAIN_ID, genesisHash };
const context: ChainContext = { cryptography, ...identity };
const typedData = createTypedData(cryptography, identity);

/** What tells a transfer of the tests from others. */
export type TransferOptions = {
  readonly amount?: bigint;
  readonly validForSec?: number;
  readonly maxFee?: bigint;
  readonly sponsor?: string;
  readonly chainId?: number;
};

const signed = new Map<string, SignedTransaction>();

/** A signed transfer of MTN from an account, to `d`. The same arguments give the same transaction. */
export function transfer(from: string, nonce: number, options: TransferOptions = {}): SignedTransaction {
  const { amount = 1n, validForSec = 600, maxFee = FEE, sponsor, chainId = CHAIN_ID } = options;
  const name = [from, nonce, amount, validForSec, maxFee, sponsor, chainId].join();
  const known = signed.get(name);
  if (known !== undefined) return known;
  const domain = createTypedData(cryptography, { chainId, genesisHash });
  const message = {
    ...{ from: addressOf(from), nonce, validUntil: START_SEC + validForSec, maxFee },
    ...{ to: addressOf('d'), asset: 'MTN', amount, memo: '' },
  };
  const unsponsored = signTransaction(cryptography, domain, { type: 'Transfer', message }, keyOf(from));
  const transaction = sponsor === undefined ? unsponsored : signSponsorFee(cryptography, domain, unsponsored, keyOf(sponsor));
  signed.set(name, transaction);
  return transaction;
}

/** Transfers with nonces from `first` up to, not including, `end`. */
export function transfers(from: string, first: number, end: number): readonly SignedTransaction[] {
  return Array.from({ length: end - first }, (_, index) => transfer(from, first + index));
}

/** As clients hand it in. */
export function declared(transaction: SignedTransaction): DeclaredTransaction {
  return { transaction, domain: undefined };
}

/** The transaction with its id and bytes. */
export function verified(transaction: SignedTransaction): VerifiedTransaction {
  const verification = verifyTransaction(cryptography, typedData, transaction);
  assertInvariant(verification.ok, 'transactions of the tests are well signed');
  return verification.transaction;
}

/** The id of a transaction. */
export function idOf(transaction: SignedTransaction): TransactionId {
  return verified(transaction).id;
}

/** A committed chain of blocks, and a ledger over it, in memory. */
export class TestChain {
  readonly store: StateStore = new MemoryStateStore({ cryptography });
  readonly ledger: CommittedLedger;
  readonly #committed = new Set<string>();
  #timestampMs = START_MS;

  private constructor() {
    this.ledger = createMempoolLedger({ context, store: this.store, isCommitted: (id) => this.#committed.has(encodeHex(id)) });
  }

  static async create(): Promise<TestChain> {
    const chain = new TestChain();
    const preview = chain.store.view.preview(genesisChanges(cryptography, genesis));
    const header = genesisHeader(cryptography, genesis, preview.stateRoot);
    await chain.store.commitHeight({ height: 0, blockHash: blockHash(cryptography, header), preview, block: new Uint8Array(0) });
    return chain;
  }

  /** Commits a block with those of the candidates that can stand in one, and answers what it left out too. */
  async commit(
    candidates: Iterable<VerifiedTransaction>,
    afterMs = 1_000,
  ): Promise<CommittedBlock & { readonly leftOut: readonly { readonly id: TransactionId; readonly code: never }[] }> {
    const { store } = this;
    const validators = new StateOverlay(store.view).get(validatorSetTable, undefined);
    assertInvariant(validators !== undefined && store.tip !== undefined, 'the chain has genesis');
    this.#timestampMs += afterMs;
    const list = [...candidates];
    const setting = { timestampMs: this.#timestampMs, proposer: proposerAt(validators, 0).address, parentHash: store.tip.blockHash };
    const built = buildBlock(store.view, list, context, { ...setting, evidence: [] }, DEFAULT_BLOCK_LIMITS);
    const hash = blockHash(cryptography, built.header);
    const { preview, header } = built;
    await store.commitHeight({ height: header.height, blockHash: hash, preview, block: Uint8Array.of(1) });
    for (const { id } of built.transactions) this.#committed.add(encodeHex(id));
    const leftOut = built.skipped.flatMap((skip) =>
      skip.kind === 'transaction' ? [{ id: (list[skip.index] as VerifiedTransaction).id, code: skip.code as never }] : [],
    );
    return { ...built, blockHash: hash, leftOut };
  }
}
