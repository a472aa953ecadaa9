/** The name that was probably meant, or undefined when none is close: a third of the letters may differ, two in any case. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    const edits = editsBetween(written.toLowerCase(), name.toLowerCase());
    if (edits >= least) continue;
    nearest = name;
    least = edits;
  }
  return nearest;
}

/** Fewest letters to put in, take out, replace or swap with their neighbour. Source: optimal string alignment, one row at a time. */
function editsBetween(left: string, right: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at++) {
    const row = [at];
    for (let of = 1; of <= right.length; of++) {
      const isSame = left[at - 1] === right[of - 1];
      const isSwapped = at > 1 && of > 1 && left[at - 1] === right[of - 2] && left[at - 2] === right[of - 1];
      row.push(
        Math.min(
          (last[of - 1] ?? 0) + (isSame ? 0 : 1),
          (last[of] ?? 0) + 1,
          (row[of - 1] ?? 0) + 1,
          isSwapped ? (beforeLast[of - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}
