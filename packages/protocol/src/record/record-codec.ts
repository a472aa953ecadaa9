import { isAmount } from '../amount/amount.ts';
import type { Address, Bytes32, LotId, MerkleRoot, TransactionId } from '../bytes/branded.ts';
import { utf8Length, writeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { INPUTS, type Input } from '../dfsm/inputs.ts';
import { STATES, type State } from '../dfsm/states.ts';
import { protocolError } from '../errors.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';
import { listRoot } from '../merkle/list-root.ts';
import { amount128, byteList, type Codec, containerCodec, fixedBytes, text, uint8, uint32, uint64 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';
import { type Memory, writeUint32 } from '../ssz/field.ts';
import { createScratch, writeAmount, writeUint64 } from '../ssz/scratch.ts';
import type { LedgerRecord } from './ledger-record.ts';

/** The record's fields in one row, as they are laid out in bytes. Ids that are mostly zeros take no bytes when they are. */
const schema = containerCodec({
  state: uint8,
  input: uint8,
  lot: fixedBytes<LotId>(32),
  amount: amount128,
  from: fixedBytes<Address>(20),
  to: fixedBytes<Address>(20),
  revision: uint32,
  actor: fixedBytes<Address>(20),
  txId: fixedBytes<TransactionId>(32),
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

const FIXED_BYTES = 190;
const OFFSETS_AT = 158;
const NOTHING = new Uint8Array(0);
const STATE_NUMBERS: ReadonlyMap<State, number> = new Map(STATES.map((state, number) => [state, number]));
const INPUT_NUMBERS: ReadonlyMap<Input, number> = new Map(INPUTS.map((input, index) => [input, index + 1]));

const EXPECTED: Expectation = { code: 'PROTOCOL_RECORD_BYTES_INVALID', name: 'a record', remedy: 'fetch it again, or from another peer' };

/**
 * Canonical bytes of a record: state 0–6, input 1–12, then the fields. Errors of decode: `PROTOCOL_RECORD_BYTES_INVALID`, naming the field
 * and its limit.
 */
export const recordCodec: Codec<LedgerRecord> = {
  encode: (record) => encodeRecords([record])[0] as Uint8Array,
  decode: (bytes) => {
    const row = decodeAs(EXPECTED, schema, bytes);
    const { lot, asset, amount, from, to, revision, actor, txId, height, index, product, action, reason, memo, externalRef } = row;
    const state = STATES[row.state];
    const input = INPUTS[row.input - 1];
    if (state === undefined || input === undefined) {
      const message = `a record has states 0–6 and inputs 1–12, not ${row.state} and ${row.input}`;
      throw protocolError(EXPECTED.code, message, { field: state === undefined ? 'state' : 'input' });
    }
    const productId = idFrom(row.productId, 'productId') as Bytes32;
    const parentLot = idFrom(row.parentLot, 'parentLot') as Uint8Array as LotId;
    return {
      state,
      input,
      transaction: { lot, asset, amount, from, to, revision, actor, txId, height, index },
      business: { product, productId, action, reason, memo, externalRef, parentLot },
    };
  },
};

function idFrom(bytes: Uint8Array, field: string): Uint8Array {
  if (bytes.length === 0) return new Uint8Array(32);
  if (bytes.length === 32 && !isZeroId(bytes)) return bytes;
  throw protocolError(EXPECTED.code, `${field} of a record is 32 bytes that are not all zero, or nothing`, { field });
}

function isZeroId(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}

/** Canonical bytes of many records in one piece of memory, in order; written out because every transfer makes two. */
export function encodeRecords(records: readonly LedgerRecord[]): Uint8Array[] {
  let size = 0;
  for (const record of records) size += sizeOf(record);
  const memory = createScratch(size);
  const encoded: Uint8Array[] = [];
  let at = 0;
  for (const record of records) {
    const end = write(memory, at, record);
    encoded.push(memory.bytes.subarray(at, end));
    at = end;
  }
  return encoded;
}

/** Bytes of a record. What does not fit its fields goes through the schema, which names what is wrong. */
function sizeOf(record: LedgerRecord): number {
  const { transaction, business } = record;
  const { asset, amount, height, lot, txId, from, to, actor, revision, index } = transaction;
  const texts =
    textSize(asset, 16) +
    textSize(business.product, 32) +
    textSize(business.action, 32) +
    textSize(business.reason, 256) +
    textSize(business.memo, 256) +
    textSize(business.externalRef, 128);
  const fits =
    texts < UNFIT &&
    lot.length === 32 &&
    txId.length === 32 &&
    from.length === 20 &&
    to.length === 20 &&
    actor.length === 20 &&
    isAmount(amount) &&
    Number.isSafeInteger(height) &&
    height >= 0 &&
    revision >>> 0 === revision &&
    index >>> 0 === index &&
    STATE_NUMBERS.has(record.state) &&
    INPUT_NUMBERS.has(record.input);
  return fits ? FIXED_BYTES + texts + idSize(business.productId) + idSize(business.parentLot) : schema.encode(rowOf(record)).length;
}

/** Number of a state or an input that is none: no field can hold it. */
const UNKNOWN = -1;

/** Far above the sum of all limits. */
const UNFIT = 1 << 20;

function textSize(value: string, limit: number): number {
  if (value.length === 0) return 0;
  const size = utf8Length(value);
  return size >= 0 && size <= limit ? size : UNFIT;
}

function idSize(id: Uint8Array): number {
  return isZeroId(id) ? 0 : 32;
}

function rowOf({ state, input, transaction, business }: LedgerRecord): Parameters<typeof schema.encode>[0] {
  const { productId, parentLot } = business;
  return {
    ...transaction,
    ...business,
    state: STATE_NUMBERS.get(state) ?? UNKNOWN,
    input: INPUT_NUMBERS.get(input) ?? UNKNOWN,
    productId: isZeroId(productId) ? NOTHING : productId,
    parentLot: isZeroId(parentLot) ? NOTHING : parentLot,
  };
}

function write({ bytes, view }: Memory, at: number, record: LedgerRecord): number {
  const { transaction, business } = record;
  bytes[at] = STATE_NUMBERS.get(record.state) as number;
  bytes[at + 1] = INPUT_NUMBERS.get(record.input) as number;
  bytes.set(transaction.lot, at + 2);
  writeAmount(view, at + 34, transaction.amount);
  bytes.set(transaction.from, at + 50);
  bytes.set(transaction.to, at + 70);
  writeUint32(bytes, at + 90, transaction.revision);
  bytes.set(transaction.actor, at + 94);
  bytes.set(transaction.txId, at + 114);
  writeUint64(view, at + 146, transaction.height);
  writeUint32(bytes, at + 154, transaction.index);
  let end = at + FIXED_BYTES;
  end = writeText(bytes, at, 0, end, transaction.asset);
  end = writeText(bytes, at, 1, end, business.product);
  end = writeId(bytes, at, 2, end, business.productId);
  end = writeText(bytes, at, 3, end, business.action);
  end = writeText(bytes, at, 4, end, business.reason);
  end = writeText(bytes, at, 5, end, business.memo);
  end = writeText(bytes, at, 6, end, business.externalRef);
  return writeId(bytes, at, 7, end, business.parentLot);
}

function writeText(bytes: Uint8Array, base: number, position: number, end: number, value: string): number {
  writeUint32(bytes, base + OFFSETS_AT + position * 4, end - base);
  return value.length === 0 ? end : writeUtf8(value, bytes, end);
}

function writeId(bytes: Uint8Array, base: number, position: number, end: number, id: Uint8Array): number {
  writeUint32(bytes, base + OFFSETS_AT + position * 4, end - base);
  if (isZeroId(id)) return end;
  bytes.set(id, end);
  return end + 32;
}

/** Merkle root over a block's records in order. */
export function recordsRoot(cryptography: Pick<Cryptography, 'sha256Pairs'>, records: readonly LedgerRecord[]): MerkleRoot {
  return listRoot(cryptography, byteStringRoots(cryptography, encodeRecords(records)));
}
