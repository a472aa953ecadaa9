declare const brand: unique symbol;

/** A byte string whose meaning is fixed by its name; created only by the `…From` functions of this package. */
type Branded<Name extends string> = Uint8Array & { readonly [brand]: Name };

/** Account identity. 20 bytes: the last 20 of keccak256(uncompressed public key without its 0x04 prefix). */
export type Address = Branded<'Address'>;
/** Identity of a signed transaction. 32 bytes: SHA-256 of its signed bytes. */
export type TransactionId = Branded<'TransactionId'>;
/** Identity of a lot. 32 bytes: the id of the transaction that opened it, or a hash derived from that id and an index. */
export type LotId = Branded<'LotId'>;
/** Identity of a block. 32 bytes: domain-separated SHA-256 of its canonical header. */
export type BlockHash = Branded<'BlockHash'>;
/** Commitment to all state entries after a block. 32 bytes. */
export type StateRoot = Branded<'StateRoot'>;
/** Merkle root over a list. 32 bytes. */
export type MerkleRoot = Branded<'MerkleRoot'>;
/** SHA-256 of the canonical genesis document. 32 bytes; the salt of every typed-data domain of the chain. */
export type GenesisHash = Branded<'GenesisHash'>;
/** Compressed secp256k1 public key. 33 bytes. */
export type PublicKey = Branded<'PublicKey'>;
/** secp256k1 private key. 32 bytes, 1 ≤ value < n. Never logged. */
export type PrivateKey = Branded<'PrivateKey'>;
/** Recoverable signature r‖s‖v. 65 bytes: r and s big-endian, s ≤ n/2, v ∈ {0, 1}. */
export type Signature = Branded<'Signature'>;
/** Any 32 bytes without a narrower meaning (terms hash, credential hash, proposal id …). */
export type Bytes32 = Branded<'Bytes32'>;
