import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ChainError, referenceCryptography as cryptography, type GenesisHash } from '@mutual-chain/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LevelStateStore } from '../../src/storage/level-state-store.ts';
import { blockHashAt, blockOf, changesOf } from './committed-heights.ts';

/*
 * Goal: what was committed survives a kill, and damage on the disk is refused or found, never answered from. Method: a child process that is killed at
 * any moment, and single bits flipped in every file of the database.
 */

const identity = { chainId: 7, genesisHash: new Uint8Array(32).fill(1) as GenesisHash };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'store-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const open = (path = directory): LevelStateStore => new LevelStateStore({ directory: path, identity, cryptography, cacheEntriesMax: 4 });

async function commitUpTo(height: number): Promise<void> {
  const store = open();
  await store.start();
  for (let next = (store.tip?.height ?? -1) + 1; next <= height; next++) {
    const preview = store.view.preview(changesOf(next));
    await store.commitHeight({ height: next, blockHash: blockHashAt(next), preview, block: blockOf(next) });
  }
  await store.stop();
}

/** Opens the store and reads everything in it: the wrong values it answered with, or the code with which it refused. */
async function readAll(path: string, height: number): Promise<readonly string[] | string> {
  const store = open(path);
  try {
    await store.start();
    const wrong: string[] = [];
    if (store.tip?.height !== height) wrong.push(`tip ${store.tip?.height}`);
    for (let at = 0; at <= height; at++) {
      for (const { key, value } of changesOf(at))
        if (Buffer.compare(store.view.get(key) ?? Buffer.alloc(0), value) !== 0) wrong.push(`entry of ${at}`);
      if (at > 0 && Buffer.compare(store.readBlock(at) ?? Buffer.alloc(0), blockOf(at)) !== 0) wrong.push(`block ${at}`);
    }
    return wrong;
  } catch (error) {
    if (error instanceof ChainError) return error.code as string;
    throw error;
  } finally {
    await store.stop();
  }
}

describe('damage', () => {
  test('of one bit anywhere in the database is found or harmless, never a wrong answer', async () => {
    await commitUpTo(40);
    const files = readdirSync(directory).filter((name) => /^(\d+\.(ldb|log)|MANIFEST-\d+|CURRENT|anchor)$/.test(name));
    expect(files.length).toBeGreaterThanOrEqual(4);
    const outcomes = new Map<string, number>();
    for (const name of files) {
      const length = readFileSync(join(directory, name)).length;
      for (let trial = 0; trial < 8; trial++) {
        const copy = mkdtempSync(join(tmpdir(), 'store-damaged-'));
        cpSync(directory, copy, { recursive: true });
        const bytes = readFileSync(join(copy, name));
        const at = Math.floor(((trial + 0.5) / 8) * length);
        bytes[at] = (bytes[at] as number) ^ (1 << (trial % 8));
        writeFileSync(join(copy, name), bytes);
        const outcome = await readAll(copy, 40);
        rmSync(copy, { recursive: true, force: true });
        expect(outcome, `${name}, byte ${at}`).toSatisfy((each) => typeof each === 'string' || (each as string[]).length === 0);
        const kind = typeof outcome === 'string' ? outcome : 'harmless';
        outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1);
      }
    }
    expect([...outcomes.keys()].filter((kind) => kind.startsWith('STORAGE_')).length).toBeGreaterThanOrEqual(2);
  });

  test('by which synced heights are lost is found by the anchor', async () => {
    await commitUpTo(5);
    const earlier = mkdtempSync(join(tmpdir(), 'store-earlier-'));
    cpSync(directory, earlier, { recursive: true });
    await commitUpTo(8);
    cpSync(join(directory, 'anchor'), join(earlier, 'anchor'));
    await expect(open(earlier).start()).rejects.toMatchObject({ code: 'STORAGE_TIP_LOST', details: { committed: 8, found: 5 } });
    rmSync(earlier, { recursive: true, force: true });
  });

  test('of an anchor that is behind is mended forward', async () => {
    await commitUpTo(5);
    const anchor = readFileSync(join(directory, 'anchor'));
    await commitUpTo(8);
    writeFileSync(join(directory, 'anchor'), anchor);
    expect(await readAll(directory, 8)).toEqual([]);
    expect(readFileSync(join(directory, 'anchor'))).not.toEqual(anchor);
  });

  test('that cuts the newest file is found', async () => {
    await commitUpTo(10);
    const log = readdirSync(directory)
      .filter((name) => name.endsWith('.log'))
      .at(-1) as string;
    const path = join(directory, log);
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    expect(await readAll(directory, 10)).toBe('STORAGE_TIP_LOST');
  });
});

describe('a process that is killed', () => {
  const child = fileURLToPath(new URL('./commit-until-killed.ts', import.meta.url));

  /** Lets a child commit until it has acknowledged some heights, kills it at once, and tells the last height it had acknowledged. */
  function killAfter(heights: number): Promise<number> {
    const process_ = spawn(process.execPath, ['--conditions=mutual-source', child, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let acknowledged = -1;
    let seen = 0;
    createInterface({ input: process_.stdout }).on('line', (line) => {
      acknowledged = Number(line);
      seen++;
      if (seen === heights) process_.kill('SIGKILL');
    });
    return new Promise((resolve, reject) => {
      process_.on('error', reject);
      process_.on('close', (_code, signal) =>
        signal === 'SIGKILL' ? resolve(acknowledged) : reject(new Error('the child ended by itself')),
      );
    });
  }

  test('has lost nothing that it had acknowledged, ten times over', async () => {
    for (let round = 0; round < 10; round++) {
      const acknowledged = await killAfter(3 + ((round * 7) % 11));
      const store = open();
      await store.start();
      const height = store.tip?.height as number;
      await store.stop();
      expect(height).toBeGreaterThanOrEqual(acknowledged);
      expect(await readAll(directory, height)).toEqual([]);
    }
  }, 120_000);
});
