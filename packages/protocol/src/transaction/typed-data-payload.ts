import { formatAmount } from '../amount/amount.ts';
import type { Bytes32 } from '../bytes/branded.ts';
import { bytes32From } from '../bytes/checked-bytes.ts';
import { encodeHex } from '../bytes/hex.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { referenceCryptography } from '../cryptography/reference.ts';
import { domainToJson, messageToJson } from './json-codec.ts';
import { schemaOfType } from './schema.ts';
import type { TransactionType, UnsignedTransaction } from './transaction.ts';
import type { DomainJson, MessageJson } from './transaction-json.ts';
import type { ChainDomain } from './typed-data.ts';

/** A field in the type section of typed data. */
export type TypedDataField = { readonly name: string; readonly type: string };

/** The complete argument of `eth_signTypedData_v4`. Source: EIP-712. */
export type TypedDataPayload<Message = unknown> = {
  readonly types: Readonly<Record<string, readonly TypedDataField[]>>;
  readonly primaryType: string;
  readonly domain: DomainJson;
  readonly message: Message;
};

const DOMAIN_FIELDS: readonly TypedDataField[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'salt', type: 'bytes32' },
];

/**
 * What a wallet is given to sign a message: types, domain and the message in its JSON form.
 *
 * Errors: `PROTOCOL_TRANSACTION_FIELD_INVALID`, `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`.
 */
export function typedDataPayload<Type extends TransactionType>(
  domain: ChainDomain,
  transaction: UnsignedTransaction<Type>,
  checksums: Pick<Cryptography, 'keccak256'> = referenceCryptography,
): TypedDataPayload<MessageJson<Type>> {
  const { type, fields } = schemaOfType((transaction as UnsignedTransaction).type);
  return {
    types: { EIP712Domain: DOMAIN_FIELDS, [type]: fields.map((field) => ({ name: field.name, type: field.kind })) },
    primaryType: type,
    domain: domainToJson(domain),
    message: messageToJson(transaction, checksums),
  };
}

/** What a sponsor's wallet is given to sign: the digest of the sponsored message and the most that the fee may be. */
export function sponsorFeePayload(
  domain: ChainDomain,
  transactionDigest: Bytes32,
  maxFee: bigint,
): TypedDataPayload<{ readonly transaction: string; readonly maxFee: string }> {
  return {
    types: {
      EIP712Domain: DOMAIN_FIELDS,
      SponsorFee: [
        { name: 'transaction', type: 'bytes32' },
        { name: 'maxFee', type: 'uint256' },
      ],
    },
    primaryType: 'SponsorFee',
    domain: domainToJson(domain),
    message: {
      transaction: encodeHex(bytes32From(transactionDigest, 'transaction')),
      maxFee: formatAmount(maxFee, 'maxFee'),
    },
  };
}
