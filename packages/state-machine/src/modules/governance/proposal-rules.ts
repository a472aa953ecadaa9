import {
  type Address,
  assertInvariant,
  type Ballot,
  type ChainStatus,
  equalBytes,
  hasQuorum,
  LIMITS,
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
      return checkProposed(execution, change, message);
    },
    execute: (execution, message, transaction) => {
      openProposal(execution, message, transaction);
    },
  };
}

/** Whether a change may be proposed, whoever proposes it: it must be possible, and its height not too far ahead. */
export function checkProposed<Type extends ProposalType>(
  execution: Execution,
  change: Change<Type>,
  message: TransactionMessage<Type>,
): ResultCode {
  const code = change.check(execution, message, PROPOSED);
  const tooFar = activationHeightOf(message) > execution.height + LIMITS.activationAheadHeightsMax;
  return tooFar && (code === 'OK' || code === 'QUORUM_GUARD') ? 'INVALID_FIELD' : code;
}

/** The activation height a proposal names; 0 for types that name none. */
function activationHeightOf<Type extends ProposalType>(message: TransactionMessage<Type>): number {
  return 'activationHeight' in message ? (message.activationHeight as number) : 0;
}

function openProposal<Type extends ProposalType>(
  execution: Execution,
  message: TransactionMessage<Type>,
  transaction: VerifiedTransaction<Type>,
): void {
  const proposal: Proposal = {
    change: transaction.bytes,
    proposer: message.from,
    height: execution.height,
    deadlineSec: execution.nowSec + execution.parameters.proposalDurationSec,
    activationHeight: activationHeightOf(message),
    status: statusNumber('OPEN'),
    ballots: openBallots(currentValidators(execution)),
  };
  execution.state.set(proposalTable, execution.transactionId, proposal);
  execution.state.schedule({ dueSec: proposal.deadlineSec, kind: SCHEDULE_KINDS.proposalDeadline, id: execution.transactionId });
}

/**
 * Whether this vote may be cast: by an operator with a ballot that is still blank, on an open proposal. Only a vote that would accept has to
 * wait while as many changes wait for their heights as may.
 */
export function checkVote(execution: Execution, message: TransactionMessage<'CastVote'>): ResultCode {
  const proposal = execution.state.get(proposalTable, message.proposal);
  if (proposal === undefined) return 'UNKNOWN_PROPOSAL';
  const ballot = proposal.ballots.find((each) => equalBytes(each.operator, message.from));
  if (ballot === undefined) return 'NOT_PERMITTED';
  const open = proposal.status === statusNumber('OPEN') && execution.nowSec < proposal.deadlineSec;
  if (!open || ballot.vote !== VOTES.none) return 'PROPOSAL_CLOSED';
  const full = currentStatus(execution).pending.length >= LIMITS.pendingChangesMax;
  return full && isAccepted(ballotsAfter(proposal, message)) ? 'LIMIT_EXCEEDED' : 'OK';
}

/** Counts a vote; the one that makes more than two thirds of the power accepts, the one that makes that impossible rejects. */
export function castVote(execution: Execution, message: TransactionMessage<'CastVote'>): void {
  const id = message.proposal as Uint8Array as TransactionId;
  const proposal = execution.state.get(proposalTable, id);
  assertInvariant(proposal !== undefined, 'the check found the proposal');
  const ballots = ballotsAfter(proposal, message);
  const voted: Proposal = { ...proposal, ballots };
  if (isAccepted(ballots)) accept(execution, id, voted);
  else if (isRejected(ballots)) closeProposal(execution, id, voted, 'REJECTED');
  else execution.state.set(proposalTable, id, voted);
}

function ballotsAfter(proposal: Proposal, message: TransactionMessage<'CastVote'>): readonly Ballot[] {
  const vote = message.approve ? VOTES.yes : VOTES.no;
  return proposal.ballots.map((ballot) => (equalBytes(ballot.operator, message.from) ? { ...ballot, vote } : ballot));
}

function isAccepted(ballots: readonly Ballot[]): boolean {
  const yes = powerOf(ballots, (ballot) => ballot.vote === VOTES.yes);
  return hasQuorum(
    yes,
    powerOf(ballots, () => true),
  );
}

function isRejected(ballots: readonly Ballot[]): boolean {
  const notAgainst = powerOf(ballots, (ballot) => ballot.vote !== VOTES.no);
  return !hasQuorum(
    notAgainst,
    powerOf(ballots, () => true),
  );
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
