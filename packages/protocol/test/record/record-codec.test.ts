import { ByteListType, ByteVectorType, ContainerType, UintBigintType, UintNumberType } from '@chainsafe/ssz';
import { getAddress } from 'ethers';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/bytes/utf8.ts';
import { ChainError, InvariantError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { INPUTS } from '../../src/dfsm/inputs.ts';
import { STATES } from '../../src/dfsm/states.ts';
import { byteStringRoots } from '../../src/merkle/byte-string-roots.ts';
import { listRoot } from '../../src/merkle/list-root.ts';
import type { LedgerRecord } from '../../src/record/ledger-record.ts';
import { encodeRecords, recordCodec, recordsRoot } from '../../src/record/record-codec.ts';
import { recordSentence } from '../../src/record/record-sentence.ts';
import { FULL, REQUEST, SPLIT_REST } from './sample-records.ts';

/*
 * Goal: a record has one byte form, that of a general SSZ library, and nothing else is read as one. Method: the library as oracle, bytes
 * put together by hand, every byte cut or changed, every limit crossed.
 */

const id = new ByteVectorType(32);
const address = new ByteVectorType(20);

/** The layout of records, written down a second time with the types of the library. */
const LIBRARY = new ContainerType({
  state: new UintNumberType(1),
  input: new UintNumberType(1),
  lot: id,
  amount: new UintBigintType(16),
  from: address,
  to: address,
  revision: new UintNumberType(4),
  actor: address,
  txId: id,
  height: new UintNumberType(8),
  index: new UintNumberType(4),
  asset: new ByteListType(16),
  product: new ByteListType(32),
  productId: new ByteListType(32),
  action: new ByteListType(32),
  reason: new ByteListType(256),
  memo: new ByteListType(256),
  externalRef: new ByteListType(128),
  parentLot: new ByteListType(32),
});

function byLibrary({ state, input, transaction, business }: LedgerRecord): Uint8Array {
  const orNothing = (bytes: Uint8Array): Uint8Array => (bytes.every((byte) => byte === 0) ? new Uint8Array(0) : bytes);
  return LIBRARY.serialize({
    ...transaction,
    state: STATES.indexOf(state),
    input: INPUTS.indexOf(input) + 1,
    asset: encodeUtf8(transaction.asset),
    product: encodeUtf8(business.product),
    productId: orNothing(business.productId),
    action: encodeUtf8(business.action),
    reason: encodeUtf8(business.reason),
    memo: encodeUtf8(business.memo),
    externalRef: encodeUtf8(business.externalRef),
    parentLot: orNothing(business.parentLot),
  });
}

const samples = [
  ['a request', REQUEST],
  ['the rest of a partial confirm', SPLIT_REST],
  ['a full record', FULL],
] as const;

const everyStep: readonly LedgerRecord[] = STATES.flatMap((state) => INPUTS.map((input) => ({ ...REQUEST, state, input })));

describe('bytes of a record', () => {
  it.each(samples)('(%s) are those of the library and are read back', (_name, record) => {
    expect(recordCodec.encode(record)).toEqual(byLibrary(record));
    expect(recordCodec.decode(recordCodec.encode(record))).toEqual(record);
  });

  it('number states from 0 and inputs from 1', () => {
    const heads = everyStep.map((record) => [...recordCodec.encode(record).subarray(0, 2)]);
    expect(heads).toEqual([0, 1, 2, 3, 4, 5, 6].flatMap((state) => Array.from({ length: 12 }, (_, index) => [state, index + 1])));
    expect(everyStep.map((record) => recordCodec.decode(recordCodec.encode(record)))).toEqual(everyStep);
  });

  it('of a plain transfer are short: zero ids and empty texts take none', () => {
    const plain = { ...REQUEST, business: { ...REQUEST.business, memo: '', action: '' } };
    expect(recordCodec.encode(plain).length).toBe(190 + 'mUSD'.length);
  });

  it.each(samples)('(%s) are refused when cut, lengthened or changed, or are the one form of another record', (_name, record) => {
    const bytes = recordCodec.encode(record);
    const damaged = [
      ...Array.from({ length: bytes.length }, (_, length) => bytes.slice(0, length)),
      Uint8Array.of(...bytes, 0),
      ...Array.from(bytes, (byte, at) => bytes.with(at, byte ^ 0x01)),
      ...Array.from(bytes, (byte, at) => bytes.with(at, byte ^ 0x80)),
    ];
    for (const each of damaged) {
      let read: LedgerRecord;
      try {
        read = recordCodec.decode(each);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ChainError', code: 'PROTOCOL_RECORD_BYTES_INVALID' });
        continue;
      }
      expect(recordCodec.encode(read)).toEqual(each);
    }
  });

  const head = recordCodec.encode({ ...REQUEST, business: { ...REQUEST.business, memo: '', action: '' } }).slice(0, 190);
  const OFFSETS_AT = 158;
  const FIELDS = ['asset', 'product', 'productId', 'action', 'reason', 'memo', 'externalRef', 'parentLot'] as const;

  /** Bytes of a record whose variable parts are these. */
  function assembled(parts: Partial<Record<(typeof FIELDS)[number], Uint8Array>>): Uint8Array {
    const pieces = FIELDS.map((name) => parts[name] ?? new Uint8Array(0));
    const bytes = Uint8Array.from([...head, ...pieces.flatMap((piece) => [...piece])]);
    const view = new DataView(bytes.buffer);
    pieces.reduce((end, piece, index) => {
      view.setUint32(OFFSETS_AT + 4 * index, end, true);
      return end + piece.length;
    }, 190);
    return bytes;
  }

  it.each<[string, Uint8Array, string]>([
    ['state 7', assembled({}).with(0, 7), 'state'],
    ['input 0', assembled({}).with(1, 0), 'input'],
    ['input 13', assembled({}).with(1, 13), 'input'],
    ['a height of 2^53', assembled({}).fill(0xff, 146, 154), 'height'],
    ['an asset of 17 bytes', assembled({ asset: new Uint8Array(17).fill(65) }), 'asset'],
    ['a product of 33 bytes', assembled({ product: new Uint8Array(33).fill(65) }), 'product'],
    ['a product id of 31 bytes', assembled({ productId: new Uint8Array(31).fill(1) }), 'productId'],
    ['a product id of 33 bytes', assembled({ productId: new Uint8Array(33).fill(1) }), 'productId'],
    ['a product id of zeros', assembled({ productId: new Uint8Array(32) }), 'productId'],
    ['an action of 33 bytes', assembled({ action: new Uint8Array(33).fill(65) }), 'action'],
    ['a reason of 257 bytes', assembled({ reason: new Uint8Array(257).fill(65) }), 'reason'],
    ['a memo of 257 bytes', assembled({ memo: new Uint8Array(257).fill(65) }), 'memo'],
    ['a memo that is no UTF-8', assembled({ memo: Uint8Array.of(0xc0, 0x80) }), 'memo'],
    ['an external reference of 129 bytes', assembled({ externalRef: new Uint8Array(129).fill(65) }), 'externalRef'],
    ['a parent lot of 16 bytes', assembled({ parentLot: new Uint8Array(16).fill(1) }), 'parentLot'],
    ['a parent lot of zeros', assembled({ parentLot: new Uint8Array(32) }), 'parentLot'],
    ['a first offset of 189', assembled({}).with(OFFSETS_AT, 189), 'container'],
    ['a second offset before the first', assembled({ product: Uint8Array.of(65) }).with(OFFSETS_AT + 4, 100), 'asset'],
    ['a last offset behind the end', assembled({}).with(OFFSETS_AT + 28, 191), 'externalRef'],
  ])('with %s are refused, naming the field', (_name, bytes, field) => {
    expect(recordCodec.decode(assembled({})).business.memo).toBe('');
    let refused: unknown;
    try {
      recordCodec.decode(bytes);
    } catch (error) {
      refused = error instanceof ChainError ? { code: error.code, field: error.details['field'] } : error;
    }
    expect(refused).toEqual({ code: 'PROTOCOL_RECORD_BYTES_INVALID', field });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['a state that is none', { state: 'S7' }, {}],
    ['an input that is none', { input: 'E13' }, {}],
    ['a revision of 2^32', {}, { revision: 2 ** 32 }],
    ['a revision below zero', {}, { revision: -1 }],
    ['half an index', {}, { index: 0.5 }],
    ['a height below zero', {}, { height: -1 }],
  ])('with %s are never written', (_name, change, transaction) => {
    const wrong = { ...REQUEST, ...change, transaction: { ...REQUEST.transaction, ...transaction } };
    expect(() => recordCodec.encode(wrong as LedgerRecord)).toThrow(InvariantError);
  });
});

describe('many records', () => {
  const records = [REQUEST, SPLIT_REST, FULL, REQUEST];

  it('are encoded one behind the other', () => {
    expect(encodeRecords(records)).toEqual(records.map(byLibrary));
    expect(encodeRecords([])).toEqual([]);
  });

  it('have the root of the list of their roots', () => {
    expect(recordsRoot(cryptography, records)).toEqual(listRoot(cryptography, byteStringRoots(cryptography, records.map(byLibrary))));
    const roots = [records, records.slice(1), [...records].reverse(), []].map((each) => recordsRoot(cryptography, each).join());
    expect(new Set(roots).size).toBe(4);
  });
});

describe('the sentence of a record', () => {
  const names: ReadonlyMap<number, string> = new Map([
    [0xa1, 'alice'],
    [0xb0, 'bob'],
  ]);
  const format = {
    formatAddress: (who: Uint8Array) => names.get(who[0] as number) ?? 'somebody',
    formatAmount: (amount: bigint) => String(amount / 100n),
  };

  it('says step, lot, money and parties', () => {
    expect(recordSentence(REQUEST, format)).toBe('S5 –E04→ S2 lot 3f3f3f3f… 30 mUSD alice → bob');
  });

  it('says where money comes from outside or leaves the ledger', () => {
    const outside = new Uint8Array(20) as never;
    const deposit: LedgerRecord = { ...REQUEST, state: 'S1', input: 'E03', transaction: { ...REQUEST.transaction, from: outside } };
    expect(recordSentence(deposit, format)).toBe('S1 –E03→ S5 lot 3f3f3f3f… 30 mUSD outside → bob');
    const withdrawal: LedgerRecord = { ...REQUEST, state: 'S4', input: 'E12', transaction: { ...REQUEST.transaction, to: outside } };
    expect(recordSentence(withdrawal, format)).toBe('S4 –E12→ S6 lot 3f3f3f3f… 30 mUSD alice → outside');
  });

  it('writes smallest units and checksummed addresses by itself, and a dot where δ has no cell', () => {
    const [from, to] = [getAddress(`0x${'a1'.repeat(20)}`), getAddress(`0x${'b0'.repeat(20)}`)];
    expect(recordSentence({ ...REQUEST, state: 'S6' })).toBe(`S6 –E04→ · lot 3f3f3f3f… 3000 mUSD ${from} → ${to}`);
  });
});
