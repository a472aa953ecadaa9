// Goal: every limit of the server holds, and says so with its code.
// Method: servers with small limits over real HTTP and raw sockets.

import { connect } from 'node:net';
import { ChainError, transactionToJson } from '@mutual-chain/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import type { RpcServerOptions } from '../src/server/index.ts';
import { type Running, startServer } from './support/client.ts';
import { createMemoryNode, type MemoryNode, record, signedTransfer } from './support/memory-node.ts';

let running: Running | undefined;
afterEach(() => running?.stop());

const counted: string[] = [];
const failed: unknown[] = [];
const events = {
  called: () => {},
  limited: (code: string) => counted.push(code),
  failed: (_method: string, error: unknown) => failed.push(error),
};

async function start(options: Partial<RpcServerOptions> = {}, node: MemoryNode = createMemoryNode()): Promise<Running> {
  counted.length = 0;
  failed.length = 0;
  running = await startServer({ ports: node, events, ...options });
  return running;
}

const call = (id: number, method: string, params: unknown = []): object => ({ jsonrpc: '2.0', id, method, params });
const codeOf = (json: unknown): unknown => (json as { error?: { data: { code: string } } }).error?.data.code ?? 'OK';

describe('the size of a response', () => {
  const memo = { ...record, business: { ...record.business, memo: 'm'.repeat(20_000) } };

  test('is limited for one call', async () => {
    const node = createMemoryNode();
    node.records = Array.from({ length: 1000 }, () => memo);
    const { call: ask } = await start({}, node);
    const answer = await ask('mutual_listRecords', { limit: 1000 });
    expect(answer).toMatchObject({ id: 1, error: { code: -32003, data: { code: 'RESPONSE_TOO_LARGE' } } });
    expect(counted).toEqual(['RESPONSE_TOO_LARGE']);
  });

  test('is limited for a batch: what still fits is answered, the rest is told', async () => {
    const node = createMemoryNode();
    node.records = Array.from({ length: 200 }, () => memo);
    const { post } = await start({}, node);
    const { status, json } = await post(
      JSON.stringify(Array.from({ length: 5 }, (_, id) => call(id, 'mutual_listRecords', { limit: 200 }))),
    );
    expect({ status, codes: (json as unknown[]).map(codeOf) }).toEqual({
      status: 200,
      codes: ['OK', 'OK', 'RESPONSE_TOO_LARGE', 'RESPONSE_TOO_LARGE', 'RESPONSE_TOO_LARGE'],
    });
    expect(Buffer.byteLength(JSON.stringify(json))).toBeLessThan(10_485_760);
  });
});

describe('the rate of a client', () => {
  const clock = { nowMs: () => 0, elapsedMs: () => 0 };
  const rateLimit = { burst: 3, callsPerSecond: 2 };

  test('is limited in calls, not in requests', async () => {
    const { post } = await start({ clock, rateLimit });
    const batch = JSON.stringify(Array.from({ length: 5 }, (_, id) => call(id, 'mutual_chainInfo')));
    const first = await post(batch);
    expect({ status: first.status, codes: (first.json as unknown[]).map(codeOf) }).toEqual({
      status: 200,
      codes: ['OK', 'OK', 'OK', 'RATE_LIMITED', 'RATE_LIMITED'],
    });
    const second = await post(JSON.stringify(call(7, 'mutual_chainInfo')));
    expect({ status: second.status, retryAfter: second.headers.get('retry-after'), json: second.json }).toEqual({
      status: 429,
      retryAfter: '1',
      json: {
        jsonrpc: '2.0',
        id: 7,
        error: { code: -32005, message: expect.any(String), data: { code: 'RATE_LIMITED', retryAfterMs: 500 } },
      },
    });
  });

  test('counts each transaction that is handed in', async () => {
    const { call: ask } = await start({ clock, rateLimit: { burst: 3, callsPerSecond: 1 } });
    const transactions = [4, 5].map((nonce) => transactionToJson(signedTransfer(nonce)));
    expect(codeOf(await ask('mutual_sendTransactions', [transactions]))).toBe('OK');
    expect(codeOf(await ask('mutual_sendTransactions', [transactions]))).toBe('RATE_LIMITED');
  });
});

describe('time', () => {
  test('of a request is limited: what waits is answered as it stands, what comes after is not made', async () => {
    const { post } = await start({ limits: { waitTimeoutMs: 50 } });
    const waiting = call(1, 'mutual_sendAndWait', [transactionToJson(signedTransfer(4)), 60_000]);
    const { json } = await post(JSON.stringify([waiting, call(2, 'mutual_chainInfo')]));
    expect(json).toMatchObject([
      { id: 1, result: { status: 'pending' } },
      { id: 2, error: { code: -32006, data: { code: 'TIMEOUT' } } },
    ]);
  });

  test('of an answer is limited', async () => {
    const node = createMemoryNode();
    Object.assign(node.chain, { asset: () => new Promise(() => {}) });
    const { post } = await start({ limits: { handlerTimeoutMs: 50 } }, node);
    const { status, json } = await post(JSON.stringify(call(1, 'mutual_getAsset', ['MTN'])));
    expect({ status, code: codeOf(json), counted }).toEqual({ status: 503, code: 'TIMEOUT', counted: ['TIMEOUT'] });
  });

  test('that a client takes for its headers is limited', async () => {
    const limits = { headersTimeoutMs: 100, requestTimeoutMs: 100, connectionsCheckIntervalMs: 20 };
    const { port } = await start({ limits });
    expect(await raw(port, 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n')).toMatch(/^HTTP\/1.1 408 /);
  });

  test('that a client takes for its body is limited', async () => {
    const limits = { headersTimeoutMs: 100, requestTimeoutMs: 100, connectionsCheckIntervalMs: 20 };
    const { port } = await start({ limits });
    const head = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[';
    expect(await raw(port, head)).toMatch(/^HTTP\/1.1 408 /);
  });
});

test('a client that goes away is no longer waited for', async () => {
  const node = createMemoryNode();
  const { settled } = node.transactions;
  // Longer than the test may take: nothing but the end of the connection ends the waiting.
  const limits = { waitingCallsMax: 1, waitTimeoutMs: 600_000, handlerTimeoutMs: 600_000 };
  const { port, call: ask } = await start({ limits }, node);
  const body = JSON.stringify(call(1, 'mutual_sendAndWait', [transactionToJson(signedTransfer(4)), 60_000]));
  const socket = connect(port, '127.0.0.1');
  const ended = new Promise<void>((resolve) => {
    Object.assign(node.transactions, {
      settled: (id: Parameters<typeof settled>[0], signal: AbortSignal) => {
        socket.destroy();
        return settled(id, signal).then(resolve);
      },
    });
  });
  socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await ended;
  Object.assign(node.transactions, { settled });
  const answer = await ask('mutual_sendAndWait', [transactionToJson(signedTransfer(5)), 0]);
  expect(answer).toMatchObject({ result: { status: 'pending' } });
});

test('calls that wait are limited in number', async () => {
  const { call: ask } = await start({ limits: { waitingCallsMax: 0 } });
  const answer = await ask('mutual_sendAndWait', [transactionToJson(signedTransfer(4)), 60_000]);
  expect(answer).toMatchObject({ error: { code: -32004, data: { code: 'SERVER_BUSY' } } });
});

test.each([new Error('/secret/path'), new ChainError('STORAGE_RECORD_CORRUPT', '/secret/path')])(
  'what a node cannot help is answered without its reasons, which go to the log: %o',
  async (failure) => {
    const node = createMemoryNode();
    node.failure = failure;
    const { call: ask } = await start({}, node);
    const answer = await ask('mutual_getAccount', [`0x${'0'.repeat(40)}`]);
    expect(answer).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32603, message: 'The node failed to answer; its log says why.', data: { code: 'INTERNAL_ERROR' } },
    });
    expect(failed).toEqual([failure]);
  },
);

/** Sends bytes and resolves to all that comes back until the connection ends. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received)).on('error', reject);
  });
}

describe('HTTP', () => {
  const body = '{}';
  const post = (headers: string): string => `POST / HTTP/1.1\r\n${headers}Connection: close\r\n\r\n${body}`;
  const json = 'Host: 127.0.0.1\r\nContent-Type: application/json\r\n';

  test.each<readonly [string, string, number]>([
    ['two lengths', post(`${json}Content-Length: 2\r\nContent-Length: 3\r\n`), 400],
    ['a length and chunks', post(`${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n`), 400],
    ['no host', post('Content-Type: application/json\r\nContent-Length: 2\r\n'), 400],
    ['a foreign host', post('Host: attacker.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n'), 403],
    [
      'a foreign host that begins like ours',
      post('Host: localhost.attacker.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n'),
      403,
    ],
    ['a foreign origin', post(`${json}Origin: http://attacker.example\r\nContent-Length: 2\r\n`), 403],
    ['an opaque origin', post(`${json}Origin: null\r\nContent-Length: 2\r\n`), 403],
    ['text as content type', post('Host: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n'), 415],
    ['headers without end', post(`${json}X: ${'x'.repeat(20_000)}\r\nContent-Length: 2\r\n`), 431],
    ['another path', 'GET /../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 404],
    ['a broken path', 'GET /%ff HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 400],
    ['another method', 'PUT / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n', 404],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['all that is needed', post(`${json}Content-Length: 2\r\n`), 200],
    ['a charset', post('Host: LOCALHOST:1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n'), 200],
  ])('with %s', async (_name, request, status) => {
    const { port } = await start();
    expect((await raw(port, request)).split('\r\n')[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(failed).toEqual([]);
  });

  test('tells a page of an allowed origin that it may ask', async () => {
    const { url } = await start({ allowedOrigins: ['https://wallet.example'] });
    const headers = { origin: 'https://wallet.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(url, { method: 'OPTIONS', headers });
    const allowed = ['access-control-allow-origin', 'access-control-allow-methods', 'access-control-allow-headers'];
    expect({ status: preflight.status, allowed: allowed.map((each) => preflight.headers.get(each)) }).toEqual({
      status: 204,
      allowed: ['https://wallet.example', 'POST', 'content-type'],
    });
  });

  test('lets a page that this very server could have served ask', async () => {
    const { url, post: send } = await start();
    const { status, headers } = await send(JSON.stringify(call(1, 'mutual_chainInfo')), { origin: url });
    expect({ status, allowed: headers.get('access-control-allow-origin') }).toEqual({ status: 200, allowed: url });
  });
});
