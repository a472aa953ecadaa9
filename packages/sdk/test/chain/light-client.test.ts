// Goal: a header is believed only when validators that follow from genesis have decided it.
// Method: a chain with real certificates behind the real server, and a fetch that changes what the node answers.

import { blockHash, encodeHex, referenceCryptography } from '@mutual-chain/protocol';
import type { BlockJson, ValidatorsJson } from '@mutual-chain/rpc/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fetch, LightClient, RpcClient } from '../../src/index.ts';
import { MemoryChain, START_SEC } from '../support/memory-chain.ts';
import { fetchOf } from '../support/served-node.ts';
import { World } from '../support/world.ts';

let world: World;
const nowMs = () => START_SEC * 1000 + 3_600_000;
beforeEach(async () => {
  world = new World();
  await world.serve();
  for (let height = 1; height <= 6; height++) world.node.makeBlock();
});
afterEach(() => world.stop());

type Answer = { result: unknown };

/** A client of the node that is told something else than the node says. */
function lying(change: (method: string, result: never) => void): RpcClient {
  const honest = fetchOf(world.served);
  const fetch: Fetch = async (url, request) => {
    const response = await honest(url, request);
    const calls = [JSON.parse(String(request.body))].flat() as readonly { method: string }[];
    const json = (await response.json()) as Answer | Answer[];
    for (const [index, { result }] of [json].flat().entries()) {
      if (result !== undefined) change(calls[index]?.method ?? '', result as never);
    }
    return Response.json(json);
  };
  return new RpcClient({ urls: world.served.map(({ url }) => url), fetch });
}

describe('a light client', () => {
  test('goes from genesis to the last block, at once or step by step, and never back', async () => {
    const client = await LightClient.fromGenesis(world.rpc(), world.chain.genesis, { nowMs });
    expect(client.header.height).toBe(0);
    expect((await client.advance(1)).height).toBe(1);
    expect((await client.advance()).height).toBe(6);
    expect(encodeHex(client.blockHash)).toBe(encodeHex(world.chain.tip.hash));
    expect((await client.advance(3)).height).toBe(6);
    expect(client.header).toEqual(world.chain.tip.header);
    expect(client.genesisHash).toBe(encodeHex(world.chain.context.genesisHash));
  });

  test('begins with a checkpoint', async () => {
    const block = world.chain.blocks[3];
    if (block === undefined) throw new Error('there are six blocks');
    const checkpoint = { genesisHash: world.chain.context.genesisHash, height: 3, blockHash: block.hash };
    const client = await LightClient.fromCheckpoint(world.rpc(), checkpoint, { nowMs });
    expect((await client.advance()).height).toBe(6);
    const wrong = LightClient.fromCheckpoint(world.rpc(), { ...checkpoint, height: 4 }, { nowMs });
    await expect(wrong).rejects.toMatchObject({ code: 'SDK_BLOCK_REFUSED', details: { reason: 'CHECKPOINT_DIFFERS' } });
  });

  test('does not begin with another genesis', async () => {
    const { genesis } = new MemoryChain({ timestampMs: START_SEC * 1000 + 1 });
    await expect(LightClient.fromGenesis(world.rpc(), genesis, { nowMs })).rejects.toMatchObject({
      code: 'SDK_BLOCK_REFUSED',
      details: { reason: 'GENESIS_DIFFERS' },
    });
  });

  const onBlock =
    (change: (block: { -readonly [Name in keyof BlockJson]: BlockJson[Name] }) => void) =>
    (method: string, result: never): void => {
      if (method === 'mutual_getBlock' && (result as BlockJson).header.height > 0) change(result);
    };
  test.each<[string, string, (method: string, result: never) => void]>([
    [
      'another state root',
      'CERTIFICATE_OF_ANOTHER_BLOCK',
      onBlock((block) => {
        block.header = { ...block.header, stateRoot: `0x${'11'.repeat(32)}` };
      }),
    ],
    [
      'a certificate of another round',
      'CERTIFICATE_INVALID',
      onBlock((block) => {
        if (block.certificate !== null) block.certificate = { ...block.certificate, round: 1 };
      }),
    ],
    [
      'too few signatures',
      'CERTIFICATE_INVALID',
      onBlock((block) => {
        if (block.certificate !== null) block.certificate = { ...block.certificate, signatures: block.certificate.signatures.slice(0, 2) };
      }),
    ],
    [
      'no certificate',
      'CERTIFICATE_MISSING',
      onBlock((block) => {
        block.certificate = null;
      }),
    ],
    [
      'validators of its own',
      'VALIDATORS_WRONG',
      (method, result) => {
        const answer = result as { -readonly [Name in keyof ValidatorsJson]: ValidatorsJson[Name] };
        if (method === 'mutual_getValidators') answer.validators = answer.validators.map((each) => ({ ...each, power: '11' }));
      },
    ],
  ])('is not taken in by %s', async (_name, reason, change) => {
    const client = await LightClient.fromGenesis(lying(change), world.chain.genesis, { nowMs });
    await expect(client.advance()).rejects.toMatchObject({ code: 'SDK_BLOCK_REFUSED', details: { reason } });
    expect(client.header.height).toBe(0);
  });

  test('wants a newer checkpoint when its trust is too old', async () => {
    const client = await LightClient.fromGenesis(world.rpc(), world.chain.genesis, { nowMs, trustPeriodMs: 1000 });
    await expect(client.advance()).rejects.toMatchObject({ details: { reason: 'TRUST_EXPIRED', height: 6 } });
  });

  test('reads headers as the protocol hashes them', async () => {
    const { header, hash } = await world.rpc().call('mutual_getBlock', { heightOrHash: 6 });
    const client = await LightClient.fromGenesis(world.rpc(), world.chain.genesis, { nowMs });
    expect(encodeHex(blockHash(referenceCryptography, await client.advance()))).toBe(hash);
    expect(header.height).toBe(6);
  });
});
