import {
  type Address,
  type Bytes32,
  keyPairOf,
  parseSignature,
  privateKeyFrom,
  referenceCryptography,
  type Signature,
  type SignedTransaction,
  sponsorFeePayload,
  type TypedData,
  type TypedDataPayload,
} from '@mutual-chain/protocol';

/** What a sponsor is given: the digest of the sponsored message, the most that the fee may be, and the same as typed data. */
export type SponsoringRequest = {
  readonly transaction: SignedTransaction;
  /** EIP-712 digest of its message. */
  readonly transactionDigest: Bytes32;
  readonly maxFee: bigint;
  readonly typedData: TypedData;
  /** The argument of `eth_signTypedData_v4`. */
  readonly payload: TypedDataPayload;
};

/** Pays the fees of transactions of somebody else. */
export type Sponsor = {
  readonly address: Address;
  /** Signature of `SponsorFee`. What comes back is checked. A rejection ends the operation with its message. */
  readonly sign: (request: SponsoringRequest) => Promise<Signature>;
};

/** Sponsors with a private key, 32 bytes. Errors: `PROTOCOL_PRIVATE_KEY_INVALID`. */
export function privateKeySponsor(key: Uint8Array): Sponsor {
  const privateKey = privateKeyFrom(key.slice());
  return {
    address: keyPairOf(privateKey).address,
    sign: async ({ transactionDigest, maxFee, typedData }) =>
      referenceCryptography.sign(typedData.sponsorDigest(transactionDigest, maxFee), privateKey) as Signature,
  };
}

/** Sponsors with a wallet that takes typed data and answers with a signature in hex, or with a service that does. */
export function typedDataSponsor(address: Address, signTypedData: (payload: TypedDataPayload) => Promise<string>): Sponsor {
  return { address, sign: async ({ payload }) => parseSignature(await signTypedData(payload)) };
}

/** A signed transaction with a sponsor's promise to pay its fee; its id stays the same. Whether the promise is good is for the caller to check. */
export async function sponsored(sponsor: Sponsor, typedData: TypedData, transaction: SignedTransaction): Promise<SignedTransaction> {
  const { maxFee } = transaction.message;
  const transactionDigest = typedData.digest(transaction);
  const payload = sponsorFeePayload(typedData.domain, transactionDigest, maxFee);
  const signature = await sponsor.sign({ transaction, transactionDigest, maxFee, typedData, payload });
  return { ...transaction, sponsor: { address: sponsor.address, signature } } as unknown as SignedTransaction;
}
