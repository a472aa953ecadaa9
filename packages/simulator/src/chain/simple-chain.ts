import type { BlockFacts } from '@mutual-chain/consensus';
import type { BuildOutcome, BuildRequest, ChainTip, DecidedBlock, InspectedBody } from '@mutual-chain/node';
import { assertInvariant, type BlockHash, type Evidence, evidenceHeight, evidenceId } from '@mutual-chain/protocol';
import type { PoolObserver } from '../checkers/pool-checker.ts';
import { hexOf } from '../checkers/powers.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { chooseContent, executeSimpleBlock, type SimpleContext, stateAfter } from './execute-simple-block.ts';
import { readPooled } from './pooled-transaction.ts';
import { decodeSimpleBlock, encodeContent, encodeSimpleBlock, simpleBlockHash, simpleContentHash } from './simple-block.ts';
import { SimplePool } from './simple-pool.ts';
import { EVIDENCE_AGE_HEIGHTS, type SimpleState, simpleSetHash } from './simple-state.ts';
import type { CommitObserver, SimulatedChain } from './simulated-chain.ts';

/** What a node of the simple chain has on its disk: every decided block, and the state after each height from 0. */
export type SimpleStore = {
  readonly blocks: DecidedBlock[];
  readonly states: SimpleState[];
  /** Ids of transactions in blocks, in hex, with the height of the block. */
  readonly included: Map<string, number>;
};

/** Most pieces of evidence that wait, and that go into a block. */
const EVIDENCE_WAITING_MAX = 64;
const BLOCK_EVIDENCE_MAX = 8;

/** How long work on blocks takes, ms each: at least and at most. 0 to 0 answers at once. */
export type ChainLatency = {
  readonly build: readonly [number, number];
  readonly validate: readonly [number, number];
  readonly commit: readonly [number, number];
  /** Of a thousand blocks that are to be built, so many cannot be. */
  readonly buildFailuresPerMille: number;
};

/** What a simple chain is made of. */
export type SimpleChainOptions = {
  readonly context: SimpleContext;
  readonly store: SimpleStore;
  readonly timing: ChainTip['timing'];
  readonly latency: ChainLatency;
  readonly random: RandomStream;
  readonly schedule: (delayMs: number, label: string, run: () => void) => void;
  /** May throw to end the node there. */
  readonly boundary: () => void;
  readonly committed: CommitObserver;
  readonly nowMs: () => number;
  /** There is something to put into a block. */
  readonly filled: () => void;
  readonly pool: PoolObserver;
};

type Executed = { readonly state: SimpleState; readonly transactions: readonly Uint8Array[] };

/** A chain of transfers and changes of validators: small and fast, with the rules of validator changes and of evidence. */
export class SimpleChain implements SimulatedChain {
  readonly #options: SimpleChainOptions;
  readonly #executed = new Map<string, Executed>();
  readonly #pool: SimplePool;
  readonly #evidence = new Map<string, Evidence>();
  #committing: (() => void) | undefined;

  constructor(options: SimpleChainOptions) {
    this.#options = options;
    const { context, store, random, nowMs, schedule, filled, pool } = options;
    this.#pool = new SimplePool({
      context,
      state: () => this.#state,
      isCommitted: (id) => store.included.has(hexOf(id)),
      random,
      nowMs,
      schedule,
      filled,
      observer: pool,
    });
  }

  get #state(): SimpleState {
    return this.#options.store.states.at(-1) as SimpleState;
  }

  readonly tip = (): ChainTip => {
    const { height, timestampMs, validators, nextValidators } = this.#state;
    return { height, timestampMs, validators, nextValidators, timing: this.#options.timing };
  };

  readonly inspect = (body: Uint8Array): InspectedBody | undefined => {
    const block = decodeSimpleBlock(body);
    if (block === undefined) return undefined;
    const { height, proposer, timestampMs } = block.header;
    return { blockHash: simpleBlockHash(body), height, proposer, timestampMs };
  };

  readonly hasWork = (): boolean => this.#pool.hasCandidates || this.#evidence.size > 0;

  readonly submit = (bytes: Uint8Array): void => this.#pool.submit(bytes);

  readonly prevoted = (height: number, blockHash: BlockHash): void => {
    const executed = this.#executed.get(keyOf(blockHash));
    if (executed !== undefined) this.#pool.pin(height, blockHash, executed.transactions);
  };

  readonly build = ({ height, proposer, timestampMs }: BuildRequest, done: (outcome: BuildOutcome) => void): void => {
    this.#after('build', () => {
      const before = this.#state;
      if (this.#options.random.chance(this.#options.latency.buildFailuresPerMille)) {
        done({ ok: false, reason: 'there is no memory for a block' });
        return;
      }
      if (before.height + 1 !== height) {
        done({ ok: false, reason: 'the tip is another' });
        return;
      }
      const evidence = [...this.#evidence.values()].slice(0, BLOCK_EVIDENCE_MAX);
      const content = chooseContent(this.#options.context, before, this.#pool.candidates(), evidence, timestampMs);
      for (const { id } of content.unpaid) this.#pool.setAside(id);
      const after = stateAfter(this.#options.context, before, content, timestampMs);
      assertInvariant(typeof after !== 'string', 'what was chosen fits');
      const body = buildBody(before, after, proposer, encodeContent(content.transactions, content.evidence));
      const blockHash = simpleBlockHash(body);
      this.#executed.set(keyOf(blockHash), { state: { ...after, blockHash }, transactions: content.transactions });
      done({ ok: true, block: { blockHash, proposer, timestampMs }, body });
    });
  };

  readonly validate = (
    block: BlockFacts,
    body: Uint8Array,
    done: (verdict: { readonly valid: boolean; readonly reason: string }) => void,
  ): void => {
    this.#after('validate', () => {
      const outcome = this.#execute(block.blockHash, body);
      done(typeof outcome === 'string' ? { valid: false, reason: outcome } : { valid: true, reason: '' });
    });
  };

  readonly commit = (decided: DecidedBlock, done: () => void): void => {
    const store = (): void => this.#store(decided);
    this.#committing = store;
    this.#after('commit', () => {
      this.#options.boundary();
      this.#committing = undefined;
      store();
      this.#options.boundary();
      done();
    });
  };

  readonly decidedBlock = (height: number): DecidedBlock | undefined => this.#options.store.blocks[height - 1];

  readonly reportEvidence = (evidence: Evidence): void => {
    if (this.#evidence.size < EVIDENCE_WAITING_MAX && !this.#isAccepted(evidence)) this.#evidence.set(this.#idOf(evidence), evidence);
  };

  readonly waitingEvidence = (): number => this.#evidence.size;

  readonly overflow = (): string | undefined => {
    const { sizes, limits } = this.#pool;
    const lengths: readonly (readonly [string, number, number])[] = [
      ['transactions', sizes.transactions, limits.transactionsMax],
      ['bytes of transactions', sizes.bytes, limits.bytesMax],
      ['parked transactions', sizes.parked, limits.parkedMax],
      ['accounts', sizes.accounts, limits.transactionsMax],
      ['transactions being verified', sizes.verifying, limits.verifyingMax],
      ['pinned blocks', sizes.pinnedBlocks, limits.pinnedBlocksMax],
      ['ended transactions', sizes.ended, limits.endedMax],
    ];
    const over = lengths.find(([, length, max]) => length > max);
    return over === undefined ? undefined : `${over[1]} ${over[0]}, at most ${over[2]} are allowed`;
  };

  readonly endRun = (): void => {
    if (this.#committing !== undefined && this.#options.random.chance(500)) this.#committing();
    this.#committing = undefined;
  };

  #execute(blockHash: Uint8Array, body: Uint8Array): Executed | string {
    const known = this.#executed.get(keyOf(blockHash));
    if (known !== undefined) return known;
    const block = decodeSimpleBlock(body);
    assertInvariant(block !== undefined, 'a body is inspected before it is executed');
    const state = executeSimpleBlock(this.#options.context, this.#state, block, body);
    if (typeof state === 'string') return state;
    const executed = { state, transactions: block.transactions };
    this.#executed.set(keyOf(blockHash), executed);
    return executed;
  }

  #store(decided: DecidedBlock): void {
    const { store, committed } = this.#options;
    const executed = this.#execute(decided.blockHash, decided.body);
    assertInvariant(typeof executed !== 'string', 'a decided block was found valid before');
    const { state, transactions } = executed;
    assertInvariant(decided.height === store.states.length, 'heights are committed one after the other');
    store.blocks.push(decided);
    store.states.push(state);
    this.#executed.clear();
    for (const bytes of transactions) {
      const pooled = readPooled(bytes);
      if (pooled !== undefined) store.included.set(hexOf(pooled.id), state.height);
    }
    this.#pool.committed(state.height, transactions);
    for (const [id, evidence] of this.#evidence)
      if (this.#isAccepted(evidence) || evidenceHeight(evidence) <= state.height - EVIDENCE_AGE_HEIGHTS) this.#evidence.delete(id);
    committed(decided, { height: state.height, stateRoot: state.stateRoot, validators: state.validators });
  }

  #idOf(evidence: Evidence): string {
    return Buffer.from(evidenceId(this.#options.context.cryptography, evidence)).toString('hex');
  }

  #isAccepted(evidence: Evidence): boolean {
    const id = this.#idOf(evidence);
    return this.#state.evidence.some((each) => each.id === id);
  }

  #after(kind: 'build' | 'validate' | 'commit', work: () => void): void {
    const [low, high] = this.#options.latency[kind];
    const delayMs = this.#options.random.between(low, high);
    // A commit never answers at once: whoever decided is still at work.
    if (delayMs === 0 && kind !== 'commit') work();
    else this.#options.schedule(delayMs, kind, work);
  }
}

/** A body with the header that this state and content ask for. */
function buildBody(before: SimpleState, after: SimpleState, proposer: BuildRequest['proposer'], content: Uint8Array): Uint8Array {
  const header = {
    height: after.height,
    timestampMs: after.timestampMs,
    parentHash: before.blockHash,
    proposer,
    stateRoot: after.stateRoot,
    contentHash: new Uint8Array(32) as ReturnType<typeof simpleContentHash>,
    validatorsHash: simpleSetHash(before.validators),
    nextValidatorsHash: simpleSetHash(before.nextValidators),
  };
  const body = encodeSimpleBlock(header, content);
  return encodeSimpleBlock({ ...header, contentHash: simpleContentHash(body) }, content);
}

/** A text that stands for bytes as the key of a map. */
function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
