import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { formatAddress } from '../../src/bytes/address-text.ts';
import { addressFrom } from '../../src/bytes/checked-bytes.ts';
import { encodeHex } from '../../src/bytes/hex.ts';
import { ChainError } from '../../src/chain-error.ts';
import {
  declaredTransactionFromJson,
  domainToJson,
  parseSignature,
  parseTransactionJson,
  transactionFromJson,
  transactionToJson,
  unsignedTransactionFromJson,
  unsignedTransactionToJson,
} from '../../src/transaction/json-codec.ts';
import { messageShapeOf, transactionShape, unsignedTransactionShape } from '../../src/transaction/json-shape.ts';
import type { SignedTransaction, TransactionType } from '../../src/transaction/transaction.ts';
import { encodeTransaction } from '../../src/transaction/transaction-codec.ts';
import type { TransactionJson } from '../../src/transaction/transaction-json.ts';
import { anySigned, anyUnsigned, fieldsOf, sampleOf, TYPES } from './table-arbitrary.ts';
import { CHAIN, ETHERS_DOMAIN } from './test-chain.ts';

/*
 * Goal: the JSON form says the same as the bytes, and anything that is not exactly it is refused, naming the field.
 */
type Json = Record<string, unknown> & { message: Record<string, unknown> };

function jsonOf(type: TransactionType): Json {
  return structuredClone(transactionToJson(sampleOf(type))) as unknown as Json;
}

function errorOf(run: () => unknown): ChainError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ChainError);
    return error as ChainError;
  }
  throw new Error('nothing was thrown');
}

describe('the JSON form', () => {
  it('reads back what it writes, through text', () => {
    fc.assert(
      fc.property(anySigned, (transaction) => {
        // As it is read, v of 27 and 28 are stored as 0 and 1.
        fc.pre(transaction.signature[64] !== 27 && transaction.signature[64] !== 28);
        fc.pre(transaction.sponsor?.signature[64] !== 27 && transaction.sponsor?.signature[64] !== 28);
        const text = JSON.stringify(transactionToJson(transaction));
        const read = parseTransactionJson(text);
        expect(read).toEqual(transaction);
        expect(encodeTransaction(read)).toEqual(encodeTransaction(transaction));
      }),
      { numRuns: 200 },
    );
  });

  it('reads back messages that are not signed', () => {
    fc.assert(
      fc.property(anyUnsigned, (unsigned) => {
        expect(unsignedTransactionFromJson(JSON.parse(JSON.stringify(unsignedTransactionToJson(unsigned))))).toEqual(unsigned);
      }),
      { numRuns: 100 },
    );
  });

  it('writes addresses in EIP-55, bytes in hex, and numbers of 64 bits and more in decimal digits', () => {
    expect(transactionToJson(sampleOf('SetMember') as SignedTransaction<'SetMember'>)).toEqual({
      type: 'SetMember',
      message: {
        from: formatAddress(addressFrom(new Uint8Array(20).fill(0xa1))),
        nonce: '1800000000123',
        validUntil: '1800000000123',
        maxFee: '1267650600228229401496703205383',
        member: formatAddress(addressFrom(new Uint8Array(20).fill(0xa1))),
        level: 200,
        levelExpiresAt: '1800000000123',
        credentialHash: `0x${'c3'.repeat(32)}`,
        jurisdiction: 'xxx',
      },
      signature: `0x${'11'.repeat(65)}`,
    } satisfies TransactionJson<'SetMember'>);
  });

  it('takes numbers of 64 bits as JSON numbers too, and lower-case addresses', () => {
    const json = jsonOf('Transfer');
    json.message['nonce'] = 1_800_000_000_123;
    json.message['from'] = (json.message['from'] as string).toLowerCase();
    expect(transactionFromJson(json)).toEqual(sampleOf('Transfer'));
    json.message['nonce'] = -0;
    expect(Object.is(transactionFromJson(json).message.nonce, 0)).toBe(true);
  });

  it.each([
    [0, 0],
    [1, 1],
    [27, 0],
    [28, 1],
    [2, 2],
    [26, 26],
    [29, 29],
    [255, 255],
  ])('reads v of %d as %d', (written, kept) => {
    const signature = encodeHex(Uint8Array.of(...new Uint8Array(64).fill(1), written));
    expect(parseSignature(signature)[64]).toBe(kept);
    const sponsor = { address: `0x${'00'.repeat(20)}`, signature };
    const read = transactionFromJson({ ...jsonOf('Transfer'), signature, sponsor });
    expect([read.signature[64], read.sponsor?.signature[64]]).toEqual([kept, kept]);
  });

  it('tells the domain it was signed for, if it says so', () => {
    const json = jsonOf('Transfer');
    expect(declaredTransactionFromJson(json).domain).toBeUndefined();
    expect(domainToJson(CHAIN)).toEqual(ETHERS_DOMAIN);
    expect(declaredTransactionFromJson({ ...json, domain: domainToJson(CHAIN) }).domain).toEqual(CHAIN);
  });
});

describe('what is not the JSON form is refused, naming the field', () => {
  it.each(TYPES)('in %s: each field missing, and of each wrong kind', (type) => {
    const WRONG: Readonly<Record<string, readonly unknown[]>> = {
      address: ['', '0x', `0x${'0'.repeat(39)}`, 5, null, [], {}],
      'address[]': ['0x', {}, [5], ['0x'], Array.from({ length: 17 }, () => `0x${'0'.repeat(40)}`), null],
      bool: [0, 1, 'true', null],
      bytes: ['', '0', '0x0', '0xzz', `0x${'00'.repeat(600)}`, 5, null],
      bytes32: ['0x', `0x${'00'.repeat(31)}`, `0x${'00'.repeat(33)}`, 5, null],
      string: ['x'.repeat(600), '€'.repeat(500), '\ud800', 5, null, []],
      uint8: [-1, 256, 1.5, '5', null, true],
      uint32: [-1, 2 ** 32, 1.5, '5', null],
      uint64: [-1, 1.5, 2 ** 53, '-1', '01', '1.0', '1e3', '', ' 1', '9007199254740992', '99999999999999999999', null, true],
      uint256: [5, -1, '-1', '01', '1.0', '1e3', '0x5', '', ' 1', '340282366920938463463374607431768211456', '9'.repeat(50), null],
    };
    for (const field of fieldsOf(type)) {
      for (const value of [undefined, ...(WRONG[field.kind] ?? [])]) {
        const json = jsonOf(type);
        if (value === undefined) delete json.message[field.name];
        else json.message[field.name] = value;
        const error = errorOf(() => transactionFromJson(json));
        expect(error.code).toMatch(/^PROTOCOL_(TRANSACTION_(JSON|FIELD)|ADDRESS|AMOUNT)_INVALID$/);
        expect(`${error.message} ${String(error.details['field'])}`, `${field.name} = ${JSON.stringify(value)}`).toContain(field.name);
      }
    }
  });

  it.each(TYPES)('in %s: a field too many', (type) => {
    for (const name of ['note', 'chainId', 'From', '__proto__', 'constructor']) {
      const extra = JSON.parse(JSON.stringify(jsonOf(type)).replace('"message":{', `"message":{"${name}":"x",`)) as unknown;
      expect(errorOf(() => transactionFromJson(extra)).message).toBe(`message.${name}: is not a field of this type: leave it out`);
      const outer = JSON.parse(JSON.stringify(jsonOf(type)).replace('{', `{"${name}":"x",`)) as unknown;
      expect(errorOf(() => transactionFromJson(outer)).message).toBe(`${name}: is not a field of this type: leave it out`);
    }
  });

  it.each([null, undefined, 5, 'x', [], {}, { type: 'Transfer' }])('as a whole: %j', (json) => {
    expect(errorOf(() => transactionFromJson(json)).code).toBe('PROTOCOL_TRANSACTION_JSON_INVALID');
    expect(errorOf(() => unsignedTransactionFromJson(json)).code).toBe('PROTOCOL_TRANSACTION_JSON_INVALID');
  });

  it.each(['', 'transfer', 'EIP712Domain', 'toString', '__proto__', 5, null])('in the type: %j', (type) => {
    expect(errorOf(() => transactionFromJson({ ...jsonOf('Transfer'), type })).details).toMatchObject({ field: 'type' });
  });

  it.each([
    ['signature', '0x'],
    ['signature', `0x${'00'.repeat(64)}`],
    ['signature', `0x${'00'.repeat(66)}`],
    ['signature', 'zz'],
    ['signature', undefined],
    ['sponsor', null],
    ['sponsor.address', { signature: `0x${'00'.repeat(65)}` }],
    ['sponsor.signature', { address: `0x${'00'.repeat(20)}` }],
    ['sponsor.signature', { address: `0x${'00'.repeat(20)}`, signature: '0x00' }],
    ['sponsor.note', { address: `0x${'00'.repeat(20)}`, signature: `0x${'00'.repeat(65)}`, note: 1 }],
    ['domain.name', { ...ETHERS_DOMAIN, name: 'Other Chain' }],
    ['domain.version', { ...ETHERS_DOMAIN, version: '2' }],
    ['domain.chainId', { ...ETHERS_DOMAIN, chainId: 0 }],
    ['domain.chainId', { ...ETHERS_DOMAIN, chainId: '1' }],
    ['domain.salt', { ...ETHERS_DOMAIN, salt: '0x00' }],
    ['domain.verifyingContract', { ...ETHERS_DOMAIN, verifyingContract: '0x' }],
  ])('in %s', (field, value) => {
    const name = field.split('.')[0] as string;
    const error = errorOf(() => transactionFromJson({ ...jsonOf('Transfer'), [name]: value }));
    expect(error.code).toBe('PROTOCOL_TRANSACTION_JSON_INVALID');
    expect(error.details).toMatchObject({ field });
  });

  it('in an address whose mixed case is wrong', () => {
    const json = jsonOf('Transfer');
    const good = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
    json.message['to'] = good;
    expect(transactionFromJson(json)).toBeDefined();
    json.message['to'] = good.replace('aA', 'Aa');
    expect(errorOf(() => transactionFromJson(json)).details).toMatchObject({ field: 'message.to' });
    const asset = jsonOf('DefineAsset');
    asset.message['gateways'] = [good, good.replace('aA', 'Aa')];
    expect(errorOf(() => transactionFromJson(asset)).details).toMatchObject({ field: 'message.gateways.1' });
    const sponsor = { address: good.replace('aA', 'Aa'), signature: `0x${'00'.repeat(65)}` };
    expect(errorOf(() => transactionFromJson({ ...jsonOf('Transfer'), sponsor })).details).toMatchObject({ field: 'sponsor.address' });
  });

  it('in text: given twice, too deep, too long, or no JSON', () => {
    const text = JSON.stringify(jsonOf('Transfer'));
    expect(() => parseTransactionJson(text)).not.toThrow();
    expect(() => parseTransactionJson(text.replace('"amount"', '"amount":"1","amount"'))).toThrow('field amount is given twice');
    expect(() => parseTransactionJson(text.replace('"memo":"xxx"', `"memo":${'['.repeat(9)}${']'.repeat(9)}`))).toThrow(
      'nested deeper than 8',
    );
    expect(() => parseTransactionJson(text + ' '.repeat(40_000))).toThrow('at most 32768 are allowed');
    expect(() => parseTransactionJson(text.slice(1))).toThrow('not JSON');
  });
});

describe('values that have no JSON form', () => {
  it('are refused when written', () => {
    const transfer = sampleOf('Transfer');
    const wrong = { ...transfer, message: { ...transfer.message, amount: 2n ** 128n } } as unknown as SignedTransaction;
    expect(errorOf(() => transactionToJson(wrong)).details).toMatchObject({ field: 'amount', type: 'Transfer' });
    expect(errorOf(() => transactionToJson({ ...transfer, type: 'Nothing' } as never)).code).toBe('PROTOCOL_TRANSACTION_TYPE_UNKNOWN');
  });
});

describe('shapes', () => {
  it('say in JSON Schema what every type looks like', () => {
    const schema = z.toJSONSchema(transactionShape, { io: 'input' }) as unknown as {
      oneOf: { properties: { type: { const: string }; message: object } }[];
    };
    expect(schema.oneOf.map((option) => option.properties.type.const)).toEqual(TYPES);
    expect(schema.oneOf[0]?.properties.message).toMatchObject({
      additionalProperties: false,
      required: ['from', 'nonce', 'validUntil', 'maxFee', 'to', 'asset', 'amount', 'memo'],
      properties: { memo: { type: 'string', maxLength: 256 }, amount: { type: 'string' } },
    });
    expect(z.toJSONSchema(unsignedTransactionShape, { io: 'input' })).toHaveProperty('oneOf');
  });

  it('of messages can be taken apart', () => {
    const shape = messageShapeOf('Transfer').omit({ nonce: true });
    const { nonce: _nonce, ...message } = jsonOf('Transfer').message;
    expect(shape.safeParse(message).success).toBe(true);
    expect(shape.safeParse(jsonOf('Transfer').message).success).toBe(false);
    expect(() => messageShapeOf('Nothing' as TransactionType)).toThrow('type is not the name');
  });
});
