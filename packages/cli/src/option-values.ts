import { InvalidArgumentError } from 'commander';

/** Reads an option that may be given once: of two, nobody knows which was meant. One for each option of each program. */
export function once<Value>(read: (text: string) => Value): (text: string) => Value {
  let isGiven = false;
  return (text) => {
    if (isGiven) throw new InvalidArgumentError('It may be given only once.');
    isGiven = true;
    return read(text);
  };
}

/** Reads any text but an empty one. */
export function filledText(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return text;
}

/** Reads the name of a folder; an empty one would be the current folder. */
export function folderName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It has to name a folder; for the current one write a dot.');
  return text;
}

/** Reads a whole number within a range in the one way to write it: no sign, no leading zero. */
export function wholeNumber(from: number, to: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : -1;
    if (number >= from && number <= to) return number;
    const range = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`;
    throw new InvalidArgumentError(`It has to be a whole number ${range}, without sign or leading zeros.`);
  };
}
