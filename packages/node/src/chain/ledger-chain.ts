import type { BlockFacts } from '@mutual-chain/consensus';
import {
  advanceHeight,
  assertInvariant,
  type BlockHash,
  type BlockHeader,
  blockCodec,
  blockHash,
  ChainError,
  certificateCodec,
  type Evidence,
  encodeHex,
  evidenceCodec,
  evidenceId,
  type LedgerRecord,
  type Receipt,
  type ResultCode,
  type TransactionId,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import {
  applyBlock,
  type BlockEffect,
  type BlockLimits,
  type BuiltBlock,
  buildBlock,
  type ChainContext,
  chainStatusTable,
  DEFAULT_BLOCK_LIMITS,
  parametersTable,
  StateOverlay,
  validatorSetTable,
} from '@mutual-chain/state-machine';
import type { BuildOutcome, BuildRequest, ChainTip, DecidedBlock, InspectedBody, RuntimeChain } from '../runtime/ports.ts';
import type { HeightCommit, StateStore } from '../storage/state-store.ts';
import { ExecutionPace } from './execution-pace.ts';
import { inspectBody } from './inspect-body.ts';

/** Where the transactions of blocks come from, and where they are verified: each once, wherever it is first seen. */
export type TransactionSource = {
  /** Whether `candidates` would yield anything. */
  readonly hasCandidates: () => boolean;
  /** Verified transactions in the order in which a block should try them. */
  readonly candidates: () => Iterable<VerifiedTransaction>;
  /** The transaction of these raw bytes; undefined when a signature is wrong. Errors: those of `decodeTransaction`. */
  readonly verify: (raw: Uint8Array) => VerifiedTransaction | undefined;
  /** A block was built without these candidates, for these codes. */
  readonly leftOut?: (candidates: readonly { readonly id: TransactionId; readonly code: ResultCode }[]) => void;
  /** A block is committed. */
  readonly committed: (block: CommittedBlock) => void;
};

/** A committed block with what it did. */
export type CommittedBlock = {
  readonly header: BlockHeader;
  readonly blockHash: BlockHash;
  readonly transactions: readonly VerifiedTransaction[];
  readonly receipts: readonly Receipt[];
  readonly records: readonly LedgerRecord[];
};

/** A committed block with what it writes to the state, for who keeps indexes beside the chain. */
export type IndexableBlock = CommittedBlock & Pick<BlockEffect, 'changes'>;

/** Most executed blocks of one height whose effects are kept: the locked, the valid, the proposed one and one more. */
const EXECUTIONS_MAX = 4;
/** Most pieces of evidence that wait for a block. */
const EVIDENCE_WAITING_MAX = 256;

/** What the chain is made of. */
export type LedgerChainOptions = {
  readonly context: ChainContext;
  /** Started, with genesis committed. */
  readonly store: StateStore;
  readonly transactions: TransactionSource;
  /** Index entries to be kept with a block, in the same batch. The store still shows the state before the block. */
  readonly indexesOf?: (block: IndexableBlock) => NonNullable<HeightCommit['indexes']>;
  /** The store failed: the node has to stop. */
  readonly failed: (error: unknown) => void;
  /** Clock by which blocks that are built here are kept short, ms; without it they have as many transactions as the chain allows. */
  readonly monotonicMs?: () => number;
};

type Executed = { readonly blockHash: BlockHash; readonly effect: BlockEffect; readonly transactions: readonly VerifiedTransaction[] };

/** The chain of a node: executes proposed blocks in overlays over the store's state, and promotes the one that is decided. */
export class LedgerChain implements RuntimeChain {
  readonly #options: LedgerChainOptions;
  readonly #evidence = new Map<string, Evidence>();
  #executed: readonly Executed[] = [];
  readonly #pace = new ExecutionPace();
  #tip: ChainTip;
  #lastCommitted: CommittedBlock | undefined;

  constructor(options: LedgerChainOptions) {
    this.#options = options;
    this.#tip = readTip(options.store);
  }

  /** The block that was committed last since the start. */
  get lastCommitted(): CommittedBlock | undefined {
    return this.#lastCommitted;
  }

  readonly tip = (): ChainTip => this.#tip;

  readonly hasWork = (): boolean => this.#evidence.size > 0 || this.#options.transactions.hasCandidates();

  readonly inspect = (body: Uint8Array): InspectedBody | undefined => {
    const read = inspectBody(this.#options.context.cryptography, body);
    if (read === undefined) return undefined;
    const { height, proposer, timestampMs } = read.block.header;
    return { blockHash: read.blockHash, height, proposer, timestampMs };
  };

  readonly build = ({ height, proposer, timestampMs }: BuildRequest, done: (outcome: BuildOutcome) => void): void => {
    const { store, context, transactions } = this.#options;
    assertInvariant(height === this.#tip.height + 1, 'blocks are built on the tip');
    const setting = { timestampMs, proposer, parentHash: this.#parentHash, evidence: [...this.#evidence.values()] };
    const candidates = [...transactions.candidates()];
    this.#makeRoom();
    const built = this.#paced(
      () => buildBlock(store.view, candidates, context, setting, this.#limits),
      ({ transactions: included }) => included.length,
    );
    const hash = blockHash(context.cryptography, built.header);
    this.#keep({ blockHash: hash, effect: built, transactions: built.transactions });
    for (const { kind, index } of built.skipped) if (kind === 'evidence') this.#forgetEvidence(setting.evidence[index]);
    transactions.leftOut?.(leftOutOf(built, candidates));
    const body = blockCodec.encode({
      header: built.header,
      transactions: built.transactions.map(({ bytes }) => bytes),
      evidence: built.evidence.map(evidenceCodec.encode),
    });
    done({ ok: true, block: { blockHash: hash, proposer, timestampMs }, body });
  };

  readonly validate = (
    block: BlockFacts,
    body: Uint8Array,
    done: (verdict: { readonly valid: boolean; readonly reason: string }) => void,
  ): void => {
    if (this.#find(block.blockHash) !== undefined) {
      done({ valid: true, reason: '' });
      return;
    }
    const outcome = this.#execute(block.blockHash, body);
    done(outcome.ok ? { valid: true, reason: '' } : { valid: false, reason: outcome.reason });
  };

  readonly commit = (decided: DecidedBlock, done: () => void): void => {
    const { store, failed, indexesOf, transactions: source } = this.#options;
    const executed = this.#find(decided.blockHash) ?? this.#executeDecided(decided);
    const { effect, transactions } = executed;
    const committed: IndexableBlock = { ...effect, blockHash: decided.blockHash, transactions };
    const indexes = indexesOf?.(committed);
    store
      .commitHeight({
        height: decided.height,
        blockHash: decided.blockHash,
        preview: effect.preview,
        block: decided.body,
        certificate: certificateCodec.encode(decided.certificate),
        ...(indexes === undefined ? {} : { indexes }),
      })
      .then(() => {
        for (const other of this.#executed) if (other !== executed) store.view.drop(other.effect.preview);
        this.#executed = [];
        this.#tip = readTip(store);
        for (const raw of blockCodec.decode(decided.body).evidence) this.#forgetEvidence(evidenceCodec.decode(raw));
        this.#lastCommitted = committed;
        source.committed(committed);
        done();
      })
      .catch(failed);
  };

  readonly decidedBlock = (height: number): DecidedBlock | undefined => {
    const { store } = this.#options;
    const body = height > 0 ? store.readBlock(height) : undefined;
    const encoded = body === undefined ? undefined : store.readCertificate(height);
    if (body === undefined || encoded === undefined) return undefined;
    const certificate = certificateCodec.decode(encoded);
    return { height, blockHash: certificate.blockHash, body, certificate };
  };

  readonly reportEvidence = (evidence: Evidence): void => {
    if (this.#evidence.size >= EVIDENCE_WAITING_MAX) return;
    this.#evidence.set(encodeHex(evidenceId(this.#options.context.cryptography, evidence)), evidence);
  };

  get #limits(): BlockLimits {
    const { transactionsMax, bytesMax } = DEFAULT_BLOCK_LIMITS;
    const isPaced = this.#options.monotonicMs !== undefined;
    return { bytesMax, transactionsMax: isPaced ? Math.min(transactionsMax, this.#pace.transactionsMax) : transactionsMax };
  }

  /** Executes a block and notes how long that took. */
  #paced<Result>(execute: () => Result, transactions: (result: Result) => number): Result {
    const { monotonicMs = () => 0 } = this.#options;
    const beganMs = monotonicMs();
    const result = execute();
    this.#pace.executed(transactions(result), monotonicMs() - beganMs);
    return result;
  }

  get #parentHash(): BlockHash {
    const { tip } = this.#options.store;
    assertInvariant(tip !== undefined, 'a chain has genesis');
    return tip.blockHash;
  }

  #executeDecided(decided: DecidedBlock): Executed {
    const outcome = this.#execute(decided.blockHash, decided.body);
    assertInvariant(outcome.ok, 'a decided block was found valid before');
    return outcome.executed;
  }

  #execute(
    hash: BlockHash,
    body: Uint8Array,
  ): { readonly ok: true; readonly executed: Executed } | { readonly ok: false; readonly reason: string } {
    const { store, context } = this.#options;
    const { header, transactions: raw, evidence: rawEvidence } = blockCodec.decode(body);
    const transactions = raw.map((bytes) => this.#verify(bytes));
    const forged = transactions.indexOf(undefined);
    if (forged !== -1) return { ok: false, reason: `transaction ${forged} has no valid signature` };
    const evidence = decodeEvidence(rawEvidence);
    if (evidence === undefined) return { ok: false, reason: 'evidence is not canonical' };
    const verified = transactions as readonly VerifiedTransaction[];
    this.#makeRoom();
    const outcome = this.#paced(
      () => applyBlock(store.view, { header, transactions: verified, evidence }, context, this.#parentHash),
      () => verified.length,
    );
    if (!outcome.ok) return { ok: false, reason: describe(outcome) };
    const executed: Executed = { blockHash: hash, effect: outcome, transactions: verified };
    this.#keep(executed);
    return { ok: true, executed };
  }

  #verify(raw: Uint8Array): VerifiedTransaction | undefined {
    return this.#options.transactions.verify(raw);
  }

  #find(hash: BlockHash): Executed | undefined {
    const name = encodeHex(hash);
    return this.#executed.find((each) => encodeHex(each.blockHash) === name);
  }

  /** Lets go of the oldest execution when there are as many as may be; it is executed again should it be decided. */
  #makeRoom(): void {
    const [oldest, ...rest] = this.#executed;
    if (oldest === undefined || this.#executed.length < EXECUTIONS_MAX) return;
    this.#options.store.view.drop(oldest.effect.preview);
    this.#executed = rest;
  }

  #keep(executed: Executed): void {
    if (this.#find(executed.blockHash) !== undefined) this.#options.store.view.drop(executed.effect.preview);
    else this.#executed = [...this.#executed, executed];
  }

  #forgetEvidence(evidence: Evidence | undefined): void {
    if (evidence !== undefined) this.#evidence.delete(encodeHex(evidenceId(this.#options.context.cryptography, evidence)));
  }
}

/** What a block was built without, except what it had no room for. */
function leftOutOf(
  { skipped }: Pick<BuiltBlock, 'skipped'>,
  candidates: readonly VerifiedTransaction[],
): readonly { readonly id: TransactionId; readonly code: ResultCode }[] {
  return skipped.flatMap(({ kind, index, code }) => {
    const candidate = candidates[index];
    return kind === 'evidence' || code === 'NO_ROOM' || candidate === undefined ? [] : [{ id: candidate.id, code }];
  });
}

function decodeEvidence(raw: readonly Uint8Array[]): readonly Evidence[] | undefined {
  try {
    return raw.map(evidenceCodec.decode);
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}

function describe({ code, index, result }: { readonly code: string; readonly index?: number; readonly result?: string }): string {
  return [code, ...(index === undefined ? [] : [`at ${index}`]), ...(result === undefined ? [] : [result])].join(' ');
}

/** What the committed state says about the next heights. */
function readTip(store: StateStore): ChainTip {
  const state = new StateOverlay(store.view);
  const status = state.get(chainStatusTable, undefined);
  const validators = state.get(validatorSetTable, undefined);
  const timing = state.get(parametersTable, undefined);
  assertInvariant(status !== undefined && validators !== undefined && timing !== undefined, 'the state begins with genesis');
  const { height, timestampMs } = status;
  const isChanging = [...status.pending, ...status.removals].some(({ activationHeight }) => activationHeight <= height + 2);
  return { height, timestampMs, validators, nextValidators: isChanging ? undefined : advanceHeight(validators), timing };
}
