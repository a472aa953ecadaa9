import { createLastSignFile, LocalSigner, SegmentedLog, type SignOutcome } from '@mutual-chain/node';
import type { BlockHash, GenesisHash, Signature } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { createMacCryptography, createMacKeys, type SimulatedKey } from '../src/cryptography/mac-cryptography.ts';
import { SOUND_DISK } from '../src/disk/disk-faults.ts';
import { SimulatedDisk } from '../src/disk/simulated-disk.ts';
import { RandomStream } from '../src/random/random-stream.ts';

/*
 * Goal: what a restarted node finds on its disk stays there, even if the process before was killed before the disk had it, and then the power goes.
 * Method: a disk that fails every synchronisation keeps what was written in memory alone; a new process reads it; power is lost in many ways.
 */

const GENESIS_HASH = new Uint8Array(32).fill(3) as GenesisHash;
const SEEDS = Array.from({ length: 40 }, (_, index) => BigInt(index));

function diskOf(seed: bigint): SimulatedDisk {
  return new SimulatedDisk({ random: new RandomStream(seed, 'disk'), boundary: () => undefined });
}

function logOn({ fileSystem }: SimulatedDisk): SegmentedLog<'input'> {
  const log = new SegmentedLog({
    fileSystem,
    directory: '/data/wal',
    genesisHash: GENESIS_HASH,
    kinds: { input: 1 },
    random: (length) => new Uint8Array(length),
  });
  log.start();
  log.startHeight(1);
  return log;
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('a record of the log that was read once is there for good', () => {
    const disk = diskOf(seed);
    const first = logOn(disk);
    first.append('input', Uint8Array.of(1));
    first.sync();
    // The second record is written; the synchronisation does nothing and the process ends.
    disk.setFaults({ ...SOUND_DISK, isLying: true });
    first.append('input', Uint8Array.of(2));
    first.sync();
    disk.endRun('killed');
    disk.setFaults(SOUND_DISK);
    const read = logOn(disk).recordsOf(1);
    disk.endRun('powerLost');
    expect(read.map(({ payload }) => [...payload])).toEqual([[1], [2]]);
    expect(logOn(disk).recordsOf(1)).toEqual(read);
  });

  test('a signature that was found once is remembered for good', () => {
    const keys = createMacKeys(seed, 1);
    const [{ address, privateKey }] = keys as readonly [SimulatedKey];
    const cryptography = createMacCryptography(keys);
    const disk = diskOf(seed);
    const options = {
      fileSystem: disk.fileSystem,
      directory: '/data/signer',
      address,
      genesisHash: GENESIS_HASH,
      cryptography,
      signDigest: (digest: Uint8Array) => cryptography.sign(digest, privateKey) as Signature,
    };
    createLastSignFile(options);
    disk.setFaults({ ...SOUND_DISK, isLying: true });
    const request = { kind: 'prevote', height: 1, round: 0, blockHash: new Uint8Array(32).fill(9) as BlockHash } as const;
    const answers: SignOutcome[] = [];
    new LocalSigner(options).sign(request, (outcome) => answers.push(outcome));
    disk.endRun('killed');
    disk.setFaults(SOUND_DISK);
    const found = new LocalSigner(options).lastSign();
    disk.endRun('powerLost');
    expect([answers.length, found, new LocalSigner(options).lastSign()]).toEqual([1, request, request]);
  });
});
