import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { TypedDataEncoder } from 'ethers';
import { beforeAll, describe, expect, it } from 'vitest';
import { genesisHashFrom, privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import { decodeHex, encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography as reference } from '../../src/cryptography/reference.ts';
import { type FastCryptography, loadFastCryptography } from '../../src/fast/index.ts';
import { transactionFromJson, transactionToJson } from '../../src/transaction/json-codec.ts';
import { schemaOfType } from '../../src/transaction/schema.ts';
import { summarizeTransaction } from '../../src/transaction/summary.ts';
import { decodeTransaction, encodeSignedBytes, encodeTransaction, transactionIdOf } from '../../src/transaction/transaction-codec.ts';
import { createTypedData, typeStringOf } from '../../src/transaction/typed-data.ts';
import { verifyTransaction } from '../../src/transaction/verify-transaction.ts';
import { TYPES } from './table-arbitrary.ts';
import { ethersTypes } from './test-chain.ts';
import { computeVectorFile, type VectorFile } from './vector.ts';

/*
 * Goal: the format of transactions never changes by accident. Method: everything in the published file is computed again; the file itself is
 * locked by its hash. Both change only with the explicit command that the file names.
 */
const LOCKED_SHA256 = '312085e52c19b1988a882332452385673e8813f1f26801251d94ab0ad98a94ca';

const text = readFileSync(new URL('../vectors/transactions.json', import.meta.url), 'utf8');
const file = JSON.parse(text) as VectorFile;
const domain = { chainId: file.chainId, genesisHash: genesisHashFrom(decodeHex(file.genesisHash)) };
const ethersDomain = { name: 'Mutual Chain', version: '1', chainId: file.chainId, salt: file.genesisHash };
const privateKey = privateKeyFrom(decodeHex(file.privateKey));
const sponsorKey = privateKeyFrom(decodeHex(file.sponsorPrivateKey));

let fast: FastCryptography;

beforeAll(async () => {
  fast = await loadFastCryptography();
});

describe('the vectors of transactions', () => {
  it('are the published ones', () => {
    expect(createHash('sha256').update(text).digest('hex')).toBe(LOCKED_SHA256);
  });

  it('cover every type: usual, empty, full and sponsored', () => {
    const names = TYPES.flatMap((type) => ['usual', 'empty', 'full', 'sponsored'].map((size) => `${type}, ${size}`));
    expect(file.transactions.map((vector) => vector.name)).toEqual(names);
    expect(encodeHex(createTypedData(reference, domain).domainSeparator)).toBe(file.domainSeparator);
  });

  it('are what the command would write again', () => {
    expect(computeVectorFile()).toEqual(file);
  });

  it.each(file.transactions.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const transaction = transactionFromJson(vector.json);
    const typedData = createTypedData(fast, domain);
    const digest = typedData.digest(transaction);
    expect(typeStringOf(schemaOfType(transaction.type))).toBe(vector.typeString);
    expect(encodeHex(fast.keccak256(Buffer.from(vector.typeString)))).toBe(vector.typeHash);
    expect(encodeHex(digest)).toBe(vector.digest);
    expect(TypedDataEncoder.hash(ethersDomain, ethersTypes(transaction.type), vector.json.message)).toBe(vector.digest);
    expect(encodeHex(fast.sign(digest, privateKey))).toBe(vector.json.signature);
    if (transaction.sponsor !== undefined) {
      const sponsorDigest = typedData.sponsorDigest(digest, transaction.message.maxFee);
      expect(encodeHex(fast.sign(sponsorDigest, sponsorKey))).toBe(vector.json.sponsor?.signature);
    }
    const raw = decodeHex(vector.raw);
    expect(encodeTransaction(transaction)).toEqual(raw);
    expect(encodeHex(encodeSignedBytes(transaction))).toBe(vector.signedBytes);
    expect(decodeTransaction(raw)).toEqual(transaction);
    expect(transactionToJson(decodeTransaction(raw))).toEqual(vector.json);
    expect(encodeHex(transactionIdOf(fast, raw))).toBe(vector.id);
    expect(createHash('sha256').update(decodeHex(vector.signedBytes)).digest('hex')).toBe(vector.id.slice(2));
    expect(verifyTransaction(fast, typedData, raw)).toMatchObject({ ok: true });
    expect(summarizeTransaction(transaction)).toBe(vector.summary);
  });
});
