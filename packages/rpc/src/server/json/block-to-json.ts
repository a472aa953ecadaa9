import { type BlockHeader, type CommitCertificate, encodeHex } from '@mutual-chain/protocol';
import type { BlockJson, BlockOptions, CertificateJson, HeaderJson } from '../../contract/index.ts';
import type { BlockView } from '../ports.ts';
import type { AddressText } from './address-text.ts';
import { blockTransactionToJson, type Checksums } from './transaction-to-json.ts';

function headerToJson(header: BlockHeader, addressText: AddressText): HeaderJson {
  const { protocolVersion, chainId, height, timestampMs } = header;
  return {
    protocolVersion,
    chainId,
    height,
    timestampMs,
    parentHash: encodeHex(header.parentHash),
    proposer: addressText(header.proposer),
    stateRoot: encodeHex(header.stateRoot),
    transactionsRoot: encodeHex(header.transactionsRoot),
    recordsRoot: encodeHex(header.recordsRoot),
    receiptsRoot: encodeHex(header.receiptsRoot),
    evidenceRoot: encodeHex(header.evidenceRoot),
    validatorsHash: encodeHex(header.validatorsHash),
    nextValidatorsHash: encodeHex(header.nextValidatorsHash),
    parametersHash: encodeHex(header.parametersHash),
  };
}

function certificateToJson({ height, round, blockHash, signatures }: CommitCertificate): CertificateJson {
  return {
    height,
    round,
    blockHash: encodeHex(blockHash),
    signatures: signatures.map(({ validatorIndex, signature }) => ({ validatorIndex, signature: encodeHex(signature) })),
  };
}

/** Writes a block with the ids of its transactions, or with the transactions where those are wanted and were looked up. */
export function blockToJson(block: BlockView, { transactions }: BlockOptions, checksums: Checksums, addressText: AddressText): BlockJson {
  const ids = block.transactionIds;
  return {
    hash: encodeHex(block.hash),
    header: headerToJson(block.header, addressText),
    transactions:
      transactions === 'ids'
        ? ids.map(encodeHex)
        : block.transactions.flatMap((each, index) => {
            const id = ids[index];
            return id === undefined ? [] : [blockTransactionToJson(id, each, checksums, addressText)];
          }),
    certificate: block.certificate === undefined ? null : certificateToJson(block.certificate),
  };
}
