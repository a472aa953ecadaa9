import type { PlantedBug } from './planted-bug.ts';

/** The text of the bug's file with the bug in it. Throws a `RangeError` when the text to be replaced is not there exactly once. */
export function plant({ name, file, find, replace }: PlantedBug, text: string): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new RangeError(`«${find}» of ${name} stands ${more.length + (after === undefined ? 0 : 1)} times in ${file}, not once`);
  return before + replace + after;
}
