import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILE_OPERATIONS, type FileOperation, isFileError, nodeFileSystem, runFileOperations } from '@mutual-chain/node';
import { afterAll, describe, expect, test } from 'vitest';
import { type DiskFaults, SOUND_DISK } from '../src/disk/disk-faults.ts';
import { type EndOfRun, SimulatedDisk } from '../src/disk/simulated-disk.ts';
import { RandomStream } from '../src/random/random-stream.ts';

/*
 * Goal: the simulated disk answers like a real one, loses at a crash only what nobody was promised, and fails in every way it is told to.
 * Method: runs the script of the port and random scripts on both; ends runs in many ways and looks at what is left.
 */

const directories: string[] = [];

afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'simulated-disk-'));
  directories.push(directory);
  return directory;
}

function diskOf(seed: bigint, faults: Partial<DiskFaults> = {}): SimulatedDisk {
  const disk = new SimulatedDisk({ random: new RandomStream(seed, 'disk'), boundary: () => undefined });
  disk.setFaults({ ...SOUND_DISK, ...faults });
  return disk;
}

const NAMES = ['a', 'b', 'c'] as const;

/** A script that means something now and then. */
function randomOperations(seed: bigint): readonly FileOperation[] {
  const random = new RandomStream(seed, 'operations');
  return Array.from({ length: 120 }, (): FileOperation => {
    const path = random.pick(NAMES);
    const file = random.pick(NAMES);
    const position = random.below(40);
    switch (random.below(13)) {
      case 0:
      case 1:
        return { type: 'open', path, mode: random.pick(['create', 'update'] as const), file };
      case 2:
        return { type: 'size', file };
      case 3:
      case 4:
        return { type: 'read', file, position, length: random.below(60) };
      case 5:
        return { type: 'rename', from: path, to: random.pick(NAMES) };
      case 6:
        return { type: 'remove', path };
      case 7:
        return { type: 'list', path: '' };
      case 8:
        return { type: 'sync', file };
      case 9:
        return { type: 'truncate', file, length: 0 };
      default:
        return { type: 'write', file, position, bytes: random.bytes(random.below(30)) };
    }
  });
}

test('answers the script of the port as the real file system does', () => {
  const simulated = runFileOperations(diskOf(1n).fileSystem, '/data', FILE_OPERATIONS);
  expect(simulated).toEqual(runFileOperations(nodeFileSystem, emptyDirectory(), FILE_OPERATIONS));
});

test.each(Array.from({ length: 20 }, (_, index) => BigInt(index)))('answers random script %i as the real file system does', (seed) => {
  const operations = randomOperations(seed);
  expect(runFileOperations(diskOf(seed).fileSystem, '/data', operations)).toEqual(
    runFileOperations(nodeFileSystem, emptyDirectory(), operations),
  );
});

/** What a file has after a durable beginning, a change that nobody was promised, and the end of the run. */
function afterEnd(seed: bigint, how: EndOfRun, faults: Partial<DiskFaults> = {}): { readonly durable: string; readonly names: string } {
  const disk = diskOf(seed);
  const { fileSystem } = disk;
  const file = fileSystem.open('/data/a', 'create');
  file.write(0, Uint8Array.of(1, 2, 3, 4));
  disk.setFaults({ ...SOUND_DISK, ...faults });
  file.sync();
  fileSystem.syncDirectory('/data');
  disk.setFaults(SOUND_DISK);
  file.write(4, Uint8Array.of(5, 6, 7, 8));
  fileSystem.open('/data/b', 'create');
  disk.endRun(how);
  const names = fileSystem.list('/data').join(' ');
  const durable = names.includes('a') ? fileSystem.open('/data/a', 'read').read(0, 4).join(' ') : '';
  return { durable, names };
}

describe('the end of a run', () => {
  const seeds = Array.from({ length: 200 }, (_, index) => BigInt(index));

  test('keeps everything when the process is killed', () => {
    expect(new Set(seeds.map((seed) => JSON.stringify(afterEnd(seed, 'killed'))))).toEqual(
      new Set([JSON.stringify({ durable: '1 2 3 4', names: 'a b' })]),
    );
  });

  test('keeps what was synchronised when the power goes, and a new name or not', () => {
    expect(new Set(seeds.map((seed) => JSON.stringify(afterEnd(seed, 'powerLost'))))).toEqual(
      new Set(['a b', 'a'].map((names) => JSON.stringify({ durable: '1 2 3 4', names }))),
    );
  });

  test('may lose what a lying disk said was there', () => {
    const lost = seeds.filter((seed) => afterEnd(seed, 'powerLost', { isLying: true }).durable !== '1 2 3 4');
    expect(lost.length).toBeGreaterThan(20);
  });

  test('loses, keeps, tears, zeroes and garbles what was not', () => {
    const tails = seeds.map((seed) => {
      const disk = diskOf(seed);
      const file = disk.fileSystem.open('/data/a', 'create');
      disk.fileSystem.syncDirectory('/data');
      file.write(0, Uint8Array.of(9, 9, 9, 9));
      disk.endRun('powerLost');
      const { unsyncedLost, unsyncedKept, writeTorn, writeZeroed, writeGarbled } = disk.counts;
      return { unsyncedLost, unsyncedKept, writeTorn, writeZeroed, writeGarbled };
    });
    const kinds = ['unsyncedLost', 'unsyncedKept', 'writeTorn', 'writeZeroed', 'writeGarbled'] as const;
    expect(kinds.filter((kind) => tails.every((tail) => tail[kind] === 0))).toEqual([]);
  });
});

describe('a failing disk', () => {
  /** The code that an operation fails with, or nothing. */
  function codeOf(work: () => void): string {
    try {
      work();
    } catch (error) {
      if (isFileError(error)) return error.code;
      throw error;
    }
    return '';
  }

  test('reports an error for every change', () => {
    const disk = diskOf(3n);
    const { fileSystem } = disk;
    const file = fileSystem.open('/data/a', 'create');
    disk.setFaults({ ...SOUND_DISK, errorPerMille: 1000 });
    const codes = [
      codeOf(() => file.write(0, Uint8Array.of(1))),
      codeOf(() => file.truncate(0)),
      codeOf(() => file.sync()),
      codeOf(() => fileSystem.open('/data/b', 'create')),
      codeOf(() => fileSystem.rename('/data/a', '/data/c')),
      codeOf(() => fileSystem.remove('/data/a')),
      codeOf(() => fileSystem.makeDirectory('/data/d')),
      codeOf(() => fileSystem.syncDirectory('/data')),
    ];
    expect({ codes: [...new Set(codes)], counted: disk.counts.ioError }).toEqual({ codes: ['FILE_FAILED'], counted: codes.length });
  });

  test('is full, having written what fits, until there is room', () => {
    const disk = diskOf(4n, { capacityBytes: 6 });
    const file = disk.fileSystem.open('/data/a', 'create');
    const first = codeOf(() => file.write(0, Uint8Array.of(1, 2, 3, 4)));
    const second = codeOf(() => file.write(4, Uint8Array.of(5, 6, 7, 8)));
    const size = file.size();
    disk.setFaults(SOUND_DISK);
    const third = codeOf(() => file.write(4, Uint8Array.of(5, 6, 7, 8)));
    expect({ first, second, size, third, counted: disk.counts.diskFull }).toEqual({
      first: '',
      second: 'FILE_NO_SPACE',
      size: 6,
      third: '',
      counted: 1,
    });
  });

  test('reads from somewhere else, and turns bits over', () => {
    const disk = diskOf(5n, { misdirectedPerMille: 1000 });
    const file = disk.fileSystem.open('/data/a.wal', 'create');
    const content = Uint8Array.from({ length: 64 }, (_, index) => index);
    file.write(0, content);
    const wrong = Array.from({ length: 50 }, () => file.read(0, 8).join(' ')).filter((read) => read !== content.subarray(0, 8).join(' '));
    disk.setFaults(SOUND_DISK);
    const isFlipped = disk.flipBit('.wal');
    const changed = [...file.read(0, 64)].filter((byte, index) => byte !== index).length;
    expect({ isWrong: wrong.length > 10, misdirected: disk.counts.readMisdirected, isFlipped, changed }).toEqual({
      isWrong: true,
      misdirected: 50,
      isFlipped: true,
      changed: 1,
    });
  });
});
