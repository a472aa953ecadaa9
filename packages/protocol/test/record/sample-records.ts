import type { LedgerRecord } from '../../src/record/ledger-record.ts';

const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill) as never;

/** A transfer request by Alice to Bob: what most records look like. */
export const REQUEST: LedgerRecord = {
  state: 'S5',
  input: 'E04',
  transaction: {
    lot: bytes(32, 0x3f),
    asset: 'mUSD',
    amount: 3000n,
    from: bytes(20, 0xa1),
    to: bytes(20, 0xb0),
    revision: 0,
    actor: bytes(20, 0xa1),
    txId: bytes(32, 0x3f),
    height: 42,
    index: 7,
  },
  business: {
    product: '',
    productId: bytes(32, 0),
    action: 'request',
    reason: '',
    memo: 'Miete für Mai 🏠',
    externalRef: '',
    parentLot: bytes(32, 0),
  },
};

/** What a partial confirm sends back: the lot is split off another, and a product has a part in it. */
export const SPLIT_REST: LedgerRecord = {
  state: 'S2',
  input: 'E05',
  transaction: { ...REQUEST.transaction, lot: bytes(32, 0x40), revision: 2, height: 43, index: 0 },
  business: {
    product: 'lending',
    productId: bytes(32, 0x70),
    action: 'partial',
    reason: 'not accepted',
    memo: '',
    externalRef: '',
    parentLot: bytes(32, 0x3f),
  },
};

/** Every field as large as it may be. */
export const FULL: LedgerRecord = {
  state: 'S4',
  input: 'E12',
  transaction: {
    lot: bytes(32, 0xff),
    asset: 'A'.repeat(16),
    amount: 2n ** 128n - 1n,
    from: bytes(20, 0xff),
    to: bytes(20, 0xff),
    revision: 2 ** 32 - 1,
    actor: bytes(20, 0xff),
    txId: bytes(32, 0xff),
    height: Number.MAX_SAFE_INTEGER,
    index: 2 ** 32 - 1,
  },
  business: {
    product: 'p'.repeat(32),
    productId: bytes(32, 0xff),
    action: 'a'.repeat(32),
    reason: '€'.repeat(85),
    memo: '🏠'.repeat(64),
    externalRef: 'r'.repeat(128),
    parentLot: bytes(32, 0xff),
  },
};
