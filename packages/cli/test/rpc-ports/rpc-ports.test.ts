// Goal: what a node answers over HTTP is what its chain says, for every reading method and every error that a reader can meet.
// Method: a small chain made by the real state machine, mempool and indexes, and the real server in front of it on a free port.

import type { StateStore } from '@mutual-chain/node';
import {
  blockCodec,
  encodeHex,
  encodeTransaction,
  formatAddress,
  type SignedTransaction,
  type TransactionId,
  transactionToJson,
  unsignedTransactionToJson,
} from '@mutual-chain/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, FEE, NEW_LOT, ServedChain, START_MS, VERSION } from './served-chain.ts';

const [alice, bob, gateway, founder, operator] = ['alice', 'bob', 'gateway', 'founder', 'operator'].map((name) =>
  formatAddress(addressOf(name)),
);
const NOBODY = formatAddress(new Uint8Array(20) as never);
const TERMS = new Uint8Array(32).fill(7);
const UNKNOWN = `0x${'ee'.repeat(32)}`;
const ZERO_ID = `0x${'00'.repeat(32)}`;
const MTN = 10n ** 18n;

let served: ServedChain;
let transfer: SignedTransaction;
let ids: { readonly deposit: string; readonly transfer: string; readonly request: string; readonly credit: string; readonly poor: string };
beforeAll(async () => {
  served = await ServedChain.start();
  const text = (id: TransactionId | undefined): string => encodeHex(id ?? new Uint8Array(0));
  transfer = served.sign('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 5n, memo: 'tea' });
  const ask = { lot: NEW_LOT, asset: 'mUSD', amount: 500n, reference: 'wire', expiresAt: 0 };
  const [first, deposit] = await served.commit(transfer, served.sign('alice', 'RequestDeposit', ask));
  await served.commit(served.sign('gateway', 'ConfirmDeposit', { lot: deposit, revision: 0, amount: 500n, externalRef: 'REF-1' }));
  const offer = { lender: addressOf('alice'), borrower: addressOf('bob'), termsHash: TERMS, dueAt: START_MS / 1000 + 9999, expiresAt: 0 };
  const [request, credit] = await served.commit(
    served.sign('alice', 'RequestTransfer', { lot: NEW_LOT, to: addressOf('bob'), asset: 'mUSD', amount: 40n, expiresAt: 0, memo: 'rent' }),
    served.sign('alice', 'RequestCredit', { lot: NEW_LOT, asset: 'mUSD', amount: 30n, ...offer }),
  );
  const [, poor] = await served.commit(
    served.sign('bob', 'ConfirmCredit', { lot: credit, revision: 0, termsHash: TERMS }),
    served.sign('bob', 'Transfer', { to: addressOf('alice'), asset: 'mUSD', amount: 1_000_000n, memo: '' }),
  );
  ids = { deposit: text(deposit), transfer: text(first), request: text(request), credit: text(credit), poor: text(poor) };
});
afterAll(async () => {
  await served.stop();
  expect(served.failures).toEqual([]);
});

const ask = async (method: string, params: unknown = []): Promise<unknown> => {
  const { result, error } = await served.call(method, params);
  return error === undefined ? result : error.data.code;
};

describe('blocks', () => {
  const blockAt = (height: number) => blockCodec.decode(served.store.readBlock(height) ?? new Uint8Array(0));

  test.each(['height', 'hash', 'latest'])('are found by their %s', async (kind) => {
    const { header, transactions } = blockAt(4);
    const latest = (await ask('getBlock', [4])) as { readonly hash: string; readonly header: object };
    const name = { height: 4, hash: latest.hash, latest: 'latest' }[kind];
    expect(await ask('getBlock', [name])).toEqual({
      hash: encodeHex(served.store.tip?.blockHash ?? new Uint8Array(0)),
      header: expect.objectContaining({ height: 4, timestampMs: START_MS + 4000, stateRoot: encodeHex(header.stateRoot) }),
      transactions: [expect.stringMatching(/^0x/), ids.poor],
      certificate: { height: 4, round: 0, blockHash: latest.hash, signatures: [{ validatorIndex: 0, signature: `0x${'01'.repeat(65)}` }] },
    });
    expect(await ask('getRawBlock', [name])).toEqual({
      ...{ height: 4, hash: latest.hash, block: encodeHex(blockCodec.encode({ header, transactions, evidence: [] })) },
      certificate: encodeHex(served.store.readCertificate(4) ?? new Uint8Array(0)),
    });
  });

  test('are given with all of their transactions', async () => {
    expect(await ask('getBlock', [1, { transactions: 'full' }])).toMatchObject({
      transactions: [
        { id: ids.transfer, ...transactionToJson(transfer) },
        { id: ids.deposit, type: 'RequestDeposit' },
      ],
    });
  });

  test('begin with genesis', async () => {
    const header = served.indexes.genesisHeader();
    const hash = encodeHex(blockAt(1).header.parentHash);
    if (header === undefined) throw new Error('genesis has no header');
    expect(await ask('getBlock', [0])).toEqual({
      hash,
      header: expect.objectContaining({ height: 0, parentHash: ZERO_ID, proposer: NOBODY, stateRoot: encodeHex(header.stateRoot) }),
      transactions: [],
      certificate: null,
    });
    expect(await ask('getRawBlock', [hash])).toEqual({ height: 0, hash, block: '0x', certificate: null });
  });

  test('have their validators and parameters', async () => {
    const validators = {
      address: formatAddress(addressOf('validator')),
      operator,
      power: '10',
      priority: '0',
      peerId: 'peer0',
      addresses: [],
    };
    for (const height of [0, 2, 4, 'latest']) {
      const at = height === 'latest' ? 4 : height;
      expect(await ask('getValidators', [height])).toEqual({
        ...{ height: at, totalPower: '10', validators: [expect.objectContaining(validators)] },
      });
      expect(await ask('getParameters', [height])).toEqual({
        height: at,
        parameters: expect.objectContaining({ feePerTransaction: String(FEE) }),
      });
    }
  });
});

describe('transactions', () => {
  test('are found with their receipts and records', async () => {
    const records = ['S5 E04', 'S2 E06'].map((cell) =>
      expect.objectContaining({
        state: cell.slice(0, 2),
        input: cell.slice(3),
        transaction: expect.objectContaining({ txId: ids.transfer, index: 0 }),
      }),
    );
    const found = {
      ...{ id: ids.transfer, status: 'committed', reason: null, height: 1, index: 0, ...transactionToJson(transfer) },
      receipt: { ok: true, code: 'OK', feePaid: String(FEE), feePayer: alice, records },
    };
    expect(await ask('getTransaction', [ids.transfer])).toEqual(found);
    expect(await ask('getReceipt', [ids.transfer])).toEqual(found);
    expect(await ask('getTransaction', [ids.poor])).toMatchObject({
      ...{ status: 'committed', height: 4, index: 1 },
      receipt: { ok: false, code: 'INSUFFICIENT_BALANCE', feePaid: String(FEE), feePayer: bob, records: [] },
    });
  });

  test('are simulated, and nothing of it is kept', async () => {
    const before = await ask('getAccount', [alice]);
    const message = served.unsigned('alice', 4, 'Transfer', { to: addressOf('bob'), asset: 'mUSD', amount: 7n, memo: '' });
    expect(await ask('simulateTransaction', [unsignedTransactionToJson(message)])).toMatchObject({
      ...{ ok: true, code: 'OK', feePaid: String(FEE), feePayer: alice },
      records: [{ transaction: { amount: '7', height: 5 } }, {}],
    });
    const late = served.unsigned('alice', 3, 'Transfer', { to: addressOf('bob'), asset: 'mUSD', amount: 7n, memo: '' });
    expect(await ask('simulateTransaction', [unsignedTransactionToJson(late)])).toMatchObject({
      ok: false,
      code: 'NONCE_TOO_LOW',
      feePaid: '0',
    });
    expect(await ask('getAccount', [alice])).toEqual(before);
  });

  test('are prepared with the nonce that is next', async () => {
    const { message } = unsignedTransactionToJson(served.unsigned('bob', 0, 'Leave', {}));
    const { from } = message as { readonly from: string };
    expect(await ask('prepareTransaction', [{ type: 'Leave', message: { from } }])).toMatchObject({ message: { nonce: '2' } });
  });
});

describe('accounts', () => {
  test('have their nonce and balances', async () => {
    const fees = 4n * FEE;
    expect(await ask('getAccount', [alice])).toMatchObject({
      ...{ address: alice, nonce: 4, pendingNonce: 4, level: 2, frozen: false },
      balances: [
        { asset: 'MTN', state: 'S5', available: String(1000n * MTN - 5n - fees), locked: '0', pendingIn: '0', pendingOut: '0' },
        { asset: 'mUSD', state: 'S5', available: '430', locked: '0', pendingIn: '0', pendingOut: '40' },
      ],
    });
    expect(await ask('getAccount', [bob])).toMatchObject({
      nonce: 2,
      balances: [{ asset: 'MTN' }, { asset: 'mUSD', available: '30', pendingIn: '40' }],
    });
    expect(await ask('getAccount', [NOBODY])).toMatchObject({ nonce: 0, level: 0, balances: [] });
  });

  test('have a balance of every asset', async () => {
    expect(await ask('getBalance', [alice, 'mUSD'])).toEqual({ available: '430', locked: '0', pendingIn: '0', pendingOut: '40' });
    expect(await ask('getBalance', [founder, 'MTN'])).toEqual({
      available: '0',
      locked: String(1000n * MTN),
      pendingIn: '0',
      pendingOut: '0',
    });
    expect(await ask('getBalance', [NOBODY, 'mUSD'])).toEqual({ available: '0', locked: '0', pendingIn: '0', pendingOut: '0' });
  });
});

describe('lots and debts', () => {
  test('are found by their ids', async () => {
    expect(await ask('getLot', [ids.request])).toMatchObject({
      id: ids.request,
      owner: alice,
      counterparty: bob,
      state: 'S2',
      amount: '40',
      reference: 'rent',
    });
    expect(await ask('getDebt', [ids.credit])).toMatchObject({
      id: ids.credit,
      lender: alice,
      borrower: bob,
      principal: '30',
      outstanding: '30',
    });
  });

  test.each([
    { filter: {}, lots: ['deposit', 'credit', 'request'] },
    { filter: { owner: 'alice' }, lots: ['deposit', 'request'] },
    { filter: { owner: 'bob' }, lots: ['credit'] },
    { filter: { counterparty: 'bob', state: 'S2' }, lots: ['request'] },
    { filter: { asset: 'mUSD', state: 'S5' }, lots: ['credit', 'deposit'] },
    { filter: { asset: 'MTN' }, lots: [] },
  ])('are listed by $filter', async ({ filter, lots }) => {
    const { owner, counterparty } = filter as { readonly owner?: string; readonly counterparty?: string };
    const named = {
      ...filter,
      ...(owner === undefined ? {} : { owner: formatAddress(addressOf(owner)) }),
      ...(counterparty === undefined ? {} : { counterparty: formatAddress(addressOf(counterparty)) }),
    };
    const found: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = (await ask('listLots', { ...named, limit: 1, ...(cursor === undefined ? {} : { cursor }) })) as {
        readonly items: readonly { readonly id: string }[];
        readonly nextCursor: string | null;
      };
      expect(page.items.length).toBeLessThanOrEqual(1);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found.sort()).toEqual(lots.map((name) => ids[name as keyof typeof ids]).sort());
  });
});

test('assets are found and listed with their supply', async () => {
  expect(await ask('getAsset', ['mUSD'])).toMatchObject({ id: 'mUSD', kind: 'GATEWAY', gateways: [gateway], supply: '500' });
  expect(await ask('getSupply', ['mUSD'])).toEqual({ asset: 'mUSD', supply: '500' });
  const first = (await ask('listAssets', { limit: 1 })) as { readonly nextCursor: string };
  expect(first).toMatchObject({ items: [{ id: 'MTN' }], nextCursor: expect.any(String) });
  expect(await ask('listAssets', { limit: 1, cursor: first.nextCursor })).toMatchObject({ items: [{ id: 'mUSD' }], nextCursor: null });
});

test('records are listed page by page', async () => {
  const all = (await ask('listRecords', {})) as {
    readonly items: readonly { readonly transaction: { readonly lot: string; readonly height: number } }[];
  };
  expect(all.items.map(({ transaction }) => transaction.height)).toEqual(
    [...all.items.map(({ transaction }) => transaction.height)].sort(),
  );
  const ofLot = all.items.filter(({ transaction }) => transaction.lot === ids.credit);
  expect(ofLot).toHaveLength(2);
  const first = (await ask('listRecords', { lot: ids.credit, limit: 1 })) as { readonly nextCursor: string };
  expect(first).toEqual({ items: ofLot.slice(0, 1), nextCursor: expect.any(String) });
  expect(await ask('listRecords', { lot: ids.credit, limit: 1, cursor: first.nextCursor })).toEqual({
    items: ofLot.slice(1),
    nextCursor: null,
  });
  const late = all.items.filter(({ transaction }) => transaction.height >= 4);
  expect(await ask('listRecords', { fromHeight: 4 })).toEqual({ items: late, nextCursor: null });
  expect(await ask('listRecords', { fromHeight: 9 })).toEqual({ items: [], nextCursor: null });
});

test('the node tells which chain it serves and where it stands', async () => {
  expect(await ask('chainInfo')).toMatchObject({
    chainId: 7,
    networkName: 'test',
    genesisHash: encodeHex(served.chain.context.genesisHash),
    protocolVersion: 1,
  });
  const { tip } = served.store;
  const status = {
    ...{ version: VERSION, peerId: 'peer0', height: 4, blockHash: encodeHex(tip?.blockHash ?? NEW_LOT), timestampMs: START_MS + 4000 },
    ...{
      stateRoot: encodeHex(tip?.stateRoot ?? NEW_LOT),
      syncing: false,
      peers: 3,
      validator: formatAddress(addressOf('validator')),
      earliestHeight: 0,
    },
  };
  expect(await ask('status')).toEqual(status);
  served.observed = { targetHeight: 9, peers: 1 };
  expect(await ask('status')).toEqual({ ...status, syncing: true, peers: 1 });
  served.observed = { targetHeight: 0, peers: 3 };
  expect(await ask('diagnose')).toEqual({ ok: true, summary: 'Blocks are being made.', findings: [] });
});

describe('what is not there', () => {
  test.each([
    ['getBlock', [5], 'UNKNOWN_BLOCK'],
    ['getBlock', [UNKNOWN], 'UNKNOWN_BLOCK'],
    ['getRawBlock', [5], 'UNKNOWN_BLOCK'],
    ['getValidators', [5], 'UNKNOWN_BLOCK'],
    ['getParameters', [5], 'UNKNOWN_BLOCK'],
    ['getTransaction', [UNKNOWN], 'UNKNOWN_TRANSACTION'],
    ['getReceipt', [UNKNOWN], 'UNKNOWN_TRANSACTION'],
    ['getBalance', [alice, 'none'], 'UNKNOWN_ASSET'],
    ['getAsset', ['none'], 'UNKNOWN_ASSET'],
    ['getSupply', ['none'], 'UNKNOWN_ASSET'],
    ['getLot', [UNKNOWN], 'UNKNOWN_LOT'],
    ['getDebt', [UNKNOWN], 'UNKNOWN_DEBT'],
    ['listLots', { cursor: 'bm8' }, 'CURSOR_INVALID'],
    ['listRecords', { cursor: 'AAAAAAAAAAAAAAAAAAAAAA' }, 'CURSOR_INVALID'],
    ['listAssets', { cursor: '?' }, 'CURSOR_INVALID'],
  ])('%s of %j is %s', async (method, params, code) => {
    expect(await ask(method, params)).toBe(code);
  });

  test('is a cursor of another list, of another filter, or changed by a character', async () => {
    const { nextCursor } = (await ask('listRecords', { asset: 'mUSD', limit: 1 })) as { readonly nextCursor: string };
    expect(await ask('listRecords', { asset: 'mUSD', cursor: nextCursor })).toMatchObject({ nextCursor: null });
    expect(await ask('listRecords', { asset: 'MTN', cursor: nextCursor })).toBe('CURSOR_INVALID');
    expect(await ask('listLots', { asset: 'mUSD', cursor: nextCursor })).toBe('CURSOR_INVALID');
    expect(await ask('listRecords', { asset: 'mUSD', cursor: `${nextCursor}=` })).toBe('CURSOR_INVALID');
    const changed = `${nextCursor.startsWith('B') ? 'C' : 'B'}${nextCursor.slice(1)}`;
    expect(await ask('listRecords', { asset: 'mUSD', cursor: changed })).toBe('CURSOR_INVALID');
  });
});

test('a transaction goes its way from the wallet to the block, and is told at every step', async () => {
  const own = await ServedChain.start();
  try {
    const first = own.sign('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 1n, memo: '' });
    const second = own.sign('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 2n, memo: '' });
    const { result } = await own.call('sendTransaction', transactionToJson(first));
    const { id } = result as { readonly id: string };
    expect(await own.call('sendRawTransaction', [encodeHex(encodeTransaction(first))])).toEqual({ result: { id } });
    expect(await own.call('getTransaction', [id])).toEqual({
      result: { id, status: 'pending', reason: null, height: null, index: null, ...transactionToJson(first), receipt: null },
    });
    expect(await own.call('getAccount', [alice])).toMatchObject({ result: { nonce: 0, pendingNonce: 1 } });
    const waiting = own.call('sendAndWait', [transactionToJson(second), 60_000]);
    while (own.transactions.sizes.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    await own.makeBlock();
    expect(await waiting).toMatchObject({ result: { status: 'committed', height: 1, index: 1, receipt: { ok: true } } });
    expect(await own.call('getTransaction', [id])).toMatchObject({ result: { status: 'committed', height: 1, index: 0 } });

    const refused = own.sign('bob', 'Transfer', { to: addressOf('alice'), asset: 'MTN', amount: 1n, memo: '' });
    const forged = { ...transactionToJson(refused), signature: transactionToJson(first).signature };
    expect(await own.call('sendTransaction', forged)).toMatchObject({ error: { data: { code: 'BAD_SIGNATURE', field: 'signature' } } });
    expect(await own.call('sendTransactions', [[transactionToJson(first), forged]])).toMatchObject({
      result: [{ id }, { error: { data: { code: 'BAD_SIGNATURE' } } }],
    });
  } finally {
    await own.stop();
  }
  expect(own.failures).toEqual([]);
});

test('a transaction that no block took in time is told as expired', async () => {
  const own = await ServedChain.start();
  try {
    const late = own.sign('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 1n, memo: '' });
    const { result } = await own.call('sendTransaction', transactionToJson(late));
    const { id } = result as { readonly id: string };
    await own.makeBlock(3_600_000);
    expect(await own.call('getTransaction', [id])).toMatchObject({ result: { id, status: 'expired', height: null, receipt: null } });
  } finally {
    await own.stop();
  }
});

/** A store that has forgotten its blocks and what was kept beside them below a height. */
function pruned(store: StateStore, belowHeight: () => number): StateStore {
  const isGone = (key: Uint8Array): boolean => (key[0] ?? 0) <= 0x03 && (key[6] ?? 0) < belowHeight();
  return {
    start: () => store.start(),
    stop: () => store.stop(),
    get view() {
      return store.view;
    },
    get tip() {
      return store.tip;
    },
    commitHeight: (commit) => store.commitHeight(commit),
    readBlock: (height) => (height < belowHeight() ? undefined : store.readBlock(height)),
    readCertificate: (height) => (height < belowHeight() ? undefined : store.readCertificate(height)),
    heightOf: (hash) => store.heightOf(hash),
    readIndex: (key) => (isGone(key) ? undefined : store.readIndex(key)),
    readIndexRange: async (range) =>
      (await store.readIndexRange({ ...range, limit: 10_000 })).filter(({ key }) => !isGone(key)).slice(0, range.limit),
    stateEntries: () => store.stateEntries(),
  };
}

test('what is pruned has a code of its own', async () => {
  let belowHeight = 0;
  const own = await ServedChain.start({ wrap: (store) => pruned(store, () => belowHeight) });
  try {
    const send = () => own.commit(own.sign('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 1n, memo: '' }));
    const [first] = await send();
    await send();
    await send();
    belowHeight = 3;
    const code = async (method: string, params: unknown): Promise<unknown> => (await own.call(method, params)).error?.data.code ?? 'OK';
    expect(await code('getBlock', [2])).toBe('HEIGHT_PRUNED');
    expect(await code('getRawBlock', [2])).toBe('HEIGHT_PRUNED');
    expect(await code('getTransaction', [encodeHex(first ?? NEW_LOT)])).toBe('PRUNED');
    expect(await code('listRecords', { fromHeight: 2 })).toBe('HEIGHT_PRUNED');
    expect(await code('listRecords', {})).toBe('HEIGHT_PRUNED');
    expect(await code('listRecords', { fromHeight: 3 })).toBe('OK');
    expect(await code('getBlock', [3])).toBe('OK');
    expect(await code('getValidators', [2])).toBe('OK');
  } finally {
    await own.stop();
  }
  expect(own.failures).toEqual([]);
});

test('a damaged disk is no answer but an error, and is told to the log', async () => {
  const damage = Object.assign(new Error('damaged'), { code: 'STORAGE_RECORD_CORRUPT' });
  const own = await ServedChain.start({
    wrap: (store) => ({
      ...pruned(store, () => 0),
      readIndex: () => {
        throw damage;
      },
      readIndexRange: () => Promise.reject(damage),
    }),
  });
  try {
    for (const [method, params] of [
      ['listLots', {}],
      ['getAccount', [alice]],
      ['listAssets', {}],
    ] as const) {
      expect((await own.call(method, params)).error?.data.code).toBe('INTERNAL_ERROR');
    }
    expect(own.failures).toEqual([damage, damage, damage]);
  } finally {
    await own.stop();
  }
});
