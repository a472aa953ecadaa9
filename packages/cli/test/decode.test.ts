// Goal: canonical bytes of the chain are shown as what they are, and bytes that are nothing are refused with the reason.
// Method: encode one of each kind, decode it, and compare the whole; damage bytes in every place; run `mutual decode` as a process.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Address,
  type BlockHash,
  type BlockHeader,
  type Bytes32,
  blockCodec,
  blockHash,
  certificateCodec,
  createTypedData,
  encodeHex,
  encodeTransaction,
  formatAddress,
  genesisHashOf,
  headerCodec,
  type MerkleRoot,
  referenceCryptography,
  type Signature,
  type StateRoot,
  signTransaction,
  transactionToJson,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { decodeBytes } from '../src/decode/decode-bytes.ts';
import { bytesFromHex } from '../src/decode/read-hex.ts';
import { createNetwork } from '../src/network/create-network.ts';
import { accountOf } from '../src/network/founding-document.ts';
import { placesOn } from '../src/network/node-places.ts';
import { jsonText } from '../src/text/json-text.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const cryptography = referenceCryptography;
const network = createNetwork({
  preset: 'devnet',
  chainId: 7357,
  networkName: 'test',
  timestampMs: 1000,
  places: placesOn(['127.0.0.1']),
  cryptography,
});
const [alice, bob] = [accountOf(network.accounts, 'alice').keyPair, accountOf(network.accounts, 'bob').keyPair];
const typedData = createTypedData(cryptography, { chainId: 7357, genesisHash: genesisHashOf(cryptography, network.genesis) });
const genesisPath = join(folder, 'genesis.json');
writeFileSync(genesisPath, JSON.stringify(network.document));

const bytesOf = <Bytes>(length: number, fill: number): Bytes => new Uint8Array(length).fill(fill) as Bytes;
const unsigned: UnsignedTransaction<'Transfer'> = {
  type: 'Transfer',
  message: {
    from: alice.address,
    nonce: 7,
    validUntil: 2_000_000_000,
    maxFee: 10n ** 18n,
    to: bob.address,
    asset: 'mUSD',
    amount: 250n,
    memo: 'tea',
  },
};
const signed = signTransaction(cryptography, typedData, unsigned, alice.privateKey);
const transaction = encodeTransaction(signed);
const header: BlockHeader = {
  protocolVersion: 1,
  chainId: 7357,
  height: 5,
  timestampMs: 1_767_225_600_000,
  parentHash: bytesOf<BlockHash>(32, 1),
  proposer: bytesOf<Address>(20, 2),
  stateRoot: bytesOf<StateRoot>(32, 3),
  transactionsRoot: bytesOf<MerkleRoot>(32, 4),
  recordsRoot: bytesOf<MerkleRoot>(32, 5),
  receiptsRoot: bytesOf<MerkleRoot>(32, 6),
  evidenceRoot: bytesOf<MerkleRoot>(32, 7),
  validatorsHash: bytesOf<Bytes32>(32, 8),
  nextValidatorsHash: bytesOf<Bytes32>(32, 9),
  parametersHash: bytesOf<Bytes32>(32, 10),
};
const shownHeader = {
  hash: encodeHex(blockHash(cryptography, header)),
  ...(JSON.parse(jsonText(header)) as object),
  proposer: formatAddress(header.proposer),
};
const shownTransaction = { id: expect.stringMatching(/^0x[0-9a-f]{64}$/), ...transactionToJson(signed) };
const certificate = {
  height: 5,
  round: 1,
  blockHash: bytesOf<BlockHash>(32, 1),
  signatures: [{ validatorIndex: 3, signature: Uint8Array.from([...new Uint8Array(64).fill(9), 1]) as Signature }],
};

const EXAMPLES = [
  ['transaction', transaction, shownTransaction],
  ['header', headerCodec.encode(header), shownHeader],
  [
    'block',
    blockCodec.encode({ header, transactions: [transaction], evidence: [] }),
    { header: shownHeader, transactions: [shownTransaction], evidence: [] },
  ],
  ['certificate', certificateCodec.encode(certificate), JSON.parse(jsonText(certificate))],
] as const;

describe('decodeBytes', () => {
  test.each(EXAMPLES)('finds out that bytes are a %s', (kind, bytes, value) => {
    expect(JSON.parse(jsonText(decodeBytes(bytes, { cryptography })))).toEqual({ kind, value });
    expect(decodeBytes(bytes, { cryptography, kind })).toEqual(decodeBytes(bytes, { cryptography }));
  });

  // A block and a certificate end with a list, and may be whole without its last items.
  test.each(EXAMPLES.slice(0, 2))('refuses a %s that is cut anywhere, or longer', (_kind, bytes) => {
    const refused = expect.objectContaining({ code: 'CLI_BYTES_UNKNOWN' });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeBytes(bytes.subarray(0, length), { cryptography })).toThrow(refused);
    }
    expect(() => decodeBytes(Uint8Array.from([...bytes, 0]), { cryptography })).toThrow(refused);
  });

  test('says whether a transaction is signed for a chain, when it is told which', () => {
    const value = (chainId: number): object => {
      const other = createTypedData(cryptography, { chainId, genesisHash: network.genesisHash });
      return decodeBytes(transaction, { cryptography, typedData: other }).value;
    };
    expect([value(7357), value(7358)]).toMatchObject([{ isSignedForThisChain: true }, { isSignedForThisChain: false }]);
  });
});

test.each([
  ['0x00ff', [0, 255]],
  ['00 FF\n01', [0, 255, 1]],
])('hex %j', (text, expected) => {
  expect([...bytesFromHex(text, 'here')]).toEqual(expected);
});

test.each([
  ['0x0', 'here has 1 hex digits: bytes have two each.'],
  ['', 'here has 0 hex digits'],
  ['0xzz', 'here has "z" where a hex digit is needed.'],
])('hex %j is refused', (text, message) => {
  expect(() => bytesFromHex(text, 'here')).toThrow(message);
});

describe('mutual decode', () => {
  test('prints what is in the call, and says with a genesis document whether it is signed', () => {
    const run = runCommand(['decode', encodeHex(transaction), '--genesis', genesisPath, '--json']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toEqual({ kind: 'transaction', value: { ...shownTransaction, isSignedForThisChain: true } });
  });

  test('reads a file of bytes as they are, or in hex', () => {
    const [raw, hex] = [join(folder, 'raw'), join(folder, 'hex')];
    writeFileSync(raw, headerCodec.encode(header));
    writeFileSync(hex, `${encodeHex(headerCodec.encode(header))}\n`);
    const printed = [raw, hex].map((file) => runCommand(['decode', '--file', file]));
    expect(printed[0]).toEqual(printed[1]);
    expect(JSON.parse(printed[0]?.stdout ?? '')).toEqual({ kind: 'header', value: shownHeader });
  });

  test.each([
    [['decode'], 2, 'CLI_CHOICE_MISSING: '],
    [['decode', '00', '--file', 'x'], 2, 'CLI_CHOICE_CONFLICT: '],
    [['decode', '00', '--kind', 'soup'], 2, 'Allowed choices are transaction, block, header, certificate.'],
    [['decode', '00'], 1, 'CLI_BYTES_UNKNOWN: These 1 bytes are no transaction ('],
    [['decode', '--file', join(folder, 'nowhere')], 3, 'CLI_FILE_MISSING: '],
  ])('%j', (call, status, message) => {
    expect(runCommand(call)).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(message) });
  });
});
