/** Voting power of each validator by its address in hex. Kept by the checkers themselves. */
export type Powers = ReadonlyMap<string, bigint>;

/** Sum of all power. */
function sumOf(powers: Powers): bigint {
  let sum = 0n;
  for (const power of powers.values()) sum += power;
  return sum;
}

/** Whether what is missing from a group of validators is less than a third: then the group has more than two thirds. */
export function isTwoThirds(powers: Powers, members: Iterable<string>): boolean {
  let missing = sumOf(powers);
  const total = missing;
  for (const member of new Set(members)) missing -= powers.get(member) ?? 0n;
  return missing + missing + missing < total;
}

/** Whether a group has at least a third. */
export function isThird(powers: Powers, members: Iterable<string>): boolean {
  let power = 0n;
  for (const member of new Set(members)) power += powers.get(member) ?? 0n;
  return power + power + power >= sumOf(powers);
}

/** Addresses in the order of a set. */
export function orderedMembers(powers: Powers): readonly string[] {
  return [...powers].flatMap(([address, power]) => (power > 0n ? [address] : [])).sort();
}

/** Hex of bytes, without a prefix. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
