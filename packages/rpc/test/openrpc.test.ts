// Goal: the document that the node serves is a valid OpenRPC document and describes every method.
// Method: validate it with the meta schema of OpenRPC, and each schema in it with the meta schema of JSON Schema.

import * as openRpc from '@open-rpc/meta-schema';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { METHODS, openRpcDocument } from '../src/contract/index.ts';

/** The meta schema of OpenRPC refers to one of JSON Schema by two spellings of another name, and to one part of it by its path. */
const jsonSchema = {
  allOf: [{ $ref: 'http://json-schema.org/draft-07/schema#' }],
  definitions: { JSONSchemaObject: { properties: { $ref: { type: 'string' } } } },
};

/** The package exports the schema, which its types leave out. */
const metaSchema = (openRpc as unknown as { readonly openrpcDocument: Record<string, unknown> }).openrpcDocument;

const document = openRpcDocument('1.2.3');

describe('the OpenRPC document', () => {
  test('satisfies the meta schema of OpenRPC', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false });
    for (const $id of ['https://meta.json-schema.tools', 'https://meta.json-schema.tools/']) ajv.addSchema({ ...jsonSchema, $id });
    const validate = ajv.compile(metaSchema);
    validate(document);
    expect(validate.errors).toBe(null);
    expect(validate({ ...document, methods: [{ name: 7 }] })).toBe(false);
  });

  test('describes every method in the order of the contract, with the version it is given', () => {
    expect({ version: document.info.version, methods: document.methods.map(({ name }) => name) }).toEqual({
      version: '1.2.3',
      methods: METHODS.map(({ name }) => name).filter((name) => name !== 'rpc.discover'),
    });
  });

  test('survives JSON, and every reference in it leads to a component', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references)].filter((reference) => !known.includes(reference ?? ''))).toEqual([]);
  });

  test.each(document.methods.flatMap(({ name, params, result }) => [...params, result].map((each) => ({ method: name, ...each }))))(
    '$method: $name has a schema that compiles',
    ({ schema }) => {
      const ajv = new Ajv({ strict: false });
      const rooted = { ...schema, components: document.components };
      expect(typeof ajv.compile(rooted)).toBe('function');
    },
  );
});
