import type { ChainIndexes, IndexableBlock, StateStore } from '@mutual-chain/node';
import {
  type Address,
  assertInvariant,
  blockCodec,
  blockHash,
  createTypedData,
  type Debt,
  encodeHex,
  type Genesis,
  type GenesisHash,
  genesisHashOf,
  keyPairOf,
  type LedgerRecord,
  type Lot,
  type LotId,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  proposerAt,
  type SignedTransaction,
  STATE_NAMESPACES,
  signTransaction,
  type TransactionType,
  type UnsignedTransaction,
  type VerifiedTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import {
  applyBlock,
  assetTable,
  buildBlock,
  type ChainContext,
  DEFAULT_BLOCK_LIMITS,
  debtTable,
  genesisChanges,
  genesisHeader,
  lotTable,
  type StateChange,
  type StateKey,
  StateOverlay,
  stateKeyToBytes,
  validatorSetTable,
} from '@mutual-chain/state-machine';
import { Dice } from './dice.ts';

export const cryptography = await loadFastCryptography();

const CHAIN_ID = 7;
const START_MS = 1_700_000_000_000;
const MTN = 10n ** 18n;
const NEW_LOT = new Uint8Array(32);
const TERMS = new Uint8Array(32).fill(7);

/** Who acts. Gateways run all assets; operators run the validators. */
const MEMBERS = ['alice', 'bob', 'carol', 'dave'] as const;
const OPERATORS = ['operator0', 'operator1', 'operator2', 'operator3'] as const;
const FUNDED = [...MEMBERS, 'gateway', 'gateway2', 'registrar', 'newcomer', ...OPERATORS];

/** The private key of a name. */
function keyOf(name: string): PrivateKey {
  return cryptography.sha256(new TextEncoder().encode(name)) as PrivateKey;
}

const addresses = new Map<string, Address>();

/** The address of a name. */
export function addressOf(name: string): Address {
  const known = addresses.get(name) ?? keyPairOf(keyOf(name)).address;
  addresses.set(name, known);
  return known;
}

const hexOf = (name: string): string => encodeHex(addressOf(name));

function genesisOf(): Genesis {
  const amount = String(1000n * MTN);
  const [gateway, gateway2] = [hexOf('gateway'), hexOf('gateway2')];
  const common = { decimals: 2, minLevel: 0 };
  return parseGenesis({
    chainId: CHAIN_ID,
    networkName: 'test',
    timestampMs: START_MS,
    protocolVersion: 1,
    parameters: { feePerTransaction: '1003', feePerByte: '0', closedLotRetentionSec: '90', scheduledWorkPerBlockMax: '3' },
    allocation: {
      preset: 'custom',
      supply: String(1000n * MTN * BigInt(FUNDED.length + 1)),
      tranches: [
        {
          name: 'all',
          amount: String(1000n * MTN * BigInt(FUNDED.length)),
          rule: { kind: 'liquid' },
          accounts: FUNDED.map((name) => ({ address: hexOf(name), amount })),
        },
        { name: 'founders', amount, rule: { kind: 'linear', lockSec: 60 }, accounts: [{ address: hexOf('founder'), amount }] },
      ],
    },
    assets: [
      { id: 'mUSD', name: 'US dollar', gateways: [gateway], threshold: 1, transferMode: 'IMMEDIATE', ...common },
      { id: 'mBOND', name: 'Bond', gateways: [gateway], threshold: 1, transferMode: 'CONFIRMED', ...common },
      { id: 'mBTC', name: 'Bitcoin', gateways: [gateway, gateway2], threshold: 2, transferMode: 'IMMEDIATE', ...common },
      { id: 'MTN', name: 'Muton', kind: 'NATIVE', gateways: [gateway], threshold: 1, transferMode: 'IMMEDIATE', ...common, decimals: 18 },
    ],
    members: [
      ...[...MEMBERS, 'founder'].map((name) => ({ address: hexOf(name), level: 2 })),
      { address: gateway, level: 3 },
      { address: gateway2, level: 3 },
      { address: hexOf('registrar'), level: 2, roles: ['registrar'] },
    ],
    treasury: hexOf('treasury'),
    audit: hexOf('audit'),
    validators: OPERATORS.map((operator, index) => ({
      ...validatorOf(index),
      operator: hexOf(operator),
      power: [10, 7, 5, 3][index],
      peerId: `peer${index}`,
    })),
  });
}

function validatorOf(index: number): { readonly publicKey: string; readonly possession: string } {
  const key = keyOf(`validator${index}`);
  const digest = possessionDigest(cryptography, CHAIN_ID, addressOf(`operator${index}`));
  return { publicKey: encodeHex(keyPairOf(key).publicKey), possession: encodeHex(cryptography.sign(digest, key)) };
}

export const genesis: Genesis = genesisOf();
export const genesisHash: GenesisHash = genesisHashOf(cryptography, genesis);
const context: ChainContext = { cryptography, chainId: CHAIN_ID, genesisHash };
const typedData = createTypedData(cryptography, { chainId: CHAIN_ID, genesisHash });

/** What somebody tries. */
type Try = { readonly from: string; readonly type: TransactionType; readonly fields: Readonly<Record<string, unknown>> };

/**
 * A chain in a store, and beside it all that a list could show: every block, every record, every entry of the state. Its operations are
 * chosen by dice, so that a seed is a chain.
 */
export class ChainOfEverything {
  readonly blocks: IndexableBlock[] = [];
  readonly entries = new Map<StateKey, Uint8Array>();
  readonly #store: StateStore;
  readonly #indexes: ChainIndexes;
  readonly #dice: Dice;
  readonly #nonces = new Map<string, number>();
  readonly #votes: Uint8Array[] = [];
  /** As of the tip. */
  #openLots: readonly { readonly id: LotId; readonly lot: Lot }[] = [];
  #openDebts: readonly { readonly id: LotId; readonly debt: Debt }[] = [];
  #timestampMs = START_MS;
  #references = 0;

  constructor(options: { readonly store: StateStore; readonly indexes: ChainIndexes; readonly seed: number }) {
    this.#store = options.store;
    this.#indexes = options.indexes;
    this.#dice = new Dice(options.seed);
  }

  /** Commits genesis, then as many blocks. */
  async grow(heights: number): Promise<void> {
    if (this.blocks.length === 0) await this.#begin();
    for (let count = 0; count < heights; count++) await this.#addBlock();
  }

  /** All records in the order in which they were written. */
  get records(): readonly LedgerRecord[] {
    return this.blocks.flatMap(({ records }) => records);
  }

  /** All lots of the state. */
  get lots(): readonly { readonly id: LotId; readonly lot: Lot }[] {
    return this.#table(STATE_NAMESPACES.lot, lotTable.codec.decode).map(({ id, value }) => ({ id: id as LotId, lot: value }));
  }

  /** All debts of the state. */
  get debts(): readonly { readonly id: LotId; readonly debt: Debt }[] {
    return this.#table(STATE_NAMESPACES.debt, debtTable.codec.decode).map(({ id, value }) => ({ id: id as LotId, debt: value }));
  }

  /** Ids of all assets, in order. */
  get assets(): readonly string[] {
    return this.#table(STATE_NAMESPACES.asset, assetTable.codec.decode).map(({ id }) => String.fromCharCode(...id));
  }

  /** Ids of all assets of which an owner has a holding, in order. */
  assetsOf(owner: Address): readonly string[] {
    const holdings = this.#table(STATE_NAMESPACES.holding, (bytes) => bytes).filter(({ id }) => encodeHex(id).startsWith(encodeHex(owner)));
    return holdings.map(({ id }) => String.fromCharCode(...id.subarray(20)));
  }

  #table<Value>(namespace: number, decode: (bytes: Uint8Array) => Value): readonly { readonly id: Uint8Array; readonly value: Value }[] {
    return [...this.entries]
      .filter(([key]) => key.charCodeAt(0) === namespace)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, value]) => ({ id: stateKeyToBytes(key).slice(1), value: decode(value) }));
  }

  async #begin(): Promise<void> {
    const changes = genesisChanges(cryptography, genesis);
    const preview = this.#store.view.preview(changes);
    const header = genesisHeader(cryptography, genesis, preview.stateRoot);
    const hash = blockHash(cryptography, header);
    const block: IndexableBlock = { header, blockHash: hash, transactions: [], receipts: [], records: [], changes };
    const indexes = this.#indexes.indexesOf(block);
    await this.#store.commitHeight({ height: 0, blockHash: hash, preview, block: new Uint8Array(0), indexes });
    this.#add(block);
  }

  /** Builds a block of what is tried next, executes it from its bytes as a validator does, and commits that. */
  async #addBlock(): Promise<void> {
    const { view, tip } = this.#store;
    const set = new StateOverlay(view).get(validatorSetTable, undefined);
    assertInvariant(tip !== undefined && set !== undefined, 'the chain has begun');
    this.#timestampMs += 500 + this.#dice.below(3000);
    const setting = { timestampMs: this.#timestampMs, proposer: proposerAt(set, 0).address, parentHash: tip.blockHash, evidence: [] };
    const built = buildBlock(view, this.#nextTransactions(), context, setting, DEFAULT_BLOCK_LIMITS);
    if (built.skipped.length > 0) throw new Error(`a transaction could not stand: ${built.skipped.map(({ code }) => code).join(', ')}`);
    view.drop(built.preview);
    const outcome = applyBlock(view, { header: built.header, transactions: built.transactions, evidence: [] }, context, tip.blockHash);
    if (!outcome.ok) throw new Error(`a built block is refused: ${outcome.code}`);
    const hash = blockHash(cryptography, outcome.header);
    const block: IndexableBlock = { ...outcome, blockHash: hash, transactions: built.transactions };
    const body = blockCodec.encode({ header: outcome.header, transactions: built.transactions.map(({ bytes }) => bytes), evidence: [] });
    const indexes = this.#indexes.indexesOf(block);
    await this.#store.commitHeight({ height: outcome.header.height, blockHash: hash, preview: outcome.preview, block: body, indexes });
    this.#add(block);
  }

  #add(block: IndexableBlock): void {
    this.blocks.push(block);
    this.#apply(block.changes);
    for (const [index, { type, id }] of block.transactions.entries()) {
      if (type.startsWith('Propose') && block.receipts[index]?.code === 'OK') this.#votes.push(id);
    }
  }

  #apply(changes: readonly StateChange[]): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.entries.delete(key);
      else this.entries.set(key, value);
    }
  }

  /** Now and then nothing, now and then more than one entry of an index can take. */
  #nextTransactions(): readonly VerifiedTransaction[] {
    this.#openLots = this.lots.filter(({ lot }) => lot.state >= 1 && lot.state <= 4);
    this.#openDebts = this.debts.filter(({ debt }) => debt.outstanding > 0n);
    const kind = this.#dice.below(20);
    const count = kind === 0 ? 0 : kind === 1 ? 90 : 1 + this.#dice.below(5);
    const votes = this.#votes
      .splice(0, 1)
      .flatMap((proposal) => OPERATORS.map((from) => this.#sign({ from, type: 'CastVote', fields: { proposal, approve: true } })));
    return [...votes, ...this.#openedAndAnswered(), ...Array.from({ length: count }, () => this.#sign(this.#nextTry()))];
  }

  /** Now and then a request and its answer stand in one block. */
  #openedAndAnswered(): readonly VerifiedTransaction[] {
    if (!this.#dice.chance(15)) return [];
    const terms = { asset: 'MTN', amount: 9n, expiresAt: 0, memo: 'now' };
    const request = this.#sign({ from: 'alice', type: 'RequestTransfer', fields: { lot: NEW_LOT, to: addressOf('bob'), ...terms } });
    const between = this.#sign({ from: 'dave', type: 'Transfer', fields: { to: addressOf('bob'), asset: 'MTN', amount: 1n, memo: '' } });
    return [request, between, this.#sign({ from: 'bob', type: 'ConfirmTransfer', fields: { lot: request.id, revision: 0, amount: 9n } })];
  }

  #sign({ from, type, fields }: Try): VerifiedTransaction {
    const nonce = this.#nonces.get(from) ?? 0;
    this.#nonces.set(from, nonce + 1);
    const common = { from: addressOf(from), nonce, validUntil: Math.floor(this.#timestampMs / 1000) + 600, maxFee: 10n ** 15n };
    const unsigned = { type, message: { ...common, ...fields } } as unknown as UnsignedTransaction;
    const signed: SignedTransaction = signTransaction(cryptography, typedData, unsigned, keyOf(from));
    const verdict = verifyTransaction(cryptography, typedData, signed);
    assertInvariant(verdict.ok, 'what was signed is signed');
    return verdict.transaction;
  }

  #nextTry(): Try {
    const dice = this.#dice;
    const [from, other] = [dice.pick(MEMBERS), dice.pick(MEMBERS)];
    const asset = dice.pick(['mUSD', 'mUSD', 'mBOND', 'mBTC', 'MTN', 'mNEW']);
    const amount = BigInt(1 + dice.below(200));
    const nowSec = Math.floor(this.#timestampMs / 1000);
    const expiresAt = dice.chance(50) ? 0 : nowSec + 4 + dice.below(10);
    const to = addressOf(dice.chance(80) ? other : 'newcomer');
    const memo = dice.chance(30) ? `for ${dice.below(9)} cups — ${'tea '.repeat(dice.below(40))}` : '';
    switch (dice.below(26)) {
      case 0:
      case 1:
      case 2:
        return { from, type: 'Transfer', fields: { to, asset, amount, memo } };
      case 3:
      case 4:
        return { from, type: 'RequestTransfer', fields: { lot: NEW_LOT, to, asset, amount, expiresAt, memo } };
      case 5:
      case 6:
        return { from, type: 'RequestDeposit', fields: { lot: NEW_LOT, asset, amount: amount * 10n, reference: 'wire', expiresAt } };
      case 7:
        return { from: 'gateway', type: 'RequestDepositFor', fields: { owner: to, lot: NEW_LOT, asset, amount, reference: '', expiresAt } };
      case 8:
        return { from, type: 'AuthorizeDeposits', fields: { gateway: addressOf('gateway'), asset, allowed: true } };
      case 9:
      case 10: {
        const [lender, borrower] = dice.chance(50) ? [addressOf(from), to] : [to, addressOf(from)];
        const terms = { termsHash: TERMS, dueAt: nowSec + 1000, expiresAt };
        return { from, type: 'RequestCredit', fields: { lot: NEW_LOT, lender, borrower, asset, amount, ...terms } };
      }
      case 11:
        return { from, type: 'RequestWithdrawal', fields: { lot: NEW_LOT, asset, amount, destination: 'IBAN 1', expiresAt } };
      case 12:
        // Without MTN nobody could pay another fee.
        return { from, type: 'CloseHolding', fields: { asset: asset === 'MTN' ? 'mUSD' : asset, destination: 'IBAN 2' } };
      case 13:
        return dice.chance(60) ? this.#repayment() : { from: 'newcomer', type: dice.chance(50) ? 'Join' : 'Leave', fields: {} };
      case 14:
        return { from, type: 'SetAccount', fields: { autoAccept: dice.chance(50), dailyLimit: 0n } };
      case 15:
        return this.#definition();
      case 16:
        return this.#proposal();
      default:
        return this.#answer() ?? { from, type: 'Transfer', fields: { to, asset: 'MTN', amount, memo } };
    }
  }

  /** Somebody answers an open request: amends, claims, confirms in part or in full, or rejects. */
  #answer(): Try | undefined {
    const dice = this.#dice;
    if (this.#openLots.length === 0) return undefined;
    const { id: lot, lot: found } = dice.pick(this.#openLots);
    const { revision, requested, asset, state } = found;
    const nameOf = (address: Address): string => [...FUNDED].find((name) => encodeHex(addressOf(name)) === encodeHex(address)) ?? 'alice';
    const gateway = dice.pick(['gateway', 'gateway', 'gateway2']);
    const isConfirm = dice.chance(70);
    const reject = { lot, revision, reason: 'no, thank you' };
    const amount = dice.chance(60) || requested < 2n ? requested : requested / 2n;
    const externalRef = `ref-${dice.chance(95) ? this.#references++ : 0}`;
    if (state === 1) {
      if (dice.chance(15)) return { from: gateway, type: 'ClaimRequest', fields: { lot, revision } };
      if (asset === 'mBTC')
        return {
          from: gateway,
          type: 'ConfirmDeposit',
          fields: { lot, revision, amount: requested, externalRef: `mBTC ${encodeHex(lot)}` },
        };
      return isConfirm
        ? { from: 'gateway', type: 'ConfirmDeposit', fields: { lot, revision, amount, externalRef } }
        : { from: 'gateway', type: 'RejectDeposit', fields: reject };
    }
    if (state === 2) {
      const from = nameOf(found.counterparty);
      if (dice.chance(15)) {
        const change = { lot, to: found.counterparty, asset, amount: requested + 1n, expiresAt: 0, memo: 'amended' };
        return { from: nameOf(found.requester), type: 'RequestTransfer', fields: change };
      }
      return isConfirm
        ? { from, type: 'ConfirmTransfer', fields: { lot, revision, amount } }
        : { from, type: 'RejectTransfer', fields: reject };
    }
    if (state === 3) {
      const from = nameOf(found.counterparty);
      return isConfirm
        ? { from, type: 'ConfirmCredit', fields: { lot, revision, termsHash: TERMS } }
        : { from, type: 'RejectCredit', fields: reject };
    }
    return isConfirm
      ? { from: gateway, type: 'ConfirmWithdrawal', fields: { lot, revision, externalRef } }
      : { from: gateway, type: 'RejectWithdrawal', fields: reject };
  }

  #repayment(): Try {
    const debt = this.#dice.pick([...this.#openDebts, undefined]);
    const borrower = MEMBERS.find((name) => debt !== undefined && encodeHex(addressOf(name)) === encodeHex(debt.debt.borrower));
    return { from: borrower ?? 'alice', type: 'RepayCredit', fields: { debt: debt?.id ?? NEW_LOT, amount: 3n } };
  }

  #definition(): Try {
    const asset = `mNEW${this.#dice.chance(50) ? '' : this.#dice.below(9)}`;
    const gateways = [addressOf('gateway')];
    const rules = { decimals: 2, gateways, threshold: 1, minLevel: 0, transferMode: this.#dice.pick(['IMMEDIATE', 'CONFIRMED']) };
    return { from: 'gateway', type: 'DefineAsset', fields: { asset, name: 'New', ...rules } };
  }

  #proposal(): Try {
    const dice = this.#dice;
    const from = dice.pick(OPERATORS);
    const activationHeight = this.blocks.length + 4 + dice.below(6);
    if (dice.chance(50)) {
      const value = String(dice.chance(50) ? 1003 : 900 + dice.below(200));
      return { from, type: 'ProposeParameter', fields: { name: 'feePerTransaction', value, activationHeight } };
    }
    const index = dice.below(6);
    const { publicKey, possession } = validatorOf(index);
    const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.slice(2), 'hex'));
    const power = dice.pick([0, 3, 6, 9]);
    const node = { operator: addressOf(`operator${index}`), peerId: `peer${dice.below(9)}`, addresses: '' };
    const fields = { publicKey: bytes(publicKey), power, ...node, possession: bytes(possession), activationHeight };
    return { from, type: dice.chance(50) ? 'ProposeValidator' : 'ProposeValidatorUnguarded', fields };
  }
}
