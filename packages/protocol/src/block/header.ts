import type { Address, BlockHash, Bytes32, MerkleRoot, StateRoot } from '../bytes/branded.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { type Codec, containerCodec, fixedBytes, uint32, uint64 } from '../ssz/codec.ts';
import { decodeAs, type Expectation } from '../ssz/decode-as.ts';

/** What a block is known by; everything else it holds is committed here. Field order is byte order. */
export type BlockHeader = {
  readonly protocolVersion: number;
  readonly chainId: number;
  /** 0 is genesis. */
  readonly height: number;
  /** Unix ms; strictly above the parent's. */
  readonly timestampMs: number;
  /** Zeros at height 0. */
  readonly parentHash: BlockHash;
  /** Address of the validator that first proposed the block; zeros at height 0. */
  readonly proposer: Address;
  /** State after this block. */
  readonly stateRoot: StateRoot;
  readonly transactionsRoot: MerkleRoot;
  readonly recordsRoot: MerkleRoot;
  readonly receiptsRoot: MerkleRoot;
  readonly evidenceRoot: MerkleRoot;
  /** Validators that decide this height. */
  readonly validatorsHash: Bytes32;
  /** Validators that decide the next height. */
  readonly nextValidatorsHash: Bytes32;
  /** Parameters under which this block was executed. */
  readonly parametersHash: Bytes32;
};

const codec = containerCodec({
  protocolVersion: uint32,
  chainId: uint64,
  height: uint64,
  timestampMs: uint64,
  parentHash: fixedBytes<BlockHash>(32),
  proposer: fixedBytes<Address>(20),
  stateRoot: fixedBytes<StateRoot>(32),
  transactionsRoot: fixedBytes<MerkleRoot>(32),
  recordsRoot: fixedBytes<MerkleRoot>(32),
  receiptsRoot: fixedBytes<MerkleRoot>(32),
  evidenceRoot: fixedBytes<MerkleRoot>(32),
  validatorsHash: fixedBytes<Bytes32>(32),
  nextValidatorsHash: fixedBytes<Bytes32>(32),
  parametersHash: fixedBytes<Bytes32>(32),
});

/** Length of a header's canonical bytes. */
export const HEADER_BYTES = 336;

const EXPECTED: Expectation = { code: 'PROTOCOL_HEADER_BYTES_INVALID', name: 'a header', remedy: 'fetch it again, or from another peer' };

/** Canonical bytes of a header: always `HEADER_BYTES`. Errors of decode: `PROTOCOL_HEADER_BYTES_INVALID`, naming the field. */
export const headerCodec: Codec<BlockHeader> = {
  encode: codec.encode,
  decode: (bytes) => {
    if (bytes.length !== HEADER_BYTES) {
      const message = `a header has exactly ${HEADER_BYTES} bytes, not ${bytes.length}`;
      throw protocolError(EXPECTED.code, message, { field: 'header', limit: HEADER_BYTES, length: bytes.length });
    }
    return decodeAs(EXPECTED, codec, bytes);
  },
};

const HASH_DOMAIN = encodeUtf8('mutual-chain/header/v1');

/** Identity of a block: SHA-256(domain ‖ header bytes). Does not depend on the round that decided it. */
export function blockHash(cryptography: Pick<Cryptography, 'sha256'>, header: BlockHeader): BlockHash {
  const bytes = headerCodec.encode(header);
  const preimage = new Uint8Array(HASH_DOMAIN.length + bytes.length);
  preimage.set(HASH_DOMAIN);
  preimage.set(bytes, HASH_DOMAIN.length);
  return cryptography.sha256(preimage) as BlockHash;
}
