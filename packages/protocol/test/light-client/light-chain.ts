import { type BlockHeader, blockHash } from '../../src/block/header.ts';
import type { Address, BlockHash, GenesisHash, MerkleRoot, Signature, StateRoot } from '../../src/bytes/branded.ts';
import { privateKeyFrom } from '../../src/bytes/checked-bytes.ts';
import type { CommitCertificate } from '../../src/consensus-messages/certificate.ts';
import { consensusDigest } from '../../src/consensus-messages/sign-bytes.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { type KeyPair, keyPairOf } from '../../src/keys/key-pair.ts';
import { type LightBlock, type TrustedBlock, trustBlock } from '../../src/light-client/light-block.ts';
import { advanceHeight } from '../../src/validator/proposer-selection.ts';
import { applyValidatorChanges, type ValidatorChange } from '../../src/validator/validator-changes.ts';
import { inSetOrder, type ValidatorSet, validatorsHash } from '../../src/validator/validator-set.ts';

/* A chain of headers with real certificates and whatever validators a test wants. */

/** The chain that all blocks here belong to. */
export const GENESIS_HASH = new Uint8Array(32).fill(0x6e) as GenesisHash;
/** Time of the block at height 0; each next one is a second younger. */
export const GENESIS_MS = 1_000_000;

const keys: readonly KeyPair[] = Array.from({ length: 12 }, (_, index) => keyPairOf(privateKeyFrom(new Uint8Array(32).fill(index + 1))));

/** A validator as a change of the set; power 0 removes it. */
export function change(key: number, power: number): ValidatorChange {
  const { publicKey, address } = keys[key] as KeyPair;
  return { publicKey, address, power: BigInt(power), operator: address, peerId: '', addresses: '' };
}

/** Validators by the numbers of their keys, each of power 1. */
export function setOf(...numbers: readonly number[]): ValidatorSet {
  return { validators: inSetOrder(numbers.map((number) => ({ ...change(number, 1), priority: 0n }))) };
}

/** A chain: blocks by height, and the validators that decide each. */
export type LightChain = { readonly blocks: readonly LightBlock[]; readonly sets: readonly ValidatorSet[]; readonly genesis: TrustedBlock };

/** Decides blocks up to a height. `changes` take effect at the height that they stand for. */
export function chainOf(
  first: ValidatorSet,
  height: number,
  changes: Readonly<Record<number, readonly ValidatorChange[]>> = {},
  fill = 0,
): LightChain {
  const sets: ValidatorSet[] = [first, first];
  for (let each = 2; each <= height + 1; each++) {
    const next = applyValidatorChanges(advanceHeight(sets[each - 1] as ValidatorSet), changes[each] ?? []);
    sets.push(next as ValidatorSet);
  }
  const blocks: LightBlock[] = [];
  let parentHash = new Uint8Array(32) as BlockHash;
  for (let each = 0; each <= height; each++) {
    const header = headerOf(each, parentHash, sets[each] as ValidatorSet, sets[each + 1] as ValidatorSet, each === 0 ? 0 : fill);
    parentHash = blockHash(cryptography, header);
    blocks.push({
      header,
      certificate: certificateOf(header, sets[each] as ValidatorSet),
      validators: sets[each] as ValidatorSet,
      nextValidators: sets[each + 1] as ValidatorSet,
    });
  }
  const [{ header }] = blocks as [LightBlock];
  return { blocks, sets, genesis: trustBlock(cryptography, blockHash(cryptography, header), header, first) as TrustedBlock };
}

/** A header that names these validators. */
export function headerOf(height: number, parentHash: BlockHash, validators: ValidatorSet, next: ValidatorSet, fill: number): BlockHeader {
  const root = new Uint8Array(32).fill(fill) as MerkleRoot;
  return {
    protocolVersion: 1,
    chainId: 7,
    height,
    timestampMs: GENESIS_MS + 1_000 * height,
    parentHash,
    proposer: new Uint8Array(20) as Address,
    stateRoot: new Uint8Array(32).fill(fill) as StateRoot,
    transactionsRoot: root,
    recordsRoot: root,
    receiptsRoot: root,
    evidenceRoot: root,
    validatorsHash: validatorsHash(cryptography, validators),
    nextValidatorsHash: validatorsHash(cryptography, next),
    parametersHash: new Uint8Array(32) as BlockHeader['parametersHash'],
  };
}

/** Precommits for a header by validators at these positions of the set, all of them if not given. */
export function certificateOf(header: BlockHeader, set: ValidatorSet, positions?: readonly number[], round = 0): CommitCertificate {
  const { height } = header;
  const hash = blockHash(cryptography, header);
  const digest = consensusDigest(cryptography, GENESIS_HASH, { kind: 'precommit', height, round, blockHash: hash });
  const signatures = (positions ?? [...set.validators.keys()]).map((validatorIndex) => {
    const signer = set.validators[validatorIndex];
    const key = keys.find(({ address }) => address.join() === signer?.address.join()) as KeyPair;
    return { validatorIndex, signature: cryptography.sign(digest, key.privateKey) as Signature };
  });
  return { height, round, blockHash: hash, signatures };
}
