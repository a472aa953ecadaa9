import type { Diagnosis, NilReason } from '@mutual-chain/consensus';
import { type Address, equalBytes, formatAddress, leastQuorum, type ValidatorSet } from '@mutual-chain/protocol';
import type { SyncProgress } from '../sync/sync-state.ts';

/** Something that keeps a node from making blocks, or soon may. */
export type Finding = {
  /** Stable name of what was found. */
  readonly code: FindingCode;
  /** In words, with the figures. */
  readonly message: string;
  /** What an operator can do about it. */
  readonly remedy: string;
};

/** Every code of a finding: stable, appended, never renamed. */
export type FindingCode =
  | 'HALTED'
  | 'SYNCING'
  | 'QUORUM_UNREACHABLE'
  | 'VALIDATORS_MISSING'
  | 'SIGNING_FORBIDDEN'
  | 'ROUNDS_FAIL'
  | 'CLOCK_SKEW'
  | 'PROPOSALS_INVALID'
  | 'BUILD_FAILED'
  | 'SIGNER_REFUSES'
  | 'EQUIVOCATION'
  | 'BLOCK_LATE';

/** Why there is no new block, in words. */
export type NodeDiagnosis = {
  /** Whether blocks are being made, as far as this node can tell. */
  readonly ok: boolean;
  /** One sentence. */
  readonly summary: string;
  /** The most likely cause first; empty when nothing is wrong. */
  readonly findings: readonly Finding[];
};

/** What a diagnosis is made from. */
export type DiagnosedNode = {
  readonly haltReason: string | undefined;
  /** Of consensus; undefined before its first height. */
  readonly consensus: Diagnosis | undefined;
  /** Validators of the height being decided. */
  readonly validators: ValidatorSet;
  /** Own validator key. */
  readonly own: Address | undefined;
  /** Validator keys of the linked peers. */
  readonly linked: readonly Address[];
  /** When a validator was last linked, ms since 1970; undefined for one that was not since the start. */
  readonly lastLinkedMs: (validator: Address) => number | undefined;
  readonly progress: SyncProgress;
  /** ms since 1970. */
  readonly nowMs: number;
  /** Time of the last block, ms since 1970. */
  readonly lastBlockMs: number;
  /** Longest time between two blocks when there is nothing to put into one, ms. */
  readonly emptyBlockIntervalMs: number;
};

/** Findings without which blocks are made, though perhaps with less room for a further fault. */
const WARNINGS: ReadonlySet<FindingCode> = new Set(['VALIDATORS_MISSING', 'EQUIVOCATION', 'BUILD_FAILED']);
/** Round from which on the failing of rounds is worth a word: single ones fail when a proposer is away. */
const FAILED_ROUNDS_MIN = 2;
/** How much later than it should be a block may be before that is a finding, ms. */
const BLOCK_LATE_MS = 5_000;

/** Says why there is no new block, or that there is nothing to complain of. */
export function diagnoseNode(node: DiagnosedNode): NodeDiagnosis {
  const findings = [
    ...findHalt(node),
    ...findBehind(node),
    ...findMissing(node),
    ...findSigning(node),
    ...findRounds(node),
    ...findEquivocation(node),
  ];
  const blocking = findings.filter(({ code }) => !WARNINGS.has(code));
  const late = blocking.length === 0 ? findLate(node) : [];
  const all = [...blocking, ...late, ...findings.filter(({ code }) => WARNINGS.has(code))];
  const [worst] = [...blocking, ...late];
  return { ok: worst === undefined, summary: worst?.message ?? wellness(node), findings: all };
}

function findHalt({ haltReason }: DiagnosedNode): readonly Finding[] {
  if (haltReason === undefined) return [];
  const remedy = 'Read the log of this node; do not delete its folder. Others go on as long as more than two thirds of the power do.';
  return [{ code: 'HALTED', message: `This node has stopped taking part: ${haltReason}.`, remedy }];
}

function findBehind({ progress }: DiagnosedNode): readonly Finding[] {
  const { height, targetHeight, isNextPruned, believedPeers } = progress;
  if (targetHeight <= height + 1) return [];
  const message = `This node is at height ${height} and fetches blocks up to ${targetHeight} from ${believedPeers} peers.`;
  const remedy = isNextPruned
    ? `No peer has block ${height + 1} any more: link with one that keeps all blocks, or restore a backup.`
    : 'Wait; it takes part again when it has caught up.';
  return [{ code: 'SYNCING', message, remedy }];
}

function findMissing({ validators: { validators }, own, linked, lastLinkedMs, nowMs }: DiagnosedNode): readonly Finding[] {
  const isHere = (address: Address): boolean => [...linked, ...(own === undefined ? [] : [own])].some((each) => equalBytes(each, address));
  const missing = validators.filter(({ address }) => !isHere(address));
  if (missing.length === 0) return [];
  const total = sumOf(validators);
  const here = total - sumOf(missing);
  const quorum = leastQuorum(total);
  const names = missing.map(({ address }) => `${formatAddress(address)} (${sinceOf(lastLinkedMs(address), nowMs)})`).join(', ');
  const remedy =
    own === undefined && linked.length === 0
      ? 'Ask the validators to name the peer id of this node in p2p.followers: others are not let in. Then look at addresses, firewall, the same genesis document.'
      : 'Start the missing validators, or repair the links to them: addresses, firewall, the same genesis document.';
  if (here < quorum) {
    const message = `No block can be decided: validators with ${here} of ${total} power are linked, ${quorum} are needed; missing: ${names}.`;
    return [{ code: 'QUORUM_UNREACHABLE', message, remedy }];
  }
  const spare = here - quorum;
  const message = `Validators with ${total - here} of ${total} power are not linked; blocks are decided while no more than ${spare} further power goes missing. Missing: ${names}.`;
  return [{ code: 'VALIDATORS_MISSING', message, remedy }];
}

function findSigning({ consensus }: DiagnosedNode): readonly Finding[] {
  if (consensus?.signing !== 'forbidden') return [];
  const message = `This node signs nothing at height ${consensus.height}: its log does not have what its key signed there.`;
  return [{ code: 'SIGNING_FORBIDDEN', message, remedy: 'Wait for the next height; if this comes back, have the disk looked at.' }];
}

const REASONS: Readonly<Record<NilReason, string>> = {
  noProposal: 'no proposal came in time',
  notValidated: 'the block came too late or took too long to execute',
  noPrevoteQuorum: 'the votes that the proposal builds on did not come in time',
  lockedOnOther: 'this node is locked on another block',
  invalid: 'the proposed block is invalid',
  wrongProposer: 'the block names a proposer whose turn it was not',
  untimely: "the block's time is too far from this node's clock",
  nilQuorum: 'a quorum prevoted nil',
  noQuorum: 'no block got a quorum of prevotes in time',
};

function findRounds({ consensus }: DiagnosedNode): readonly Finding[] {
  if (consensus === undefined) return [];
  const { height, round, rounds, incidents } = consensus;
  const reasons = new Map<NilReason, number>();
  for (const { ownNil } of rounds) for (const { reason } of ownNil) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const told = [...reasons].map(([reason, count]) => `${REASONS[reason]} (${count})`).join('; ');
  const findings: Finding[] = [];
  if (reasons.has('untimely')) {
    const message = `This node refused blocks of height ${height} because their times are too far from its clock.`;
    findings.push({ code: 'CLOCK_SKEW', message, remedy: 'Synchronise the clocks of all validators, with NTP for example.' });
  }
  if (reasons.has('invalid')) {
    const message = `This node found proposed blocks of height ${height} invalid: ${reasonsOfInvalid(consensus)}.`;
    findings.push({
      code: 'PROPOSALS_INVALID',
      message,
      remedy: 'Compare the versions of the validators; one of them computes differently, or lies.',
    });
  }
  if (round >= FAILED_ROUNDS_MIN) {
    const message = `Height ${height} is in round ${round}: ${told === '' ? 'the rounds before ended without a decision' : told}.`;
    findings.push({
      code: 'ROUNDS_FAIL',
      message,
      remedy: 'Look at the validators that do not propose or vote, and at the links between them.',
    });
  }
  for (const { kind, reason } of incidents) {
    const isBuild = kind === 'buildFailed';
    const message = isBuild ? `This node could not build a block: ${reason}.` : `The signer of this node refused to sign: ${reason}.`;
    findings.push({ code: isBuild ? 'BUILD_FAILED' : 'SIGNER_REFUSES', message, remedy: 'Read the log of this node.' });
  }
  return findings;
}

function reasonsOfInvalid({ rounds }: Diagnosis): string {
  const reasons = rounds.flatMap(({ proposals }) => proposals.filter(({ block }) => block === 'invalid').map(({ reason }) => reason));
  return reasons.length === 0 ? 'no reason is known' : [...new Set(reasons)].join('; ');
}

function findEquivocation({ consensus }: DiagnosedNode): readonly Finding[] {
  return (consensus?.equivocators ?? []).map(({ validator, kind, round }) => ({
    code: 'EQUIVOCATION' as const,
    message: `Validator ${validator} signed two different messages (${kind}, round ${round}).`,
    remedy: 'The evidence goes into the next block. Ask its operator whether the key is in use twice.',
  }));
}

function findLate({ lastBlockMs, nowMs, emptyBlockIntervalMs, consensus }: DiagnosedNode): readonly Finding[] {
  const ageMs = nowMs - lastBlockMs;
  if (ageMs <= emptyBlockIntervalMs + BLOCK_LATE_MS) return [];
  const waits = consensus?.waitsFor.map((each) => each.for).join(', ') ?? 'the first height';
  const message = `The last block is ${seconds(ageMs)} old and should be at most ${seconds(emptyBlockIntervalMs)}; this node waits for: ${waits}.`;
  return [{ code: 'BLOCK_LATE', message, remedy: 'Look at the other validators; if they go on, restart this node and report it.' }];
}

function wellness({ lastBlockMs, nowMs, consensus }: DiagnosedNode): string {
  const height = consensus === undefined ? 0 : consensus.height - 1;
  const isIdle = consensus?.phase === 'waiting';
  return `Blocks are being made: the last one, height ${height}, is ${seconds(Math.max(0, nowMs - lastBlockMs))} old${isIdle ? ', and no transaction waits' : ''}.`;
}

function sumOf(validators: readonly { readonly power: bigint }[]): bigint {
  return validators.reduce((sum, { power }) => sum + power, 0n);
}

function sinceOf(lastMs: number | undefined, nowMs: number): string {
  return lastMs === undefined ? 'not linked since this node started' : `not linked for ${seconds(nowMs - lastMs)}`;
}

function seconds(durationMs: number): string {
  return `${Math.round(durationMs / 1000)} s`;
}
