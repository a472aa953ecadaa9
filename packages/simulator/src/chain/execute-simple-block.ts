import {
  type Address,
  accusedOf,
  ChainError,
  type Cryptography,
  type Evidence,
  equalBytes,
  evidenceCodec,
  evidenceHeight,
  evidenceId,
  type GenesisHash,
  type ValidatorSet,
  verifyEvidence,
} from '@mutual-chain/protocol';
import type { PooledTransaction } from './pooled-transaction.ts';
import { type SimpleBlock, simpleBlockHash } from './simple-block.ts';
import {
  areChangesSafe,
  EVIDENCE_AGE_HEIGHTS,
  indexOf,
  PENDING_CHANGES_MAX,
  type PendingChange,
  type SimpleRules,
  type SimpleState,
  setAfter,
  simpleSetHash,
  stateRootOf,
} from './simple-state.ts';
import { decodeSimpleTransaction, type SimpleTransaction } from './simple-transaction.ts';

const UNPAID = 'an account cannot pay';

/** Who executes, and for which chain. */
export type SimpleContext = {
  readonly cryptography: Cryptography;
  readonly genesisHash: GenesisHash;
  readonly rules: SimpleRules;
};

/** The state while a block is executed. */
type Execution = {
  readonly context: SimpleContext;
  readonly before: SimpleState;
  readonly height: number;
  readonly timeSec: number;
  balances: number[];
  nonces: number[];
  pending: PendingChange[];
  evidence: SimpleState['evidence'];
};

/** Begins a block on a state. */
function createExecution(context: SimpleContext, before: SimpleState, timestampMs: number): Execution {
  const height = before.height + 1;
  return {
    context,
    before,
    height,
    timeSec: Math.floor(timestampMs / 1000),
    balances: [...before.balances],
    nonces: [...before.nonces],
    pending: before.pending.filter(({ activationHeight }) => activationHeight > height + 1),
    evidence: before.evidence.filter((each) => each.height >= height - EVIDENCE_AGE_HEIGHTS),
  };
}

/** What can be put into the next block of the candidates, in order, each where it fits, and what cannot be paid. */
export function chooseContent(
  context: SimpleContext,
  before: SimpleState,
  candidates: readonly PooledTransaction[],
  evidence: readonly Evidence[],
  timestampMs: number,
): {
  readonly transactions: readonly Uint8Array[];
  readonly unpaid: readonly PooledTransaction[];
  readonly evidence: readonly Uint8Array[];
} {
  const execution = createExecution(context, before, timestampMs);
  const transactions: Uint8Array[] = [];
  const unpaid: PooledTransaction[] = [];
  for (const candidate of candidates) {
    const refusal = executeTransaction(execution, candidate.transaction);
    if (refusal === undefined) transactions.push(candidate.bytes);
    else if (refusal === UNPAID) unpaid.push(candidate);
  }
  const chosen = evidence.filter((each) => acceptEvidence(execution, each) === undefined);
  return { transactions, unpaid, evidence: chosen.map(evidenceCodec.encode) };
}

/** The state after a block with this content, as a header has to state it. The block hash is filled in by the caller. */
export function stateAfter(
  context: SimpleContext,
  before: SimpleState,
  content: { readonly transactions: readonly Uint8Array[]; readonly evidence: readonly Uint8Array[] },
  timestampMs: number,
): SimpleState | string {
  const execution = createExecution(context, before, timestampMs);
  for (const bytes of content.transactions) {
    const transaction = decodeSimpleTransaction(bytes, context.rules.secret);
    if (transaction === undefined) return 'a transaction without a good tag';
    const refusal = executeTransaction(execution, transaction);
    if (refusal !== undefined) return refusal;
  }
  for (const bytes of content.evidence) {
    const evidence = decodeEvidence(bytes);
    const refusal = evidence === undefined ? 'evidence that is no evidence' : acceptEvidence(execution, evidence);
    if (refusal !== undefined) return refusal;
  }
  return finish(execution, timestampMs);
}

function finish({ context, before, height, balances, nonces, pending, evidence }: Execution, timestampMs: number): SimpleState {
  const validators = before.nextValidators;
  const nextValidators = setAfter(context.rules, validators, height + 2, pending);
  const sets = [...before.sets.filter((each) => each.height > height - EVIDENCE_AGE_HEIGHTS), { height: height + 1, validators }];
  const after = { height, timestampMs, balances, nonces, validators, nextValidators, pending, evidence };
  return { ...after, sets, blockHash: before.blockHash, stateRoot: stateRootOf(before.stateRoot, after) };
}

/** Executes a block: the state after it, or why it is invalid. */
export function executeSimpleBlock(
  context: SimpleContext,
  before: SimpleState,
  block: SimpleBlock,
  body: Uint8Array,
): SimpleState | string {
  const { header } = block;
  if (header.height !== before.height + 1) return 'the height does not follow';
  if (!equalBytes(header.parentHash, before.blockHash)) return 'the parent is another block';
  if (header.timestampMs <= before.timestampMs) return 'the time does not rise';
  if (!isMember(before.validators, header.proposer)) return 'the proposer is no validator';
  if (!equalBytes(header.validatorsHash, simpleSetHash(before.validators))) return 'the validators are others';
  if (!equalBytes(header.nextValidatorsHash, simpleSetHash(before.nextValidators))) return 'the next validators are others';
  const after = stateAfter(context, before, block, header.timestampMs);
  if (typeof after === 'string') return after;
  if (!equalBytes(header.stateRoot, after.stateRoot)) return 'the state root is another';
  return { ...after, blockHash: simpleBlockHash(body) };
}

function executeTransaction(execution: Execution, transaction: SimpleTransaction): string | undefined {
  const { balances, nonces } = execution;
  const { from, to, nonce, amount, kind, validUntil } = transaction;
  if (validUntil <= execution.timeSec) return 'a transaction is too late';
  if (nonces[from] !== nonce) return 'a nonce is not the next';
  if (kind === 'transfer') {
    const balance = balances[from] as number;
    if (balances[to] === undefined || balance < amount) return UNPAID;
    balances[from] = balance - amount;
    balances[to] = (balances[to] as number) + amount;
  } else acceptChange(execution, transaction);
  nonces[from] = nonce + 1;
  return undefined;
}

/** A change that is not possible or not safe changes nothing; its nonce is spent all the same. */
function acceptChange(execution: Execution, { to, amount, activationHeight }: SimpleTransaction): void {
  const { context, before, height, pending } = execution;
  if (pending.length >= PENDING_CHANGES_MAX || to >= context.rules.roster.length) return;
  const change: PendingChange = { activationHeight: Math.max(activationHeight, height + 2), validator: to, power: BigInt(amount) };
  const all = [...pending, change];
  if (areChangesSafe(context.rules, before.nextValidators, all)) execution.pending = all;
}

function acceptEvidence(execution: Execution, evidence: Evidence): string | undefined {
  const { context, before, height } = execution;
  const set = before.sets.find((each) => each.height === evidenceHeight(evidence))?.validators;
  if (set === undefined) return 'evidence of a height that is not judged';
  const id = Buffer.from(evidenceId(context.cryptography, evidence)).toString('hex');
  if (execution.evidence.some((each) => each.id === id)) return 'evidence that is accepted already';
  if (!verifyEvidence(context.cryptography, context.genesisHash, set, evidence)) return 'evidence that proves nothing';
  execution.evidence = [...execution.evidence, { height: evidenceHeight(evidence), id }];
  if (context.rules.isRemovalOn) removeAccused(execution, accusedOf(evidence), height);
  return undefined;
}

function removeAccused(execution: Execution, accused: Address, height: number): void {
  const { context, before, pending } = execution;
  const removal: PendingChange = { activationHeight: height + 2, validator: indexOf(context.rules, accused), power: 0n };
  const { validators } = before.nextValidators;
  const isLargeEnough = validators.length > 4 && pending.length < PENDING_CHANGES_MAX;
  const isNew =
    validators.some(({ address }) => equalBytes(address, accused)) && !pending.some(({ validator }) => validator === removal.validator);
  if (isLargeEnough && isNew && areChangesSafe(context.rules, before.nextValidators, [...pending, removal]))
    execution.pending = [...pending, removal];
}

function isMember({ validators }: ValidatorSet, address: Address): boolean {
  return validators.some((each) => equalBytes(each.address, address));
}

function decodeEvidence(bytes: Uint8Array): Evidence | undefined {
  try {
    return evidenceCodec.decode(bytes);
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}
