// Goal: every synchronisation is told, failing ones too, and nothing else changes. Method: files on a disk in memory.

import { expect, test } from 'vitest';
import { measuredFileSystem } from '../../src/file-system/measured-file-system.ts';
import { CrashingDisk } from '../support/crashing-disk.ts';

test('synchronisations are told, and do what they did', () => {
  const told: number[] = [];
  const fileSystem = measuredFileSystem(new CrashingDisk().fileSystem, (durationMs) => told.push(durationMs));
  fileSystem.makeDirectory('/disk/data');
  const file = fileSystem.open('/disk/data/file', 'create');
  file.write(0, Uint8Array.of(1, 2, 3));
  expect(told).toHaveLength(0);
  file.sync();
  fileSystem.syncDirectory('/disk/data');
  expect(told).toHaveLength(2);
  expect(() => fileSystem.syncDirectory('/nowhere')).toThrow();
  expect(told.filter((durationMs) => durationMs >= 0)).toHaveLength(3);
  expect([fileSystem.list('/disk/data'), file.read(0, 3)]).toEqual([['file'], Uint8Array.of(1, 2, 3)]);
});
