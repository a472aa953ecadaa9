// Goal: what is handed in is in one block, or in none and the wallet says so, whatever nodes and connections do.
// Method: a wallet against the real server over HTTP, on a chain in memory that makes a block whenever the wallet waits.

import { formatAddress } from '@mutual-chain/protocol';
import { parametersTable } from '@mutual-chain/state-machine';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Operation, type Outcome, remedyOf, type SentOperation, type Wallet } from '../../src/index.ts';
import { MemoryChain, MemoryNode, memosIn } from '../support/memory-chain.ts';
import { alice, bob, pay, World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.serve();
});
afterEach(() => world.stop());

const memosOf = (count: number, name = 'payment'): readonly string[] => [...Array(count).keys()].map((index) => `${name} ${index}`);
const sendAll = (wallet: Wallet, memos: readonly string[]): readonly SentOperation[] =>
  wallet.sendMany(memos.map((memo) => ({ type: 'Transfer', fields: pay(memo) })));
const settle = (sent: readonly SentOperation[]): Promise<readonly Outcome[]> => Promise.all(sent.map((each) => each.settled()));
const once = (memos: readonly string[]): ReadonlyMap<string, number> => new Map(memos.map((memo) => [memo, 1]));
const codeOf = (outcome: Outcome): string =>
  outcome.status === 'rejected' ? outcome.code : outcome.status === 'committed' ? (outcome.receipt?.code ?? 'PRUNED') : 'expired';
/** The memos of all payments in the order of the chain. */
const inOrder = (): readonly string[] =>
  world.chain.blocks.flatMap(({ transactions }) => transactions.map(({ message }) => (message as { memo?: string }).memo ?? ''));

describe('one operation', () => {
  test('is signed, taken, committed, and shows its receipt', async () => {
    const wallet = await world.connect();
    const sent = wallet.send('Transfer', pay('tea', 1_500_000_000_000_000_000n));
    expect({ summary: sent.summary, id: sent.id }).toEqual({
      summary: `Transfer 1.5 MTN to ${formatAddress(bob.address)}`,
      id: undefined,
    });
    expect(await sent.admitted()).toEqual({ admitted: true, id: sent.id, url: world.served[0]?.url });
    expect(await sent.settled()).toEqual({
      status: 'committed',
      id: sent.id,
      height: 1,
      index: 0,
      receipt: expect.objectContaining({ ok: true, code: 'OK', feePayer: formatAddress(alice.address) }),
    });
    expect([...world.chain.committed.keys()]).toEqual([sent.id]);
    expect(wallet.unfinished).toBe(0);
  });

  test('that fails in its block is committed, and its receipt says why', async () => {
    const wallet = await world.connect();
    const outcome = await wallet.send('Transfer', pay('too much', 10n ** 30n)).settled();
    expect(outcome).toMatchObject({ status: 'committed', receipt: { ok: false, code: 'INSUFFICIENT_BALANCE' } });
  });

  test('with a wrong field is refused before anything is done', async () => {
    const wallet = await world.connect();
    expect(() => wallet.send('Transfer', pay('x'.repeat(257)))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_FIELD_INVALID' }),
    );
    expect(wallet.unfinished).toBe(0);
  });

  test.each<[string, object, object, string]>([
    ['maxFee', { maxFee: 1n }, {}, 'no field of Transfer: give it in the options, which follow, as in send(type, fields, { maxFee })'],
    [
      'validUntil',
      { validUntil: 5n },
      {},
      'no field of Transfer: give it in the options, which follow, as in send(type, fields, { validUntil })',
    ],
    ['nonce', { nonce: 1n }, {}, 'no field of Transfer: the wallet sets it itself'],
    ['memoo', { memoo: 'x' }, {}, 'no field of Transfer: it has to, asset, amount, memo'],
    ['maxfee', {}, { maxfee: 1n }, 'no option: there are validUntil, maxFee, sponsor'],
  ])('with %s where there is none is refused before anything is done', async (field, fields, options, problem) => {
    const wallet = await world.connect();
    const given = { ...pay('tea'), ...fields };
    const refusal = { code: 'SDK_FIELD_UNKNOWN', field, message: `${field} is ${problem}`, remedy: remedyOf('SDK_FIELD_UNKNOWN') };
    expect(() => wallet.send('Transfer', given, options)).toThrow(expect.objectContaining(refusal));
    await expect(wallet.simulate('Transfer', given, options)).rejects.toMatchObject(refusal);
    expect(wallet.unfinished).toBe(0);
  });

  test('of a list may have nothing beside type and fields', async () => {
    const wallet = await world.connect();
    const operation = { type: 'Transfer', fields: pay('tea'), maxFee: 1n } as Operation;
    expect(() => wallet.sendMany([operation])).toThrow(expect.objectContaining({ code: 'SDK_FIELD_UNKNOWN', field: 'maxFee' }));
    expect(wallet.unfinished).toBe(0);
  });

  test('takes nonce, time and fee from the chain, unless it is told', async () => {
    const wallet = await world.connect();
    await wallet.send('Transfer', pay('first')).settled();
    const second = wallet.send('Transfer', pay('second'));
    const third = wallet.send('Transfer', pay('third'), { validUntil: world.chain.nowSec + 99, maxFee: 10n ** 18n });
    await settle([second, third]);
    const startSec = world.chain.genesis.timestampMs / 1000 + 1;
    expect([second, third].map(({ transaction }) => transaction?.message)).toMatchObject([
      { from: alice.address, nonce: 1, validUntil: startSec + 600 },
      { from: alice.address, nonce: 2, validUntil: startSec + 99, maxFee: 10n ** 18n },
    ]);
    const { feePerTransaction, feePerByte } = world.chain.parameters;
    expect(second.transaction?.message.maxFee).toBeGreaterThan(2n * (feePerTransaction + 200n * feePerByte));
  });
});

describe('many operations', () => {
  test('two hundred in flight are committed once each, in order, over a node that restarts in the middle', {
    timeout: 60_000,
  }, async () => {
    const wallet = await world.connect();
    let steps = 0;
    world.step = async () => {
      steps += 1;
      if (steps === 2) await world.served[0]?.stop();
      else if (steps === 5) await world.served[0]?.start();
      else world.node.makeBlock(1, 40);
    };
    const memos = memosOf(200);
    const outcomes = await settle(sendAll(wallet, memos));
    expect(outcomes.map(codeOf)).toEqual(memos.map(() => 'OK'));
    expect(inOrder()).toEqual(memos);
  });

  test('never has more in flight than the window, and goes on as room comes', async () => {
    const wallet = await world.connect({ windowMax: 5, chunkMax: 3 });
    const sizes: number[] = [];
    world.step = () => {
      sizes.push(world.node.pending.length);
      world.node.makeBlock();
    };
    const memos = memosOf(12);
    await settle(sendAll(wallet, memos));
    expect({ sizes, memos: inOrder() }).toEqual({ sizes: [5, 5, 2], memos });
  });

  test('wait while the mempool is full', async () => {
    const small = new World();
    await small.serve({ transactionsMax: 3 });
    try {
      const wallet = await small.connect();
      const memos = memosOf(8);
      expect((await settle(sendAll(wallet, memos))).map(codeOf)).toEqual(memos.map(() => 'OK'));
      expect(memosIn(small.chain)).toEqual(once(memos));
    } finally {
      await small.stop();
    }
  });

  test('are more than the queue takes: none of them is taken', async () => {
    const wallet = await world.connect({ queueMax: 3 });
    expect(() => sendAll(wallet, memosOf(4))).toThrow(expect.objectContaining({ code: 'SDK_QUEUE_FULL' }));
    expect(wallet.unfinished).toBe(0);
  });
});

describe('refusals', () => {
  test('end an operation, with field and remedy, and the others close up', async () => {
    const wallet = await world.connect();
    const before = sendAll(wallet, memosOf(3, 'before'));
    const poor = wallet.send('Transfer', pay('poor'), { maxFee: 1n });
    const after = sendAll(wallet, memosOf(3, 'after'));
    expect(await poor.settled()).toEqual({
      status: 'rejected',
      id: poor.id,
      code: 'FEE_TOO_LOW',
      field: 'transaction',
      message: expect.stringContaining('maxFee'),
      remedy: 'Raise `maxFee` to the fee of the operation.',
    });
    expect(await poor.admitted()).toMatchObject({ admitted: false, outcome: { code: 'FEE_TOO_LOW' } });
    expect((await settle([...before, ...after])).map(codeOf)).toEqual(Array.from({ length: 6 }, () => 'OK'));
    expect(inOrder()).toEqual([...memosOf(3, 'before'), ...memosOf(3, 'after')]);
  });

  test('for a fee that has risen are answered with a higher one', async () => {
    const wallet = await world.connect();
    world.chain.write((state) => {
      state.set(parametersTable, undefined, { ...world.chain.parameters, feePerTransaction: 10n ** 17n });
    });
    const sent = sendAll(wallet, memosOf(3));
    expect((await settle(sent)).map(codeOf)).toEqual(['OK', 'OK', 'OK']);
    expect(sent[0]?.transaction?.message.maxFee).toBeGreaterThan(2n * 10n ** 17n);
  });

  test('of every second operation lose nothing', async () => {
    const wallet = await world.connect();
    const sent = memosOf(24).map((memo, index) => wallet.send('Transfer', pay(memo), index % 2 === 1 ? { maxFee: 1n } : {}));
    const outcomes = await settle(sent);
    expect(outcomes.map(codeOf)).toEqual(memosOf(24).map((_, index) => (index % 2 === 1 ? 'FEE_TOO_LOW' : 'OK')));
    expect(inOrder()).toEqual(memosOf(24).filter((_, index) => index % 2 === 0));
  });

  test('after an answer that was lost do not make the wallet use the nonce twice', async () => {
    const wallet = await world.connect();
    const [served] = world.served;
    const sent = wallet.send('Transfer', pay('lost answer'));
    // The first look at the chain is answered, the transaction is taken and the answer is lost; then the mempool is lost and refuses.
    served?.faults.push('none', 'unanswered');
    let isFirst = true;
    world.step = () => {
      if (!isFirst) return world.node.makeBlock(100);
      isFirst = false;
      world.node.loseMempool();
      world.chain.write((state) => {
        state.set(parametersTable, undefined, { ...world.chain.parameters, feePerTransaction: 10n ** 20n });
      });
      return undefined;
    };
    expect(await sent.settled()).toEqual({ status: 'expired', id: sent.id });
    expect(sent.transaction?.message.nonce).toBe(0);
    expect(memosIn(world.chain)).toEqual(new Map());
  });
});

describe('nodes that lose and lag', () => {
  test('are given again what they have lost', async () => {
    const wallet = await world.connect();
    let steps = 0;
    world.step = () => {
      steps += 1;
      if (steps <= 2) world.node.loseMempool();
      else world.node.makeBlock();
    };
    const memos = memosOf(5);
    expect((await settle(sendAll(wallet, memos))).map(codeOf)).toEqual(memos.map(() => 'OK'));
    expect(memosIn(world.chain)).toEqual(once(memos));
  });

  test('hand over to the next one', async () => {
    await world.serve();
    const wallet = await world.connect();
    let steps = 0;
    world.step = async () => {
      steps += 1;
      // The second node makes the blocks, and hears of transactions late.
      if (steps === 1) await world.served[0]?.stop();
      if (steps === 4) world.gossip();
      world.nodes[1]?.makeBlock(1, 3);
      world.node.sweep();
    };
    const memos = memosOf(10);
    expect((await settle(sendAll(wallet, memos))).map(codeOf)).toEqual(memos.map(() => 'OK'));
    expect(memosIn(world.chain)).toEqual(once(memos));
  });

  test('say that a block has it, when they no longer have the block', async () => {
    const wallet = await world.connect();
    const sent = wallet.send('Transfer', pay('pruned'));
    world.step = () => {
      world.node.makeBlock();
      world.node.earliestHeight = 2;
    };
    expect(await sent.settled()).toEqual({ status: 'committed', id: sent.id, height: null, index: null, receipt: null });
  });

  test('that never had the block are not believed to know what was in it; another one is asked', async () => {
    const other = await world.serve();
    const wallet = await world.connect();
    const sent = wallet.send('Transfer', pay('before the snapshot'));
    world.step = () => {
      world.node.makeBlock();
      Object.assign(world.node, { earliestHeight: 5, remembersPruned: false });
    };
    expect(await sent.settled()).toMatchObject({ status: 'committed', id: sent.id, height: 1, receipt: { ok: true } });
    expect(other.asked).toEqual(['mutual_chainInfo']);
  });
});

describe('nodes of another chain', () => {
  /** Lets a node serve another chain under its name. */
  async function replace(number: number): Promise<void> {
    const chain = new MemoryChain({ timestampMs: 1_900_000_000_000 });
    await world.served[number]?.stop();
    Object.assign(world.served[number] ?? {}, { node: new MemoryNode(chain) });
    await world.served[number]?.start();
  }

  test('are passed over: they are given nothing and believed nothing', async () => {
    const other = await world.serve();
    await replace(1);
    const wallet = await world.connect();
    const memos = memosOf(3);
    world.step = () => world.node.makeBlock();
    world.served[0]?.faults.push('none', 'unanswered');
    expect((await settle(sendAll(wallet, memos))).map(codeOf)).toEqual(['OK', 'OK', 'OK']);
    expect(memosIn(world.chain)).toEqual(once(memos));
    expect(other.asked).toEqual(['mutual_chainInfo']);
  });

  test('do not end the waiting while another one may come back', async () => {
    await world.serve();
    await replace(1);
    const wallet = await world.connect();
    await world.served[0]?.stop();
    let steps = 0;
    world.step = async () => {
      steps += 1;
      if (steps === 6) await world.served[0]?.start();
      world.node.makeBlock();
    };
    expect(await wallet.send('Transfer', pay('patient')).settled()).toMatchObject({ status: 'committed' });
  });

  test('may come back to the chain, each in its turn', async () => {
    const second = await world.serve();
    const wallet = await world.connect();
    const right = world.nodes[1];
    await replace(1);
    await world.served[0]?.stop();
    let steps = 0;
    world.step = async () => {
      steps += 1;
      if (steps === 2) {
        await second.stop();
        Object.assign(second, { node: right });
        await second.start();
      } else if (steps === 5) {
        await replace(0);
        second.faults.push('unsent');
      } else if (steps > 8) right?.makeBlock();
    };
    expect(await wallet.send('Transfer', pay('in turn')).settled()).toMatchObject({ status: 'committed' });
    expect(world.served[0]?.asked.at(-1)).toBe('mutual_chainInfo');
  });

  test('end the waiting when there is no other', async () => {
    const wallet = await world.connect();
    world.step = () => replace(0);
    const sent = wallet.send('Transfer', pay('old network'));
    const details = { id: expect.stringMatching(/^0x/) };
    await expect(sent.settled()).rejects.toMatchObject({ code: 'SDK_CHAIN_DIFFERS', details });
    expect(() => wallet.send('Transfer', pay('more'))).toThrow(expect.objectContaining({ code: 'SDK_CLOSED' }));
  });
});

describe('before anything is signed', () => {
  test('the complete message can be seen, and what it would do', async () => {
    const wallet = await world.connect();
    await wallet.send('Transfer', pay('first')).settled();
    const draft = await wallet.draft('Transfer', pay('second'), { maxFee: 10n ** 17n });
    expect(draft).toMatchObject({
      type: 'Transfer',
      message: { nonce: 1, validUntil: world.chain.nowSec + 600, maxFee: 10n ** 17n, memo: 'second' },
    });
    expect(await wallet.simulate('Transfer', pay('second'))).toMatchObject({ ok: true, code: 'OK' });
    expect(await wallet.simulate('Transfer', pay('much', 10n ** 30n))).toMatchObject({ ok: false, code: 'INSUFFICIENT_BALANCE' });
    expect(memosIn(world.chain)).toEqual(once(['first']));
  });
});

describe('time', () => {
  test('ends what no block took, and the next operations take the same nonces', async () => {
    const wallet = await world.connect();
    world.step = () => world.node.makeBlock(200, 0);
    const late = sendAll(wallet, memosOf(3, 'late'));
    expect(await settle(late)).toEqual(late.map(({ id }) => ({ status: 'expired', id })));
    world.step = () => world.node.makeBlock();
    const next = sendAll(wallet, memosOf(3, 'next'));
    expect((await settle(next)).map(codeOf)).toEqual(['OK', 'OK', 'OK']);
    expect([...late, ...next].map(({ transaction }) => transaction?.message.nonce)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(memosIn(world.chain)).toEqual(once(memosOf(3, 'next')));
  });

  test('is never asked for longer than the chain allows', async () => {
    const short = new World(new MemoryChain({ parameters: { validUntilWindowSecMax: '60' } }));
    await short.serve();
    try {
      const sent = (await short.connect()).send('Transfer', pay('short'));
      expect(await sent.settled()).toMatchObject({ status: 'committed' });
      expect(sent.transaction?.message.validUntil).toBe(short.chain.genesis.timestampMs / 1000 + 60);
    } finally {
      await short.stop();
    }
  });

  test('that has passed before it is signed is told', async () => {
    const wallet = await world.connect();
    const outcome = await wallet.send('Transfer', pay('past'), { validUntil: world.chain.nowSec }).settled();
    expect(outcome).toMatchObject({ status: 'rejected', id: undefined, code: 'EXPIRED', field: 'validUntil' });
  });
});

describe('two programs with one key', () => {
  test('take turns: each operation of both is committed once', async () => {
    const wallets = [await world.connect(), await world.connect()] as const;
    const memos = [memosOf(15, 'left'), memosOf(15, 'right')] as const;
    world.step = () => world.node.makeBlock(1, 4);
    const outcomes = await Promise.all(wallets.map((wallet, index) => settle(sendAll(wallet, memos[index] ?? []))));
    expect(outcomes.flat().map(codeOf)).toEqual(memos.flat().map(() => 'OK'));
    expect(memosIn(world.chain)).toEqual(once(memos.flat()));
  });
});

describe('another run', () => {
  test('goes on with what was recorded before it was sent', async () => {
    const recorded: unknown[] = [];
    const first = await world.connect({
      record: async (transaction) => {
        recorded.push(transaction);
      },
    });
    world.step = () => first.close();
    const sent = sendAll(first, memosOf(3));
    await expect(settle(sent)).rejects.toMatchObject({ code: 'SDK_CLOSED' });
    world.node.loseMempool();
    world.step = () => world.node.makeBlock();
    const second = await world.connect();
    const resumed = recorded.map((transaction) => second.resume(transaction as never));
    const more = second.send('Transfer', pay('more'));
    expect((await settle([...resumed, more])).map(codeOf)).toEqual(['OK', 'OK', 'OK', 'OK']);
    expect(inOrder()).toEqual([...memosOf(3), 'more']);
  });

  test('does not go on with what belongs to somebody else', async () => {
    const wallet = await world.connect();
    const sent = wallet.send('Transfer', pay('mine'));
    await sent.settled();
    const { transaction } = sent;
    const foreign = { ...transaction, message: { ...transaction?.message, from: bob.address } };
    expect(() => wallet.resume(foreign as never)).toThrow(expect.objectContaining({ code: 'SDK_SIGNATURE_WRONG', field: 'message.from' }));
    const changed = { ...transaction, message: { ...transaction?.message, amount: 6n } };
    expect(() => wallet.resume(changed as never)).toThrow(expect.objectContaining({ code: 'SDK_SIGNATURE_WRONG', field: 'signature' }));
  });
});

describe('whoever waits', () => {
  test('may stop waiting, and the operation goes on', async () => {
    const wallet = await world.connect();
    const sent = wallet.send('Transfer', pay('slow'));
    await expect(sent.settled({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'SDK_ABORTED' });
    await wallet.idle();
    expect(await sent.settled()).toMatchObject({ status: 'committed' });
  });

  test('is told when the wallet is closed, and the wallet takes nothing more', async () => {
    const wallet = await world.connect();
    world.step = () => {};
    const sent = wallet.send('Transfer', pay('open'));
    await sent.admitted();
    wallet.close();
    await expect(sent.settled()).rejects.toMatchObject({ code: 'SDK_CLOSED', details: { id: sent.id } });
    expect(() => wallet.send('Transfer', pay('late'))).toThrow(expect.objectContaining({ code: 'SDK_CLOSED' }));
  });
});
