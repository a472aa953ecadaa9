import {
  type Address,
  assertInvariant,
  type Bytes32,
  decodeUtf8,
  encodeUtf8,
  equalBytes,
  INPUTS,
  type LedgerRecord,
  type LotId,
  STATES,
  type TransactionId,
} from '@mutual-chain/protocol';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { INDEX_FORM } from './limits.ts';

/*
 * Some records of one block, each as its difference from the one before: the second record of a transfer takes two bytes.
 *
 * A record is one byte for state and input, a count whose bits say which fields follow, and those fields in the order of the bits. What does
 * not follow is as in the record before; only the lot and the actor are as the transaction id and the payer where the transaction is another.
 */

const TRANSACTION = 1 << 0;
const INDEX = 1 << 1;
const AMOUNT = 1 << 2;
const FROM = 1 << 3;
const TO = 1 << 4;
const LOT = 1 << 5;
const ACTOR = 1 << 6;
const ASSET = 1 << 7;
const ACTION = 1 << 8;
const MEMO = 1 << 9;
const PRODUCT = 1 << 10;
const PRODUCT_ID = 1 << 11;
const REASON = 1 << 12;
const EXTERNAL_REFERENCE = 1 << 13;
const PARENT_LOT = 1 << 14;
const REVISION = 1 << 15;

const ZERO_ID = new Uint8Array(32);
const ZERO_ADDRESS = new Uint8Array(20) as Address;

/** What stands before the first record of a chunk. */
const NOTHING: Pick<LedgerRecord, 'transaction' | 'business'> = {
  transaction: {
    lot: ZERO_ID as LotId,
    asset: '',
    amount: 0n,
    from: ZERO_ADDRESS,
    to: ZERO_ADDRESS,
    revision: 0,
    actor: ZERO_ADDRESS,
    txId: ZERO_ID as TransactionId,
    height: 0,
    index: 0,
  },
  business: {
    product: '',
    productId: ZERO_ID as Bytes32,
    action: '',
    reason: '',
    memo: '',
    externalRef: '',
    parentLot: ZERO_ID as LotId,
  },
};

const writer = new ByteWriter();

const differ = (left: Uint8Array, right: Uint8Array): boolean => left !== right && !equalBytes(left, right);

/** Bytes of records of one height. */
export function encodeRecordChunk(records: readonly LedgerRecord[]): Uint8Array {
  let before = NOTHING;
  for (const record of records) {
    write(record, before);
    before = record;
  }
  return writer.take();
}

/** Reads what `encodeRecordChunk` made of records of a height, up to a number of them. */
export function decodeRecordChunk(bytes: Uint8Array, height: number, count: number = INDEX_FORM.chunkItems): readonly LedgerRecord[] {
  const reader = new ByteReader(bytes);
  const records: LedgerRecord[] = [];
  let before = NOTHING;
  while (!reader.isAtEnd && records.length < count) {
    const record = read(reader, before, height);
    records.push(record);
    before = record;
  }
  return records;
}

function write({ state, input, transaction, business }: LedgerRecord, before: Pick<LedgerRecord, 'transaction' | 'business'>): void {
  const { transaction: oldTransaction, business: oldBusiness } = before;
  const isOther = differ(transaction.txId, oldTransaction.txId);
  const lot = isOther ? transaction.txId : oldTransaction.lot;
  const actor = isOther ? transaction.from : oldTransaction.actor;
  const fields =
    (isOther ? TRANSACTION : 0) |
    (transaction.index === oldTransaction.index ? 0 : INDEX) |
    (transaction.amount === oldTransaction.amount ? 0 : AMOUNT) |
    (differ(transaction.from, oldTransaction.from) ? FROM : 0) |
    (differ(transaction.to, oldTransaction.to) ? TO : 0) |
    (differ(transaction.lot, lot) ? LOT : 0) |
    (differ(transaction.actor, actor) ? ACTOR : 0) |
    (transaction.asset === oldTransaction.asset ? 0 : ASSET) |
    (business.action === oldBusiness.action ? 0 : ACTION) |
    (business.memo === oldBusiness.memo ? 0 : MEMO) |
    (business.product === oldBusiness.product ? 0 : PRODUCT) |
    (differ(business.productId, oldBusiness.productId) ? PRODUCT_ID : 0) |
    (business.reason === oldBusiness.reason ? 0 : REASON) |
    (business.externalRef === oldBusiness.externalRef ? 0 : EXTERNAL_REFERENCE) |
    (differ(business.parentLot, oldBusiness.parentLot) ? PARENT_LOT : 0) |
    (transaction.revision === oldTransaction.revision ? 0 : REVISION);
  writer.byte(STATES.indexOf(state) * INPUTS.length + INPUTS.indexOf(input));
  writer.count(fields);
  if ((fields & TRANSACTION) !== 0) writer.fixed(transaction.txId);
  if ((fields & INDEX) !== 0) writer.count(transaction.index);
  if ((fields & AMOUNT) !== 0) writer.amount(transaction.amount);
  if ((fields & FROM) !== 0) writer.fixed(transaction.from);
  if ((fields & TO) !== 0) writer.fixed(transaction.to);
  if ((fields & LOT) !== 0) writer.fixed(transaction.lot);
  if ((fields & ACTOR) !== 0) writer.fixed(transaction.actor);
  if ((fields & ASSET) !== 0) writer.bytes(encodeUtf8(transaction.asset));
  if ((fields & ACTION) !== 0) writer.bytes(encodeUtf8(business.action));
  if ((fields & MEMO) !== 0) writer.bytes(encodeUtf8(business.memo));
  if ((fields & PRODUCT) !== 0) writer.bytes(encodeUtf8(business.product));
  if ((fields & PRODUCT_ID) !== 0) writer.fixed(business.productId);
  if ((fields & REASON) !== 0) writer.bytes(encodeUtf8(business.reason));
  if ((fields & EXTERNAL_REFERENCE) !== 0) writer.bytes(encodeUtf8(business.externalRef));
  if ((fields & PARENT_LOT) !== 0) writer.fixed(business.parentLot);
  if ((fields & REVISION) !== 0) writer.count(transaction.revision);
}

function read(reader: ByteReader, before: Pick<LedgerRecord, 'transaction' | 'business'>, height: number): LedgerRecord {
  const { transaction: oldTransaction, business: oldBusiness } = before;
  const cell = reader.byte();
  const state = STATES[Math.floor(cell / INPUTS.length)];
  const input = INPUTS[cell % INPUTS.length];
  assertInvariant(state !== undefined && input !== undefined, 'a record in an index has a state and an input');
  const fields = reader.count();
  const text = (field: number, old: string): string => ((fields & field) === 0 ? old : decodeUtf8(reader.bytes()));
  const id = (field: number, old: Uint8Array): Uint8Array => ((fields & field) === 0 ? old : reader.fixed(32));
  const address = (field: number, old: Address): Address => ((fields & field) === 0 ? old : (reader.fixed(20) as Address));
  const isOther = (fields & TRANSACTION) !== 0;
  const txId = id(TRANSACTION, oldTransaction.txId) as TransactionId;
  const index = (fields & INDEX) === 0 ? oldTransaction.index : reader.count();
  const amount = (fields & AMOUNT) === 0 ? oldTransaction.amount : reader.amount();
  const from = address(FROM, oldTransaction.from);
  const to = address(TO, oldTransaction.to);
  const lot = id(LOT, isOther ? txId : oldTransaction.lot) as LotId;
  const actor = address(ACTOR, isOther ? from : oldTransaction.actor);
  const asset = text(ASSET, oldTransaction.asset);
  const action = text(ACTION, oldBusiness.action);
  const memo = text(MEMO, oldBusiness.memo);
  const product = text(PRODUCT, oldBusiness.product);
  const productId = id(PRODUCT_ID, oldBusiness.productId) as Bytes32;
  const reason = text(REASON, oldBusiness.reason);
  const externalRef = text(EXTERNAL_REFERENCE, oldBusiness.externalRef);
  const parentLot = id(PARENT_LOT, oldBusiness.parentLot) as LotId;
  const revision = (fields & REVISION) === 0 ? oldTransaction.revision : reader.count();
  return {
    state,
    input,
    transaction: { lot, asset, amount, from, to, revision, actor, txId, height, index },
    business: { product, productId, action, reason, memo, externalRef, parentLot },
  };
}
