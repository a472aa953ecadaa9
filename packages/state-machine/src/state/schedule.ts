import { STATE_NAMESPACES } from '@mutual-chain/protocol';
import type { StateKey } from '../view/state-key.ts';

/** Kinds of scheduled work by stored number; work due in the same second runs in this order. */
export const SCHEDULE_KINDS = {
  /** Reject a request whose `expiresAt` has come; id is the lot's. */
  lotExpiry: 1,
  /** Close a proposal nobody decided; id is the proposal's. */
  proposalDeadline: 2,
  /** Forget a closed lot; id is the lot's. */
  closedLotPurge: 3,
} as const;

/** One piece of work the chain does by itself. */
export type ScheduleItem = {
  /** Unix seconds; due in the first block with nowSec ≥ dueSec. */
  readonly dueSec: number;
  /** One of `SCHEDULE_KINDS`. */
  readonly kind: number;
  /** 32 bytes. */
  readonly id: Uint8Array;
};

const NAMESPACE = String.fromCharCode(STATE_NAMESPACES.schedule);

/** Key of a scheduled item: its byte order is the order of execution. */
export function scheduleKey(item: ScheduleItem): StateKey {
  return (NAMESPACE + bigEndian8(item.dueSec) + String.fromCharCode(item.kind) + latin1(item.id)) as StateKey;
}

/** The item that a schedule key stands for. */
export function scheduledItem(key: StateKey): ScheduleItem {
  let dueSec = 0;
  for (let index = 1; index <= 8; index++) dueSec = dueSec * 256 + key.charCodeAt(index);
  const id = new Uint8Array(32);
  for (let index = 0; index < 32; index++) id[index] = key.charCodeAt(10 + index);
  return { dueSec, kind: key.charCodeAt(9), id };
}

/** Below every schedule key. */
export const SCHEDULE_START: StateKey = NAMESPACE as StateKey;

/** At or above the key of every item due at or before a second, and below those due later. */
export function scheduleEnd(nowSec: number): StateKey {
  return (NAMESPACE + bigEndian8(nowSec) + '\u00ff'.repeat(33)) as StateKey;
}

function bigEndian8(value: number): string {
  const high = Math.floor(Number(BigInt(value) >> 32n));
  const low = value >>> 0;
  return String.fromCharCode(
    (high >>> 24) & 0xff,
    (high >>> 16) & 0xff,
    (high >>> 8) & 0xff,
    high & 0xff,
    (low >>> 24) & 0xff,
    (low >>> 16) & 0xff,
    (low >>> 8) & 0xff,
    low & 0xff,
  );
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
