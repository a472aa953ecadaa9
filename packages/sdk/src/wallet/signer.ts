import {
  type Address,
  deriveFromMnemonic,
  keyPairOf,
  type PrivateKey,
  parseSignature,
  privateKeyFrom,
  referenceCryptography,
  type Signature,
  type TypedData,
  type TypedDataPayload,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';

/** What a signer is given: the message, what hashes it for the chain, and the same as typed data for wallets that show it. */
export type SigningRequest = {
  readonly transaction: UnsignedTransaction;
  readonly typedData: TypedData;
  /** The argument of `eth_signTypedData_v4`. */
  readonly payload: TypedDataPayload;
};

/** Signs the transactions of one address. */
export type Signer = {
  readonly address: Address;
  /** Whether somebody may be asked before each signature: then transactions are sent one by one. */
  readonly isInteractive?: boolean;
  /** Signature of the message's EIP-712 digest. What comes back is checked. A rejection ends the operation with its message. */
  readonly sign: (request: SigningRequest) => Promise<Signature>;
};

/** Signs with a private key, 32 bytes. Errors: `PROTOCOL_PRIVATE_KEY_INVALID`. */
export function privateKeySigner(key: Uint8Array): Signer {
  const privateKey: PrivateKey = privateKeyFrom(key.slice());
  return {
    address: keyPairOf(privateKey).address,
    sign: async ({ transaction, typedData }) => referenceCryptography.sign(typedData.digest(transaction), privateKey) as Signature,
  };
}

/** Signs with the key at m/44'/60'/0'/0/index of a BIP-39 mnemonic. Errors: `PROTOCOL_MNEMONIC_INVALID`. */
export function mnemonicSigner(mnemonic: string, index = 0, passphrase = ''): Signer {
  return privateKeySigner(deriveFromMnemonic(mnemonic, passphrase).keyPair(index).privateKey);
}

/** Signs with a wallet that takes typed data and answers with a signature in hex: a browser extension, a hardware wallet, `ethers`. */
export function typedDataSigner(address: Address, signTypedData: (payload: TypedDataPayload) => Promise<string>): Signer {
  return { address, isInteractive: true, sign: async ({ payload }) => parseSignature(await signTypedData(payload)) };
}
