/** A number with its noun, in the singular for one: `1 transaction`, `2 transactions`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
