import type { Address, ResultCode, TransactionId } from '@mutual-chain/protocol';
import { MEMPOOL_LIMITS, type MempoolLimits } from '../../src/mempool/limits.ts';
import { type CommittedForMempool, Mempool } from '../../src/mempool/mempool.ts';
import type { MempoolChange } from '../../src/mempool/outcome.ts';
import type { FeeDue, MempoolLedger, PoolTransaction, Source } from '../../src/mempool/pool-transaction.ts';

/** A transaction of the tests, with a name that is told in expectations. */
export type NamedTransaction = PoolTransaction & { readonly name: string };

export const CLIENT: Source = { kind: 'client', name: 'c' };
export const PEER: Source = { kind: 'peer', name: 'p' };

/** The address of a one-letter account. */
export function addressOf(account: string): Address {
  return new Uint8Array(20).fill(account.charCodeAt(0)) as Address;
}

/** What the tests begin with: the tip is at second 1000, and transactions are valid for up to 100 seconds. */
export const TIP = { timeSec: 1_000, validUntilWindowSec: 100 };

/**
 * A transaction of an account. `variant` tells apart those with the same nonce, `sponsor` is an account that pays, `bytes` its length.
 */
export function transaction(
  account: string,
  nonce: number,
  options: { readonly variant?: number; readonly validUntil?: number; readonly bytes?: number; readonly sponsor?: string } = {},
): NamedTransaction {
  const { variant = 0, validUntil = TIP.timeSec + 50, bytes = 100, sponsor } = options;
  const id = new Uint8Array(32) as TransactionId;
  id.set([account.charCodeAt(0), nonce >> 8, nonce & 255, variant]);
  return {
    name: `${account}${nonce}${variant === 0 ? '' : `'${variant}`}`,
    id,
    bytes: new Uint8Array(bytes).fill(sponsor === undefined ? 0 : sponsor.charCodeAt(0)),
    message: { from: addressOf(account), nonce, validUntil },
    ...(sponsor === undefined ? {} : { sponsor: { signature: new Uint8Array(65).fill(sponsor.charCodeAt(0)) } }),
  };
}

/** A ledger in which every transaction costs one unit, whoever has nothing else said about him has a million, and blocks hold what is put into them. */
class ModelLedger implements MempoolLedger<PoolTransaction> {
  readonly #nonces = new Map<number, number>();
  readonly #balances = new Map<number, bigint>();
  readonly #codes = new Map<string, ResultCode>();
  readonly #committed = new Set<string>();

  readonly nonceOf = (address: Address): number => this.#nonces.get(address[0] as number) ?? 0;
  readonly feeBalanceOf = (payer: Address): bigint => this.#balances.get(payer[0] as number) ?? 1_000_000n;
  readonly isCommitted = (id: TransactionId): boolean => this.#committed.has(id.join());
  readonly feeDue = ({ message, sponsor }: PoolTransaction): FeeDue => ({
    fee: 1n,
    payer: sponsor === undefined ? message.from : (new Uint8Array(20).fill(sponsor.signature[0] as number) as Address),
  });
  readonly check = (candidate: PoolTransaction): ResultCode => {
    const code = this.#codes.get(candidate.id.join());
    return code ?? (this.feeBalanceOf(this.feeDue(candidate).payer) < 1n ? 'INSUFFICIENT_FEE_BALANCE' : 'OK');
  };

  setNonce(account: string, nonce: number): void {
    this.#nonces.set(account.charCodeAt(0), nonce);
  }

  setBalance(account: string, balance: bigint): void {
    this.#balances.set(account.charCodeAt(0), balance);
  }

  /** What the ledger says of a transaction. */
  setCode({ id }: PoolTransaction, code: ResultCode): void {
    this.#codes.set(id.join(), code);
  }

  /** Puts a transaction into a block: it uses its nonce. */
  include({ id, message }: PoolTransaction): void {
    this.#nonces.set(message.from[0] as number, message.nonce + 1);
    this.#committed.add(id.join());
  }
}

/** A mempool over a model ledger, with what the tests do to it in short. */
export class MempoolRun {
  readonly ledger = new ModelLedger();
  readonly pool: Mempool<PoolTransaction, NamedTransaction>;
  #height = 0;

  constructor(limits: Partial<MempoolLimits> = {}) {
    this.pool = new Mempool<PoolTransaction, NamedTransaction>({
      ledger: this.ledger,
      tip: TIP,
      limits: { ...MEMPOOL_LIMITS, ...limits },
    });
  }

  /** What became of a transaction, in short, then what else happened. */
  admit(added: NamedTransaction, source: Source = CLIENT, nowMs = 0): readonly string[] {
    const { outcome, changes } = this.pool.admit(added, source, nowMs);
    const first =
      outcome.type === 'refused' ? outcome.refusal.code : outcome.type === 'parked' ? `parked until ${outcome.untilMs}` : outcome.type;
    return [first, ...changes.map(inShort)];
  }

  /** What comes of a transaction that was promised before a restart. */
  restore(promised: NamedTransaction): readonly string[] {
    return this.pool.restore(promised).map(inShort);
  }

  /** Commits a block of these transactions, at this block time. */
  commit(transactions: readonly NamedTransaction[], timeSec = TIP.timeSec): readonly string[] {
    for (const each of transactions) this.ledger.include(each);
    this.#height++;
    const block: CommittedForMempool = { height: this.#height, tip: { ...TIP, timeSec }, transactions };
    return this.pool.committed(block).map(inShort);
  }

  candidates(transactionsMax = 1_000, bytesMax = 1_000_000): readonly string[] {
    return this.pool.candidates({ transactionsMax, bytesMax }).map(({ name }) => name);
  }
}

/** A change in a few words. */
function inShort(change: MempoolChange<NamedTransaction>): string {
  switch (change.type) {
    case 'admitted':
      return `admitted ${change.transaction.name}`;
    case 'dropped':
      return `dropped ${nameOf(change.id)}: ${change.refusal.code}`;
    case 'ended':
      return `${change.status} ${nameOf(change.id)}`;
  }
}

function nameOf(id: TransactionId): string {
  const [account = 0, high = 0, low = 0, variant = 0] = id;
  return `${String.fromCharCode(account)}${high * 256 + low}${variant === 0 ? '' : `'${variant}`}`;
}
