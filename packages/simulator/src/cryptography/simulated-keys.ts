import { createHash } from 'node:crypto';
import { type Cryptography, keyPairOf } from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { createMacCryptography, createMacKeys, type SimulatedKey } from './mac-cryptography.ts';

/** Keys of a run, and the cryptography that they are for. */
export type RunCryptography = { readonly cryptography: Cryptography; readonly roster: readonly SimulatedKey[] };

/** Keys for so many validators: real ones, or ones whose signatures are made and verified at the speed of a hash. */
export async function createRunCryptography(signatures: 'mac' | 'secp256k1', seed: bigint, count: number): Promise<RunCryptography> {
  const keys = createMacKeys(seed, count);
  if (signatures === 'mac') return { cryptography: createMacCryptography(keys), roster: keys };
  const cryptography = await loadFastCryptography();
  const roster = keys.map(({ index }): SimulatedKey => {
    const privateKey = Uint8Array.from(createHash('sha256').update(`key ${index} of ${seed}`).digest()) as SimulatedKey['privateKey'];
    return { ...keyPairOf(privateKey), index };
  });
  return { cryptography, roster };
}
