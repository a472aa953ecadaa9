import { type FastCryptography, loadFastCryptography } from '@mutual-chain/protocol/fast';

/** The fastest cryptography of this machine, and in words which one that is. */
export async function chooseCryptography(): Promise<{ readonly cryptography: FastCryptography; readonly description: string }> {
  const cryptography = await loadFastCryptography();
  const { native } = cryptography;
  const slow = Object.entries(native)
    .filter(([, isNative]) => !isNative)
    .map(([part]) => part);
  const signatures = native.secp256k1
    ? 'signatures by libsecp256k1'
    : 'signatures by the reference implementation (libsecp256k1 did not load)';
  const rest = slow.filter((part) => part !== 'secp256k1');
  return { cryptography, description: rest.length === 0 ? signatures : `${signatures}; reference for ${rest.join(', ')}` };
}
