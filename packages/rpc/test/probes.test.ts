// Goal: a node is ready only when it is of use, and metrics are for operators alone.
// Method: a table of what a node can say of itself; requests with and without the token.

import { afterEach, describe, expect, test } from 'vitest';
import { OperatorServer, readinessOf } from '../src/server/index.ts';
import { type Running, startServer } from './support/client.ts';
import { createMemoryNode, TIP_MS } from './support/memory-node.ts';

const { status } = createMemoryNode();

describe('readiness', () => {
  test.each([
    ['of a node that takes part', {}, 1000, []],
    ['at the age that is just allowed', {}, 30_000, []],
    ['with an old block', {}, 30_001, ['the last block is 30001 ms old, more than 30000 ms']],
    ['while it is syncing', { syncing: true }, 0, ['the node is syncing: it fetches blocks that others have committed']],
    ['with too few peers', { peers: 1 }, 0, ['1 peers are connected, 2 are needed']],
    ['alone, when it needs nobody', { peers: 0, peersNeeded: 0 }, 0, []],
    ['without a block', { tip: undefined }, 0, ['there is no committed block yet']],
    ['with a block from the future', {}, -5000, []],
  ] as const)('%s', (_name, change, ageMs, reasons) => {
    const readiness = readinessOf({ ...status, ...change }, TIP_MS + ageMs, 30_000);
    const hasTip = !('tip' in change);
    expect(readiness).toEqual({
      ready: reasons.length === 0,
      reasons,
      height: hasTip ? 1 : null,
      blockAgeMs: hasTip ? Math.max(0, ageMs) : null,
      peers: 'peers' in change ? change.peers : 3,
    });
  });
});

describe('over HTTP', () => {
  let running: Running | undefined;
  afterEach(() => running?.stop());

  test('a node that lives says so, and one that is not ready answers 503 with the reasons', async () => {
    const node = createMemoryNode();
    const clock = { nowMs: () => TIP_MS, elapsedMs: () => 0 };
    running = await startServer({ ports: node, clock });
    expect(await running.get('/health')).toMatchObject({ status: 200, json: { alive: true } });
    expect(await running.get('/ready')).toMatchObject({ status: 200, json: { ready: true, reasons: [] } });
    node.status = { ...node.status, syncing: true };
    expect(await running.get('/ready')).toMatchObject({ status: 503, json: { ready: false } });
    expect(await running.get('/health')).toMatchObject({ status: 200 });
    expect(await running.get('/metrics')).toMatchObject({ status: 404 });
  });
});

describe("the operator's server", () => {
  const token = 'f'.repeat(32);
  const metrics = { contentType: 'text/plain; version=0.0.4', text: async () => 'height 1\n' };
  const events = { called: () => {}, limited: () => {}, failed: () => {} };

  test.each([
    [`Bearer ${token}`, 200, 'height 1\n'],
    [undefined, 401, undefined],
    ['', 401, undefined],
    [token, 401, undefined],
    [`Bearer ${token}f`, 401, undefined],
    [`Bearer ${token.slice(1)}`, 401, undefined],
    [`bearer ${token}`, 401, undefined],
  ])('answers %s with %d', async (authorization, expected, text) => {
    const server = new OperatorServer({ metrics, events, token, port: 0 });
    const url = await server.start();
    const response = await fetch(`${url}/metrics`, { headers: authorization === undefined ? {} : { authorization } });
    expect(response.status).toBe(expected);
    if (text !== undefined) expect(await response.text()).toBe(text);
    await server.stop();
  });

  test('wants a token that nobody guesses', () => {
    expect(() => new OperatorServer({ metrics, events, token: 'secret', port: 0 })).toThrow(
      expect.objectContaining({ code: 'RPC_TOKEN_TOO_SHORT', details: { limit: 32 } }),
    );
  });
});
