import { InvalidArgumentError } from 'commander';

/** Takes an option that may be given once: of two, nobody knows which was meant. `before`: what commander has from earlier. */
export function readOnce(text: string, before: unknown): string {
  if (before !== undefined) throw new InvalidArgumentError('It may be given only once.');
  return text;
}
