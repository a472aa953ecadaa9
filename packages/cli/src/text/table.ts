/** Rows under a head, columns as wide as they need; all but the first column to the right, where they are numbers, or to the left. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[], align: 'left' | 'right' = 'right'): string[] {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 || align === 'left' ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}
