import { beforeAll, describe, expect, it } from 'vitest';
import type { Address, GenesisHash, Signature } from '../../src/bytes/branded.ts';
import { addressFrom } from '../../src/bytes/checked-bytes.ts';
import type { Cryptography } from '../../src/cryptography/cryptography.ts';
import { referenceCryptography } from '../../src/cryptography/reference.ts';
import { loadFastCryptography } from '../../src/fast/index.ts';
import { transactionToJson } from '../../src/transaction/json-codec.ts';
import { signSponsorFee, signTransaction } from '../../src/transaction/sign-transaction.ts';
import type { SignedTransaction, TransactionMessage, UnsignedTransaction } from '../../src/transaction/transaction.ts';
import { encodeTransaction, transactionIdOf } from '../../src/transaction/transaction-codec.ts';
import { createTypedData, type TypedData } from '../../src/transaction/typed-data.ts';
import { hasValidSignatures, verifyTransaction, verifyTransactionJson } from '../../src/transaction/verify-transaction.ts';
import { N, numberOf, word } from '../cryptography/signature-cases.ts';
import { CHAIN, ETHERS_DOMAIN, testKey } from './test-chain.ts';

/*
 * Goal: only a transaction whose signatures recover to the addresses it states, for this chain, becomes a verified one.
 */
const alice = testKey(0x41);
const bob = testKey(0x42);

const message: TransactionMessage<'Transfer'> = {
  from: alice.address,
  nonce: 3,
  validUntil: 1_800_000_000,
  maxFee: 10n ** 15n,
  to: bob.address,
  asset: 'mUSD',
  amount: 12_345n,
  memo: 'rent',
};
const transfer: UnsignedTransaction<'Transfer'> = { type: 'Transfer', message };

const cryptographies: [string, () => Promise<Cryptography>][] = [
  ['reference', () => Promise.resolve(referenceCryptography)],
  ['fast', loadFastCryptography],
];

describe.each(cryptographies)('with the %s cryptography', (_, load) => {
  let cryptography: Cryptography;
  let typedData: TypedData;
  let signed: SignedTransaction<'Transfer'>;
  let sponsored: SignedTransaction<'Transfer'>;

  beforeAll(async () => {
    cryptography = await load();
    typedData = createTypedData(cryptography, CHAIN);
    signed = signTransaction(cryptography, typedData, transfer, alice.privateKey);
    sponsored = signSponsorFee(cryptography, typedData, signed, bob.privateKey);
  });

  it('a good transaction is verified, decoded or raw, with its id and its raw bytes', () => {
    for (const each of [signed, sponsored]) {
      const raw = encodeTransaction(each);
      for (const input of [each, raw, Buffer.from(raw)]) {
        const outcome = verifyTransaction(cryptography, typedData, input);
        expect(outcome).toEqual({ ok: true, transaction: { ...each, id: transactionIdOf(cryptography, raw), bytes: raw } });
      }
    }
  });

  it('a verified transaction keeps nothing of the memory that raw bytes came in', () => {
    const raw = encodeTransaction(sponsored);
    const frame = Buffer.concat([Buffer.alloc(10), raw, Buffer.alloc(10)]);
    const outcome = verifyTransaction(cryptography, typedData, frame.subarray(10, 10 + raw.length));
    frame.fill(0xee);
    expect(outcome.ok && outcome.transaction).toMatchObject(sponsored);
    expect(outcome.ok && outcome.transaction.bytes).toEqual(raw);
    expect(outcome.ok && outcome.transaction.bytes.buffer.byteLength).toBe(raw.length);
  });

  it('a message changed after signing is refused, whatever the field', () => {
    const changes: Partial<TransactionMessage<'Transfer'>>[] = [
      { from: bob.address },
      { nonce: 4 },
      { validUntil: 1_800_000_001 },
      { maxFee: 1n },
      { to: alice.address },
      { asset: 'mUSDx' },
      { amount: 12_346n },
      { memo: '' },
    ];
    for (const change of changes) {
      const changed = { ...signed, message: { ...message, ...change } } as SignedTransaction;
      expect(verifyTransaction(cryptography, typedData, changed)).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
      expect(verifyTransaction(cryptography, typedData, encodeTransaction(changed))).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
    }
  });

  it('the same message signed as another type is refused', () => {
    const { to: _to, asset: _asset, amount: _amount, memo: _memo, ...common } = message;
    const join = signTransaction(cryptography, typedData, { type: 'Join', message: common }, alice.privateKey);
    expect(verifyTransaction(cryptography, typedData, { ...join, type: 'Leave' })).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
  });

  it('a signature in any form but the accepted one is refused', () => {
    const { signature } = signed;
    const s = numberOf(signature.subarray(32, 64));
    const v = signature[64] as number;
    const forms = {
      'high s': Uint8Array.of(...signature.subarray(0, 32), ...word(N - s), 1 - v),
      'v + 27': Uint8Array.of(...signature.subarray(0, 64), v + 27),
      'v + 2': Uint8Array.of(...signature.subarray(0, 64), v + 2),
      'other v': Uint8Array.of(...signature.subarray(0, 64), 1 - v),
      zero: new Uint8Array(65),
      'r = n': Uint8Array.of(...word(N), ...signature.subarray(32)),
    };
    for (const [name, form] of Object.entries(forms)) {
      const changed = { ...signed, signature: form as Signature };
      expect(verifyTransaction(cryptography, typedData, changed), name).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
      expect(verifyTransaction(cryptography, typedData, encodeTransaction(changed)), name).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
    }
  });

  it('a sponsor who did not sign for this message and fee is refused', () => {
    const other = signTransaction(cryptography, typedData, { type: 'Transfer', message: { ...message, nonce: 4 } }, alice.privateKey);
    const otherSponsor = signSponsorFee(cryptography, typedData, other, bob.privateKey).sponsor;
    const cases = [
      { ...sponsored, sponsor: { ...(sponsored.sponsor as object), address: alice.address } },
      { ...sponsored, sponsor: { address: bob.address, signature: signed.signature } },
      { ...sponsored, sponsor: { address: bob.address, signature: new Uint8Array(65) } },
      { ...sponsored, sponsor: otherSponsor },
    ] as SignedTransaction[];
    for (const each of cases) {
      expect(hasValidSignatures(cryptography, typedData, each)).toBe(false);
      expect(verifyTransaction(cryptography, typedData, each)).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
    }
  });

  it('a good sponsor does not make up for a bad sender', () => {
    const forged = { ...sponsored, message: { ...message, from: bob.address } } as SignedTransaction;
    expect(verifyTransaction(cryptography, typedData, forged)).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
  });

  it('bytes that are no transaction are an error, not a code', () => {
    expect(() => verifyTransaction(cryptography, typedData, new Uint8Array(10))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_BYTES_INVALID' }),
    );
  });

  it('a transaction of another chain or genesis is a bad signature, or WRONG_CHAIN where the JSON form says so', () => {
    const otherChain = { ...CHAIN, chainId: CHAIN.chainId + 1 };
    const otherGenesis = { ...CHAIN, genesisHash: new Uint8Array(32).fill(1) as GenesisHash };
    for (const domain of [otherChain, otherGenesis]) {
      const foreign = signTransaction(cryptography, typedData.forDomain(domain), transfer, alice.privateKey);
      expect(verifyTransaction(cryptography, typedData, foreign)).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
      const json = transactionToJson(foreign);
      expect(verifyTransactionJson(cryptography, typedData, json)).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
      const salt = `0x${Buffer.from(domain.genesisHash).toString('hex')}`;
      const declared = { ...json, domain: { ...ETHERS_DOMAIN, chainId: domain.chainId, salt } };
      expect(verifyTransactionJson(cryptography, typedData, declared)).toEqual({ ok: false, code: 'WRONG_CHAIN' });
      // BAD_SIGNATURE comes first: a bad signature for another chain is that.
      const bad = { ...declared, message: { ...declared.message, amount: '1' } };
      expect(verifyTransactionJson(cryptography, typedData, bad)).toEqual({ ok: false, code: 'BAD_SIGNATURE' });
    }
  });

  it('the JSON form verifies with and without the domain of this chain', () => {
    const json = transactionToJson(sponsored);
    const expected = verifyTransaction(cryptography, typedData, sponsored);
    expect(expected.ok).toBe(true);
    expect(verifyTransactionJson(cryptography, typedData, json)).toEqual(expected);
    expect(verifyTransactionJson(cryptography, typedData, { ...json, domain: ETHERS_DOMAIN })).toEqual(expected);
  });

  it('signing with the key of somebody else than `from` is refused', () => {
    expect(() => signTransaction(cryptography, typedData, transfer, bob.privateKey)).toThrow(
      'from of Transfer has to be the address of the key',
    );
    const nobody = { ...message, from: addressFrom(new Uint8Array(20)) as Address };
    expect(() => signTransaction(cryptography, typedData, { type: 'Transfer', message: nobody }, alice.privateKey)).toThrow(
      'from of Transfer',
    );
  });

  it('signing drops what is no part of a transaction', () => {
    const extra = { ...transfer, note: 'x' } as UnsignedTransaction<'Transfer'>;
    expect(signTransaction(cryptography, typedData, extra, alice.privateKey)).toEqual(signed);
  });
});

describe('messages', () => {
  it('are checked when compiling', () => {
    // @ts-expect-error: amounts are bigints
    const wrongAmount: TransactionMessage<'Transfer'> = { ...message, amount: 5 };
    // @ts-expect-error: the nonce is missing
    const noNonce: TransactionMessage<'Join'> = { from: message.from, validUntil: 1, maxFee: 1n };
    // @ts-expect-error: Transfer has no lot
    const unknownField: TransactionMessage<'Transfer'> = { ...message, lot: new Uint8Array(32) };
    // @ts-expect-error: a message of one type is none of another
    const otherType: UnsignedTransaction<'Join'> = { type: 'Join', message: { to: message.to } };
    expect([wrongAmount, noNonce, unknownField, otherType]).toHaveLength(4);
  });
});
