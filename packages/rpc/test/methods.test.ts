// Goal: every method answers as the contract says, over real HTTP, and reports every wrong parameter by its name.
// Method: a table of calls with whole answers against a node in memory; every result is checked against its shape in the contract.

import {
  referenceCryptography as cryptography,
  encodeHex,
  encodeTransaction,
  formatAddress,
  NATIVE_ASSET,
  recoverAddress,
  transactionToJson,
  unsignedTransactionFromJson,
  unsignedTransactionToJson,
} from '@mutual-chain/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MEMPOOL_ERROR_CODES, METHODS, openRpcDocument } from '../src/contract/index.ts';
import { type Running, startServer } from './support/client.ts';
import {
  alice,
  bob,
  CHAIN_ID,
  COMMITTED_ID,
  committed,
  createMemoryNode,
  GENESIS_BLOCK_HASH,
  GENESIS_HASH,
  LOT_ID,
  type MemoryNode,
  signedTransfer,
  TIP_HASH,
  TIP_MS,
  typedData,
  unsignedTransfer,
  VERSION,
} from './support/memory-node.ts';

let node: MemoryNode;
let running: Running;
beforeEach(async () => {
  node = createMemoryNode();
  running = await startServer({ ports: node });
});
afterEach(() => running.stop());

const hash = (byte: string): string => `0x${byte.repeat(32)}`;
const aliceText = formatAddress(alice.address);
const bobText = formatAddress(bob.address);
const nobodyText = `0x${'0'.repeat(40)}`;
const committedId = encodeHex(COMMITTED_ID);
const tipHash = encodeHex(TIP_HASH);
const domain = { name: 'Mutual Chain', version: '1', chainId: CHAIN_ID, salt: encodeHex(GENESIS_HASH) };

const recordJson = {
  state: 'S2',
  input: 'E06',
  transaction: {
    lot: encodeHex(LOT_ID),
    asset: 'MTN',
    amount: '5',
    from: aliceText,
    to: bobText,
    revision: 0,
    actor: bobText,
    txId: committedId,
    height: 1,
    index: 0,
  },
  business: { product: '', productId: hash('00'), action: 'confirm', reason: '', memo: 'tea', externalRef: '', parentLot: hash('00') },
};
const committedJson = {
  id: committedId,
  status: 'committed',
  reason: null,
  height: 1,
  index: 0,
  ...transactionToJson(committed),
  receipt: { ok: true, code: 'OK', feePaid: '3', feePayer: aliceText, records: [recordJson] },
};
const header = (height: number): object => ({
  protocolVersion: 1,
  chainId: CHAIN_ID,
  height,
  timestampMs: TIP_MS,
  parentHash: height === 0 ? hash('00') : hash('20'),
  proposer: height === 0 ? nobodyText : aliceText,
  stateRoot: hash('21'),
  transactionsRoot: hash('22'),
  recordsRoot: hash('23'),
  receiptsRoot: hash('24'),
  evidenceRoot: hash('25'),
  validatorsHash: hash('26'),
  nextValidatorsHash: hash('27'),
  parametersHash: hash('28'),
});
const certificate = { height: 1, round: 0, blockHash: tipHash, signatures: [{ validatorIndex: 0, signature: `0x${'01'.repeat(65)}` }] };
const blockWithIds = { hash: tipHash, header: header(1), transactions: [committedId], certificate };
const blockInFull = { ...blockWithIds, transactions: [{ id: committedId, ...transactionToJson(committed) }] };
const balance = { available: '90', locked: '10', pendingIn: '0', pendingOut: '5' };
const lotJson = {
  id: encodeHex(LOT_ID),
  owner: aliceText,
  asset: 'MTN',
  amount: '5',
  state: 'S2',
  revision: 1,
  requester: aliceText,
  counterparty: bobText,
  requested: '5',
  expiresAt: 1_700_000_600,
  termsHash: hash('00'),
  dueAt: 0,
  reference: 'tea',
  claimedBy: nobodyText,
  claimedAt: 0,
  revocable: true,
  closes: false,
  confirmations: [{ gateway: bobText, revision: 1, amount: '5', externalRef: 'REF-1' }],
  product: '',
  productId: hash('00'),
  parentLot: hash('00'),
};
const assetJson = {
  id: NATIVE_ASSET,
  name: 'Mutual',
  decimals: 18,
  kind: 'NATIVE',
  gateways: [bobText],
  threshold: 1,
  minLevel: 2,
  transferMode: 'IMMEDIATE',
  freeze: 'none',
  supply: '1000000',
};
const debtJson = {
  id: encodeHex(LOT_ID),
  lender: aliceText,
  borrower: bobText,
  asset: 'MTN',
  principal: '100',
  outstanding: '40',
  termsHash: hash('03'),
  dueAt: 1_800_000_000,
};
const aliceJson = {
  address: aliceText,
  nonce: 1,
  pendingNonce: 4,
  level: 2,
  levelExpiresAt: 0,
  roles: ['registrar', 'auditor'],
  frozen: true,
  freeze: 'shallow',
  autoAccept: true,
  dailyLimit: '50',
  balances: [{ asset: 'MTN', state: 'S5', ...balance }],
};
const nobodyJson = {
  address: nobodyText,
  nonce: 0,
  pendingNonce: 0,
  level: 0,
  levelExpiresAt: 0,
  roles: [],
  frozen: false,
  freeze: 'none',
  autoAccept: true,
  dailyLimit: '0',
  balances: [],
};
const validatorsJson = {
  height: 1,
  totalPower: '10',
  validators: [
    {
      address: aliceText,
      publicKey: encodeHex(alice.publicKey),
      power: '10',
      priority: '-3',
      operator: bobText,
      peerId: 'peer-0',
      addresses: ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2'],
    },
  ],
};
const simulated = { ok: false, code: 'INSUFFICIENT_BALANCE', feePaid: '3', feePayer: aliceText, records: [] };
const unsigned = unsignedTransactionToJson(unsignedTransfer(0));

type Row = { readonly method: string; readonly params?: unknown; readonly result: unknown };

const HAPPY: readonly Row[] = [
  {
    method: 'mutual_chainInfo',
    result: { chainId: CHAIN_ID, networkName: 'test', genesisHash: encodeHex(GENESIS_HASH), protocolVersion: 1, domain },
  },
  {
    method: 'mutual_status',
    result: {
      version: VERSION,
      peerId: 'peer-0',
      height: 1,
      blockHash: tipHash,
      stateRoot: hash('21'),
      timestampMs: TIP_MS,
      syncing: false,
      peers: 3,
      validator: aliceText,
      earliestHeight: 0,
    },
  },
  { method: 'mutual_getBlock', params: [1], result: blockWithIds },
  { method: 'mutual_getBlock', params: ['latest'], result: blockWithIds },
  { method: 'mutual_getBlock', params: [tipHash, { transactions: 'full' }], result: blockInFull },
  { method: 'mutual_getBlock', params: { heightOrHash: 1, options: { transactions: 'full' } }, result: blockInFull },
  { method: 'mutual_getBlock', params: { heightOrHash: 1, transactions: 'full' }, result: blockInFull },
  { method: 'mutual_getRawBlock', params: [1], result: { height: 1, hash: tipHash, block: '0x070707', certificate: '0x0808' } },
  {
    method: 'mutual_getRawBlock',
    params: { heightOrHash: 0 },
    result: { height: 0, hash: encodeHex(GENESIS_BLOCK_HASH), block: '0x', certificate: null },
  },
  { method: 'mutual_getTransaction', params: [committedId], result: committedJson },
  { method: 'mutual_getReceipt', params: { id: committedId }, result: committedJson },
  { method: 'mutual_getAccount', params: [aliceText], result: aliceJson },
  { method: 'mutual_getAccount', params: [aliceText.toLowerCase()], result: aliceJson },
  { method: 'mutual_getAccount', params: [nobodyText], result: nobodyJson },
  { method: 'mutual_getBalance', params: [aliceText, 'MTN'], result: balance },
  { method: 'mutual_getBalance', params: { asset: 'MTN', address: aliceText }, result: balance },
  { method: 'mutual_getLot', params: [encodeHex(LOT_ID)], result: lotJson },
  { method: 'mutual_listLots', result: { items: [lotJson], nextCursor: 'next' } },
  { method: 'mutual_listLots', params: [{ owner: aliceText, cursor: 'next' }], result: { items: [lotJson], nextCursor: null } },
  { method: 'mutual_listLots', params: { state: 'S4', limit: 1 }, result: { items: [], nextCursor: 'next' } },
  { method: 'mutual_listRecords', params: { account: bobText, fromHeight: 1 }, result: { items: [recordJson], nextCursor: null } },
  { method: 'mutual_getAsset', params: ['MTN'], result: assetJson },
  { method: 'mutual_listAssets', result: { items: [assetJson], nextCursor: null } },
  { method: 'mutual_getSupply', params: ['MTN'], result: { asset: 'MTN', supply: '1000000' } },
  { method: 'mutual_getDebt', params: [encodeHex(LOT_ID)], result: debtJson },
  { method: 'mutual_getValidators', result: validatorsJson },
  { method: 'mutual_getValidators', params: [1], result: validatorsJson },
  { method: 'mutual_getParameters', result: { height: 1, parameters: expect.objectContaining({ feePerTransaction: expect.any(String) }) } },
  { method: 'mutual_sendTransaction', params: [transactionToJson(committed)], result: { id: committedId } },
  { method: 'mutual_sendTransaction', params: transactionToJson(committed), result: { id: committedId } },
  { method: 'mutual_sendTransaction', params: { transaction: { ...transactionToJson(committed), domain } }, result: { id: committedId } },
  { method: 'mutual_sendRawTransaction', params: [encodeHex(encodeTransaction(committed))], result: { id: committedId } },
  { method: 'mutual_sendAndWait', params: [transactionToJson(committed), 1000], result: committedJson },
  { method: 'mutual_sendAndWait', params: { ...transactionToJson(committed), timeoutMs: 1000 }, result: committedJson },
  { method: 'mutual_simulateTransaction', params: [unsigned], result: simulated },
  {
    method: 'mutual_diagnose',
    result: {
      ok: false,
      summary: 'Two of four validators are missing.',
      findings: [{ code: 'NO_QUORUM', message: 'Power 20 of 40 answers, 27 is needed.', remedy: 'Start the missing validators.' }],
    },
  },
  { method: 'rpc.discover', result: JSON.parse(JSON.stringify(openRpcDocument(VERSION))) as unknown },
];

describe('answers', () => {
  test.each(HAPPY)('$method of $params', async ({ method, params, result }) => {
    const answer = (await running.call(method, params)) as { readonly result: unknown };
    expect(answer).toEqual({ jsonrpc: '2.0', id: 1, result });
    const shape = METHODS.find(({ name }) => name === method)?.result.shape;
    expect(shape?.safeParse(answer.result)).toMatchObject({ success: true });
  });

  test('are tested for every method', () => {
    const elsewhere = ['mutual_sendTransactions', 'mutual_prepareTransaction'];
    expect([...new Set([...HAPPY.map(({ method }) => method), ...elsewhere])].sort()).toEqual(METHODS.map(({ name }) => name).sort());
  });
});

type Failure = {
  readonly method: string;
  readonly params?: unknown;
  readonly number: number;
  readonly code: string;
  readonly field?: string;
};

const capital = aliceText.replace(/[a-f]/g, (letter) => letter.toUpperCase());
const unknown = hash('ff');

const FAILURES: readonly Failure[] = [
  { method: 'mutual_nothing', number: -32601, code: 'METHOD_NOT_FOUND', field: 'method' },
  { method: 'toString', number: -32601, code: 'METHOD_NOT_FOUND', field: 'method' },
  { method: 'mutual_getBlock', number: -32602, code: 'INVALID_PARAMS', field: 'heightOrHash' },
  { method: 'mutual_getBlock', params: [-1], number: -32602, code: 'INVALID_PARAMS', field: 'heightOrHash' },
  { method: 'mutual_getBlock', params: [1.5], number: -32602, code: 'INVALID_PARAMS', field: 'heightOrHash' },
  {
    method: 'mutual_getBlock',
    params: [1, { transactions: 'some' }],
    number: -32602,
    code: 'INVALID_PARAMS',
    field: 'options.transactions',
  },
  { method: 'mutual_getBlock', params: [1, {}, 3], number: -32602, code: 'INVALID_PARAMS', field: 'params' },
  { method: 'mutual_getBlock', params: [9], number: -32001, code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getRawBlock', params: [9], number: -32001, code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getRawBlock', params: [-1], number: -32602, code: 'INVALID_PARAMS', field: 'heightOrHash' },
  { method: 'mutual_getBlock', params: [unknown], number: -32001, code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getAccount', params: [capital], number: -32602, code: 'INVALID_PARAMS', field: 'address' },
  { method: 'mutual_getAccount', params: { address: aliceText, height: 1 }, number: -32602, code: 'INVALID_PARAMS', field: 'height' },
  { method: 'mutual_getBalance', params: [aliceText, 'NONE'], number: -32001, code: 'UNKNOWN_ASSET' },
  { method: 'mutual_getBalance', params: [aliceText, 'not an id'], number: -32602, code: 'INVALID_PARAMS', field: 'asset' },
  { method: 'mutual_getTransaction', params: [unknown], number: -32001, code: 'UNKNOWN_TRANSACTION' },
  { method: 'mutual_getTransaction', params: ['0x12'], number: -32602, code: 'INVALID_PARAMS', field: 'id' },
  { method: 'mutual_getLot', params: [unknown], number: -32001, code: 'UNKNOWN_LOT' },
  { method: 'mutual_getAsset', params: ['NONE'], number: -32001, code: 'UNKNOWN_ASSET' },
  { method: 'mutual_getSupply', params: ['NONE'], number: -32001, code: 'UNKNOWN_ASSET' },
  { method: 'mutual_getDebt', params: [unknown], number: -32001, code: 'UNKNOWN_DEBT' },
  { method: 'mutual_getValidators', params: [9], number: -32001, code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getParameters', params: [9], number: -32001, code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_listLots', params: [{ cursor: 'old' }], number: -32602, code: 'CURSOR_INVALID' },
  { method: 'mutual_listLots', params: { limit: 1001 }, number: -32602, code: 'INVALID_PARAMS', field: 'filter.limit' },
  { method: 'mutual_listLots', params: { colour: 'red' }, number: -32602, code: 'INVALID_PARAMS', field: 'filter.colour' },
  { method: 'mutual_listLots', params: { filter: {}, owner: aliceText }, number: -32602, code: 'INVALID_PARAMS', field: 'owner' },
  {
    method: 'mutual_sendTransaction',
    params: [{ ...transactionToJson(committed), type: 'Gift' }],
    number: -32602,
    code: 'INVALID_PARAMS',
    field: 'transaction.type',
  },
  {
    method: 'mutual_sendTransaction',
    params: [{ ...transactionToJson(committed), message: { ...transactionToJson(committed).message, nonce: -1 } }],
    number: -32602,
    code: 'INVALID_PARAMS',
    field: 'transaction.message.nonce',
  },
  {
    method: 'mutual_sendTransaction',
    params: [{ ...transactionToJson(committed), message: { ...transactionToJson(committed).message, to: capital } }],
    number: -32602,
    code: 'INVALID_PARAMS',
    field: 'transaction.message.to',
  },
  {
    method: 'mutual_sendTransaction',
    params: [{ ...transactionToJson(committed), signature: `0x${'11'.repeat(64)}00` }],
    number: -32000,
    code: 'BAD_SIGNATURE',
    field: 'signature',
  },
  { method: 'mutual_sendRawTransaction', params: ['0x0102'], number: -32602, code: 'INVALID_PARAMS', field: 'transaction' },
  { method: 'mutual_sendRawTransaction', params: ['0x0'], number: -32602, code: 'INVALID_PARAMS', field: 'transaction' },
  { method: 'mutual_sendRawTransaction', params: [`0x${'00'.repeat(9000)}`], number: -32602, code: 'INVALID_PARAMS', field: 'transaction' },
  { method: 'mutual_sendTransactions', params: [[]], number: -32602, code: 'INVALID_PARAMS', field: 'transactions' },
  { method: 'mutual_sendAndWait', params: [transactionToJson(committed)], number: -32602, code: 'INVALID_PARAMS', field: 'timeoutMs' },
  {
    method: 'mutual_prepareTransaction',
    params: [{ type: 'Transfer', message: {} }],
    number: -32602,
    code: 'INVALID_PARAMS',
    field: 'transaction.message.from',
  },
];

describe('refusals', () => {
  test.each(FAILURES)('$method of $params is $code', async ({ method, params, number, code, field }) => {
    const { error } = (await running.call(method, params)) as { error: { code: number; message: string; data: Record<string, unknown> } };
    expect({ number: error.code, code: error.data['code'], field: error.data['field'] }).toEqual({ number, code, field });
    expect(error.message).not.toBe('');
  });
});

describe('transactions', () => {
  test.each(['NONCE_TOO_LOW', 'FROZEN', 'LEVEL_TOO_LOW', ...MEMPOOL_ERROR_CODES] as const)(
    'that are refused with %s are an error with that code',
    async (code) => {
      node.refusal = { ok: false, code };
      expect(await running.call('mutual_sendTransaction', [transactionToJson(signedTransfer(4))])).toMatchObject({
        id: 1,
        error: { code: -32000, data: { code } },
      });
    },
  );

  test('of one call are handed in at once, in order, and each has its own outcome', async () => {
    const bad = { ...transactionToJson(signedTransfer(5)), signature: `0x${'11'.repeat(64)}00` };
    const transactions = [transactionToJson(committed), bad, transactionToJson(signedTransfer(6))];
    const { result } = (await running.call('mutual_sendTransactions', [transactions])) as { result: unknown };
    expect(result).toEqual([
      { id: committedId },
      {
        error: {
          code: -32000,
          message: expect.stringMatching(/^signature: A signature is malformed/),
          data: { code: 'BAD_SIGNATURE', field: 'signature' },
        },
      },
      { id: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
    ]);
    expect(node.submitted.map(({ transaction }) => transaction.message.nonce)).toEqual([0, 5, 6]);
    const { result: later } = (await running.call('mutual_getTransaction', [(result as { id: string }[])[2]?.id])) as { result: unknown };
    expect(later).toMatchObject({ status: 'pending', height: null, index: null, receipt: null, type: 'Transfer' });
  });

  test.each(['committed', 'expired', 'rejected'] as const)('that are waited for are answered once they are %s', async (status) => {
    const { settled } = node.transactions;
    Object.assign(node.transactions, {
      settled: (id: Parameters<typeof settled>[0], signal: AbortSignal) => {
        const waiting = settled(id, signal);
        node.settle(id, status);
        return waiting;
      },
    });
    const answer = await running.call('mutual_sendAndWait', [transactionToJson(signedTransfer(8)), 60_000]);
    expect(answer).toMatchObject({ result: { status, reason: status === 'rejected' ? 'NONCE_USED' : null } });
  });

  test('that take longer than one waits for are answered as pending', async () => {
    const answer = await running.call('mutual_sendAndWait', [transactionToJson(signedTransfer(9)), 0]);
    expect(answer).toMatchObject({ result: { status: 'pending' } });
  });
});

describe('mutual_prepareTransaction', () => {
  const { nonce, validUntil, maxFee, ...rest } = unsigned.message;

  test('fills in nonce, validUntil and maxFee, and its answer signs to the sender', async () => {
    const { result } = (await running.call('mutual_prepareTransaction', [{ type: 'Transfer', message: rest }])) as {
      result: { message: Record<string, string>; domain: unknown; primaryType: string };
    };
    expect(result.domain).toEqual(domain);
    expect(result.message).toEqual({
      ...rest,
      nonce: '4',
      validUntil: String(TIP_MS / 1000 + 600),
      maxFee: expect.stringMatching(/^[0-9]+$/),
    });
    const prepared = unsignedTransactionFromJson({ type: result.primaryType, message: result.message });
    const digest = typedData.digest(prepared);
    expect(recoverAddress(cryptography, digest, cryptography.sign(digest, alice.privateKey))).toEqual(alice.address);
  });

  test('keeps what is given', async () => {
    const answer = await running.call('mutual_prepareTransaction', unsigned);
    expect(answer).toMatchObject({ result: { primaryType: 'Transfer', message: { nonce, validUntil, maxFee } } });
  });
});

test('a node without a block says so', async () => {
  node.status = { ...node.status, tip: undefined };
  for (const [method, params] of [
    ['mutual_status', []],
    ['mutual_simulateTransaction', [unsigned]],
    ['mutual_prepareTransaction', [unsigned]],
  ] as const) {
    expect(await running.call(method, params)).toMatchObject({ error: { code: -32004, data: { code: 'NOT_READY' } } });
  }
});

test('what is pruned has a code of its own', async () => {
  node.status = { ...node.status, earliestHeight: 1 };
  expect(await running.call('mutual_listRecords', { fromHeight: 0 })).toMatchObject({
    error: { code: -32002, data: { code: 'HEIGHT_PRUNED' } },
  });
});
