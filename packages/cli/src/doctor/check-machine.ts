import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { NodeConfig } from '../config/node-config.ts';
import { type CheckResult, fine, warning, wrong } from './check-result.ts';

/** Oldest major version of Node.js that a node runs on. */
const NODE_MAJOR_MIN = 24;

const GIB = 1024 ** 3;

/** Free space with which a node must not run: LevelDB needs room to write a table anew even to start. */
const FREE_BYTES_MIN = GIB;

/** Free space below which an operator should think of more. */
const FREE_BYTES_WANTED = 10 * GIB;

/** The program and what runs it. */
export function checkVersion(version: string, nodeVersion: string): CheckResult {
  const message = `mutual ${version} on Node.js ${nodeVersion}`;
  if (Number.parseInt(nodeVersion, 10) >= NODE_MAJOR_MIN) return fine('version', message);
  return wrong('version', message, `Run it with Node.js ${NODE_MAJOR_MIN}: the installation brings it as node_modules/node/bin/node.`);
}

/** Space on the disk of a folder that may not be there yet. */
export function checkDisk(directory: string): CheckResult {
  let there = directory;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize, ffree, files } = statfsSync(there);
  return judgeDisk(directory, bavail * bsize, files === 0 ? undefined : ffree);
}

/** `freeFiles`: undefined where the file system has no limit of its own. */
export function judgeDisk(directory: string, freeBytes: number, freeFiles: number | undefined): CheckResult {
  const message = `${(freeBytes / GIB).toFixed(1)} GiB free for ${directory}`;
  const remedy = 'Free some space, or name a folder on another disk with node.dataDirectory.';
  if (freeFiles !== undefined && freeFiles < 1000) return wrong('disk', `${freeFiles} more files fit on the disk of ${directory}`, remedy);
  if (freeBytes < FREE_BYTES_MIN) return wrong('disk', message, remedy);
  return freeBytes < FREE_BYTES_WANTED ? warning('disk', message, remedy) : fine('disk', message);
}

/** The clock against the genesis time: a clock that is behind it is certainly wrong. */
export function checkClock(genesisTimeMs: number, nowMs: number): CheckResult {
  const now = new Date(nowMs).toISOString();
  if (nowMs < genesisTimeMs) {
    const message = `the clock says ${now}, before the genesis of the chain (${new Date(genesisTimeMs).toISOString()})`;
    return wrong('clock', message, 'Set the clock, and let it be kept right: timedatectl set-ntp true.');
  }
  return fine('clock', `the clock says ${now}; other nodes refuse blocks of one that is off by seconds, so let it be kept right`);
}

/** Cryptography: without the native library a node keeps up with little traffic only. */
export function checkCryptography(choice: NodeConfig['node']['cryptography'], isNative: boolean, description: string): CheckResult {
  if (choice === 'reference') return warning('cryptography', 'the reference implementation is asked for', 'Leave node.cryptography out.');
  if (isNative) return fine('cryptography', description);
  const remedy = 'Install again on this machine, so that the native library fits it.';
  return choice === 'native' ? wrong('cryptography', description, remedy) : warning('cryptography', description, remedy);
}
