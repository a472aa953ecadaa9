import {
  type ConsensusState,
  checkCertificate,
  checkProposal,
  checkVote,
  createConsensusState,
  type Effect,
  encodeLoggedInput,
  type Input,
  isProposedNext,
  type LoggedInput,
  type Recipient,
  type SignRequest,
  statusOf,
  step,
  trustOwn,
  type VerificationContext,
  wantsAnyBody,
  wantsBody,
  wouldKeepProposal,
  wouldKeepVote,
} from '@mutual-chain/consensus';
import {
  type Address,
  assertInvariant,
  type BlockHash,
  type CommitCertificate,
  type ConsensusProposal,
  type Cryptography,
  equalBytes,
  type GenesisHash,
  proposerAt,
  type Vote,
} from '@mutual-chain/protocol';
import { isForeignUse } from '../signer/foreign-use.ts';
import type { Signer } from '../signer/signer.ts';
import { BodyShelf, type ShelvedBody } from './body-shelf.ts';
import { type ConsensusMessage, type DecidingMessage, encodeConsensusMessage } from './consensus-messages.ts';
import type { RuntimeChain, RuntimeClock, RuntimeLog, RuntimeTransport } from './ports.ts';
import { beginHeight } from './recovery.ts';
import { Timeouts } from './timeouts.ts';
import { UselessMessages } from './useless-messages.ts';
import { VoteQueue } from './vote-queue.ts';

/** What the runtime is made of. */
export type ConsensusRuntimeOptions = {
  readonly cryptography: Cryptography;
  readonly genesisHash: GenesisHash;
  readonly clock: RuntimeClock;
  readonly transport: RuntimeTransport;
  readonly log: RuntimeLog;
  /** undefined for a node that only follows. */
  readonly signer: Signer | undefined;
  readonly chain: RuntimeChain;
  /** The node cannot go on: it has to stop, and say why. Called once. */
  readonly halted: (reason: string) => void;
  /** A height begins at which this node signs nothing, and why. */
  readonly signingForbidden?: (height: number, reason: string) => void;
  /** Something was taken in, and this is what consensus knows now. */
  readonly stateChanged?: (state: ConsensusState) => void;
  /**
   * Who looks for bodies that did not come with their proposals, and serves them to others; by default all peers are asked and served by
   * messages, which is for tests: a few bytes then fetch megabytes, as often as a peer likes.
   */
  readonly bodies?: BodySearch;
};

/** Looks for the bodies of blocks that are being decided. */
export type BodySearch = {
  /** A body is needed; `holders` are validators that should have it. May be said again. */
  readonly wanted: (height: number, blockHash: BlockHash, holders: readonly Address[]) => void;
  /** It is here. */
  readonly received: (blockHash: BlockHash) => void;
};

/** Longest wait until the clock is looked at again when it is behind the time of the parent, ms: it may be set right meanwhile. */
const CLOCK_WAIT_MAX_MS = 1_000;

/**
 * Runs consensus on a machine: takes inputs one at a time, lets `step` decide, and carries out the effects in order.
 *
 * What a step changed is appended to the log at once. Signatures, messages and commits wait in the outbox until the log is durable; one
 * synchronisation serves everything that was taken in before it. Nothing is decided here.
 */
export class ConsensusRuntime {
  readonly #options: ConsensusRuntimeOptions;
  readonly #timeouts: Timeouts;
  readonly #bodies = new BodyShelf();
  readonly #peers = new Set<string>();
  readonly #useless = new UselessMessages();
  readonly #votes: VoteQueue;
  readonly #outbox: Effect[] = [];
  #state: ConsensusState;
  #isLogDurable = true;
  #isFlushing = false;
  #isRunning = false;
  /** Ends the wait for the clock to pass the time of the parent. */
  #cancelBuild: () => void = () => undefined;

  constructor(options: ConsensusRuntimeOptions) {
    this.#options = options;
    this.#state = createConsensusState(options.signer?.address);
    this.#votes = new VoteQueue({
      clock: options.clock,
      work: (peer, vote) => this.#takeWaitingVote(peer, vote),
      run: (slice) => this.#guarded(slice),
    });
    this.#timeouts = new Timeouts({ clock: options.clock, expired: (timeout) => this.#input({ type: 'timeoutExpired', timeout }) });
  }

  /** What consensus knows now. */
  get state(): ConsensusState {
    return this.#state;
  }

  /** Bodies held in memory. */
  get bodiesHeld(): number {
    return this.#bodies.size;
  }

  /** Body of a block of the height being decided, if it is here. */
  bodyOf(blockHash: BlockHash): Uint8Array | undefined {
    return this.#bodies.find(blockHash)?.body;
  }

  /** Goes on from what is durable: the committed chain and the log of the height after it. */
  start(): void {
    this.#isRunning = true;
    this.#guarded(() => {
      this.#startHeight();
      for (const peer of this.#peers) this.#take({ type: 'peerConnected', peer });
    });
  }

  /** Stops: nothing is sent, signed or answered any more. Safe to call twice. */
  stop(): void {
    this.#isRunning = false;
    this.#outbox.length = 0;
    this.#timeouts.cancelAll();
    this.#cancelBuild();
    this.#votes.stop();
  }

  /** A link to a peer is up. */
  connect(peer: string): void {
    this.#peers.add(peer);
    this.#input({ type: 'peerConnected', peer });
  }

  /** A link to a peer is down. */
  disconnect(peer: string): void {
    this.#peers.delete(peer);
    this.#input({ type: 'peerDisconnected', peer });
  }

  /** There is something to put into a block. */
  workAvailable(): void {
    this.#input({ type: 'workAvailable' });
  }

  /** Takes a message of a peer. */
  receive(peer: string, message: DecidingMessage): void {
    if (!this.#isRunning) return;
    this.#guarded(() => {
      switch (message.type) {
        case 'proposal':
          this.#receiveProposal(peer, message.proposal, message.body);
          break;
        case 'votes':
          this.#receiveVotes(peer, message.votes);
          break;
        case 'status':
          this.#take({ type: 'peerStatusReceived', peer, status: message.status });
          break;
        case 'bodyRequest':
          this.#serveBody(peer, message.height, message.blockHash);
          break;
        case 'body':
          this.#receiveBody(peer, message.body);
          break;
      }
    });
  }

  /** A decided block that follows the tip, from whoever has it. False when its certificate or body is wrong: the sender lied. */
  receiveDecidedBlock(certificate: CommitCertificate, body: Uint8Array): boolean {
    const { current } = this.#state;
    if (!this.#isRunning || current?.height !== certificate.height) return true;
    const verified = checkCertificate(this.#context(certificate.height) as VerificationContext, certificate);
    const block = this.#options.chain.inspect(body);
    if (verified === undefined || block === undefined || !equalBytes(block.blockHash, certificate.blockHash)) return false;
    this.#guarded(() => {
      this.#take({ type: 'certificateReceived', certificate: verified });
      this.#keepBody({ block, body });
    });
    return true;
  }

  #input(input: Input): void {
    this.#guarded(() => this.#take(input));
  }

  /** Does some work and then all that came of it. A failing disk ends the node: whatever is not durable has not been said. */
  #guarded(work: () => void): void {
    if (!this.#isRunning) return;
    try {
      work();
      this.#flush();
    } catch (error) {
      this.#halt(error instanceof Error ? error.message : String(error));
      if (!(error instanceof Error)) throw error;
    }
  }

  #halt(reason: string): void {
    if (!this.#isRunning) return;
    this.stop();
    this.#options.halted(reason);
  }

  #take(input: Input): void {
    const { state, effects } = step(this.#state, input);
    this.#state = state;
    this.#options.stateChanged?.(state);
    this.#post(effects);
  }

  #post(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'recordInLog') this.#record(effect.input);
      else this.#outbox.push(effect);
    }
  }

  #record(input: LoggedInput): void {
    this.#options.log.append('input', encodeLoggedInput(input));
    this.#isLogDurable = false;
  }

  #flush(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      for (let effect = this.#outbox.shift(); effect !== undefined; effect = this.#outbox.shift()) this.#run(effect);
    } finally {
      this.#isFlushing = false;
    }
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'recordInLog':
        this.#record(effect.input);
        break;
      case 'scheduleTimeout':
        this.#timeouts.schedule(effect.timeout, effect.durationMs);
        break;
      case 'cancelTimeoutsBefore':
        this.#timeouts.cancelBefore(effect.height, effect.round);
        break;
      case 'validateBlock':
        this.#validate(effect.blockHash);
        break;
      case 'buildBlock':
        this.#build(effect.height, effect.round);
        break;
      case 'sign':
        this.#makeLogDurable();
        this.#sign(effect.request);
        break;
      case 'sendProposal': {
        this.#makeLogDurable();
        const { proposal, to } = effect;
        const body = this.#bodies.find(proposal.blockHash)?.body;
        if (body !== undefined) this.#send(to, { type: 'proposal', proposal, body });
        break;
      }
      case 'sendVotes':
        this.#makeLogDurable();
        this.#send(effect.to, { type: 'votes', votes: effect.votes });
        break;
      case 'sendStatus':
        this.#send(effect.to, { type: 'status', status: effect.status });
        break;
      case 'requestBlock':
        this.#requestBody(effect.height, effect.blockHash, effect.holders);
        break;
      case 'commitBlock':
        this.#makeLogDurable();
        this.#commit(effect.height, effect.blockHash, effect.certificate);
        break;
      case 'reportEquivocation':
        this.#options.chain.reportEvidence(effect.evidence);
        break;
      case 'halt':
        this.#makeLogDurable();
        this.#halt(`a block that more than two thirds precommitted at height ${effect.height} is invalid here: ${effect.reason}`);
        break;
    }
  }

  #makeLogDurable(): void {
    if (this.#isLogDurable) return;
    this.#options.log.sync();
    this.#isLogDurable = true;
  }

  #sign(request: SignRequest): void {
    const { signer, clock } = this.#options;
    assertInvariant(signer !== undefined, 'only a node with a key is asked to sign');
    signer.sign(request, (outcome) => {
      if (!outcome.ok) this.#input({ type: 'signatureRefused', request, reason: outcome.reason });
      else if ('proposer' in outcome.message)
        this.#input({ type: 'proposalSigned', proposal: trustOwn(outcome.message), signedAtMs: clock.wallMs() });
      else this.#input({ type: 'voteSigned', vote: trustOwn(outcome.message) });
    });
  }

  #validate(blockHash: BlockHash): void {
    const shelved = this.#bodies.find(blockHash);
    assertInvariant(shelved !== undefined, 'a block is validated only when its body is here');
    const { height } = shelved.block;
    this.#options.chain.validate(shelved.block, shelved.body, ({ valid, reason }) => {
      if (height === this.#state.current?.height) this.#input({ type: 'blockValidated', blockHash, valid, ...(valid ? {} : { reason }) });
    });
  }

  /** Has a block built once the clock is past the parent's time. */
  #build(height: number, round: number): void {
    this.#cancelBuild();
    const { clock, chain, signer } = this.#options;
    const { timestampMs: parentMs } = chain.tip();
    const nowMs = clock.wallMs();
    if (!this.#isRunning || this.#state.current?.height !== height || this.#state.current.buildingRound !== round) return;
    if (nowMs <= parentMs) {
      const waitMs = Math.min(parentMs - nowMs + 1, CLOCK_WAIT_MAX_MS);
      this.#cancelBuild = clock.schedule(waitMs, () => this.#guarded(() => this.#build(height, round)));
      return;
    }
    assertInvariant(signer !== undefined, 'only a validator builds');
    chain.build({ height, round, proposer: signer.address, timestampMs: nowMs }, (outcome) => {
      if (!outcome.ok) {
        this.#input({ type: 'buildFailed', height, round, reason: outcome.reason });
        return;
      }
      if (this.#state.current?.height !== height || this.#state.current.buildingRound !== round) return;
      this.#guarded(() => {
        this.#appendBody({ block: { ...outcome.block, height }, body: outcome.body });
        this.#take({ type: 'blockBuilt', height, round, block: outcome.block });
      });
    });
  }

  #commit(height: number, blockHash: BlockHash, certificate: CommitCertificate): void {
    const shelved = this.#bodies.find(blockHash);
    assertInvariant(shelved !== undefined, 'a decided block has a body');
    this.#options.chain.commit({ height, blockHash, body: shelved.body, certificate }, () => this.#guarded(() => this.#startHeight()));
  }

  #startHeight(): void {
    const { chain, log, signer } = this.#options;
    const tip = chain.tip();
    const height = tip.height + 1;
    this.#cancelBuild();
    log.startHeight(height);
    const early = this.#bodies.startHeight(height);
    const records = log.recordsOf(height);
    const begun = beginHeight({ state: this.#state, tip, records, lastSign: signer?.lastSign(), inspect: chain.inspect });
    for (const shelved of begun.bodies) this.#bodies.keep(shelved);
    if (begun.forbidden !== undefined) this.#options.signingForbidden?.(height, begun.forbidden);
    this.#state = begun.state;
    this.#options.stateChanged?.(begun.state);
    this.#post(begun.effects);
    for (const shelved of early) this.#keepBody(shelved);
    if (chain.hasWork()) this.#take({ type: 'workAvailable' });
  }

  #receiveProposal(peer: string, proposal: ConsensusProposal, body: Uint8Array): void {
    const context = this.#context(proposal.height);
    const isOfUse =
      context !== undefined &&
      (wouldKeepProposal(this.#state, proposal) || this.#isForeignUse(proposal.proposer, { ...proposal, kind: 'proposal' }));
    if (isOfUse && !this.#takeProposal(peer, proposal, context)) return;
    const isBodyWanted = context !== undefined && this.#wantsProposedBody(proposal, context);
    if (isBodyWanted) this.#receiveProposedBody(peer, proposal, body);
    else if (!isOfUse) this.#countUseless(peer);
  }

  /** Verifies a proposal and takes it; false when that ended the link or the node. */
  #takeProposal(peer: string, proposal: ConsensusProposal, context: VerificationContext): boolean {
    const verified = checkProposal(context, proposal);
    if (verified === undefined) {
      this.#cut(peer, 'a proposal that no validator of its height signed');
      return false;
    }
    if (this.#stopsAtForeignUse(verified.proposer, { ...verified, kind: 'proposal' })) return false;
    this.#take({ type: 'proposalReceived', proposal: verified, receivedAtMs: this.#options.clock.wallMs() });
    return true;
  }

  /** Whether the body of a proposed block is of use. Of the next height only its proposer's are, and these only once they are verified. */
  #wantsProposedBody({ height, proposer, blockHash }: ConsensusProposal, { validators }: VerificationContext): boolean {
    if (height === this.#state.current?.height) return wantsBody(this.#state, blockHash);
    if (!equalBytes(proposerAt(validators, 0).address, proposer)) return false;
    return this.#bodies.hasRoomForEarly(blockHash) && isProposedNext(this.#state, proposer, blockHash);
  }

  #receiveVotes(peer: string, votes: readonly Vote[]): void {
    for (const vote of votes) {
      if (!this.#isVoteOfUse(vote)) {
        if (!this.#countUseless(peer)) return;
        // Whether somebody else uses this node's key cannot wait.
      } else if (this.#isOwn(vote.validator) || this.#votes.take(peer, vote)) {
        if (!this.#takeVote(peer, vote)) return;
      }
    }
  }

  /** Works off a vote that has waited, unless another peer brought it meanwhile; whether its signature was verified. */
  #takeWaitingVote(peer: string, vote: Vote): boolean {
    const isOfUse = this.#isVoteOfUse(vote);
    if (isOfUse) this.#takeVote(peer, vote);
    return isOfUse;
  }

  #isVoteOfUse(vote: Vote): boolean {
    if (this.#context(vote.height) === undefined) return false;
    return wouldKeepVote(this.#state, vote) || this.#isForeignUse(vote.validator, vote);
  }

  /** Verifies a vote and takes it; false when that ended the link or the node. */
  #takeVote(peer: string, vote: Vote): boolean {
    const context = this.#context(vote.height);
    assertInvariant(context !== undefined, 'a vote of use is of a height whose validators are known');
    const verified = checkVote(context, vote);
    if (verified === undefined) {
      this.#cut(peer, 'a vote that no validator of its height signed');
      return false;
    }
    if (this.#stopsAtForeignUse(verified.validator, verified)) return false;
    this.#take({ type: 'voteReceived', vote: verified });
    return this.#isRunning;
  }

  /** Counts what a peer sent in vain; false when it was too much, and the link has ended. */
  #countUseless(peer: string): boolean {
    const isTooMuch = this.#useless.count(peer, this.#options.clock.wallMs());
    if (isTooMuch) this.#cut(peer, 'too many messages that bring nothing');
    return !isTooMuch;
  }

  #cut(peer: string, reason: string): void {
    this.#votes.forget(peer);
    this.#options.transport.cut(peer, reason);
  }

  #isOwn(address: Address): boolean {
    const { signer } = this.#options;
    return signer !== undefined && equalBytes(address, signer.address);
  }

  #isForeignUse(signedBy: Address, message: SignRequest): boolean {
    const { signer } = this.#options;
    return signer !== undefined && this.#isOwn(signedBy) && isForeignUse(message, signer.lastSign());
  }

  /** Two nodes with one key would soon sign against each other: this one stops as soon as it sees what it did not sign. */
  #stopsAtForeignUse(signedBy: Address, message: SignRequest): boolean {
    if (!this.#isForeignUse(signedBy, message)) return false;
    const { kind, height, round } = message;
    this.#halt(`the key of this validator is in use elsewhere: a ${kind} at height ${height}, round ${round} was not signed here`);
    return true;
  }

  #receiveBody(peer: string, body: Uint8Array): void {
    if (!wantsAnyBody(this.#state)) {
      this.#countUseless(peer);
      return;
    }
    const block = this.#options.chain.inspect(body);
    if (block === undefined) this.#cut(peer, 'a body that its header does not commit to');
    else if (wantsBody(this.#state, block.blockHash)) this.#keepBody({ block, body });
    else this.#countUseless(peer);
  }

  /** Takes the body that came with a proposal. */
  #receiveProposedBody(peer: string, { height, blockHash }: ConsensusProposal, body: Uint8Array): void {
    const block = this.#options.chain.inspect(body);
    if (block === undefined || block.height !== height || !equalBytes(block.blockHash, blockHash))
      this.#cut(peer, 'a proposal with the body of another block');
    else if (height === this.#state.current?.height) this.#keepBody({ block, body });
    else this.#bodies.keepEarly({ block, body });
  }

  #keepBody(shelved: ShelvedBody): void {
    const { blockHash, proposer, timestampMs, height } = shelved.block;
    if (height !== this.#state.current?.height) return;
    if (this.#bodies.find(blockHash) === undefined) this.#appendBody(shelved);
    this.#options.bodies?.received(blockHash);
    this.#take({ type: 'blockReceived', block: { blockHash, proposer, timestampMs } });
  }

  /** The body goes into the log before the input that names it, so it is durable before anything is signed for it. */
  #appendBody(shelved: ShelvedBody): void {
    this.#options.log.append('body', shelved.body);
    this.#isLogDurable = false;
    this.#bodies.keep(shelved);
  }

  #requestBody(height: number, blockHash: BlockHash, holders: readonly Address[]): void {
    const { bodies } = this.#options;
    if (bodies === undefined) this.#send('all', { type: 'bodyRequest', height, blockHash });
    else bodies.wanted(height, blockHash, holders);
  }

  #serveBody(peer: string, height: number, blockHash: BlockHash): void {
    if (this.#options.bodies !== undefined) {
      this.#countUseless(peer);
      return;
    }
    const body = this.#bodies.find(blockHash)?.body;
    if (body !== undefined) this.#send({ peer }, { type: 'body', height, body });
  }

  #send(to: Recipient, message: ConsensusMessage): void {
    const bytes = encodeConsensusMessage(message);
    if (to !== 'all') this.#options.transport.send(to.peer, bytes);
    else for (const peer of this.#peers) this.#options.transport.send(peer, bytes);
  }

  /** What messages of a height are verified against; undefined when its validators are not known here. */
  #context(height: number): VerificationContext | undefined {
    const { cryptography, genesisHash, chain } = this.#options;
    const tip = chain.tip();
    const validators = height === tip.height + 1 ? tip.validators : height === tip.height + 2 ? tip.nextValidators : undefined;
    return validators === undefined ? undefined : { cryptography, genesisHash, validators };
  }

  /** Tells a peer, or all, at which height this node is. */
  announce(to: Recipient): void {
    const { current } = this.#state;
    if (this.#isRunning && current !== undefined) this.#send(to, { type: 'status', status: statusOf(current) });
  }
}
