import type {
  BlockFacts,
  ConsensusState,
  Effect,
  Input,
  LoggedInput,
  PeerStatus,
  Recipient,
  SignRequest,
  Timeout,
  VerifiedCertificate,
  VerifiedProposal,
  VerifiedVote,
} from '@mutual-chain/consensus';
import {
  coversLastSign,
  createConsensusState,
  decodeLoggedInput,
  encodeLoggedInput,
  statusOf,
  step,
  trustOwn,
} from '@mutual-chain/consensus';
import { advanceHeight, type BlockHash, type CommitCertificate, type Evidence, encodeHex, type ValidatorSet } from '@mutual-chain/protocol';
import { addressOf, signed, TIMING } from './validators.ts';

/*
 * Nodes whose network and clock are in the hands of a test.
 *
 * Disk, signer, execution and block building answer at once; messages wait in `inFlight` until the test delivers or drops them; timers wait
 * until the test moves the clock. What a node has logged, signed and committed outlives its crash. A peer is named by the place of its node.
 */

/** What travels between nodes. */
export type Message =
  | { readonly type: 'proposal'; readonly proposal: VerifiedProposal; readonly block: BlockFacts }
  | { readonly type: 'vote'; readonly vote: VerifiedVote }
  | { readonly type: 'status'; readonly status: PeerStatus }
  | { readonly type: 'blockRequest'; readonly blockHash: BlockHash }
  | { readonly type: 'block'; readonly block: BlockFacts }
  | { readonly type: 'certificate'; readonly certificate: VerifiedCertificate; readonly block: BlockFacts };

/** A message on its way. */
export type Envelope = { readonly from: number; readonly to: number; readonly message: Message; readonly sentMs: number };

/** A timer that a node has set. */
export type SetTimer = { readonly node: number; readonly timeout: Timeout; readonly dueMs: number };

/** A decided height as a node has stored it. */
export type Committed = { readonly block: BlockFacts; readonly certificate: CommitCertificate };

/** A node: its memory, and its disk, which outlives the memory. */
export type ClusterNode = {
  state: ConsensusState;
  isUp: boolean;
  /** Logged inputs of the height being decided, as bytes. */
  log: Uint8Array[];
  /** Records of the log that no crash can lose. */
  durableRecords: number;
  /** Blocks of the height being decided that the node has stored. */
  bodies: Map<string, BlockFacts>;
  /** Blocks of the height after it. */
  earlyBodies: BlockFacts[];
  /** Everything ever signed, in order. */
  readonly signatures: SignRequest[];
  /** By height, from 1. */
  readonly chain: Committed[];
  readonly evidence: Evidence[];
  /** Effects that wait for those before them. */
  outbox: Exclude<Effect, { readonly type: 'recordInLog' }>[];
  isRunning: boolean;
  halted: string | undefined;
};

/** Effects that wait until all that is logged is durable. */
const NEEDS_DURABLE_LOG: readonly Effect['type'][] = ['sign', 'sendProposal', 'sendVotes', 'commitBlock'];

/** What a cluster is made of. */
export type ClusterOptions = {
  readonly validators: ValidatorSet;
  /** Nodes to begin with, all of the validators if not given. */
  readonly nodes?: number;
  /** Whether there is always something to put into a block. */
  readonly hasWork?: boolean;
  /** The validators of a height, if they change otherwise than by the rotation. */
  readonly validatorsAt?: (height: number, before: ValidatorSet) => ValidatorSet;
  /** Whether a link carries messages. */
  readonly isLinked?: (from: number, to: number) => boolean;
  /** Whether a node dies before it carries out an effect. */
  readonly isKilledBefore?: (place: number, effect: Effect) => boolean;
  /** How many of the records that are not durable yet survive the death of a node; all of them if not given. */
  readonly recordsSaved?: (count: number) => number;
  /** Sees every step. */
  readonly onStep?: (node: number, before: ConsensusState, input: Input, effects: readonly Effect[]) => void;
};

/** A cluster under the hands of a test. */
export class Cluster {
  readonly nodes: readonly ClusterNode[];
  inFlight: Envelope[] = [];
  timers: SetTimer[] = [];
  nowMs = 0;
  /** Every block that was ever built. */
  readonly blocks: Map<string, BlockFacts> = new Map();
  readonly #options: ClusterOptions;
  readonly #validators: ValidatorSet[];
  #built = 0;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#validators = [options.validators, options.validators];
    const count = options.nodes ?? options.validators.validators.length;
    this.nodes = Array.from(
      { length: count },
      (_, place): ClusterNode => ({
        state: createConsensusState(addressOf(place)),
        isUp: false,
        log: [],
        durableRecords: 0,
        bodies: new Map(),
        earlyBodies: [],
        signatures: [],
        chain: [],
        evidence: [],
        outbox: [],
        isRunning: false,
        halted: undefined,
      }),
    );
  }

  /** Starts all nodes, or these. */
  start(...places: readonly number[]): void {
    for (const place of places.length === 0 ? this.nodes.keys() : places) this.startNode(place);
  }

  /** Starts a node from its disk: replays the log, and signs only if the log leads to what was signed last. */
  startNode(place: number): void {
    const node = this.node(place);
    if (node.isUp) return;
    node.isUp = true;
    node.state = createConsensusState(addressOf(place));
    for (const peer of this.nodes.keys())
      if (peer !== place) node.state = step(node.state, { type: 'peerConnected', peer: String(peer) }).state;
    this.startHeight(place);
  }

  /** Kills a node: what is in memory and on its way from it to its own disk is gone. */
  kill(...places: readonly number[]): void {
    for (const place of places) {
      const node = this.node(place);
      const atRisk = node.log.length - node.durableRecords;
      node.isUp = false;
      node.outbox = [];
      node.log.length = node.durableRecords + (this.#options.recordsSaved?.(atRisk) ?? atRisk);
      node.durableRecords = node.log.length;
      this.timers = this.timers.filter(({ node }) => node !== place);
    }
  }

  /** Loses the whole log of a node that is down. */
  loseLog(place: number): void {
    this.node(place).log = [];
    this.node(place).durableRecords = 0;
  }

  /** Gives a node an input. */
  input(place: number, input: Input): void {
    const node = this.node(place);
    if (!node.isUp || node.halted !== undefined) return;
    const before = node.state;
    const { state, effects } = step(before, input);
    node.state = state;
    this.#options.onStep?.(place, before, input, effects);
    this.#run(place, effects);
  }

  /** Delivers messages in order until none is left that passes; those that do not pass stay. */
  deliver(passes: (envelope: Envelope) => boolean = () => true): void {
    for (;;) {
      const at = this.inFlight.findIndex(passes);
      if (at === -1) return;
      this.deliverAt(at);
    }
  }

  /** Delivers one message. */
  deliverAt(at: number): void {
    const [envelope] = this.inFlight.splice(at, 1);
    if (envelope !== undefined) this.#receive(envelope);
  }

  /** Loses messages. */
  drop(matches: (envelope: Envelope) => boolean = () => true): void {
    this.inFlight = this.inFlight.filter((envelope) => !matches(envelope));
  }

  /** Runs out a timer of a node now, without waiting for its time. */
  expire(place: number, kind: Timeout['kind']): void {
    const at = this.timers.findIndex(({ node, timeout }) => node === place && timeout.kind === kind);
    const [timer] = at === -1 ? [] : this.timers.splice(at, 1);
    if (timer !== undefined) this.input(place, { type: 'timeoutExpired', timeout: timer.timeout });
  }

  /** Moves the clock to the next timer and runs it out; false when there is none. */
  advance(): boolean {
    let at = -1;
    for (const [index, { dueMs }] of this.timers.entries()) if (at === -1 || dueMs < (this.timers[at]?.dueMs ?? 0)) at = index;
    const [timer] = at === -1 ? [] : this.timers.splice(at, 1);
    if (timer === undefined) return false;
    this.nowMs = Math.max(this.nowMs, timer.dueMs);
    this.input(timer.node, { type: 'timeoutExpired', timeout: timer.timeout });
    return true;
  }

  /** Delivers everything and lets time pass until all running nodes have committed the height. Throws when that does not happen. */
  runUntil(height: number, stepsMax = 100_000): void {
    for (let steps = 0; steps < stepsMax; steps++) {
      if (this.nodes.every(({ isUp, chain }) => !isUp || chain.length >= height)) return;
      if (this.inFlight.length > 0) this.deliverAt(0);
      else if (!this.advance()) break;
    }
    throw new Error(`height ${height} is not reached: ${this.nodes.map(({ chain }) => chain.length).join()}`);
  }

  /** The same with a network that takes this long, ms, for every message; returns how long it all took. */
  runTimed(height: number, latencyMs: number, untilMs = 86_400_000): number {
    const startMs = this.nowMs;
    while (this.nowMs < untilMs) {
      if (this.nodes.every(({ isUp, chain }) => !isUp || chain.length >= height)) return this.nowMs - startMs;
      const arrivalMs = (this.inFlight[0]?.sentMs ?? Number.POSITIVE_INFINITY) + latencyMs;
      if (arrivalMs <= Math.min(...this.timers.map(({ dueMs }) => dueMs))) {
        this.nowMs = Math.max(this.nowMs, arrivalMs);
        this.deliverAt(0);
      } else if (!this.advance()) break;
    }
    throw new Error(`height ${height} is not reached: ${this.nodes.map(({ chain }) => chain.length).join()}`);
  }

  /** Begins the height after the last committed one, as after a restart or a commit. */
  startHeight(place: number): void {
    const node = this.node(place);
    const height = node.chain.length + 1;
    const lastSign = node.signatures.findLast((each) => each.height >= height);
    if (node.log.length === 0 && lastSign === undefined) {
      this.input(place, this.#heightStarted(node, 'allowed'));
    } else {
      const before = node.state;
      node.state = this.#replay(node, before, this.#heightStarted(node, 'allowed'));
      if (lastSign !== undefined && !coversLastSign(node.state, lastSign))
        node.state = this.#replay(node, before, this.#heightStarted(node, 'forbidden'));
      this.input(place, { type: 'resumed' });
    }
    const early = node.earlyBodies;
    node.earlyBodies = [];
    for (const block of early) this.#store(place, block);
    if (this.#options.hasWork !== false) this.input(place, { type: 'workAvailable' });
  }

  /** The validators of a height. */
  validatorsAt(height: number): ValidatorSet {
    while (this.#validators.length <= height) {
      const next = advanceHeight(this.#validators.at(-1) as ValidatorSet);
      this.#validators.push(this.#options.validatorsAt?.(this.#validators.length, next) ?? next);
    }
    return this.#validators[height] as ValidatorSet;
  }

  /** The node at a place. */
  node(place: number): ClusterNode {
    return this.nodes[place] as ClusterNode;
  }

  /** Makes a block, as a proposer would. */
  makeBlock(place: number, timestampMs = this.nowMs, isValid = true): BlockFacts {
    const blockHash = new Uint8Array(32) as BlockHash;
    new DataView(blockHash.buffer).setUint32(0, ++this.#built);
    blockHash[31] = isValid ? 0 : 1;
    const block = { blockHash, proposer: addressOf(place), timestampMs };
    this.blocks.set(encodeHex(blockHash), block);
    return block;
  }

  /** Puts a message on its way. */
  send(from: number, to: number, message: Message): void {
    if (from !== to && (this.#options.isLinked?.(from, to) ?? true)) this.inFlight.push({ from, to, message, sentMs: this.nowMs });
  }

  /** Puts a message on its way to everybody. */
  sendAll(from: number, message: Message): void {
    for (const to of this.nodes.keys()) this.send(from, to, message);
  }

  /** What a node would know if it were started now from its log. */
  replayed(place: number): ConsensusState {
    const node = this.node(place);
    const signing = node.state.current?.signing === 'forbidden' ? 'forbidden' : 'allowed';
    return this.#replay(node, { ...createConsensusState(addressOf(place)), peers: node.state.peers }, this.#heightStarted(node, signing));
  }

  #heightStarted(node: ClusterNode, signing: 'allowed' | 'forbidden'): Input {
    const height = node.chain.length + 1;
    return { type: 'heightStarted', height, validators: this.validatorsAt(height), timing: TIMING, signing };
  }

  #replay(node: ClusterNode, before: ConsensusState, start: Input): ConsensusState {
    let { state } = step(before, start);
    for (const bytes of node.log) ({ state } = step(state, decodeLoggedInput(bytes)));
    return state;
  }

  #receive({ from, to, message }: Envelope): void {
    const node = this.node(to);
    if (!node.isUp) return;
    switch (message.type) {
      case 'vote':
        this.input(to, { type: 'voteReceived', vote: message.vote });
        return;
      case 'proposal':
        this.input(to, { type: 'proposalReceived', proposal: message.proposal, receivedAtMs: this.nowMs });
        if (message.proposal.height === (node.state.current?.height ?? 0) + 1) node.earlyBodies.push(message.block);
        else this.#store(to, message.block);
        return;
      case 'status':
        this.#answerStatus(to, from, message.status);
        return;
      case 'blockRequest': {
        const block = node.bodies.get(encodeHex(message.blockHash));
        if (block !== undefined) this.send(to, from, { type: 'block', block });
        return;
      }
      case 'block':
        this.#store(to, message.block);
        return;
      case 'certificate':
        this.input(to, { type: 'certificateReceived', certificate: message.certificate });
        if (message.certificate.height === node.state.current?.height) this.#store(to, message.block);
    }
  }

  #store(place: number, block: BlockFacts): void {
    this.node(place).bodies.set(encodeHex(block.blockHash), block);
    this.input(place, { type: 'blockReceived', block });
  }

  /** A peer at a lower height is sent what was decided there. */
  #answerStatus(place: number, peer: number, status: PeerStatus): void {
    const committed = this.node(place).chain[status.height - 1];
    if (committed === undefined) this.input(place, { type: 'peerStatusReceived', peer: String(peer), status });
    else this.send(place, peer, { type: 'certificate', certificate: trustOwn(committed.certificate), block: committed.block });
  }

  #run(place: number, effects: readonly Effect[]): void {
    const node = this.node(place);
    for (const effect of effects) {
      if (effect.type === 'recordInLog') node.log.push(encodeLoggedInput(effect.input satisfies LoggedInput));
      else node.outbox.push(effect);
    }
    if (node.isRunning) return;
    node.isRunning = true;
    for (let effect = node.outbox.shift(); effect !== undefined; effect = node.outbox.shift()) {
      if (this.#options.isKilledBefore?.(place, effect) === true) this.kill(place);
      else this.#carryOut(place, effect);
    }
    node.isRunning = false;
  }

  #carryOut(place: number, effect: Exclude<Effect, { readonly type: 'recordInLog' }>): void {
    const node = this.node(place);
    if (NEEDS_DURABLE_LOG.includes(effect.type)) node.durableRecords = node.log.length;
    switch (effect.type) {
      case 'sign':
        this.#sign(place, effect.request);
        break;
      case 'sendProposal': {
        const block = node.bodies.get(encodeHex(effect.proposal.blockHash));
        if (block !== undefined) this.#post(place, effect.to, { type: 'proposal', proposal: effect.proposal, block });
        break;
      }
      case 'sendVotes':
        for (const vote of effect.votes) this.#post(place, effect.to, { type: 'vote', vote });
        break;
      case 'sendStatus':
        this.#post(place, effect.to, { type: 'status', status: effect.status });
        break;
      case 'scheduleTimeout':
        this.#schedule(place, effect.timeout, effect.durationMs);
        break;
      case 'cancelTimeoutsBefore':
        this.timers = this.timers.filter(({ node: owner, timeout }) => {
          const round = 'round' in timeout ? timeout.round : effect.round;
          return owner !== place || timeout.height > effect.height || (timeout.height === effect.height && round >= effect.round);
        });
        break;
      case 'buildBlock': {
        const block = this.makeBlock(place);
        node.bodies.set(encodeHex(block.blockHash), block);
        this.input(place, { type: 'blockBuilt', height: effect.height, round: effect.round, block });
        break;
      }
      case 'validateBlock': {
        const valid = effect.blockHash[31] === 0;
        this.input(place, {
          type: 'blockValidated',
          blockHash: effect.blockHash,
          valid,
          ...(valid ? {} : { reason: 'STATE_ROOT_WRONG' }),
        });
        break;
      }
      case 'requestBlock':
        this.#post(place, 'all', { type: 'blockRequest', blockHash: effect.blockHash });
        break;
      case 'commitBlock':
        this.#commit(place, effect);
        break;
      case 'reportEquivocation':
        node.evidence.push(effect.evidence);
        break;
      case 'halt':
        node.halted = effect.reason;
        break;
    }
  }

  #sign(place: number, request: SignRequest): void {
    const node = this.node(place);
    node.signatures.push(request);
    const message = signed(request, place);
    if ('proposer' in message) this.input(place, { type: 'proposalSigned', proposal: message, signedAtMs: this.nowMs });
    else this.input(place, { type: 'voteSigned', vote: message });
  }

  #post(from: number, to: Recipient, message: Message): void {
    if (to === 'all') this.sendAll(from, message);
    else this.send(from, Number(to.peer), message);
  }

  #schedule(node: number, timeout: Timeout, durationMs: number): void {
    if (this.timers.some((each) => each.node === node && nameOf(each.timeout) === nameOf(timeout))) return;
    this.timers.push({ node, timeout, dueMs: this.nowMs + durationMs });
  }

  #commit(place: number, { height, blockHash, certificate }: Extract<Effect, { readonly type: 'commitBlock' }>): void {
    const node = this.node(place);
    const block = node.bodies.get(encodeHex(blockHash));
    if (block === undefined || node.chain.length !== height - 1) throw new Error(`node ${place} cannot commit height ${height}`);
    node.chain.push({ block, certificate });
    node.log = [];
    node.durableRecords = 0;
    node.bodies = new Map();
    const wasBehind = node.state.current?.certificate !== undefined;
    this.startHeight(place);
    // Who took one block from the others asks at once for the next.
    const { current } = node.state;
    if (wasBehind && current !== undefined) this.sendAll(place, { type: 'status', status: statusOf(current) });
  }
}

function nameOf(timeout: Timeout): string {
  return 'round' in timeout ? `${timeout.kind} ${timeout.height} ${timeout.round}` : `${timeout.kind} ${timeout.height}`;
}
