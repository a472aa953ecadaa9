import type { BlockHeader, Evidence, VerifiedTransaction } from '@mutual-chain/protocol';

/** A decoded block whose transactions' signatures have been verified, each once, wherever that was. Evidence is verified by execution. */
export type ExecutableBlock = {
  readonly header: BlockHeader;
  readonly transactions: readonly VerifiedTransaction[];
  readonly evidence: readonly Evidence[];
};
