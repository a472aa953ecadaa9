import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/limits.ts';
import { transactionToJson } from '../../src/transaction/json-codec.ts';
import { schemaOfNumber, schemaOfType, TRANSACTION_SCHEMAS } from '../../src/transaction/schema.ts';
import { encodeSignedBytes } from '../../src/transaction/transaction-codec.ts';
import { COMMON_FIELDS, TRANSACTION_TYPES } from '../../src/transaction/transaction-types.ts';
import { fieldsOf, sampleOf, TYPES } from './table-arbitrary.ts';

/*
 * Goal: the table of types keeps the promises that its readers rely on.
 */
describe('the table of types', () => {
  it('numbers the types from 1, each once', () => {
    expect(TRANSACTION_SCHEMAS.map((schema) => schema.number)).toEqual(TYPES.map((_, index) => index + 1));
    for (const schema of TRANSACTION_SCHEMAS) {
      expect(schemaOfType(schema.type)).toBe(schema);
      expect(schemaOfNumber(schema.number)).toBe(schema);
    }
  });

  it('gives every field a name of its own, and every kind that needs one a limit', () => {
    for (const type of TYPES) {
      const names = fieldsOf(type).map((field) => field.name);
      expect(new Set(names).size).toBe(names.length);
      // A field of this name would turn up in the wrong place of an object.
      expect(names).not.toContain('__proto__');
      for (const field of fieldsOf(type)) {
        expect(field.maxBytes !== undefined, `${type}.${field.name}`).toBe(field.kind === 'string' || field.kind === 'bytes');
        expect(field.maxItems !== undefined, `${type}.${field.name}`).toBe(field.kind === 'address[]');
        expect((field.maxBytes ?? field.maxItems ?? 1) > 0).toBe(true);
      }
    }
  });

  it('begins every type with the common fields', () => {
    for (const schema of TRANSACTION_SCHEMAS) expect(schema.fields.slice(0, 4)).toMatchObject(COMMON_FIELDS);
  });

  it('holds the limits of the chain', () => {
    const LIMIT_OF_NAME: Readonly<Record<string, number>> = {
      asset: LIMITS.assetIdBytesMax,
      memo: LIMITS.memoBytesMax,
      reason: LIMITS.memoBytesMax,
      reference: LIMITS.referenceBytesMax,
      externalRef: LIMITS.referenceBytesMax,
      destination: LIMITS.referenceBytesMax,
      gateways: LIMITS.gatewaysPerAssetMax,
    };
    for (const type of TYPES) {
      for (const field of fieldsOf(type)) {
        const limit = LIMIT_OF_NAME[field.name];
        if (limit !== undefined) expect(field.maxBytes ?? field.maxItems, `${type}.${field.name}`).toBe(limit);
      }
    }
    for (const type of ['DefineAsset', 'ProposeAsset'] as const) {
      expect(fieldsOf(type).find((field) => field.name === 'name')?.maxBytes).toBe(LIMITS.assetNameBytesMax);
    }
  });

  it('lets no type grow beyond the most bytes of a transaction', () => {
    for (const type of TYPES) expect(encodeSignedBytes(sampleOf(type, true)).length).toBeLessThanOrEqual(LIMITS.transactionBytesMax);
  });

  it('lets no type grow beyond the most characters and levels of its JSON form', () => {
    for (const type of TYPES) {
      const full = transactionToJson(sampleOf(type, true));
      const escaped = JSON.stringify({ ...full, sponsor: { address: `0x${'0'.repeat(40)}`, signature: full.signature } }, null, 2).replace(
        /x/g,
        '\\u0078',
      );
      expect(escaped.length).toBeLessThanOrEqual(LIMITS.transactionJsonCharactersMax);
    }
    expect(LIMITS.transactionJsonDepthMax).toBeGreaterThanOrEqual(3);
  });

  it('has no type by another name or number', () => {
    expect(() => schemaOfType('Nothing')).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_TYPE_UNKNOWN' }));
    expect(() => schemaOfNumber(0)).toThrow('type is 0, which is no transaction type');
    expect(Object.keys(TRANSACTION_TYPES)).toEqual(TYPES);
  });
});
