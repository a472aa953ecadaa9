/** Bytes of a transaction of the simple chain. */
export const SIMPLE_TRANSACTION_BYTES = 24;

/**
 * A transaction of the simple chain: money moves, or a validator gets another power.
 *
 * Both spend the next nonce of an account. `tag` stands for a signature: it follows from the rest and a secret of the run.
 */
export type SimpleTransaction = {
  readonly kind: 'transfer' | 'validatorChange';
  /** Account that sends it. */
  readonly from: number;
  readonly nonce: number;
  /** Account that receives, or number of the validator's key. */
  readonly to: number;
  /** Amount, or new power; power 0 removes. */
  readonly amount: number;
  /** Of a change: lowest height at which it may be active. */
  readonly activationHeight: number;
  /** Unix seconds: no block of this time or later has it. */
  readonly validUntil: number;
};

const KINDS = ['transfer', 'validatorChange'] as const;

/** Bytes of a transaction with its tag: kind, from, to, zero, nonce (4), amount (4), activation height (4), valid until (4), tag (4). */
export function encodeSimpleTransaction(transaction: SimpleTransaction, secret: number): Uint8Array {
  const bytes = new Uint8Array(SIMPLE_TRANSACTION_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = KINDS.indexOf(transaction.kind);
  bytes[1] = transaction.from;
  bytes[2] = transaction.to;
  view.setUint32(4, transaction.nonce);
  view.setUint32(8, transaction.amount);
  view.setUint32(12, transaction.activationHeight);
  view.setUint32(16, transaction.validUntil);
  view.setUint32(20, tagOf(bytes, secret));
  return bytes;
}

/** The transaction, or undefined when the bytes are none or the tag is not that of its sender. Without a secret the tag is not looked at. */
export function decodeSimpleTransaction(bytes: Uint8Array, secret: number | undefined): SimpleTransaction | undefined {
  if (bytes.length !== SIMPLE_TRANSACTION_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SIMPLE_TRANSACTION_BYTES);
  const kind = KINDS[bytes[0] as number];
  if (kind === undefined || (secret !== undefined && view.getUint32(20) !== tagOf(bytes, secret))) return undefined;
  return {
    kind,
    from: bytes[1] as number,
    to: bytes[2] as number,
    nonce: view.getUint32(4),
    amount: view.getUint32(8),
    activationHeight: view.getUint32(12),
    validUntil: view.getUint32(16),
  };
}

/** FNV-1a over the secret and the first 20 bytes. */
function tagOf(bytes: Uint8Array, secret: number): number {
  let tag = 0x811c9dc5 ^ secret;
  for (let at = 0; at < 20; at++) tag = Math.imul(tag ^ (bytes[at] as number), 0x01000193);
  return tag >>> 0;
}
