import type { GroundName } from './ground-names.ts';

/** A mistake somebody might make: one piece of source text replaced by another while it is loaded. Nothing of it exists in a build. */
export type PlantedBug = {
  /** Kebab-case, and its own among all. */
  readonly name: string;
  /** What goes wrong, in one sentence. */
  readonly breaks: string;
  /** Path below `packages`. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Where it is hunted. */
  readonly ground: GroundName;
};
