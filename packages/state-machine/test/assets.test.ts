import { ASSET_KINDS } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { accountTable, assetTable } from '../src/index.ts';
import { askDeposit } from './support/requests.ts';
import { addressOf, type OwnFields, TestChain } from './support/test-chain.ts';

/*
 * Goal: who may define an asset and what a definition may say. Method: one good definition, one field changed at a time.
 */

const definition = {
  asset: 'mEUR',
  name: 'Euro',
  decimals: 2,
  gateways: [addressOf('gateway'), addressOf('gateway2')],
  threshold: 2,
  minLevel: 1,
  transferMode: 'CONFIRMED',
};

test('an institution defines an asset of which it is a gateway', () => {
  const chain = new TestChain();
  const { code, records } = chain.run('gateway', 'DefineAsset', definition);
  expect([code, records]).toEqual(['OK', []]);
  expect(chain.read(assetTable, 'mEUR')).toEqual({
    name: 'Euro',
    decimals: 2,
    kind: ASSET_KINDS.indexOf('GATEWAY'),
    gateways: [{ address: addressOf('gateway') }, { address: addressOf('gateway2') }],
    threshold: 2,
    minLevel: 1,
    transferMode: 1,
    freeze: 0,
    supply: 0n,
  });
  expect(askDeposit(chain, 'alice', { asset: 'mEUR' }).code).toBe('OK');
});

describe('DefineAsset', () => {
  const one = { gateways: [addressOf('gateway')], threshold: 1 };
  test.each<[string, string, Partial<OwnFields<'DefineAsset'>>, string]>([
    ['by somebody who is no gateway of it', 'gateway', { gateways: [addressOf('gateway2')], threshold: 1 }, 'NOT_PERMITTED'],
    ['by nobody’s gateway', 'gateway', { gateways: [], threshold: 0 }, 'NOT_PERMITTED'],
    ['by a member of level 2', 'alice', { gateways: [addressOf('alice')], threshold: 1 }, 'LEVEL_TOO_LOW'],
    ['by a member of level 2 who is no gateway', 'alice', {}, 'NOT_PERMITTED'],
    ['with a gateway of level 2', 'gateway', { gateways: [addressOf('gateway'), addressOf('alice')] }, 'INVALID_FIELD'],
    ['with a gateway twice', 'gateway', { gateways: [addressOf('gateway'), addressOf('gateway')] }, 'INVALID_FIELD'],
    ['with threshold 0', 'gateway', { threshold: 0 }, 'INVALID_FIELD'],
    ['with threshold 1', 'gateway', { threshold: 1 }, 'OK'],
    ['with threshold 3 of 2', 'gateway', { threshold: 3 }, 'INVALID_FIELD'],
    ['of one gateway', 'gateway', one, 'OK'],
    ['without a name', 'gateway', { name: '' }, 'INVALID_FIELD'],
    ['with 18 decimals', 'gateway', { decimals: 18 }, 'OK'],
    ['with 19 decimals', 'gateway', { decimals: 19 }, 'INVALID_FIELD'],
    ['from level 3', 'gateway', { minLevel: 3 }, 'OK'],
    ['from level 4', 'gateway', { minLevel: 4 }, 'INVALID_FIELD'],
    ['in an unknown mode', 'gateway', { transferMode: 'LATER' }, 'INVALID_FIELD'],
    ['with an id of one letter', 'gateway', { asset: 'm' }, 'INVALID_FIELD'],
    ['with an id of two letters', 'gateway', { asset: 'm1' }, 'OK'],
    ['with an id of sixteen letters', 'gateway', { asset: 'abcdefghijklm.-9' }, 'OK'],
    ['with a blank in its id', 'gateway', { asset: 'm EUR' }, 'INVALID_FIELD'],
    ['that exists', 'gateway', { asset: 'mUSD' }, 'ASSET_EXISTS'],
    ['that exists, with a bad field', 'gateway', { asset: 'mUSD', minLevel: 4 }, 'INVALID_FIELD'],
    ['called MTN', 'gateway', { asset: 'MTN', decimals: 18 }, 'ASSET_EXISTS'],
  ])('%s', (_name, who, change, code) => {
    const chain = new TestChain();
    const before = chain.entriesBut(who);
    expect(chain.run(who, 'DefineAsset', { ...definition, ...change }).code).toBe(code);
    expect(chain.entriesBut(who).size).toBe(before.size + (code === 'OK' ? 1 : 0));
  });

  test('by an institution whose level has expired', () => {
    const chain = new TestChain();
    chain.write((state) => {
      const account = state.get(accountTable, addressOf('gateway'));
      if (account !== undefined) state.set(accountTable, addressOf('gateway'), { ...account, levelExpiresAt: 1 });
    });
    expect([chain.run('gateway', 'DefineAsset', definition).code, chain.run('gateway2', 'DefineAsset', definition).code]).toEqual([
      'LEVEL_TOO_LOW',
      'INVALID_FIELD',
    ]);
  });
});
