import {
  assertInvariant,
  ChainError,
  createTypedData,
  type DeclaredTransaction,
  encodeTransaction,
  equalBytes,
  hasValidSignatures,
  type TransactionId,
  transactionIdOf,
  type VerifiedTransaction,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { DEFAULT_BLOCK_LIMITS } from '@mutual-chain/state-machine';
import type { CommittedBlock } from '../chain/ledger-chain.ts';
import { keyOf } from '../mempool/byte-key.ts';
import { MEMPOOL_LIMITS } from '../mempool/limits.ts';
import { Mempool } from '../mempool/mempool.ts';
import type { AdmissionOutcome, EndedChange, MempoolChange, MempoolStatus } from '../mempool/outcome.ts';
import type { Source } from '../mempool/pool-transaction.ts';
import { readCandidate, type TransactionCandidate } from '../mempool/read-candidate.ts';
import { type AdmissionCode, isPeerFault, type Refusal, refusalOf } from '../mempool/refusal.ts';
import { FairQueue } from '../scheduling/fair-queue.ts';
import { FormerTransactions } from './former-transactions.ts';
import { Gossip } from './gossip.ts';
import { TRANSACTION_LIMITS, type TransactionLimits } from './limits.ts';
import type { LeftOutCandidate, SubmissionOutcome, TransactionServiceOptions, TransactionSizes, Transactions } from './ports.ts';
import { Promises } from './promises.ts';
import { Settlements } from './settlements.ts';
import { answer, type Slot, Submission } from './submission.ts';
import { decodeBatch } from './transaction-batch.ts';
import { createTransactionCounters, type TransactionCounters } from './transaction-counters.ts';
import { TransactionJournal } from './transaction-journal.ts';
import { VerifiedTransactions } from './verified-transactions.ts';

/** Something that nobody has looked at yet. */
type Unread =
  | { readonly from: 'client'; readonly declared: DeclaredTransaction; readonly slot: Slot }
  | { readonly from: 'peer'; readonly peer: string; readonly raw: Uint8Array };

const CLIENT: Source = { kind: 'client', name: '' };
/** Name of the source of what clients hand in; peers have their own with `peer ` before it. */
const CLIENTS = 'client';
/** Estimates of work, µs: looking at a transaction, and verifying one with all that is asked about it. */
const COST_US = { look: 5, verify: 110 } as const;

/**
 * The transactions of a node. What clients and peers bring is looked at one by one, of each of them in turn, in slices between which everything else gets
 * its turn; the signatures of each transaction are verified once, wherever it is seen first.
 *
 * What was promised before a restart comes first of all: until each of it has its place back, nothing else is looked at, so nothing can take a nonce or
 * the room from it.
 *
 * Nothing that a client handed in leaves the node, for a peer or for a block, before it is durable; so what could not be made durable is refused, and is
 * nowhere.
 */
export class TransactionService implements Transactions {
  readonly #options: TransactionServiceOptions;
  readonly #limits: TransactionLimits;
  readonly #typedData: ReturnType<typeof createTypedData>;
  readonly #pool: Mempool<TransactionCandidate, VerifiedTransaction>;
  readonly #journal: TransactionJournal;
  readonly #promises: Promises;
  readonly #gossip: Gossip;
  /** Promised before the restart, and not looked at yet. */
  #former = new FormerTransactions([]);
  readonly #unread = new FairQueue<string, Unread>();
  /** Bytes of what is unread of each peer. */
  readonly #unreadBytes = new Map<string, number>();
  readonly #peers = new Set<string>();
  readonly #remembered: VerifiedTransactions;
  readonly #settlements = new Settlements();
  /** Clients whose transactions are being looked at, or wait for an earlier nonce. */
  readonly #slots = new Map<string, Slot[]>();
  readonly #counters = createTransactionCounters();
  #timers: { slice?: () => void; flush?: () => void; overdue?: () => void; full?: () => void } = {};
  #isRunning = false;
  #hasFailed = false;
  /** Something was admitted, and nobody has been told. */
  #hasAdmitted = false;

  constructor(options: TransactionServiceOptions) {
    const { cryptography, identity, ledger, journal, clock, send, mempoolLimits = MEMPOOL_LIMITS, limits = TRANSACTION_LIMITS } = options;
    this.#options = options;
    this.#limits = limits;
    this.#typedData = createTypedData(cryptography, identity);
    this.#pool = new Mempool({ ledger, tip: ledger.tip(), limits: mempoolLimits });
    this.#journal = new TransactionJournal({ ...journal, cryptography, genesisHash: identity.genesisHash, limits });
    this.#promises = new Promises(this.#journal, mempoolLimits);
    this.#gossip = new Gossip({ clock, send, limits, counters: this.#counters });
    this.#remembered = new VerifiedTransactions(limits.rememberedMax);
  }

  readonly start = (): void => {
    const { transactions, ended } = this.#promises.start();
    for (const { id, status, timeSec } of ended) this.#pool.restoreEnd(id, status, timeSec);
    this.#promises.forgetUntil(this.#options.ledger.tip().timeSec);
    this.#former = new FormerTransactions(transactions.flatMap((raw) => this.#readFormer(raw)));
    if (this.#former.size === 0) this.#promises.sweep();
    this.#isRunning = true;
    this.#armSlice();
  };

  readonly stop = (): void => {
    if (!this.#isRunning) return;
    this.#flushPromises();
    this.#isRunning = false;
    for (const cancel of Object.values(this.#timers)) cancel();
    this.#timers = {};
    this.#gossip.stop();
    for (const item of this.#unread.remove(CLIENTS)) if (item.from === 'client') this.#refuse([item.slot], 'MEMPOOL_STOPPED');
    for (const slots of this.#slots.values()) this.#refuse(slots, 'MEMPOOL_STOPPED');
    this.#slots.clear();
    this.#settlements.settleAll();
    this.#journal.stop();
  };

  readonly submit = (transactions: readonly DeclaredTransaction[]): Promise<readonly SubmissionOutcome[]> => {
    const submission = new Submission(transactions.length);
    this.#counters.submitted += transactions.length;
    transactions.forEach((declared, index) => {
      const slot = { submission, index };
      const code = this.#closed();
      if (code !== undefined) this.#refuse([slot], code);
      else this.#unread.push(CLIENTS, { from: 'client', declared, slot });
    });
    this.#armSlice();
    return submission.answered;
  };

  readonly connected = (peer: string): void => {
    if (!this.#isRunning) return;
    this.#peers.add(peer);
    this.#gossip.connected(peer);
  };

  readonly disconnected = (peer: string): void => {
    this.#peers.delete(peer);
    this.#gossip.disconnected(peer);
  };

  readonly received = (peer: string, message: Uint8Array): void => {
    if (!this.#isRunning || !this.#peers.has(peer)) return;
    const batch = decodeBatch(message);
    if ('refusal' in batch) {
      this.#cut(peer, batch.refusal);
      return;
    }
    const source = sourceOf(peer);
    const bytes = (this.#unreadBytes.get(peer) ?? 0) + message.length;
    const count = this.#unread.sizeOf(source) + batch.transactions.length;
    this.#counters.batchesReceived++;
    if (bytes > this.#limits.unreadPerPeerBytesMax || count > this.#limits.unreadPerPeerMax) {
      this.#counters.batchesIgnored++;
      return;
    }
    for (const raw of batch.transactions) {
      this.#unread.push(source, { from: 'peer', peer, raw });
      this.#countUnread(peer, raw.length);
    }
    this.#counters.transactionsReceived += batch.transactions.length;
    this.#armSlice();
  };

  readonly hasCandidates = (): boolean => this.#pool.hasCandidates;

  readonly candidates = (): readonly VerifiedTransaction[] => {
    this.#flushPromises();
    return this.#pool.candidates(DEFAULT_BLOCK_LIMITS);
  };

  readonly verify = (raw: Uint8Array): VerifiedTransaction | undefined => {
    const id = transactionIdOf(this.#options.cryptography, raw);
    const known = this.#pool.findSame(id, raw) ?? this.#remembered.find(id, raw);
    if (known !== undefined) {
      this.#counters.verifiedBefore++;
      return known;
    }
    const verified = this.#verify(raw);
    if (verified !== undefined) this.#remembered.add(verified);
    return verified;
  };

  readonly committed = ({ header, transactions }: CommittedBlock): void => {
    const tip = this.#options.ledger.tip();
    const changes = this.#pool.committed({ height: header.height, tip, transactions });
    for (const { id } of transactions) {
      this.#remembered.remove(id);
      this.#settlements.settle(id);
    }
    this.#apply(changes);
    this.#guard(() => this.#promises.forgetUntil(tip.timeSec));
    if (this.#promises.isPending) this.#armFlush();
    this.#tellOfWork();
  };

  readonly leftOut = (candidates: readonly LeftOutCandidate[]): void => {
    for (const { id, code } of candidates) this.#pool.setAside(id, code);
  };

  readonly statusOf = (id: TransactionId): MempoolStatus | undefined => {
    const former = this.#former.find(id);
    return former === undefined ? this.#pool.statusOf(id) : this.#pool.statusOfPromised(former);
  };

  readonly find = (id: TransactionId): VerifiedTransaction | undefined => {
    const former = this.#former.find(id);
    if (former === undefined) return this.#pool.find(id);
    return this.#pool.statusOfPromised(former)?.status === 'pending' ? this.#verifyFormer(former) : undefined;
  };

  readonly pendingNonce = (address: TransactionCandidate['message']['from']): number =>
    this.#former.nextNonce(address, this.#pool.pendingNonce(address), this.#options.ledger.tip().timeSec);

  readonly settled = (id: TransactionId, signal: AbortSignal): Promise<void> => {
    const isOver = !this.#pool.isKnown(id) && (this.#pool.statusOf(id) !== undefined || this.#options.ledger.isCommitted(id));
    return isOver || !this.#isRunning ? Promise.resolve() : this.#settlements.wait(id, signal);
  };

  get sizes(): TransactionSizes {
    const { segments, bytes } = this.#journal.sizes;
    return {
      ...this.#pool.sizes,
      unread: this.#unread.size + this.#former.size,
      journalSegments: segments,
      journalBytes: bytes,
      remembered: this.#remembered.size,
      waiting: this.#settlements.size,
    };
  }

  get counters(): TransactionCounters {
    return structuredClone(this.#counters);
  }

  /** Why nothing is taken from clients, if so. */
  #closed(): AdmissionCode | undefined {
    if (!this.#isRunning) return 'MEMPOOL_STOPPED';
    if (this.#hasFailed || this.#timers.full !== undefined) return 'MEMPOOL_NOT_DURABLE';
    return this.#unread.sizeOf(CLIENTS) >= this.#limits.unreadOfClientsMax ? 'MEMPOOL_BUSY' : undefined;
  }

  #armSlice(): void {
    if (!this.#isRunning || this.#timers.slice !== undefined || !this.#hasWork()) return;
    this.#timers.slice = this.#options.clock.schedule(0, () => this.#runSlice());
  }

  #runSlice(): void {
    delete this.#timers.slice;
    // The next slice is asked for before this one is worked through, so that it is due when that has come to its end.
    this.#armSlice();
    for (let workUs = 0; workUs < this.#limits.sliceUs; ) {
      const before = this.#counters.verified;
      if (!this.#lookAtNext()) break;
      workUs += COST_US.look + COST_US.verify * (this.#counters.verified - before);
    }
    if (!this.#hasWork()) this.#cancelTimer('slice');
    if (this.#promises.pendingBytes >= this.#limits.batchBytes) this.#flush();
    this.#tellOfWork();
  }

  #hasWork(): boolean {
    return this.#former.size > 0 || this.#unread.size > 0;
  }

  /** Looks at whatever is next; false when there is nothing. */
  #lookAtNext(): boolean {
    const former = this.#former.shift();
    if (former !== undefined) {
      this.#restore(former);
      if (this.#former.size === 0) this.#guard(() => this.#promises.sweep());
      return true;
    }
    const item = this.#unread.shift();
    if (item?.from === 'client') this.#lookAtClient(item.declared, item.slot);
    else if (item?.from === 'peer') this.#lookAtPeer(item.peer, item.raw);
    return item !== undefined;
  }

  #lookAtClient({ transaction, domain }: DeclaredTransaction, slot: Slot): void {
    const { cryptography, identity } = this.#options;
    const isForeign =
      domain !== undefined && !(domain.chainId === identity.chainId && equalBytes(domain.genesisHash, identity.genesisHash));
    if (isForeign) {
      this.#counters.verified++;
      const isGood = hasValidSignatures(cryptography, this.#typedData.forDomain(domain), transaction);
      this.#refuse([slot], isGood ? 'WRONG_CHAIN' : 'BAD_SIGNATURE');
      return;
    }
    const read = this.#readClient(transaction);
    if (read.type === 'refused') {
      this.#answerRefusal([slot], read.refusal);
      return;
    }
    const { candidate } = read;
    const key = keyOf(candidate.id);
    const slots = this.#slots.get(key);
    if (slots === undefined) this.#slots.set(key, [slot]);
    else slots.push(slot);
    const outcome = this.#screenAndAdmit(candidate, CLIENT);
    if (outcome.type === 'refused') this.#answerRefusal(this.#takeSlots(key), outcome.refusal);
    else if (outcome.type === 'known') this.#promiseKnown(candidate.id);
  }

  #readClient(
    transaction: DeclaredTransaction['transaction'],
  ): ReturnType<typeof readCandidate> & { readonly type: 'candidate' | 'refused' } {
    try {
      const raw = encodeTransaction(transaction);
      const read = readCandidate(this.#options.cryptography, raw, () => false);
      assertInvariant(read.type !== 'known', 'nothing is known to this reader');
      return read;
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      const { field } = error.details;
      const refusal = refusalOf('MALFORMED');
      return { type: 'refused', refusal: typeof field === 'string' ? { ...refusal, field } : refusal };
    }
  }

  /** A client has sent what is here, or in a block, already. */
  #promiseKnown(id: TransactionId): void {
    const found = this.#pool.find(id);
    // What is parked is promised nothing yet.
    if (found !== undefined && this.#pool.statusOf(id) === undefined) return;
    const slots = this.#takeSlots(keyOf(id));
    if (found === undefined || this.#promises.isKept(id)) answer(slots, { ok: true, id });
    else this.#pledge(found, false, slots);
  }

  #pledge(transaction: VerifiedTransaction, isOwn: boolean, slots: readonly Slot[]): void {
    this.#promises.pledge(transaction, isOwn, slots);
    this.#armFlush();
  }

  #lookAtPeer(peer: string, raw: Uint8Array): void {
    this.#countUnread(peer, -raw.length);
    const read = readCandidate(this.#options.cryptography, raw, (id) => this.#pool.isKnown(id));
    if (read.type === 'known') {
      this.#counters.duplicatesReceived++;
      this.#gossip.mark(read.id, peer);
      return;
    }
    const outcome = read.type === 'refused' ? read : this.#screenAndAdmit(read.candidate, { kind: 'peer', name: peer });
    if (outcome.type !== 'refused') return;
    this.#countRefusal(outcome.refusal.code);
    if (isPeerFault(outcome.refusal)) this.#cut(peer, `a transaction was sent on that is ${outcome.refusal.code}`);
  }

  #readFormer(raw: Uint8Array): readonly TransactionCandidate[] {
    const read = readCandidate(this.#options.cryptography, raw, () => false);
    return read.type === 'candidate' ? [read.candidate] : [];
  }

  /** Gives what was promised before the restart its place back, or ends it. */
  #restore(candidate: TransactionCandidate): void {
    const ended = this.#pool.endMeanwhile(candidate);
    const verified = ended === undefined ? this.#verifyFormer(candidate) : undefined;
    if (ended !== undefined) this.#apply([ended]);
    else if (verified !== undefined) this.#apply(this.#pool.restore(verified));
    // Nobody was ever promised anything for a signature that is not good.
    else this.#guard(() => this.#promises.end(candidate.id, undefined));
  }

  #verifyFormer({ id, bytes }: TransactionCandidate): VerifiedTransaction | undefined {
    const remembered = this.#remembered.find(id, bytes);
    if (remembered !== undefined) return remembered;
    const verified = this.#verify(bytes);
    if (verified !== undefined) this.#remembered.add(verified);
    return verified;
  }

  #screenAndAdmit(candidate: TransactionCandidate, source: Source): AdmissionOutcome {
    const screened = this.#pool.screen(candidate, source);
    if (screened.type === 'known' || screened.type === 'refused') return screened;
    assertInvariant(screened.type === 'verify', 'no verification is under way between two transactions');
    const verified = this.#remembered.find(candidate.id, candidate.bytes) ?? this.#verify(candidate.bytes);
    if (verified === undefined) {
      this.#pool.verificationFailed(candidate);
      return { type: 'refused', refusal: refusalOf('BAD_SIGNATURE') };
    }
    const { outcome, changes } = this.#pool.admit(verified, source, this.#options.clock.wallMs(), true);
    this.#apply(changes);
    this.#armOverdue();
    return outcome;
  }

  #verify(raw: Uint8Array): VerifiedTransaction | undefined {
    this.#counters.verified++;
    const verification = verifyTransaction(this.#options.cryptography, this.#typedData, raw);
    return verification.ok ? verification.transaction : undefined;
  }

  #apply(changes: readonly MempoolChange<VerifiedTransaction>[]): void {
    for (const change of changes) {
      if (change.type === 'admitted') this.#admitted(change.transaction, change.source);
      else if (change.type === 'dropped') this.#dropped(change.id, change.source, change.refusal);
      else this.#ended(change);
    }
  }

  /** Says that there is something for a block, once for all that was admitted together. */
  #tellOfWork(): void {
    const hasNew = this.#hasAdmitted && this.#pool.hasCandidates;
    this.#hasAdmitted = false;
    if (hasNew) this.#options.workAvailable();
  }

  #admitted(transaction: VerifiedTransaction, { kind, name }: Source): void {
    this.#counters.admitted[kind]++;
    this.#hasAdmitted = true;
    this.#gossip.add(transaction, kind === 'peer' ? name : undefined);
    this.#remembered.remove(transaction.id);
    const slots = this.#takeSlots(keyOf(transaction.id));
    if (slots.length > 0) this.#pledge(transaction, kind === 'client', slots);
    else this.#armFlush();
  }

  #dropped(id: TransactionId, { kind }: Source, refusal: Refusal): void {
    const slots = this.#takeSlots(keyOf(id));
    if (slots.length > 0) this.#answerRefusal(slots, refusal);
    else if (kind === 'peer') this.#countRefusal(refusal.code);
  }

  #ended({ id, status }: EndedChange): void {
    this.#counters.ended[status]++;
    this.#gossip.remove(id);
    const { timeSec } = this.#options.ledger.tip();
    const slots = this.#guard(() => this.#promises.end(id, status === 'committed' ? undefined : { status, timeSec })) ?? [];
    answer([...this.#takeSlots(keyOf(id)), ...slots], { ok: true, id });
    this.#settlements.settle(id);
  }

  /** Makes durable what is promised, and tells the peers. */
  #flush(): void {
    this.#cancelTimer('flush');
    this.#flushPromises();
    this.#gossip.flush();
  }

  #flushPromises(): void {
    if (!this.#isRunning || !this.#promises.isPending) return;
    const group = this.#promises.take();
    const isKept = this.#guard(() => this.#promises.keep(group)) === true;
    if (isKept) {
      this.#counters.journalWrites++;
      for (const { transaction, slots } of group.pledges) answer(slots, { ok: true, id: transaction.id });
      return;
    }
    this.#counters.journalFailures++;
    for (const { transaction, isOwn, slots } of group.pledges) {
      if (isOwn && this.#pool.withdraw(transaction.id)) this.#gossip.remove(transaction.id);
      this.#refuse(slots, 'MEMPOOL_NOT_DURABLE');
    }
    this.#cancelTimer('full');
    this.#timers.full = this.#options.clock.schedule(this.#limits.fullPauseMs, () => {
      delete this.#timers.full;
      if (this.#promises.isPending) this.#armFlush();
    });
  }

  #armFlush(): void {
    if (!this.#isRunning || this.#timers.flush !== undefined) return;
    this.#timers.flush = this.#options.clock.schedule(this.#limits.groupingMs, () => this.#flush());
  }

  #armOverdue(): void {
    const deadlineMs = this.#pool.nextDeadlineMs;
    if (!this.#isRunning || this.#timers.overdue !== undefined || deadlineMs === undefined) return;
    const { clock } = this.#options;
    this.#timers.overdue = clock.schedule(Math.max(1, deadlineMs - clock.wallMs()), () => {
      delete this.#timers.overdue;
      this.#apply(this.#pool.dropOverdue(clock.wallMs()));
      this.#tellOfWork();
      this.#armOverdue();
    });
  }

  #cancelTimer(name: 'slice' | 'flush' | 'full'): void {
    this.#timers[name]?.();
    delete this.#timers[name];
  }

  #cut(peer: string, reason: string): void {
    // What it sent before and what comes until the link is down is not looked at any more.
    this.#unread.remove(sourceOf(peer));
    this.#unreadBytes.delete(peer);
    if (!this.#peers.has(peer)) return;
    this.#counters.peersCut++;
    this.disconnected(peer);
    this.#options.cut(peer, reason);
  }

  #countUnread(peer: string, bytes: number): void {
    const total = (this.#unreadBytes.get(peer) ?? 0) + bytes;
    if (total > 0) this.#unreadBytes.set(peer, total);
    else this.#unreadBytes.delete(peer);
  }

  #takeSlots(key: string): readonly Slot[] {
    const slots = this.#slots.get(key) ?? [];
    this.#slots.delete(key);
    return slots;
  }

  #refuse(slots: readonly Slot[], code: AdmissionCode): void {
    this.#answerRefusal(slots, refusalOf(code));
  }

  #answerRefusal(slots: readonly Slot[], refusal: Refusal): void {
    for (const _slot of slots) this.#countRefusal(refusal.code);
    answer(slots, { ok: false, ...refusal });
  }

  #countRefusal(code: AdmissionCode): void {
    this.#counters.refused[code] = (this.#counters.refused[code] ?? 0) + 1;
  }

  /** Does something with the journal. When the disk fails, nothing more is taken from clients, and the node is told. */
  #guard<Result>(work: () => Result): Result | undefined {
    if (this.#hasFailed) return undefined;
    try {
      return work();
    } catch (error) {
      this.#hasFailed = true;
      this.#options.failed(error);
      return undefined;
    }
  }
}

function sourceOf(peer: string): string {
  return `peer ${peer}`;
}
