/** What a node says of the nonces of an account. */
export type AccountNonces = {
  /** Nonce of the next transaction as of its last block. */
  readonly nonce: number;
  /** Lowest nonce that neither a block nor a transaction in its mempool has. */
  readonly pendingNonce: number;
};

/**
 * Which nonces of an account are free. Three parties use them: blocks, this wallet, and other programs that hold the same key.
 */
export class NonceLine {
  #nonce = 0;
  #pendingNonce = 0;
  readonly #own = new Set<number>();
  readonly #foreign = new Set<number>();

  /** Takes in what a node says. A node may lag behind another, so what was used once stays used. */
  observed({ nonce, pendingNonce }: AccountNonces): void {
    this.#nonce = Math.max(this.#nonce, nonce);
    this.#pendingNonce = pendingNonce;
    for (const each of this.#foreign) if (each < this.#nonce || each === pendingNonce) this.#foreign.delete(each);
  }

  /** The lowest free nonce. */
  get lowestFree(): number {
    let nonce = this.#nonce;
    while (this.#own.has(nonce) || this.#foreign.has(nonce) || nonce < this.#pendingNonce) nonce += 1;
    return nonce;
  }

  /** Takes the lowest free nonce for a transaction of this wallet. */
  take(): number {
    const nonce = this.lowestFree;
    this.#own.add(nonce);
    return nonce;
  }

  /** A transaction of an earlier run of this wallet has the nonce. */
  adopt(nonce: number): void {
    this.#own.add(nonce);
  }

  /** The transaction that had the nonce will never be in a block. */
  release(nonce: number): void {
    this.#own.delete(nonce);
    // What the node said may have counted the transaction that is gone.
    this.#pendingNonce = Math.min(this.#pendingNonce, nonce);
  }

  /** A block has the transaction with this nonce. */
  used(nonce: number): void {
    this.#own.delete(nonce);
    this.#nonce = Math.max(this.#nonce, nonce + 1);
  }

  /** Another program has used the nonce. */
  lost(nonce: number): void {
    this.#own.delete(nonce);
    this.#foreign.add(nonce);
  }
}
