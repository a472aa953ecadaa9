// Times of what every transaction costs: encoding, decoding, hashing, signing, verifying; native against JavaScript.
// Run with `pnpm --filter @mutual-chain/protocol bench`. Prints a table; asserts nothing.

import { cpus } from 'node:os';
import { loadFastCryptography } from '../src/fast/index.ts';
import {
  addressFrom,
  type Cryptography,
  createTypedData,
  decodeTransaction,
  encodeTransaction,
  genesisHashFrom,
  keyPairOf,
  parseTransactionJson,
  privateKeyFrom,
  publicKeyOf,
  referenceCryptography,
  type SignedTransaction,
  signTransaction,
  transactionIdOf,
  transactionToJson,
  verifyTransaction,
} from '../src/index.ts';

/** Time that each figure is measured for, after as long a warm-up. */
const WINDOW_MS = 400;

/** Keeps results reachable, so that no work is optimised away. */
let sink: unknown;

/** Microseconds of one call: the best of three windows, because other work on the machine only ever adds. */
function microsecondsOf(work: () => unknown): number {
  let calls = 1;
  const elapsedMs = (): number => {
    const start = performance.now();
    for (let call = 0; call < calls; call++) sink = work();
    return performance.now() - start;
  };
  while (elapsedMs() < WINDOW_MS) calls *= 2;
  return (Math.min(elapsedMs(), elapsedMs(), elapsedMs()) / calls) * 1000;
}

function print(name: string, work: () => unknown, items = 1): void {
  const each = microsecondsOf(work) / items;
  process.stdout.write(
    `${name.padEnd(46)} ${each.toFixed(each < 10 ? 3 : 1).padStart(10)} µs ${Math.round(1e6 / each)
      .toLocaleString('en')
      .padStart(14)} /s\n`,
  );
}

function benchCryptography(name: string, cryptography: Cryptography): void {
  const privateKey = privateKeyFrom(new Uint8Array(32).fill(0x11));
  const publicKey = publicKeyOf(privateKey);
  const digest = cryptography.sha256(Uint8Array.of(1));
  const signature = cryptography.sign(digest, privateKey);
  const compact = signature.slice(0, 64);
  const message = Uint8Array.from({ length: 300 }, (_, index) => index & 0xff);
  const blocks = new Uint8Array(64 * 4096);
  const digests = new Uint8Array(32 * 4096);
  print(`${name}: recover public key`, () => cryptography.recoverPublicKey(digest, signature));
  print(`${name}: verify signature`, () => cryptography.verifySignature(digest, compact, publicKey));
  print(`${name}: sign`, () => cryptography.sign(digest, privateKey));
  print(`${name}: keccak256 of 128 bytes`, () => cryptography.keccak256(message.subarray(0, 128)));
  print(`${name}: SHA-256 of 100 bytes`, () => cryptography.sha256(message.subarray(0, 100)));
  print(`${name}: SHA-256 of 300 bytes`, () => cryptography.sha256(message));
  print(`${name}: SHA-256 of a 64-byte block of 4096`, () => cryptography.sha256Pairs(blocks, digests), 4096);
}

function benchTransaction(name: string, cryptography: Cryptography, transaction: SignedTransaction): void {
  const typedData = createTypedData(cryptography, CHAIN);
  const raw = encodeTransaction(transaction);
  print(`${name}: typed-data digest`, () => typedData.digest(transaction));
  print(`${name}: id`, () => transactionIdOf(cryptography, raw));
  print(`${name}: verify raw bytes`, () => verifyTransaction(cryptography, typedData, raw));
}

const CHAIN = { chainId: 1_000_001, genesisHash: genesisHashFrom(new Uint8Array(32).fill(7)) };
const sender = keyPairOf(privateKeyFrom(new Uint8Array(32).fill(0x11)));
const fast = await loadFastCryptography();
const transfer = signTransaction(
  fast,
  createTypedData(fast, CHAIN),
  {
    type: 'Transfer',
    message: {
      from: sender.address,
      nonce: 5,
      validUntil: 1_800_000_000,
      maxFee: 10n ** 15n,
      to: addressFrom(new Uint8Array(20).fill(9)),
      asset: 'mUSD',
      amount: 12_345n,
      memo: 'rent for May',
    },
  },
  sender.privateKey,
);
const raw = encodeTransaction(transfer);
const json = JSON.stringify(transactionToJson(transfer));

process.stdout.write(
  `Node.js ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, native parts ${JSON.stringify(fast.native)}\n`,
);
process.stdout.write(`Transfer of ${raw.length} raw bytes, ${json.length} characters of JSON\n\n`);
print('encode Transfer', () => encodeTransaction(transfer));
print('decode Transfer', () => decodeTransaction(raw));
print('read Transfer from JSON text', () => parseTransactionJson(json, fast));
benchTransaction('fast', fast, transfer);
benchTransaction('reference', referenceCryptography, transfer);
benchCryptography('fast', fast);
benchCryptography('reference', referenceCryptography);
if (sink === undefined) process.exitCode = 1;
