import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Length } from '../../src/bytes/utf8.ts';
import { INPUTS } from '../../src/dfsm/inputs.ts';
import { STATES } from '../../src/dfsm/states.ts';
import { encodeReceipts, type Receipt, receiptCodec } from '../../src/receipt/receipt.ts';
import type { LedgerRecord } from '../../src/record/ledger-record.ts';
import { encodeRecords, recordCodec } from '../../src/record/record-codec.ts';
import { RESULT_CODES } from '../../src/result-code.ts';
import {
  amount128,
  bool,
  byteList,
  type Codec,
  containerCodec,
  fixedBytes,
  text,
  uint8,
  uint16,
  uint32,
  uint64,
} from '../../src/ssz/codec.ts';
import { type Account, accountCodec } from '../../src/state-entry/account.ts';
import { type Holding, holdingCodec } from '../../src/state-entry/holding.ts';

/*
 * Goal: the codecs laid out by hand for speed are the general container codec, byte for byte. Method: random values through both, and
 * random damage to their bytes, which both have to refuse or to read alike.
 */

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const amount = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.constantFrom(0n, 1n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n - 1n));
const nat = (max: number) => fc.oneof(fc.integer({ min: 0, max }), fc.constantFrom(0, max));
const safe = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER));
/** Texts of at most so many bytes. */
const words = (limit: number) => fc.string({ unit: 'grapheme', maxLength: limit >>> 2 }).filter((value) => utf8Length(value) <= limit);

const account: fc.Arbitrary<Account> = fc.record({
  nonce: safe,
  escrow: fc.boolean(),
  level: nat(255),
  levelExpiresAt: safe,
  roles: nat(65_535),
  freeze: nat(255),
  autoAccept: fc.boolean(),
  dailyLimit: amount,
  openLots: nat(2 ** 32 - 1),
  openDebts: nat(2 ** 32 - 1),
  scheduled: fc.boolean(),
});

const generalAccount = containerCodec({
  nonce: uint64,
  escrow: bool,
  level: uint8,
  levelExpiresAt: uint64,
  roles: uint16,
  freeze: uint8,
  autoAccept: bool,
  dailyLimit: amount128,
  openLots: uint32,
  openDebts: uint32,
  scheduled: bool,
});

const holding: fc.Arbitrary<Holding> = fc.record({
  amount,
  state: nat(255),
  generation: nat(2 ** 32 - 1),
  pendingIn: amount,
  pendingOut: amount,
  freeze: nat(255),
});

const generalHolding = containerCodec({
  amount: amount128,
  state: uint8,
  generation: uint32,
  pendingIn: amount128,
  pendingOut: amount128,
  freeze: uint8,
});

const receipt = fc.record({
  code: fc.constantFrom(...RESULT_CODES),
  feePaid: amount,
  feePayer: bytes(20),
  firstRecord: nat(2 ** 32 - 1),
  records: nat(65_535),
}) as unknown as fc.Arbitrary<Receipt>;

const receiptRow = containerCodec({ code: uint16, feePaid: amount128, feePayer: fixedBytes(20), firstRecord: uint32, records: uint16 });

const generalReceipt: Codec<Receipt> = {
  encode: (value) => receiptRow.encode({ ...value, code: RESULT_CODES.indexOf(value.code) }),
  decode: (encoded) => {
    const row = receiptRow.decode(encoded);
    const code = RESULT_CODES[row.code];
    if (code === undefined) throw new Error('no such code');
    return { ...row, code } as Receipt;
  },
};

const id = fc.oneof(bytes(32), fc.constant(new Uint8Array(32)));

const record = fc.record({
  state: fc.constantFrom(...STATES),
  input: fc.constantFrom(...INPUTS),
  transaction: fc.record({
    lot: bytes(32),
    asset: words(16),
    amount,
    from: bytes(20),
    to: bytes(20),
    revision: nat(2 ** 32 - 1),
    actor: bytes(20),
    txId: id,
    height: safe,
    index: nat(2 ** 32 - 1),
  }),
  business: fc.record({
    product: words(32),
    productId: id,
    action: words(32),
    reason: words(256),
    memo: words(256),
    externalRef: words(128),
    parentLot: id,
  }),
}) as unknown as fc.Arbitrary<LedgerRecord>;

const recordRow = containerCodec({
  state: uint8,
  input: uint8,
  lot: fixedBytes(32),
  amount: amount128,
  from: fixedBytes(20),
  to: fixedBytes(20),
  revision: uint32,
  actor: fixedBytes(20),
  txId: fixedBytes(32),
  height: uint64,
  index: uint32,
  asset: text(16),
  product: text(32),
  productId: byteList(32),
  action: text(32),
  reason: text(256),
  memo: text(256),
  externalRef: text(128),
  parentLot: byteList(32),
});

const orNothing = (value: Uint8Array): Uint8Array => (value.every((byte) => byte === 0) ? new Uint8Array(0) : value);

function generalRecordBytes({ state, input, transaction, business }: LedgerRecord): Uint8Array {
  return recordRow.encode({
    ...transaction,
    ...business,
    state: STATES.indexOf(state),
    input: INPUTS.indexOf(input) + 1,
    productId: orNothing(business.productId),
    parentLot: orNothing(business.parentLot),
  });
}

/** What a codec makes of bytes: the value, or that it refuses them. */
function reading(codec: Codec<unknown>, encoded: Uint8Array): unknown {
  try {
    return codec.decode(encoded);
  } catch {
    return 'refused';
  }
}

/** One byte changed, one cut off the end, or one added. */
const damage = fc.record({ kind: fc.constantFrom('flip', 'cut', 'extend'), at: fc.nat(), bit: fc.nat(7) });

function damaged(encoded: Uint8Array, { kind, at, bit }: { kind: string; at: number; bit: number }): Uint8Array {
  if (kind === 'cut') return encoded.slice(0, at % encoded.length);
  if (kind === 'extend') return Uint8Array.of(...encoded, at % 256);
  const changed = encoded.slice();
  const position = at % encoded.length;
  changed[position] = (changed[position] as number) ^ (1 << bit);
  return changed;
}

describe.each([
  { name: 'account', codec: accountCodec, general: generalAccount, values: account },
  { name: 'holding', codec: holdingCodec, general: generalHolding, values: holding },
  { name: 'receipt', codec: receiptCodec, general: generalReceipt, values: receipt },
] as unknown as readonly { name: string; codec: Codec<unknown>; general: Codec<unknown>; values: fc.Arbitrary<unknown> }[])(
  'the codec of the $name',
  ({ codec, general, values }) => {
    it('writes and reads what the general codec does', () => {
      fc.assert(
        fc.property(values, (value) => {
          expect(codec.encode(value)).toEqual(general.encode(value));
          expect(codec.decode(codec.encode(value))).toEqual(value);
        }),
      );
    });

    it('reads damaged bytes as the general codec does, or refuses them like it', () => {
      fc.assert(
        fc.property(values, damage, (value, harm) => {
          const encoded = damaged(codec.encode(value), harm);
          expect(reading(codec, encoded)).toEqual(reading(general, encoded));
        }),
        { numRuns: 500 },
      );
    });
  },
);

describe('the codec of the record', () => {
  it('writes what the general codec does and reads it back', () => {
    fc.assert(
      fc.property(record, (value) => {
        expect(recordCodec.encode(value)).toEqual(generalRecordBytes(value));
        expect(recordCodec.decode(recordCodec.encode(value))).toEqual(value);
      }),
    );
  });

  it('reads damaged bytes only if they are the one form of what it reads', () => {
    fc.assert(
      fc.property(record, damage, (value, harm) => {
        const encoded = damaged(recordCodec.encode(value), harm);
        const read = reading(recordCodec as Codec<unknown>, encoded);
        if (read !== 'refused') expect(recordCodec.encode(read as LedgerRecord)).toEqual(encoded);
      }),
      { numRuns: 1000 },
    );
  });

  it('encodes many as it encodes each', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        expect(encodeRecords(records)).toEqual(records.map(recordCodec.encode));
      }),
    );
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 8 }), (receipts) => {
        expect(encodeReceipts(receipts)).toEqual(receipts.map(receiptCodec.encode));
      }),
    );
  });
});

describe('values that fit no field are bugs', () => {
  const huge = 2n ** 128n;
  const sample = fc.sample(record, { numRuns: 1, seed: 7 })[0] as LedgerRecord;
  it.each([
    ['account with a nonce above 2^53', () => accountCodec.encode({ ...(fc.sample(account, 1)[0] as Account), nonce: 2 ** 53 })],
    ['account with a limit of 2^128', () => accountCodec.encode({ ...(fc.sample(account, 1)[0] as Account), dailyLimit: huge })],
    ['holding of 2^128', () => holdingCodec.encode({ ...(fc.sample(holding, 1)[0] as Holding), amount: huge })],
    ['holding with a negative counter', () => holdingCodec.encode({ ...(fc.sample(holding, 1)[0] as Holding), pendingOut: -1n })],
    ['receipt with a fee of 2^128', () => receiptCodec.encode({ ...(fc.sample(receipt, 1)[0] as Receipt), feePaid: huge })],
    ['receipt with an unknown code', () => receiptCodec.encode({ ...(fc.sample(receipt, 1)[0] as Receipt), code: 'NO' as never })],
    ['record of 2^128', () => recordCodec.encode({ ...sample, transaction: { ...sample.transaction, amount: huge } })],
    ['record with a long memo', () => recordCodec.encode({ ...sample, business: { ...sample.business, memo: 'm'.repeat(257) } })],
    ['record with half a character', () => recordCodec.encode({ ...sample, business: { ...sample.business, reason: '\ud800' } })],
    [
      'record with a short lot',
      () => recordCodec.encode({ ...sample, transaction: { ...sample.transaction, lot: new Uint8Array(31) as never } }),
    ],
  ])('%s', (_name, encode) => {
    expect(encode).toThrow(expect.objectContaining({ name: 'InvariantError' }));
  });
});
