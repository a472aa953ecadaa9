import type { BlockFacts } from '@mutual-chain/consensus';
import type { BuildOutcome, BuildRequest, ChainTip, DecidedBlock, InspectedBody } from '@mutual-chain/node';
import { assertInvariant, type Evidence, evidenceHeight, evidenceId } from '@mutual-chain/protocol';
import type { RandomStream } from '../random/random-stream.ts';
import { chooseContent, executeSimpleBlock, type SimpleContext, stateAfter } from './execute-simple-block.ts';
import { decodeSimpleBlock, encodeContent, encodeSimpleBlock, simpleBlockHash, simpleContentHash } from './simple-block.ts';
import { EVIDENCE_AGE_HEIGHTS, type SimpleState, simpleSetHash } from './simple-state.ts';
import { decodeSimpleTransaction, SIMPLE_TRANSACTION_BYTES } from './simple-transaction.ts';
import type { CommitObserver, SimulatedChain } from './simulated-chain.ts';

/** What a node of the simple chain has on its disk: every decided block, and the state after each height from 0. */
export type SimpleStore = { readonly blocks: DecidedBlock[]; readonly states: SimpleState[] };

/** Most transactions that wait, and that go into a block. */
const WAITING_MAX = 256;
const BLOCK_TRANSACTIONS_MAX = 32;
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
};

/** A chain of transfers and changes of validators: small and fast, with the rules of validator changes and of evidence. */
export class SimpleChain implements SimulatedChain {
  readonly #options: SimpleChainOptions;
  readonly #executed = new Map<string, SimpleState>();
  readonly #evidence = new Map<string, Evidence>();
  #waiting: Uint8Array[] = [];
  #committing: (() => void) | undefined;

  constructor(options: SimpleChainOptions) {
    this.#options = options;
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

  readonly hasWork = (): boolean => this.#waiting.length > 0 || this.#evidence.size > 0;

  readonly submit = (bytes: Uint8Array): boolean => {
    if (bytes.length !== SIMPLE_TRANSACTION_BYTES || this.#waiting.length >= WAITING_MAX) return false;
    this.#waiting.push(bytes);
    return true;
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
      const content = chooseContent(this.#options.context, before, this.#waiting.slice(0, BLOCK_TRANSACTIONS_MAX), evidence);
      const after = stateAfter(this.#options.context, before, content, timestampMs);
      assertInvariant(typeof after !== 'string', 'what was chosen fits');
      const body = buildBody(before, after, proposer, encodeContent(content.transactions, content.evidence));
      const blockHash = simpleBlockHash(body);
      this.#executed.set(keyOf(blockHash), { ...after, blockHash });
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

  readonly endRun = (): void => {
    if (this.#committing !== undefined && this.#options.random.chance(500)) this.#committing();
    this.#committing = undefined;
  };

  #execute(blockHash: Uint8Array, body: Uint8Array): SimpleState | string {
    const known = this.#executed.get(keyOf(blockHash));
    if (known !== undefined) return known;
    const block = decodeSimpleBlock(body);
    assertInvariant(block !== undefined, 'a body is inspected before it is executed');
    const outcome = executeSimpleBlock(this.#options.context, this.#state, block, body);
    if (typeof outcome !== 'string') this.#executed.set(keyOf(blockHash), outcome);
    return outcome;
  }

  #store(decided: DecidedBlock): void {
    const { store, committed, context } = this.#options;
    const state = this.#execute(decided.blockHash, decided.body);
    assertInvariant(typeof state !== 'string', 'a decided block was found valid before');
    assertInvariant(decided.height === store.states.length, 'heights are committed one after the other');
    store.blocks.push(decided);
    store.states.push(state);
    this.#executed.clear();
    this.#waiting = this.#waiting.filter((bytes) => {
      const transaction = decodeSimpleTransaction(bytes, context.rules.secret);
      return transaction !== undefined && transaction.nonce >= (state.nonces[transaction.from] ?? 0);
    });
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
