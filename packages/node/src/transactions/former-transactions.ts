import type { Address, TransactionId } from '@mutual-chain/protocol';
import { keyOf } from '../mempool/byte-key.ts';
import type { TransactionCandidate } from '../mempool/read-candidate.ts';

/**
 * What this node had promised before it was restarted and nobody has looked at yet. It is looked at account by account, each in the order of nonces: a
 * journal that was written anew has lost that order.
 */
export class FormerTransactions {
  readonly #byId: Map<string, TransactionCandidate>;
  /** Ascending by nonce. */
  readonly #byAccount = new Map<string, TransactionCandidate[]>();

  constructor(candidates: readonly TransactionCandidate[]) {
    this.#byId = new Map(candidates.map((candidate) => [keyOf(candidate.id), candidate]));
    for (const candidate of [...candidates].sort((left, right) => left.message.nonce - right.message.nonce)) {
      const account = keyOf(candidate.message.from);
      const ofAccount = this.#byAccount.get(account);
      if (ofAccount === undefined) this.#byAccount.set(account, [candidate]);
      else ofAccount.push(candidate);
    }
  }

  /** Number of transactions. */
  get size(): number {
    return this.#byId.size;
  }

  find(id: TransactionId): TransactionCandidate | undefined {
    return this.#byId.get(keyOf(id));
  }

  /** Takes out the next one. */
  shift(): TransactionCandidate | undefined {
    for (const [account, candidates] of this.#byAccount) {
      const next = candidates.shift();
      if (candidates.length === 0) this.#byAccount.delete(account);
      if (next !== undefined) this.#byId.delete(keyOf(next.id));
      return next;
    }
    return undefined;
  }

  /**
   * The lowest nonce from `nonce` on that none of these has which is valid at a block time, unix seconds. `nonce` is the lowest that nothing else of the
   * account has; as those with lower nonces come first, nothing else has a higher one.
   */
  nextNonce(address: Address, nonce: number, timeSec: number): number {
    let next = nonce;
    for (const { message } of this.#byAccount.get(keyOf(address)) ?? []) if (message.nonce === next && message.validUntil > timeSec) next++;
    return next;
  }
}
