import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { nodeFileSystem } from '../../src/file-system/node-file-system.ts';
import { openLog, recordsFrom } from './open-log.ts';

/*
 * Goal: on the files of this machine, too, what a log acknowledged survives the end of its process. Method: a child that appends without end,
 * killed again and again at a moment that it does not choose, going on each time where the log ends.
 */

const PER_HEIGHT = 25;
const child = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));

/** Lets a child append from a number on until it has acknowledged some records, kills it at once, and tells the last one acknowledged. */
function killAfter(directory: string, first: number, count: number): Promise<number> {
  const running = spawn(process.execPath, ['--conditions=mutual-source', child, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let acknowledged = -1;
  createInterface({ input: running.stdout }).on('line', (line) => {
    acknowledged = Number(line);
    if (acknowledged === first + count) running.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', (_code, signal) => (signal === 'SIGKILL' ? resolve(acknowledged) : reject(new Error('the child ended by itself'))));
  });
}

test('a process that is killed has lost no record that it acknowledged', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'wal-'));
  try {
    let next = 0;
    for (const count of [3, 40, 1, 77, 24, 150]) {
      const acknowledged = await killAfter(directory, next, count);
      const { log, incidents } = openLog(nodeFileSystem, directory);
      // The height of the last acknowledged record, or the one after it that had begun since.
      let height = Math.floor(acknowledged / PER_HEIGHT) + 1;
      log.startHeight(height);
      let found = log.recordsOf(height).length;
      if (found === 0) {
        height -= 1;
        log.startHeight(height);
        found = log.recordsOf(height).length;
      }
      next = height * PER_HEIGHT + found;
      expect(next).toBeGreaterThan(acknowledged);
      expect([log.recordsOf(height), incidents]).toEqual([recordsFrom(height * PER_HEIGHT, next), []]);
      log.stop();
    }
    expect(next).toBeGreaterThan(295);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
