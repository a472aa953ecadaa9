/** Whether this power is a quorum (2f+1): strictly more than two thirds of the total. Source: paper, definition of 2f+1. */
export function hasQuorum(power: bigint, total: bigint): boolean {
  return power * 3n > total * 2n;
}

/** The least power that is a quorum of the total. */
export function leastQuorum(total: bigint): bigint {
  return (total * 2n) / 3n + 1n;
}

/** Whether this power contains an honest validator (f+1): strictly more than one third of the total. */
export function hasHonest(power: bigint, total: bigint): boolean {
  return power * 3n > total;
}
