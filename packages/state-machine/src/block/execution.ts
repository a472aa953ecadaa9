import type { Address, Cryptography, GenesisHash, LedgerRecord, Parameters, TransactionId } from '@mutual-chain/protocol';
import type { StateOverlay } from '../state/state-overlay.ts';

/** What the whole chain shares and no block changes. */
export type ChainContext = {
  readonly cryptography: Cryptography;
  readonly chainId: number;
  readonly genesisHash: GenesisHash;
};

/**
 * One block (or one simulated transaction) being executed: the overlay it writes to, the time and parameters it runs under, and the
 * records it has produced so far.
 *
 * `transactionId`, `transactionIndex` and `actor` say on whose behalf the current step runs; scheduled work and the paying out of fees run
 * with a zero id, index 0 and SYSTEM as actor.
 */
export type Execution = {
  readonly chain: ChainContext;
  readonly state: StateOverlay;
  readonly parameters: Parameters;
  readonly height: number;
  /** floor(block timestampMs / 1000): the only clock of the ledger. */
  readonly nowSec: number;
  readonly records: LedgerRecord[];
  /** Fees taken so far in this block, MTN base units; held by the fee escrow until the block ends. */
  feePot: bigint;
  transactionId: TransactionId;
  transactionIndex: number;
  actor: Address;
};
