import type { GenesisHash } from '@mutual-chain/protocol';
import type { FileSystem } from '../../src/file-system/file-system.ts';
import { SegmentedLog } from '../../src/wal/segmented-log.ts';
import type { LogIncident, LogRecord } from '../../src/wal/write-ahead-log.ts';

/** Kinds of records of these tests. */
export const KINDS = { input: 1, body: 2 } as const;
/** One of them. */
export type Kind = keyof typeof KINDS;
/** Chain of these tests. */
export const GENESIS_HASH: GenesisHash = new Uint8Array(32).fill(7) as GenesisHash;

/** A log that has been started, and what it reported. */
export function openLog(
  fileSystem: FileSystem,
  directory = '/disk/wal',
  genesisHash = GENESIS_HASH,
): { readonly log: SegmentedLog<Kind>; readonly incidents: LogIncident[] } {
  const incidents: LogIncident[] = [];
  const onIncident = (incident: LogIncident): number => incidents.push(incident);
  const random = (length: number): Uint8Array => new Uint8Array(length).fill(9);
  const log = new SegmentedLog({ fileSystem, directory, genesisHash, kinds: KINDS, onIncident, random });
  log.start();
  return { log, incidents };
}

/** The record with a number; lengths differ, and a body comes now and then. */
export function recordOf(number: number): LogRecord<Kind> {
  const payload = new Uint8Array((number * 7) % 40).fill(number);
  return { kind: number % 3 === 2 ? 'body' : 'input', payload };
}

/** The records from one number up to, not including, another. */
export function recordsFrom(first: number, end: number): readonly LogRecord<Kind>[] {
  return Array.from({ length: end - first }, (_, index) => recordOf(first + index));
}

/** Appends records that become durable together. */
export function appendTogether(log: SegmentedLog<Kind>, records: readonly LogRecord<Kind>[]): void {
  for (const { kind, payload } of records) log.append(kind, payload);
  log.sync();
}
