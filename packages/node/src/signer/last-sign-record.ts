import type { SignRequest } from '@mutual-chain/consensus';
import {
  type Address,
  type BlockHash,
  type Cryptography,
  consensusDigest,
  equalBytes,
  type GenesisHash,
  SIGNED_KINDS,
  type Signature,
} from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import { crc32c } from '../wal/crc32c.ts';
import type { LastSign } from './sign-guard.ts';

/** Length of a record of what was signed last, bytes. */
export const LAST_SIGN_BYTES = 224;

const MAGIC = new TextEncoder().encode('mutualls');
const VERSION = 1;
const KINDS = ['prevote', 'precommit', 'proposal'] as const;
const AT = {
  version: 8,
  address: 12,
  genesisHash: 32,
  kind: 64,
  height: 65,
  round: 73,
  validRoundPlusOne: 81,
  forBlock: 89,
  blockHash: 90,
  digest: 122,
  signature: 154,
  rest: 219,
  checksum: 220,
} as const;

/** Whose signatures a record is about. */
export type SignerIdentity = {
  readonly address: Address;
  readonly genesisHash: GenesisHash;
  readonly cryptography: Pick<Cryptography, 'sha256'>;
};

/**
 * Magic "mutualls" (8) ‖ version (4) ‖ address (20) ‖ genesis hash (32) ‖ kind (1: 0 nothing signed, 1 prevote, 2 precommit, 3 proposal) ‖
 * height (8) ‖ round (8) ‖ validRound + 1 (8) ‖ 1 for a block, 0 for nil (1) ‖ block hash (32) ‖ sign bytes (32) ‖ signature (65) ‖ zero (1) ‖
 * CRC-32C of all before (4). Numbers big-endian; what does not apply is zero.
 */
export function encodeLastSign(identity: SignerIdentity, last: LastSign | undefined): Uint8Array {
  const bytes = new Uint8Array(LAST_SIGN_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(AT.version, VERSION);
  bytes.set(identity.address, AT.address);
  bytes.set(identity.genesisHash, AT.genesisHash);
  if (last !== undefined) {
    const { request, digest, signature } = last;
    bytes[AT.kind] = SIGNED_KINDS[request.kind];
    view.setBigUint64(AT.height, BigInt(request.height));
    view.setBigUint64(AT.round, BigInt(request.round));
    view.setBigUint64(AT.validRoundPlusOne, BigInt(request.kind === 'proposal' ? request.validRound + 1 : 0));
    bytes[AT.forBlock] = request.blockHash === undefined ? 0 : 1;
    if (request.blockHash !== undefined) bytes.set(request.blockHash, AT.blockHash);
    bytes.set(digest, AT.digest);
    bytes.set(signature, AT.signature);
  }
  view.setUint32(AT.checksum, crc32c(bytes.subarray(0, AT.checksum)));
  return bytes;
}

/**
 * What a key signed last, or undefined when it has signed nothing. `place` is named in errors.
 * Errors: `SIGNER_STATE_DAMAGED`, also for sign bytes that do not follow from the rest; `SIGNER_STATE_FOREIGN`.
 */
export function decodeLastSign(identity: SignerIdentity, bytes: Uint8Array, place: string): LastSign | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole =
    bytes.length === LAST_SIGN_BYTES &&
    view.getUint32(AT.checksum) === crc32c(bytes.subarray(0, AT.checksum)) &&
    equalBytes(bytes.subarray(0, MAGIC.length), MAGIC) &&
    view.getUint32(AT.version) === VERSION;
  if (!isWhole) throw damaged(place);
  const isOwn =
    equalBytes(bytes.subarray(AT.address, AT.genesisHash), identity.address) &&
    equalBytes(bytes.subarray(AT.genesisHash, AT.kind), identity.genesisHash);
  if (!isOwn)
    throw nodeError('SIGNER_STATE_FOREIGN', `${place} is about another key or another chain: name the right directory`, { path: place });
  if (bytes[AT.kind] === 0) return undefined;
  const request = decodeRequest(bytes, view);
  const digest = bytes.slice(AT.digest, AT.signature);
  if (request === undefined || !equalBytes(digest, consensusDigest(identity.cryptography, identity.genesisHash, request)))
    throw damaged(place);
  return { request, digest, signature: bytes.slice(AT.signature, AT.rest) as Signature };
}

function decodeRequest(bytes: Uint8Array, view: DataView): SignRequest | undefined {
  const height = Number(view.getBigUint64(AT.height));
  const round = Number(view.getBigUint64(AT.round));
  const validRound = Number(view.getBigUint64(AT.validRoundPlusOne)) - 1;
  const blockHash = bytes[AT.forBlock] === 1 ? (bytes.slice(AT.blockHash, AT.digest) as BlockHash) : undefined;
  const kind = KINDS.find((each) => SIGNED_KINDS[each] === bytes[AT.kind]);
  if (kind !== 'proposal') return kind === undefined ? undefined : { kind, height, round, blockHash };
  return blockHash === undefined ? undefined : { kind, height, round, validRound, blockHash };
}

function damaged(place: string): Error {
  const remedy = 'restore the copy that was exported with the key, or let a new key be admitted; never begin an old key anew';
  return nodeError('SIGNER_STATE_DAMAGED', `${place} is damaged: ${remedy}`, { path: place });
}
