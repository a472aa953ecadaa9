import { describe, expect, it } from 'vitest';
import { privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { type KeyPair, keyPairOf } from '../../src/keys/key-pair.ts';
import { LIMITS } from '../../src/limits.ts';
import { possessionDigest, verifyPossession } from '../../src/validator/possession.ts';
import {
  isInSetOrder,
  totalPower,
  type Validator,
  type ValidatorSet,
  validatorAt,
  validatorHistoryCodec,
  validatorSetCodec,
  validatorsHash,
} from '../../src/validator/validator-set.ts';
import { verifyValidatorSet } from '../../src/validator/verify-validator-set.ts';
import { consortiumOf } from '../consensus-messages/consortium.ts';

/*
 * Goal: a set has one byte form, its hash covers all that decides who proposes and what counts, and a set with anything of that changed is
 * refused. Method: one change at a time.
 */

const { set: plain, keys } = consortiumOf(4, 3, 2, 1);
const set: ValidatorSet = {
  validators: plain.validators.map((each, index) => ({
    ...each,
    priority: BigInt(index * 7 - 9),
    addresses: `/ip4/10.0.0.${index}/tcp/1`,
  })),
};
const [first, second] = set.validators as [Validator, Validator];
const withFirst = (change: Partial<Validator>): ValidatorSet => ({ validators: [{ ...first, ...change }, ...set.validators.slice(1)] });
const swapped: ValidatorSet = {
  validators: [{ ...first, publicKey: second.publicKey }, { ...second, publicKey: first.publicKey }, ...set.validators.slice(2)],
};
const hash = validatorsHash(cryptography, set);

describe('the hash of a set', () => {
  it.each<[string, ValidatorSet]>([
    ['a power', withFirst({ power: 9n })],
    ['a priority', withFirst({ priority: 0n })],
    ['a key', withFirst({ publicKey: second.publicKey })],
    ['the order', { validators: [...set.validators].reverse() }],
    ['who is in it', { validators: set.validators.slice(1) }],
  ])('depends on %s', (_name, changed) => {
    expect(validatorsHash(cryptography, changed)).not.toEqual(hash);
  });

  it('leaves out what consensus does not ask for', () => {
    expect(validatorsHash(cryptography, withFirst({ operator: second.address, peerId: 'other', addresses: '' }))).toEqual(hash);
  });
});

describe('a set from outside', () => {
  it('is good if the header names it', () => {
    expect(verifyValidatorSet(cryptography, set, hash)).toBe(true);
  });

  it.each<[string, ValidatorSet]>([
    ['tampered priorities', withFirst({ priority: 1n })],
    ['tampered powers', withFirst({ power: 5n })],
    ['an address that is not that of its key', withFirst({ address: new Uint8Array(20).fill(0) as never })],
    ['keys in the place of each other', swapped],
    ['another order', { validators: [...set.validators].reverse() }],
    ['one validator twice', { validators: [first, ...set.validators] }],
    ['a key that is no point', withFirst({ publicKey: new Uint8Array(33).fill(0xff) as never })],
    ['power 0', withFirst({ power: 0n })],
    ['power 2^53', withFirst({ power: 2n ** 53n })],
    ['nobody', { validators: [] }],
  ])('with %s is refused, even under its own hash (ASA-2024-009)', (_name, changed) => {
    expect(verifyValidatorSet(cryptography, changed, hash)).toBe(false);
    const forges = !['tampered priorities', 'tampered powers'].includes(_name);
    if (forges) expect(verifyValidatorSet(cryptography, changed, validatorsHash(cryptography, changed))).toBe(false);
  });
});

describe('looking up', () => {
  it('finds a validator by its address and knows the total', () => {
    expect(validatorAt(set, second.address)).toBe(second);
    expect(validatorAt(set, new Uint8Array(20) as never)).toBeUndefined();
    expect(totalPower(set)).toBe(10n);
  });

  it.each<[string, readonly Validator[], boolean]>([
    ['nobody', [], true],
    ['one', [first], true],
    ['all', set.validators, true],
    ['one twice', [first, first], false],
    ['the other order', [second, first], false],
  ])('tells whether %s stand in order', (_name, validators, expected) => {
    expect(isInSetOrder(validators)).toBe(expected);
  });
});

describe('bytes of a set', () => {
  const refusal = (bytes: Uint8Array): unknown => {
    try {
      return validatorSetCodec.decode(bytes);
    } catch (error) {
      return error instanceof ChainError ? { code: error.code, field: error.details['field'] } : error;
    }
  };

  it('are read back as written', () => {
    expect(validatorSetCodec.decode(validatorSetCodec.encode(set))).toEqual(set);
    const entry = { set, previousSince: 12 };
    expect(validatorHistoryCodec.decode(validatorHistoryCodec.encode(entry))).toEqual(entry);
  });

  it('are refused when cut or lengthened, or are the one form of another set', () => {
    const bytes = validatorSetCodec.encode(set);
    for (const damaged of [...Array.from({ length: bytes.length }, (_, length) => bytes.slice(0, length)), Uint8Array.of(...bytes, 65)]) {
      const read = refusal(damaged) as ValidatorSet & { code?: string };
      if (read.code === undefined) expect(validatorSetCodec.encode(read)).toEqual(damaged);
      else expect(read.code).toBe('PROTOCOL_BYTES_INVALID');
    }
  });

  it('hold as many validators as a set may have, and no more', () => {
    const many = (count: number): ValidatorSet => ({
      validators: Array.from({ length: count }, (_, index) => ({ ...first, address: new Uint8Array(20).fill(index + 1) as never })),
    });
    const full = many(LIMITS.validatorsMax);
    expect(validatorSetCodec.decode(validatorSetCodec.encode(full))).toEqual(full);
    expect(() => validatorSetCodec.encode(many(LIMITS.validatorsMax + 1))).toThrow('at most 100 items');
  });
});

describe('the proof of possession', () => {
  const key = keyPairOf(privateKeyFrom(new Uint8Array(32).fill(9)));
  const operator = (keys[0] as KeyPair).address;
  const possession = cryptography.sign(possessionDigest(cryptography, 7, operator), key.privateKey);
  const proves = (chainId: number, who: Uint8Array, bytes: Uint8Array, by: KeyPair = key): boolean =>
    verifyPossession(cryptography, chainId, { publicKey: by.publicKey, operator: who as never }, bytes);

  it('holds for its key, chain and operator, with or without the recovery byte', () => {
    expect([proves(7, operator, possession), proves(7, operator, possession.slice(0, 64))]).toEqual([true, true]);
  });

  it.each([
    ['another chain', proves(8, operator, possession)],
    ['another operator', proves(7, key.address, possession)],
    ['another key', proves(7, operator, possession, keys[0] as KeyPair)],
    ['63 bytes', proves(7, operator, possession.slice(0, 63))],
    ['66 bytes', proves(7, operator, Uint8Array.of(...possession, 0))],
    ['nothing', proves(7, operator, new Uint8Array(0))],
  ])('does not hold for %s', (_name, held) => {
    expect(held).toBe(false);
  });
});
