import {
  blockCodec,
  blockHash,
  certificateCodec,
  decodeHex,
  encodeHex,
  encodeTransaction,
  referenceCryptography,
  transactionFromJson,
  transactionIdOf,
  transactionToJson,
} from '@mutual-chain/protocol';
import { type BlockJson, METHODS, openRpcDocument, type RawBlockJson, type TransactionStatusJson } from '@mutual-chain/rpc/contract';
import { headerFromJson } from '@mutual-chain/sdk';
import { Wallet } from 'ethers';
import { beforeAll, describe, expect, test } from 'vitest';
import { ForeignWallet, type SignedJson } from './support/foreign-wallet.ts';
import { ask, call } from './support/json-rpc.ts';
import { type KnownWorld, makeKnownWorld, TERMS } from './support/known-world.ts';
import { inWords, NEW_LOT } from './support/ledger-story.ts';
import type { LocalNetwork } from './support/local-network.ts';

type Made<Value> = (world: KnownWorld) => Value | Promise<Value>;

/** A call with its whole answer. */
type Row = {
  readonly method: string;
  readonly about?: string;
  readonly params: Made<unknown>;
  readonly result: (world: KnownWorld, params: never) => unknown;
};

/** A call that is refused. */
type Refused = { readonly method: string; readonly params: Made<unknown>; readonly code: string; readonly field?: string };

const HASH = expect.stringMatching(/^0x[0-9a-f]{64}$/) as string;
const ADDRESS = expect.stringMatching(/^0x[0-9a-fA-F]{40}$/) as string;
const DIGITS = expect.stringMatching(/^[0-9]+$/) as string;
const COUNT = expect.any(Number) as number;
const NOBODY = `0x${'00'.repeat(20)}`;
const UNKNOWN = `0x${'ff'.repeat(32)}`;
const VERSION = '0.0.0';

const none = (): readonly never[] => [];

const idOf = (signed: SignedJson): string =>
  encodeHex(transactionIdOf(referenceCryptography, encodeTransaction(transactionFromJson(signed))));

const transferOf = ({ dave, story }: KnownWorld, fields: Readonly<Record<string, unknown>> = {}): Promise<SignedJson> =>
  dave.sign('Transfer', { to: story.address('erin'), asset: 'MTN', amount: '1', memo: '', ...fields });

/** A message with everything but a signature. */
const unsignedOf = async (world: KnownWorld, fields: Readonly<Record<string, unknown>> = {}): Promise<Omit<SignedJson, 'signature'>> => {
  const { type, message } = await transferOf(world, fields);
  return { type, message };
};

const headerShape = {
  protocolVersion: 1,
  chainId: 7357,
  height: COUNT,
  timestampMs: COUNT,
  parentHash: HASH,
  proposer: ADDRESS,
  stateRoot: HASH,
  transactionsRoot: HASH,
  recordsRoot: HASH,
  receiptsRoot: HASH,
  evidenceRoot: HASH,
  validatorsHash: HASH,
  nextValidatorsHash: HASH,
  parametersHash: HASH,
};

const heightOf = ({ committed }: KnownWorld): number => committed.height ?? 0;

const blockOf = (world: KnownWorld, transactions: unknown): object => ({
  hash: HASH,
  header: { ...headerShape, height: heightOf(world) },
  transactions: expect.arrayContaining([transactions]) as unknown,
  certificate: {
    height: heightOf(world),
    round: COUNT,
    blockHash: HASH,
    signatures: expect.arrayContaining([
      { validatorIndex: COUNT, signature: expect.stringMatching(/^0x[0-9a-f]{130}$/) as string },
    ]) as unknown,
  },
});

const assetOf = ({ story }: KnownWorld): object => ({
  id: 'known',
  name: 'of known',
  decimals: 2,
  kind: 'GATEWAY',
  gateways: [story.address('gateway')],
  threshold: 1,
  minLevel: 0,
  transferMode: 'IMMEDIATE',
  freeze: 'none',
  supply: '100',
});

const committedAs = (signed: SignedJson, feePayer: string, words: readonly string[]): object => ({
  id: idOf(signed),
  status: 'committed',
  reason: null,
  height: COUNT,
  index: COUNT,
  ...transactionToJson(transactionFromJson(signed)),
  receipt: { ok: true, code: 'OK', feePaid: DIGITS, feePayer, records: words.map(() => expect.anything() as unknown) },
});

const HAPPY: readonly Row[] = [
  {
    method: 'mutual_chainInfo',
    params: none,
    result: ({ network: { file } }) => ({
      chainId: file.chainId,
      networkName: 'mutual-devnet',
      genesisHash: file.genesisHash,
      protocolVersion: 1,
      domain: { name: 'Mutual Chain', version: '1', chainId: file.chainId, salt: file.genesisHash },
    }),
  },
  {
    method: 'mutual_status',
    params: none,
    result: ({ network }) => ({
      version: VERSION,
      peerId: network.node(0).ready?.peerId,
      height: COUNT,
      blockHash: HASH,
      stateRoot: HASH,
      timestampMs: COUNT,
      syncing: false,
      peers: 3,
      validator: ADDRESS,
      earliestHeight: 0,
    }),
  },
  {
    method: 'mutual_getBlock',
    about: 'genesis',
    params: () => [0],
    result: () => ({
      hash: HASH,
      header: { ...headerShape, height: 0, parentHash: NEW_LOT, proposer: NOBODY },
      transactions: [],
      certificate: null,
    }),
  },
  {
    method: 'mutual_getBlock',
    about: 'with ids',
    params: (world) => ({ heightOrHash: heightOf(world) }),
    result: (world) => blockOf(world, world.committed.id),
  },
  {
    method: 'mutual_getBlock',
    about: 'in full',
    params: (world) => [heightOf(world), { transactions: 'full' }],
    result: (world) => blockOf(world, { id: world.committed.id, ...transactionToJson(transactionFromJson(world.sent)) }),
  },
  {
    method: 'mutual_getRawBlock',
    params: (world) => [heightOf(world)],
    result: (world) => ({
      height: heightOf(world),
      hash: HASH,
      block: expect.stringContaining(encodeHex(encodeTransaction(transactionFromJson(world.sent))).slice(2)) as string,
      certificate: expect.stringMatching(/^0x[0-9a-f]+$/) as string,
    }),
  },
  { method: 'mutual_getTransaction', params: ({ committed }) => [committed.id], result: ({ committed }) => committed },
  { method: 'mutual_getReceipt', params: ({ committed }) => ({ id: committed.id }), result: ({ committed }) => committed },
  {
    method: 'mutual_sendTransaction',
    params: async (world) => [await transferOf(world)],
    result: (_world, [signed]: [SignedJson]) => ({ id: idOf(signed) }),
  },
  { method: 'mutual_sendTransaction', about: 'known already', params: ({ sent }) => [sent], result: ({ committed: { id } }) => ({ id }) },
  {
    method: 'mutual_sendRawTransaction',
    params: async (world) => [encodeHex(encodeTransaction(transactionFromJson(await transferOf(world))))],
    result: (_world, [raw]: [string]) => ({ id: encodeHex(transactionIdOf(referenceCryptography, decodeHex(raw))) }),
  },
  {
    method: 'mutual_sendTransactions',
    params: async (world) => [[await transferOf(world), { ...world.sent, signature: `0x${'11'.repeat(64)}00` }, world.sent]],
    result: ({ committed: { id } }, [[first]]: [[SignedJson]]) => [
      { id: idOf(first) },
      { error: { code: -32000, message: expect.any(String) as string, data: { code: 'BAD_SIGNATURE', field: 'signature' } } },
      { id },
    ],
  },
  {
    method: 'mutual_sendAndWait',
    params: async (world) => [await transferOf(world), 9000],
    result: ({ dave }, [signed]: [SignedJson]) => committedAs(signed, dave.address, ['E04', 'E06']),
  },
  {
    method: 'mutual_simulateTransaction',
    params: async (world) => [await unsignedOf(world)],
    result: ({ dave }) => ({
      ok: true,
      code: 'OK',
      feePaid: DIGITS,
      feePayer: dave.address,
      records: [expect.objectContaining({ state: 'S5', input: 'E04' }), expect.objectContaining({ state: 'S2', input: 'E06' })] as unknown,
    }),
  },
  {
    method: 'mutual_simulateTransaction',
    about: 'that would fail',
    params: async (world) => [await unsignedOf(world, { amount: String(10n ** 30n) })],
    result: ({ dave }) => ({ ok: false, code: 'INSUFFICIENT_BALANCE', feePaid: DIGITS, feePayer: dave.address, records: [] }),
  },
  {
    method: 'mutual_prepareTransaction',
    params: ({ dave, story }) => [
      { type: 'Transfer', message: { from: dave.address, to: story.address('erin'), asset: 'MTN', amount: '1', memo: 'tea' } },
    ],
    result: ({ dave, story, network: { file } }) => ({
      types: expect.objectContaining({ EIP712Domain: expect.any(Array) as unknown, Transfer: expect.any(Array) as unknown }) as unknown,
      primaryType: 'Transfer',
      domain: { name: 'Mutual Chain', version: '1', chainId: file.chainId, salt: file.genesisHash },
      message: {
        ...{ from: dave.address, to: story.address('erin'), asset: 'MTN', amount: '1', memo: 'tea' },
        ...{ nonce: DIGITS, validUntil: DIGITS, maxFee: DIGITS },
      },
    }),
  },
  {
    method: 'mutual_getAccount',
    params: ({ story }) => [story.address('registrar').toLowerCase()],
    result: ({ story }) => ({
      address: story.address('registrar'),
      nonce: COUNT,
      pendingNonce: COUNT,
      level: 2,
      levelExpiresAt: 0,
      roles: ['registrar'],
      frozen: false,
      freeze: 'none',
      autoAccept: true,
      dailyLimit: '0',
      balances: [{ asset: 'MTN', state: 'S5', available: DIGITS, locked: '0', pendingIn: '0', pendingOut: '0' }],
    }),
  },
  {
    method: 'mutual_getBalance',
    params: ({ story }) => ({ address: story.address('alice'), asset: 'known' }),
    result: () => ({ available: '50', locked: '0', pendingIn: '0', pendingOut: '30' }),
  },
  { method: 'mutual_getLot', params: ({ lot }) => [lot.id], result: ({ lot }) => lot },
  {
    method: 'mutual_listLots',
    params: ({ story }) => ({ owner: story.address('alice'), asset: 'known', state: 'S2' }),
    result: ({ lot }) => ({ items: [lot], nextCursor: null }),
  },
  {
    method: 'mutual_listRecords',
    params: (world) => [{ account: world.dave.address, fromHeight: heightOf(world), toHeight: heightOf(world) }],
    result: ({ records }) => ({ items: records, nextCursor: null }),
  },
  {
    method: 'mutual_listRecords',
    about: 'page by page',
    params: (world) => ({ asset: 'MTN', fromHeight: heightOf(world), toHeight: heightOf(world), limit: 1 }),
    result: ({ records: [first] }) => ({ items: [first], nextCursor: expect.any(String) as string }),
  },
  { method: 'mutual_getAsset', params: () => ['known'], result: assetOf },
  {
    method: 'mutual_listAssets',
    params: none,
    result: (world) => ({ items: expect.arrayContaining([assetOf(world)]) as unknown, nextCursor: null }),
  },
  { method: 'mutual_getSupply', params: () => ['MTN'], result: () => ({ asset: 'MTN', supply: String(400_000_000n * 10n ** 18n) }) },
  {
    method: 'mutual_getDebt',
    params: ({ debt }) => [debt],
    result: ({ debt, story, dueAt }) => ({
      ...{ id: debt, lender: story.address('alice'), borrower: story.address('bob'), asset: 'known' },
      ...{ principal: '20', outstanding: '20', termsHash: TERMS, dueAt },
    }),
  },
  {
    method: 'mutual_getValidators',
    params: () => [1],
    result: ({ network }) => ({
      height: 1,
      totalPower: '40',
      validators: expect.toSatisfy((validators: readonly { readonly peerId: string; readonly power: string }[]) => {
        const found = validators.map(({ peerId, power }) => `${peerId} ${power}`).sort();
        return (
          found.join() ===
          network.nodes
            .map(({ ready }) => `${ready?.peerId} 10`)
            .sort()
            .join()
        );
      }) as unknown,
    }),
  },
  {
    method: 'mutual_getParameters',
    params: () => [1],
    result: () => ({
      height: 1,
      parameters: expect.objectContaining({ emptyBlockIntervalMs: '500', feePerByte: '1000000000000' }) as unknown,
    }),
  },
  {
    method: 'mutual_diagnose',
    params: none,
    result: () => ({ ok: true, summary: expect.stringMatching(/^Blocks are being made: /) as string, findings: [] }),
  },
  { method: 'rpc.discover', params: none, result: () => JSON.parse(JSON.stringify(openRpcDocument(VERSION))) as unknown },
];

/** Methods that take nothing refuse everything. */
const WITHOUT_PARAMETERS: readonly Refused[] = ['mutual_chainInfo', 'mutual_status', 'mutual_diagnose', 'rpc.discover'].map((method) => ({
  method,
  params: () => [1],
  code: 'INVALID_PARAMS',
  field: 'params',
}));

const WRONG_ADDRESS = '0x12';

const REFUSED: readonly Refused[] = [
  ...WITHOUT_PARAMETERS,
  { method: 'mutual_nothing', params: none, code: 'METHOD_NOT_FOUND', field: 'method' },
  { method: 'mutual_getBlock', params: () => [10 ** 9], code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getBlock', params: () => [UNKNOWN], code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getBlock', params: () => [-1], code: 'INVALID_PARAMS', field: 'heightOrHash' },
  { method: 'mutual_getRawBlock', params: () => [10 ** 9], code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getRawBlock', params: () => ['first'], code: 'INVALID_PARAMS', field: 'heightOrHash' },
  { method: 'mutual_getTransaction', params: () => [UNKNOWN], code: 'UNKNOWN_TRANSACTION' },
  { method: 'mutual_getTransaction', params: none, code: 'INVALID_PARAMS', field: 'id' },
  { method: 'mutual_getReceipt', params: () => [UNKNOWN], code: 'UNKNOWN_TRANSACTION' },
  { method: 'mutual_getReceipt', params: () => [WRONG_ADDRESS], code: 'INVALID_PARAMS', field: 'id' },
  { method: 'mutual_getAccount', params: () => [WRONG_ADDRESS], code: 'INVALID_PARAMS', field: 'address' },
  { method: 'mutual_getBalance', params: ({ dave }) => [dave.address, 'NONE'], code: 'UNKNOWN_ASSET' },
  { method: 'mutual_getBalance', params: ({ dave }) => [dave.address], code: 'INVALID_PARAMS', field: 'asset' },
  { method: 'mutual_getLot', params: () => [UNKNOWN], code: 'UNKNOWN_LOT' },
  { method: 'mutual_getLot', params: () => [7], code: 'INVALID_PARAMS', field: 'id' },
  { method: 'mutual_listLots', params: () => ({ cursor: 'no cursor' }), code: 'CURSOR_INVALID' },
  { method: 'mutual_listLots', params: () => ({ state: 'S7' }), code: 'INVALID_PARAMS', field: 'filter.state' },
  { method: 'mutual_listRecords', params: () => ({ cursor: 'no cursor' }), code: 'CURSOR_INVALID' },
  { method: 'mutual_listRecords', params: () => ({ limit: 0 }), code: 'INVALID_PARAMS', field: 'filter.limit' },
  { method: 'mutual_getAsset', params: () => ['NONE'], code: 'UNKNOWN_ASSET' },
  { method: 'mutual_getAsset', params: () => ['not an id'], code: 'INVALID_PARAMS', field: 'asset' },
  { method: 'mutual_listAssets', params: () => ({ cursor: 'no cursor' }), code: 'CURSOR_INVALID' },
  { method: 'mutual_listAssets', params: () => ({ limit: 1001 }), code: 'INVALID_PARAMS', field: 'page.limit' },
  { method: 'mutual_getSupply', params: () => ['NONE'], code: 'UNKNOWN_ASSET' },
  { method: 'mutual_getSupply', params: none, code: 'INVALID_PARAMS', field: 'asset' },
  { method: 'mutual_getDebt', params: ({ lot }) => [lot.id], code: 'UNKNOWN_DEBT' },
  { method: 'mutual_getDebt', params: none, code: 'INVALID_PARAMS', field: 'id' },
  { method: 'mutual_getValidators', params: () => [10 ** 9], code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getValidators', params: () => ['first'], code: 'INVALID_PARAMS', field: 'height' },
  { method: 'mutual_getParameters', params: () => [10 ** 9], code: 'UNKNOWN_BLOCK' },
  { method: 'mutual_getParameters', params: () => [0.5], code: 'INVALID_PARAMS', field: 'height' },
  {
    method: 'mutual_simulateTransaction',
    params: ({ sent: { message } }) => [{ type: 'Gift', message }],
    code: 'INVALID_PARAMS',
    field: 'transaction.type',
  },
  {
    method: 'mutual_prepareTransaction',
    params: () => [{ type: 'Transfer', message: {} }],
    code: 'INVALID_PARAMS',
    field: 'transaction.message.from',
  },
  { method: 'mutual_sendTransactions', params: () => [[]], code: 'INVALID_PARAMS', field: 'transactions' },
  { method: 'mutual_sendRawTransaction', params: () => ['0x0102'], code: 'INVALID_PARAMS', field: 'transaction' },
  {
    method: 'mutual_sendRawTransaction',
    params: rawOf((world) => transferOf(world, { nonce: '0' })),
    code: 'NONCE_TOO_LOW',
    field: 'nonce',
  },
  { method: 'mutual_sendAndWait', params: ({ sent }) => [sent], code: 'INVALID_PARAMS', field: 'timeoutMs' },
  {
    method: 'mutual_sendAndWait',
    params: async (world) => [await transferOf(world, { nonce: '0' }), 9000],
    code: 'NONCE_TOO_LOW',
    field: 'nonce',
  },
  {
    method: 'mutual_sendTransaction',
    params: ({ sent }) => [{ ...sent, type: 'Gift' }],
    code: 'INVALID_PARAMS',
    field: 'transaction.type',
  },
  sending('BAD_SIGNATURE', 'signature', async (world) => ({ ...(await transferOf(world)), signature: world.sent.signature })),
  sending('WRONG_CHAIN', 'domain', async (world) => {
    const domain = { name: 'Mutual Chain', version: '1', chainId: 1, salt: world.network.file.genesisHash };
    return { ...(await world.dave.sign('Transfer', (await transferOf(world)).message, domain)), domain };
  }),
  sending('EXPIRED', 'validUntil', (world) => transferOf(world, { validUntil: '1' })),
  sending('NONCE_TOO_LOW', 'nonce', (world) => transferOf(world, { nonce: '0' })),
  sending('NONCE_TOO_HIGH', 'nonce', (world) => transferOf(world, { nonce: '1000000' })),
  sending('FEE_TOO_LOW', 'maxFee', (world) => transferOf(world, { maxFee: '0' })),
  sending('INSUFFICIENT_FEE_BALANCE', 'maxFee', ({ url, story }) => {
    const stranger = new ForeignWallet(Wallet.createRandom().privateKey, url);
    return stranger.sign('Transfer', { to: story.address('erin'), asset: 'MTN', amount: '1', memo: '' });
  }),
  sending('NOT_PERMITTED', 'from', ({ dave, lot }) => dave.sign('ConfirmTransfer', { lot: lot.id, revision: 0, amount: '30' })),
  sending('LEVEL_TOO_LOW', 'from', ({ url, network, story }) => {
    const treasury = new ForeignWallet(network.account('treasury').privateKey, url);
    return treasury.sign('Transfer', { to: story.address('erin'), asset: 'MTN', amount: '1', memo: '' });
  }),
];

function sending(code: string, field: string, signed: Made<unknown>): Refused {
  return { method: 'mutual_sendTransaction', params: async (world) => [await signed(world)], code, field };
}

function rawOf(signed: Made<SignedJson>): Made<unknown> {
  return async (world) => [encodeHex(encodeTransaction(transactionFromJson(await signed(world))))];
}

/** Every method of the contract over a real node: what it answers, and what it refuses. */
export function describeMethods(network: () => LocalNetwork): void {
  describe('methods', () => {
    let world: KnownWorld;
    beforeAll(async () => {
      world = await makeKnownWorld(network());
    });

    test.each(HAPPY.map((row) => ({ ...row, name: `${row.method} ${row.about ?? ''}`.trim() })))(
      '$name',
      async ({ method, params, result }) => {
        const given = await params(world);
        const answer = await call(world.url, method, given);
        expect(answer).toEqual(result(world, given as never));
        const shape = METHODS.find(({ name }) => name === method)?.result.shape;
        expect(shape?.safeParse(answer)).toMatchObject({ success: true });
      },
    );

    test.each(REFUSED)('$method refuses with $code, $field', async ({ method, params, code, field }) => {
      const answer = await ask(world.url, method, await params(world));
      expect(answer).toMatchObject({
        error: { message: expect.any(String) as string, data: { code, ...(field === undefined ? {} : { field }) } },
      });
    });

    test('are all called, and all refuse something', () => {
      const names = METHODS.map(({ name }) => name).sort();
      expect([...new Set(HAPPY.map(({ method }) => method))].sort()).toEqual(names);
      expect([...new Set(REFUSED.map(({ method }) => method))].filter((name) => name !== 'mutual_nothing').sort()).toEqual(names);
    });

    test('a taken nonce is refused while its transaction waits', async () => {
      const first = await transferOf(world, { memo: 'first' });
      const second = await transferOf(world, { memo: 'second', nonce: first.message['nonce'] });
      expect(await ask(world.url, 'mutual_sendTransactions', [[first, second]])).toMatchObject({
        result: [{ id: idOf(first) }, { error: { data: { code: 'NONCE_TAKEN' } } }],
      });
    });

    test('blocks hash to their names, as JSON and as bytes', async () => {
      const { committed, url } = world;
      const json = await call<BlockJson>(url, 'mutual_getBlock', [committed.height]);
      const raw = await call<RawBlockJson>(url, 'mutual_getRawBlock', [json.hash]);
      const { header } = blockCodec.decode(decodeHex(raw.block));
      const certificate = certificateCodec.decode(decodeHex(raw.certificate ?? ''));
      const hashes = [header, headerFromJson(json.header)].map((each) => encodeHex(blockHash(referenceCryptography, each)));
      expect([...hashes, encodeHex(certificate.blockHash), raw.hash]).toEqual(Array.from({ length: 4 }, () => json.hash));
    });

    test('pages of a list join without a gap', async () => {
      const { url, committed, records } = world;
      const heights = { fromHeight: committed.height, toHeight: committed.height };
      const words: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const filter = { account: world.dave.address, ...heights, limit: 1, ...(cursor === '' ? {} : { cursor }) };
        const page: { readonly items: typeof records; readonly nextCursor: string | null } = await call(url, 'mutual_listRecords', [
          filter,
        ]);
        words.push(...page.items.map(inWords));
        cursor = page.nextCursor;
      }
      expect(words).toEqual(records.map(inWords));
    });

    test('what was sent without waiting is committed on every node', async () => {
      const { dave, network: all } = world;
      const signed = await transferOf(world);
      expect(await dave.hand(signed)).toMatchObject({ code: 'OK' });
      const { height } = await call<TransactionStatusJson>(world.url, 'mutual_getTransaction', [idOf(signed)]);
      await all.reach(height ?? 0);
      const copies = await Promise.all(all.urls.map((url) => call<TransactionStatusJson>(url, 'mutual_getTransaction', [idOf(signed)])));
      expect(copies).toEqual(copies.map(() => committedAs(signed, dave.address, ['E04', 'E06'])));
    });

    test('probes say that the node lives and is ready', async () => {
      const answers = await Promise.all(['/health', '/ready'].map((path) => fetch(`${world.url}${path}`)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    });
  });
}
