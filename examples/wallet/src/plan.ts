import {
  type Bytes32,
  type CommonFields,
  createTypedData,
  referenceCryptography as cryptography,
  encodeTransaction,
  type GenesisHash,
  type ResultCode,
  type SignedTransaction,
  signSponsorFee,
  signTransaction,
  type TransactionMessage,
  type TransactionType,
  type TypedData,
  transactionIdOf,
  transactionToJson,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';
import { type AccountName, addressOf, keyPairOfAccount } from './accounts.ts';
import { mtn } from './money.ts';

/** Fields of a transaction type without the four that every type has; those the plan fills in. */
export type OwnFields<Type extends TransactionType> = Omit<TransactionMessage<Type>, keyof CommonFields>;

/** A block as planned. `title` and `text` open a chapter of the story. */
export type PlannedBlock = {
  readonly height: number;
  readonly timestampMs: number;
  readonly title?: string;
  readonly text?: string;
};

/** A signed transaction in its JSON form, the block it belongs to, and what the wallet expects of it. */
export type PlannedTransaction = {
  readonly height: number;
  /** Why it is worth a look; without it the transaction is one of many. */
  readonly note?: string;
  readonly expected: ResultCode;
  readonly transaction: unknown;
};

/** What the wallet says about a transaction besides its message, and where it departs from what it should be. */
export type Sending = {
  readonly note?: string;
  /** `OK` when absent. */
  readonly expected?: ResultCode;
  /** Who pays the fee in the sender's place. */
  readonly sponsor?: AccountName;
  readonly maxFee?: bigint;
  readonly validUntil?: number;
  /** Added to the nonce that is due; such a transaction uses none up. */
  readonly nonceAhead?: number;
  /** Changes the message after it was signed. */
  readonly forged?: (json: Record<string, unknown>) => Record<string, unknown>;
};

/** How long a signed transaction stands, seconds after the time of its block. */
const VALID_SEC = 600;

/** Most that a sender is ready to pay for a transaction. */
const MAX_FEE = mtn('0.1');

/** Codes of transactions that no block takes: they use up no nonce. */
const LEFT_OUT: readonly ResultCode[] = [
  'BAD_SIGNATURE',
  'EXPIRED',
  'NONCE_TOO_LOW',
  'NONCE_TOO_HIGH',
  'FEE_TOO_LOW',
  'INSUFFICIENT_FEE_BALANCE',
];

/** 32 zero bytes: a request that opens a lot. */
export const NEW_LOT: Bytes32 = new Uint8Array(32) as Bytes32;

/**
 * The wallet's plan of a chain: which transactions stand in which block, and when. The times of blocks are planned, not read from a
 * clock, and signatures have no randomness (RFC 6979): the same plan gives the same bytes on every machine.
 */
export class Plan {
  readonly blocks: PlannedBlock[] = [];
  readonly transactions: PlannedTransaction[] = [];
  readonly #typedData: TypedData;
  readonly #nonces: Map<AccountName, number> = new Map();
  #timestampMs: number;

  constructor(chainId: number, genesisHash: GenesisHash, genesisTimeMs: number) {
    this.#typedData = createTypedData(cryptography, { chainId, genesisHash });
    this.#timestampMs = genesisTimeMs;
  }

  /** Time of the block being planned, unix seconds. */
  get nowSec(): number {
    return Math.floor(this.#timestampMs / 1000);
  }

  /** Height of the block being planned. */
  get height(): number {
    return this.blocks.length;
  }

  /** Opens the next block, some seconds after the last. */
  block(stepSec = 2): void {
    this.#open(stepSec, {});
  }

  /** Opens the next block and with it a chapter of the story. */
  chapter(title: string, text: string, stepSec = 2): void {
    this.#open(stepSec, { title, text });
  }

  /** Opens the next block at this time, unix seconds. */
  blockAt(sec: number): void {
    this.#open(sec - this.nowSec, {});
  }

  /** Signs a transaction for the block being planned; answers with its id, which is also the id of the lot it opens. */
  send<Type extends TransactionType>(name: AccountName, type: Type, fields: OwnFields<Type>, sending: Sending = {}): Bytes32 {
    const expected = sending.expected ?? 'OK';
    const due = this.#nonces.get(name) ?? 0;
    const message = {
      from: addressOf(name),
      nonce: due + (sending.nonceAhead ?? 0),
      validUntil: sending.validUntil ?? this.nowSec + VALID_SEC,
      maxFee: sending.maxFee ?? MAX_FEE,
      ...fields,
    };
    const unsigned = { type, message } as unknown as UnsignedTransaction;
    let signed: SignedTransaction = signTransaction(cryptography, this.#typedData, unsigned, keyPairOfAccount(name).privateKey);
    if (sending.sponsor !== undefined) {
      signed = signSponsorFee(cryptography, this.#typedData, signed, keyPairOfAccount(sending.sponsor).privateKey);
    }
    if (!LEFT_OUT.includes(expected)) this.#nonces.set(name, due + 1);
    const json = transactionToJson(signed) as unknown as Record<string, unknown>;
    this.transactions.push({
      height: this.height,
      ...(sending.note === undefined ? {} : { note: sending.note }),
      expected,
      transaction: sending.forged === undefined ? json : sending.forged(json),
    });
    return transactionIdOf(cryptography, encodeTransaction(signed)) as Uint8Array as Bytes32;
  }

  #open(stepSec: number, opening: { readonly title?: string; readonly text?: string }): void {
    this.#timestampMs += stepSec * 1000;
    this.blocks.push({ height: this.blocks.length + 1, timestampMs: this.#timestampMs, ...opening });
  }
}
