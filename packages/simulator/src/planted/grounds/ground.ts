/** What gave a bug away. */
export type Catch = { readonly checker: string; readonly description: string };

/** A place where bugs are hunted, seed by seed. Sources without a bug are clean on every seed. */
export type Ground = {
  /** What is done there, in one sentence. */
  readonly what: string;
  /** Most seeds that are tried, from 1 on. */
  readonly seeds: number;
  /** What breaks a rule with this seed; undefined when nothing does. */
  readonly search: (seed: bigint) => Promise<Catch | undefined> | Catch | undefined;
};
