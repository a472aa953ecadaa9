// Goal: the envelope is JSON-RPC 2.0 to the letter, and nothing a client can write makes the server fail.
// Method: tables of bodies with whole answers over real HTTP, then random bodies from three generators with a check of the form of answers.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RPC_LIMITS } from '../src/contract/index.ts';
import { type Running, startServer } from './support/client.ts';
import { createMemoryNode } from './support/memory-node.ts';

const failures: unknown[] = [];
const events = { called: () => {}, limited: () => {}, failed: (_method: string, error: unknown) => failures.push(error) };
let running: Running;
beforeAll(async () => {
  running = await startServer({ ports: createMemoryNode(), events });
});
afterAll(() => running.stop());

const supply = { method: 'mutual_getSupply', params: ['MTN'] };
const good = { jsonrpc: '2.0', id: 1, ...supply };
const result = { asset: 'MTN', supply: '1000000' };
const answer = (id: unknown): object => ({ jsonrpc: '2.0', id, result });
const failure = (id: unknown, code: number, name: string): object => ({
  jsonrpc: '2.0',
  id,
  error: { code, message: expect.any(String), data: expect.objectContaining({ code: name }) },
});
const parseError = failure(null, -32700, 'PARSE_ERROR');
const invalid = (id: unknown): object => failure(id, -32600, 'INVALID_REQUEST');

describe('a request', () => {
  test.each<readonly [string, unknown, unknown]>([
    ['is answered', good, answer(1)],
    ['may have a text as id', { ...good, id: 'a' }, answer('a')],
    ['may have null as id', { ...good, id: null }, answer(null)],
    ['may have an empty text as id', { ...good, id: '' }, answer('')],
    ['has no other version', { ...good, jsonrpc: '1.0' }, invalid(1)],
    ['has a version', { id: 1, ...supply }, invalid(1)],
    ['has no fraction as id', { ...good, id: 1.5 }, invalid(null)],
    ['has no object as id', { ...good, id: {} }, invalid(null)],
    ['has no endless id', { ...good, id: 'x'.repeat(257) }, invalid(null)],
    ['has a method', { jsonrpc: '2.0', id: 1 }, invalid(1)],
    ['has a text as method', { ...good, method: 7 }, invalid(1)],
    ['has a list or an object as params', { ...good, params: 'MTN' }, invalid(1)],
    ['has no null as params', { ...good, params: null }, invalid(1)],
    ['has no other fields', { ...good, extra: 1 }, invalid(1)],
    ['is no number', 1, invalid(null)],
    ['is no null', null, invalid(null)],
    ['is no text', 'mutual_status', invalid(null)],
    ['is no empty batch', [], invalid(null)],
    ['is no longer batch than allowed', Array.from({ length: 101 }, () => good), invalid(null)],
    [
      'may be the longest batch',
      Array.from({ length: 100 }, (_, id) => ({ ...good, id })),
      Array.from({ length: 100 }, (_, id) => answer(id)),
    ],
    [
      'in a batch is judged alone',
      [1, good, { ...good, id: 2, method: 'x' }],
      [invalid(null), answer(1), failure(2, -32601, 'METHOD_NOT_FOUND')],
    ],
    ['in a batch without an id is not answered', [{ jsonrpc: '2.0', ...supply }, good], [answer(1)]],
  ])('%s', async (_name, request, expected) => {
    const { status, json } = await running.post(JSON.stringify(request));
    expect({ status, json }).toEqual({ status: 200, json: expected });
  });

  test.each<readonly [string, unknown]>([
    ['one', { jsonrpc: '2.0', ...supply }],
    ['one that fails', { jsonrpc: '2.0', method: 'mutual_nothing' }],
    [
      'a batch',
      [
        { jsonrpc: '2.0', ...supply },
        { jsonrpc: '2.0', method: 'mutual_nothing' },
      ],
    ],
  ])('that is a notification gets no answer: %s', async (_name, request) => {
    const { status, json } = await running.post(JSON.stringify(request));
    expect({ status, json }).toEqual({ status: 204, json: undefined });
  });
});

const utf16 = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'utf16le'));
const text = JSON.stringify(good);

describe('a body', () => {
  test.each<readonly [string, string | Uint8Array<ArrayBuffer>, object]>([
    ['is not empty', '', parseError],
    ['is JSON', '{', parseError],
    ['is one JSON', `${text}${text}`, parseError],
    ['has no trailing comma', '[1,]', parseError],
    ['has no comment', `${text}//`, parseError],
    ['has no NaN', '{"jsonrpc":"2.0","id":NaN}', parseError],
    ['has no byte order mark', `\ufeff${text}`, parseError],
    ['is UTF-8', Uint8Array.of(0x22, 0xff, 0x22), parseError],
    ['is not UTF-16', utf16(text), parseError],
    ['has no NUL', `${text}\0`, parseError],
    ['names each field once', '{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}', parseError],
    ['names each field once, however it is spelt', '{"jsonrpc":"2.0","id":1,"i\\u0064":2,"method":"x"}', parseError],
    ['holds no first half of a pair', '{"jsonrpc":"2.0","id":"\\ud800","method":"x"}', parseError],
    ['holds no second half of a pair', '["\\udc00"]', parseError],
    ['holds no half of a pair as a name', '{"\\ud800":1}', parseError],
    ['sets no prototype', '{"__proto__":{"x":1},"jsonrpc":"2.0","id":1,"method":"x"}', invalid(null)],
    ['sets no prototype, however it is spelt', '{"\\u005f_proto__":{}}', invalid(null)],
    ['sets no prototype deep down', '{"jsonrpc":"2.0","id":1,"method":"x","params":[{"constructor":{"prototype":{}}}]}', invalid(null)],
    ['is not nested deeper than allowed', `${'['.repeat(65)}${']'.repeat(65)}`, parseError],
    ['of half a million brackets is refused before it is parsed', '['.repeat(500_000), parseError],
    ['with a number of a million digits is no trouble', `{"jsonrpc":"2.0","method":"x","id":${'9'.repeat(1_000_000)}}`, invalid(null)],
  ])('%s', async (_name, body, expected) => {
    const { status, json } = await running.post(body);
    expect({ status, json }).toEqual({ status: 200, json: expected });
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('nested as deep as allowed is read', async () => {
    const { json } = await running.post(`${'['.repeat(64)}${']'.repeat(64)}`);
    expect(json).toEqual([invalid(null)]);
  });

  test.each([
    [RPC_LIMITS.requestBytesMax, 200, { id: 1 }],
    [RPC_LIMITS.requestBytesMax + 1, 413, { id: null, error: { code: -32600, data: { code: 'REQUEST_TOO_LARGE' } } }],
  ])('of %d bytes is answered with %d', async (lengthBytes, status, expected) => {
    const response = await running.post(text + ' '.repeat(lengthBytes - text.length));
    expect(response.status).toBe(status);
    expect(response.json).toMatchObject(expected);
  });
});

/** Whether something is what JSON-RPC allows as an answer to one call. */
function isAnswer(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const { jsonrpc, id, error, ...rest } = json as Record<string, unknown>;
  const hasId = id === null || typeof id === 'string' || Number.isSafeInteger(id);
  const hasOne = (error !== undefined) !== Object.hasOwn(rest, 'result');
  return jsonrpc === '2.0' && hasId && hasOne;
}

const name = fc.constantFrom('jsonrpc', 'id', 'method', 'params', 'x', '__proto__', 'constructor');
const value = fc.oneof(
  fc.constantFrom(
    '2.0',
    'mutual_getSupply',
    'mutual_getBlock',
    'mutual_listLots',
    'mutual_sendTransaction',
    'rpc.discover',
    'MTN',
    null,
    [],
    {},
    1,
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const requestLike = fc
  .dictionary(name, value)
  .map((fields) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'mutual_getSupply', ...fields }));
/** A good request with some of its characters replaced, removed or doubled. */
const damaged = fc
  .array(fc.tuple(fc.nat({ max: text.length }), fc.constantFrom('', '"', '{', ']', '\\', '\u0000', ',', '9', '\\ud800', '😀')), {
    maxLength: 4,
  })
  .map((edits) => edits.reduce((body, [at, insert]) => body.slice(0, at) + insert + body.slice(at + (insert.length % 2)), text));
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((each) => new Uint8Array(each)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((each) => new Uint8Array(Buffer.from(each, 'utf8'))),
  requestLike,
  damaged,
  fc.array(requestLike, { minLength: 1, maxLength: 4 }).map((each) => `[${each.join(',')}]`),
);

test('any body is answered by the rules of JSON-RPC, and never by a failure of the server', async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, async (body) => {
      const { status, json } = await running.post(body);
      expect([200, 204]).toContain(status);
      const answers = Array.isArray(json) ? json : [json];
      expect(status === 204 ? json === undefined : answers.length > 0 && answers.every(isAnswer)).toBe(true);
      expect(failures).toEqual([]);
    }),
    { numRuns: 1500 },
  );
});
