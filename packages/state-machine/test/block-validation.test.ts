import type { BlockHash, BlockHeader, VerifiedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import {
  applyBlock,
  BLOCK_REJECTIONS,
  type BlockRejection,
  BlockTransition,
  type BuiltBlock,
  buildBlock,
  DEFAULT_BLOCK_LIMITS,
  MemoryState,
} from '../src/index.ts';
import { doubleVote } from './support/double-signatures.ts';
import { addressOf, asVerified, cryptography, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: a block is valid only if its header says exactly what execution yields; otherwise the first reason, and the state stands as it was.
 * Method: a good block, one thing changed at a time.
 */

const other = (bytes: Uint8Array): never => bytes.map((byte, index) => (index === 7 ? byte ^ 1 : byte)) as never;

const start = (parameters: Record<string, string> = {}) => {
  const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '5', feePerByte: '0', ...parameters } }));
  chain.wait(1);
  const payments = ['alice', 'bob'].map((name) =>
    chain.transaction(name, 'Transfer', { to: addressOf('carol'), asset: 'MTN', amount: 1n, memo: '' }),
  );
  const setting = chain.setting(1, [doubleVote(chain, 'validator0', 1)]);
  return { chain, payments, setting };
};

const built = ({ chain, payments, setting }: ReturnType<typeof start>): BuiltBlock =>
  buildBlock(chain.state, payments, chain.chain, setting, DEFAULT_BLOCK_LIMITS);

const judge = (
  context: ReturnType<typeof start>,
  block: BuiltBlock,
  change: { header?: Partial<BlockHeader>; transactions?: readonly VerifiedTransaction[]; parentHash?: BlockHash } = {},
) => {
  const { chain, setting } = context;
  const root = chain.state.stateRoot;
  const outcome = applyBlock(
    chain.state,
    { header: { ...block.header, ...change.header }, transactions: change.transactions ?? block.transactions, evidence: setting.evidence },
    chain.chain,
    change.parentHash ?? setting.parentHash,
  );
  expect(chain.state.stateRoot).toEqual(root);
  return outcome;
};

describe('a header with', () => {
  const mutations: readonly (readonly [string, (header: BlockHeader) => Partial<BlockHeader>, BlockRejection])[] = [
    ['another version', (header) => ({ protocolVersion: header.protocolVersion + 1 }), 'PROTOCOL_VERSION_WRONG'],
    ['another chain', () => ({ chainId: 8 }), 'CHAIN_ID_WRONG'],
    ['a lower height', (header) => ({ height: header.height - 1 }), 'HEIGHT_WRONG'],
    ['a higher height', (header) => ({ height: header.height + 1 }), 'HEIGHT_WRONG'],
    ['the time of its parent', (header) => ({ timestampMs: header.timestampMs - 1000 }), 'TIMESTAMP_NOT_AFTER_PARENT'],
    ['an earlier time', (header) => ({ timestampMs: header.timestampMs - 1001 }), 'TIMESTAMP_NOT_AFTER_PARENT'],
    ['another parent', (header) => ({ parentHash: other(header.parentHash) }), 'PARENT_HASH_WRONG'],
    ['a stranger as proposer', () => ({ proposer: addressOf('alice') }), 'PROPOSER_UNKNOWN'],
    ['another transactions root', (header) => ({ transactionsRoot: other(header.transactionsRoot) }), 'TRANSACTIONS_ROOT_WRONG'],
    ['another evidence root', (header) => ({ evidenceRoot: other(header.evidenceRoot) }), 'EVIDENCE_ROOT_WRONG'],
    ['other validators', (header) => ({ validatorsHash: other(header.validatorsHash) }), 'VALIDATORS_HASH_WRONG'],
    ['other next validators', (header) => ({ nextValidatorsHash: other(header.nextValidatorsHash) }), 'NEXT_VALIDATORS_HASH_WRONG'],
    ['other parameters', (header) => ({ parametersHash: other(header.parametersHash) }), 'PARAMETERS_HASH_WRONG'],
    ['another records root', (header) => ({ recordsRoot: other(header.recordsRoot) }), 'RECORDS_ROOT_WRONG'],
    ['another receipts root', (header) => ({ receiptsRoot: other(header.receiptsRoot) }), 'RECEIPTS_ROOT_WRONG'],
    ['another state root', (header) => ({ stateRoot: other(header.stateRoot) }), 'STATE_ROOT_WRONG'],
    ['another time that changes what is due', (header) => ({ timestampMs: header.timestampMs + 1 }), 'STATE_ROOT_WRONG'],
  ];
  test.each(mutations)('%s', (_name, mutate, code) => {
    const context = start();
    const block = built(context);
    expect(judge(context, block, { header: mutate(block.header) })).toEqual({ ok: false, code });
    expect(judge(context, block)).toMatchObject({ ok: true, header: block.header });
  });

  test('everything wrong is refused for the first reason, in the documented order', () => {
    const context = start();
    const block = built(context);
    const codes: string[] = [];
    const remaining = mutations.filter(([name]) => !/lower|earlier|changes what/.test(name));
    for (let first = 0; first < remaining.length; first++) {
      const header = Object.assign({}, ...remaining.slice(first).map(([, mutate]) => mutate(block.header)));
      const outcome = judge(context, block, { header });
      codes.push(outcome.ok ? 'OK' : outcome.code);
    }
    expect(codes).toEqual(
      Object.keys(BLOCK_REJECTIONS).filter((code) => code in Object.fromEntries(mutations.map(([, , each]) => [each, true]))),
    );
  });
});

describe('a block', () => {
  test('on another parent', () => {
    const context = start();
    expect(judge(context, built(context), { parentHash: other(context.setting.parentHash) })).toEqual({
      ok: false,
      code: 'PARENT_HASH_WRONG',
    });
  });

  test('on a state without genesis', () => {
    const context = start();
    const { setting, chain } = context;
    const outcome = applyBlock(new MemoryState({ cryptography }), { ...built(context), evidence: [] }, chain.chain, setting.parentHash);
    expect(outcome).toEqual({ ok: false, code: 'HEIGHT_WRONG' });
  });

  test.each<[string, (chain: TestChain) => VerifiedTransaction, string]>([
    ['the first one again', (chain) => chain.transaction('dave', 'Join', {}), 'OK'],
    [
      'a nonce ahead',
      (chain) => asVerified('Join', { from: addressOf('dave'), nonce: 1, validUntil: chain.nowSec + 60, maxFee: 5n }),
      'NONCE_TOO_HIGH',
    ],
    ['expired', (chain) => asVerified('Join', { from: addressOf('dave'), nonce: 0, validUntil: chain.nowSec + 1, maxFee: 5n }), 'EXPIRED'],
    [
      'too low a cap',
      (chain) => asVerified('Join', { from: addressOf('dave'), nonce: 0, validUntil: chain.nowSec + 60, maxFee: 4n }),
      'FEE_TOO_LOW',
    ],
  ])('with a transaction that cannot stand: %s', (_name, make, code) => {
    const context = start();
    const block = built(context);
    const transactions = [...block.transactions, make(context.chain)];
    const outcome = judge(context, block, { transactions });
    if (code === 'OK') expect(outcome).toEqual({ ok: false, code: 'TRANSACTIONS_ROOT_WRONG' });
    else expect(outcome).toEqual({ ok: false, code: 'TRANSACTION_NOT_INCLUDABLE', index: 2, result: code });
  });

  test('with a transaction twice, or in another order', () => {
    const context = start();
    const block = built(context);
    const [first, second] = block.transactions as [VerifiedTransaction, VerifiedTransaction];
    expect(judge(context, block, { transactions: [first, first] })).toEqual({
      ok: false,
      code: 'TRANSACTION_NOT_INCLUDABLE',
      index: 1,
      result: 'NONCE_TOO_LOW',
    });
    expect(judge(context, block, { transactions: [second, first] })).toEqual({ ok: false, code: 'TRANSACTIONS_ROOT_WRONG' });
  });

  test('with more transactions than a block may have', () => {
    const context = start({ blockTransactionsMax: '2' });
    const block = built(context);
    expect(judge(context, block).ok).toBe(true);
    const third = context.chain.transaction('dave', 'Join', {});
    expect(judge(context, block, { transactions: [...block.transactions, third] })).toEqual({ ok: false, code: 'BLOCK_TOO_LARGE' });
  });

  test('with more bytes than a block may have', () => {
    const context = start({ blockBytesMax: '65536' });
    const block = built(context);
    const [first] = block.transactions as [VerifiedTransaction];
    const padded = (length: number) => [{ ...first, bytes: new Uint8Array(length) }];
    expect(judge(context, block, { transactions: padded(65_537) })).toEqual({ ok: false, code: 'BLOCK_TOO_LARGE' });
    expect(judge(context, block, { transactions: padded(65_536) })).toMatchObject({ code: 'TRANSACTIONS_ROOT_WRONG' });
  });

  test('tells how far it has come', () => {
    const { chain, setting } = start();
    const transition = new BlockTransition(chain.state, chain.chain, setting);
    expect([transition.height, transition.status.height, transition.validators.validators.length, transition.hasRecordRoom]).toEqual([
      2,
      1,
      4,
      true,
    ]);
    expect(transition.parameters).toEqual(chain.genesis.parameters);
  });
});
