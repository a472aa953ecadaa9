// Goal: every amount in an answer is shown in its asset, or says that it is a number of smallest units; nothing else is changed.
// Method: answers of each form, and a node that knows one asset, one lot and one debt.

import { NodeError, type RpcClient } from '@mutual-chain/sdk';
import { expect, test } from 'vitest';
import { AssetDirectory } from '../src/client/asset-directory.ts';
import { readableAnswer } from '../src/client/readable-answer.ts';
import { shellWord } from '../src/text/shell-word.ts';

const KNOWN: Readonly<Record<string, unknown>> = {
  'mutual_getAsset mUSD': { decimals: 2 },
  'mutual_getLot 0x01': { asset: 'mUSD' },
  'mutual_getDebt 0x02': { asset: 'mUSD' },
};

/** What a node was asked, and a directory that asks it. */
function directory(): { readonly assets: AssetDirectory; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const call = async (method: string, { asset, id }: { readonly asset?: string; readonly id?: string }): Promise<unknown> => {
    const question = `${method} ${asset ?? id}`;
    asked.push(question);
    if (question in KNOWN) return KNOWN[question];
    throw new NodeError({ code: -32000, message: 'unknown', data: { code: 'UNKNOWN_LOT' } }, 'http://node');
  };
  return { assets: new AssetDirectory({ call } as unknown as RpcClient), asked };
}

test.each<[string, unknown, string | undefined, unknown]>([
  [
    'a balance of the asset that was asked for',
    { available: '83000', locked: '0' },
    'mUSD',
    { available: '830.00 mUSD', locked: '0.00 mUSD' },
  ],
  ['an amount without an asset', { dailyLimit: '7', balances: [] }, undefined, { dailyLimit: '7 (smallest units)', balances: [] }],
  [
    'the balances of an account',
    {
      balances: [
        { asset: 'mUSD', available: '5' },
        { asset: 'MTN', available: '5' },
      ],
    },
    undefined,
    {
      balances: [
        { asset: 'mUSD', available: '0.05 mUSD' },
        { asset: 'MTN', available: '0.000000000000000005 MTN' },
      ],
    },
  ],
  ['an asset', { id: 'mJPY', decimals: 0, supply: '12' }, undefined, { id: 'mJPY', decimals: 0, supply: '12 mJPY' }],
  [
    'what gateways confirmed of a lot',
    { id: '0x09', asset: 'mUSD', requested: '100', confirmations: [{ gateway: '0x', amount: '100' }] },
    undefined,
    { id: '0x09', asset: 'mUSD', requested: '1.00 mUSD', confirmations: [{ gateway: '0x', amount: '1.00 mUSD' }] },
  ],
  ['a message that names a lot', { lot: '0x01', amount: '100' }, undefined, { lot: '0x01', amount: '1.00 mUSD' }],
  ['a message that names a debt', { debt: '0x02', amount: '100' }, undefined, { debt: '0x02', amount: '1.00 mUSD' }],
  ['a message whose lot is forgotten', { lot: '0x03', amount: '100' }, undefined, { lot: '0x03', amount: '100 (smallest units)' }],
  [
    'fees and parameters',
    { feePaid: '10', parameters: { feePerByte: '10' } },
    'mUSD',
    {
      feePaid: '0.00000000000000001 MTN',
      parameters: { feePerByte: '0.00000000000000001 MTN' },
    },
  ],
  [
    'what is no amount',
    { amount: null, power: '10', name: '10', heights: [1, '2'] },
    'mUSD',
    { amount: null, power: '10', name: '10', heights: [1, '2'] },
  ],
])('%s', async (_name, answer, asset, expected) => {
  expect(await readableAnswer(answer, directory().assets, asset)).toEqual(expected);
});

test('a node is asked once for each asset, lot and debt', async () => {
  const { assets, asked } = directory();
  const lot = { lot: '0x01', amount: '1' };
  await readableAnswer(
    [{ id: 'mJPY', decimals: 0, supply: '1' }, { asset: 'mJPY', amount: '1' }, lot, lot, { asset: 'mUSD', amount: '1' }],
    assets,
    undefined,
  );
  expect(asked).toEqual(['mutual_getLot 0x01', 'mutual_getAsset mUSD']);
});

test.each([
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545'],
  ['my folder', "'my folder'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('%j as a word of a shell', (text, word) => {
  expect(shellWord(text)).toBe(word);
});
