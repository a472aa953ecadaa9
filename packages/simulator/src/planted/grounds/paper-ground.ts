import {
  type ConsensusState,
  checkCertificate,
  checkVote,
  createConsensusState,
  type Effect,
  type Input,
  type SignRequest,
  step,
  type Timeout,
  trustOwn,
} from '@mutual-chain/consensus';
import {
  type Address,
  accusedOf,
  type BlockHash,
  type CommitCertificate,
  centred,
  consensusDigest,
  DEFAULT_PARAMETERS,
  type GenesisHash,
  type Signature,
  type Validator,
  type Vote,
} from '@mutual-chain/protocol';
import { hexOf } from '../../checkers/powers.ts';
import { Turns } from '../../checkers/turns.ts';
import { createMacCryptography, createMacKeys, type SimulatedKey } from '../../cryptography/mac-cryptography.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { PaperModel } from '../models/paper-model.ts';
import { Discrepancy, expectSame } from './discrepancy.ts';
import type { Ground } from './ground.ts';

const HEIGHT = 1;
const INPUTS = 160;
/** Below what is kept of past rounds, so that the model may keep everything. */
const ROUND_MAX = 6;
const VALUES = ['A', 'B', 'C'] as const;
const PEER = 'peer';
const FLOOD = 120;
const GENESIS_HASH = new Uint8Array(32).fill(7) as GenesisHash;

type Kind = 'prevote' | 'precommit';

/** The core of consensus against the paper written out plainly, both fed with the same inputs, however unlikely. */
export const PAPER: Ground = {
  what: 'One node of consensus against the paper written out plainly: the same random inputs, late, repeated, contradictory, out of order.',
  seeds: 2000,
  search: (seed) => Discrepancy.of('paper', () => new PaperRun(seed).run()),
};

class PaperRun {
  readonly #random: RandomStream;
  readonly #keys: readonly SimulatedKey[];
  readonly #powers: readonly bigint[];
  readonly #own: number;
  readonly #model: PaperModel;
  readonly #turns: Turns;
  readonly #headers = new Map<string, { readonly proposer: number; readonly timeMs: number }>();
  readonly #validity = new Map<string, boolean>();
  /** What each validator has voted for: so little that all of it is kept. */
  readonly #voted = new Map<string, Set<string>>();
  readonly #proposed = new Map<string, number>();
  readonly #timers: Timeout[] = [];
  readonly #requests: SignRequest[] = [];
  readonly #validating: string[] = [];
  readonly #builds: number[] = [];
  readonly #past: (() => void)[] = [];
  /** Of a thousand votes, so many are for the favourite of their round. */
  readonly #harmony: number;
  /** Whether others are ahead at times. */
  readonly #isHasty: boolean;
  #state: ConsensusState;
  #nowMs = 100_000;

  constructor(seed: bigint) {
    const random = new RandomStream(seed, 'paper');
    this.#random = random;
    const count = random.pick([1, 3, 4, 4, 4, 6, 7]);
    this.#keys = [...createMacKeys(seed, count)].sort((left, right) => (hexOf(left.address) < hexOf(right.address) ? -1 : 1));
    this.#harmony = random.pick([500, 700, 900]);
    this.#isHasty = random.chance(500);
    const areUnequal = random.chance(300);
    this.#powers = this.#keys.map(() => BigInt(areUnequal ? random.between(1, 4) : 1));
    this.#own = random.below(count);
    this.#turns = new Turns(new Map(this.#keys.map(({ address }, index) => [hexOf(address), this.#powers[index] ?? 0n])));
    const timing = { ...DEFAULT_PARAMETERS, timeoutMaxMs: 1500, messageDelayMs: 1000, messageDelayMaxMs: 1300 };
    this.#model = new PaperModel({ powers: this.#powers, own: this.#own, timing, turnOf: (round) => this.#turnOf(round) });
    for (const value of VALUES) {
      this.#headers.set(value, {
        proposer: random.chance(850) ? -1 : random.below(count),
        timeMs: this.#nowMs + random.pick([0, 0, 0, 0, -900, -1700, 400, 900]),
      });
      this.#validity.set(value, random.chance(900));
    }
    const rows = this.#keys.map(
      ({ publicKey, address }, index): Validator => ({
        publicKey,
        address,
        power: this.#powers[index] ?? 0n,
        priority: 0n,
        operator: address,
        peerId: '',
        addresses: '',
      }),
    );
    const validators = centred({ validators: rows });
    this.#state = createConsensusState(this.#addressOf(this.#own));
    this.#feed({ type: 'heightStarted', height: HEIGHT, validators, timing, signing: 'allowed' });
    this.#feed({ type: 'peerConnected', peer: PEER });
  }

  run(): void {
    for (let each = 0; each < INPUTS && this.#model.round <= ROUND_MAX; each++) {
      this.#nowMs += this.#random.below(30);
      this.#act();
    }
    this.#verify();
    if (!this.#model.isDecided) this.#flood();
  }

  #act(): void {
    const random = this.#random;
    const acts: readonly (readonly [number, () => void])[] = [
      [400, () => this.#deliverVote()],
      [120, () => this.#deliverProposal()],
      [60, () => this.#deliverBody(random.pick(VALUES))],
      [120, () => this.#answerValidation()],
      [150, () => this.#answerSignature()],
      [60, () => this.#answerBuild()],
      [110, () => this.#expire()],
      [30, () => this.#workAvailable()],
      [30, () => this.#interval()],
      [50, () => this.#resend()],
      [30, () => (this.#past.length > 0 ? random.pick(this.#past)() : undefined)],
      [4, () => this.#deliverCertificate()],
      [2, () => this.#overtake()],
    ];
    let left = random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, act] of acts) {
      left -= weight;
      if (left >= 0) continue;
      act();
      return;
    }
  }

  /** Feeds both with the same and compares what they want done and what they know. */
  #take(input: Input, toModel: () => void): void {
    const acts = this.#feed(input);
    toModel();
    const { model, state } = { model: this.#model, state: this.#state.current };
    expectSame(`what is done about ${input.type}`, acts, model.acts.splice(0));
    if (state === undefined) return;
    const { round, step: at, lockedRound, lockedValue, validRound, validValue } = state.round;
    expectSame(
      `what is known after ${input.type}`,
      [
        round,
        at,
        lockedRound,
        letterOf(lockedValue),
        validRound,
        letterOf(validValue),
        state.phase === 'decided' || state.phase === 'halted',
      ],
      [model.round, model.step, model.lockedRound, model.lockedValue, model.validRound, model.validValue, model.isDecided],
    );
  }

  /** Lets the node take an input; returns what it wants done, in words. */
  #feed(input: Input): readonly string[] {
    const { state, effects } = step(this.#state, input);
    this.#state = state;
    const acts = effects.flatMap((effect) => this.#note(effect));
    const fetches = effects.flatMap((effect) => (effect.type === 'requestBlock' ? [`fetch ${letterOf(effect.blockHash)}`] : []));
    return [...acts, ...fetches.sort()];
  }

  #note(effect: Effect): readonly string[] {
    switch (effect.type) {
      case 'sign':
        this.#requests.push(effect.request);
        return [`sign ${describe(effect.request)}`];
      case 'buildBlock':
        this.#builds.push(effect.round);
        return [`build ${effect.round}`];
      case 'validateBlock':
        this.#validating.push(letterOf(effect.blockHash));
        return [];
      case 'scheduleTimeout': {
        const { timeout, durationMs } = effect;
        if (timeout.kind !== 'resend') this.#timers.push(timeout);
        return 'round' in timeout ? [`timer ${timeout.kind} ${timeout.round} ${durationMs}`] : [];
      }
      case 'commitBlock':
        return [`commit ${effect.certificate.round} ${letterOf(effect.blockHash)}`];
      case 'halt':
        return [`halt ${effect.certificate.round} ${letterOf(effect.blockHash)}`];
      case 'reportEquivocation': {
        const { evidence } = effect;
        const kind = evidence.kind === 'duplicateProposal' ? 'proposal' : evidence.first.kind;
        return [`accuse ${this.#positionOf(accusedOf(evidence))} ${kind} ${evidence.first.round}`];
      }
      case 'cancelTimeoutsBefore':
      case 'recordInLog':
      case 'requestBlock':
      case 'sendProposal':
      case 'sendStatus':
      case 'sendVotes':
        return [];
    }
  }

  #deliverVote(): void {
    const random = this.#random;
    const from = this.#other();
    if (from === undefined) return;
    const round = this.#someRound(this.#isHasty ? [0, 0, 0, 0, 0, 0, -1, -1, 1, 2] : [0, 0, 0, -1]);
    const kind: Kind = random.chance(650) ? 'prevote' : 'precommit';
    // Where precommits agree as often as prevotes, everything is soon over.
    const value = random.chance(kind === 'prevote' ? this.#harmony : 300)
      ? favouriteOf(round)
      : random.chance(500)
        ? ''
        : random.pick(VALUES);
    const place = `${from} ${kind} ${round}`;
    const known = this.#voted.get(place) ?? new Set();
    const mayContradict = random.chance(250);
    if (!known.has(value) && known.size >= (mayContradict ? 2 : 1)) return;
    this.#voted.set(place, known.add(value));
    const deliver = (): void =>
      this.#take({ type: 'voteReceived', vote: trustOwn(this.#vote(from, kind, round, value)) }, () =>
        this.#model.vote(from, kind, round, value),
      );
    deliver();
    this.#past.push(deliver);
  }

  #deliverProposal(): void {
    const random = this.#random;
    const round = this.#someRound([0, 0, 0, 0, 1, -1]);
    const from = random.chance(900) ? this.#turnOf(round) : this.#other();
    if (from === undefined || from === this.#own) return;
    const place = `${from} ${round}`;
    const count = this.#proposed.get(place) ?? 0;
    if (count >= (random.chance(150) ? 2 : 1)) return;
    this.#proposed.set(place, count + 1);
    const validRound = round > 0 && random.chance(450) ? random.below(round) : -1;
    const value = random.chance(700) ? favouriteOf(validRound < 0 ? round : validRound) : random.pick(VALUES);
    this.#headerOf(value, from);
    const atMs = this.#nowMs;
    const proposal = trustOwn({
      height: HEIGHT,
      round,
      validRound,
      blockHash: hashOf(value),
      proposer: this.#addressOf(from),
      signature: NO_SIGNATURE,
    });
    const deliver = (): void =>
      this.#take({ type: 'proposalReceived', proposal, receivedAtMs: atMs }, () =>
        this.#model.proposal({ from, round, validRound, value, atMs }),
      );
    deliver();
    this.#past.push(deliver);
    if (random.chance(700)) this.#deliverBody(value);
  }

  #deliverBody(value: string): void {
    const header = this.#headers.get(value);
    if (header === undefined || header.proposer < 0) return;
    const block = { blockHash: hashOf(value), proposer: this.#addressOf(header.proposer), timestampMs: header.timeMs };
    this.#take({ type: 'blockReceived', block }, () => this.#model.body(value, header));
  }

  #answerValidation(): void {
    const value = this.#validating.shift();
    if (value === undefined) return;
    const valid = this.#validity.get(value) ?? true;
    this.#take({ type: 'blockValidated', blockHash: hashOf(value), valid, ...(valid ? {} : { reason: 'invalid' }) }, () =>
      this.#model.verdict(value, valid),
    );
  }

  #answerSignature(): void {
    const request = this.#requests.shift();
    if (request === undefined) return;
    const { kind, height, round } = request;
    const value = letterOf(request.blockHash);
    const atMs = this.#nowMs;
    const name = describe(request);
    if (this.#random.chance(60)) {
      this.#take({ type: 'signatureRefused', request, reason: 'no' }, () => this.#model.signed(name, undefined));
    } else if (request.kind === 'proposal') {
      const { validRound, blockHash } = request;
      const proposal = trustOwn({ height, round, validRound, blockHash, proposer: this.#addressOf(this.#own), signature: NO_SIGNATURE });
      this.#take({ type: 'proposalSigned', proposal, signedAtMs: atMs }, () =>
        this.#model.signed(name, () => this.#model.ownProposal(round, validRound, value, atMs)),
      );
    } else if (kind !== 'proposal') {
      this.#take({ type: 'voteSigned', vote: trustOwn(this.#vote(this.#own, kind, round, value)) }, () =>
        this.#model.signed(name, () => this.#model.ownVote(kind, round, value)),
      );
    }
  }

  #answerBuild(): void {
    const round = this.#builds.shift();
    if (round === undefined) return;
    const value = String.fromCharCode('a'.charCodeAt(0) + round);
    const header = { proposer: this.#own, timeMs: this.#nowMs };
    this.#headers.set(value, header);
    const block = { blockHash: hashOf(value), proposer: this.#addressOf(this.#own), timestampMs: header.timeMs };
    this.#take({ type: 'blockBuilt', height: HEIGHT, round, block }, () => this.#model.built(round, value, header));
  }

  /** Any timer that was ever set, the last more often. */
  #expire(): void {
    const random = this.#random;
    const timeout = random.chance(650) ? this.#timers.at(-1) : this.#timers.length > 0 ? random.pick(this.#timers) : undefined;
    if (timeout === undefined) return;
    this.#take({ type: 'timeoutExpired', timeout }, () => {
      if ('round' in timeout) this.#model.timeout(timeout.kind, timeout.round);
      else if (timeout.kind === 'blockInterval') this.#model.interval();
      else if (timeout.kind === 'emptyBlock') this.#model.wanted();
    });
  }

  #workAvailable(): void {
    this.#take({ type: 'workAvailable' }, () => this.#model.wanted());
  }

  #interval(): void {
    this.#take({ type: 'timeoutExpired', timeout: { kind: 'blockInterval', height: HEIGHT } }, () => this.#model.interval());
  }

  /** A peer that has said nothing is sent all votes that it may need. */
  #resend(): void {
    if (this.#model.isDecided) return;
    const { state, effects } = step(this.#state, { type: 'timeoutExpired', timeout: { kind: 'resend', height: HEIGHT } });
    this.#state = state;
    const sent = effects.flatMap((effect) =>
      effect.type === 'sendVotes' && effect.to !== 'all' && effect.to.peer === PEER ? effect.votes : [],
    );
    const words = sent.map(
      ({ validator, kind, round, blockHash }) => `${this.#positionOf(validator)} ${kind} ${round} ${letterOf(blockHash)}`,
    );
    expectSame('the votes that are sent again', words.sort(), this.#model.shared);
    const asked = effects.flatMap((effect) => (effect.type === 'requestBlock' ? [letterOf(effect.blockHash)] : []));
    expectSame('the bodies that are asked for again', asked.sort(), this.#model.missing);
    const isSetAnew = effects.some((effect) => effect.type === 'scheduleTimeout' && effect.timeout.kind === 'resend');
    expectSame('whether the timer is set anew', isSetAnew, true);
  }

  #deliverCertificate(): void {
    const round = this.#someRound([0, 1, -1]);
    const value = this.#random.pick(VALUES);
    const certificate: CommitCertificate = { height: HEIGHT, round, blockHash: hashOf(value), signatures: [] };
    this.#take({ type: 'certificateReceived', certificate: trustOwn(certificate) }, () => this.#model.certificate(round, value));
  }

  #overtake(): void {
    const certificate: CommitCertificate = { height: HEIGHT + 1, round: 0, blockHash: hashOf('Z'), signatures: [] };
    this.#take({ type: 'certificateReceived', certificate: trustOwn(certificate) }, () => this.#model.overtaken());
  }

  /** Only what is signed by whom it says passes. */
  #verify(): void {
    const random = this.#random;
    const cryptography = createMacCryptography(createMacKeysInOrder(this.#keys));
    const { validators } = this.#state.current ?? {};
    if (validators === undefined) return;
    const context = { cryptography, genesisHash: GENESIS_HASH, validators };
    const sign = (vote: Vote, key: SimulatedKey): Vote => ({
      ...vote,
      signature: cryptography.sign(consensusDigest(cryptography, GENESIS_HASH, vote), key.privateKey) as Signature,
    });
    const blockHash = hashOf('A');
    for (let each = 0; each < 4; each++) {
      const position = random.below(this.#keys.length);
      const signer = random.chance(500) ? position : random.below(this.#keys.length);
      const vote = sign(this.#vote(position, 'precommit', 0, 'A'), this.#keys[signer] as SimulatedKey);
      expectSame('whether a signature is good', checkVote(context, vote) !== undefined, signer === position);
    }
    const signers = this.#keys.flatMap((key, position) => (random.chance(700) ? [{ key, position, isGood: !random.chance(80) }] : []));
    const signatures = signers.map(({ key, position, isGood }) => {
      const { signature } = sign(this.#vote(position, isGood ? 'precommit' : 'prevote', 0, 'A'), key);
      return { validatorIndex: position, signature };
    });
    let missing = 0n;
    for (const [position, power] of this.#powers.entries()) if (!signers.some((each) => each.position === position)) missing += power;
    let total = 0n;
    for (const power of this.#powers) total += power;
    const certificate: CommitCertificate = { height: HEIGHT, round: 0, blockHash, signatures };
    const isGood = missing * 3n < total && signers.every((each) => each.isGood);
    expectSame('whether a certificate is good', checkCertificate(context, certificate) !== undefined, isGood);
  }

  /** One validator sends whatever it can sign: little of it is kept. */
  #flood(): void {
    const random = this.#random;
    const from = this.#other();
    if (from === undefined) return;
    for (let each = 0; each < FLOOD; each++) {
      const round = random.chance(500) ? this.#someRound([0, 1, 2]) : random.below(500);
      const blockHash = random.bytes(32) as BlockHash;
      const height = HEIGHT + (random.chance(200) ? 1 : 0);
      const kind: Kind = random.chance(500) ? 'prevote' : 'precommit';
      if (random.chance(300)) {
        const proposal = trustOwn({ height, round, validRound: -1, blockHash, proposer: this.#addressOf(from), signature: NO_SIGNATURE });
        this.#feed({ type: 'proposalReceived', proposal, receivedAtMs: this.#nowMs });
      } else this.#feed({ type: 'voteReceived', vote: trustOwn({ ...this.#vote(from, kind, round, 'A'), height, blockHash }) });
    }
    const { current, early } = this.#state;
    if (current === undefined) return;
    const ahead = current.keeper.rounds.filter((each) => each.round > current.round.round && each.senders.includes(from)).length;
    expectSame('rounds ahead with messages of one validator are at most two', ahead <= 2, true);
    expectSame('messages of the next height of one validator are at most eight', early.length <= 8, true);
    for (const votes of current.keeper.rounds)
      for (const kind of ['prevote', 'precommit'] as const) {
        const values = votes[kind].values.filter((value) => value.votes.some(({ position }) => position === from));
        expectSame('values of one validator are at most two', values.filter((value) => value.votes.length === 1).length <= 2, true);
      }
    const rounds = new Map<number, number>();
    for (const { position, proposal } of current.proposals)
      if (position === from) rounds.set(proposal.round, (rounds.get(proposal.round) ?? 0) + 1);
    expectSame('proposals of one validator for a round are at most two', Math.max(0, ...rounds.values()) <= 2, true);
  }

  #someRound(offsets: readonly number[]): number {
    const { round } = this.#model;
    // Of a validator that is more than two rounds ahead, something is forgotten.
    return Math.max(0, Math.min(Math.max(round, 0) + this.#random.pick(offsets), round + 2));
  }

  /** A block names its first proposer, unless it is to name a wrong one. */
  #headerOf(value: string, proposer: number): void {
    const header = this.#headers.get(value);
    if (header !== undefined && header.proposer < 0) this.#headers.set(value, { ...header, proposer });
  }

  #other(): number | undefined {
    const others = this.#keys.flatMap((_, position) => (position === this.#own ? [] : [position]));
    return others.length === 0 ? undefined : this.#random.pick(others);
  }

  #turnOf(round: number): number {
    const address = this.#turns.proposerOf(HEIGHT, round);
    return this.#keys.findIndex((key) => hexOf(key.address) === address);
  }

  #addressOf(position: number): Address {
    return (this.#keys[position] as SimulatedKey).address;
  }

  #positionOf(address: Address): number {
    return this.#keys.findIndex((key) => hexOf(key.address) === hexOf(address));
  }

  #vote(from: number, kind: Kind, round: number, value: string): Vote {
    const blockHash = value === '' ? undefined : hashOf(value);
    return { kind, height: HEIGHT, round, blockHash, validator: this.#addressOf(from), signature: NO_SIGNATURE };
  }
}

const NO_SIGNATURE = new Uint8Array(65) as Signature;

function createMacKeysInOrder(keys: readonly SimulatedKey[]): readonly SimulatedKey[] {
  return [...keys].sort((left, right) => left.index - right.index);
}

function favouriteOf(round: number): string {
  return VALUES[round % VALUES.length] ?? 'A';
}

function hashOf(value: string): BlockHash {
  return new Uint8Array(32).fill(value.charCodeAt(0)) as BlockHash;
}

function letterOf(hash: BlockHash | undefined): string {
  return hash === undefined ? '' : String.fromCharCode(hash[1] ?? 0);
}

function describe(request: SignRequest): string {
  const value = letterOf(request.blockHash);
  return request.kind === 'proposal'
    ? `proposal ${request.round} ${request.validRound} ${value}`
    : `${request.kind} ${request.round} ${value}`;
}
