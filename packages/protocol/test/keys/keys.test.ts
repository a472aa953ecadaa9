import { computeAddress, HDNodeWallet, hexlify, Mnemonic, SigningKey } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../src/bytes/address-text.ts';
import type { PrivateKey, PublicKey } from '../../src/bytes/branded.ts';
import { publicKeyFrom } from '../../src/bytes/checked-bytes.ts';
import { decodeHex, encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography as reference } from '../../src/cryptography/reference.ts';
import { addressFromPublicKey, recoverAddress } from '../../src/keys/address.ts';
import { addressOfPublicKey, keyPairOf, publicKeyOf } from '../../src/keys/key-pair.ts';
import { deriveFromMnemonic, isMnemonic, mnemonicFrom } from '../../src/keys/mnemonic.ts';
import { N, P, scalar, word } from '../cryptography/signature-cases.ts';

/*
 * Goal: keys and addresses are those of every Ethereum wallet. Method: ethers is the oracle.
 */
describe('keys', () => {
  it('have the public key and address that ethers gives them', () => {
    fc.assert(
      fc.property(scalar, (value) => {
        const privateKey = word(value) as PrivateKey;
        const signer = new SigningKey(hexlify(privateKey));
        const { publicKey, address } = keyPairOf(privateKey);
        expect(encodeHex(publicKey)).toBe(signer.compressedPublicKey);
        expect(publicKeyOf(privateKey)).toEqual(publicKey);
        expect(formatAddress(address)).toBe(computeAddress(signer.publicKey));
        expect(addressOfPublicKey(publicKey)).toEqual(address);
        expect(addressFromPublicKey(reference, decodeHex(signer.publicKey))).toEqual(address);
        const digest = reference.sha256(privateKey);
        expect(recoverAddress(reference, digest, reference.sign(digest, privateKey))).toEqual(address);
      }),
      { numRuns: 25 },
    );
  });

  it('have no address where a signature is not valid', () => {
    expect(recoverAddress(reference, new Uint8Array(32), new Uint8Array(65))).toBeUndefined();
  });

  it.each([0n, N, 2n ** 256n - 1n])('are not made of %s', (value) => {
    expect(() => keyPairOf(word(value) as PrivateKey)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PRIVATE_KEY_INVALID' }));
  });

  it.each([5n, P, P + 1n])('that are no point have no address: x = %s', (x) => {
    const publicKey = publicKeyFrom(Uint8Array.of(2, ...word(x)));
    expect(() => addressOfPublicKey(publicKey)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PUBLIC_KEY_INVALID' }));
  });

  it('of another form have no address', () => {
    for (const wrong of [new Uint8Array(64), new Uint8Array(65), new Uint8Array(0), Uint8Array.of(4, ...new Uint8Array(63))]) {
      expect(() => addressFromPublicKey(reference, wrong)).toThrow(expect.objectContaining({ code: 'PROTOCOL_PUBLIC_KEY_INVALID' }));
    }
    expect(() => addressOfPublicKey(new Uint8Array(33) as PublicKey)).toThrow('compressed point');
  });
});

const MNEMONICS = [
  'test test test test test test test test test test test junk',
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about',
  'legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth title',
];

describe('mnemonics', () => {
  it.each(MNEMONICS)('derive what ethers derives: %s', (mnemonic) => {
    expect(isMnemonic(mnemonic)).toBe(true);
    for (const passphrase of ['', 'Größe']) {
      const { keyPair } = deriveFromMnemonic(mnemonic, passphrase);
      const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(mnemonic, passphrase), "m/44'/60'/0'/0");
      for (const index of [0, 1, 2, 9, 2 ** 31 - 1]) {
        const wallet = root.deriveChild(index);
        expect(encodeHex(keyPair(index).privateKey)).toBe(wallet.privateKey);
        expect(formatAddress(keyPair(index).address)).toBe(wallet.address);
      }
    }
  });

  it('derive the well-known first account of the test mnemonic', () => {
    const { keyPair } = deriveFromMnemonic(MNEMONICS[0] as string);
    expect(formatAddress(keyPair(0).address)).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
  });

  it('are made of random bytes as ethers makes them', () => {
    for (const length of [16, 32]) {
      const entropy = Uint8Array.from({ length }, (_, index) => index * 7);
      expect(mnemonicFrom(entropy)).toBe(Mnemonic.fromEntropy(entropy).phrase);
    }
    for (const length of [0, 15, 20, 24, 33]) {
      expect(() => mnemonicFrom(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'PROTOCOL_MNEMONIC_INVALID' }));
    }
  });

  it.each([
    '',
    'test',
    'test test test test test test test test test test test test',
    `${MNEMONICS[0]} junk`,
    (MNEMONICS[0] as string).replace('junk', 'jnuk'),
  ])('are refused when wrong: %j', (mnemonic) => {
    expect(isMnemonic(mnemonic)).toBe(false);
    expect(() => deriveFromMnemonic(mnemonic)).toThrow(expect.objectContaining({ code: 'PROTOCOL_MNEMONIC_INVALID', details: {} }));
  });

  it.each([-1, 2 ** 31, 1.5, Number.NaN])('have no key of index %d', (index) => {
    expect(() => deriveFromMnemonic(MNEMONICS[0] as string).keyPair(index)).toThrow('index of a key has to be');
  });
});
