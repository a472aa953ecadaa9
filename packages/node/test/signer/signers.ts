import { createHash } from 'node:crypto';
import type { Address, GenesisHash, Signature } from '@mutual-chain/protocol';
import { createLastSignFile, type LastSignFileOptions } from '../../src/signer/last-sign-file.ts';
import type { LocalSignerOptions } from '../../src/signer/local-signer.ts';
import type { CrashingDisk } from '../support/crashing-disk.ts';

const sha256 = (message: Uint8Array): Uint8Array => Uint8Array.from(createHash('sha256').update(message).digest());

/** How often a key was used, to give signatures over the same digest different bytes: a stored one is told from a new one. */
let uses = 0;

/** A stand-in for a signature: the digest and a number of its own. */
function signDigest(digest: Uint8Array): Signature {
  const signature = new Uint8Array(65);
  signature.set(digest);
  new DataView(signature.buffer).setUint32(32, ++uses);
  return signature as Signature;
}

/** A signer whose state is on a disk. */
export function optionsOn(disk: CrashingDisk, change: Partial<LastSignFileOptions> = {}): LocalSignerOptions {
  return {
    fileSystem: disk.fileSystem,
    directory: '/disk/signer',
    address: new Uint8Array(20).fill(3) as Address,
    genesisHash: new Uint8Array(32).fill(7) as GenesisHash,
    cryptography: { sha256 },
    signDigest,
    ...change,
  };
}

/** Begins the state of a key that has signed nothing. */
export function createSigner(disk: CrashingDisk): void {
  createLastSignFile(optionsOn(disk));
}
