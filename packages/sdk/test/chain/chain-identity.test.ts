// Goal: a wallet signs for the chain that is meant, and for nothing else. Method: what nodes may say of their chain, one lie at a time.

import { encodeHex, TRANSACTION_TYPES } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { readParameters } from '../../src/chain/read-parameters.ts';
import { chainIdentityFrom, type ExpectedChain, type Fetch, RpcClient } from '../../src/index.ts';

const HASH = `0x${'ab'.repeat(32)}`;
const OTHER = `0x${'cd'.repeat(32)}`;
const DOMAIN = { name: 'Mutual Chain', version: '1', chainId: 7, salt: HASH };
const INFO = { chainId: 7, networkName: 'test', genesisHash: HASH, protocolVersion: 1, domain: DOMAIN };

describe('the chain of a node', () => {
  test('is what it says, and what signatures are made for', () => {
    const { typedData, ...rest } = chainIdentityFrom(INFO, { chainId: 7, genesisHash: HASH });
    expect(rest).toEqual({ chainId: 7, networkName: 'test', protocolVersion: 1 });
    expect([typedData.domain.chainId, encodeHex(typedData.domain.genesisHash)]).toEqual([7, HASH]);
  });

  test.each([
    ['genesisHash', { ...INFO, genesisHash: OTHER, domain: { ...DOMAIN, salt: OTHER } }],
    ['chainId', { ...INFO, chainId: 8, domain: { ...DOMAIN, chainId: 8 } }],
    ['domain.name', { ...INFO, domain: { ...DOMAIN, name: 'Mutual chain' } }],
    ['domain.version', { ...INFO, domain: { ...DOMAIN, version: '2' } }],
    ['domain.chainId', { ...INFO, domain: { ...DOMAIN, chainId: 8 } }],
    ['domain.salt', { ...INFO, domain: { ...DOMAIN, salt: OTHER } }],
  ])('is refused for its %s', (field, info) => {
    const expected = { chainId: 7, genesisHash: HASH };
    expect(() => chainIdentityFrom(info, expected)).toThrow(expect.objectContaining({ code: 'SDK_CHAIN_DIFFERS', field }));
  });
});

test('what is expected of a chain has a known name, or it would not be looked at', () => {
  expect(() => chainIdentityFrom(INFO, { genesis: OTHER } as ExpectedChain)).toThrow(
    expect.objectContaining({
      code: 'SDK_FIELD_UNKNOWN',
      field: 'genesis',
      message: 'genesis is no option of the expected chain: it has chainId, genesisHash',
    }),
  );
});

test('parameters that are not known here are left out', async () => {
  const parameters = { feePerTransaction: '5', 'fee.Join': '9', 'fee.Levitate': '1', feePerParsec: '1' };
  const fetch: Fetch = async (_url, { body }) => {
    const { id } = JSON.parse(String(body)) as { id: number };
    return Response.json({ jsonrpc: '2.0', id, result: { height: 1, parameters } });
  };
  const { feePerTransaction, feeOverrides } = await readParameters(new RpcClient({ urls: ['http://node.test'], fetch }));
  expect({ feePerTransaction, feeOverrides }).toEqual({
    feePerTransaction: 5n,
    feeOverrides: [{ type: TRANSACTION_TYPES.Join.number, fee: 9n }],
  });
});
