import type * as z from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  null: 'null',
};
/** Choices that are named in a reason; of more, the first ones stand for all. */
const CHOICES_MAX = 8;

/** What is wrong with a value, in words that finish a sentence about its field. The value itself is not part of them. */
export function describeIssue(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'is invalid';
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? 'is missing' : `has to be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return 'is not a field: leave it out';
    case 'too_big':
      return `has to ${measured(issue.origin, 'at most', issue.maximum)}`;
    case 'too_small':
      return `has to ${measured(issue.origin, 'at least', issue.minimum)}`;
    case 'invalid_value':
      return `has to be ${choices(issue.values)}`;
    case 'invalid_union':
      return describeUnion(issue);
    // What a shape of ours says itself.
    case 'custom':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return issue.message;
  }
}

/** Of a value that is not there, only the message of the library says so. */
function isMissing({ message }: z.core.$ZodIssue): boolean {
  return message.endsWith('received undefined');
}

function measured(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${bound} ${counted(limit, 'character')}`;
  if (origin === 'array' || origin === 'set') return `have ${bound} ${counted(limit, 'item')}`;
  return `be ${bound} ${limit}`;
}

function counted(count: number | bigint, noun: string): string {
  return `${count} ${noun}${Number(count) === 1 ? '' : 's'}`;
}

function choices(values: readonly unknown[]): string {
  const named = values.slice(0, CHOICES_MAX).map(String).join(', ');
  if (values.length === 1) return named;
  return values.length <= CHOICES_MAX
    ? `one of ${named}`
    : `one of ${named} and ${values.length - CHOICES_MAX} others, which rpc.discover lists`;
}

function describeUnion(issue: z.core.$ZodIssueInvalidUnion): string {
  const { options } = issue as { readonly options?: readonly unknown[] };
  if (options !== undefined) return `has to be ${choices(options)}`;
  const reasons = issue.errors.flatMap((errors) => errors.slice(0, 1).map(describeIssue));
  const [first = 'is invalid', ...others] = [...new Set(reasons)];
  return [first, ...others.map((reason) => reason.replace(/^has to /, ''))].join(', or ');
}
