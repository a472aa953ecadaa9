import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a process has used so far; undefined where the machine does not tell. */
export type ProcessUsage = { readonly cpuMs: number; readonly residentBytes: number };

const TICKS_PER_SEC = 100;
const PAGE_BYTES = 4096;

/** Reads what a process uses, from Linux. */
export function usageOf(processId: number): ProcessUsage | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/stat`, 'utf8');
    // The name of the process stands in brackets and may have spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuMs: (ticks * 1000) / TICKS_PER_SEC, residentBytes: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return undefined;
  }
}

/** Bytes of all files below a folder; those that are removed meanwhile do not count. */
export function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesBelow(path);
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
