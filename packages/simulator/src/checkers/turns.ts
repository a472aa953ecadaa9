import type { HistoryChange } from './chain-history.ts';
import type { Powers } from './powers.ts';

type Row = { readonly address: string; readonly power: bigint; priority: bigint };

/**
 * Whose turn it is, worked out once more: weighted round robin by power. In each step priorities are brought into a window of twice the total
 * and centred, then grow by their power, and the highest pays the total. A joiner starts at −1.125 times the total.
 */
export class Turns {
  /** Rows before the step of each height. */
  readonly #heights: (readonly Row[])[] = [];

  constructor(powers: Powers) {
    this.#heights[1] = centre([...powers].map(([address, power]) => ({ address, power, priority: 0n })));
  }

  /** The validators of a height follow from those of the one before and the changes, in order; heights come one after the other. */
  append(height: number, changes: readonly HistoryChange[]): void {
    const before = this.#heights[height - 1];
    if (before === undefined || this.#heights[height] !== undefined) return;
    let { rows } = step(before);
    const joined = new Set<string>();
    for (const { member, power } of changes) {
      const known = rows.find(({ address }) => address === member);
      if (known === undefined) joined.add(member);
      const others = rows.filter((row) => row !== known);
      rows = power === 0n ? others : [...others, { address: member, power, priority: known?.priority ?? 0n }];
    }
    let total = 0n;
    for (const { power } of rows) total += power;
    for (const row of rows) if (joined.has(row.address)) row.priority = -(total + total / 8n);
    this.#heights[height] = changes.length === 0 ? rows : centre(rows);
  }

  /** Address in hex of the proposer; undefined when the validators of the height are not known. */
  proposerOf(height: number, round: number): string | undefined {
    let rows = this.#heights[height];
    if (rows === undefined) return undefined;
    let turn = '';
    for (let each = 0; each <= round; each++) ({ rows, turn } = step(rows));
    return turn;
  }
}

function step(before: readonly Row[]): { readonly rows: Row[]; readonly turn: string } {
  const rows = centre(before);
  let total = 0n;
  for (const row of rows) total += row.power;
  for (const row of rows) row.priority += row.power;
  const [first] = [...rows].sort((left, right) =>
    left.priority === right.priority ? (left.address < right.address ? -1 : 1) : left.priority > right.priority ? -1 : 1,
  );
  if (first !== undefined) first.priority -= total;
  return { rows, turn: first?.address ?? '' };
}

function centre(before: readonly Row[]): Row[] {
  let total = 0n;
  for (const { power } of before) total += power;
  const priorities = before.map(({ priority }) => priority).sort((left, right) => (left < right ? -1 : 1));
  const spread = (priorities.at(-1) ?? 0n) - (priorities[0] ?? 0n);
  const window = 2n * total;
  const ratio = spread > window ? (spread + window - 1n) / window : 1n;
  const rows = before.map((row) => ({ ...row, priority: row.priority / ratio }));
  let sum = 0n;
  for (const { priority } of rows) sum += priority;
  const count = BigInt(rows.length);
  const average = (sum - (((sum % count) + count) % count)) / count;
  return rows.map((row) => ({ ...row, priority: row.priority - average }));
}
