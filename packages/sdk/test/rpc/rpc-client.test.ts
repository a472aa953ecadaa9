// Goal: a call is answered by whichever node can, what comes back is what the contract says, and every failure says what to do.
// Method: a client against real servers with faults on the way, and against a fetch that answers what a test wants.

import { formatAddress, transactionToJson } from '@mutual-chain/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fetch, NodeError, RpcClient, type RpcClientOptions, SdkError } from '../../src/index.ts';
import { START_SEC } from '../support/memory-chain.ts';
import { alice, pay, World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.serve();
  world.step = () => {};
});
afterEach(() => world.stop());

/** What a promise is rejected with, as code, field and the attempts before. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    const { attempts } = error.details as { attempts?: readonly { code: string }[] };
    return { code: error.code, field: error.field, attempts: attempts?.map(({ code }) => code) };
  }
  throw new Error('nothing failed');
}

/** A client of one node that answers every request with this, as JSON. */
function answering(answer: (body: { readonly id: number; readonly method: string }) => unknown, status = 200): RpcClient {
  const fetch: Fetch = async (_url, { body }) => new Response(JSON.stringify(answer(JSON.parse(String(body)))), { status });
  return new RpcClient({ urls: ['http://node.test'], fetch, roundsMax: 1 });
}

describe('one call', () => {
  test('is answered by what the contract says', async () => {
    const rpc = world.rpc();
    expect(await rpc.call('mutual_status')).toMatchObject({ height: 0, timestampMs: START_SEC * 1000, validator: null });
    expect(await rpc.call('mutual_getAccount', { address: alice.address })).toMatchObject({
      address: formatAddress(alice.address),
      nonce: 0,
    });
    expect(await rpc.call('mutual_getAccount', { address: formatAddress(alice.address) })).toMatchObject({ nonce: 0 });
    expect(await rpc.call('mutual_listLots')).toEqual({ items: [], nextCursor: null });
    const { header } = await rpc.call('mutual_getBlock', { heightOrHash: 'latest', options: { transactions: 'full' } });
    expect(header.height).toBe(0);
  });

  test('may carry a transaction as it was signed, or its JSON form', async () => {
    const wallet = await world.connect();
    const { transaction, id, admitted } = wallet.send('Transfer', pay('twice'));
    expect({ transaction, id }).toEqual({ transaction: undefined, id: undefined });
    await admitted();
    const sent = wallet.send('Transfer', pay('again'));
    await sent.admitted();
    const signed = sent.transaction;
    if (signed === undefined) throw new Error('it is signed');
    const rpc = world.rpc();
    expect(await rpc.call('mutual_sendTransaction', { transaction: signed })).toEqual({ id: sent.id });
    expect(await rpc.call('mutual_sendTransaction', { transaction: transactionToJson(signed) })).toEqual({ id: sent.id });
  });

  test('with a wrong parameter costs no round trip', async () => {
    const rpc = world.rpc();
    const wrong = [
      rpc.call('mutual_getAccount', { address: '0x12' }),
      rpc.call('mutual_getAccount', { address: alice.address, colour: 'red' } as never),
      rpc.call('mutual_getBlock', { heightOrHash: -1 }),
      rpc.call('mutual_listLots', { filter: { limit: 0 } }),
      rpc.call('mutual_nothing' as never, {} as never),
    ];
    expect(await Promise.all(wrong.map(failure))).toEqual(
      ['address', 'colour', 'heightOrHash', 'filter.limit', 'method'].map((field) => ({
        code: 'SDK_PARAMETERS_INVALID',
        field,
        attempts: undefined,
      })),
    );
    expect(world.served[0]?.asked).toEqual([]);
  });

  test('that is refused says why, where and what to do', async () => {
    const call = world.rpc().call('mutual_getAsset', { asset: 'mEUR' });
    await expect(call).rejects.toBeInstanceOf(NodeError);
    await expect(call).rejects.toMatchObject({
      code: 'UNKNOWN_ASSET',
      number: -32001,
      field: undefined,
      details: { url: world.served[0]?.url },
    });
    const signed = { type: 'Transfer', message: { ...message(), memo: 'm' }, signature: `0x${'11'.repeat(64)}00` } as const;
    await expect(world.rpc().call('mutual_sendTransaction', { transaction: signed })).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
      number: -32000,
      field: 'signature',
      remedy: 'Sign the message with the key of `from`, and the fee with that of the sponsor.',
    });
  });
});

function message() {
  const { to, asset } = pay('');
  const address = (bytes: typeof to): string => formatAddress(bytes);
  return { from: address(alice.address), nonce: 0, validUntil: START_SEC + 60, maxFee: '1', to: address(to), asset, amount: '5' };
}

describe('several nodes', () => {
  test('are asked one after the other; the one that answers is asked first from then on', async () => {
    const [first, second] = [world.served[0], await world.serve()] as const;
    const rpc = world.rpc();
    first?.faults.push('unsent');
    await rpc.call('mutual_status');
    await rpc.call('mutual_status');
    expect({ first: first?.asked.length, second: second.asked.length, urls: rpc.urls }).toEqual({
      first: 1,
      second: 2,
      urls: [second.url, first?.url],
    });
  });

  test('are gone through again after a pause, and at last the failures are told', async () => {
    const [first, second] = [world.served[0], await world.serve()] as const;
    first?.faults.push('unsent', 'garbled', 'unanswered');
    second.faults.push('unanswered', 'unsent', 'unsent');
    const rpc = world.rpc();
    expect(await failure(rpc.call('mutual_status'))).toEqual({
      code: 'SDK_UNREACHABLE',
      field: undefined,
      attempts: ['SDK_UNREACHABLE', 'SDK_UNREACHABLE', 'SDK_ANSWER_INVALID', 'SDK_UNREACHABLE', 'SDK_UNREACHABLE', 'SDK_UNREACHABLE'],
    });
    expect(await rpc.call('mutual_status')).toMatchObject({ height: 0 });
  });

  test('are asked once only where the caller wants it so', async () => {
    const [first, second] = [world.served[0], await world.serve()] as const;
    first?.faults.push('unsent');
    const rpc = world.rpc();
    expect(await failure(rpc.call('mutual_status', {}, { once: true }))).toEqual({
      code: 'SDK_UNREACHABLE',
      field: undefined,
      attempts: undefined,
    });
    expect(rpc.urls[0]).toBe(second.url);
  });

  test('that keep more are asked for what one has pruned, and the preferred one stays preferred', async () => {
    const second = await world.serve();
    const wallet = await world.connect();
    world.step = () => world.node.makeBlock();
    const sent = wallet.send('Transfer', pay('kept elsewhere'));
    await sent.settled();
    world.node.earliestHeight = 9;
    const rpc = world.rpc();
    const id = sent.id ?? '';
    expect(await rpc.call('mutual_getTransaction', { id })).toMatchObject({ status: 'committed', height: 1 });
    expect(rpc.urls[0]).toBe(world.served[0]?.url);
    world.nodes[1]?.ports;
    Object.assign(world.nodes[1] ?? {}, { earliestHeight: 9 });
    expect(await failure(rpc.call('mutual_getTransaction', { id }))).toEqual({
      code: 'PRUNED',
      field: undefined,
      attempts: ['PRUNED', 'PRUNED'],
    });
    expect(second.asked.length).toBe(2);
  });

  test('wait as long as a node says that is asked too much', async () => {
    const waited: number[] = [];
    let calls = 0;
    const limited = { code: -32005, message: 'too much', data: { code: 'RATE_LIMITED', retryAfterMs: 700 } };
    const fetch: Fetch = async (_url, { body }) => {
      const { id } = JSON.parse(String(body)) as { id: number };
      calls += 1;
      return Response.json({
        jsonrpc: '2.0',
        id,
        ...(calls === 1 ? { error: limited } : { result: { ok: true, summary: '', findings: [] } }),
      });
    };
    const sleep = async (durationMs: number): Promise<void> => {
      waited.push(durationMs);
    };
    const rpc = new RpcClient({ urls: ['http://node.test'], fetch, sleep });
    expect({ answer: await rpc.call('mutual_diagnose'), waited }).toEqual({
      answer: { ok: true, summary: '', findings: [] },
      waited: [700],
    });
  });
});

describe('a batch', () => {
  test('goes to one node, and is answered call by call', async () => {
    const rpc = world.rpc();
    const answers = await rpc.batch([
      { method: 'mutual_status', parameters: {} },
      { method: 'mutual_getAsset', parameters: { asset: 'mEUR' } },
      { method: 'mutual_getSupply', parameters: { asset: 'MTN' } },
    ]);
    expect(answers).toMatchObject([
      { ok: true, result: { height: 0 } },
      { ok: false, error: { code: 'UNKNOWN_ASSET' } },
      { ok: true, result: { asset: 'MTN' } },
    ]);
    expect(world.served[0]?.asked).toEqual(['mutual_status']);
  });

  test('has from 1 to 100 calls', async () => {
    const rpc = world.rpc();
    const call = { method: 'mutual_status', parameters: {} } as const;
    const refused = { code: 'SDK_PARAMETERS_INVALID', field: 'batch', attempts: undefined };
    expect(await failure(rpc.batch([]))).toEqual(refused);
    expect(await failure(rpc.batch(Array.from({ length: 101 }, () => call)))).toEqual(refused);
    expect(await rpc.batch(Array.from({ length: 100 }, () => call))).toHaveLength(100);
  });
});

describe('an answer', () => {
  const diagnosis = { ok: true, summary: 'all is well', findings: [{ code: 'A', message: 'b', remedy: 'c' }] };

  test('of a newer node, with more fields, is read all the same', async () => {
    const more = { ...diagnosis, mood: 'good', findings: [{ ...diagnosis.findings[0], weight: 3 }] };
    const rpc = answering(({ id }) => ({ jsonrpc: '2.0', id, result: more }));
    expect(await rpc.call('mutual_diagnose')).toEqual(diagnosis);
  });

  test.each([
    ['without a field', { ok: true, findings: [] }, 'result.summary'],
    ['with a field of another kind', { ...diagnosis, ok: 'yes' }, 'result.ok'],
    ['with one field too many and one of another kind', { ...diagnosis, ok: 1, mood: 'good' }, 'result.ok'],
    ['that is nothing', null, 'result'],
  ])('%s is not believed', async (_name, result, field) => {
    const rpc = answering(({ id }) => ({ jsonrpc: '2.0', id, result }));
    expect(await failure(rpc.call('mutual_diagnose'))).toMatchObject({ code: 'SDK_ANSWER_INVALID', field });
  });

  test.each([
    ['to another call', { jsonrpc: '2.0', id: 999, result: diagnosis }],
    ['of another protocol', { jsonrpc: '1.0', id: 1, result: diagnosis }],
    ['that is a text', 'hello'],
    ['that is a list of nothing', []],
  ])('%s is not believed', async (_name, answer) => {
    expect(await failure(answering(() => answer).call('mutual_diagnose'))).toMatchObject({ code: 'SDK_ANSWER_INVALID' });
  });

  test('without an id is about the whole request, whatever the HTTP status', async () => {
    const error = { code: -32007, message: 'no', data: { code: 'HOST_FORBIDDEN' } };
    const rpc = answering(() => ({ jsonrpc: '2.0', id: null, error }), 403);
    await expect(rpc.call('mutual_diagnose')).rejects.toMatchObject({ code: 'HOST_FORBIDDEN', number: -32007 });
  });
});

describe('waiting', () => {
  const silent: Fetch = (_url, { signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });

  test('ends when the time is over', async () => {
    const rpc = new RpcClient({ urls: ['http://node.test'], fetch: silent, timeoutMs: 1, roundsMax: 1 });
    expect(await failure(rpc.call('mutual_status'))).toMatchObject({ code: 'SDK_TIMEOUT' });
  });

  test('ends when the caller wants no answer any more, at once and for all nodes', async () => {
    const rpc = new RpcClient({ urls: ['http://node.test', 'http://other.test'], fetch: silent });
    const controller = new AbortController();
    const call = failure(rpc.call('mutual_status', {}, { signal: controller.signal }));
    controller.abort();
    expect(await call).toEqual({ code: 'SDK_ABORTED', field: undefined, attempts: undefined });
    expect(await failure(rpc.call('mutual_status', {}, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'SDK_ABORTED' });
  });
});

test('a pause between rounds ends with the signal, and no node is asked any more', async () => {
  const controller = new AbortController();
  let calls = 0;
  const fetch: Fetch = async () => {
    calls += 1;
    throw new TypeError('fetch failed');
  };
  const sleep = async (): Promise<void> => controller.abort();
  const rpc = new RpcClient({ urls: ['http://node.test'], fetch, sleep });
  expect(await failure(rpc.call('mutual_status', {}, { signal: controller.signal }))).toMatchObject({ code: 'SDK_ABORTED' });
  expect(calls).toBe(1);
});

test('a client refuses an option that there is not', () => {
  const options = { urls: ['http://node.test'], timeout: 5 } as RpcClientOptions;
  expect(() => new RpcClient(options)).toThrow(
    expect.objectContaining({
      code: 'SDK_FIELD_UNKNOWN',
      field: 'timeout',
      message: 'timeout is no option of a client: it has urls, timeoutMs, roundsMax, pauseMs, fetch, sleep',
    }),
  );
});

test.each([[[]], [['127.0.0.1:8545']], [['ws://127.0.0.1:8545']], [['http://']]])('%j are no URLs of nodes', (urls) => {
  expect(() => new RpcClient({ urls })).toThrow(expect.objectContaining({ code: 'SDK_URL_INVALID', field: 'urls' }));
});
