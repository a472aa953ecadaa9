import {
  type Address,
  assertInvariant,
  feeOf,
  lockedAmount,
  NATIVE_ASSET,
  type TransactionId,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import {
  accountTable,
  type ChainContext,
  chainStatusTable,
  checkAdmission,
  holdingTable,
  parametersTable,
  releaseScheduleTable,
  StateOverlay,
} from '@mutual-chain/state-machine';
import type { MempoolTip } from '../mempool/pool-transaction.ts';
import type { StateStore } from '../storage/state-store.ts';
import type { CommittedLedger } from './ports.ts';

/** Most reads that one overlay remembers: while no block comes, nothing else ends it. */
const OVERLAY_READS_MAX = 10_000;

/** What a mempool asks, answered from the committed state. */
export function createMempoolLedger(options: {
  readonly context: ChainContext;
  /** Started, with genesis committed. */
  readonly store: StateStore;
  /** Whether a block has this transaction. */
  readonly isCommitted: (id: TransactionId) => boolean;
}): CommittedLedger {
  const { store, context, isCommitted } = options;
  const committed = new CommittedState(store);
  return {
    isCommitted,
    tip: () => committed.tip,
    nonceOf: (address) => committed.read(accountTable, address)?.nonce ?? 0,
    // The checks of admission look at no signature, so what has not been verified may go through them.
    check: (candidate) => checkAdmission(store.view, context, candidate as unknown as VerifiedTransaction, committed.overlay()),
    feeDue: ({ type, bytes, message, sponsor }) => ({
      fee: feeOf(committed.parameters, type, bytes.length),
      payer: sponsor?.address ?? message.from,
    }),
    feeBalanceOf: (payer) => feeBalanceOf(committed, payer),
  };
}

/** What an account has of MTN, less what its release schedule still locks. */
function feeBalanceOf(committed: CommittedState, payer: Address): bigint {
  const amount = committed.read(holdingTable, { owner: payer, asset: NATIVE_ASSET })?.amount ?? 0n;
  const isScheduled = committed.read(accountTable, payer)?.scheduled === true;
  const schedule = isScheduled ? committed.read(releaseScheduleTable, payer) : undefined;
  const locked = schedule === undefined ? 0n : lockedAmount(schedule, committed.tip.timeSec);
  return amount > locked ? amount - locked : 0n;
}

/** Decoded entries of the committed state, remembered until the next block. */
class CommittedState {
  readonly #store: StateStore;
  #overlay: StateOverlay;
  #height = -1;
  #reads = 0;

  constructor(store: StateStore) {
    this.#store = store;
    this.#overlay = new StateOverlay(store.view);
  }

  get parameters() {
    const parameters = this.read(parametersTable, undefined);
    assertInvariant(parameters !== undefined, 'the state begins with genesis');
    return parameters;
  }

  get tip(): MempoolTip {
    const status = this.read(chainStatusTable, undefined);
    assertInvariant(status !== undefined, 'the state begins with genesis');
    return { timeSec: Math.floor(status.timestampMs / 1000), validUntilWindowSec: this.parameters.validUntilWindowSecMax };
  }

  readonly read: StateOverlay['get'] = (table, key) => this.overlay().get(table, key);

  /** The state at the tip. Nothing may be written to it. */
  overlay(): StateOverlay {
    const height = this.#store.tip?.height ?? -1;
    if (height !== this.#height || this.#reads >= OVERLAY_READS_MAX) {
      this.#overlay = new StateOverlay(this.#store.view);
      this.#height = height;
      this.#reads = 0;
    }
    this.#reads++;
    return this.#overlay;
  }
}
