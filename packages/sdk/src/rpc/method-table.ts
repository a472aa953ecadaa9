import type { DeclaredTransaction, SignedTransaction, TransactionJsonInput, UnsignedTransaction } from '@mutual-chain/protocol';
import * as contract from '@mutual-chain/rpc/contract';
import { SdkError } from '../errors.ts';

type Contract = typeof contract;

/** Name on the wire of what the contract exports under a name. */
type WireName<Name extends string> = Name extends 'discover' ? 'rpc.discover' : `mutual_${Name}`;

/** Every method of the contract under its name on the wire. What the contract gains is callable at once. */
type MethodTable = {
  [Name in keyof Contract & string as Contract[Name] extends contract.Method<infer _Parameters, infer _Result>
    ? WireName<Name>
    : never]: Contract[Name];
};

/** Name of a method, such as `mutual_getAccount`. */
export type MethodName = keyof MethodTable;

/** What a method answers. */
export type MethodResult<Name extends MethodName> =
  MethodTable[Name] extends contract.Method<infer _Parameters, infer Result> ? Result : never;

type DecodedParameters<Name extends MethodName> =
  MethodTable[Name] extends contract.Method<infer Parameters, infer _Result> ? Parameters : never;

/** What a message that a node completes may leave out. */
type Incomplete<Transaction> = Transaction extends { readonly type: infer Type; readonly message: infer Message }
  ? {
      readonly type: Type;
      readonly message: Omit<Message, contract.FilledInField> & Partial<Pick<Message, contract.FilledInField & keyof Message>>;
    }
  : never;

/** A value as it is given: bytes also as hex, transactions also in their JSON form. */
type Given<Value> = Value extends DeclaredTransaction
  ? SignedTransaction | TransactionJsonInput
  : Value extends contract.IncompleteTransaction
    ? Incomplete<UnsignedTransaction> | contract.IncompleteTransactionJson
    : Value extends UnsignedTransaction
      ? Value
      : Value extends Uint8Array
        ? Value | string
        : Value extends readonly (infer Item)[]
          ? readonly Given<Item>[]
          : Value extends object
            ? WithDefaults<Value, FieldWithDefault>
            : Value;

type FieldWithDefault = 'limit' | 'transactions';

type WithDefaults<Fields, Names> = { readonly [Name in keyof Fields as Name extends Names ? never : Name]: Given<Fields[Name]> } & {
  readonly [Name in keyof Fields as Name extends Names ? Name : never]?: Given<Fields[Name]>;
};

/** Parameters that have a default, whatever the method; a test holds the list to the contract. */
export const PARAMETERS_WITH_DEFAULT = ['height', 'options', 'filter', 'page'] as const;

/** Parameters of a method by name. Heights are numbers, amounts bigints, bytes `Uint8Array` or 0x hex. */
export type MethodParameters<Name extends MethodName> = WithDefaults<DecodedParameters<Name>, (typeof PARAMETERS_WITH_DEFAULT)[number]>;

const byName: ReadonlyMap<string, contract.Method> = new Map(contract.METHODS.map((method) => [method.name, method]));

/** The method of a name. Errors: `SDK_PARAMETERS_INVALID` when the contract has none. */
export function methodOf(name: string): contract.Method {
  const method = byName.get(name);
  if (method === undefined) throw new SdkError('SDK_PARAMETERS_INVALID', `there is no method ${name}`, { field: 'method' });
  return method;
}
