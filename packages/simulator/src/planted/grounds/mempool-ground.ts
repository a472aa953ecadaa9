import { MEMPOOL_LIMITS, Mempool } from '@mutual-chain/node';
import type { Address, BlockHash, ResultCode, TransactionId } from '@mutual-chain/protocol';
import { RandomStream } from '../../random/random-stream.ts';
import { Discrepancy, expectSame } from './discrepancy.ts';
import type { Ground } from './ground.ts';

const LIMITS = {
  ...MEMPOOL_LIMITS,
  transactionsMax: 60,
  bytesMax: 4000,
  parkedMax: 12,
  parkedPerAccountMax: 6,
  nonceAheadMax: 10,
  parkedTtlMs: 500,
  verifyingMax: 8,
  verifyingPerSourceMax: 3,
  pinnedBlocksMax: 4,
};
/** What one account may have while the mempool is so full, as the reference of the limits says. */
const SHARES = [
  [50, 2048],
  [75, 256],
  [90, 32],
  [100, 4],
] as const;
const ACCOUNTS = 4;
const OPERATIONS = 250;
const FEE = 10n;

type Transaction = {
  readonly id: TransactionId;
  readonly bytes: Uint8Array;
  readonly message: { readonly from: Address; readonly nonce: number; readonly validUntil: number };
};
type Source = Parameters<Mempool<Transaction, Transaction>['admit']>[1];
type Change = ReturnType<Mempool<Transaction, Transaction>['committed']>[number];

/** The mempool against plain lists. */
export const MEMPOOL: Ground = {
  what: 'The mempool among floods, gaps, repetitions and prevoted blocks, against lists of what was admitted.',
  seeds: 400,
  search: (seed) => Discrepancy.of('mempool', () => new MempoolRun(seed).run()),
};

class MempoolRun {
  readonly #random: RandomStream;
  readonly #nonces = Array.from({ length: ACCOUNTS }, () => 0);
  readonly #balances: bigint[];
  /** Whether more comes than blocks take. */
  readonly #isFlooded: boolean;
  readonly #mempool: Mempool<Transaction, Transaction>;
  readonly #admitted = new Map<string, Transaction>();
  readonly #parked = new Map<string, number>();
  /** What came back from before a restart and has not ended. */
  readonly #promised = new Map<string, Transaction>();
  readonly #pins = new Map<number, Transaction[][]>();
  readonly #made: Transaction[] = [];
  readonly #committed = new Set<string>();
  readonly #verifying: { readonly transaction: Transaction; readonly source: Source }[] = [];
  #height = 0;
  #timeSec = 1000;
  #nowMs = 0;
  #count = 0;

  constructor(seed: bigint) {
    this.#random = new RandomStream(seed, 'mempool');
    this.#isFlooded = this.#random.chance(400);
    this.#balances = Array.from({ length: ACCOUNTS }, () => FEE * BigInt(this.#isFlooded ? 1000 : this.#random.pick([5, 20, 1000])));
    this.#mempool = new Mempool({
      ledger: {
        nonceOf: (address) => this.#nonces[indexOf(address)] ?? 0,
        check: (): ResultCode => 'OK',
        feeDue: ({ message }) => ({ fee: FEE, payer: message.from }),
        feeBalanceOf: (payer) => this.#balances[indexOf(payer)] ?? 0n,
        isCommitted: (id) => this.#committed.has(keyOf(id)),
      },
      tip: this.#tip(),
      limits: LIMITS,
    });
  }

  run(): void {
    for (let each = 0; each < OPERATIONS; each++) {
      this.#nowMs += this.#random.below(60);
      const choice = this.#random.below(100);
      if (choice < 66) this.#offer();
      else if (choice < 76) this.#verified();
      else if (choice < 79) this.#restore();
      else if (choice < 86) this.#dropOverdue();
      else if (choice < 92) this.#pin();
      else if (!this.#isFlooded || this.#random.chance(100)) this.#commit();
      this.#expectSound();
    }
    for (let each = 0; each < 12; each++) this.#commit();
    this.#expectSound();
  }

  #tip(): { readonly timeSec: number; readonly validUntilWindowSec: number } {
    return { timeSec: this.#timeSec, validUntilWindowSec: 3600 };
  }

  /** A transaction comes: a new one, of a flood or with a gap, or one that was there before. */
  #offer(): void {
    const random = this.#random;
    const transaction = this.#made.length > 0 && random.chance(100) ? random.pick(this.#made) : this.#make();
    const source: Source = { kind: random.chance(700) ? 'peer' : 'client', name: `source ${random.below(3)}` };
    const outcome = this.#mempool.screen(transaction, source);
    if (source.kind === 'client' && (outcome.type === 'verify' || outcome.type === 'refused'))
      this.#expectRoom(transaction, outcome.type === 'refused' ? outcome.refusal.code : outcome.type);
    if (outcome.type !== 'verify') return;
    this.#verifying.push({ transaction, source });
    const ofSource = this.#verifying.filter((each) => each.source.name === source.name && each.source.kind === source.kind).length;
    expectSame('verifications of one source are within the limit', ofSource <= LIMITS.verifyingPerSourceMax, true);
    expectSame('verifications are within the limit', this.#verifying.length <= LIMITS.verifyingMax, true);
    if (random.chance(800)) this.#verified();
  }

  /** A client whose transaction has its turn is told when the whole mempool is full, which what was promised before a restart may have made it. */
  #expectRoom({ bytes, message: { from, nonce } }: Transaction, said: string): void {
    const isFull = this.#admitted.size >= LIMITS.transactionsMax || this.#bytes() + bytes.length > LIMITS.bytesMax;
    if (isFull && nonce <= this.#mempool.pendingNonce(from))
      expectSame('what a client is told when the mempool is full', said, 'MEMPOOL_FULL');
  }

  #bytes(): number {
    return [...this.#admitted.values()].reduce((sum, each) => sum + each.bytes.length, 0);
  }

  #make(): Transaction {
    const random = this.#random;
    // The first account sends most.
    const account = random.chance(600) ? 0 : random.below(ACCOUNTS);
    const from = addressOf(account);
    const nonce = random.chance(this.#isFlooded ? 950 : 750)
      ? this.#mempool.pendingNonce(from)
      : Math.max(0, (this.#nonces[account] ?? 0) + random.between(-2, 8));
    const id = new Uint8Array(32) as TransactionId;
    new DataView(id.buffer).setUint32(0, ++this.#count);
    const bytes = new Uint8Array(random.between(20, 120));
    const transaction = {
      id,
      bytes,
      message: { from, nonce, validUntil: this.#timeSec + random.pick(this.#isFlooded ? [50, 500] : [1, 2, 3, 5, 50, 4000, 0]) },
    };
    this.#made.push(transaction);
    return transaction;
  }

  #verified(): void {
    const next = this.#verifying.shift();
    if (next === undefined) return;
    const { transaction, source } = next;
    const { from, nonce } = transaction.message;
    const account = indexOf(from);
    const before = [...this.#admitted.values()];
    const { outcome, changes } = this.#mempool.admit(transaction, source, this.#nowMs);
    if (outcome.type === 'parked') this.#parked.set(keyOf(transaction.id), outcome.untilMs);
    this.#note(changes);
    if (outcome.type !== 'admitted') return;
    expectSame('whether a nonce that a block has is admitted', nonce < (this.#nonces[account] ?? 0), false);
    const ofAccount = before.filter(({ message }) => indexOf(message.from) === account);
    expectSame(
      'whether a nonce is admitted twice',
      ofAccount.some(({ message }) => message.nonce === nonce),
      false,
    );
    const bytes = before.reduce((sum, each) => sum + each.bytes.length, 0) + transaction.bytes.length;
    const percent = Math.floor(Math.max(((before.length + 1) * 100) / LIMITS.transactionsMax, (bytes * 100) / LIMITS.bytesMax));
    const share = SHARES.find(([most]) => percent <= most)?.[1] ?? 0;
    expectSame('the share of one account is within the limit', ofAccount.length < share, true);
    expectSame('whether its payer can pay for all', FEE * BigInt(ofAccount.length + 1) <= (this.#balances[account] ?? 0n), true);
  }

  /** What was admitted before a restart comes back: it has been promised a place, whatever the limits are. */
  #restore(): void {
    const transaction = this.#make();
    this.#promised.set(keyOf(transaction.id), transaction);
    this.#note(this.#mempool.restore(transaction));
  }

  #note(changes: readonly Change[]): void {
    for (const change of changes)
      switch (change.type) {
        case 'admitted':
          this.#parked.delete(keyOf(change.transaction.id));
          this.#admitted.set(keyOf(change.transaction.id), change.transaction);
          if (change.source.kind !== 'journal') this.#expectWithinLimits();
          break;
        case 'dropped':
          this.#parked.delete(keyOf(change.id));
          if (!this.#isSettled(change.id))
            expectSame('whether a transaction of a prevoted block is dropped', this.#isPinned(keyOf(change.id)), false);
          break;
        case 'ended': {
          const key = keyOf(change.id);
          if (change.status === 'expired') expectSame('whether a transaction of a prevoted block expires', this.#isPinned(key), false);
          this.#parked.delete(key);
          this.#admitted.delete(key);
          this.#promised.delete(key);
        }
      }
  }

  #dropOverdue(): void {
    this.#note(this.#mempool.dropOverdue(this.#nowMs));
    for (const [key, untilMs] of this.#parked)
      expectSame('whether something waits for longer than it may', untilMs <= this.#nowMs && !this.#isEverPinned(key), false);
  }

  /** This node prevotes a block with some of what is here. */
  #pin(): void {
    const known = [...this.#admitted.values(), ...this.#made.filter(({ id }) => this.#parked.has(keyOf(id)))];
    const chosen = this.#random.shuffle(known).slice(0, this.#random.between(1, 6));
    const blockHash = this.#random.bytes(32) as BlockHash;
    const height = this.#height + 1 + this.#random.below(2);
    const count = [...this.#pins.values()].reduce((sum, blocks) => sum + blocks.length, 0);
    const isPinned = this.#mempool.pin(
      height,
      blockHash,
      chosen.map(({ id }) => id),
    );
    expectSame('whether a block is pinned', isPinned, count < LIMITS.pinnedBlocksMax);
    if (isPinned) this.#pins.set(height, [...(this.#pins.get(height) ?? []), chosen]);
  }

  #commit(): void {
    const random = this.#random;
    const offered = this.#mempool.candidates({ transactionsMax: random.between(0, 6), bytesMax: 500 });
    this.#expectOffered(offered);
    const transactions = offered.slice(0, random.below(offered.length + 1));
    for (const { id, message } of transactions) {
      this.#committed.add(keyOf(id));
      this.#nonces[indexOf(message.from)] = message.nonce + 1;
    }
    this.#height++;
    this.#timeSec += random.pick([0, 1, 1, 2]);
    for (const height of this.#pins.keys()) if (height <= this.#height) this.#pins.delete(height);
    this.#note(this.#mempool.committed({ height: this.#height, tip: this.#tip(), transactions }));
    const senders = new Set(transactions.map(({ message }) => indexOf(message.from)));
    const waiting = this.#readyAccounts().filter((account) => !senders.has(account));
    const [first] = this.#mempool.candidates({ transactionsMax: 1, bytesMax: LIMITS.bytesMax });
    if (waiting.length > 0 && first !== undefined)
      expectSame('whether who had none in the last block comes first', waiting.includes(indexOf(first.message.from)), true);
  }

  /** Accounts whose next nonce is admitted. */
  #readyAccounts(): readonly number[] {
    const next = (account: number): boolean =>
      [...this.#admitted.values()].some(({ message }) => indexOf(message.from) === account && message.nonce === this.#nonces[account]);
    return Array.from({ length: ACCOUNTS }, (_, account) => account).filter(next);
  }

  #expectOffered(offered: readonly Transaction[]): void {
    const nonces = [...this.#nonces];
    for (const { id, message } of offered) {
      const account = indexOf(message.from);
      expectSame('whether what is offered was admitted', this.#admitted.has(keyOf(id)), true);
      expectSame('the nonce that is offered', message.nonce, nonces[account]);
      nonces[account] = (nonces[account] ?? 0) + 1;
    }
  }

  #expectWithinLimits(): void {
    const isWithin = this.#admitted.size <= LIMITS.transactionsMax && this.#bytes() <= LIMITS.bytesMax;
    expectSame('transactions are within the limits', isWithin, true);
  }

  #expectSound(): void {
    const { transactions, bytes, parked, overtaken, payers, pinnedBlocks } = this.#mempool.sizes;
    const admitted = [...this.#admitted.values()];
    expectSame('the number of transactions', transactions, admitted.length);
    expectSame('their bytes', bytes, this.#bytes());
    for (const { id } of this.#promised.values())
      expectSame('the status of what was promised and has not ended', this.#mempool.statusOf(id)?.status, 'pending');
    const waitsForAnother = [...this.#promised.keys()].filter((key) => !this.#admitted.has(key));
    expectSame('the number of those whose nonce another has', overtaken, waitsForAnother.length);
    expectSame('the number of parked transactions', parked, this.#parked.size);
    expectSame('those who owe fees', payers, new Set(admitted.map(({ message }) => indexOf(message.from))).size);
    expectSame(
      'the number of prevoted blocks',
      pinnedBlocks,
      [...this.#pins.values()].reduce((sum, blocks) => sum + blocks.length, 0),
    );
    for (let account = 0; account < ACCOUNTS; account++)
      expectSame('the next nonce of an account', this.#mempool.pendingNonce(addressOf(account)), this.#lowestMissing(account));
    for (const [key, { message }] of this.#admitted)
      expectSame('whether an expired transaction is kept', message.validUntil <= this.#timeSec && !this.#isEverPinned(key), false);
    for (const blocks of this.#pins.values())
      for (const { id } of blocks.flat())
        expectSame(
          'whether a transaction of a prevoted block is here, or in a block',
          this.#mempool.find(id) !== undefined || this.#isSettled(id),
          true,
        );
  }

  #lowestMissing(account: number): number {
    const nonces = new Set(
      [...this.#admitted.values()].flatMap(({ message }) => (indexOf(message.from) === account ? [message.nonce] : [])),
    );
    let nonce = this.#nonces[account] ?? 0;
    while (nonces.has(nonce)) nonce++;
    return nonce;
  }

  /** Whether the nonce of a transaction is used up by a block. */
  #isSettled(id: TransactionId): boolean {
    const made = this.#made.find((each) => keyOf(each.id) === keyOf(id));
    return made !== undefined && made.message.nonce < (this.#nonces[indexOf(made.message.from)] ?? 0);
  }

  #isPinned(key: string): boolean {
    for (const blocks of this.#pins.values()) if (blocks.flat().some(({ id }) => keyOf(id) === key)) return true;
    return false;
  }

  /** Whether a transaction is pinned, or was until a moment ago: it gets a little more time. */
  #isEverPinned(key: string): boolean {
    if (this.#isPinned(key)) this.#spared.add(key);
    return this.#spared.has(key);
  }

  readonly #spared = new Set<string>();
}

function addressOf(account: number): Address {
  return new Uint8Array(20).fill(account + 1) as Address;
}

function indexOf(address: Address): number {
  return (address[0] ?? 0) - 1;
}

function keyOf(id: TransactionId): string {
  return String(new DataView(id.buffer, id.byteOffset).getUint32(0));
}
