/** How long a block that is built here may take to execute, ms. Others execute it too, one after the other before they vote. */
export const EXECUTION_MS_MAX = 150;
/** Fewest transactions that a block may have, however slow the machine is. */
export const PACED_TRANSACTIONS_MIN = 50;

/** What a transaction costs before any was executed, ms. */
const COST_MS_FIRST = 0.1;
/** Blocks with fewer transactions say little about what one costs. */
const MEASURED_TRANSACTIONS_MIN = 20;
/** Share of the newest measurement in the estimate. */
const NEWEST_SHARE = 0.3;

/** How many transactions a block may have so that executing it does not hold back the votes, by what executing them took lately. */
export class ExecutionPace {
  #costMs = COST_MS_FIRST;

  /** Most transactions of the next block that is built. */
  get transactionsMax(): number {
    return Math.max(PACED_TRANSACTIONS_MIN, Math.floor(EXECUTION_MS_MAX / this.#costMs));
  }

  /** A block was built or executed in this time. */
  executed(transactions: number, durationMs: number): void {
    if (transactions < MEASURED_TRANSACTIONS_MIN) return;
    this.#costMs += (durationMs / transactions - this.#costMs) * NEWEST_SHARE;
  }
}
