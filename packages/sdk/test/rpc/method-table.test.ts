// Goal: every method of the contract can be called by its name, with parameters and results typed from the contract.
// Method: compare the table with the contract; compile calls that are right and calls that are wrong.

import { isOptional, METHODS, parametersOf } from '@mutual-chain/rpc/contract';
import { describe, expect, test } from 'vitest';
import type { MethodName, MethodParameters, MethodResult } from '../../src/index.ts';
import { methodOf, PARAMETERS_WITH_DEFAULT } from '../../src/rpc/method-table.ts';

/** Holds the types to what they are said to be, without a value. */
function given<Name extends MethodName>(_method: Name, _parameters: MethodParameters<Name>): void {}

describe('the methods', () => {
  test('are found by name, and no other is', () => {
    expect(METHODS.map(({ name }) => methodOf(name))).toEqual(METHODS);
    expect(() => methodOf('mutual_nothing')).toThrow(expect.objectContaining({ code: 'SDK_PARAMETERS_INVALID', field: 'method' }));
  });

  test('have defaults for just the parameters whose types say so', () => {
    const withDefault: readonly string[] = PARAMETERS_WITH_DEFAULT;
    const all = METHODS.flatMap((method) => parametersOf(method).map(([name, parameter]) => [name, isOptional(parameter)] as const));
    expect(all.map(([name]) => [name, withDefault.includes(name)])).toEqual(all);
  });

  test('take parameters by name: bytes or hex, defaults left out', () => {
    given('mutual_chainInfo', {});
    given('mutual_getAccount', { address: '0x' });
    given('mutual_getAccount', { address: new Uint8Array(20) as never });
    given('mutual_listLots', {});
    given('mutual_listLots', { filter: { owner: '0x', state: 'S2', limit: 3 } });
    given('mutual_getBlock', { heightOrHash: 'latest', options: {} });
    given('mutual_prepareTransaction', { transaction: { type: 'Join', message: { from: new Uint8Array(20) as never } } });
    // @ts-expect-error there is no such method
    given('mutual_nothing', {});
    // @ts-expect-error the address is missing
    given('mutual_getAccount', {});
    // @ts-expect-error an address is no number
    given('mutual_getAccount', { address: 5 });
    // @ts-expect-error there is no such field
    given('mutual_listLots', { filter: { colour: 'red' } });
    const nonce: MethodResult<'mutual_getAccount'>['nonce'] = 5;
    expect(nonce).toBe(5);
  });
});
