/**
 * The primitive functions everything else is built from, as one port with two implementations: `referenceCryptography` (noble, runs
 * everywhere) and the one of the `fast` entry (native libsecp256k1, hash-wasm, hashtree). Both accept and return exactly the same.
 */
export type Cryptography = {
  /** SHA-256 of any message. Returns a fresh 32-byte array. */
  readonly sha256: (message: Uint8Array) => Uint8Array;
  /** Keccak-256 (the original padding, as Ethereum uses it). Returns a fresh 32-byte array. */
  readonly keccak256: (message: Uint8Array) => Uint8Array;
  /**
   * SHA-256 of each 64-byte block of `blocks`, written as consecutive 32-byte digests to `digests`.
   * `blocks.length` is a multiple of 64 and `digests.length` is half of it; the two do not overlap.
   */
  readonly sha256Pairs: (blocks: Uint8Array, digests: Uint8Array) => void;
  /**
   * Public key that made a signature over a 32-byte digest, 65 bytes uncompressed (0x04‖x‖y), or undefined when the signature is not
   * valid: wrong length, r or s zero or not below n, s above n/2, v not 0 or 1, or no such point.
   */
  readonly recoverPublicKey: (digest: Uint8Array, signature: Uint8Array) => Uint8Array | undefined;
  /** Whether a 64-byte compact signature (r‖s, s ≤ n/2) over a 32-byte digest was made by the key (33 bytes compressed). Never throws. */
  readonly verifySignature: (digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;
  /** Deterministic (RFC 6979) low-s recoverable signature, 65 bytes r‖s‖v with v ∈ {0, 1}. Throws on a private key out of range. */
  readonly sign: (digest: Uint8Array, privateKey: Uint8Array) => Uint8Array;
};
