// Given a state and a block, the next state: nothing else.

export { auditState, LEDGER_INVARIANTS } from './audit/audit-state.ts';
export { type AuditContext, type AuditedRow, AuditedState } from './audit/audited-state.ts';
export type { SkippedEvidence } from './block/admissible-evidence.ts';
export { applyBlock, type BlockOutcome } from './block/apply-block.ts';
export { BLOCK_REJECTIONS, type BlockRejection } from './block/block-rejection.ts';
export { type BlockEffect, type BlockSetting, BlockTransition } from './block/block-transition.ts';
export { type BlockLimits, type BuiltBlock, buildBlock, DEFAULT_BLOCK_LIMITS, type SkippedTransaction } from './block/build-block.ts';
export type { ExecutableBlock } from './block/executable-block.ts';
export type { ChainContext, Execution } from './block/execution.ts';
export { genesisChanges, genesisHeader } from './block/genesis-state.ts';
export { checkAdmission, type Simulation, simulateTransaction } from './block/simulate-transaction.ts';
export { effectiveLevel, hasRole, SPENDING_LEVELS, type SpendingPurpose } from './ledger/accounts.ts';
export { bridgeEscrow, feeEscrow, stakeEscrow, systemAddress, ZERO_ADDRESS, ZERO_ID } from './ledger/known-addresses.ts';
export { splitLotId } from './ledger/split-lot.ts';
export { judgeChange, type QuorumVerdict, survivesOne } from './modules/governance/quorum-guard.ts';
export { type ProposalSimulation, simulateProposal } from './modules/governance/simulate-proposal.ts';
export type { Invariant, LedgerModule, Operation, ScheduledWork } from './modules/module.ts';
export { INVARIANTS, MODULES } from './modules/registry.ts';
export { SCHEDULE_KINDS, type ScheduleItem } from './state/schedule.ts';
export { StateOverlay } from './state/state-overlay.ts';
export type { Table } from './state/table.ts';
export {
  accountTable,
  assetTable,
  chainStatusTable,
  dailyLimitRaiseTable,
  debtTable,
  delegationTable,
  depositAuthorizationTable,
  evidenceTable,
  externalReferenceTable,
  type HoldingKey,
  holdingTable,
  lotTable,
  membershipTable,
  parametersTable,
  peerTable,
  proposalTable,
  releaseScheduleTable,
  validatorHistoryTable,
  validatorSetTable,
  withdrawalDayTable,
} from './state/tables.ts';
export { MemoryState, type MemoryStateOptions, type StateEntry } from './view/memory-state.ts';
export { StateIndex } from './view/state-index.ts';
export { StateIndexLoader } from './view/state-index-loader.ts';
export { compareStateKeys, type StateKey, stateKeyFromBytes, stateKeyToBytes } from './view/state-key.ts';
export type { StateChange, StatePreview, StateView } from './view/state-view.ts';
