import type { ConsensusTiming } from '@mutual-chain/consensus';

/** A value by a letter; nil is the empty text. */
type Value = string;
type Kind = 'prevote' | 'precommit';
type Step = 'propose' | 'prevote' | 'precommit';
type Proposal = {
  readonly from: number;
  readonly round: number;
  readonly validRound: number;
  readonly value: Value;
  readonly atMs: number;
};
type Header = { readonly proposer: number; readonly timeMs: number };

/** What a height is decided with. */
export type PaperHeight = {
  readonly powers: readonly bigint[];
  readonly own: number;
  readonly timing: ConsensusTiming;
  /** Whose turn each round is. */
  readonly turnOf: (round: number) => number;
};

/**
 * Tendermint by the paper once more, for one node at one height, as plainly as it can be written: all messages are kept, and every rule looks
 * through all of them. What it wants done it says in words, which are held against the effects of the real one.
 */
export class PaperModel {
  readonly acts: string[] = [];
  round = -1;
  step: Step = 'propose';
  lockedRound = -1;
  lockedValue: Value = '';
  validRound = -1;
  validValue: Value = '';
  isDecided = false;
  readonly #height: PaperHeight;
  readonly #votes = new Map<string, Set<number>>();
  readonly #senders = new Map<number, Set<number>>();
  readonly #proposals: Proposal[] = [];
  readonly #headers = new Map<Value, Header>();
  readonly #verdicts = new Map<Value, boolean>();
  readonly #certified: { readonly round: number; readonly value: Value }[] = [];
  readonly #accused = new Set<string>();
  readonly #done = new Set<string>();
  readonly #asked: string[] = [];
  readonly #fetched = new Set<Value>();
  #isIntervalOver = false;
  #isWanted = false;
  #isOvertaken = false;
  #building = -1;

  constructor(height: PaperHeight) {
    this.#height = height;
  }

  interval(): void {
    this.#isIntervalOver ||= this.round < 0;
    this.#settle();
  }

  wanted(): void {
    this.#isWanted ||= this.round < 0;
    this.#settle();
  }

  vote(from: number, kind: Kind, round: number, value: Value): void {
    this.#keepVote(from, kind, round, value);
    this.#settle();
  }

  proposal(proposal: Proposal): void {
    this.#keepProposal(proposal);
    this.#settle();
  }

  body(value: Value, header: Header): void {
    if (!this.#headers.has(value)) this.#headers.set(value, header);
    this.#settle();
  }

  verdict(value: Value, isValid: boolean): void {
    if (!this.#verdicts.has(value)) this.#verdicts.set(value, isValid);
    this.#settle();
  }

  built(round: number, value: Value, header: Header): void {
    if (round !== this.#building || this.isDecided) return;
    this.#building = -1;
    this.#headers.set(value, header);
    this.#verdicts.set(value, true);
    this.#ask(`proposal ${round} -1 ${value}`);
    this.#settle();
  }

  /** The signer has answered; `undefined` when it refused. */
  signed(request: string, message: (() => void) | undefined): void {
    if (!this.#asked.includes(request) || this.isDecided) return;
    this.#asked.splice(this.#asked.indexOf(request), 1);
    message?.();
    this.#settle();
  }

  ownVote(kind: Kind, round: number, value: Value): void {
    this.#keepVote(this.#height.own, kind, round, value);
  }

  ownProposal(round: number, validRound: number, value: Value, atMs: number): void {
    this.#keepProposal({ from: this.#height.own, round, validRound, value, atMs });
  }

  timeout(kind: 'propose' | Kind, round: number): void {
    if (round !== this.round || this.isDecided) return;
    if (kind === 'propose' && this.step === 'propose') this.#prevote('');
    if (kind === 'prevote' && this.step === 'prevote') this.#precommit('');
    if (kind === 'precommit') this.#start(this.round + 1);
    this.#settle();
  }

  certificate(round: number, value: Value): void {
    if (this.#certified.length === 0) this.#certified.push({ round, value });
    this.#settle();
  }

  /** A higher height is decided elsewhere. */
  overtaken(): void {
    this.#isOvertaken = true;
  }

  /** Votes that whoever lacks everything is to be sent: `from kind round value`. */
  get shared(): readonly string[] {
    const rounds = [this.round - 1, Math.max(this.round, 0)];
    const shared: string[] = [];
    for (const [place, voters] of this.#votes) {
      const [kind = '', round = '', value = ''] = place.split(' ');
      const isProof = kind === 'prevote' && Number(round) === this.validRound && value === this.validValue;
      if (rounds.includes(Number(round)) || isProof) for (const from of voters) shared.push(`${from} ${place}`);
    }
    return shared.sort();
  }

  /** Values whose bodies are missing, and are asked for once more. */
  get missing(): readonly Value[] {
    const proposed = this.#proposedIn(Math.max(this.round, 0)).map(({ value }) => value);
    return [...new Set([...proposed, ...this.#urgent])].filter((value) => !this.#headers.has(value)).sort();
  }

  #keepVote(from: number, kind: Kind, round: number, value: Value): void {
    if (this.isDecided) return;
    this.#sent(from, round);
    const place = `${kind} ${round} ${value}`;
    for (const [other, voters] of this.#votes)
      if (other !== place && other.startsWith(`${kind} ${round} `) && voters.has(from)) this.#accuse(from, kind, round);
    const voters = this.#votes.get(place) ?? new Set();
    voters.add(from);
    this.#votes.set(place, voters);
  }

  #keepProposal(proposal: Proposal): void {
    if (this.isDecided) return;
    const { from, round, validRound, value } = proposal;
    const others = this.#proposals.filter((each) => each.from === from && each.round === round);
    if (others.some((each) => each.value === value && each.validRound === validRound)) return;
    if (others.length > 0) this.#accuse(from, 'proposal', round);
    this.#sent(from, round);
    this.#proposals.push(proposal);
  }

  #accuse(from: number, kind: string, round: number): void {
    const offence = `accuse ${from} ${kind} ${round}`;
    if (this.#accused.has(offence)) return;
    this.#accused.add(offence);
    this.acts.push(offence);
  }

  #sent(from: number, round: number): void {
    const senders = this.#senders.get(round) ?? new Set();
    this.#senders.set(round, senders.add(from));
  }

  /** Lets the rules fire, the first that can, until none does. */
  #settle(): void {
    while (!this.isDecided && this.#fire());
    if (this.isDecided) return;
    const wanted = new Set([...this.#proposedIn(Math.max(this.round, 0)).map(({ value }) => value), ...this.#urgent]);
    for (const value of this.#fetched) if (!wanted.has(value)) this.#fetched.delete(value);
    for (const value of [...this.#urgent].sort()) {
      if (this.#headers.has(value) || this.#fetched.has(value)) continue;
      this.#fetched.add(value);
      this.acts.push(`fetch ${value}`);
    }
  }

  /** Values that the next vote or the decision hangs on. */
  get #urgent(): ReadonlySet<Value> {
    const prevoted = this.#quorums('prevote').filter(({ round }) => round <= this.round && round >= this.validRound);
    return new Set([...this.#certified, ...prevoted, ...this.#quorums('precommit')].map(({ value }) => value));
  }

  #fire(): boolean {
    if (
      this.round < 0 &&
      this.#isIntervalOver &&
      (this.#isWanted || this.#proposedIn(0).length > 0 || this.#isThird(this.#senders.get(0)))
    ) {
      this.#start(0);
      return true;
    }
    return (
      this.#decide() ||
      this.#skip() ||
      this.#voteOnFresh() ||
      this.#voteAgain() ||
      this.#keep() ||
      this.#lock() ||
      this.#nil() ||
      this.#leave() ||
      this.#wait('prevote') ||
      this.#wait('precommit')
    );
  }

  /** Lines 49–54. */
  #decide(): boolean {
    for (const { round, value } of [...this.#quorums('precommit'), ...this.#certified]) {
      const verdict = this.#verdicts.get(value);
      if (verdict === undefined) continue;
      const header = this.#headers.get(value);
      const hadTurn = header !== undefined && this.#hadTurn(header.proposer, round);
      this.isDecided = true;
      this.acts.push(verdict && hadTurn ? `commit ${round} ${value}` : `halt ${round} ${value}`);
      return true;
    }
    return false;
  }

  /** Lines 55–56. */
  #skip(): boolean {
    const ahead = [...this.#senders].filter(([round, senders]) => round > Math.max(this.round, 0) && this.#isThird(senders));
    if (ahead.length === 0) return false;
    this.#start(Math.max(...ahead.map(([round]) => round)));
    return true;
  }

  /** Lines 22–27. */
  #voteOnFresh(): boolean {
    if (this.round < 0 || this.step !== 'propose') return false;
    for (const { value, from, atMs } of this.#proposedIn(this.round).filter(({ validRound }) => validRound === -1)) {
      if (this.lockedRound !== -1 && this.lockedValue !== value) return this.#prevote('');
      const header = this.#headers.get(value);
      if (header === undefined) continue;
      if (header.proposer !== from || !this.#isTimely(header.timeMs, atMs)) return this.#prevote('');
      const verdict = this.#verdicts.get(value);
      if (verdict !== undefined) return this.#prevote(verdict ? value : '');
    }
    return false;
  }

  /** Lines 28–33. */
  #voteAgain(): boolean {
    if (this.round < 0 || this.step !== 'propose') return false;
    for (const { value, validRound } of this.#proposedIn(this.round)) {
      if (validRound < 0 || !this.#isQuorum(this.#votes.get(`prevote ${validRound} ${value}`))) continue;
      if (this.lockedRound > validRound && this.lockedValue !== value) return this.#prevote('');
      const header = this.#headers.get(value);
      if (header === undefined) continue;
      if (!this.#hadTurn(header.proposer, validRound)) return this.#prevote('');
      const verdict = this.#verdicts.get(value);
      if (verdict !== undefined) return this.#prevote(verdict ? value : '');
    }
    return false;
  }

  /** Lines 42–43, and the same for rounds that are over. */
  #keep(upTo = this.round): boolean {
    for (let round = upTo; round > this.validRound; round--)
      for (const quorum of this.#quorums('prevote'))
        if (quorum.round === round && this.#verdicts.get(quorum.value) === true) {
          this.validRound = round;
          this.validValue = quorum.value;
          return true;
        }
    return false;
  }

  /** Lines 36–41. */
  #lock(): boolean {
    if (this.step !== 'prevote') return false;
    for (const { value } of this.#proposedIn(this.round)) {
      if (this.#verdicts.get(value) !== true || !this.#isQuorum(this.#votes.get(`prevote ${this.round} ${value}`))) continue;
      this.lockedRound = this.round;
      this.lockedValue = value;
      return this.#precommit(value);
    }
    return false;
  }

  /** Lines 44–46. */
  #nil(): boolean {
    return this.step === 'prevote' && this.#isQuorum(this.#votes.get(`prevote ${this.round} `)) && this.#precommit('');
  }

  /** More than two thirds of precommits for nil end the round. */
  #leave(): boolean {
    if (this.round < 0 || !this.#isQuorum(this.#votes.get(`precommit ${this.round} `))) return false;
    this.#start(this.round + 1);
    return true;
  }

  /** Lines 34–35 and 47–48. */
  #wait(kind: Kind): boolean {
    if (this.round < 0 || this.#done.has(kind) || (kind === 'prevote' && this.step !== 'prevote')) return false;
    const voters = new Set<number>();
    for (const [place, each] of this.#votes) if (place.startsWith(`${kind} ${this.round} `)) for (const from of each) voters.add(from);
    if (!this.#isQuorum(voters)) return false;
    this.#done.add(kind);
    this.#timer(kind);
    return true;
  }

  /** Lines 11–21. */
  #start(round: number): void {
    this.#keep(round - 1);
    this.round = round;
    this.step = 'propose';
    this.#done.clear();
    this.#building = -1;
    if (this.#height.turnOf(round) === this.#height.own && this.#maySign) {
      if (this.validRound >= 0) this.#ask(`proposal ${round} ${this.validRound} ${this.validValue}`);
      else {
        this.#building = round;
        this.acts.push(`build ${round}`);
      }
    }
    this.#timer('propose');
  }

  #prevote(value: Value): true {
    this.step = 'prevote';
    this.#ask(`prevote ${this.round} ${value}`);
    return true;
  }

  #precommit(value: Value): true {
    this.step = 'precommit';
    this.#ask(`precommit ${this.round} ${value}`);
    return true;
  }

  #ask(request: string): void {
    if (!this.#maySign || this.#asked.includes(request)) return;
    this.#asked.push(request);
    this.acts.push(`sign ${request}`);
  }

  #timer(kind: 'propose' | Kind): void {
    const { proposeTimeoutMs, voteTimeoutMs, timeoutGrowthMs, timeoutMaxMs } = this.#height.timing;
    const first = kind === 'propose' ? proposeTimeoutMs : voteTimeoutMs;
    let durationMs = first;
    for (let each = 0; each < this.round; each++) durationMs += timeoutGrowthMs;
    this.acts.push(`timer ${kind} ${this.round} ${Math.min(durationMs, Math.max(first, timeoutMaxMs))}`);
  }

  get #maySign(): boolean {
    return this.#certified.length === 0 && !this.#isOvertaken;
  }

  #proposedIn(round: number): readonly Proposal[] {
    return this.#proposals.filter((each) => each.round === round && each.from === this.#height.turnOf(round));
  }

  #hadTurn(proposer: number, round: number): boolean {
    for (let each = 0; each <= round; each++) if (this.#height.turnOf(each) === proposer) return true;
    return false;
  }

  #isTimely(timeMs: number, atMs: number): boolean {
    const { messageDelayMs, messageDelayMaxMs, timePrecisionMs } = this.#height.timing;
    let delayMs = messageDelayMs;
    for (let each = 0; each < this.round; each++)
      delayMs = Math.min(delayMs + Math.ceil(delayMs / 10), Math.max(messageDelayMs, messageDelayMaxMs));
    return timeMs >= atMs - timePrecisionMs - delayMs && timeMs <= atMs + timePrecisionMs;
  }

  #quorums(kind: Kind): readonly { readonly round: number; readonly value: Value }[] {
    const found: { round: number; value: Value }[] = [];
    for (const [place, voters] of this.#votes) {
      const [voted = '', round = '', value = ''] = place.split(' ');
      if (voted === kind && value !== '' && this.#isQuorum(voters)) found.push({ round: Number(round), value });
    }
    return found.sort((left, right) => left.round - right.round);
  }

  #powerOf(voters: ReadonlySet<number>): bigint {
    let power = 0n;
    for (const voter of voters) power += this.#height.powers[voter] ?? 0n;
    return power;
  }

  get #total(): bigint {
    return this.#height.powers.reduce((sum, power) => sum + power, 0n);
  }

  /** All but less than a third. */
  #isQuorum(voters: ReadonlySet<number> | undefined): boolean {
    if (voters === undefined) return false;
    const missing = this.#total - this.#powerOf(voters);
    return missing + missing + missing < this.#total;
  }

  /** More than a third. */
  #isThird(voters: ReadonlySet<number> | undefined): boolean {
    if (voters === undefined) return false;
    const power = this.#powerOf(voters);
    return power + power + power > this.#total;
  }
}
