import { protocolError } from '../errors.ts';
import { amount128, type Codec, containerCodec, listOf, uint8, uint64 } from '../ssz/codec.ts';

/** Seconds in the year of rates and locks. */
export const YEAR_SEC = 31_536_000;

/** A quarter of that year. */
export const QUARTER_SEC = 7_884_000;

/** Longest lock of a tranche: a hundred years. Keeps every time of a schedule a safe integer. */
export const LOCK_SEC_MAX: number = 100 * YEAR_SEC;

const KINDS = ['LINEAR', 'STEPS', 'COMMUNITY'] as const;

/** When part of a release becomes free: from `atSec` on, `cumulative` is free in all. */
export type ReleaseStep = { readonly atSec: number; readonly cumulative: bigint };

/**
 * How an account's genesis MTN becomes free over time. LINEAR: nothing until `lockSec` after the start, then evenly over twice that time.
 * STEPS: what the last step reached says. COMMUNITY: the same for a release in quarters, which alone governance may delay; the others are
 * promises to who was given the allocation. What is not free is locked; nobody has to claim anything.
 */
export type ReleaseSchedule = {
  readonly kind: (typeof KINDS)[number];
  /** What is released in all, MTN base units. */
  readonly total: bigint;
  /** Unix seconds; genesis. */
  readonly startSec: number;
  /** LINEAR only. */
  readonly lockSec: number;
  /** Not LINEAR; ascending in time and amount, the last reaches `total`. */
  readonly steps: readonly ReleaseStep[];
};

const codec = containerCodec({
  kind: uint8,
  total: amount128,
  startSec: uint64,
  lockSec: uint64,
  steps: listOf({ atSec: uint64, cumulative: amount128 }, 128),
});

/** Canonical bytes of a release schedule. Errors of decode: `PROTOCOL_BYTES_INVALID`, naming the field. */
export const releaseScheduleCodec: Codec<ReleaseSchedule> = {
  encode: (schedule) => codec.encode({ ...schedule, kind: KINDS.indexOf(schedule.kind) }),
  decode: (bytes) => {
    const row = codec.decode(bytes);
    const kind = KINDS[row.kind];
    if (kind === undefined)
      throw protocolError('PROTOCOL_BYTES_INVALID', 'kind has to be 0 (LINEAR), 1 (STEPS) or 2 (COMMUNITY)', { field: 'kind' });
    return { ...row, kind };
  },
};

/**
 * What is free at a time. LINEAR with T = total, t = time since start, L = lock: 0 if t < L, else min(T, ⌊T·(t − L) / 2L⌋).
 * Source: allocation preset `muton`, vesting.
 */
export function vestedAmount(schedule: ReleaseSchedule, nowSec: number): bigint {
  if (schedule.kind !== 'LINEAR') {
    let free = 0n;
    for (const { atSec, cumulative } of schedule.steps) if (nowSec >= atSec) free = cumulative;
    return free;
  }
  const elapsed = nowSec - schedule.startSec;
  if (elapsed < schedule.lockSec) return 0n;
  const lock = BigInt(schedule.lockSec);
  const vested = lock === 0n ? schedule.total : (schedule.total * (BigInt(elapsed) - lock)) / (2n * lock);
  return vested < schedule.total ? vested : schedule.total;
}

/** What is still locked at a time. */
export function lockedAmount(schedule: ReleaseSchedule, nowSec: number): bigint {
  return schedule.total - vestedAmount(schedule, nowSec);
}
