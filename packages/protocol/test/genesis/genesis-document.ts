import type { Address } from '../../src/bytes/branded.ts';
import { privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import { encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import type { GenesisJsonInput, ShareJson } from '../../src/genesis/genesis-json.ts';
import { type KeyPair, keyPairOf } from '../../src/keys/key-pair.ts';
import { possessionDigest } from '../../src/validator/possession.ts';

/* A genesis document with everything in it, of which a test replaces parts. */

/** One MTN in base units. */
export const MTN: bigint = 10n ** 18n;

/** Genesis time of the document, unix seconds. */
export const START_SEC = 1_800_000_000;

/** Chain of the document. */
const CHAIN_ID = 77;

/** Bytes of an address that nobody has the key of. */
export function addressBytes(fill: number): Address {
  return new Uint8Array(20).fill(fill) as Address;
}

/** The same as a text. */
export function addressHex(fill: number): string {
  return encodeHex(addressBytes(fill));
}

/** A key that is the same in every run. */
export function keyOf(number: number): KeyPair {
  return keyPairOf(privateKeyFrom(new Uint8Array(32).fill(number)));
}

/** What a key signs to validate for an operator. */
export function possessionOf(number: number, operator: number, chainId: number = CHAIN_ID): string {
  return encodeHex(cryptography.sign(possessionDigest(cryptography, chainId, addressBytes(operator)), keyOf(number).privateKey));
}

type ValidatorInput = GenesisJsonInput['validators'][number];

const VALIDATORS: readonly ValidatorInput[] = [1, 2].map((number) => ({
  publicKey: encodeHex(keyOf(number).publicKey),
  power: 10 + number,
  operator: addressHex(0xd0 + number),
  peerId: `peer${number}`,
  addresses: `/ip4/10.0.0.${number}/tcp/7000`,
  possession: possessionOf(number, 0xd0 + number),
}));

/** MTN of an account, in base units. */
export function share(fill: number, amount: bigint): ShareJson {
  return { address: addressHex(fill), amount: String(amount) };
}

/** The accounts of preset `muton`, one a tranche; what is not given is a whole tranche of its own account. */
export function mutonAllocation(tranches: Record<string, ShareJson[]> = {}): GenesisJsonInput['allocation'] {
  return {
    preset: 'muton',
    tranches: {
      presale: [share(0x11, 60_000_000n * MTN)],
      sale: [share(0x12, 140_000_000n * MTN)],
      founders: [share(0x13, 80_000_000n * MTN)],
      reserve: [share(0x14, 80_000_000n * MTN)],
      research: [share(0x15, 40_000_000n * MTN)],
      ...tranches,
    },
  };
}

/** A document with two of everything that is a list; parts can be replaced. */
export function genesisDocument(change: Partial<GenesisJsonInput> = {}): GenesisJsonInput {
  return {
    chainId: CHAIN_ID,
    networkName: 'Prüfnetz',
    timestampMs: START_SEC * 1000 + 999,
    protocolVersion: 1,
    parameters: { blockIntervalMs: '70', 'fee.Transfer': '5' },
    allocation: mutonAllocation(),
    assets: [
      {
        id: 'mUSD',
        name: 'US dollar',
        decimals: 2,
        gateways: [addressHex(0x61), addressHex(0x62)],
        threshold: 2,
        minLevel: 1,
        transferMode: 'CONFIRMED',
      },
      { id: 'mART', name: 'Art', decimals: 0, kind: 'ISSUED', gateways: [], threshold: 0, minLevel: 2, transferMode: 'IMMEDIATE' },
    ],
    members: [
      { address: addressHex(0x61), level: 3, roles: ['registrar', 'auditor'] },
      {
        address: addressHex(0x62),
        level: 3,
        levelExpiresAt: START_SEC + 5,
        credentialHash: `0x${'ab'.repeat(32)}`,
        jurisdiction: 'CH',
        roles: [],
      },
    ],
    treasury: addressHex(0x71),
    audit: addressHex(0x72),
    validators: [...VALIDATORS],
    ...change,
  };
}

/** A validator of the document with parts replaced. */
export function validatorInput(index: 0 | 1, change: Partial<ValidatorInput> = {}): ValidatorInput {
  return { ...(VALIDATORS[index] as ValidatorInput), ...change };
}
