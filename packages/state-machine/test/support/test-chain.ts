import {
  type Address,
  type BlockHash,
  type BlockHeader,
  blockHash,
  type CommonFields,
  type Evidence,
  encodeHex,
  encodeTransaction,
  type Genesis,
  type GenesisHash,
  type GenesisJsonInput,
  genesisHashOf,
  keyPairOf,
  type LedgerRecord,
  type Lot,
  type LotId,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  type Receipt,
  referenceCryptography,
  type Signature,
  STATE_NAMESPACES,
  type TransactionMessage,
  type TransactionType,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import {
  applyBlock,
  assetTable,
  type BlockSetting,
  buildBlock,
  type ChainContext,
  DEFAULT_BLOCK_LIMITS,
  genesisChanges,
  genesisHeader,
  holdingTable,
  lotTable,
  MemoryState,
  type StateChange,
  StateOverlay,
  stateKeyToBytes,
  type Table,
  validatorSetTable,
} from '../../src/index.ts';

/** Everything in tests runs on the reference implementation: its speed does not matter here, that it is the reference does. */
export const cryptography = referenceCryptography;

const MTN = 10n ** 18n;

/** Genesis time of test chains, unix seconds. */
export const START_SEC = 1_800_000_000;

/** The same account for the same name in every test. */
export function privateKeyOf(name: string): PrivateKey {
  return cryptography.sha256(new Uint8Array([...`test account ${name}`].map((letter) => letter.charCodeAt(0)))) as PrivateKey;
}

/** Address of a named test account. */
export function addressOf(name: string): Address {
  const known = ADDRESSES.get(name);
  if (known !== undefined) return known;
  const { address } = keyPairOf(privateKeyOf(name));
  ADDRESSES.set(name, address);
  return address;
}

const ADDRESSES = new Map<string, Address>();

/** Validators of test chains: operators `operator0`…, each with the same power. */
export function validatorJson(chainId: number, index: number, power = 10): ValidatorJson {
  const name = `${chainId}/${index}/${power}`;
  const known = VALIDATORS.get(name);
  if (known !== undefined) return known;
  const signed = signedValidatorJson(chainId, index, power);
  VALIDATORS.set(name, signed);
  return signed;
}

type ValidatorJson = GenesisJsonInput['validators'][number];

const VALIDATORS = new Map<string, ValidatorJson>();

function signedValidatorJson(chainId: number, index: number, power: number): ValidatorJson {
  const key = privateKeyOf(`validator${index}`);
  const operator = addressOf(`operator${index}`);
  return {
    publicKey: encodeHex(keyPairOf(key).publicKey),
    power,
    operator: encodeHex(operator),
    peerId: `peer${index}`,
    possession: encodeHex(cryptography.sign(possessionDigest(cryptography, chainId, operator), key)),
  };
}

/** Names of the level-2 members of every test chain; each starts with 1 000 MTN. */
const MEMBERS = ['alice', 'bob', 'carol', 'dave'] as const;

/** The genesis of test chains; parts can be replaced. Fees are zero unless a test sets them, so that figures are easy to read. */
export function testGenesis(change: Partial<GenesisJsonInput> = {}): GenesisJsonInput {
  const chainId = change.chainId ?? 7;
  const hex = (name: string): string => encodeHex(addressOf(name));
  const funded = [
    ...MEMBERS,
    'gateway',
    'gateway2',
    'registrar',
    'arbiter',
    'newcomer',
    'level1',
    'operator0',
    'operator1',
    'operator2',
    'operator3',
  ];
  return {
    chainId,
    networkName: 'test',
    timestampMs: START_SEC * 1000,
    protocolVersion: 1,
    parameters: { feePerTransaction: '0', feePerByte: '0' },
    allocation: {
      preset: 'custom',
      supply: String(1000n * MTN * BigInt(funded.length)),
      tranches: [
        {
          name: 'all',
          amount: String(1000n * MTN * BigInt(funded.length)),
          rule: { kind: 'liquid' },
          accounts: funded.map((name) => ({ address: hex(name), amount: String(1000n * MTN) })),
        },
      ],
    },
    assets: [
      { id: 'mUSD', name: 'US dollar', decimals: 2, gateways: [hex('gateway')], threshold: 1, minLevel: 0, transferMode: 'IMMEDIATE' },
      { id: 'mBOND', name: 'Bond', decimals: 2, gateways: [hex('gateway')], threshold: 1, minLevel: 0, transferMode: 'CONFIRMED' },
      {
        id: 'mBTC',
        name: 'Bitcoin',
        decimals: 8,
        gateways: [hex('gateway'), hex('gateway2')],
        threshold: 2,
        minLevel: 0,
        transferMode: 'IMMEDIATE',
      },
      {
        id: 'MTN',
        name: 'Muton',
        decimals: 18,
        kind: 'NATIVE',
        gateways: [hex('gateway')],
        threshold: 1,
        minLevel: 0,
        transferMode: 'IMMEDIATE',
      },
    ],
    members: [
      ...MEMBERS.map((name) => ({ address: hex(name), level: 2 })),
      { address: hex('gateway'), level: 3 },
      { address: hex('gateway2'), level: 3 },
      { address: hex('registrar'), level: 2, roles: ['registrar' as const] },
      { address: hex('arbiter'), level: 2, roles: ['arbiter' as const] },
      { address: hex('level1'), level: 1 },
    ],
    treasury: hex('treasury'),
    audit: hex('audit'),
    validators: [0, 1, 2, 3].map((index) => validatorJson(chainId, index)),
    ...change,
  };
}

/** What one block of a test chain did. */
export type TestBlock = {
  readonly header: BlockHeader;
  readonly receipts: readonly Receipt[];
  readonly records: readonly LedgerRecord[];
  readonly transactions: readonly VerifiedTransaction[];
};

/** What one transaction did in a block of its own. */
export type TestRun = {
  readonly id: LotId;
  readonly code: Receipt['code'];
  readonly receipt: Receipt;
  readonly records: readonly string[];
};

/** The fields of a type besides the common four. */
export type OwnFields<Type extends TransactionType> = Omit<TransactionMessage<Type>, keyof CommonFields>;

/** A transaction as if its signature had been verified; its id is what its signed bytes make it. */
export function asVerified<Type extends TransactionType>(type: Type, message: TransactionMessage<Type>): VerifiedTransaction {
  const signature = new Uint8Array(65) as Signature;
  const bytes = encodeTransaction({ type, message, signature } as never);
  return { type, message, signature, bytes, id: cryptography.sha256(bytes) } as unknown as VerifiedTransaction;
}

type Start = { readonly genesis: Genesis; readonly genesisHash: GenesisHash; readonly changes: readonly StateChange[] };

const STARTS = new Map<string, Start>();

/** What follows from a genesis document; worked out once for each, because checking keys takes most of the time of a short test. */
function startOf(document: GenesisJsonInput): Start {
  const key = JSON.stringify(document);
  const known = STARTS.get(key);
  if (known !== undefined) return known;
  const genesis = parseGenesis(document);
  const start = { genesis, genesisHash: genesisHashOf(cryptography, genesis), changes: genesisChanges(cryptography, genesis) };
  STARTS.set(key, start);
  return start;
}

/**
 * A chain in memory for tests: builds each block, applies the built block again as a validator would and promotes it only if both agree.
 */
export class TestChain {
  readonly genesis: Genesis;
  readonly chain: ChainContext;
  readonly state: MemoryState;
  header: BlockHeader;
  readonly blocks: TestBlock[] = [];
  readonly #nonces = new Map<string, number>();
  #nowMs: number = START_SEC * 1000;

  constructor(genesis: GenesisJsonInput = testGenesis()) {
    const start = startOf(genesis);
    this.genesis = start.genesis;
    this.chain = { cryptography, chainId: this.genesis.chainId, genesisHash: start.genesisHash };
    this.state = new MemoryState({ cryptography });
    this.state.promote(this.state.preview(start.changes));
    this.header = genesisHeader(cryptography, this.genesis, this.state.stateRoot);
  }

  /** Time of the tip, unix seconds. */
  get nowSec(): number {
    return Math.floor(this.#nowMs / 1000);
  }

  /** A transaction of a named account with the next nonce it expects. */
  transaction<Type extends TransactionType>(name: string, type: Type, fields: OwnFields<Type>): VerifiedTransaction {
    const nonce = this.#nonces.get(name) ?? 0;
    this.#nonces.set(name, nonce + 1);
    const common = { from: addressOf(name), nonce, validUntil: this.nowSec + 600, maxFee: 10n ** 24n };
    return asVerified(type, { ...common, ...fields } as unknown as TransactionMessage<Type>);
  }

  /** What a proposer would say about the next block, `stepSec` after the last. */
  setting(stepSec = 1, evidence: readonly Evidence[] = []): BlockSetting {
    const parentHash: BlockHash = blockHash(cryptography, this.header);
    const proposer = this.read(validatorSetTable, undefined)?.validators[0]?.address as Address;
    return { timestampMs: this.#nowMs + stepSec * 1000, proposer, parentHash, evidence };
  }

  /** Puts transactions into the next block, `stepSec` after the last. Candidates that cannot stand are an error of the test. */
  block(transactions: readonly VerifiedTransaction[], stepSec = 1, evidence: readonly Evidence[] = []): TestBlock {
    const setting = this.setting(stepSec, evidence);
    this.#nowMs = setting.timestampMs;
    const built = buildBlock(this.state, transactions, this.chain, setting, DEFAULT_BLOCK_LIMITS);
    if (built.skipped.length > 0) throw new Error(`skipped: ${built.skipped.map(({ index, code }) => `${index} ${code}`).join(', ')}`);
    const outcome = applyBlock(
      this.state,
      { header: built.header, transactions: built.transactions, evidence },
      this.chain,
      setting.parentHash,
    );
    if (!outcome.ok) throw new Error(`a built block is refused: ${outcome.code}`);
    this.state.drop(built.preview);
    this.state.promote(outcome.preview);
    this.header = outcome.header;
    const { receipts, records, header } = outcome;
    const block = { header, receipts, records, transactions };
    this.blocks.push(block);
    return block;
  }

  /** Runs one transaction in a block of its own. */
  run<Type extends TransactionType>(name: string, type: Type, fields: OwnFields<Type>, stepSec = 1): TestRun {
    const transaction = this.transaction(name, type, fields);
    const { receipts, records } = this.block([transaction], stepSec);
    const receipt = receipts[0] as Receipt;
    return {
      id: transaction.id as Uint8Array as LotId,
      code: receipt.code,
      receipt,
      records: records.slice(receipt.firstRecord, receipt.firstRecord + receipt.records).map(describe),
    };
  }

  /** An empty block some seconds later; returns its records, which only scheduled work can have made. */
  wait(stepSec: number): readonly string[] {
    return this.block([], stepSec).records.map(describe);
  }

  /** An entry of the tip's state. */
  read<Key, Value>(table: Table<Key, Value>, key: Key): Value | undefined {
    return new StateOverlay(this.state).get(table, key);
  }

  /** Puts the tip into a state that no transaction leads to. */
  write(edit: (state: StateOverlay) => void): void {
    const overlay = new StateOverlay(this.state);
    edit(overlay);
    this.state.promote(this.state.preview(overlay.changes()));
  }

  /** All entries of the tip but its singletons and one account: what a transaction of that account must not touch when it fails. */
  entriesBut(name: string): ReadonlyMap<string, string> {
    const entries = [...this.state.entries()].map(({ key, value }) => [encodeHex(stateKeyToBytes(key)), encodeHex(value)] as const);
    const own = encodeHex(Uint8Array.of(STATE_NAMESPACES.account, ...addressOf(name)));
    return new Map(entries.filter(([key]) => !key.startsWith('0x00') && key !== own));
  }

  /** Amount in the main lot. */
  amount(name: string, asset: string): bigint {
    return this.read(holdingTable, { owner: addressOf(name), asset })?.amount ?? 0n;
  }

  /** Amount in the main lot, state and requests in flight. */
  holding(name: string, asset: string): { amount: bigint; state: number; pendingIn: bigint; pendingOut: bigint } {
    const found = this.read(holdingTable, { owner: addressOf(name), asset });
    const { amount, state, pendingIn, pendingOut } = found ?? { amount: 0n, state: 0, pendingIn: 0n, pendingOut: 0n };
    return { amount, state, pendingIn, pendingOut };
  }

  /** Supply of an asset. */
  supply(asset: string): bigint {
    return this.read(assetTable, asset)?.supply ?? 0n;
  }

  /** A lot, open or closed. */
  lot(id: LotId): Lot | undefined {
    return this.read(lotTable, id);
  }
}

/** A record in one line: state, input, amount and asset, and what the business part says. */
export function describe({ state, input, transaction, business }: LedgerRecord): string {
  const reason = business.reason === '' ? '' : ` (${business.reason})`;
  return `${state} ${input} ${transaction.amount} ${transaction.asset} ${business.action}${reason}`;
}

/** 32 zero bytes: a request that opens a lot. */
export const NEW_LOT = new Uint8Array(32) as never;
