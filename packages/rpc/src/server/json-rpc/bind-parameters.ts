import type * as z from 'zod';
import { type Method, type Parameter, parametersOf } from '../../contract/index.ts';
import { RpcError } from '../rpc-error.ts';
import { describeIssue } from './describe-issue.ts';
import type { CallParameters } from './parse-call.ts';

const REASON_CHARACTERS_MAX = 256;

/**
 * Parameters of a call, by name, checked and decoded.
 *
 * Errors: `INVALID_PARAMS` naming the first field that is wrong: missing, unknown, too many, or not of its shape.
 */
export function bindParameters(method: Method, params: CallParameters): object {
  const definitions = parametersOf(method);
  const given = isPositional(params) ? byPosition(definitions, params) : byName(definitions, params);
  return Object.fromEntries(definitions.map(([name, { shape }]) => [name, checked(name, shape, given.get(name))]));
}

type Definitions = readonly (readonly [string, Parameter<unknown>])[];

const isPositional = (params: CallParameters): params is readonly unknown[] => Array.isArray(params);

function byPosition(definitions: Definitions, params: readonly unknown[]): ReadonlyMap<string, unknown> {
  if (params.length > definitions.length) {
    throw new RpcError('INVALID_PARAMS', {
      field: 'params',
      reason: `${params.length} are given, at most ${definitions.length} are taken`,
    });
  }
  return new Map(definitions.map(([name], position) => [name, params[position]]));
}

/** What is not the name of a parameter belongs to the one that is spread, unless that one is given under its own name. */
function byName(definitions: Definitions, params: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const spread = definitions.find(([, { isSpread }]) => isSpread === true)?.[0];
  const given = new Map<string, unknown>();
  const rest: [string, unknown][] = [];
  for (const [name, value] of Object.entries(params)) {
    if (definitions.some(([each]) => each === name)) given.set(name, value);
    else rest.push([name, value]);
  }
  const [first] = rest;
  if (first === undefined) return given;
  if (spread === undefined || given.has(spread)) {
    throw new RpcError('INVALID_PARAMS', { field: first[0].slice(0, 64), reason: 'is not a parameter of this method' });
  }
  return given.set(spread, Object.fromEntries(rest));
}

function checked(name: string, shape: z.ZodType, value: unknown): unknown {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const isMissing = value === undefined;
  throw new RpcError('INVALID_PARAMS', {
    field: [name, ...fieldPath(issue)].join('.').slice(0, 128),
    reason: (isMissing ? 'is missing' : describeIssue(issue)).slice(0, REASON_CHARACTERS_MAX),
  });
}

function fieldPath(issue: z.core.$ZodIssue | undefined): readonly string[] {
  if (issue === undefined) return [];
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return [...path, ...issue.keys.slice(0, 1)];
  const field: unknown = issue.code === 'custom' ? issue.params?.['field'] : undefined;
  return typeof field === 'string' && field.startsWith('message.') ? [...path, field] : path;
}
