import type { BlockHash, GenesisHash } from '../bytes/branded.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';

/** Kinds of signed consensus messages by the byte that stands for them in what is signed. */
export const SIGNED_KINDS = { prevote: 1, precommit: 2, proposal: 3 } as const;

const DOMAIN = encodeUtf8('mutual-chain/consensus/v1');
const ZERO_HASH = new Uint8Array(32);

/** What a consensus signature covers. No timestamps, so that two messages that say the same are the same bytes. */
export type SignedStatement = {
  readonly kind: keyof typeof SIGNED_KINDS;
  readonly height: number;
  readonly round: number;
  /** Proposals only: −1 or the round of the proof of lock. */
  readonly validRound?: number;
  /** undefined is nil. */
  readonly blockHash: BlockHash | undefined;
};

/**
 * Digest that a validator signs: SHA-256(domain ‖ genesis hash ‖ kind ‖ height (8) ‖ round (8) ‖ validRound + 1 (8; votes 0) ‖ 1 or 0 for
 * a block or nil ‖ block hash or zeros), numbers big-endian.
 */
export function consensusDigest(
  cryptography: Pick<Cryptography, 'sha256'>,
  genesisHash: GenesisHash,
  statement: SignedStatement,
): Uint8Array {
  const preimage = new Uint8Array(DOMAIN.length + 32 + 1 + 24 + 1 + 32);
  const view = new DataView(preimage.buffer);
  preimage.set(DOMAIN);
  let at = DOMAIN.length;
  preimage.set(genesisHash, at);
  at += 32;
  preimage[at] = SIGNED_KINDS[statement.kind];
  view.setBigUint64(at + 1, BigInt(statement.height));
  view.setBigUint64(at + 9, BigInt(statement.round));
  view.setBigUint64(at + 17, BigInt((statement.validRound ?? -1) + 1));
  preimage[at + 25] = statement.blockHash === undefined ? 0 : 1;
  preimage.set(statement.blockHash ?? ZERO_HASH, at + 26);
  return cryptography.sha256(preimage);
}
