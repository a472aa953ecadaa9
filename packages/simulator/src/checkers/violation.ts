/** The checkers, by what they hold the cluster to. */
export const CHECKERS = [
  'agreement',
  'validity',
  'certificate',
  'doubleSign',
  'lock',
  'turn',
  'round',
  'durability',
  'stateRoot',
  'conservation',
  'evidence',
  'honestCut',
  'halt',
  'replay',
  'bounds',
  'mempool',
  'body',
  'liveness',
  'convergence',
] as const;

/** One of `CHECKERS`. */
export type CheckerName = (typeof CHECKERS)[number];

/** A rule that was broken. */
export type Violation = { readonly checker: CheckerName; readonly description: string; readonly atMs: number };

/** Ends a simulation. It is no `Error`, so that no node takes it for a failure of its own. */
export class ViolationFound {
  readonly violation: Violation;

  constructor(violation: Violation) {
    this.violation = violation;
  }
}

/** Keeps the first violation: what comes after it may only be its consequence. */
export class Verdict {
  readonly #nowMs: () => number;
  #violation: Violation | undefined;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The first rule that was broken; undefined when none was. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  /** Ends the simulation with a violation. */
  report(checker: CheckerName, description: string): never {
    this.#violation ??= { checker, description, atMs: this.#nowMs() };
    throw new ViolationFound(this.#violation);
  }
}
