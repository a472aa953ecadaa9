// Times of what every height waits for: the write-ahead log, the guard of the signer, and opening a key. Run with `node bench/durability.ts` on the
// disk that is to be measured; a directory may be named. Prints a table; asserts nothing.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlockHash, type GenesisHash, keyPairOf, type PrivateKey, type Signature } from '@mutual-chain/protocol';
import { loadFastCryptography } from '@mutual-chain/protocol/fast';
import { createLastSignFile, decryptKey, encryptKey, LocalSigner, nodeFileSystem, SegmentedLog } from '../src/index.ts';

/** Time that each figure is measured for, after as long a warm-up. */
const WINDOW_MS = 500;

/** Microseconds of one call: the best of three windows, because other work on the machine only ever adds. */
function print(name: string, work: () => unknown, bytes?: number): void {
  const windowUs = (): number => {
    const start = performance.now();
    let calls = 0;
    while (performance.now() - start < WINDOW_MS) {
      work();
      calls++;
    }
    return ((performance.now() - start) / calls) * 1000;
  };
  windowUs();
  const each = Math.min(windowUs(), windowUs(), windowUs());
  const rate = bytes === undefined ? '' : `${(bytes / each).toFixed(0).padStart(8)} MB/s`;
  process.stdout.write(`${name.padEnd(50)} ${each.toFixed(1).padStart(10)} µs${rate}\n`);
}

const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'durability-'));
const cryptography = await loadFastCryptography();
const genesisHash = new Uint8Array(32) as GenesisHash;
const privateKey = new Uint8Array(32).fill(1) as PrivateKey;
const { address } = keyPairOf(privateKey);
try {
  const kinds = { input: 1 };
  const log = new SegmentedLog({ fileSystem: nodeFileSystem, directory: `${directory}/wal`, genesisHash, kinds });
  log.start();
  let height = 0;
  log.startHeight(height);
  const input = new Uint8Array(140);
  const body = new Uint8Array(1_000_000);
  const append = (payload: Uint8Array, count = 1): void => {
    for (let index = 0; index < count; index++) log.append('input', payload);
    log.sync();
  };
  print('log: append one input, sync', () => append(input));
  print('log: append ten inputs, sync', () => append(input, 10));
  log.startHeight(++height);
  print('log: append a body of 1 MB, sync; next height', () => {
    append(body);
    log.startHeight(++height);
  });
  print('log: start a height, append one input, sync', () => {
    log.startHeight(++height);
    append(input);
  });
  log.startHeight(++height);
  for (let count = 0; count < 1000; count++) append(input);
  print('log: start again at a height of 1000 frames', () => {
    const again = new SegmentedLog({ fileSystem: nodeFileSystem, directory: `${directory}/wal`, genesisHash, kinds });
    again.start();
    again.startHeight(height);
    again.stop();
  });
  log.stop();

  const signDigest = (digest: Uint8Array): Signature => cryptography.sign(digest, privateKey) as Signature;
  const options = { fileSystem: nodeFileSystem, directory: `${directory}/signer`, address, genesisHash, cryptography, signDigest };
  createLastSignFile(options);
  const signer = new LocalSigner(options);
  let round = 0;
  const blockHash = new Uint8Array(32) as BlockHash;
  print('signer: sign a vote, durably', () => signer.sign({ kind: 'prevote', height: 1, round: ++round, blockHash }, () => undefined));
  print('key file: encrypt with the default cost', () => encryptKey({ privateKey, passphrase: 'passphrase', cryptography }));
  const text = encryptKey({ privateKey, passphrase: 'passphrase', cryptography });
  print('key file: open', () => decryptKey(text, 'passphrase', cryptography, 'the file'));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
