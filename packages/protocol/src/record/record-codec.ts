import type { Address, Bytes32, LotId, MerkleRoot, TransactionId } from '../bytes/branded.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { INPUTS, type Input } from '../dfsm/inputs.ts';
import { STATES, type State } from '../dfsm/states.ts';
import { byteStringRoots } from '../merkle/byte-string-roots.ts';
import { listRoot } from '../merkle/list-root.ts';
import { protocolError } from '../errors.ts';
import { amount128, type Codec, containerCodec, fixedBytes, text, uint8, uint32, uint64 } from '../ssz/codec.ts';
import type { LedgerRecord } from './ledger-record.ts';

/** The record's fields in one row, as they are laid out in bytes. */
const codec = containerCodec({
  state: uint8,
  input: uint8,
  lot: fixedBytes<LotId>(32),
  asset: text(16),
  amount: amount128,
  from: fixedBytes<Address>(20),
  to: fixedBytes<Address>(20),
  revision: uint32,
  actor: fixedBytes<Address>(20),
  txId: fixedBytes<TransactionId>(32),
  height: uint64,
  index: uint32,
  product: text(32),
  productId: fixedBytes<Bytes32>(32),
  action: text(32),
  reason: text(256),
  memo: text(256),
  externalRef: text(128),
  parentLot: fixedBytes<LotId>(32),
});

/** Canonical bytes of a record. Errors of decode: `PROTOCOL_RECORD_BYTES_INVALID`. */
export const recordCodec: Codec<LedgerRecord> = {
  encode: (record) =>
    codec.encode({
      state: STATES.indexOf(record.state),
      input: INPUTS.indexOf(record.input) + 1,
      ...record.transaction,
      ...record.business,
    }),
  decode: (bytes) => {
    const row = decodeRow(bytes);
    const { lot, asset, amount, from, to, revision, actor, txId, height, index } = row;
    const { product, productId, action, reason, memo, externalRef, parentLot } = row;
    return {
      state: STATES[row.state] as State,
      input: INPUTS[row.input - 1] as Input,
      transaction: { lot, asset, amount, from, to, revision, actor, txId, height, index },
      business: { product, productId, action, reason, memo, externalRef, parentLot },
    };
  },
};

function decodeRow(bytes: Uint8Array): ReturnType<typeof codec.decode> {
  let row: ReturnType<typeof codec.decode>;
  try {
    row = codec.decode(bytes);
  } catch (cause) {
    throw protocolError('PROTOCOL_RECORD_BYTES_INVALID', 'bytes are not a record: read them again from a good copy', {}, cause);
  }
  if (STATES[row.state] === undefined || INPUTS[row.input - 1] === undefined) {
    const { state, input } = row;
    throw protocolError('PROTOCOL_RECORD_BYTES_INVALID', `a record has states 0–6 and inputs 1–12, not ${state} and ${input}`, { state, input });
  }
  return row;
}

/** Merkle root over a block's records in order. */
export function recordsRoot(cryptography: Cryptography, records: readonly LedgerRecord[]): MerkleRoot {
  return listRoot(cryptography, byteStringRoots(cryptography, records.map(recordCodec.encode)));
}
