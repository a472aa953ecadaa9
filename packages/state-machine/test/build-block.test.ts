import { type Evidence, LIMITS, type VerifiedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { applyBlock, type BlockLimits, type BuiltBlock, buildBlock, DEFAULT_BLOCK_LIMITS } from '../src/index.ts';
import { doubleProposal, doubleVote } from './support/double-signatures.ts';
import { addressOf, asVerified, TestChain, testGenesis } from './support/test-chain.ts';

/*
 * Goal: a proposer puts in what can stand, in order, says why it left the rest out, and never builds a block that others refuse.
 * Method: candidates of every kind; each built block is applied again.
 */

const payment = (chain: TestChain, name: string, change: { nonce?: number; validUntil?: number; maxFee?: bigint; memo?: string } = {}) =>
  asVerified('Transfer', {
    from: addressOf(name),
    nonce: 0,
    validUntil: chain.nowSec + 600,
    maxFee: 10n ** 24n,
    to: addressOf('carol'),
    asset: 'MTN',
    amount: 1n,
    memo: '',
    ...change,
  });

const build = (chain: TestChain, candidates: readonly VerifiedTransaction[], limits: BlockLimits = DEFAULT_BLOCK_LIMITS): BuiltBlock => {
  const setting = chain.setting();
  const built = buildBlock(chain.state, candidates, chain.chain, setting, limits);
  const outcome = applyBlock(chain.state, built, chain.chain, setting.parentHash);
  expect(outcome).toMatchObject({ ok: true, header: built.header, receipts: built.receipts, records: built.records });
  return built;
};

const idsOf = (transactions: readonly VerifiedTransaction[]) => transactions.map(({ id }) => id);

describe('buildBlock', () => {
  test('leaves out what cannot stand, with its code, and goes on', () => {
    const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '5', feePerByte: '0' } }));
    const now = chain.nowSec + 1;
    const good = payment(chain, 'alice');
    const next = payment(chain, 'alice', { nonce: 1 });
    const candidates = [
      payment(chain, 'alice', { nonce: 1 }),
      good,
      payment(chain, 'alice', { memo: 'again' }),
      payment(chain, 'bob', { validUntil: now }),
      payment(chain, 'bob', { maxFee: 4n }),
      payment(chain, 'pauper'),
      next,
    ];
    const built = build(chain, candidates);
    expect(built.skipped).toEqual([
      { kind: 'transaction', index: 0, code: 'NONCE_TOO_HIGH' },
      { kind: 'transaction', index: 2, code: 'NONCE_TOO_LOW' },
      { kind: 'transaction', index: 3, code: 'EXPIRED' },
      { kind: 'transaction', index: 4, code: 'FEE_TOO_LOW' },
      { kind: 'transaction', index: 5, code: 'INSUFFICIENT_FEE_BALANCE' },
    ]);
    expect(idsOf(built.transactions)).toEqual(idsOf([good, next]));
    expect(built.receipts.map(({ code, feePaid }) => [code, feePaid])).toEqual([
      ['OK', 5n],
      ['OK', 5n],
    ]);
  });

  test('keeps what fails, because it pays', () => {
    const chain = new TestChain();
    const failing = asVerified('ConfirmTransfer', {
      from: addressOf('alice'),
      nonce: 0,
      validUntil: chain.nowSec + 600,
      maxFee: 0n,
      lot: new Uint8Array(32).fill(1) as never,
      revision: 0,
      amount: 1n,
    });
    const built = build(chain, [failing]);
    expect([built.skipped, built.receipts.map(({ code }) => code)]).toEqual([[], ['UNKNOWN_LOT']]);
  });

  test('stops at the number of transactions', () => {
    const chain = new TestChain();
    const candidates = ['alice', 'bob', 'dave'].map((name) => payment(chain, name));
    const built = build(chain, candidates, { ...DEFAULT_BLOCK_LIMITS, transactionsMax: 2 });
    expect([idsOf(built.transactions), built.skipped]).toEqual([
      idsOf(candidates.slice(0, 2)),
      [{ kind: 'transaction', index: 2, code: 'NO_ROOM' }],
    ]);
  });

  test('stops at the bytes, and takes a smaller one after one that has no room', () => {
    const chain = new TestChain();
    const [first, large, small] = [
      payment(chain, 'alice'),
      payment(chain, 'bob', { memo: 'x'.repeat(100) }),
      payment(chain, 'dave'),
    ] as const;
    const bytesMax = first.bytes.length + small.bytes.length;
    const built = build(chain, [first, large, small], { ...DEFAULT_BLOCK_LIMITS, bytesMax });
    expect([idsOf(built.transactions), built.skipped]).toEqual([
      idsOf([first, small]),
      [{ kind: 'transaction', index: 1, code: 'NO_ROOM' }],
    ]);
    const tight = build(chain, [first, small], { ...DEFAULT_BLOCK_LIMITS, bytesMax: bytesMax - 1 });
    expect(tight.skipped).toEqual([{ kind: 'transaction', index: 1, code: 'NO_ROOM' }]);
  });

  test.each([
    ['transactions', { blockTransactionsMax: '2' }, 3, 0, 2],
    ['bytes', { blockBytesMax: '65536' }, 300, 200, 190],
  ])('never goes above the %s that the parameters allow', (_name, change, count, memoBytes, most) => {
    const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', ...change } }));
    const candidates = Array.from({ length: count }, (_, nonce) => payment(chain, 'alice', { nonce, memo: 'x'.repeat(memoBytes) }));
    const built = build(chain, candidates);
    const bytes = built.transactions.reduce((sum, transaction) => sum + transaction.bytes.length, 0);
    expect(built.skipped.length + built.transactions.length).toBe(count);
    expect(built.transactions.length).toBeLessThanOrEqual(most);
    expect(built.transactions.length).toBeGreaterThan(most === 2 ? 1 : 100);
    expect(bytes).toBeLessThanOrEqual(65_536);
    expect(new Set(built.skipped.map(({ code }) => code))).toContain('NO_ROOM');
  });

  describe('of evidence', () => {
    const chainWithBlocks = (): TestChain => {
      const chain = new TestChain(testGenesis({ parameters: { feePerTransaction: '0', feePerByte: '0', evidenceMaxAgeHeights: '10' } }));
      for (let block = 0; block < 3; block++) chain.wait(1);
      return chain;
    };
    const buildWith = (chain: TestChain, evidence: readonly Evidence[], candidates: readonly VerifiedTransaction[] = []) => {
      const setting = chain.setting(1, evidence);
      const built = buildBlock(chain.state, candidates, chain.chain, setting, DEFAULT_BLOCK_LIMITS);
      const outcome = applyBlock(chain.state, built, chain.chain, setting.parentHash);
      expect(outcome).toMatchObject({ ok: true, header: built.header });
      return built;
    };

    test('keeps what may stand, in its order, and says what else was offered', () => {
      const chain = chainWithBlocks();
      const known = doubleVote(chain, 'validator0', 1);
      chain.block([], 1, [known]);
      const good = doubleVote(chain, 'validator0', 3);
      const other = doubleProposal(chain, 'validator1', 2);
      const bad = payment(chain, 'alice', { nonce: 5 });
      const built = buildWith(
        chain,
        [known, good, doubleVote(chain, 'validator9', 3), good, doubleVote(chain, 'validator0', 5), other],
        [bad],
      );
      expect([built.evidence, built.skipped]).toEqual([
        [good, other],
        [
          { kind: 'evidence', index: 0, code: 'EVIDENCE_NOT_ADMISSIBLE' },
          { kind: 'evidence', index: 2, code: 'EVIDENCE_NOT_ADMISSIBLE' },
          { kind: 'evidence', index: 3, code: 'EVIDENCE_NOT_ADMISSIBLE' },
          { kind: 'evidence', index: 4, code: 'EVIDENCE_NOT_ADMISSIBLE' },
          { kind: 'transaction', index: 0, code: 'NONCE_TOO_HIGH' },
        ],
      ]);
    });

    test('stops at as many pieces as a block may have', () => {
      const chain = chainWithBlocks();
      const offered = Array.from({ length: LIMITS.blockEvidenceMax + 2 }, (_, index) =>
        doubleVote(chain, 'validator0', 3, index + 1, index + 2),
      );
      const bad = doubleVote(chain, 'validator9', 3);
      const built = buildWith(chain, [bad, ...offered]);
      expect([built.evidence, built.skipped]).toEqual([
        offered.slice(0, LIMITS.blockEvidenceMax),
        [
          { kind: 'evidence', index: 0, code: 'EVIDENCE_NOT_ADMISSIBLE' },
          { kind: 'evidence', index: LIMITS.blockEvidenceMax + 1, code: 'NO_ROOM' },
          { kind: 'evidence', index: LIMITS.blockEvidenceMax + 2, code: 'NO_ROOM' },
        ],
      ]);
    });
  });
});
