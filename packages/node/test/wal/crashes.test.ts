import { describe, expect, test } from 'vitest';
import { FILE_ERROR_CODES } from '../../src/file-system/file-error.ts';
import { WAL_LIMITS } from '../../src/wal/limits.ts';
import type { SegmentedLog } from '../../src/wal/segmented-log.ts';
import type { LogRecord } from '../../src/wal/write-ahead-log.ts';
import { Crash, CrashingDisk, type Fault, POWER_LOSSES } from '../support/crashing-disk.ts';
import { appendTogether, type Kind, openLog, recordOf, recordsFrom } from './open-log.ts';

/*
 * Goal: whenever the power goes or the disk fails, the next start has every record that was acknowledged, none that was not appended, and each
 * frame whole; and so it is when that start is cut short as well. Method: one run of the log ended at each of its operations in turn, on a disk
 * of which many states are possible afterwards, and a recovery ended at each of its operations.
 */

/** Heights of the run: enough that old ones go. */
const HEIGHTS = 11;
/** Records of each frame of a height. */
const FRAMES = [2, 1, 3] as const;

/** What a run had got to when it ended. */
type Progress = { height: number; appended: number; acknowledged: number };

/** Appends frames at height after height; `progress` is what it may rely on. */
function run(log: SegmentedLog<Kind>, progress: Progress, heights: number): void {
  for (let height = 1; height <= heights; height++) {
    Object.assign(progress, { height, appended: 0, acknowledged: 0 });
    log.startHeight(height);
    for (const count of FRAMES) {
      const records = recordsFrom(progress.appended, progress.appended + count);
      progress.appended += count;
      appendTogether(log, records);
      progress.acknowledged = progress.appended;
    }
  }
}

function runOn(disk: CrashingDisk, heights = HEIGHTS): Progress & { readonly ended: unknown } {
  const progress: Progress = { height: 1, appended: 0, acknowledged: 0 };
  try {
    run(openLog(disk.fileSystem).log, progress, heights);
    return { ...progress, ended: undefined };
  } catch (ended) {
    return { ...progress, ended };
  }
}

/** Contents that a start may find after a run: whole frames, from those acknowledged up to those appended. */
function allowedAfter({ appended, acknowledged }: Progress): readonly (readonly LogRecord<Kind>[])[] {
  let length = 0;
  const lengths = [0, ...FRAMES.map((count) => (length += count))];
  return lengths.filter((each) => each >= acknowledged && each <= appended).map((each) => recordsFrom(0, each));
}

function callsOf(heights: number): number {
  const disk = new CrashingDisk();
  runOn(disk, heights);
  return disk.calls.length;
}

const CALLS = callsOf(HEIGHTS);
/** Calls of a run of two heights, for which every start after it is cut short too. */
const SHORT_CALLS = callsOf(2);

/** Starts on a disk, checks what is there, and goes on: what is appended then is there as well. */
function expectGood(disk: CrashingDisk, progress: Progress, about: string): void {
  const { log, incidents } = openLog(disk.fileSystem);
  log.startHeight(progress.height);
  const found = log.recordsOf(progress.height);
  expect(allowedAfter(progress), about).toContainEqual(found);
  expect(
    incidents.every(({ type }) => type === 'tailDropped'),
    about,
  ).toBe(true);
  appendTogether(log, [recordOf(30)]);
  log.stop();
  const again = openLog(disk.fileSystem);
  again.log.startHeight(progress.height);
  expect([again.log.recordsOf(progress.height), again.incidents], about).toEqual([[...found, recordOf(30)], []]);
}

/** The heights before, which are committed, are there as far as they are kept. */
function expectCommitted(disk: CrashingDisk, height: number): void {
  const { log } = openLog(disk.fileSystem);
  const committed = Array.from({ length: Math.min(height - 1, WAL_LIMITS.committedHeightsKept) }, (_, index) => height - 1 - index);
  expect(committed.map((each) => log.recordsOf(each))).toEqual(committed.map(() => recordsFrom(0, 6)));
}

test('a run that nothing happens to comes to its end', () => {
  expect(runOn(new CrashingDisk())).toEqual({ height: HEIGHTS, appended: 6, acknowledged: 6, ended: undefined });
  expect(CALLS).toBeGreaterThan(60);
});

describe.each(POWER_LOSSES)('the power goes and $name', ({ choice }) => {
  test('at any operation of a run', () => {
    for (let at = 0; at < CALLS; at++) {
      const disk = new CrashingDisk({ at, as: 'crash' });
      const progress = runOn(disk);
      expect(progress.ended).toBeInstanceOf(Crash);
      const after = disk.afterPowerLoss(choice());
      expectGood(after, progress, `power lost at operation ${at}`);
      expectCommitted(after, progress.height);
    }
  });
});

describe.each(POWER_LOSSES)('the power goes twice and $name', ({ choice }) => {
  test('at any operation of a run, and again at any operation of the start after it', () => {
    let crashes = 0;
    for (let at = 0; at < SHORT_CALLS; at++) {
      const disk = new CrashingDisk({ at, as: 'crash' });
      const progress = runOn(disk, 2);
      let hasFinished = false;
      for (let then = 0; !hasFinished; then++) {
        const second = disk.afterPowerLoss(choice(), { at: then, as: 'crash' });
        try {
          const { log } = openLog(second.fileSystem);
          log.startHeight(progress.height);
          log.recordsOf(progress.height);
          log.stop();
          hasFinished = true;
        } catch (error) {
          expect(error).toBeInstanceOf(Crash);
          crashes++;
        }
        expectGood(second.afterPowerLoss(choice()), progress, `power lost at operation ${at}, then at operation ${then}`);
      }
    }
    expect(crashes).toBeGreaterThan(SHORT_CALLS);
  });
});

test('a process that is killed at any operation loses nothing that it wrote', () => {
  for (let at = 0; at < CALLS; at++) {
    const disk = new CrashingDisk({ at, as: 'crash' });
    const progress = runOn(disk);
    expectGood(disk.afterKill(), progress, `killed at operation ${at}`);
  }
});

describe.each(FILE_ERROR_CODES.filter((code) => code !== 'FILE_NOT_FOUND' && code !== 'FILE_EXISTS'))('the disk answers %s', (code) => {
  const failing = (at: number): Fault => ({ at, as: code });

  test('at any operation: the log stops for good, and never tries to synchronise again', () => {
    let refusals = 0;
    for (let at = 0; at < CALLS; at++) {
      const disk = new CrashingDisk(failing(at));
      const { log } = ((): { log: SegmentedLog<Kind> | undefined } => {
        try {
          return openLog(disk.fileSystem);
        } catch (error) {
          expect(error).toMatchObject({ code });
          return { log: undefined };
        }
      })();
      if (log === undefined) continue;
      const progress: Progress = { height: 1, appended: 0, acknowledged: 0 };
      const ended = thrownBy(() => run(log, progress, HEIGHTS));
      const [operation = '', path = ''] = (disk.calls[at] as string).split(' ');
      if (['write', 'sync', 'rename', 'syncDirectory'].includes(operation) || path.endsWith('.new')) {
        const calls = disk.calls.length;
        expect(ended, operation).toMatchObject({ code: 'WAL_WRITE_FAILED', cause: { code, details: { operation, path } } });
        for (const attempt of [
          () => log.append('input', new Uint8Array(0)),
          () => log.sync(),
          () => log.startHeight(99),
          () => log.recordsOf(1),
        ])
          expect(thrownBy(attempt)).toMatchObject({ code: 'WAL_WRITE_FAILED', message: (ended as Error).message });
        log.stop();
        expect(disk.calls.slice(calls), operation).toEqual([]);
        refusals++;
      } else expect(ended, operation).toMatchObject({ code });
      for (const { choice, name } of POWER_LOSSES)
        expectGood(disk.afterPowerLoss(choice()), progress, `${operation} failed at ${at}, ${name}`);
      expectGood(disk.afterKill(), progress, `${operation} failed at ${at}, started again`);
    }
    expect(refusals).toBeGreaterThan(40);
  });
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
