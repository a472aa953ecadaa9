import type * as z from 'zod';
import type { RpcErrorCode } from './errors.ts';

/** One parameter of a method. */
export type Parameter<Value> = {
  readonly description: string;
  /** Checks the JSON and turns it into the value; a shape that accepts undefined makes the parameter optional. */
  readonly shape: z.ZodType<Value>;
  /** By name, the fields of this object may also stand directly among the parameters. At most one parameter of a method is spread. */
  readonly isSpread?: true;
};

/** A method of the interface: what documents, validation, server and clients are made from. */
export type Method<Parameters extends object = object, Result = unknown> = {
  readonly name: string;
  /** One sentence: what it answers. */
  readonly summary: string;
  /** By name, in the order in which they stand when they are given by position. */
  readonly parameters: { readonly [Name in keyof Parameters]: Parameter<Parameters[Name]> };
  readonly result: { readonly description: string; readonly shape: z.ZodType<Result> };
  /** Errors a caller has to expect, besides those that every method can have. */
  readonly errors: readonly RpcErrorCode[];
};
