import { isThird, type Powers } from './powers.ts';

/** A decision: who precommitted what in which round. Addresses in hex. */
export type SignedDecision = { readonly round: number; readonly value: string; readonly signers: readonly string[] };

/** Everything that is known to be prevoted: who prevoted a value in a round. */
export type KnownPrevotes = (round: number, value: string) => ReadonlySet<string>;

/** Who made two decisions of one height possible. */
export type Accusation = { readonly accused: readonly string[]; readonly isThird: boolean };

/**
 * Names validators that must have broken the rules for two blocks of one height to be decided.
 *
 * In one round they precommitted both. In two rounds they precommitted the first and, without a later prevote quorum that would have let them,
 * prevoted another value: looked for in the first round after it in which another value got a prevote quorum.
 */
export function accuse(
  powers: Powers,
  left: SignedDecision,
  right: SignedDecision,
  values: Iterable<string>,
  prevotes: KnownPrevotes,
): Accusation {
  const [first, last] = left.round <= right.round ? [left, right] : [right, left];
  const accused = new Set<string>();
  if (first.round === last.round) for (const signer of first.signers) if (last.signers.includes(signer)) accused.add(signer);
  const others = [...values].filter((value) => value !== first.value);
  for (let round = first.round + 1; round <= last.round && !isThird(powers, accused); round++)
    for (const value of others) {
      const voters = prevotes(round, value);
      const both = first.signers.filter((signer) => voters.has(signer));
      if (isThird(powers, both)) for (const signer of both) accused.add(signer);
    }
  return { accused: [...accused].sort(), isThird: isThird(powers, accused) };
}
