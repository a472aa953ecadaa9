// Goal: no client gets more than its share, whatever it asks when, and clients are told apart by what they cannot change at will.
// Method: a table of addresses; a property over random calls under a clock that the test moves.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientIdentity } from '../src/server/http/client-identity.ts';
import { CLIENTS_MAX, RateLimiter } from '../src/server/rate-limiter.ts';

describe('a client', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('at %s is %s', (address, identity) => {
    expect(clientIdentity(address)).toBe(identity);
  });
});

describe('a rate', () => {
  test('of any sequence of calls is at most the burst and what time has added', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat({ max: 2000 }), calls: fc.integer({ min: 1, max: 10 }) }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, (sequence) => {
        let nowMs = 0;
        let taken = 0;
        const limiter = new RateLimiter({ burst: 10, callsPerSecond: 5 }, () => nowMs);
        for (const { afterMs, calls } of sequence) {
          nowMs += afterMs;
          const verdict = limiter.take('client', calls);
          if (verdict.ok) taken += calls;
          else {
            nowMs += verdict.retryAfterMs;
            expect(limiter.take('client', calls)).toEqual({ ok: true });
            taken += calls;
          }
          expect(taken).toBeLessThanOrEqual(10 + (nowMs / 1000) * 5);
        }
      }),
    );
  });

  test('is counted for each client alone, and only so many clients are remembered', () => {
    const limiter = new RateLimiter({ burst: 1, callsPerSecond: 1 }, () => 0);
    const refused = { ok: false, retryAfterMs: 1000 };
    expect([limiter.take('a', 1), limiter.take('a', 1), limiter.take('b', 1)]).toEqual([{ ok: true }, refused, { ok: true }]);
    for (let index = 0; index < CLIENTS_MAX - 1; index++) limiter.take(`other ${index}`, 1);
    expect(limiter.take('b', 1)).toEqual(refused);
    expect(limiter.take('a', 1)).toEqual({ ok: true });
  });

  test('lets a call that costs more than the burst go ahead once the bucket is full', () => {
    const limiter = new RateLimiter({ burst: 2, callsPerSecond: 1 }, () => 0);
    expect([limiter.take('a', 100), limiter.take('a', 1)]).toEqual([{ ok: true }, { ok: false, retryAfterMs: 1000 }]);
  });
});
