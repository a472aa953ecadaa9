import { parseArgs } from 'node:util';
import { type OptionOverrides, PROFILES, type Profile } from '../faults/draw-options.ts';
import { FAULT_CLASSES, type FaultClass } from '../faults/simulation-options.ts';

/** What the command line asks for. */
export type CommandLine = {
  readonly seeds: number;
  readonly from: bigint;
  /** One seed, to be looked at. */
  readonly seed: bigint | undefined;
  readonly overrides: OptionOverrides;
  readonly jobs: number;
  readonly isJson: boolean;
  readonly isTraced: boolean;
  readonly isTwice: boolean;
  readonly isShrinking: boolean;
  /** Validators, keys used twice, partitions, rounds. */
  readonly twins: readonly number[] | undefined;
  /** Names of planted bugs with commas between them, or `all`. */
  readonly planted: string | undefined;
};

/** How the command is used. */
export const USAGE: string = `usage: pnpm sim --seeds N [--from S] [--validators n] [--heights n] [--profile ${PROFILES.join('|')}] [--jobs n] [--json] [--twice]
       pnpm sim --seed S [--trace] [--without a,b]
       pnpm sim --twins validators,twins,partitions,rounds [--jobs n] [--json]
       pnpm sim --planted all|name,name [--jobs n] [--json]
fault classes to go without: ${FAULT_CLASSES.join(', ')}`;

/** Reads the command line. Throws with a sentence when it cannot be understood. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      validators: { type: 'string' },
      heights: { type: 'string' },
      profile: { type: 'string' },
      without: { type: 'string' },
      jobs: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      twice: { type: 'boolean', default: false },
      'no-shrink': { type: 'boolean', default: false },
      twins: { type: 'string' },
      planted: { type: 'string' },
    },
  });
  const without = values.without === undefined ? undefined : values.without.split(',').map((each) => oneOf(each, FAULT_CLASSES, 'without'));
  return {
    seeds: wholeNumber(values.seeds, 'seeds'),
    from: seedOf(values.from),
    seed: values.seed === undefined ? undefined : seedOf(values.seed),
    overrides: {
      ...(values.profile === undefined ? {} : { profile: oneOf<Profile>(values.profile, PROFILES, 'profile') }),
      ...(values.validators === undefined ? {} : { validators: wholeNumber(values.validators, 'validators') }),
      ...(values.heights === undefined ? {} : { heights: wholeNumber(values.heights, 'heights') }),
      ...(without === undefined ? {} : { without: without as readonly FaultClass[] }),
    },
    jobs: wholeNumber(values.jobs, 'jobs'),
    isJson: values.json,
    isTraced: values.trace,
    isTwice: values.twice,
    isShrinking: !values['no-shrink'],
    twins: values.twins?.split(',').map((each) => wholeNumber(each, 'twins')),
    planted: values.planted,
  };
}

function wholeNumber(text: string, name: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new RangeError(`--${name} is a whole number from 1, not ${text}`);
  return number;
}

function seedOf(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new RangeError(`a seed is a whole number from 0, not ${text}`);
  return BigInt.asUintN(64, BigInt(text));
}

function oneOf<Text extends string>(text: string, allowed: readonly Text[], name: string): Text {
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new RangeError(`--${name} is one of ${allowed.join(', ')}, not ${text}`);
  return found;
}
