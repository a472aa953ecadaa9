import { secp256k1 } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';

/*
 * Signatures, good and bad, for which every implementation has to give the same answer. Each case says what it is about.
 */

/** Order of the group. */
export const N = secp256k1.Point.Fn.ORDER;
/** Prime of the field. */
export const P = secp256k1.Point.Fp.ORDER;

/** 32 bytes, big-endian. */
export function word(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
}

/** The number in big-endian bytes. */
export function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A question to `recoverPublicKey`: a digest and 65 bytes or so. */
export type SignatureCase = {
  readonly about: string;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
  /** Compressed key that made the signature, if one did. */
  readonly publicKey: Uint8Array;
};

/** A private key. */
export const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: N - 1n }) },
  { weight: 1, arbitrary: fc.constantFrom(1n, 2n, N / 2n, N / 2n + 1n, N - 2n, N - 1n) },
);

/** 32 bytes to sign, with those that are zero or not below n among them. */
export const digest = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ minLength: 32, maxLength: 32 }) },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, N - 1n, N, N + 1n, 2n ** 256n - 1n).map(word) },
);

/** Values of r and s at which implementations differ, if they do. */
const EDGES: readonly bigint[] = [
  0n,
  1n,
  2n,
  N / 2n - 1n,
  N / 2n,
  N / 2n + 1n,
  N - 2n,
  N - 1n,
  N,
  N + 1n,
  P - N - 1n,
  P - N,
  P - 1n,
  P,
  2n ** 256n - 1n,
];

function signed(message: Uint8Array, key: bigint): Uint8Array {
  const bytes = secp256k1.sign(message, word(key), { prehash: false, format: 'recovered' });
  return join(bytes.subarray(1), bytes.subarray(0, 1));
}

/** Ways to turn a good signature into another one, most of them bad. */
const CHANGES: Readonly<Record<string, (good: Uint8Array, random: Uint8Array, edge: bigint) => Uint8Array>> = {
  good: (good) => good,
  'other parity': (good) => join(good.subarray(0, 64), Uint8Array.of(1 - (good[64] ?? 0))),
  'high s, parity to match': (good) =>
    join(good.subarray(0, 32), word(N - numberOf(good.subarray(32, 64))), Uint8Array.of(1 - (good[64] ?? 0))),
  'high s': (good) => join(good.subarray(0, 32), word(N - numberOf(good.subarray(32, 64))), good.subarray(64)),
  'r at an edge': (good, _, edge) => join(word(edge), good.subarray(32)),
  's at an edge': (good, _, edge) => join(good.subarray(0, 32), word(edge), good.subarray(64)),
  'v not 0 or 1': (good, random) => join(good.subarray(0, 64), Uint8Array.of(Math.max(2, random[0] ?? 2))),
  'v of 2 or 3, for x not below n': (good, random) =>
    join(word(numberOf(random.subarray(0, 8)) % (P - N)), good.subarray(32, 64), Uint8Array.of(2 + ((random[9] ?? 0) % 2))),
  'v of 27 or 28': (good) => join(good.subarray(0, 64), Uint8Array.of(27 + (good[64] ?? 0))),
  'random r': (good, random) => join(random, good.subarray(32)),
  'one bit flipped': (good, random) => good.map((byte, at) => (at === (random[0] ?? 0) % 65 ? byte ^ (1 << ((random[1] ?? 0) % 8)) : byte)),
  truncated: (good, random) => good.slice(0, (random[0] ?? 0) % 65),
  extended: (good) => join(good, Uint8Array.of(0)),
};

/** A signature of a random key over a random digest, changed in one of the ways. */
export const signatureCase: fc.Arbitrary<SignatureCase> = fc
  .record({
    message: digest,
    key: scalar,
    change: fc.constantFrom(...Object.keys(CHANGES)),
    random: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    edge: fc.constantFrom(...EDGES),
  })
  .map(({ message, key, change, random, edge }) => ({
    about: change,
    digest: message,
    signature: CHANGES[change]?.(signed(message, key), random, edge) ?? new Uint8Array(0),
    publicKey: secp256k1.getPublicKey(word(key), true),
  }));

/**
 * A signature whose recovered key is the point at infinity: with R = kG and s = z/k, the key r⁻¹(sR − zG) vanishes.
 */
export function signatureOfInfinity(message: Uint8Array, k: bigint): Uint8Array {
  const { Point } = secp256k1;
  const { x, y } = Point.BASE.multiply(k).toAffine();
  const s = Point.Fn.div(Point.Fn.create(numberOf(message)), k);
  const isHigh = s > N / 2n;
  // −s with −R is the same point, and low.
  return join(word(x), word(isHigh ? N - s : s), Uint8Array.of(Number(y % 2n) ^ (isHigh ? 1 : 0)));
}

/** Every pair of edge values as r and s, with each v from 0 to 3. */
export function edgeSignatures(): Uint8Array[] {
  return EDGES.flatMap((r) => EDGES.flatMap((s) => [0, 1, 2, 3].map((v) => join(word(r), word(s), Uint8Array.of(v)))));
}
