import * as z from 'zod';
import { numberOf, RPC_ERRORS } from './errors.ts';
import type { Method, Parameter } from './method.ts';
import { METHODS } from './methods.ts';
import type { ContentDescriptor, JsonSchema, OpenRpcDocument } from './openrpc-document.ts';
import { accountJson, balanceJson } from './shapes/account-json.ts';
import { assetJson } from './shapes/asset-json.ts';
import { blockJson, certificateJson, headerJson } from './shapes/block-json.ts';
import { chainInfoJson, diagnosisJson, statusJson } from './shapes/chain-json.ts';
import { debtJson } from './shapes/debt-json.ts';
import { parametersAtJson, validatorsJson } from './shapes/governance-json.ts';
import { lotJson } from './shapes/lot-json.ts';
import { addressParameter, assetParameter, heightParameter, lotIdParameter, transactionIdParameter } from './shapes/parameters.ts';
import { recordJson } from './shapes/record-json.ts';
import { blockTransactionJson, receiptJson, sentJson, transactionStatusJson } from './shapes/transaction-json.ts';
import { incompleteTransactionParameter, transactionParameter, unsignedTransactionParameter } from './shapes/transaction-parameters.ts';

/** Shapes that documents give a name of their own, so that a method refers to them instead of repeating them. */
const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  Account: accountJson,
  Address: addressParameter,
  Asset: assetJson,
  AssetId: assetParameter,
  Balance: balanceJson,
  Block: blockJson,
  BlockTransaction: blockTransactionJson,
  Certificate: certificateJson,
  ChainInfo: chainInfoJson,
  Debt: debtJson,
  Diagnosis: diagnosisJson,
  Header: headerJson,
  Height: heightParameter,
  IncompleteTransaction: incompleteTransactionParameter,
  Lot: lotJson,
  LotId: lotIdParameter,
  Parameters: parametersAtJson,
  Receipt: receiptJson,
  Record: recordJson,
  Sent: sentJson,
  Status: statusJson,
  Transaction: transactionParameter,
  TransactionId: transactionIdParameter,
  TransactionStatus: transactionStatusJson,
  UnsignedTransaction: unsignedTransactionParameter,
  Validators: validatorsJson,
};

const referenceTo = (name: string): string => `#/components/schemas/${name}`;

/** Gives each shape that a document needs a name, and all of them a schema at once, so that they can refer to each other. */
function schemasOf(methods: readonly Method[]): (shape: z.ZodType) => JsonSchema {
  const registry = z.registry<{ id: string }>();
  const names = new Map<z.ZodType, string>();
  const add = (name: string, shape: z.ZodType): void => {
    if (names.has(shape)) return;
    names.set(shape, name);
    registry.add(shape, { id: name });
  };
  for (const [name, shape] of Object.entries(COMPONENTS)) add(name, shape);
  for (const method of methods) {
    for (const [name, { shape }] of parametersOf(method)) add(`${method.name}.${name}`, shape);
    add(`${method.name}.result`, method.result.shape);
  }
  const { schemas } = z.toJSONSchema(registry, { uri: referenceTo, io: 'input', target: 'draft-7', unrepresentable: 'any' });
  return (shape) => {
    const { $schema, $id, ...schema } = schemas[names.get(shape) ?? ''] ?? {};
    return schema;
  };
}

/** The parameters of a method by name, in order. */
export function parametersOf(method: Method): readonly (readonly [string, Parameter<unknown>])[] {
  return Object.entries(method.parameters);
}

/** Whether a parameter may be left out. */
export function isOptional({ shape }: Parameter<unknown>): boolean {
  return shape.safeParse(undefined).success;
}

/**
 * The document of the interface as `rpc.discover` serves it, made from the shapes that validate.
 *
 * `version` is that of the program. Source: OpenRPC 1.3.
 */
export function openRpcDocument(version: string): OpenRpcDocument {
  const described = METHODS.filter(({ name }) => name !== 'rpc.discover');
  const schemaOf = schemasOf(described);
  const schemaOrReference = (shape: z.ZodType): JsonSchema => {
    const name = Object.entries(COMPONENTS).find(([, each]) => each === shape)?.[0];
    return name === undefined ? schemaOf(shape) : { $ref: referenceTo(name) };
  };
  const result = ({ name, result: { description, shape } }: Method): ContentDescriptor => ({
    name: `${name.replace(/^.*[._]/, '')}Result`,
    description,
    schema: schemaOrReference(shape),
  });
  return {
    openrpc: '1.3.2',
    info: {
      title: 'Mutual Chain',
      version,
      description:
        'JSON-RPC 2.0 over HTTP. Parameters are taken by position or by name; by name, the fields of an object that a method takes may also stand directly.',
    },
    methods: described.map((method) => ({
      name: method.name,
      summary: method.summary,
      paramStructure: 'either',
      params: parametersOf(method).map(([name, parameter]) => ({
        name,
        description: parameter.description,
        required: !isOptional(parameter),
        schema: schemaOrReference(parameter.shape),
      })),
      result: result(method),
      errors: method.errors.map((code) => ({ code: numberOf(code), message: RPC_ERRORS[code].meaning, data: { code } })),
    })),
    components: { schemas: Object.fromEntries(Object.entries(COMPONENTS).map(([name, shape]) => [name, schemaOf(shape)])) },
  };
}
