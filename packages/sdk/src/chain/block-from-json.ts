import {
  type BlockHash,
  type BlockHeader,
  bytes32From,
  type CommitCertificate,
  decodeHex,
  type MerkleRoot,
  type PublicKey,
  parseAddress,
  parseSignature,
  type StateRoot,
  type ValidatorSet,
} from '@mutual-chain/protocol';
import type { CertificateJson, HeaderJson, ValidatorsJson } from '@mutual-chain/rpc/contract';

const hash = (text: string, field: string): Uint8Array => decodeHex(text, field, 32);

/** A header as the protocol hashes it. Errors: `PROTOCOL_HEX_INVALID`, `PROTOCOL_ADDRESS_INVALID`. */
export function headerFromJson(json: HeaderJson): BlockHeader {
  const { protocolVersion, chainId, height, timestampMs } = json;
  return {
    protocolVersion,
    chainId,
    height,
    timestampMs,
    parentHash: hash(json.parentHash, 'parentHash') as BlockHash,
    proposer: parseAddress(json.proposer, 'proposer'),
    stateRoot: hash(json.stateRoot, 'stateRoot') as StateRoot,
    transactionsRoot: hash(json.transactionsRoot, 'transactionsRoot') as MerkleRoot,
    recordsRoot: hash(json.recordsRoot, 'recordsRoot') as MerkleRoot,
    receiptsRoot: hash(json.receiptsRoot, 'receiptsRoot') as MerkleRoot,
    evidenceRoot: hash(json.evidenceRoot, 'evidenceRoot') as MerkleRoot,
    validatorsHash: bytes32From(hash(json.validatorsHash, 'validatorsHash')),
    nextValidatorsHash: bytes32From(hash(json.nextValidatorsHash, 'nextValidatorsHash')),
    parametersHash: bytes32From(hash(json.parametersHash, 'parametersHash')),
  };
}

/** A certificate as the protocol verifies it. Errors: `PROTOCOL_HEX_INVALID`. */
export function certificateFromJson({ height, round, blockHash, signatures }: CertificateJson): CommitCertificate {
  return {
    height,
    round,
    blockHash: hash(blockHash, 'blockHash') as BlockHash,
    signatures: signatures.map(({ validatorIndex, signature }) => ({ validatorIndex, signature: parseSignature(signature) })),
  };
}

/** Validators as the protocol hashes them, in the order given. Errors: `PROTOCOL_HEX_INVALID`, `PROTOCOL_ADDRESS_INVALID`. */
export function validatorsFromJson({ validators }: ValidatorsJson): ValidatorSet {
  return {
    validators: validators.map(({ address, publicKey, power, priority, operator, peerId, addresses }) => ({
      address: parseAddress(address, 'address'),
      publicKey: decodeHex(publicKey, 'publicKey', 33) as PublicKey,
      power: BigInt(power),
      priority: BigInt(priority),
      operator: parseAddress(operator, 'operator'),
      peerId,
      addresses: addresses.join(','),
    })),
  };
}
