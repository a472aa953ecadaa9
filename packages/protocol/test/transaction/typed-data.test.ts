import { TypedDataEncoder, verifyTypedData } from 'ethers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/bytes/address-text.ts';
import type { GenesisHash, Signature } from '../../src/bytes/branded.ts';
import { decodeHex, encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography } from '../../src/cryptography/reference.ts';
import { type FastCryptography, loadFastCryptography } from '../../src/fast/index.ts';
import { messageToJson, parseSignature } from '../../src/transaction/json-codec.ts';
import { schemaOfType } from '../../src/transaction/schema.ts';
import { signSponsorFee, signTransaction } from '../../src/transaction/sign-transaction.ts';
import type { SignedTransaction, UnsignedTransaction } from '../../src/transaction/transaction.ts';
import { createTypedData, type TypedData, typeStringOf } from '../../src/transaction/typed-data.ts';
import { sponsorFeePayload, typedDataPayload } from '../../src/transaction/typed-data-payload.ts';
import { verifyTransaction } from '../../src/transaction/verify-transaction.ts';
import { anyUnsigned, sampleOf, TYPES, unsignedOf } from './table-arbitrary.ts';
import { CHAIN, ETHERS_DOMAIN, ethersTypes, testKey, testWallet } from './test-chain.ts';

/*
 * Goal: what a wallet of Ethereum signs is what this chain verifies. Method: ethers signs, verifies and hashes the same messages, given to
 * it in our JSON form.
 */
let fast: FastCryptography;
let typedData: TypedData;
const referenceTypedData = createTypedData(referenceCryptography, CHAIN);

beforeAll(async () => {
  fast = await loadFastCryptography();
  typedData = createTypedData(fast, CHAIN);
});

function ethersMessage(unsigned: UnsignedTransaction): Record<string, unknown> {
  return messageToJson(unsigned) as unknown as Record<string, unknown>;
}

describe('digests', () => {
  it('are those of ethers, for random messages of every type', () => {
    expect(encodeHex(typedData.domainSeparator)).toBe(TypedDataEncoder.hashDomain(ETHERS_DOMAIN));
    fc.assert(
      fc.property(anyUnsigned, (unsigned) => {
        const expected = TypedDataEncoder.hash(ETHERS_DOMAIN, ethersTypes(unsigned.type), ethersMessage(unsigned));
        expect(encodeHex(typedData.digest(unsigned))).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it.each(TYPES)('of %s are the same with each cryptography, also when full', (type) => {
    expect(typeStringOf(schemaOfType(type))).toBe(TypedDataEncoder.from(ethersTypes(type)).encodeType(type));
    for (const unsigned of [sampleOf(type), sampleOf(type, true)]) {
      const expected = TypedDataEncoder.hash(ETHERS_DOMAIN, ethersTypes(type), ethersMessage(unsigned));
      expect(encodeHex(typedData.digest(unsigned))).toBe(expected);
      expect(encodeHex(referenceTypedData.digest(unsigned))).toBe(expected);
    }
  });

  it('do not depend on what was hashed before', () => {
    // Room for a struct is reused: a shorter list or text after a longer one must leave nothing behind.
    const full = sampleOf('DefineAsset', true);
    const small = { ...full, message: { ...full.message, gateways: [], name: '' } } as unknown as UnsignedTransaction;
    const fresh = createTypedData(referenceCryptography, CHAIN).digest(small);
    typedData.digest(full);
    expect(typedData.digest(small)).toEqual(fresh);
    const first = typedData.digest(full);
    const kept = Uint8Array.from(first);
    typedData.digest(small);
    expect(first).toEqual(kept);
  });

  it('differ between chains and between geneses of one chain id', () => {
    const transfer = sampleOf('Transfer');
    const otherGenesis = { ...CHAIN, genesisHash: new Uint8Array(32).fill(0x5b) as GenesisHash };
    for (const domain of [{ ...CHAIN, chainId: CHAIN.chainId + 1 }, otherGenesis]) {
      const expected = TypedDataEncoder.hash(
        { ...ETHERS_DOMAIN, chainId: domain.chainId, salt: encodeHex(domain.genesisHash) },
        ethersTypes('Transfer'),
        ethersMessage(transfer),
      );
      expect(encodeHex(typedData.forDomain(domain).digest(transfer))).toBe(expected);
      expect(typedData.digest(transfer)).not.toEqual(typedData.forDomain(domain).digest(transfer));
    }
  });

  it('hold chain ids above 2^32', () => {
    const chainId = Number.MAX_SAFE_INTEGER - 1;
    expect(encodeHex(typedData.forDomain({ ...CHAIN, chainId }).domainSeparator)).toBe(
      TypedDataEncoder.hashDomain({ ...ETHERS_DOMAIN, chainId }),
    );
  });

  it.each([0, -1, 1.5, 2 ** 53, Number.NaN])('are not made for chain id %d', (chainId) => {
    expect(() => createTypedData(referenceCryptography, { ...CHAIN, chainId })).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_DOMAIN_INVALID' }),
    );
  });

  it('are not made for a genesis hash of another length', () => {
    const genesisHash = new Uint8Array(31) as GenesisHash;
    expect(() => createTypedData(referenceCryptography, { ...CHAIN, genesisHash })).toThrow('genesisHash has to be 32 bytes');
  });

  it('are not made of values out of range or of unknown types', () => {
    const transfer = sampleOf('Transfer');
    for (const wrong of [
      { amount: 2n ** 128n },
      { amount: -1n },
      { nonce: -1 },
      { nonce: 2 ** 53 },
      { memo: 'x'.repeat(257) },
      { memo: '\ud800' },
    ]) {
      const message = { ...transfer.message, ...wrong };
      expect(() => typedData.digest({ type: 'Transfer', message } as unknown as UnsignedTransaction)).toThrow(
        expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_FIELD_INVALID' }),
      );
    }
    expect(() => typedData.digest({ ...transfer, type: 'Nothing' } as unknown as UnsignedTransaction)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_TRANSACTION_TYPE_UNKNOWN' }),
    );
    const digest = typedData.digest(transfer);
    for (const maxFee of [-1n, 2n ** 128n]) expect(() => typedData.sponsorDigest(digest, maxFee)).toThrow('maxFee');
    expect(() => typedData.sponsorDigest(digest.subarray(1) as typeof digest, 1n)).toThrow('32');
  });
});

describe('signatures', () => {
  it.each(TYPES)('of %s by ethers verify here, and ours are those of ethers', async (type) => {
    const wallet = testWallet(0x31);
    const { address, privateKey } = testKey(0x31);
    for (const unsigned of fc.sample(unsignedOf(type, address), { numRuns: 3, seed: 1 })) {
      const text = await wallet.signTypedData(ETHERS_DOMAIN, ethersTypes(type), ethersMessage(unsigned));
      const theirs = { ...unsigned, signature: parseSignature(text) } as unknown as SignedTransaction;
      expect(verifyTransaction(fast, typedData, theirs)).toMatchObject({ ok: true });
      const ours = signTransaction(fast, typedData, unsigned, privateKey);
      expect(ours).toEqual(theirs);
      const recovered = verifyTypedData(ETHERS_DOMAIN, ethersTypes(type), ethersMessage(unsigned), ethersSignature(ours.signature));
      expect(recovered).toBe(formatAddress(address));
    }
  });

  it('of a sponsor by ethers verify here, and ours are those of ethers', async () => {
    const { address, privateKey } = testKey(0x31);
    const sponsor = testKey(0x32);
    const [unsigned] = fc.sample(unsignedOf('Transfer', address), { numRuns: 1, seed: 2 }) as [UnsignedTransaction];
    const signed = signTransaction(fast, typedData, unsigned, privateKey);
    const payload = sponsorFeePayload(CHAIN, typedData.digest(unsigned), unsigned.message.maxFee);
    const { EIP712Domain: _, ...types } = payload.types;
    const text = await testWallet(0x32).signTypedData(payload.domain, types as never, payload.message);
    const theirs = { ...signed, sponsor: { address: sponsor.address, signature: parseSignature(text) } };
    expect(signSponsorFee(fast, typedData, signed, sponsor.privateKey)).toEqual(theirs);
    expect(verifyTransaction(fast, typedData, theirs as unknown as SignedTransaction)).toMatchObject({ ok: true });
  });
});

/** r‖s‖v with v of 27 or 28, as ethers reads it. */
function ethersSignature(signature: Signature): string {
  return encodeHex(Uint8Array.of(...signature.subarray(0, 64), 27 + (signature[64] as number)));
}

describe('the payload of eth_signTypedData_v4', () => {
  it.each(TYPES)('of %s is complete: ethers reads it and comes to the same digest', (type) => {
    const unsigned: UnsignedTransaction = sampleOf(type);
    // As it travels to a wallet: through JSON.
    const payload = JSON.parse(JSON.stringify(typedDataPayload(CHAIN, unsigned))) as ReturnType<typeof typedDataPayload>;
    const { EIP712Domain, ...types } = payload.types;
    expect(payload.primaryType).toBe(type);
    expect(payload.domain).toEqual(ETHERS_DOMAIN);
    expect(TypedDataEncoder.from(types as never).primaryType).toBe(type);
    expect(TypedDataEncoder.hash(payload.domain, types as never, payload.message as never)).toBe(encodeHex(typedData.digest(unsigned)));
    expect(EIP712Domain).toEqual(TypedDataEncoder.getPayload(ETHERS_DOMAIN, types as never, payload.message as never).types.EIP712Domain);
  });

  it('is not made of a digest of another length', () => {
    expect(() => sponsorFeePayload(CHAIN, decodeHex('0x00') as never, 1n)).toThrow('transaction has 1 bytes');
  });
});
