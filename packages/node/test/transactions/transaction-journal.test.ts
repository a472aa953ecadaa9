import { equalBytes, type GenesisHash } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FILE_ERROR_CODES } from '../../src/file-system/file-error.ts';
import { encodeJournalRecord, type JournalRecord } from '../../src/transactions/journal-record.ts';
import { Crash, CrashingDisk, choiceOf, type Fault, POWER_LOSSES } from '../support/crashing-disk.ts';
import { openLog } from '../wal/open-log.ts';
import { DIRECTORY, keyOf, openJournal, recordOf, SMALL } from './journal-run.ts';
import { genesisHash } from './test-chain.ts';

/*
 * Goal: whenever the power goes or the disk fails, the next start has everything that was acknowledged and not released, each record whole; what was
 * refused for lack of space never comes back; and the journal does not grow without end. Method: one run ended at each of its operations in turn, on a
 * disk of which many states are possible afterwards; and any runs, with a crash anywhere.
 */

/** What a run may rely on, and what it may not have any more. */
class Account {
  /** Acknowledged and not released. */
  readonly kept = new Set<number>();
  readonly refused = new Set<number>();
  /** Under way when it ended: there together, or none of them. */
  underWay: readonly number[] = [];
  readonly appended = new Set<number>();
}

type Step = { readonly append: readonly number[] } | { readonly release: number } | { readonly type: 'restart' };

/** Appends pairs, of which every fifth stays for long. */
const RUN: readonly Step[] = Array.from({ length: 14 }, (_, index) => index).flatMap((index): readonly Step[] => [
  { append: [2 * index, 2 * index + 1] },
  ...[2 * index - 6, 2 * index - 5].filter((number) => number >= 0 && number % 5 !== 0).map((release) => ({ release })),
  ...(index === 7 ? [{ type: 'restart' as const }] : []),
  ...(index === 11 ? [{ release: 0 }, { release: 5 }] : []),
]);

function perform(disk: CrashingDisk, steps: readonly Step[], account: Account): void {
  let { journal } = openJournal(disk.fileSystem);
  for (const step of steps) {
    if ('append' in step) {
      const numbers = step.append.filter((number) => !account.appended.has(number));
      for (const number of numbers) account.appended.add(number);
      account.underWay = numbers;
      if (numbers.length === 0) continue;
      const result = journal.append(numbers.map(recordOf));
      for (const number of numbers) (result === 'durable' ? account.kept : account.refused).add(number);
      account.underWay = [];
    } else if ('release' in step) {
      account.kept.delete(step.release);
      journal.release(keyOf(step.release));
    } else {
      journal.stop();
      ({ journal } = openJournal(disk.fileSystem));
    }
  }
  journal.stop();
}

function runOn(disk: CrashingDisk, steps: readonly Step[] = RUN): Account & { readonly ended: unknown } {
  const account = new Account();
  try {
    perform(disk, steps, account);
    return Object.assign(account, { ended: undefined });
  } catch (ended) {
    return Object.assign(account, { ended });
  }
}

/** Starts on a disk, checks what is there, and goes on. */
function expectGood(disk: CrashingDisk, account: Account, about: string): void {
  const { journal, found, incidents } = openJournal(disk.fileSystem);
  const numbers = new Map([...account.appended].map((number) => [keyOf(number), number]));
  const seen = new Set([...found.keys()].map((key) => numbers.get(key) ?? -1));
  const verdict = {
    lost: [...account.kept].filter((number) => !seen.has(number)),
    changed: [...found].filter(([key, record]) => !isSame(record, recordOf(numbers.get(key) ?? -1))),
    refused: [...account.refused].filter((number) => seen.has(number)),
    isTorn: new Set(account.underWay.map((number) => seen.has(number))).size > 1,
    damage: incidents.filter(({ type }) => type !== 'tailDropped'),
    goesOn: journal.append([recordOf(1_000)]),
  };
  expect(verdict, about).toEqual({ lost: [], changed: [], refused: [], isTorn: false, damage: [], goesOn: 'durable' });
  journal.stop();
  const again = openJournal(disk.fileSystem).found;
  expect(new Set(again.keys()), about).toEqual(new Set([...found.keys(), keyOf(1_000)]));
}

function isSame(left: JournalRecord, right: JournalRecord): boolean {
  const [one, other] = [left, right].map(encodeJournalRecord);
  return one?.kind === other?.kind && one !== undefined && other !== undefined && equalBytes(one.payload, other.payload);
}

const CALLS = ((): number => {
  const disk = new CrashingDisk();
  runOn(disk);
  return disk.calls.length;
})();

describe('a run that nothing happens to', () => {
  test('comes to its end, and keeps few files', () => {
    const disk = new CrashingDisk();
    const account = runOn(disk);
    expect([account.ended, account.kept.size, account.refused.size]).toEqual([undefined, 9, 0]);
    expect(CALLS).toBeGreaterThan(100);
    expectGood(disk, account, 'nothing happened');
  });

  test('writes anew what matters of old files, so that their bytes stay bounded by what matters', () => {
    const disk = new CrashingDisk();
    const { journal } = openJournal(disk.fileSystem);
    for (let number = 0; number < 400; number++) {
      journal.append([recordOf(number)]);
      // Every twentieth stays, so that no file but for the last ones would go by itself.
      if (number % 20 !== 0) journal.release(keyOf(number));
      expect(journal.sizes.bytes).toBeLessThan(SMALL.journalBytesMax + 20 * 60 + 3 * SMALL.segmentBytes);
    }
    const { bytes, segments, records } = journal.sizes;
    expect(records).toBe(20);
    expect(disk.paths.map((path) => disk.content(path).length).reduce((sum, each) => sum + each, 0)).toBe(bytes);
    expect(disk.paths).toHaveLength(segments);
    journal.stop();
    const { found } = openJournal(disk.fileSystem);
    // Those that were released last may still be in the file that was written to last.
    expect(found.size).toBeLessThan(20 + 6);
    expect(Array.from({ length: 20 }, (_, index) => found.has(keyOf(index * 20)))).toEqual(new Array(20).fill(true));
  });

  test('has no files left when everything is released and it is begun anew', () => {
    const disk = new CrashingDisk();
    const { journal } = openJournal(disk.fileSystem);
    for (let number = 0; number < 30; number++) journal.append([recordOf(number)]);
    for (let number = 0; number < 30; number++) journal.release(keyOf(number));
    expect(disk.paths).toHaveLength(1);
    journal.stop();
    const again = openJournal(disk.fileSystem).journal;
    for (let number = 0; number < 30; number++) again.release(keyOf(number));
    again.sweep();
    expect([disk.paths, again.sizes]).toEqual([[], { segments: 0, bytes: 0, records: 0 }]);
  });
});

describe.each(POWER_LOSSES)('the power goes and $name', ({ choice }) => {
  test('at any operation of a run', () => {
    for (let at = 0; at < CALLS; at++) {
      const disk = new CrashingDisk({ at, as: 'crash' });
      const account = runOn(disk);
      expect(account.ended).toBeInstanceOf(Crash);
      expectGood(disk.afterPowerLoss(choice()), account, `power lost at operation ${at}`);
    }
  });
});

test('a process that is killed at any operation loses nothing that it wrote', () => {
  for (let at = 0; at < CALLS; at++) {
    const disk = new CrashingDisk({ at, as: 'crash' });
    const account = runOn(disk);
    expectGood(disk.afterKill(), account, `killed at operation ${at}`);
  }
});

test('the power goes at any operation of any run, and at any operation of the start after it', () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ append: fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 4 }) }) },
    { weight: 5, arbitrary: fc.record({ release: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'restart' as const }) },
  );
  const crash = fc.record({ at: fc.nat(150), seed: fc.nat(), again: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), crash, (steps, { at, seed, again }) => {
      const choice = choiceOf(seed);
      const disk = new CrashingDisk({ at, as: 'crash' });
      const account = runOn(disk, steps);
      const second = disk.afterPowerLoss(choice, { at: again, as: 'crash' });
      try {
        openJournal(second.fileSystem).journal.stop();
      } catch (error) {
        expect(error).toBeInstanceOf(Crash);
      }
      expectGood(second.afterPowerLoss(choice), account, 'any run');
    }),
    { numRuns: 300 },
  );
});

describe.each(FILE_ERROR_CODES.filter((code) => code !== 'FILE_NOT_FOUND' && code !== 'FILE_EXISTS'))('the disk answers %s', (code) => {
  const failing = (at: number): Fault => ({ at, as: code });

  test('at any operation: it is out of space for the moment, or fails for good; nothing that was acknowledged is lost', () => {
    const ends = { full: 0, failed: 0 };
    for (let at = 0; at < CALLS; at++) {
      const disk = new CrashingDisk(failing(at));
      const account = runOn(disk);
      if (account.ended === undefined) ends.full++;
      else {
        ends.failed++;
        const isStart = (account.ended as { code?: string }).code === code;
        if (!isStart) expect(account.ended).toMatchObject({ code: 'JOURNAL_WRITE_FAILED', cause: { code } });
      }
      for (const { choice, name } of POWER_LOSSES.slice(0, 4)) expectGood(disk.afterPowerLoss(choice()), account, `${at} failed, ${name}`);
      expectGood(disk.afterKill(), account, `${at} failed, started again`);
    }
    expect(ends.full > 40).toBe(code === 'FILE_NO_SPACE');
    expect(ends.failed).toBeGreaterThan(10);
  });

  test('and after it has failed for good, nothing more is done to the disk', () => {
    const disk = new CrashingDisk({ at: 17, as: code === 'FILE_NO_SPACE' ? 'FILE_FAILED' : code });
    const { journal } = openJournal(disk.fileSystem);
    const appendAll = (): void => {
      for (let number = 0; number < 30; number++) journal.append([recordOf(number)]);
    };
    expect(appendAll).toThrow(expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED' }));
    const calls = disk.calls.length;
    expect(appendAll).toThrow(expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED' }));
    expect(() => journal.sweep()).toThrow(expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED' }));
    journal.release(keyOf(0));
    journal.stop();
    expect(disk.calls.slice(calls)).toEqual([]);
  });
});

test('what a killed process left is made durable by the next start, before anything relies on it', () => {
  const before = new CrashingDisk();
  const { journal } = openJournal(before.fileSystem);
  for (let number = 0; number < 20; number++) journal.append([recordOf(number)]);
  const disk = before.afterKill();
  openJournal(disk.fileSystem);
  const synced = disk.calls.filter((call) => call.startsWith('sync'));
  expect(synced).toEqual(['syncDirectory /disk', ...disk.paths.map((path) => `sync ${path}`), `syncDirectory ${DIRECTORY}`]);
});

describe('damage', () => {
  /** Two files: the first with three frames, the second with one. */
  function written(): CrashingDisk {
    const disk = new CrashingDisk();
    const { journal } = openJournal(disk.fileSystem, { segmentBytes: 350, journalBytesMax: 10_000 });
    for (const number of [0, 1, 2, 4]) journal.append([recordOf(number)]);
    journal.stop();
    return disk;
  }
  const [first = '', second = ''] = written().paths;
  const length = written().content(first).length;
  const frame = (length - 64) / 3;

  const spoil = (at: number): CrashingDisk => {
    const disk = written();
    const content = disk.content(first).slice();
    content[at] = (content[at] ?? 0) ^ 16;
    disk.place(first, content);
    return disk;
  };

  test('of any single bit loses what it hit, at most, is reported, and everything else is there', () => {
    for (let at = 0; at < length; at++) {
      const { found, incidents } = openJournal(spoil(at).fileSystem);
      const hit = Math.floor((at - 64) / frame);
      const numbers = at < 64 ? [4] : [0, 1, 2, 4].filter((_, index) => index !== hit);
      expect([...found.keys()], `bit of byte ${at}`).toEqual(numbers.map(keyOf));
      expect(incidents, `bit of byte ${at}`).toEqual([
        {
          type: hit === 2 ? 'tailDropped' : 'damaged',
          path: first,
          offset: at < 64 ? 0 : 64 + hit * frame,
          bytes: length - (at < 64 ? 0 : 64 + hit * frame),
        },
      ]);
    }
  });

  test('that leaves nothing to be read is put aside, and reported once', () => {
    const disk = spoil(1);
    openJournal(disk.fileSystem);
    expect(disk.paths).toEqual([`${first}.damaged`, second]);
    expect(openJournal(disk.fileSystem).incidents).toEqual([]);
  });

  test('to the content of a file that nobody needs is of no concern', () => {
    const disk = written();
    disk.place(`${DIRECTORY}/notes.txt`, Uint8Array.of(1));
    const { found, incidents } = openJournal(disk.fileSystem);
    expect([found.size, incidents]).toEqual([4, []]);
  });

  test('of a file that is to be written anew leaves it where it is', () => {
    const disk = new CrashingDisk();
    const limits = { segmentBytes: 200, journalBytesMax: 600 };
    const { journal } = openJournal(disk.fileSystem, limits);
    for (let number = 0; number < 4; number++) journal.append([recordOf(number)]);
    const [oldest = ''] = disk.paths;
    disk.place(oldest, disk.content(oldest).slice(0, 100));
    for (let number = 4; number < 40; number++) {
      journal.append([recordOf(number)]);
      journal.release(keyOf(number));
    }
    expect(disk.paths).toContain(oldest);
    expect(journal.has(keyOf(39))).toBe(false);
  });

  test('is none of another chain or another version: the journal does not open', () => {
    const disk = written();
    const other = new Uint8Array(32).fill(1) as GenesisHash;
    expect(() => openJournal(disk.fileSystem, SMALL, other)).toThrow(expect.objectContaining({ code: 'JOURNAL_OTHER_CHAIN' }));
    const later = new CrashingDisk();
    const { log } = openLog(later.fileSystem, DIRECTORY, genesisHash);
    log.startHeight(1);
    log.append('input', Uint8Array.of(1));
    log.stop();
    expect(() => openJournal(later.fileSystem)).toThrow(expect.objectContaining({ code: 'JOURNAL_FORMAT_UNKNOWN' }));
  });
});
