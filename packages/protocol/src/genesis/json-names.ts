/** Names in a table read from JSON, sorted by code units so that the order of the document does not matter. */
export function sortedNames(table: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(table).sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}
