import type { SubmissionOutcome } from './ports.ts';

/** What was handed in together and is answered together. */
export class Submission {
  /** Resolves when every outcome is there. */
  readonly answered: Promise<readonly SubmissionOutcome[]>;
  readonly #outcomes: SubmissionOutcome[] = [];
  #missing: number;
  #resolve: (outcomes: readonly SubmissionOutcome[]) => void = () => undefined;

  constructor(count: number) {
    this.#missing = count;
    this.answered = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (count === 0) this.#resolve([]);
  }

  /** Sets the outcome at an index, once. */
  set(index: number, outcome: SubmissionOutcome): void {
    this.#outcomes[index] = outcome;
    this.#missing--;
    if (this.#missing === 0) this.#resolve(this.#outcomes);
  }
}

/** The place of one transaction in a submission. */
export type Slot = { readonly submission: Submission; readonly index: number };

/** Answers all of them alike. */
export function answer(slots: readonly Slot[], outcome: SubmissionOutcome): void {
  for (const { submission, index } of slots) submission.set(index, outcome);
}
