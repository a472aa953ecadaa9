// Goal: a replay finds the first thing that is wrong with a file of blocks and says where it is.
// Method: let the demonstration write a file, change one thing in it, and replay it: as a process of its own where the exit code is the
// question, otherwise in this one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blockCodec, referenceCryptography } from '@mutual-chain/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { FILE_END_BYTES, FILE_HEADER_BYTES, LENGTH_BYTES } from '../src/block-file/block-file-format.ts';
import { readChainIdentity } from '../src/chain/chain-identity.ts';
import { type Difference, describeDifference } from '../src/replay/difference.ts';
import { replayFile } from '../src/replay/replay-blocks.ts';
import { type CommandRun, runCommand } from './support/run-command.ts';
import { STORY } from './support/story-constants.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'demo');
const genesis = join(home, 'wallet', 'genesis.json');
let whole: Buffer;
let runs = 0;

beforeAll(() => {
  expect(runCommand(['demo', '--home', home]).status).toBe(0);
  whole = readFileSync(join(home, 'blocks.bin'));
});

function replay(bytes: Uint8Array, more: readonly string[] = [], genesisPath = genesis): CommandRun {
  runs += 1;
  const path = join(folder, `blocks-${runs}.bin`);
  writeFileSync(path, bytes);
  return runCommand(['replay', path, '--genesis', genesisPath, '--home', join(folder, `home-${runs}`), ...more]);
}

/** The difference that a replay in this process finds. */
async function differenceIn(bytes: Uint8Array): Promise<Difference | undefined> {
  runs += 1;
  const path = join(folder, `blocks-${runs}.bin`);
  writeFileSync(path, bytes);
  const result = await replayFile(readChainIdentity(genesis, referenceCryptography), path, join(folder, `home-${runs}`));
  return result.ok ? undefined : result.difference;
}

/** Where the bytes of a block begin and end. */
function frameOf(height: number): { start: number; end: number } {
  let start = FILE_HEADER_BYTES;
  for (let at = 1; ; at += 1) {
    const end = start + LENGTH_BYTES + whole.readUInt32LE(start);
    if (at === height) return { start: start + LENGTH_BYTES, end };
    start = end;
  }
}

function flipped(position: number): Buffer {
  const copy = Buffer.from(whole);
  copy[position] = (copy[position] as number) ^ 1;
  return copy;
}

/** The file with one block changed; the change may not change its length. */
function withBlock(height: number, change: (block: Block) => Block): Buffer {
  const { start, end } = frameOf(height);
  const bytes = blockCodec.encode(change(blockCodec.decode(whole.subarray(start, end))));
  expect(bytes.length).toBe(end - start);
  const copy = Buffer.from(whole);
  copy.set(bytes, start);
  return copy;
}

describe('mutual replay', () => {
  test('accepts what the demonstration wrote', () => {
    const run = replay(whole);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.stdout).toContain(
      `replay: ${STORY.blocks} blocks, ${STORY.transactions} transactions, state root equal ${STORY.stateRoot}\n`,
    );
  });

  test('names the transaction in which one bit is not as it was signed', () => {
    const { start, end } = frameOf(6);
    const block = blockCodec.decode(whole.subarray(start, end));
    const third = block.transactions[2] as Uint8Array;
    const run = replay(flipped(whole.indexOf(third, start) + third.length - 70));
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/^replay: first difference: height 6, transactions\.2: (BAD_SIGNATURE|PROTOCOL_\w+): /m);
  });

  test.each([
    ['stateRoot', 'STATE_ROOT_WRONG'],
    ['recordsRoot', 'RECORDS_ROOT_WRONG'],
    ['receiptsRoot', 'RECEIPTS_ROOT_WRONG'],
    ['parentHash', 'PARENT_HASH_WRONG'],
    ['proposer', 'PROPOSER_UNKNOWN'],
  ] as const)('names the header field %s in which one bit is wrong', async (field, code) => {
    const difference = await differenceIn(
      withBlock(9, (block) => {
        const value = Uint8Array.from(block.header[field]);
        value[0] = (value[0] as number) ^ 1;
        return { ...block, header: { ...block.header, [field]: value } };
      }),
    );
    expect(difference).toMatchObject({ height: 9, field: `header.${field}`, code });
  });

  test('names the block in which two transactions have changed places', () => {
    const run = replay(
      withBlock(12, (block) => {
        const [first, second, ...rest] = block.transactions;
        return { ...block, transactions: [second as Uint8Array, first as Uint8Array, ...rest] };
      }),
    );
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/^replay: first difference: height 12, (header\.transactionsRoot|transactions\.\d+): /m);
  });

  test('names the place at which a file is cut off', () => {
    const within = replay(whole.subarray(0, frameOf(20).end - 5));
    expect(within.status).toBe(1);
    expect(within.stdout).toMatch(/height 20, file: CLI_BLOCK_FILE_INVALID: .*the file ends within the block/);
    const between = replay(whole.subarray(0, frameOf(20).end));
    expect(between.status).toBe(1);
    expect(between.stdout).toMatch(/height 21, file: CLI_BLOCK_FILE_INVALID: .*the file ends within the length of the block/);
    const atEnd = replay(whole.subarray(0, -1));
    expect(atEnd.status).toBe(1);
    expect(atEnd.stdout).toContain('the file ends within the end of the file');
  });

  test.each([
    ['an empty file', () => new Uint8Array(0), 'the file ends within the header of the file'],
    ['another kind of file', () => new Uint8Array(1000), 'it does not begin like a file of blocks'],
    ['something behind the end', () => Buffer.concat([whole, Uint8Array.of(0)]), 'there is something behind its end'],
    ['another last hash', () => flipped(whole.length - 1), 'hash: TIP_WRONG: '],
    ['another number of blocks', () => flipped(whole.length - FILE_END_BYTES), 'its end counts'],
    ['another chain id', () => flipped(16), 'chainId: CHAIN_ID_WRONG: '],
    ['another genesis', () => flipped(24), 'genesisHash: GENESIS_WRONG: '],
  ])('refuses %s', async (_name, bytes, reason) => {
    const difference = await differenceIn(bytes());
    expect(difference === undefined ? '' : describeDifference(difference)).toContain(reason);
  });

  test('refuses the genesis document of another chain, and one that does not add up', () => {
    const document = JSON.parse(readFileSync(genesis, 'utf8'));
    const other = join(folder, 'other-genesis.json');
    writeFileSync(other, JSON.stringify({ ...document, networkName: 'another' }));
    expect(replay(whole, [], other)).toMatchObject({ status: 1, stdout: expect.stringContaining('genesisHash: GENESIS_WRONG: ') });
    document.allocation.tranches.sale[0].amount = '1';
    writeFileSync(other, JSON.stringify(document));
    expect(replay(whole, [], other)).toMatchObject({ status: 1, stderr: expect.stringContaining('PROTOCOL_GENESIS_SUM_WRONG: ') });
    writeFileSync(other, '{');
    expect(replay(whole, [], other)).toMatchObject({ status: 1, stderr: expect.stringContaining('CLI_GENESIS_INVALID: ') });
  });

  test('says the same to programs', () => {
    expect(JSON.parse(replay(whole, ['--json']).stdout)).toMatchObject({ ok: true, height: STORY.blocks, stateRoot: STORY.stateRoot });
    const run = replay(whole.subarray(0, frameOf(20).end), ['--json']);
    expect(run.status).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, difference: { height: 21, field: 'file', code: 'CLI_BLOCK_FILE_INVALID' } });
  });

  test('names the first byte that is not what it has to be', async () => {
    const lastFrame = frameOf(STORY.blocks).end;
    const places: readonly (readonly [Uint8Array, number])[] = [
      [new Uint8Array(1000), 0],
      [flipped(15), 15],
      [new Uint8Array(0), 0],
      [whole.subarray(0, 10), 10],
      [whole.subarray(0, 40), 40],
      [whole.subarray(0, frameOf(20).end - 5), frameOf(20).end - 5],
      [flipped(frameOf(20).end + 3), frameOf(20).end],
      [flipped(whole.length - FILE_END_BYTES), lastFrame + LENGTH_BYTES],
      [Buffer.concat([whole, Uint8Array.of(0)]), whole.length],
    ];
    const found: (string | undefined)[] = [];
    for (const [bytes] of places) found.push(/byte \d+:/.exec((await differenceIn(bytes))?.message ?? '')?.[0]);
    expect(found).toEqual(places.map(([, position]) => `byte ${position}:`));
  });

  test('says what it did when a folder has some or all of the blocks already, and where it stopped', () => {
    const home = join(folder, 'in-steps');
    const path = join(folder, 'in-steps.bin');
    writeFileSync(path, whole);
    const linesOf = (...more: readonly string[]): string[] => {
      const run = runCommand(['replay', path, '--genesis', genesis, '--home', home, ...more]);
      expect(run).toMatchObject({ status: 0, stderr: '' });
      return run.stdout.split('\n').filter((line) => !/^(histories of lots|whole state|replay): /.test(line) && line !== '');
    };
    const checked = 'every block decoded, every signature verified, every header compared';
    const stopped = 'stopped at height 10 as --to says: the file goes on to 44, and nobody looked at the rest';
    expect(linesOf('--to', '10')).toEqual([`from an empty database to height 10: ${checked}`, stopped]);
    const known = 'were in the folder, byte for byte as in the file: ';
    expect(linesOf('--to', '10')).toEqual([`heights 1 to 10 ${known}nothing was left to execute`, stopped]);
    expect(linesOf()).toEqual([
      `heights 1 to 10 ${known}they were not executed again`,
      `from the state of height 10 to height 44: ${checked}`,
    ]);
    expect(linesOf()).toEqual([`heights 1 to 44 ${known}nothing was left to execute`]);
    expect(linesOf('--to', '44')).toEqual([`heights 1 to 44 ${known}nothing was left to execute`]);

    const below = runCommand(['replay', path, '--genesis', genesis, '--home', home, '--to', '43']);
    const message = `${home} has reached height 44 already, and --to 43 is below it. Name an empty folder with --home DIR, or a height from 44.`;
    expect(below).toEqual({ status: 2, stdout: '', stderr: `error CLI_HEIGHT_PASSED: ${message}\n` });
  });

  test('says that the file ends before the height that was asked for', () => {
    const run = replay(whole, ['--to', '45']);
    const held = 'Up to there everything holds, and is in the folder. Name a height up to 44, or leave --to out.';
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toMatch(/^error CLI_HEIGHT_MISSING: \S+ ends at height 44, --to asks for 45\. /);
    expect(run.stderr).toContain(held);
  });

  test('refuses to continue a folder that holds another block', () => {
    const continued = join(folder, 'continued');
    const path = join(folder, 'continued.bin');
    writeFileSync(path, whole);
    const call = ['replay', path, '--genesis', genesis, '--home', continued];
    expect(runCommand([...call, '--to', '10']).status).toBe(0);
    writeFileSync(path, flipped(frameOf(7).end - 1));
    const run = runCommand(call);
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('height 7, block: BLOCK_WRONG: ');
  });
});
