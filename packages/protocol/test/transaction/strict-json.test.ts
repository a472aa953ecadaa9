import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictJson } from '../../src/transaction/strict-json.ts';

const LIMITS = { charactersMax: 10_000, depthMax: 4 };

describe('strict JSON', () => {
  it('reads every JSON text within the limits as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.boolean(), (text, isSpaced) => {
        const spaced = isSpaced ? JSON.stringify(JSON.parse(text), null, 2) : text;
        expect(parseStrictJson(spaced, LIMITS)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses any object with a field given twice, wherever it is', () => {
    const name = fc.string({ unit: 'binary', maxLength: 6 });
    fc.assert(
      fc.property(
        name,
        fc.array(name, { maxLength: 4 }),
        fc.nat(5),
        fc.constantFrom(['{', '}'], ['[{', '}]'], ['{"x":{', '}}'], ['{"x":[0,{', '}]}']),
        (twice, others, at, [open, close]) => {
          const names = others.filter((each) => each !== twice);
          names.splice(at, 0, twice);
          names.push(twice);
          const text = `${open}${names.map((each) => `${JSON.stringify(each)}:{}`).join(',')}${close}`;
          expect(() => JSON.parse(text)).not.toThrow();
          expect(() => parseStrictJson(text, LIMITS)).toThrow('is given twice');
        },
      ),
    );
  });

  it.each([
    ['{"a":1,"\\u0061":2}', 'another spelling'],
    ['{"a\\"b":1,"a\\u0022b":2}', 'an escaped quote'],
    ['{"":1,"":2}', 'an empty name'],
    ['{"__proto__":1,"__proto__":2}', 'a name with a meaning'],
    ['{"a":{"b":1},"a":2}', 'an object in between'],
    ['{"a":["a","a"],"a":2}', 'a list in between'],
  ])('refuses %s: %s', (text) => {
    expect(() => parseStrictJson(text, LIMITS)).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_JSON_INVALID' }));
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":["a","a"]}',
    '"a"',
    '[]',
    '{"a\\\\":1,"a":2}',
  ])('takes %s', (text) => {
    expect(parseStrictJson(text, LIMITS)).toEqual(JSON.parse(text));
  });

  it('refuses one level too many', () => {
    expect(parseStrictJson('[[[[1]]]]', LIMITS)).toEqual([[[[1]]]]);
    expect(() => parseStrictJson('[[[[[1]]]]]', LIMITS)).toThrow('nested deeper than 4');
    expect(() => parseStrictJson('{"a":[{"b":[{}]}]}', LIMITS)).toThrow('nested deeper than 4');
    expect(() => parseStrictJson('['.repeat(9_999), LIMITS)).toThrow('nested deeper than 4');
  });

  it('refuses one character too many', () => {
    expect(parseStrictJson('1'.padEnd(10_000), LIMITS)).toBe(1);
    expect(() => parseStrictJson('1'.padEnd(10_001), LIMITS)).toThrow('10001 characters, at most 10000');
  });

  it.each([
    '',
    '{',
    '}',
    '{"a"',
    '{"a":}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":1}}',
    '[1,]',
    '"\\x"',
    '{"\\x":1}',
    '{"a":1,"\\u00":2}',
    'NaN',
    '01',
    '"\n"',
    '"a',
  ])('refuses %j, which is no JSON', (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => parseStrictJson(text, LIMITS)).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_JSON_INVALID' }));
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', 'a', '1', ' ', 'u'), maxLength: 30 }),
        (text) => {
          let expected: unknown;
          try {
            expected = JSON.parse(text);
          } catch {
            expect(() => parseStrictJson(text, LIMITS)).toThrow(expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_JSON_INVALID' }));
            return;
          }
          try {
            expect(parseStrictJson(text, LIMITS)).toEqual(expected);
          } catch (error) {
            expect(String(error)).toMatch(/given twice|nested deeper/);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
