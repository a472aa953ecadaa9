import { assertInvariant } from '../chain-error.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { referenceCryptography } from '../cryptography/reference.ts';
import { isBelowOrder, isLowSignature, isRecoverableSignature, isScalar } from '../cryptography/signature-form.ts';
import { protocolError } from '../errors.ts';
import { isCurveRight, isKeccak256Right, isSha256PairsRight, isSha256Right } from './known-answers.ts';

/** Which parts of a loaded cryptography run outside JavaScript; the others are those of `referenceCryptography`. */
export type NativeParts = {
  /** Recovering, verifying and signing, with libsecp256k1. */
  readonly secp256k1: boolean;
  /** Keccak-256, with WebAssembly. */
  readonly keccak256: boolean;
  /** SHA-256 of messages, with WebAssembly. */
  readonly sha256: boolean;
  /** SHA-256 of many 64-byte blocks at once, with the processor's SHA and vector instructions. */
  readonly sha256Pairs: boolean;
};

/** The primitives at full speed, for Node.js. */
export type FastCryptography = Cryptography & { readonly native: NativeParts };

type Curve = Pick<Cryptography, 'recoverPublicKey' | 'verifySignature' | 'sign'>;

/**
 * Recovering, verifying and signing with libsecp256k1.
 *
 * The file `bindings.js` is loaded and not the package: that falls back to a slow JavaScript implementation without a word, one that this
 * project does not test.
 */
async function loadCurve(): Promise<Curve> {
  const { default: binding } = await import('secp256k1/bindings.js');
  return {
    recoverPublicKey: (digest, signature) => {
      // libsecp256k1 recovers from high-s signatures and takes recovery ids 2 and 3: both are refused here first.
      if (digest.length !== 32 || !isRecoverableSignature(signature)) return undefined;
      try {
        return binding.ecdsaRecover(signature.subarray(0, 64), signature[64] as number, digest, false);
      } catch {
        return undefined;
      }
    },
    verifySignature: (digest, signature, publicKey) => {
      if (digest.length !== 32 || signature.length !== 64 || publicKey.length !== 33 || !isLowSignature(signature)) return false;
      try {
        return binding.ecdsaVerify(signature, digest, publicKey);
      } catch {
        return false;
      }
    },
    sign: (digest, privateKey) => {
      assertInvariant(digest.length === 32, `a digest to sign has 32 bytes, not ${digest.length}`);
      if (!isScalar(privateKey)) {
        throw protocolError('PROTOCOL_PRIVATE_KEY_INVALID', 'privateKey has to be 32 bytes with 1 ≤ value < n of secp256k1');
      }
      // libsecp256k1 derives the nonce from the digest as it is, RFC 6979 from the digest modulo n: they differ when it is not below n.
      if (!isBelowOrder(digest)) return referenceCryptography.sign(digest, privateKey);
      const signed = binding.ecdsaSign(digest, privateKey);
      const signature = new Uint8Array(65);
      signature.set(signed.signature, 0);
      signature[64] = signed.recid;
      assertInvariant(isRecoverableSignature(signature), 'a signature was made whose nonce point has x ≥ n');
      return signature;
    },
  };
}

async function loadKeccak256(): Promise<Cryptography['keccak256']> {
  const { createKeccak } = await import('hash-wasm');
  const hasher = await createKeccak(256);
  return (message) => hasher.init().update(message).digest('binary');
}

async function loadSha256(): Promise<Cryptography['sha256']> {
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  return (message) => hasher.init().update(message).digest('binary');
}

async function loadSha256Pairs(): Promise<Cryptography['sha256Pairs']> {
  const { hashInto } = await import('@chainsafe/hashtree');
  return (blocks, digests) => {
    assertInvariant(
      blocks.length % 64 === 0 && digests.length * 2 === blocks.length,
      `sha256Pairs got ${blocks.length} bytes of blocks and ${digests.length} bytes for digests`,
    );
    hashInto(blocks, digests);
  };
}

/** The part, or undefined when it cannot be loaded or answers a known question wrongly. */
async function loadPart<Part>(load: () => Promise<Part>, isRight: (part: Part) => boolean): Promise<Part | undefined> {
  try {
    const part = await load();
    return isRight(part) ? part : undefined;
  } catch {
    // A package that was not built for this machine: the reference does the same work.
    return undefined;
  }
}

/**
 * Loads the fastest implementation of every primitive that this machine can run, and the reference for the others.
 *
 * Accepts and returns exactly what `referenceCryptography` does. `native` says which parts were loaded.
 */
export async function loadFastCryptography(): Promise<FastCryptography> {
  const [curve, keccak256, sha256, sha256Pairs] = await Promise.all([
    loadPart(loadCurve, isCurveRight),
    loadPart(loadKeccak256, isKeccak256Right),
    loadPart(loadSha256, isSha256Right),
    loadPart(loadSha256Pairs, isSha256PairsRight),
  ]);
  return {
    ...(curve ?? referenceCryptography),
    keccak256: keccak256 ?? referenceCryptography.keccak256,
    sha256: sha256 ?? referenceCryptography.sha256,
    sha256Pairs: sha256Pairs ?? referenceCryptography.sha256Pairs,
    native: {
      secp256k1: curve !== undefined,
      keccak256: keccak256 !== undefined,
      sha256: sha256 !== undefined,
      sha256Pairs: sha256Pairs !== undefined,
    },
  };
}
