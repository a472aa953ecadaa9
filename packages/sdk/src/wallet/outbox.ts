import type { ReceiptJson } from '@mutual-chain/rpc/contract';
import { remedyOf } from '../remedies.ts';
import { Entry, type SignedEntry } from './entry.ts';
import { type AccountNonces, NonceLine } from './nonce-line.ts';
import type { Operation, Outcome, SendOptions } from './operation.ts';

/** Why a node does not take a transaction. */
export type RefusalOfNode = { readonly code: string; readonly message: string; readonly field: string | undefined };

/** What a node answered about one transaction. */
export type Finding =
  | { readonly status: 'pending' | 'expired' | 'rejected' | 'unknown' }
  /** Nulls when the node knows only that a block had it. */
  | { readonly status: 'committed'; readonly height: number | null; readonly index: number | null; readonly receipt: ReceiptJson | null };

/** What one node answered in one request, in the order of these fields. */
export type Observation = AccountNonces & {
  /** Of its last block. */
  readonly height: number;
  /** Time of that block, unix seconds. */
  readonly timeSec: number;
  readonly earliestHeight: number;
  /** Of the node. */
  readonly url?: string;
  /** By id. */
  readonly findings: ReadonlyMap<string, Finding>;
};

/** Most operations that are signed and have not ended, and most that are kept in all. */
export type OutboxLimits = { readonly windowMax: number; readonly queueMax: number };

/** A node may take it later, and another one perhaps now. */
function isRefusedForNow(code: string): boolean {
  return code.startsWith('MEMPOOL_') || REFUSED_FOR_NOW.has(code);
}

const REFUSED_FOR_NOW: ReadonlySet<string> = new Set(['NONCE_TOO_HIGH', 'SERVER_BUSY', 'NOT_READY']);
/** Another transaction of the account has the nonce. */
const NONCE_LOST: ReadonlySet<string> = new Set(['NONCE_TOO_LOW', 'NONCE_TAKEN']);

/** How often an operation gives way to other programs with the same key. */
const NONCES_LOST_MAX = 8;
/** How often an operation is signed again because the fee has risen. */
const FEES_TOO_LOW_MAX = 3;

/**
 * The operations of one account on their way into blocks: what to sign, what to send, what to ask, and what follows from the answers. Knows
 * no node and no clock.
 *
 * - An operation is signed again with **another nonce** only when the signed transaction before it can be in no block any more, or no node has
 *   taken it: it was never sent, or every node that has seen it refused it. After an answer that never came it keeps its nonce until the chain
 *   has decided. So no operation is in two blocks.
 * - An operation ends only when a block has it, when the chain has passed its time or its nonce, or when it was refused and no node can have it.
 *   So none is lost.
 * - Operations are signed in the order in which they were handed in, always with the lowest nonce that is free: what a refusal or an expiry left
 *   empty is filled first, because everything after it waits for it.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #nonces = new NonceLine();
  /** Those to be signed, in the order in which they were handed in. */
  readonly #waiting: Entry[] = [];
  /** The one that is being signed. */
  #signing: Entry | undefined;
  /** Those that are signed and have not ended. */
  readonly #signed = new Set<Entry>();
  #sequence = 0;
  #timeSec = 0;
  #height = 0;
  /** Whether the fee may have changed since the parameters were read. */
  feeMayHaveChanged = false;

  constructor(limits: OutboxLimits) {
    this.#limits = limits;
  }

  /** How many operations have not ended. */
  get size(): number {
    return this.#waiting.length + this.#signed.size + (this.#signing === undefined ? 0 : 1);
  }

  get isFull(): boolean {
    return this.size >= this.#limits.queueMax;
  }

  /** Time of the last block that was heard of, unix seconds. */
  get timeSec(): number {
    return this.#timeSec;
  }

  /** Height of the last block that was heard of. */
  get height(): number {
    return this.#height;
  }

  /** Those that have not ended. */
  get entries(): readonly Entry[] {
    return [...this.#signed, ...(this.#signing === undefined ? [] : [this.#signing]), ...this.#waiting];
  }

  /** Takes in an operation. */
  add(operation: Operation, options: SendOptions): Entry {
    this.#sequence += 1;
    const entry = new Entry(this.#sequence, operation, options);
    this.#waiting.push(entry);
    return entry;
  }

  /** Takes in an operation that was signed, and perhaps sent, by an earlier run. */
  adopt(operation: Operation, signed: SignedEntry): Entry {
    this.#sequence += 1;
    const entry = new Entry(this.#sequence, operation, {});
    this.signedAs(entry, signed);
    entry.exposure = 'uncertain';
    this.#nonces.adopt(signed.transaction.message.nonce);
    return entry;
  }

  /** Whether an operation can be signed now. */
  get canSign(): boolean {
    return this.#waiting.length > 0 && this.#signed.size < this.#limits.windowMax;
  }

  /** The next operation to be signed, with its nonce; `signedAs` or `notSigned` has to follow. undefined when there is none, or no room. */
  takeToSign(): { readonly entry: Entry; readonly nonce: number } | undefined {
    const entry = this.canSign ? this.#waiting.shift() : undefined;
    if (entry === undefined) return undefined;
    this.#signing = entry;
    return { entry, nonce: this.#nonces.take() };
  }

  /** The operation is signed. */
  signedAs(entry: Entry, signed: SignedEntry): void {
    this.#signing = undefined;
    entry.sign(signed);
    this.#signed.add(entry);
  }

  /** The operation was not signed. */
  notSigned(entry: Entry, nonce: number, refusal: RefusalOfNode): void {
    this.#signing = undefined;
    this.#nonces.release(nonce);
    this.#end(entry, rejected(entry, refusal));
  }

  /** Signed transactions that a node has to be given, in the order of their nonces. */
  toSend(): readonly Entry[] {
    return this.#byNonce().filter(({ shouldSend }) => shouldSend);
  }

  /** A node has taken it: the one at the URL. */
  taken(entry: Entry, url?: string): void {
    if (entry.signed !== undefined) entry.admit(entry.signed.id, url);
  }

  /** A node has seen it and does not take it. */
  refused(entry: Entry, refusal: RefusalOfNode): void {
    const { signed } = entry;
    if (signed === undefined) return;
    if (!entry.isMovable) {
      // Some node may have it all the same: the chain decides.
      entry.shouldSend = false;
      return;
    }
    entry.exposure = 'refused';
    if (isRefusedForNow(refusal.code)) return;
    const { nonce, validUntil } = signed.transaction.message;
    if (NONCE_LOST.has(refusal.code)) {
      this.#nonces.lost(nonce);
      this.#signAgainOrEnd(entry, refusal);
      return;
    }
    this.#nonces.release(nonce);
    if (refusal.code === 'FEE_TOO_LOW' && entry.options.maxFee === undefined && entry.feesTooLow < FEES_TOO_LOW_MAX) {
      entry.feesTooLow += 1;
      this.feeMayHaveChanged = true;
      this.#signAgain(entry);
      return;
    }
    const isExpired = refusal.code === 'EXPIRED' && validUntil <= this.#timeSec;
    this.#end(entry, isExpired ? { status: 'expired', id: signed.id } : rejected(entry, refusal));
  }

  /** It was sent, and whether a node has it is not known. */
  unanswered(entry: Entry): void {
    if (entry.isMovable) entry.exposure = 'uncertain';
  }

  /** Ids to ask a node about, at most `countMax`, those with the lowest nonces first. */
  toAsk(countMax: number): readonly string[] {
    return this.#byNonce()
      .filter(({ isMovable }) => !isMovable)
      .slice(0, countMax)
      .flatMap(({ signed }) => (signed === undefined ? [] : [signed.id]));
  }

  /** Takes in what a node answered. False when the node cannot know what became of something, because it lacks the blocks: ask another one. */
  observed(observation: Observation): boolean {
    this.#height = Math.max(this.#height, observation.height);
    this.#timeSec = Math.max(this.#timeSec, observation.timeSec);
    this.#nonces.observed(observation);
    let isConclusive = true;
    for (const entry of this.#byNonce()) if (!this.#judge(entry, observation)) isConclusive = false;
    this.#closeGaps();
    return isConclusive;
  }

  /**
   * Takes transactions back that nobody has, where they stand above a free nonce, or before an operation that was handed in earlier and has to be
   * signed again: they are signed again after it, from the lowest nonce on.
   */
  #closeGaps(): void {
    const { lowestFree } = this.#nonces;
    const first = this.#waiting[0]?.sequence ?? Number.POSITIVE_INFINITY;
    for (const entry of this.#byNonce()) {
      const { nonce } = (entry.signed as SignedEntry).transaction.message;
      if (!entry.isMovable || (nonce < lowestFree && entry.sequence < first)) continue;
      this.#nonces.release(nonce);
      this.#signAgain(entry);
    }
  }

  /** What follows from the answers for one of them. False when the node lacks the blocks that would say. */
  #judge(entry: Entry, { findings, nonce: accountNonce, timeSec, earliestHeight, url }: Observation): boolean {
    const { id, height, transaction } = entry.signed as SignedEntry;
    const { nonce, validUntil } = transaction.message;
    const finding = entry.isMovable ? undefined : findings.get(id);
    if (entry.isMovable && validUntil <= timeSec) this.#expire(entry, nonce, id);
    else if (finding?.status === 'committed') {
      this.#nonces.used(nonce);
      this.#end(entry, { ...finding, id });
    } else if (finding?.status === 'pending') entry.admit(id, url);
    else if (finding?.status === 'expired') this.#expire(entry, nonce, id);
    else if (finding?.status === 'rejected') this.#nonceUsed(entry);
    else if (finding?.status === 'unknown') {
      // The node read the account before it looked for the transaction, so a nonce that was used is used by a block that it had then.
      if (accountNonce > nonce) {
        if (earliestHeight > height + 1) return false;
        // Asked twice: a node that wrote the index of a block after its state would be wrong for a moment, and a payment made twice.
        if (entry.isMissing) this.#nonceUsed(entry);
        else entry.isMissing = true;
      } else if (validUntil <= timeSec) this.#expire(entry, nonce, id);
      else entry.shouldSend = true;
    }
    return true;
  }

  /** Another transaction with its nonce is in a block. */
  #nonceUsed(entry: Entry): void {
    const { message } = (entry.signed as SignedEntry).transaction;
    this.#nonces.used(message.nonce);
    const refusal = { code: 'NONCE_USED', message: 'another transaction of the account has taken the nonce', field: 'nonce' };
    // Whoever was told that it is admitted may have used its id: it is not signed again behind his back.
    if (entry.exposure === 'admitted') this.#end(entry, rejected(entry, refusal));
    else this.#signAgainOrEnd(entry, refusal);
  }

  #signAgainOrEnd(entry: Entry, refusal: RefusalOfNode): void {
    entry.noncesLost += 1;
    if (entry.noncesLost > NONCES_LOST_MAX) this.#end(entry, rejected(entry, refusal));
    else this.#signAgain(entry);
  }

  #signAgain(entry: Entry): void {
    this.#signed.delete(entry);
    entry.signed = undefined;
    this.#waiting.push(entry);
    this.#waiting.sort((left, right) => left.sequence - right.sequence);
  }

  #expire(entry: Entry, nonce: number, id: string): void {
    this.#nonces.release(nonce);
    this.#end(entry, { status: 'expired', id });
  }

  #end(entry: Entry, outcome: Outcome): void {
    this.#signed.delete(entry);
    entry.end(outcome);
  }

  /** Those that are signed, in the order of their nonces. */
  #byNonce(): readonly Entry[] {
    const nonceOf = ({ signed }: Entry): number => signed?.transaction.message.nonce ?? 0;
    return [...this.#signed].sort((left, right) => nonceOf(left) - nonceOf(right));
  }
}

function rejected({ lastSigned }: Entry, { code, message, field }: RefusalOfNode): Outcome {
  return { status: 'rejected', id: lastSigned?.id, code, field, message, remedy: remedyOf(code) };
}
