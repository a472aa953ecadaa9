import { type Address, type BlockHash, equalBytes, RESULT_CODES, type ResultCode, type TransactionId } from '@mutual-chain/protocol';
import { AccountQueue, type Entry } from './account-queue.ts';
import { accountShare, fullPercent } from './account-share.ts';
import { keyOf } from './byte-key.ts';
import { type CandidateLimits, chooseCandidates } from './choose-candidates.ts';
import { EndedTransactions, type RememberedEnd } from './ended-transactions.ts';
import { ExpiryBuckets } from './expiry-buckets.ts';
import { FeeReservations } from './fee-reservations.ts';
import { MEMPOOL_LIMITS, type MempoolLimits } from './limits.ts';
import type { AdmissionOutcome, EndedChange, EndStatus, MempoolChange, MempoolStatus, ScreenOutcome } from './outcome.ts';
import { type Parked, ParkedTransactions } from './parked-transactions.ts';
import { PendingVerifications } from './pending-verifications.ts';
import { Pins } from './pins.ts';
import type { CommittedTransaction, FeeDue, MempoolLedger, MempoolTip, PoolTransaction, Source } from './pool-transaction.ts';
import { type AdmissionCode, ledgerRefusal, type Refusal, refusalOf } from './refusal.ts';

/** What a mempool is made of. */
export type MempoolOptions<Candidate extends PoolTransaction> = {
  readonly ledger: MempoolLedger<Candidate>;
  readonly tip: MempoolTip;
  readonly limits?: MempoolLimits;
};

/** A block that was committed; the ledger's answers are already those after it. */
export type CommittedForMempool = {
  readonly height: number;
  readonly tip: MempoolTip;
  readonly transactions: readonly CommittedTransaction[];
};

/** How much there is of everything that grows. */
export type MempoolSizes = {
  readonly transactions: number;
  readonly bytes: number;
  readonly parked: number;
  /** Promised before a restart, while another admitted transaction has their nonce. */
  readonly overtaken: number;
  readonly accounts: number;
  /** Accounts with something to offer to a block. */
  readonly readyAccounts: number;
  /** Accounts whose next transactions cannot pay their fees at present. */
  readonly heldAccounts: number;
  readonly payers: number;
  readonly verifying: number;
  readonly pinnedBlocks: number;
  readonly ended: number;
};

type Admission<Verified> = { readonly outcome: AdmissionOutcome; readonly changes: readonly MempoolChange<Verified>[] };
type Judgement = { readonly type: 'fits' } | { readonly type: 'known' } | { readonly type: 'refused'; readonly refusal: Refusal };

/** Where transactions come from that this node had admitted before it was restarted. */
const JOURNAL: Source = { kind: 'journal', name: '' };
const FITS: Judgement = { type: 'fits' };
const PENDING: MempoolStatus = { status: 'pending' };
const LAST_INCLUSION_CODE = RESULT_CODES.indexOf('INSUFFICIENT_FEE_BALANCE');

/**
 * The transactions that wait for a block.
 *
 * - An admitted transaction stays until a block has it, another transaction took its nonce, or it expired. Nothing else removes it, and none
 *   replaces another: what has no room is refused.
 * - A transaction whose nonce leaves a gap is parked for a while; it is no admitted one.
 * - What was promised before a restart has a place, whatever the limits are. If another admitted transaction has its nonce, it waits for what becomes of
 *   that one.
 * - Whatever is refused gets a code, the field and what to do.
 *
 * Deterministic, without a clock and without promises: the same calls with the same answers of the ledger give the same results. `Verified` is
 * what whoever verified the signatures vouches for.
 */
export class Mempool<Candidate extends PoolTransaction, Verified extends Candidate> {
  readonly #ledger: MempoolLedger<Candidate>;
  readonly #limits: MempoolLimits;
  readonly #entries = new Map<string, Entry<Verified>>();
  readonly #accounts = new Map<string, AccountQueue<Verified>>();
  /** Those with something to offer, whoever waits longest for a place in a block first. */
  readonly #ready = new Map<string, AccountQueue<Verified>>();
  /** Those set aside, whoever was looked at longest ago first. */
  readonly #held = new Map<string, AccountQueue<Verified>>();
  readonly #parked: ParkedTransactions<Verified>;
  /** Promised before a restart; another admitted transaction has the nonce. */
  readonly #overtaken = new Map<string, Verified>();
  readonly #pins: Pins;
  readonly #fees = new FeeReservations();
  readonly #expiry = new ExpiryBuckets();
  readonly #verifying: PendingVerifications;
  readonly #ended: EndedTransactions;
  #tip: MempoolTip;
  #bytes = 0;

  constructor({ ledger, tip, limits = MEMPOOL_LIMITS }: MempoolOptions<Candidate>) {
    this.#ledger = ledger;
    this.#limits = limits;
    this.#tip = tip;
    this.#pins = new Pins(limits.pinnedBlocksMax);
    this.#parked = new ParkedTransactions(limits, (key) => this.#pins.isPinned(key));
    this.#verifying = new PendingVerifications(limits);
    this.#ended = new EndedTransactions(limits);
  }

  get sizes(): MempoolSizes {
    return {
      transactions: this.#entries.size,
      bytes: this.#bytes,
      parked: this.#parked.size,
      overtaken: this.#overtaken.size,
      accounts: this.#accounts.size,
      readyAccounts: this.#ready.size,
      heldAccounts: this.#held.size,
      payers: this.#fees.size,
      verifying: this.#verifying.size,
      pinnedBlocks: this.#pins.size,
      ended: this.#ended.size,
    };
  }

  /** Whether a transaction is here: admitted, overtaken or parked. */
  isKnown(id: TransactionId): boolean {
    const key = keyOf(id);
    return this.#isWaiting(key) || this.#parked.find(key) !== undefined;
  }

  /**
   * Says whether a transaction is worth the verification of its signatures.
   *
   * What peers send is first held against everything that costs less. A client is told the first code in the documented order, in which the
   * signature comes before all that depends on the state, so for him only what is known and what has no room ends here.
   */
  screen(candidate: Candidate, source: Source): ScreenOutcome {
    if (this.isKnown(candidate.id)) return { type: 'known' };
    if (this.#verifying.has(candidate)) return { type: 'verifying' };
    if (source.kind === 'peer') {
      const judgement = this.#judge(candidate, source);
      if (judgement.type !== 'fits') return judgement;
    }
    const crowded = this.#crowded(candidate);
    if (crowded !== undefined) return refused(crowded);
    return this.#verifying.begin(candidate, source) ? { type: 'verify' } : refused('MEMPOOL_BUSY');
  }

  /** The signatures of a screened transaction are not good, or nobody could tell. */
  verificationFailed(candidate: Candidate): void {
    this.#verifying.end(candidate);
  }

  /**
   * Takes a verified transaction, with the parked ones that it lets in. Everything is checked again, because time has passed since it was screened,
   * unless `screenedNow` says that nothing at all has happened since.
   */
  admit(transaction: Verified, source: Source, nowMs: number, screenedNow = false): Admission<Verified> {
    this.#verifying.end(transaction);
    // All that has been asked about what a client sends is whether there is room.
    if (!(screenedNow && source.kind === 'peer')) {
      if (this.isKnown(transaction.id)) return without({ type: 'known' });
      const judgement = this.#judge(transaction, source);
      if (judgement.type !== 'fits') return without(judgement);
      const crowded = this.#crowded(transaction);
      if (crowded !== undefined) return without(refused(crowded));
    }
    const { from, nonce } = transaction.message;
    if (nonce > this.pendingNonce(from)) return this.#park(transaction, source, nowMs + this.#limits.parkedTtlMs);
    const admitted = this.#add(transaction, source);
    return { outcome: { type: 'admitted' }, changes: [admitted, ...this.#promote(from)] };
  }

  /**
   * Takes back what this node had promised before it was restarted. Only time and a block can keep it out: those that ended meanwhile come back as `ended`.
   * The limits do not hold for it, a parked transaction gives way to it, and where an admitted one has its nonce, it is pending until that one has ended.
   */
  restore(transaction: Verified): readonly MempoolChange<Verified>[] {
    const key = keyOf(transaction.id);
    if (this.#isWaiting(key)) return [];
    const ended = this.endMeanwhile(transaction);
    if (ended !== undefined) return [ended];
    const parked = this.#parked.find(key);
    if (parked !== undefined) this.#parked.remove(parked);
    if (this.#hasPlaceFor(transaction)) return this.#reinstate(transaction);
    this.#overtaken.set(key, transaction);
    return [];
  }

  /**
   * Ends a transaction that this node had promised before it was restarted and that cannot go on waiting; undefined when it can. Needs no signature:
   * nothing is admitted.
   */
  endMeanwhile({ id, message }: Candidate): EndedChange | undefined {
    const key = keyOf(id);
    if (this.#isWaiting(key)) return undefined;
    const status = this.#endStatusOf(id, message);
    if (status === undefined) return undefined;
    const parked = this.#parked.find(key);
    if (parked !== undefined && !this.#pins.isPinned(key)) this.#parked.remove(parked);
    return this.#noteEnd(id, JOURNAL, status);
  }

  /** Status of a transaction that this node had promised before it was restarted and that has not been restored; undefined when a block has it. */
  statusOfPromised({ id, message }: Candidate): MempoolStatus | undefined {
    const status = this.#endStatusOf(id, message);
    if (status === undefined) return PENDING;
    return status === 'committed' ? undefined : statusOfEnd(status);
  }

  /** Remembers how a transaction had ended before this node was restarted, at a block time in unix seconds; earliest first. */
  restoreEnd(id: TransactionId, status: RememberedEnd, timeSec: number): void {
    this.#ended.note(id, status, timeSec);
  }

  /**
   * Takes back an admitted transaction that was promised to nobody, because it could not be made durable. False when it is not here, or a prevoted
   * block has it.
   */
  withdraw(id: TransactionId): boolean {
    const key = keyOf(id);
    const entry = this.#entries.get(key);
    if (entry === undefined || this.#pins.isPinned(key)) return false;
    const { from, nonce } = entry.transaction.message;
    this.#accounts.get(keyOf(from))?.remove(nonce);
    this.#forget(entry);
    this.#placeReady(keyOf(from));
    return true;
  }

  /** Drops what was parked for too long. To be called at `nextDeadlineMs`. */
  dropOverdue(nowMs: number): readonly MempoolChange<Verified>[] {
    const overdue = this.#parked.due(nowMs, nowMs + this.#limits.parkedTtlMs);
    return overdue.map((parked) => this.#drop(parked, 'NONCE_TOO_HIGH'));
  }

  /** When the next parked transaction has waited long enough, ms, if any waits. */
  get nextDeadlineMs(): number | undefined {
    return this.#parked.nextDeadlineMs;
  }

  /** A block is committed: what it has is done, what it made impossible or too late ends, and what it let in is admitted. */
  committed({ height, tip, transactions }: CommittedForMempool): readonly MempoolChange<Verified>[] {
    this.#tip = tip;
    this.#pins.releaseUntil(height);
    const included = new Set(transactions.map(({ id }) => keyOf(id)));
    const senders = new Map(transactions.map(({ message }) => [keyOf(message.from), message.from]));
    const changes: MempoolChange<Verified>[] = [];
    for (const [key, sender] of senders) changes.push(...this.#advance(key, sender, included));
    changes.push(...this.#expire(), ...this.#recheckOvertaken());
    for (const sender of senders.values()) changes.push(...this.#promote(sender));
    this.#recheckHeld();
    this.#ended.forgetUntil(tip.timeSec);
    return changes;
  }

  /** Whether `candidates` would yield anything. */
  get hasCandidates(): boolean {
    return this.#ready.size > 0;
  }

  /** Transactions for a block: of each account without a gap from its next nonce on, and fair between accounts. */
  candidates(limits: CandidateLimits): readonly Verified[] {
    return chooseCandidates(this.#ready.values(), limits);
  }

  /**
   * A block that was built left this candidate out, with that code. One that cannot pay its fee is offered again when it can; others stay as
   * they are, because time or the nonces before them settle it.
   */
  setAside(id: TransactionId, code: ResultCode): void {
    const entry = this.#entries.get(keyOf(id));
    if (entry === undefined || (code !== 'FEE_TOO_LOW' && code !== 'INSUFFICIENT_FEE_BALANCE')) return;
    const { from, nonce } = entry.transaction.message;
    const account = this.#accounts.get(keyOf(from));
    account?.holdFrom(nonce);
    if (account !== undefined) this.#held.set(keyOf(from), account);
    this.#placeReady(keyOf(from));
  }

  /**
   * Keeps the transactions of a block that are here until its height is committed, whatever their time: this node prevoted it. False when too
   * many blocks are pinned; then whoever pins has to keep the body.
   */
  pin(height: number, blockHash: BlockHash, ids: readonly TransactionId[]): boolean {
    return this.#pins.pin(
      height,
      blockHash,
      ids.filter((id) => this.isKnown(id)),
    );
  }

  /** A transaction that is here: admitted, overtaken or parked. */
  find(id: TransactionId): Verified | undefined {
    const key = keyOf(id);
    return this.#overtaken.get(key) ?? (this.#entries.get(key) ?? this.#parked.find(key))?.transaction;
  }

  /** As `find`, but only if all of its bytes are the same: the id does not cover the sponsor, so it does not vouch for his signature. */
  findSame(id: TransactionId, raw: Uint8Array): Verified | undefined {
    const found = this.find(id);
    return found !== undefined && equalBytes(found.bytes, raw) ? found : undefined;
  }

  /** Nonce for the next transaction of an account: the lowest that neither a block nor an admitted transaction has. */
  pendingNonce(address: Address): number {
    return this.#accounts.get(keyOf(address))?.next ?? this.#ledger.nonceOf(address);
  }

  /** Status of a transaction that was admitted or promised here; undefined when it is not known, or a block has it. */
  statusOf(id: TransactionId): MempoolStatus | undefined {
    if (this.#isWaiting(keyOf(id))) return PENDING;
    const status = this.#ended.find(id);
    return status === undefined ? undefined : statusOfEnd(status);
  }

  /** Whether a transaction waits here until it ends: admitted or overtaken. */
  #isWaiting(key: string): boolean {
    return this.#entries.has(key) || this.#overtaken.has(key);
  }

  /** What keeps a transaction out besides its signatures and lack of room, the first in the documented order. */
  #judge(candidate: Candidate, source: Source): Judgement {
    const { from, nonce, validUntil } = candidate.message;
    const { timeSec, validUntilWindowSec } = this.#tip;
    // A client that asks again is told what became of it; what peers repeat is not worth a look at the disk.
    const isRepeated = nonce < this.#baseOf(from);
    if (isRepeated && source.kind === 'client' && this.#ledger.isCommitted(candidate.id)) return { type: 'known' };
    if (validUntil <= timeSec || validUntil > timeSec + validUntilWindowSec) return refused('EXPIRED');
    if (isRepeated) return refused('NONCE_TOO_LOW');
    if (nonce > this.pendingNonce(from) + this.#limits.nonceAheadMax) return refused('NONCE_TOO_HIGH');
    if (this.#isTaken(candidate)) return refused('NONCE_TAKEN');
    const code = this.#ledgerCode(candidate);
    return code === 'OK' ? FITS : { type: 'refused', refusal: ledgerRefusal(code) };
  }

  /** Whether another transaction that is here has this account and nonce. */
  #isTaken({ id, message: { from, nonce } }: PoolTransaction): boolean {
    const key = keyOf(from);
    const other = (this.#accounts.get(key)?.at(nonce) ?? this.#parked.at(key, nonce))?.transaction;
    return other !== undefined && !equalBytes(other.id, id);
  }

  /** What the ledger says, given that the payer has to pay for what was admitted before as well. */
  #ledgerCode(candidate: Candidate): ResultCode {
    const code = this.#ledger.check(candidate);
    if (code !== 'OK' && RESULT_CODES.indexOf(code) <= LAST_INCLUSION_CODE) return code;
    const { fee, payer } = this.#ledger.feeDue(candidate);
    const reserved = this.#fees.of(payer);
    const isShort = fee > 0n && reserved > 0n && this.#ledger.feeBalanceOf(payer) < reserved + fee;
    return isShort ? 'INSUFFICIENT_FEE_BALANCE' : code;
  }

  /** Why there is no room for a transaction, if there is none. */
  #crowded({ bytes, message: { from, nonce } }: PoolTransaction): AdmissionCode | undefined {
    const key = keyOf(from);
    if (nonce > this.pendingNonce(from)) {
      if (this.#parked.roomFor(key) !== 'none') return undefined;
      return this.#parked.countOf(key) >= this.#limits.parkedPerAccountMax ? 'MEMPOOL_ACCOUNT_FULL' : 'MEMPOOL_FULL';
    }
    if (this.#isFullFor({ bytes })) return 'MEMPOOL_FULL';
    const { transactionsMax, bytesMax } = this.#limits;
    const percent = fullPercent(this.#entries.size + 1, transactionsMax, this.#bytes + bytes.length, bytesMax);
    return (this.#accounts.get(key)?.size ?? 0) < accountShare(percent) ? undefined : 'MEMPOOL_ACCOUNT_FULL';
  }

  #isFullFor({ bytes }: Pick<PoolTransaction, 'bytes'>): boolean {
    return this.#entries.size >= this.#limits.transactionsMax || this.#bytes + bytes.length > this.#limits.bytesMax;
  }

  #baseOf(address: Address): number {
    return this.#accounts.get(keyOf(address))?.base ?? this.#ledger.nonceOf(address);
  }

  #add(transaction: Verified, source: Source): MempoolChange<Verified> {
    const { id, bytes, message } = transaction;
    const due = this.#ledger.feeDue(transaction);
    const entry = { transaction, source, due };
    const key = keyOf(message.from);
    const account = this.#accounts.get(key) ?? new AccountQueue<Verified>(message.from, this.#ledger.nonceOf(message.from));
    this.#accounts.set(key, account);
    account.add(entry);
    this.#entries.set(keyOf(id), entry);
    this.#bytes += bytes.length;
    this.#fees.reserve(due);
    this.#expiry.add(keyOf(id), message.validUntil);
    this.#placeReady(key);
    return { type: 'admitted', transaction, source };
  }

  /** Ends an admitted transaction that its account has let go of already. */
  #end(entry: Entry<Verified>, status: EndStatus): MempoolChange<Verified> {
    const { id } = entry.transaction;
    this.#forget(entry);
    return this.#noteEnd(id, entry.source, status);
  }

  #noteEnd(id: TransactionId, source: Source, status: EndStatus): EndedChange {
    if (status !== 'committed') this.#ended.note(id, status, this.#tip.timeSec);
    return { type: 'ended', id, source, status };
  }

  #forget({ transaction: { id, bytes, message }, due }: Entry<Verified>): void {
    this.#entries.delete(keyOf(id));
    this.#bytes -= bytes.length;
    this.#fees.release(due);
    this.#expiry.remove(keyOf(id), message.validUntil);
  }

  #endStatusOf(id: TransactionId, { from, nonce, validUntil }: PoolTransaction['message']): EndStatus | undefined {
    if (this.#ledger.isCommitted(id)) return 'committed';
    if (nonce < this.#baseOf(from)) return 'rejected';
    return validUntil <= this.#tip.timeSec ? 'expired' : undefined;
  }

  #park(transaction: Verified, source: Source, deadlineMs: number): Admission<Verified> {
    const room = this.#parked.roomFor(keyOf(transaction.message.from));
    const changes = typeof room === 'string' ? [] : [this.#drop(room.insteadOf, 'MEMPOOL_FULL')];
    this.#parked.add({ transaction, source, deadlineMs });
    return { outcome: { type: 'parked', untilMs: deadlineMs }, changes };
  }

  #drop(parked: Parked<Verified>, code: AdmissionCode): MempoolChange<Verified> {
    this.#parked.remove(parked);
    return { type: 'dropped', id: parked.transaction.id, source: parked.source, refusal: refusalOf(code) };
  }

  /** Admits what was parked behind the nonce that an account has reached, as far as it still fits. */
  #promote(address: Address): readonly MempoolChange<Verified>[] {
    const key = keyOf(address);
    const changes: MempoolChange<Verified>[] = [];
    for (;;) {
      const parked = this.#parked.at(key, this.pendingNonce(address));
      if (parked === undefined) return changes;
      const { transaction, source } = parked;
      const refusal = this.#refusalOf(transaction, source);
      if (refusal === undefined) {
        this.#parked.remove(parked);
        changes.push(this.#add(transaction, source));
      } else {
        if (!this.#pins.isPinned(keyOf(transaction.id))) changes.push(this.#drop(parked, refusal.code));
        return changes;
      }
    }
  }

  /** Whether no admitted transaction has this account and nonce. */
  #hasPlaceFor({ message: { from, nonce } }: PoolTransaction): boolean {
    return this.#accounts.get(keyOf(from))?.at(nonce) === undefined;
  }

  /** Admits what was promised before a restart. A parked transaction with its nonce was promised nothing. */
  #reinstate(transaction: Verified): readonly MempoolChange<Verified>[] {
    const { from, nonce } = transaction.message;
    const rival = this.#parked.at(keyOf(from), nonce);
    const isInTheWay = rival !== undefined && !this.#pins.isPinned(keyOf(rival.transaction.id));
    const dropped = isInTheWay ? [this.#drop(rival, 'NONCE_TAKEN')] : [];
    return [...dropped, this.#add(transaction, JOURNAL), ...this.#promote(from)];
  }

  #refusalOf(transaction: Verified, source: Source): Refusal | undefined {
    const judgement = this.#judge(transaction, source);
    if (judgement.type === 'refused') return judgement.refusal;
    const crowded = this.#crowded(transaction);
    return crowded === undefined ? undefined : refusalOf(crowded);
  }

  /** Moves an account on to its nonce after a block. */
  #advance(key: string, address: Address, included: ReadonlySet<string>): readonly MempoolChange<Verified>[] {
    if (!this.#accounts.has(key) && this.#parked.countOf(key) === 0) return [];
    const base = this.#ledger.nonceOf(address);
    const isIncluded = (id: TransactionId): boolean => included.has(keyOf(id));
    const changes: MempoolChange<Verified>[] = [];
    const account = this.#accounts.get(key);
    for (const entry of account?.moveTo(base) ?? [])
      changes.push(this.#end(entry, isIncluded(entry.transaction.id) ? 'committed' : 'rejected'));
    for (const parked of this.#parked.below(key, base)) {
      const { id } = parked.transaction;
      const dropped = this.#drop(parked, 'NONCE_TOO_LOW');
      changes.push(isIncluded(id) ? { type: 'ended', id, source: parked.source, status: 'committed' } : dropped);
    }
    // Whoever just had a transaction in a block waits behind those who had none.
    this.#ready.delete(key);
    this.#placeReady(key);
    return changes;
  }

  #expire(): readonly MempoolChange<Verified>[] {
    const changes: MempoolChange<Verified>[] = [];
    for (const key of this.#expiry.takeUntil(this.#tip.timeSec)) {
      const entry = this.#entries.get(key);
      if (entry === undefined) continue;
      if (this.#pins.isPinned(key)) {
        this.#expiry.add(key, this.#tip.timeSec + 1);
        continue;
      }
      const { from, nonce } = entry.transaction.message;
      this.#accounts.get(keyOf(from))?.remove(nonce);
      changes.push(this.#end(entry, 'expired'));
      this.#placeReady(keyOf(from));
    }
    return changes;
  }

  /** Looks again at what is overtaken: its nonce may be used by now, or free again, or its time over. */
  #recheckOvertaken(): readonly MempoolChange<Verified>[] {
    const changes: MempoolChange<Verified>[] = [];
    for (const [key, transaction] of this.#overtaken) {
      const { id, message } = transaction;
      const isUsed = message.nonce < this.#baseOf(message.from);
      const isOver = message.validUntil <= this.#tip.timeSec && !this.#pins.isPinned(key);
      const status = isUsed || isOver ? this.#endStatusOf(id, message) : undefined;
      if (status === undefined && !this.#hasPlaceFor(transaction)) continue;
      this.#overtaken.delete(key);
      if (status === undefined) changes.push(...this.#reinstate(transaction));
      else changes.push(this.#noteEnd(id, JOURNAL, status));
    }
    return changes;
  }

  /** Looks again at some of the accounts that were set aside. */
  #recheckHeld(): void {
    const keys = [...this.#held.keys()].slice(0, this.#limits.recheckedPerBlockMax);
    for (const key of keys) {
      const account = this.#held.get(key);
      this.#held.delete(key);
      if (account === undefined || account.size === 0) continue;
      const held = account.heldFrom === undefined ? undefined : account.at(account.heldFrom);
      if (held === undefined || this.#isPayable(held.transaction, held.due)) {
        account.release();
        this.#placeReady(key);
      } else this.#held.set(key, account);
    }
  }

  #isPayable(transaction: Verified, { payer }: FeeDue): boolean {
    const { fee } = this.#ledger.feeDue(transaction);
    const code = this.#ledger.check(transaction);
    return code !== 'FEE_TOO_LOW' && code !== 'INSUFFICIENT_FEE_BALANCE' && this.#ledger.feeBalanceOf(payer) >= fee;
  }

  /** Puts an account among those with something to offer, or takes it out; forgets it when it has nothing. */
  #placeReady(key: string): void {
    const account = this.#accounts.get(key);
    if (account?.isReady === true) this.#ready.set(key, account);
    else this.#ready.delete(key);
    if (account?.size !== 0) return;
    this.#accounts.delete(key);
    this.#held.delete(key);
  }
}

function refused(code: AdmissionCode): { readonly type: 'refused'; readonly refusal: Refusal } {
  return { type: 'refused', refusal: refusalOf(code) };
}

function statusOfEnd(status: RememberedEnd): MempoolStatus {
  return status === 'expired' ? { status } : { status, code: 'NONCE_USED' };
}

function without<Verified>(outcome: AdmissionOutcome): Admission<Verified> {
  return { outcome, changes: [] };
}
