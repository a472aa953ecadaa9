import {
  type Address,
  assertInvariant,
  type BlockHash,
  type BlockHeader,
  type ChainStatus,
  type Evidence,
  evidenceCodec,
  evidenceRoot,
  type LedgerRecord,
  LIMITS,
  type Parameters,
  parametersHash,
  type Receipt,
  type ResultCode,
  receiptsRoot,
  recordsRoot,
  transactionsRoot,
  type ValidatorSet,
  type VerifiedTransaction,
  validatorsHash,
} from '@mutual-chain/protocol';
import { systemAddress, ZERO_ADDRESS, ZERO_ID } from '../ledger/known-addresses.ts';
import { activateChanges } from '../modules/governance/activation.ts';
import { handleEvidence } from '../modules/governance/evidence.ts';
import { StateOverlay } from '../state/state-overlay.ts';
import { chainStatusTable, parametersTable, validatorSetTable } from '../state/tables.ts';
import type { StateChange, StatePreview, StateView } from '../view/state-view.ts';
import { assertConserved } from './conservation.ts';
import { executeTransaction } from './execute-transaction.ts';
import type { ChainContext, Execution } from './execution.ts';
import { distributeFees, feeDue } from './fees.ts';
import { checkInclusion } from './inclusion.ts';
import { runScheduledWork } from './scheduled-work.ts';

/** What a proposer chooses about a block besides its transactions. */
export type BlockSetting = {
  readonly timestampMs: number;
  /** Address of the validator that first proposed the block. */
  readonly proposer: Address;
  readonly parentHash: BlockHash;
  readonly evidence: readonly Evidence[];
};

/** Everything a block does to the state, not yet written anywhere. */
export type BlockEffect = {
  readonly header: BlockHeader;
  readonly changes: readonly StateChange[];
  /** Handle by which the owner of the view promotes or drops the effect. */
  readonly preview: StatePreview;
  readonly receipts: readonly Receipt[];
  readonly records: readonly LedgerRecord[];
};

/** Milliseconds in a second; block timestamps are in ms, the ledger counts seconds. */
const MS_PER_SEC = 1000;

/**
 * The one way a block changes the state, shared by who builds a block and who checks it.
 *
 * upon start → evidence, then work that is due · upon each transaction → fee, nonce, operation · upon finish → fees paid out, accepted
 * changes put in force, proposer priorities advanced, roots computed.
 */
export class BlockTransition {
  readonly #view: StateView;
  readonly #setting: BlockSetting;
  readonly #execution: Execution;
  readonly #status: ChainStatus;
  readonly #validators: ValidatorSet;
  readonly #transactions: VerifiedTransaction[] = [];
  readonly #receipts: Receipt[] = [];

  constructor(view: StateView, chain: ChainContext, setting: BlockSetting) {
    const state = new StateOverlay(view);
    const status = state.get(chainStatusTable, undefined);
    const parameters = state.get(parametersTable, undefined);
    const validators = state.get(validatorSetTable, undefined);
    assertInvariant(status !== undefined && parameters !== undefined && validators !== undefined, 'the state begins with genesis');
    this.#view = view;
    this.#setting = setting;
    this.#status = status;
    this.#validators = validators;
    this.#execution = {
      chain,
      state,
      parameters,
      height: status.height + 1,
      nowSec: Math.floor(setting.timestampMs / MS_PER_SEC),
      records: [],
      feePot: 0n,
      transactionId: ZERO_ID,
      transactionIndex: 0,
      actor: ZERO_ADDRESS,
    };
    handleEvidence(this.#execution, setting.evidence);
    runScheduledWork(this.#execution);
  }

  /** Height being executed. */
  get height(): number {
    return this.#execution.height;
  }

  /** What the state said before the block. */
  get status(): ChainStatus {
    return this.#status;
  }

  /** Validators that decide this block. */
  get validators(): ValidatorSet {
    return this.#validators;
  }

  /** Parameters in force in this block. */
  get parameters(): Parameters {
    return this.#execution.parameters;
  }

  /** Whether the block has room for the records of one more transaction. */
  get hasRecordRoom(): boolean {
    return this.#execution.records.length + RECORDS_PER_TRANSACTION_MAX + this.#recordsAtEnd() <= LIMITS.blockRecordsMax;
  }

  /** Executes the next transaction, or answers with the code for which it cannot stand here and changes nothing. */
  addTransaction(transaction: VerifiedTransaction): ResultCode {
    const due = feeDue(this.#execution, transaction);
    const code = checkInclusion(this.#execution, transaction, due);
    if (code !== 'OK') return code;
    this.#receipts.push(executeTransaction(this.#execution, transaction, this.#transactions.length, due));
    this.#transactions.push(transaction);
    return 'OK';
  }

  /** Ends the block: what happens after the last transaction, and all roots. To be called once. */
  finish(): BlockEffect {
    const execution = this.#execution;
    const { chain, state, parameters, height, records } = execution;
    const { cryptography } = chain;
    execution.transactionId = ZERO_ID;
    execution.transactionIndex = 0;
    execution.actor = systemAddress(cryptography);
    distributeFees(execution, this.#validators);
    activateChanges(execution, this.#validators);
    const next = state.get(validatorSetTable, undefined);
    const status = state.get(chainStatusTable, undefined);
    assertInvariant(next !== undefined && status !== undefined, 'singletons are never deleted');
    state.set(chainStatusTable, undefined, { ...status, height, timestampMs: this.#setting.timestampMs });
    assertConserved(state);
    const changes = state.changes();
    const preview = this.#view.preview(changes);
    const header: BlockHeader = {
      protocolVersion: this.#status.protocolVersion,
      chainId: chain.chainId,
      height,
      timestampMs: this.#setting.timestampMs,
      parentHash: this.#setting.parentHash,
      proposer: this.#setting.proposer,
      stateRoot: preview.stateRoot,
      transactionsRoot: transactionsRoot(cryptography, this.#transactions),
      recordsRoot: recordsRoot(cryptography, records),
      receiptsRoot: receiptsRoot(cryptography, this.#receipts),
      evidenceRoot: evidenceRoot(cryptography, this.#setting.evidence.map(evidenceCodec.encode)),
      validatorsHash: validatorsHash(cryptography, this.#validators),
      nextValidatorsHash: validatorsHash(cryptography, next),
      parametersHash: parametersHash(cryptography, parameters),
    };
    return { header, changes, preview, receipts: this.#receipts, records };
  }

  /** Records that fees will need when the block ends. */
  #recordsAtEnd(): number {
    return (this.#validators.validators.length + 2) * 2;
  }
}

/** Most records any one transaction of the ledger's own modules writes. */
const RECORDS_PER_TRANSACTION_MAX = 4;
