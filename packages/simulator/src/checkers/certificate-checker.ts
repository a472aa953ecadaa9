import type { CommitCertificate, Cryptography, GenesisHash } from '@mutual-chain/protocol';
import { hexOf, isTwoThirds, orderedMembers, type Powers } from './powers.ts';

/** What certificates are checked with. */
export type CertificateContext = {
  readonly cryptography: Pick<Cryptography, 'sha256' | 'verifySignature'>;
  readonly genesisHash: GenesisHash;
  /** Compressed public key by address in hex. */
  readonly publicKeys: ReadonlyMap<string, Uint8Array>;
};

/** What is wrong with the certificate of a decided block, or undefined. Written out here once more, from the specification of what is signed. */
export function checkDecision(
  { cryptography, genesisHash, publicKeys }: CertificateContext,
  powers: Powers,
  height: number,
  blockHash: Uint8Array,
  certificate: CommitCertificate,
): string | undefined {
  if (certificate.height !== height) return 'its height is another';
  if (hexOf(certificate.blockHash) !== hexOf(blockHash)) return 'its block is another';
  const digest = cryptography.sha256(precommitBytes(genesisHash, certificate));
  const members = orderedMembers(powers);
  const signers: string[] = [];
  for (const { validatorIndex, signature } of certificate.signatures) {
    const address = members[validatorIndex];
    const publicKey = address === undefined ? undefined : publicKeys.get(address);
    if (address === undefined || publicKey === undefined) return `it has a signature of validator ${validatorIndex}, who is none`;
    if (signers.includes(address)) return `it counts ${address.slice(0, 8)} twice`;
    if (!cryptography.verifySignature(digest, signature.subarray(0, 64), publicKey))
      return `the signature of ${address.slice(0, 8)} is wrong`;
    signers.push(address);
  }
  return isTwoThirds(powers, signers) ? undefined : `${signers.length} of ${members.length} validators are no two thirds`;
}

function precommitBytes(genesisHash: Uint8Array, { height, round, blockHash }: CommitCertificate): Uint8Array {
  const numbers = Buffer.alloc(24);
  numbers.writeBigUInt64BE(BigInt(height), 0);
  numbers.writeBigUInt64BE(BigInt(round), 8);
  return Buffer.concat([Buffer.from('mutual-chain/consensus/v1'), genesisHash, Buffer.of(2), numbers, Buffer.of(1), blockHash]);
}
