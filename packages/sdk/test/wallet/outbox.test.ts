// Goal: what follows from each answer of a node, case by case; above all when an operation may have another nonce.
// Method: tables of what happens to three signed operations, and where each of them is then.

import type { SignedTransaction } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/wallet/entry.ts';
import { type Finding, type Observation, Outbox } from '../../src/wallet/outbox.ts';

const VALID_UNTIL = 1000;

/** Three operations, signed with nonces 0, 1 and 2 at height 5. */
class Bench {
  readonly outbox = new Outbox({ windowMax: 10, queueMax: 10 });
  readonly entries: readonly Entry[];

  constructor(count = 3) {
    this.entries = Array.from({ length: count }, (_, index) => this.outbox.add(operation(String(index)), {}));
    this.observe({ height: 5 });
    this.sign();
  }

  /** Signs whatever can be signed. */
  sign(): void {
    for (let next = this.outbox.takeToSign(); next !== undefined; next = this.outbox.takeToSign()) {
      const { entry, nonce } = next;
      const { memo } = entry.operation.fields as unknown as { memo: string };
      const message = { nonce, validUntil: VALID_UNTIL, memo };
      const transaction = { type: 'Transfer', message } as unknown as SignedTransaction;
      this.outbox.signedAs(entry, { transaction, id: `${memo}@${nonce}`, jsonBytes: 100, height: this.outbox.height });
    }
  }

  observe(change: Partial<Observation>, findings: Readonly<Record<string, Finding>> = {}): boolean {
    const nothing = { height: 5, earliestHeight: 0, timeSec: 400, nonce: 0, pendingNonce: 0 };
    return this.outbox.observed({ ...nothing, ...change, findings: new Map(Object.entries(findings)) });
  }

  refuse(index: number, code: string): void {
    this.outbox.refused(this.entries[index] as Entry, { code, message: 'no', field: undefined });
  }

  /** What each operation is: its id while it is under way, or how it ended. */
  get state(): readonly string[] {
    return this.entries.map(({ ended, signed, exposure, shouldSend }) => {
      const outcome = ended.value;
      if (outcome?.status === 'rejected') return outcome.code;
      if (outcome !== undefined) return outcome.status;
      return signed === undefined ? 'to be signed' : `${signed.id} ${exposure}${shouldSend ? ', to be sent' : ''}`;
    });
  }
}

function operation(memo: string) {
  return { type: 'Transfer', fields: { memo } } as never;
}

const COMMITTED: Finding = { status: 'committed', height: 6, index: 0, receipt: null };

describe('what is signed', () => {
  test('has the lowest free nonces in order, and is to be sent', () => {
    const bench = new Bench();
    expect(bench.state).toEqual(['0@0 unsent, to be sent', '1@1 unsent, to be sent', '2@2 unsent, to be sent']);
    expect({ size: bench.outbox.size, asked: bench.outbox.toAsk(9), sent: bench.outbox.toSend().map(({ signed }) => signed?.id) }).toEqual({
      size: 3,
      asked: [],
      sent: ['0@0', '1@1', '2@2'],
    });
  });

  test('leaves the nonces to other programs that they have', () => {
    const outbox = new Outbox({ windowMax: 2, queueMax: 10 });
    outbox.observed({ height: 1, earliestHeight: 0, timeSec: 1, nonce: 3, pendingNonce: 5, findings: new Map() });
    for (const memo of ['a', 'b', 'c']) outbox.add(operation(memo), {});
    const nonces: number[] = [];
    for (let next = outbox.takeToSign(); next !== undefined; next = outbox.takeToSign()) {
      nonces.push(next.nonce);
      outbox.signedAs(next.entry, { transaction: { message: next } as never, id: 'x', jsonBytes: 1, height: 1 });
    }
    expect({ nonces, canSign: outbox.canSign, size: outbox.size }).toEqual({ nonces: [5, 6], canSign: false, size: 3 });
  });

  test('makes room when it is not signed after all', () => {
    const outbox = new Outbox({ windowMax: 2, queueMax: 10 });
    const entry = outbox.add(operation('a'), {});
    const next = outbox.takeToSign();
    expect({ nonce: next?.nonce, size: outbox.size, waiting: outbox.entries }).toEqual({ nonce: 0, size: 1, waiting: [entry] });
    outbox.notSigned(entry, 0, { code: 'SDK_NOT_APPROVED', message: 'no', field: undefined });
    outbox.add(operation('b'), {});
    expect({ nonce: outbox.takeToSign()?.nonce, ended: entry.ended.value?.status }).toEqual({ nonce: 0, ended: 'rejected' });
  });
});

describe('a refusal of what no node has', () => {
  test.each([
    ['for good ends it, and what comes after closes up', 'NOT_PERMITTED', ['0@0 admitted', 'NOT_PERMITTED', '2@1 unsent, to be sent']],
    ['for good, with a code that is not known here', 'SOMETHING_NEW', ['0@0 admitted', 'SOMETHING_NEW', '2@1 unsent, to be sent']],
    ['for now keeps it as it is', 'MEMPOOL_FULL', ['0@0 admitted', '1@1 refused, to be sent', '2@2 refused, to be sent']],
    [
      'for a nonce that is missing keeps it as it is',
      'NONCE_TOO_HIGH',
      ['0@0 admitted', '1@1 refused, to be sent', '2@2 refused, to be sent'],
    ],
    ['for a nonce that is taken moves it on', 'NONCE_TAKEN', ['0@0 admitted', '1@2 unsent, to be sent', '2@3 unsent, to be sent']],
    ['for a nonce that is used moves it on', 'NONCE_TOO_LOW', ['0@0 admitted', '1@2 unsent, to be sent', '2@3 unsent, to be sent']],
    ['for its fee has it signed with a higher one', 'FEE_TOO_LOW', ['0@0 admitted', '1@1 unsent, to be sent', '2@2 unsent, to be sent']],
    ['for its time ends it', 'EXPIRED', ['0@0 admitted', 'EXPIRED', '2@1 unsent, to be sent']],
  ])('%s', (_name, code, state) => {
    const bench = new Bench();
    bench.outbox.taken(bench.entries[0] as Entry);
    bench.refuse(1, code);
    bench.refuse(2, 'NONCE_TOO_HIGH');
    bench.observe({});
    bench.sign();
    expect(bench.state).toEqual(state);
    expect(bench.outbox.feeMayHaveChanged).toBe(code === 'FEE_TOO_LOW');
  });

  test('is ended by time when it is never taken', () => {
    const bench = new Bench(1);
    bench.refuse(0, 'MEMPOOL_FULL');
    bench.observe({ timeSec: VALID_UNTIL - 1 });
    expect(bench.state).toEqual(['0@0 refused, to be sent']);
    bench.observe({ timeSec: VALID_UNTIL });
    expect(bench.state).toEqual(['expired']);
  });

  test('for its time, when that has passed, is an expiry', () => {
    const bench = new Bench(1);
    bench.observe({ timeSec: VALID_UNTIL - 1 });
    bench.refuse(0, 'EXPIRED');
    expect(bench.state).toEqual(['EXPIRED']);
    const late = new Bench(2);
    late.outbox.unanswered(late.entries[0] as Entry);
    late.observe({ timeSec: VALID_UNTIL });
    expect(late.state).toEqual(['0@0 uncertain, to be sent', 'expired']);
  });

  test('for a nonce that others have used is not answered for ever', () => {
    const bench = new Bench(1);
    for (let times = 1; times <= 8; times++) {
      bench.refuse(0, 'NONCE_TOO_LOW');
      bench.sign();
      expect(bench.state).toEqual([`0@${times} unsent, to be sent`]);
    }
    bench.refuse(0, 'NONCE_TOO_LOW');
    expect(bench.state).toEqual(['NONCE_TOO_LOW']);
  });

  test('for a fee is not answered for ever, and not at all where the fee was given', () => {
    const bench = new Bench(1);
    for (let times = 1; times <= 3; times++) {
      bench.refuse(0, 'FEE_TOO_LOW');
      bench.sign();
      expect(bench.state).toEqual(['0@0 unsent, to be sent']);
    }
    bench.refuse(0, 'FEE_TOO_LOW');
    expect(bench.state).toEqual(['FEE_TOO_LOW']);
    const outbox = new Outbox({ windowMax: 1, queueMax: 1 });
    const entry = outbox.add(operation('a'), { maxFee: 1n });
    outbox.takeToSign();
    outbox.signedAs(entry, { transaction: { message: { nonce: 0, validUntil: 9 } } as never, id: 'a', jsonBytes: 1, height: 1 });
    outbox.refused(entry, { code: 'FEE_TOO_LOW', message: 'no', field: undefined });
    expect([entry.ended.value?.status, outbox.feeMayHaveChanged]).toEqual(['rejected', false]);
  });
});

describe('after an answer that was lost', () => {
  /** The first of three was sent and not answered; the node refuses the others because its nonce is missing. */
  function uncertain(): Bench {
    const bench = new Bench();
    bench.outbox.unanswered(bench.entries[0] as Entry);
    bench.refuse(1, 'NONCE_TOO_HIGH');
    bench.refuse(2, 'NONCE_TOO_HIGH');
    return bench;
  }
  const REST = ['1@1 refused, to be sent', '2@2 refused, to be sent'];

  test('it is sent again as it is, and asked about', () => {
    const bench = uncertain();
    bench.observe({});
    expect(bench.state).toEqual(['0@0 uncertain, to be sent', ...REST]);
    expect(bench.outbox.toAsk(9)).toEqual(['0@0']);
  });

  test.each(['NOT_PERMITTED', 'INSUFFICIENT_FEE_BALANCE', 'NONCE_TOO_LOW', 'NONCE_TAKEN', 'FEE_TOO_LOW', 'EXPIRED', 'MEMPOOL_FULL'])(
    '%s does not free its nonce: another node may have it',
    (code) => {
      const bench = uncertain();
      bench.refuse(0, code);
      bench.observe({});
      expect(bench.state).toEqual(['0@0 uncertain', ...REST]);
    },
  );

  test.each<[string, Partial<Observation>, Finding | undefined, readonly string[]]>([
    ['a node that has it', {}, { status: 'pending' }, ['0@0 admitted', ...REST]],
    ['a block that has it', { nonce: 1 }, COMMITTED, ['committed', ...REST]],
    ['its end by time', { timeSec: 999 }, { status: 'expired' }, ['expired', '1@0 unsent, to be sent', '2@1 unsent, to be sent']],
    ['a node that does not know it', {}, { status: 'unknown' }, ['0@0 uncertain, to be sent', ...REST]],
    ['a node that says nothing about it', {}, undefined, ['0@0 uncertain, to be sent', ...REST]],
    [
      'another transaction in its place',
      { nonce: 1, pendingNonce: 1 },
      { status: 'rejected' },
      ['0@1 unsent, to be sent', '1@2 unsent, to be sent', '2@3 unsent, to be sent'],
    ],
    [
      'a nonce that is used by something else',
      { nonce: 1, pendingNonce: 1 },
      { status: 'unknown' },
      ['0@1 unsent, to be sent', '1@2 unsent, to be sent', '2@3 unsent, to be sent'],
    ],
  ])('%s decides', (_name, change, finding, state) => {
    const bench = uncertain();
    const findings: Readonly<Record<string, Finding>> = finding === undefined ? {} : { '0@0': finding };
    bench.observe(change, findings);
    // What a node says of a nonce without knowing the transaction has to be said twice.
    if (finding?.status === 'unknown' && change.nonce === 1) {
      expect(bench.state[0]).toBe('0@0 uncertain, to be sent');
      bench.observe(change, findings);
    }
    bench.sign();
    expect(bench.state).toEqual(state);
  });

  test('time alone ends it once the chain has passed it with the nonce unused', () => {
    const bench = new Bench(1);
    bench.outbox.unanswered(bench.entries[0] as Entry);
    bench.observe({ timeSec: VALID_UNTIL - 1 }, { '0@0': { status: 'unknown' } });
    expect(bench.state).toEqual(['0@0 uncertain, to be sent']);
    bench.observe({ timeSec: VALID_UNTIL }, { '0@0': { status: 'unknown' } });
    expect(bench.state).toEqual(['expired']);
  });

  test('a node without the blocks since it was signed cannot say what used its nonce', () => {
    const bench = new Bench(1);
    bench.outbox.unanswered(bench.entries[0] as Entry);
    const used = { nonce: 1, timeSec: VALID_UNTIL + 1 };
    expect(bench.observe({ ...used, earliestHeight: 7 }, { '0@0': { status: 'unknown' } })).toBe(false);
    expect(bench.state).toEqual(['0@0 uncertain, to be sent']);
    expect(bench.observe({ ...used, earliestHeight: 6 }, { '0@0': { status: 'unknown' } })).toBe(true);
    bench.observe({ ...used, earliestHeight: 6 }, { '0@0': { status: 'unknown' } });
    bench.sign();
    expect(bench.state).toEqual(['0@1 unsent, to be sent']);
  });
});

describe('what a node has taken', () => {
  const taken = (): Bench => {
    const bench = new Bench(2);
    for (const entry of bench.entries) bench.outbox.taken(entry);
    return bench;
  };

  test('stays as it is, whatever another node refuses', () => {
    const bench = taken();
    bench.refuse(0, 'NOT_PERMITTED');
    bench.outbox.unanswered(bench.entries[1] as Entry);
    bench.observe({});
    expect(bench.state).toEqual(['0@0 admitted', '1@1 admitted']);
  });

  test('is sent again when it was forgotten', () => {
    const bench = taken();
    bench.observe({}, { '0@0': { status: 'unknown' }, '1@1': { status: 'pending' } });
    expect(bench.state).toEqual(['0@0 admitted, to be sent', '1@1 admitted']);
  });

  test('is not signed again when its nonce was lost: its id may be in use', () => {
    const bench = taken();
    bench.observe({ nonce: 1 }, { '0@0': { status: 'rejected' }, '1@1': { status: 'pending' } });
    expect(bench.state).toEqual(['NONCE_USED', '1@1 admitted']);
  });

  test('keeps its nonce when what stood before it has expired, and the next operation fills the gap', () => {
    const bench = taken();
    bench.observe({ timeSec: 999, pendingNonce: 2 }, { '0@0': { status: 'expired' }, '1@1': { status: 'pending' } });
    const next = bench.outbox.add(operation('next'), {});
    bench.sign();
    expect([...bench.state, next.signed?.id]).toEqual(['expired', '1@1 admitted', 'next@0']);
  });
});

describe('a node that lags', () => {
  test('does not bring nonces back that are used', () => {
    const bench = new Bench(1);
    bench.outbox.taken(bench.entries[0] as Entry);
    bench.observe({ nonce: 1, pendingNonce: 1 }, { '0@0': COMMITTED });
    bench.observe({ nonce: 0, pendingNonce: 0 });
    const next = bench.outbox.add(operation('next'), {});
    bench.sign();
    expect([...bench.state, next.signed?.id]).toEqual(['committed', 'next@1']);
  });

  test('does not bring time back that has passed', () => {
    const bench = new Bench(1);
    bench.observe({ height: 9, timeSec: 700 });
    bench.observe({ height: 8, timeSec: 600 });
    expect([bench.outbox.height, bench.outbox.timeSec]).toEqual([9, 700]);
  });
});

describe('what an earlier run has signed', () => {
  test('keeps its nonce, and is asked about before it is believed lost', () => {
    const outbox = new Outbox({ windowMax: 10, queueMax: 10 });
    const message = { nonce: 4, validUntil: VALID_UNTIL };
    const adopted = outbox.adopt(operation('old'), { transaction: { message } as never, id: 'old@4', jsonBytes: 1, height: 0 });
    outbox.add(operation('new'), {});
    outbox.observed({ height: 5, earliestHeight: 0, timeSec: 400, nonce: 4, pendingNonce: 4, findings: new Map() });
    expect([adopted.exposure, outbox.toAsk(9), outbox.takeToSign()?.nonce]).toEqual(['uncertain', ['old@4'], 5]);
  });
});
