import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { type BlockHash, decodeHex, type GenesisHash } from '@mutual-chain/protocol';
import type { BlockJson, RawBlockJson } from '@mutual-chain/rpc/contract';
import { describe, expect, test } from 'vitest';
import { BlockFileWriter } from '../../src/block-file/block-file-writer.ts';
import { changeOneByte, STORED } from './support/damaged-database.ts';
import { call, callEach } from './support/json-rpc.ts';
import type { LocalNetwork } from './support/local-network.ts';
import { runToEnd } from './support/spawned-command.ts';

/** What is changed, and how an auditor names the place, with a wrong checksum and with one that was made to fit. */
const DAMAGES: readonly (readonly [name: keyof typeof STORED, mended: boolean, difference: object])[] = [
  ['block', false, { field: 'block', code: 'STORAGE_RECORD_CORRUPT', message: expect.stringMatching(/\(block \d+\)/) }],
  ['block', true, { field: expect.stringMatching(/^(block|header\.|transactions\.)/), height: expect.any(Number) }],
  ['state', false, { field: 'database', code: 'STORAGE_RECORD_CORRUPT', message: expect.stringContaining('(an entry of the state)') }],
  ['state', true, { field: 'database', code: 'STORAGE_STATE_ROOT_MISMATCH' }],
  ['receipts', false, { field: 'indexes', code: 'INDEX_WRONG', message: expect.stringContaining('(an entry of the indexes)') }],
  ['receipts', true, { field: 'indexes.receipts', code: 'INDEX_WRONG' }],
  ['records', false, { field: 'indexes', code: 'INDEX_WRONG', message: expect.stringContaining('(an entry of the indexes)') }],
  ['records', true, { field: 'indexes.records', code: 'INDEX_WRONG' }],
];

async function verify(...options: readonly string[]): Promise<{ readonly code: number | null; readonly verdict: unknown }> {
  const { code, stdout, output } = await runToEnd('verify', ...options, '--json');
  return { code, verdict: stdout === '' ? output : (JSON.parse(stdout) as unknown) };
}

/** Writes what a node serves into a file; one byte in the middle of a block may be changed. */
async function writeBlocks({ file }: LocalNetwork, path: string, height: number, changedHeight = 0): Promise<void> {
  const writer = new BlockFileWriter(path, { chainId: file.chainId, genesisHash: decodeHex(file.genesisHash) as GenesisHash });
  const heights = Array.from({ length: height }, (_, index) => [index + 1]);
  const blocks = await callEach<RawBlockJson>(file.rpcUrl, 'mutual_getRawBlock', heights);
  for (const { height: at, block } of blocks) {
    const bytes = decodeHex(block);
    const middle = Math.floor(bytes.length / 2);
    if (at === changedHeight) bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writer.add(bytes);
  }
  writer.finish(decodeHex(blocks.at(-1)?.hash ?? '') as BlockHash);
}

/** `mutual verify` over what a network has done, from outside and on the disk of a node; ends the network. */
export function describeAudits(network: () => LocalNetwork): void {
  describe('an auditor', () => {
    test('finds nothing wrong with what a node serves', async () => {
      const { code, verdict } = await verify('--url', network().url(2), '--genesis', network().genesisFile);
      expect([code, verdict]).toMatchObject([0, { ok: true, certificates: expect.any(Number) as number }]);
    });

    test('finds nothing wrong with its blocks in a file, and names the one that is changed', async () => {
      const { height } = await network().status(0);
      const options = ['--file', join(network().directory, 'blocks'), '--genesis', network().genesisFile];
      const [, path = ''] = options;
      const { stateRoot } = (await call<BlockJson>(network().url(0), 'mutual_getBlock', [height])).header;
      await writeBlocks(network(), path, height);
      expect(await verify(...options)).toMatchObject({ code: 0, verdict: { ok: true, height, stateRoot } });
      const changed = Math.ceil(height / 2);
      await writeBlocks(network(), path, height, changed);
      expect(await verify(...options)).toMatchObject({ code: 1, verdict: { ok: false, difference: { height: changed } } });
    });

    test('finds nothing wrong with the folder of a node', async () => {
      await network().devnet.stop();
      expect(await verify('--home', network().node(0).home)).toMatchObject({ code: 0, verdict: { ok: true } });
    });

    test('holds the folder against the genesis document that it was given, and finds no chain where none is', async () => {
      const { home } = network().node(0);
      expect(await verify('--home', home, '--genesis', network().genesisFile)).toMatchObject({
        code: 0,
        verdict: { ok: true, chain: { chainId: network().file.chainId, genesisHash: network().file.genesisHash } },
      });
      const other = mkdtempSync(join(network().directory, 'other-'));
      expect(await runToEnd('init', '--preset', 'devnet', '--validators', '1', '--out', join(other, 'network'))).toMatchObject({ code: 0 });
      const verdict = { ok: false, difference: { field: 'database', code: 'STORAGE_OTHER_CHAIN' } };
      expect(await verify('--home', home, '--genesis', join(other, 'network', 'genesis.json'))).toMatchObject({ code: 1, verdict });
      expect(await verify('--home', home, '--genesis', join(other, 'nowhere'))).toMatchObject({ code: 3 });
      const idle = join(other, 'network', 'validator-1');
      expect(await verify('--home', idle)).toMatchObject({ code: 3, verdict: expect.stringContaining('this node has no chain yet') });
      expect(existsSync(join(idle, 'data'))).toBe(false);
    });

    test.each(DAMAGES)('names a changed byte of %s, checksum mended: %s', async (name, mended, difference) => {
      const home = join(mkdtempSync(join(network().directory, 'damaged-')), 'home');
      cpSync(network().node(0).home, home, { recursive: true });
      await changeOneByte(join(home, 'data', 'chain'), STORED[name], mended);
      expect(await verify('--home', home)).toMatchObject({ code: 1, verdict: { ok: false, difference } });
    });
  });
}
