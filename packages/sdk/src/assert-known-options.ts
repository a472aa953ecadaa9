import { SdkError } from './errors.ts';

/**
 * Refuses an option that there is not: whoever misspells `expected` has no chain checked. Types say so at compile time, and not to programs
 * without types. `whole`: what has the options, as messages name it. Errors: `SDK_FIELD_UNKNOWN`, naming the first such option.
 */
export function assertKnownOptions<Options extends object>(
  given: Options,
  known: Readonly<Record<keyof Options, true>>,
  whole: string,
): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name))
      throw new SdkError('SDK_FIELD_UNKNOWN', `${name} is no option of ${whole}: it has ${Object.keys(known).join(', ')}`, { field: name });
  }
}
