import {
  type Address,
  assertInvariant,
  type Ballot,
  type ChainStatus,
  equalBytes,
  hasQuorum,
  PROPOSAL_STATUSES,
  type Proposal,
  type ProposalStatus,
  type ResultCode,
  type TransactionId,
  type TransactionMessage,
  type ValidatorSet,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { SCHEDULE_KINDS } from '../../state/schedule.ts';
import { chainStatusTable, proposalTable, validatorSetTable } from '../../state/tables.ts';
import type { Operation } from '../module.ts';
import { type Change, PROPOSED, type ProposalType } from './change.ts';

/** Accepted changes that may wait for their height at the same time. */
const PENDING_CHANGES_MAX = 256;

/** A change takes effect at the earliest this many blocks after the one that accepts it. */
export const ACTIVATION_DELAY_HEIGHTS = 2;

/** The height from which a change accepted in this block is in force: the one it names, or the earliest there may be. */
export function activationHeightFrom(execution: Execution, named: number): number {
  return Math.max(named, execution.height + ACTIVATION_DELAY_HEIGHTS);
}

/** The set that decides the next height. */
export function currentValidators(execution: Execution): ValidatorSet {
  const set = execution.state.get(validatorSetTable, undefined);
  assertInvariant(set !== undefined, 'the chain has a validator set');
  return set;
}

/** What the chain's status entry says. */
export function currentStatus(execution: Execution): ChainStatus {
  const status = execution.state.get(chainStatusTable, undefined);
  assertInvariant(status !== undefined, 'the chain has a status');
  return status;
}

/** Voting power of each operator, one ballot an operator even if it runs several validators. */
function openBallots(set: ValidatorSet): readonly Ballot[] {
  const ballots: Ballot[] = [];
  for (const { operator, power } of set.validators) {
    const known = ballots.findIndex((ballot) => equalBytes(ballot.operator, operator));
    const ballot = ballots[known];
    if (ballot === undefined) ballots.push({ operator, power, vote: VOTES.none });
    else ballots[known] = { ...ballot, power: ballot.power + power };
  }
  return ballots;
}

/** Stored numbers of a ballot's vote. */
const VOTES = { none: 0, no: 1, yes: 2 } as const;

/** Position of a status in `PROPOSAL_STATUSES`. */
export function statusNumber(status: ProposalStatus): number {
  return PROPOSAL_STATUSES.indexOf(status);
}

/** Whether the address operates a validator of the current set: only operators propose and vote. */
function isOperator(execution: Execution, address: Address): boolean {
  return currentValidators(execution).validators.some((validator) => equalBytes(validator.operator, address));
}

/** The operation that proposes a change of one kind. */
export function proposing<Type extends ProposalType>(change: Change<Type>): Operation<Type> {
  return {
    check: (execution, message) => {
      if (!isOperator(execution, message.from)) return 'NOT_PERMITTED';
      return change.check(execution, message, PROPOSED);
    },
    execute: (execution, message, transaction) => {
      openProposal(execution, message, transaction);
    },
  };
}

function openProposal<Type extends ProposalType>(
  execution: Execution,
  message: TransactionMessage<Type>,
  transaction: VerifiedTransaction<Type>,
): void {
  const activationHeight = 'activationHeight' in message ? (message.activationHeight as number) : 0;
  const proposal: Proposal = {
    change: transaction.bytes,
    proposer: message.from,
    height: execution.height,
    deadlineSec: execution.nowSec + execution.parameters.proposalDurationSec,
    activationHeight,
    status: statusNumber('OPEN'),
    ballots: openBallots(currentValidators(execution)),
  };
  execution.state.set(proposalTable, execution.transactionId, proposal);
  execution.state.schedule({ dueSec: proposal.deadlineSec, kind: SCHEDULE_KINDS.proposalDeadline, id: execution.transactionId });
}

/** Whether this vote may be cast: by an operator with a ballot that is still blank, on an open proposal. */
export function checkVote(execution: Execution, message: TransactionMessage<'CastVote'>): ResultCode {
  const proposal = execution.state.get(proposalTable, message.proposal);
  if (proposal === undefined) return 'UNKNOWN_PROPOSAL';
  const ballot = proposal.ballots.find((each) => equalBytes(each.operator, message.from));
  if (ballot === undefined) return 'NOT_PERMITTED';
  if (currentStatus(execution).pending.length >= PENDING_CHANGES_MAX) return 'LIMIT_EXCEEDED';
  const open = proposal.status === statusNumber('OPEN') && execution.nowSec < proposal.deadlineSec;
  return open && ballot.vote === VOTES.none ? 'OK' : 'PROPOSAL_CLOSED';
}

/** Counts a vote; the one that makes more than two thirds of the power accepts, the one that makes that impossible rejects. */
export function castVote(execution: Execution, message: TransactionMessage<'CastVote'>): void {
  const id = message.proposal as Uint8Array as TransactionId;
  const proposal = execution.state.get(proposalTable, id);
  assertInvariant(proposal !== undefined, 'the check found the proposal');
  const vote = message.approve ? VOTES.yes : VOTES.no;
  const ballots = proposal.ballots.map((ballot) => (equalBytes(ballot.operator, message.from) ? { ...ballot, vote } : ballot));
  const voted: Proposal = { ...proposal, ballots };
  const total = powerOf(ballots, () => true);
  if (
    hasQuorum(
      powerOf(ballots, (ballot) => ballot.vote === VOTES.yes),
      total,
    )
  )
    accept(execution, id, voted);
  else if (
    !hasQuorum(
      powerOf(ballots, (ballot) => ballot.vote !== VOTES.no),
      total,
    )
  )
    closeProposal(execution, id, voted, 'REJECTED');
  else execution.state.set(proposalTable, id, voted);
}

/** Sets a proposal's final status; a deadline that is still scheduled is dropped. */
export function closeProposal(execution: Execution, id: TransactionId, proposal: Proposal, status: ProposalStatus): void {
  execution.state.unschedule({ dueSec: proposal.deadlineSec, kind: SCHEDULE_KINDS.proposalDeadline, id });
  execution.state.set(proposalTable, id, { ...proposal, status: statusNumber(status) });
}

function accept(execution: Execution, id: TransactionId, proposal: Proposal): void {
  const activationHeight = activationHeightFrom(execution, proposal.activationHeight);
  closeProposal(execution, id, { ...proposal, activationHeight }, 'ACCEPTED');
  const status = currentStatus(execution);
  const entry = { activationHeight, proposal: id as Uint8Array as (typeof status.pending)[number]['proposal'] };
  const later = status.pending.findIndex((each) => each.activationHeight > activationHeight);
  const at = later === -1 ? status.pending.length : later;
  const pending = [...status.pending.slice(0, at), entry, ...status.pending.slice(at)];
  execution.state.set(chainStatusTable, undefined, { ...status, pending });
}

function powerOf(ballots: readonly Ballot[], counted: (ballot: Ballot) => boolean): bigint {
  let power = 0n;
  for (const ballot of ballots) if (counted(ballot)) power += ballot.power;
  return power;
}
