import { randomBytes } from 'node:crypto';
import { peerIdOf } from '@mutual-chain/node/p2p';
import {
  type Cryptography,
  deriveFromMnemonic,
  encodeHex,
  formatAddress,
  type Genesis,
  type GenesisHash,
  type GenesisJsonInput,
  genesisHashOf,
  type KeyPair,
  keyPairOf,
  mnemonicFrom,
  parseGenesis,
  possessionDigest,
  privateKeyFrom,
  type ValidatorJson,
} from '@mutual-chain/protocol';
import { accountOf, foundingDocument, type NetworkAccount, type NetworkPreset, plannedAccounts } from './founding-document.ts';
import { multiaddressOf, type NodePlace } from './node-places.ts';
import { TEST_MNEMONIC } from './test-accounts.ts';

/** What a new network is made from. */
export type NetworkOptions = {
  readonly preset: NetworkPreset;
  readonly chainId: number;
  readonly networkName: string;
  /** Genesis time, ms since 1970; no block may be older. */
  readonly timestampMs: number;
  /** One for each validator. */
  readonly places: readonly NodePlace[];
  readonly cryptography: Cryptography;
  /** Parameters of the chain that differ from the defaults, as a genesis document has them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Fresh bytes; those of the system when left out. */
  readonly random?: (length: number) => Uint8Array;
};

/** A validator of a new network. */
export type NetworkValidator = {
  /** Also the name of its folder: `validator-1`. */
  readonly name: string;
  readonly place: NodePlace;
  readonly keyPair: KeyPair;
  /** Account that votes for it. */
  readonly operator: NetworkAccount;
  /** Key of the node in the network, 32 bytes. */
  readonly nodeKey: Uint8Array;
  readonly peerId: string;
  /** Multiaddress under which the others reach it, without the peer id. */
  readonly address: string;
};

/** A new network with all its keys, in memory. */
export type Network = {
  readonly document: GenesisJsonInput;
  readonly genesis: Genesis;
  readonly genesisHash: GenesisHash;
  /** Of all accounts; the published one for a devnet. */
  readonly mnemonic: string;
  readonly accounts: readonly NetworkAccount[];
  readonly validators: readonly NetworkValidator[];
};

const VALIDATOR_POWER = 10;
const KEY_BYTES = 32;

/**
 * Makes the keys, accounts and genesis document of a new network. Accounts of a devnet are those of the published test mnemonic, others of a
 * fresh one of 24 words; keys of validators and nodes are always fresh.
 *
 * Errors: `PROTOCOL_GENESIS_INVALID`, `PROTOCOL_PARAMETER_INVALID`.
 */
export function createNetwork(options: NetworkOptions): Network {
  const { preset, chainId, networkName, timestampMs, places, cryptography, parameters = {}, random = randomBytes } = options;
  const mnemonic = preset === 'devnet' ? TEST_MNEMONIC : mnemonicFrom(Uint8Array.from(random(KEY_BYTES)));
  const derivation = deriveFromMnemonic(mnemonic);
  const accounts = plannedAccounts(preset, places.length).map((plan) => ({ ...plan, keyPair: derivation.keyPair(plan.index) }));
  const validators = places.map((place, index) => createValidator(place, index, accounts, { cryptography, random }));
  const entries = validators.map((validator) => validatorEntry(validator, chainId, cryptography));
  const document = foundingDocument({ preset, chainId, networkName, timestampMs, parameters, accounts, validators: entries });
  const genesis = parseGenesis(document, cryptography);
  return { document, genesis, genesisHash: genesisHashOf(cryptography, genesis), mnemonic, accounts, validators };
}

function createValidator(
  place: NodePlace,
  index: number,
  accounts: readonly NetworkAccount[],
  { cryptography, random }: { readonly cryptography: Cryptography; readonly random: (length: number) => Uint8Array },
): NetworkValidator {
  // A random number of 256 bits is no key of the curve about once in 2^128.
  const nodeKey = privateKeyFrom(Uint8Array.from(random(KEY_BYTES)));
  return {
    name: `validator-${index + 1}`,
    place,
    keyPair: keyPairOf(privateKeyFrom(Uint8Array.from(random(KEY_BYTES))), cryptography),
    operator: accountOf(accounts, `operator${index + 1}`),
    nodeKey,
    peerId: peerIdOf(nodeKey),
    address: multiaddressOf(place),
  };
}

function validatorEntry(
  { keyPair, operator, peerId, address }: NetworkValidator,
  chainId: number,
  cryptography: Cryptography,
): ValidatorJson {
  const digest = possessionDigest(cryptography, chainId, operator.keyPair.address);
  return {
    publicKey: encodeHex(keyPair.publicKey),
    power: VALIDATOR_POWER,
    operator: formatAddress(operator.keyPair.address),
    peerId,
    addresses: address,
    possession: encodeHex(cryptography.sign(digest, keyPair.privateKey)),
  };
}
