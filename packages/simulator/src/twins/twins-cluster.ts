import {
  type BlockFacts,
  type ConsensusState,
  type ConsensusTiming,
  createConsensusState,
  type Effect,
  type Input,
  type Recipient,
  type SignRequest,
  step,
  type Timeout,
  trustOwn,
} from '@mutual-chain/consensus';
import {
  accusedOf,
  type BlockHash,
  type CommitCertificate,
  DEFAULT_PARAMETERS,
  type Signature,
  type ValidatorSet,
  type Vote,
} from '@mutual-chain/protocol';
import { hexOf } from '../checkers/powers.ts';
import { twinsAddress } from './twins-leaders.ts';
import type { Grouping, TwinsSettings } from './twins-scenario.ts';

/** What an instance decided. */
export type TwinsDecision = { readonly value: string; readonly certificate: CommitCertificate };

type Instance = {
  readonly state: ConsensusState;
  readonly timers: readonly Timeout[];
  readonly bodies: readonly string[];
  readonly decision: TwinsDecision | undefined;
};

/** Everything about a cluster between two rounds. Immutable, so that scenarios share their beginnings. */
export type TwinsState = { readonly instances: readonly Instance[]; readonly grouping: Grouping; readonly votes: readonly Vote[] };

/** A rule that was broken. */
export type TwinsViolation = { readonly checker: 'agreement' | 'doubleSign' | 'evidence' | 'halt'; readonly description: string };

const HEIGHT = 1;
const NOW_MS = 1000;
const SIGNATURE = new Uint8Array(65) as Signature;
const PHASES: readonly (readonly Timeout['kind'][])[] = [
  ['resend', 'blockInterval', 'emptyBlock'],
  ['propose'],
  ['prevote'],
  ['precommit'],
];

/** Runs instances of consensus through rounds in which each group of them hears only itself. Within a round nothing is lost or late. */
export class TwinsCluster {
  readonly #settings: TwinsSettings;
  readonly #validators: ValidatorSet;
  readonly #timing: ConsensusTiming = DEFAULT_PARAMETERS;
  readonly #blocks = new Map<string, BlockFacts>();
  #instances: Instance[] = [];
  #grouping: Grouping = [];
  #votes: Vote[] = [];
  #queue: { readonly to: number; readonly input: Input }[] = [];
  #violation: TwinsViolation | undefined;

  constructor(settings: TwinsSettings, validators: ValidatorSet) {
    this.#settings = settings;
    this.#validators = validators;
  }

  /** The first rule that was broken in any round that was run. */
  get violation(): TwinsViolation | undefined {
    return this.#violation;
  }

  /** All instances at the beginning of the height, linked to nobody. */
  start(): TwinsState {
    const { validators, twins } = this.#settings;
    this.#instances = Array.from(
      { length: validators + twins },
      (_, instance): Instance => ({
        state: createConsensusState(twinsAddress(this.#keyOf(instance))),
        timers: [],
        bodies: [],
        decision: undefined,
      }),
    );
    this.#grouping = this.#instances.map((_, instance) => instance);
    this.#votes = [];
    for (const to of this.#instances.keys()) {
      this.#take(to, { type: 'heightStarted', height: HEIGHT, validators: this.#validators, timing: this.#timing, signing: 'allowed' });
      this.#take(to, { type: 'workAvailable' });
    }
    return this.#state();
  }

  /** The cluster after one more round in these groups. */
  run(before: TwinsState, grouping: Grouping): TwinsState {
    this.#instances = [...before.instances];
    this.#votes = [...before.votes];
    this.#grouping = grouping;
    for (const left of grouping.keys())
      for (const right of grouping.keys()) if (left !== right) this.#relink(left, right, before.grouping[left] === before.grouping[right]);
    this.#spreadDecisions();
    for (const kinds of PHASES) {
      for (const [to, { timers }] of [...this.#instances.entries()])
        for (const timeout of timers) if (kinds.includes(timeout.kind)) this.#expire(to, timeout);
      this.#drain();
    }
    return this.#state();
  }

  /** Whether all instances of honest validators have decided. */
  isDecided({ instances }: TwinsState): boolean {
    return instances.every(({ decision }, instance) => decision !== undefined || this.#isTwin(instance));
  }

  /** Two decisions of honest instances that are not the same. */
  forkOf({ instances }: TwinsState): readonly [TwinsDecision, TwinsDecision] | undefined {
    const decisions = instances.flatMap(({ decision }, instance) => (decision === undefined || this.#isTwin(instance) ? [] : [decision]));
    const [first] = decisions;
    const other = decisions.find(({ value }) => value !== first?.value);
    return first === undefined || other === undefined ? undefined : [first, other];
  }

  #state(): TwinsState {
    return { instances: this.#instances, grouping: this.#grouping, votes: this.#votes };
  }

  #keyOf(instance: number): number {
    return instance < this.#settings.validators ? instance : instance - this.#settings.validators;
  }

  #isTwin(instance: number): boolean {
    return this.#keyOf(instance) < this.#settings.twins;
  }

  #relink(left: number, right: number, wasLinked: boolean): void {
    const isLinked = this.#grouping[left] === this.#grouping[right];
    if (isLinked === wasLinked) return;
    this.#take(left, { type: isLinked ? 'peerConnected' : 'peerDisconnected', peer: String(right) });
  }

  /** Who has decided shows the others of its group the block and its certificate, as the exchange of blocks does. */
  #spreadDecisions(): void {
    for (const [from, { decision }] of this.#instances.entries()) {
      const block = decision === undefined ? undefined : this.#blocks.get(decision.value);
      if (decision === undefined || block === undefined) continue;
      for (const [to, other] of this.#instances.entries())
        if (other.decision === undefined && this.#grouping[from] === this.#grouping[to]) {
          this.#queue.push({ to, input: { type: 'certificateReceived', certificate: trustOwn(decision.certificate) } });
          this.#giveBody(to, block);
        }
    }
    this.#drain();
  }

  #expire(to: number, timeout: Timeout): void {
    const instance = this.#instances[to] as Instance;
    this.#instances[to] = { ...instance, timers: instance.timers.filter((each) => each !== timeout) };
    this.#queue.push({ to, input: { type: 'timeoutExpired', timeout } });
  }

  #drain(): void {
    for (let at = 0; at < this.#queue.length; at++) {
      const { to, input } = this.#queue[at] as { readonly to: number; readonly input: Input };
      this.#take(to, input);
    }
    this.#queue = [];
  }

  #take(to: number, input: Input): void {
    const instance = this.#instances[to] as Instance;
    const { state, effects } = step(instance.state, input);
    if (state !== instance.state) this.#instances[to] = { ...instance, state };
    for (const effect of effects) this.#perform(to, effect);
  }

  #perform(from: number, effect: Effect): void {
    switch (effect.type) {
      case 'recordInLog':
        return;
      case 'sign':
        this.#sign(from, effect.request);
        return;
      case 'sendProposal': {
        const block = this.#blocks.get(hexOf(effect.proposal.blockHash));
        for (const to of this.#recipients(from, effect.to)) {
          this.#queue.push({ to, input: { type: 'proposalReceived', proposal: effect.proposal, receivedAtMs: NOW_MS } });
          if (block !== undefined) this.#giveBody(to, block);
        }
        return;
      }
      case 'sendVotes':
        for (const to of this.#recipients(from, effect.to))
          for (const vote of effect.votes) this.#queue.push({ to, input: { type: 'voteReceived', vote } });
        return;
      case 'sendStatus':
        for (const to of this.#recipients(from, effect.to))
          this.#queue.push({ to, input: { type: 'peerStatusReceived', peer: String(from), status: effect.status } });
        return;
      case 'scheduleTimeout': {
        const instance = this.#instances[from] as Instance;
        this.#instances[from] = { ...instance, timers: [...instance.timers, effect.timeout] };
        return;
      }
      case 'cancelTimeoutsBefore':
        this.#cancel(from, effect.round);
        return;
      case 'buildBlock':
        this.#build(from, effect.round);
        return;
      case 'validateBlock':
        this.#queue.push({ to: from, input: { type: 'blockValidated', blockHash: effect.blockHash, valid: true } });
        return;
      case 'requestBlock':
        this.#serve(from, effect.blockHash);
        return;
      case 'commitBlock': {
        const instance = this.#instances[from] as Instance;
        this.#instances[from] = { ...instance, decision: { value: hexOf(effect.blockHash), certificate: effect.certificate } };
        return;
      }
      case 'reportEquivocation':
        if ((accusedOf(effect.evidence)[0] as number) - 1 >= this.#settings.twins && !this.#isTwin(from))
          this.#violation ??= { checker: 'evidence', description: `instance ${from} accuses an honest validator` };
        return;
      case 'halt':
        this.#violation ??= { checker: 'halt', description: `instance ${from} halts: ${effect.reason}` };
    }
  }

  #recipients(from: number, to: Recipient): readonly number[] {
    const all = to === 'all' ? [...this.#instances.keys()] : [Number(to.peer)];
    return all.filter((each) => each !== from && this.#grouping[each] === this.#grouping[from]);
  }

  #giveBody(to: number, block: BlockFacts): void {
    const instance = this.#instances[to] as Instance;
    const name = hexOf(block.blockHash);
    if (!instance.bodies.includes(name)) this.#instances[to] = { ...instance, bodies: [...instance.bodies, name] };
    this.#queue.push({ to, input: { type: 'blockReceived', block } });
  }

  #serve(to: number, blockHash: BlockHash): void {
    const name = hexOf(blockHash);
    const block = this.#blocks.get(name);
    const holder = this.#instances.findIndex(({ bodies }, each) => bodies.includes(name) && this.#grouping[each] === this.#grouping[to]);
    if (block !== undefined && holder >= 0) this.#giveBody(to, block);
  }

  #build(from: number, round: number): void {
    const blockHash = new Uint8Array(32) as BlockHash;
    blockHash[0] = from + 1;
    blockHash[1] = round + 1;
    const block: BlockFacts = { blockHash, proposer: twinsAddress(this.#keyOf(from)), timestampMs: NOW_MS };
    this.#blocks.set(hexOf(blockHash), block);
    const instance = this.#instances[from] as Instance;
    this.#instances[from] = { ...instance, bodies: [...instance.bodies, hexOf(blockHash)] };
    this.#queue.push({ to: from, input: { type: 'blockBuilt', height: HEIGHT, round, block } });
  }

  #sign(from: number, request: SignRequest): void {
    const own = twinsAddress(this.#keyOf(from));
    if (request.kind === 'proposal') {
      const { kind, ...statement } = request;
      const proposal = trustOwn({ ...statement, proposer: own, signature: SIGNATURE });
      this.#queue.push({ to: from, input: { type: 'proposalSigned', proposal, signedAtMs: NOW_MS } });
      return;
    }
    const vote = trustOwn<Vote>({ ...request, validator: own, signature: SIGNATURE });
    if (!this.#isTwin(from)) this.#checkVote(vote);
    this.#votes.push(vote);
    this.#queue.push({ to: from, input: { type: 'voteSigned', vote } });
  }

  #checkVote(vote: Vote): void {
    const isSameStep = (each: Vote): boolean =>
      each.kind === vote.kind && each.round === vote.round && hexOf(each.validator) === hexOf(vote.validator);
    if (this.#votes.some((each) => isSameStep(each) && nameOf(each) !== nameOf(vote)))
      this.#violation ??= {
        checker: 'doubleSign',
        description: `validator ${vote.validator[0]} ${vote.kind}s twice in round ${vote.round}`,
      };
  }

  #cancel(from: number, round: number): void {
    const instance = this.#instances[from] as Instance;
    const timers = instance.timers.filter((timeout) => !('round' in timeout) || timeout.round >= round);
    if (timers.length !== instance.timers.length) this.#instances[from] = { ...instance, timers };
  }
}

/** What a vote is for, as text. */
export function nameOf({ blockHash }: Vote): string {
  return blockHash === undefined ? 'nil' : hexOf(blockHash);
}
