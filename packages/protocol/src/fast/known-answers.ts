import { equalBytes } from '../bytes/byte-order.ts';
import { decodeHex } from '../bytes/hex.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';

/*
 * One question with a known answer for each part, asked before the part is used: a native build that does not fit its machine is left
 * aside like one that does not load. The answers were computed with the reference; a test computes them again.
 */

const MESSAGE = encodeUtf8('Mutual Chain');
const SHA256 = decodeHex('0x8f33ae5c1391d3e8a506cccc41762295ccaebb3ee2209a5612f935b0438dd022');
const KECCAK256 = decodeHex('0xbedf4bb4aaf2dbb7754fc68f9cf5025c58b763ae5f6d13d9c04e3d5013cf4f15');
/** The private key 1, whose public key is the generator. */
const PRIVATE_KEY = Uint8Array.from({ length: 32 }, (_, index) => (index === 31 ? 1 : 0));
const PUBLIC_KEY = decodeHex(
  '0x0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8',
);
/** Signature of that key over `SHA256`. */
const SIGNATURE = decodeHex(
  '0xbd9575b5b163c7b581428e927e4aca0705316ce1c419d00bb562c35c28a6234d58a1a38f6567d03d901ec1e16d085ea2c49f59b239da6397821a68d0c08d8fe000',
);
/** SHA-256 of 64 zero bytes, the lowest inner node of an empty Merkle tree. */
const SHA256_OF_ZEROS = decodeHex('0xf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b');

/** Whether SHA-256 answers right. */
export function isSha256Right(sha256: Cryptography['sha256']): boolean {
  return equalBytes(sha256(MESSAGE), SHA256);
}

/** Whether Keccak-256 answers right. */
export function isKeccak256Right(keccak256: Cryptography['keccak256']): boolean {
  return equalBytes(keccak256(MESSAGE), KECCAK256);
}

/** Whether hashing blocks answers right, for one block and for as many as are hashed at once. */
export function isSha256PairsRight(sha256Pairs: Cryptography['sha256Pairs']): boolean {
  const digests = new Uint8Array(32 * 17);
  sha256Pairs(new Uint8Array(64 * 17), digests);
  for (let at = 0; at < digests.length; at += 32) if (!equalBytes(digests.subarray(at, at + 32), SHA256_OF_ZEROS)) return false;
  return true;
}

/** Whether signing, recovering and verifying answer right. */
export function isCurveRight(curve: Pick<Cryptography, 'recoverPublicKey' | 'verifySignature' | 'sign'>): boolean {
  const recovered = curve.recoverPublicKey(SHA256, SIGNATURE);
  const compressed = Uint8Array.of(2, ...PUBLIC_KEY.subarray(1, 33));
  return (
    equalBytes(curve.sign(SHA256, PRIVATE_KEY), SIGNATURE) &&
    recovered !== undefined &&
    equalBytes(recovered, PUBLIC_KEY) &&
    curve.verifySignature(SHA256, SIGNATURE.subarray(0, 64), compressed) &&
    !curve.verifySignature(KECCAK256, SIGNATURE.subarray(0, 64), compressed)
  );
}
