import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvariantError } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeDurableDirectory } from '../../src/file-system/durable-files.ts';
import { isFileError } from '../../src/file-system/file-error.ts';
import { FILE_OPERATIONS, type FileOperation, runFileOperations } from '../../src/file-system/file-operations.ts';
import type { OpenMode } from '../../src/file-system/file-system.ts';
import { nodeFileSystem } from '../../src/file-system/node-file-system.ts';
import { CrashingDisk } from '../support/crashing-disk.ts';

/*
 * Goal: the files of the machine do what the port says, and the disk that the other tests crash does the same. Method: a script whose answers
 * are written down here, and random scripts that both run.
 */

function onThisMachine<Result>(work: (directory: string) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'files-'));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const ANSWERS = [
  ['', 'FILE_NOT_FOUND', 'FILE_NOT_FOUND', 'FILE_NOT_FOUND', 'not open'],
  [
    'done',
    'FILE_EXISTS',
    '600',
    '0',
    '0x',
    'done',
    'done',
    'done',
    'done',
    '6',
    '0x01141e04323c',
    '0x323c',
    '0x',
    'done',
    '3',
    'done',
    'done',
  ],
  ['done', 'done', '0x01141e28', 'done', '0x0a141e28', 'done', 'done', 'done', 'a', '0x0a141e28', 'done', 'done', '0x0708', 'done', 'done'],
  ['0x070809', '', 'done', '0', 'done', 'not open'],
  ['FILE_NOT_FOUND', 'FILE_NOT_FOUND', 'FILE_NOT_FOUND', 'FILE_NOT_FOUND', 'FILE_NOT_FOUND', 'FILE_EXISTS'],
  ['done', 'done', 'FILE_EXISTS', 'done', 'done', 'done', 'done', 'done', '10 9 B a', 'done', 'a directory'],
].flat();

describe('the script', () => {
  test('has the answers of the contract on this machine', () => {
    expect(onThisMachine((directory) => runFileOperations(nodeFileSystem, directory, FILE_OPERATIONS))).toEqual(ANSWERS);
  });

  test('has the same answers on the disk that the tests crash', () => {
    expect(runFileOperations(new CrashingDisk().fileSystem, '/disk', FILE_OPERATIONS)).toEqual(ANSWERS);
  });
});

const path = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd');
const file = fc.constantFrom('x', 'y');
const small = fc.nat(6);
const operation: fc.Arbitrary<FileOperation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('open' as const), path, mode: fc.constantFrom<OpenMode>('update', 'create'), file }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('size' as const, 'sync' as const, 'close' as const), file }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('read' as const), file, position: small, length: small }) },
  // Within what every file has by then: a write beyond the end is not part of the contract.
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('write' as const), file, position: fc.constant(0), bytes: fc.uint8Array({ maxLength: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('truncate' as const), file, length: fc.constant(0) }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom({ type: 'rename' as const, from: 'a', to: 'b' }, { type: 'rename' as const, from: 'd/b', to: 'd/a' }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove' as const), path: fc.constantFrom('a', 'b', 'd/a') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('list' as const), path: fc.constantFrom('', 'd') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('syncDirectory' as const), path: fc.constantFrom('', 'd') }) },
);
/** A directory is opened by nobody: what that does is not part of the contract. */
const script = fc
  .array(operation, { minLength: 10, maxLength: 40 })
  .map((operations) => [
    { type: 'makeDirectory' as const, path: 'd' },
    ...operations.filter((each) => !(each.type === 'open' && each.path === 'd' && each.mode !== 'create')),
  ]);

test('random scripts are answered alike by this machine and by the disk that the tests crash', () => {
  fc.assert(
    fc.property(script, (operations) => {
      const real = onThisMachine((directory) => runFileOperations(nodeFileSystem, directory, operations));
      expect(runFileOperations(new CrashingDisk().fileSystem, '/disk', operations)).toEqual(real);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['/disk/wal', '/disk'],
  ['/wal', '/'],
  ['wal', '.'],
  ['node/wal/', 'node'],
])('a directory %s that is to last is synchronised in %s', (directory, parent) => {
  const calls: string[] = [];
  const recorded = (operation: string) => (path: string) => calls.push(`${operation} ${path}`);
  const fileSystem = { ...nodeFileSystem, makeDirectory: recorded('make'), syncDirectory: recorded('sync') };
  makeDurableDirectory(fileSystem, directory);
  expect(calls).toEqual([`make ${directory}`, `sync ${parent}`]);
});

describe('errors', () => {
  test('name operation and path, and keep what the system said', () => {
    const missing = onThisMachine((directory) => {
      try {
        return nodeFileSystem.open(`${directory}/missing`, 'read');
      } catch (error) {
        return { error, path: `${directory}/missing` };
      }
    });
    expect(missing).toMatchObject({
      error: {
        code: 'FILE_NOT_FOUND',
        message: `open ${(missing as { path: string }).path}: there is no such file: check the path`,
        details: { operation: 'open', path: (missing as { path: string }).path },
        cause: { code: 'ENOENT' },
      },
    });
  });

  test('of a full disk have their own code', () => {
    const full = nodeFileSystem.open('/dev/full', 'update');
    expect(() => full.write(0, Uint8Array.of(1))).toThrow(expect.objectContaining({ code: 'FILE_NO_SPACE' }));
    full.close();
  });

  test('are told from others', () => {
    const error = (() => {
      try {
        nodeFileSystem.list('/dev/null');
        return undefined;
      } catch (each) {
        return each;
      }
    })();
    expect([isFileError(error), isFileError(error, 'FILE_FAILED'), isFileError(error, 'FILE_EXISTS'), isFileError(new Error('x'))]).toEqual(
      [true, true, false, false],
    );
  });

  test('a file that was closed is not used, and closed only once', () => {
    onThisMachine((directory) => {
      const closed = nodeFileSystem.open(`${directory}/a`, 'create');
      closed.close();
      closed.close();
      expect(() => closed.write(0, Uint8Array.of(1))).toThrow(InvariantError);
    });
  });
});
