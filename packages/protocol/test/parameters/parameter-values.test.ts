import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { PARAMETER_TABLE, type ParameterDefinition, type ParameterName } from '../../src/parameters/parameter-table.ts';
import {
  DEFAULT_PARAMETERS,
  feeOf,
  findConflict,
  type Parameters,
  parametersCodec,
  parametersFrom,
  parametersHash,
  setParameter,
  withParameter,
} from '../../src/parameters/parameters.ts';
import { parametersShape, parametersToJson } from '../../src/parameters/parameters-json.ts';
import type { TransactionType } from '../../src/transaction/transaction.ts';
import { TRANSACTION_TYPES } from '../../src/transaction/transaction-types.ts';

/*
 * Goal: a parameter is set to what it may be and to nothing else, wherever the text comes from, and the hash covers every one. Method: the
 * table itself gives the cases: each bound, and one step beyond it.
 */

const table = Object.entries(PARAMETER_TABLE) as unknown as readonly [ParameterName, ParameterDefinition][];
const TYPES = Object.keys(TRANSACTION_TYPES) as TransactionType[];

const refusal = (set: () => unknown): unknown => {
  try {
    return set();
  } catch (error) {
    return error instanceof ChainError ? { code: error.code, field: error.details['field'] } : error;
  }
};

describe('the table', () => {
  it.each(table)('gives %s a default in its range, a unit and a reason', (name, definition) => {
    expect(setParameter(DEFAULT_PARAMETERS, name, String(definition.default))).toEqual({ ok: true, parameters: DEFAULT_PARAMETERS });
    expect(definition.reason).toMatch(/^[A-Z].*\.$/);
    expect(definition.unit === '').toBe(definition.kind === 'choice');
  });

  it('has defaults that fit together', () => {
    expect(findConflict(DEFAULT_PARAMETERS)).toBeUndefined();
  });
});

describe('a parameter', () => {
  it.each(table.filter(([, { kind }]) => kind !== 'choice'))('%s is set from its least to its most, and not beyond', (name, definition) => {
    const { kind, min = 0, max = 0 } = definition;
    for (const bound of [BigInt(min), BigInt(max)]) {
      const expected = { ...DEFAULT_PARAMETERS, [name]: kind === 'amount' ? bound : Number(bound) };
      expect(setParameter(DEFAULT_PARAMETERS, name, String(bound))).toEqual({ ok: true, parameters: expected });
    }
    for (const beyond of [BigInt(min) - 1n, BigInt(max) + 1n]) {
      const message = `${name} must be a whole number of ${definition.unit} from ${min} to ${max}, in decimal digits`;
      expect(setParameter(DEFAULT_PARAMETERS, name, String(beyond))).toEqual({ ok: false, refusal: { name, message } });
    }
  });

  it.each([
    ['admission', ['open', 'registrar']],
    ['evidenceAction', ['record', 'remove']],
  ])('%s is one of its words', (name, words) => {
    for (const word of words)
      expect(setParameter(DEFAULT_PARAMETERS, name, word)).toMatchObject({ ok: true, parameters: { [name]: word } });
    for (const wrong of ['', 'Open', 'open ', '0', 'toString']) {
      const message = `${name} must be one of ${words.join(', ')}`;
      expect(setParameter(DEFAULT_PARAMETERS, name, wrong)).toEqual({ ok: false, refusal: { name, message } });
    }
  });

  it.each(['', ' 60', '60 ', '+60', '060', '6e1', '0x3c', '60.0', '-60', '٦٠', '60\n', 'NaN', 'Infinity', '9'.repeat(100_000)])(
    'is not set from %j',
    (value) => {
      expect(setParameter(DEFAULT_PARAMETERS, 'processingSecMax', value)).toMatchObject({ ok: false });
      expect(setParameter(DEFAULT_PARAMETERS, 'feePerByte', value)).toMatchObject({ ok: false });
      expect(setParameter(DEFAULT_PARAMETERS, 'fee.Transfer', value)).toMatchObject({ ok: false });
    },
  );

  it.each(['', 'unknown', 'feeOverrides', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'FEEPERBYTE'])(
    'of the name %j does not exist',
    (name) => {
      const message = `there is no parameter ${name}`;
      expect(setParameter(DEFAULT_PARAMETERS, name, '1')).toEqual({ ok: false, refusal: { name, message } });
    },
  );

  it('changes nothing else, and not the parameters it was set in', () => {
    const before = structuredClone(DEFAULT_PARAMETERS);
    setParameter(DEFAULT_PARAMETERS, 'blockIntervalMs', '70');
    setParameter(DEFAULT_PARAMETERS, 'fee.Transfer', '70');
    expect(DEFAULT_PARAMETERS).toEqual(before);
  });
});

describe('fees', () => {
  const set = (parameters: Parameters, name: string, value: string): Parameters => {
    const setting = setParameter(parameters, name, value);
    if (!setting.ok) throw new Error(setting.refusal.message);
    return setting.parameters;
  };
  const parameters = set(set(DEFAULT_PARAMETERS, 'feePerTransaction', '100'), 'feePerByte', '3');

  it('are that of any transaction and of its bytes, unless the type has its own', () => {
    expect(feeOf(parameters, 'Transfer', 0)).toBe(100n);
    expect(feeOf(parameters, 'Transfer', 10)).toBe(130n);
    const own = set(parameters, 'fee.Transfer', '7');
    expect([feeOf(own, 'Transfer', 10), feeOf(own, 'Join', 10)]).toEqual([37n, 130n]);
    expect(feeOf(set(own, 'fee.Transfer', '0'), 'Transfer', 0)).toBe(0n);
  });

  it('of single types are kept once each, by number, in whatever order they are set', () => {
    const numbers = TYPES.map((type) => TRANSACTION_TYPES[type].number);
    expect(new Set(numbers).size).toBe(TYPES.length);
    const inOrder = TYPES.reduce((each, type) => set(each, `fee.${type}`, String(TRANSACTION_TYPES[type].number)), DEFAULT_PARAMETERS);
    const backwards = [...TYPES]
      .reverse()
      .reduce(
        (each, type) => set(set(each, `fee.${type}`, '5'), `fee.${type}`, String(TRANSACTION_TYPES[type].number)),
        DEFAULT_PARAMETERS,
      );
    expect(backwards).toEqual(inOrder);
    expect(inOrder.feeOverrides).toEqual([...numbers].sort((left, right) => left - right).map((type) => ({ type, fee: BigInt(type) })));
    for (const type of TYPES) expect(feeOf({ ...inOrder, feePerByte: 0n }, type, 9)).toBe(BigInt(TRANSACTION_TYPES[type].number));
  });

  it.each(['fee.', 'fee.transfer', 'fee.constructor', 'fee.__proto__', 'fee.Transfer '])('of %j do not exist', (name) => {
    const message = `there is no transaction type ${name.slice(4)}`;
    expect(setParameter(DEFAULT_PARAMETERS, name, '1')).toEqual({ ok: false, refusal: { name, message } });
  });

  it.each(['7000/2000/1000', '10000/0/0', '0/0/10000', '3334/3333/3333'])('are shared out as %s at once', (value) => {
    const [feeShareValidatorsBps, feeShareTreasuryBps, feeShareAuditBps] = value.split('/').map(Number) as [number, number, number];
    const shares = { feeShareValidatorsBps, feeShareTreasuryBps, feeShareAuditBps };
    expect(withParameter(DEFAULT_PARAMETERS, 'feeSharesBps', value)).toEqual({ ...DEFAULT_PARAMETERS, ...shares });
  });

  it.each(['', '7000', '7000/3000', '7000/2000/1000/0', '7000/2000/', '7000/2000/1001/', '10001/0/0', '-1/5000/5001', '7000,2000,1000'])(
    'are not shared out as %j',
    (value) => {
      expect(setParameter(DEFAULT_PARAMETERS, 'feeSharesBps', value)).toMatchObject({ ok: false, refusal: { name: 'feeSharesBps' } });
    },
  );
});

describe('parameters together', () => {
  it.each([
    ['fee shares that add up to 9999', 'feeShareAuditBps', '999', 'feeShareValidatorsBps'],
    ['fee shares that add up to 10001', 'feeShareTreasuryBps', '2001', 'feeShareValidatorsBps'],
    ['fee shares set at once that add up to 9000', 'feeSharesBps', '7000/1000/1000', 'feeShareValidatorsBps'],
    ['a cap of timeouts below that of proposals', 'timeoutMaxMs', '699', 'timeoutMaxMs'],
    ['a timeout of votes above the cap', 'voteTimeoutMs', '10001', 'timeoutMaxMs'],
    ['a message delay above its cap', 'messageDelayMs', '15001', 'messageDelayMaxMs'],
  ])('with %s do not fit, so that one is not set', (_name, name, value, field) => {
    expect(withParameter(DEFAULT_PARAMETERS, name, value)).toBeUndefined();
    expect(refusal(() => parametersFrom({ [name]: value }))).toEqual({ code: 'PROTOCOL_PARAMETER_INVALID', field: `parameters.${field}` });
  });

  it('are set one after the other by governance where they fit', () => {
    expect(withParameter(DEFAULT_PARAMETERS, 'timeoutMaxMs', '700')).toEqual({ ...DEFAULT_PARAMETERS, timeoutMaxMs: 700 });
    expect(withParameter(DEFAULT_PARAMETERS, 'nothing', '700')).toBeUndefined();
  });

  it('are read from texts on top of the defaults, in whatever order', () => {
    const expected = { ...DEFAULT_PARAMETERS, feeShareValidatorsBps: 6000, feeShareTreasuryBps: 3000, admission: 'registrar' };
    expect(parametersFrom({ feeShareValidatorsBps: '6000', admission: 'registrar', feeShareTreasuryBps: '3000' })).toEqual(expected);
    expect(parametersFrom({ feeShareTreasuryBps: '3000', feeShareValidatorsBps: '6000', admission: 'registrar' })).toEqual(expected);
    expect(parametersFrom({})).toEqual(DEFAULT_PARAMETERS);
  });

  it.each([
    ['an unknown name', { speed: '1' }, 'parameters.speed'],
    ['a value out of range', { blockIntervalMs: '60001' }, 'parameters.blockIntervalMs'],
    ['the fee of an unknown type', { 'fee.Fly': '1' }, 'parameters.fee.Fly'],
  ])('are not read from %s', (_name, texts, field) => {
    expect(refusal(() => parametersFrom(texts as unknown as Record<string, string>))).toEqual({
      code: 'PROTOCOL_PARAMETER_INVALID',
      field,
    });
  });
});

const anyParameters = fc
  .record({
    ...Object.fromEntries(
      table.map(([name, { kind, min = 0, max = 0, choices = [] }]) => {
        if (kind === 'choice') return [name, fc.constantFrom(...choices)];
        const value = fc.bigInt({ min: BigInt(min), max: BigInt(max) });
        return [name, kind === 'amount' ? value : value.map(Number)];
      }),
    ),
    feeOverrides: fc
      .uniqueArray(fc.constantFrom(...TYPES), { maxLength: 5 })
      .map((types) => types.map((type) => ({ type: TRANSACTION_TYPES[type].number, fee: 10n })).sort((a, b) => a.type - b.type)),
  })
  .map((each) => each as unknown as Parameters);

describe('bytes of parameters', () => {
  it('are read back as written', () => {
    fc.assert(
      fc.property(anyParameters, (parameters) => {
        expect(parametersCodec.decode(parametersCodec.encode(parameters))).toEqual(parameters);
      }),
    );
  });

  it('are hashed with every parameter in them', () => {
    const changed = table.map(([name, { choices, max = 0, kind }]): Parameters => {
      const value = choices === undefined ? (kind === 'amount' ? BigInt(max) : Number(max)) : choices[1];
      const other = value === DEFAULT_PARAMETERS[name] ? (typeof value === 'bigint' ? value - 1n : (value as number) - 1) : value;
      return { ...DEFAULT_PARAMETERS, [name]: other };
    });
    const all = [DEFAULT_PARAMETERS, ...changed, { ...DEFAULT_PARAMETERS, feeOverrides: [{ type: 1, fee: 0n }] }];
    expect(new Set(all.map((each) => parametersHash(cryptography, each).join())).size).toBe(table.length + 2);
  });

  it('are refused when cut or lengthened, or are the one form of others', () => {
    const bytes = parametersCodec.encode({ ...DEFAULT_PARAMETERS, feeOverrides: [{ type: 3, fee: 9n }] });
    for (const damaged of [...Array.from({ length: bytes.length }, (_, length) => bytes.slice(0, length)), Uint8Array.of(...bytes, 1)]) {
      const read = refusal(() => parametersCodec.decode(damaged)) as Parameters & { code?: string };
      if (read.code === undefined) expect(parametersCodec.encode(read)).toEqual(damaged);
      else expect(read.code).toBe('PROTOCOL_BYTES_INVALID');
    }
  });

  it('with a word that does not exist are refused, naming it', () => {
    const [open, registrar] = ['open', 'registrar'].map((admission) =>
      parametersCodec.encode({ ...DEFAULT_PARAMETERS, admission } as Parameters),
    ) as [Uint8Array, Uint8Array];
    const at = open.findIndex((byte, index) => byte !== registrar[index]);
    expect(refusal(() => parametersCodec.decode(open.with(at, 2)))).toEqual({ code: 'PROTOCOL_BYTES_INVALID', field: 'admission' });
  });
});

describe('texts of parameters', () => {
  it('are those that parameters are read from', () => {
    fc.assert(
      fc.property(anyParameters, (parameters) => {
        const texts = parametersToJson(parameters);
        expect(parametersShape.parse(texts)).toEqual(texts);
        if (findConflict(parameters) === undefined) expect(parametersFrom(texts)).toEqual(parameters);
      }),
    );
    expect(parametersFrom(parametersToJson(DEFAULT_PARAMETERS))).toEqual(DEFAULT_PARAMETERS);
  });

  it.each([
    ['an unknown name', { speed: '1' }, []],
    ['a number', { blockIntervalMs: 50 }, ['blockIntervalMs']],
    ['a value out of range', { blockIntervalMs: '60001' }, ['blockIntervalMs']],
    ['an unknown word', { admission: 'closed' }, ['admission']],
    ['a fee out of range', { 'fee.Transfer': '-1' }, ['fee.Transfer']],
  ])('with %s are refused', (_name, texts, path) => {
    const parsed = parametersShape.safeParse(texts);
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});
