import type { ValidatorSet } from '@mutual-chain/protocol';
import { accuse, type SignedDecision } from '../checkers/accountability.ts';
import { hexOf, type Powers } from '../checkers/powers.ts';
import { nameOf, TwinsCluster, type TwinsDecision, type TwinsState, type TwinsViolation } from './twins-cluster.ts';
import { findLeaderSets, twinsAddress } from './twins-leaders.ts';
import { allGroupings, allLeaders, type Grouping, leaderClass, renameGrouping, renamingsOf, type TwinsSettings } from './twins-scenario.ts';

/** Rounds after healing within which everybody honest has to decide. */
const LIVENESS_ROUNDS_MAX = 20;

/** A scenario that broke a rule. */
export type TwinsFailure = {
  readonly leaders: readonly number[];
  readonly groupings: readonly Grouping[];
  readonly checker: TwinsViolation['checker'] | 'liveness';
  readonly description: string;
  /** Of a fork: addresses in hex of those who made it possible, and whether they are a third of the power. */
  readonly accused: readonly string[];
  readonly isThirdAccused: boolean;
};

/** What an enumeration comes to. */
export type TwinsTotals = {
  /** Scenarios there are, all numberings counted; and those that differ in more than names. */
  scenarios: number;
  distinct: number;
  /** Sequences of leaders that no priorities of validators lead to, of all. */
  impossibleLeaders: number;
  /** Rounds that were run: scenarios share their beginnings, and end early when everybody has decided. */
  roundsRun: number;
  /** Most rounds that it took after healing. */
  livenessRoundsMax: number;
  cpuMs: number;
  readonly failures: TwinsFailure[];
};

/** Which part of the enumeration to run: number `part` of `parts`, by sequences of leaders. */
export type TwinsShare = { readonly part: number; readonly parts: number };

/**
 * Runs every scenario: each sequence of leaders with each sequence of groupings. Scenarios that become the same by renaming honest instances or
 * the two of a key are run once, because nothing in the rules depends on names. Stops at `failuresMax` failures.
 */
export function runTwins(settings: TwinsSettings, { part, parts }: TwinsShare = { part: 0, parts: 1 }, failuresMax = 10): TwinsTotals {
  const startedUs = cpuUs();
  const groupings = allGroupings(settings);
  const sets = findLeaderSets(settings.validators, settings.rounds);
  const perLeaders = groupings.length ** settings.rounds;
  const totals: TwinsTotals = {
    scenarios: 0,
    distinct: 0,
    impossibleLeaders: 0,
    roundsRun: 0,
    livenessRoundsMax: 0,
    cpuMs: 0,
    failures: [],
  };
  const seen = new Set<string>();
  for (const leaders of allLeaders(settings)) {
    const set = sets.get(leaders.join(' '));
    const name = leaderClass(settings, leaders);
    const turn = seen.size;
    if (set === undefined) {
      if (part === 0) totals.impossibleLeaders++;
      continue;
    }
    if (part === 0) totals.scenarios += perLeaders;
    if (seen.has(name)) continue;
    seen.add(name);
    if (turn % parts === part) new Enumeration(settings, leaders, set, groupings, totals, failuresMax).run();
  }
  totals.cpuMs = Math.round((cpuUs() - startedUs) / 1000);
  return totals;
}

/** All sequences of groupings under one sequence of leaders, depth first. */
class Enumeration {
  readonly #settings: TwinsSettings;
  readonly #leaders: readonly number[];
  readonly #groupings: readonly Grouping[];
  readonly #totals: TwinsTotals;
  readonly #failuresMax: number;
  readonly #cluster: TwinsCluster;
  /** For each renaming, the name of each grouping under it; the first renaming changes nothing. */
  readonly #renamed: readonly (readonly string[])[];
  readonly #powers: Powers;

  constructor(
    settings: TwinsSettings,
    leaders: readonly number[],
    set: ValidatorSet,
    groupings: readonly Grouping[],
    totals: TwinsTotals,
    failuresMax: number,
  ) {
    this.#settings = settings;
    this.#leaders = leaders;
    this.#groupings = groupings;
    this.#totals = totals;
    this.#failuresMax = failuresMax;
    this.#cluster = new TwinsCluster(settings, set);
    const renamings = renamingsOf(settings, leaders);
    this.#renamed = renamings.map((renaming) => groupings.map((grouping) => renameGrouping(grouping, renaming)));
    this.#powers = new Map(set.validators.map(({ address, power }) => [hexOf(address), power]));
  }

  run(): void {
    this.#extend(this.#cluster.start(), [], this.#renamed.slice(1));
  }

  /** `open`: renamings under which the path so far is the same. */
  #extend(state: TwinsState, path: readonly number[], open: readonly (readonly string[])[]): void {
    const left = this.#settings.rounds - path.length;
    if (left === 0 || this.#cluster.isDecided(state)) {
      this.#totals.distinct += this.#count(left, open);
      this.#heal(state, path);
      return;
    }
    const [names = []] = this.#renamed;
    for (const [at, grouping] of this.#groupings.entries()) {
      if (this.#totals.failures.length >= this.#failuresMax) return;
      const name = names[at] as string;
      // Under another naming this is a scenario that comes earlier.
      if (open.some((renamed) => (renamed[at] as string) < name)) continue;
      this.#totals.roundsRun++;
      const after = this.#cluster.run(state, grouping);
      const next = [...path, at];
      if (this.#check(after, next))
        this.#extend(
          after,
          next,
          open.filter((renamed) => renamed[at] === name),
        );
    }
  }

  /** Ways to go on that differ in more than names. */
  #count(left: number, open: readonly (readonly string[])[]): number {
    if (left === 0) return 1;
    const [names = []] = this.#renamed;
    if (open.length === 0) return names.length ** left;
    let count = 0;
    for (const [at, name] of names.entries())
      if (!open.some((renamed) => (renamed[at] as string) < name))
        count += this.#count(
          left - 1,
          open.filter((renamed) => renamed[at] === name),
        );
    return count;
  }

  #heal(state: TwinsState, path: readonly number[]): void {
    const together = this.#groupings[0]?.map(() => 0) ?? [];
    let healed = state;
    let rounds = 0;
    for (; rounds < LIVENESS_ROUNDS_MAX && !this.#cluster.isDecided(healed); rounds++) {
      this.#totals.roundsRun++;
      healed = this.#cluster.run(healed, together);
      if (!this.#check(healed, path)) return;
    }
    this.#totals.livenessRoundsMax = Math.max(this.#totals.livenessRoundsMax, rounds);
    if (!this.#cluster.isDecided(healed)) this.#fail(path, 'liveness', `nothing is decided ${rounds} rounds after healing`, [], false);
  }

  #check(state: TwinsState, path: readonly number[]): boolean {
    const fork = this.#cluster.forkOf(state);
    if (fork !== undefined) {
      const { accused, isThird } = this.#accuse(state, fork);
      this.#fail(path, 'agreement', `decided are ${fork[0].value.slice(0, 4)} and ${fork[1].value.slice(0, 4)}`, accused, isThird);
      return false;
    }
    const { violation } = this.#cluster;
    if (violation === undefined) return true;
    this.#fail(path, violation.checker, violation.description, [], false);
    return false;
  }

  #accuse({ votes }: TwinsState, [left, right]: readonly [TwinsDecision, TwinsDecision]): ReturnType<typeof accuse> {
    const members = Array.from({ length: this.#settings.validators }, (_, node) => hexOf(twinsAddress(node)));
    const signed = ({ value, certificate }: TwinsDecision): SignedDecision => ({
      round: certificate.round,
      value,
      signers: certificate.signatures.map(({ validatorIndex }) => members[validatorIndex] ?? ''),
    });
    const prevotes = votes.filter(({ kind }) => kind === 'prevote');
    return accuse(
      this.#powers,
      signed(left),
      signed(right),
      new Set(prevotes.map(nameOf)),
      (round, value) =>
        new Set(prevotes.filter((vote) => vote.round === round && nameOf(vote) === value).map(({ validator }) => hexOf(validator))),
    );
  }

  #fail(
    path: readonly number[],
    checker: TwinsFailure['checker'],
    description: string,
    accused: readonly string[],
    isThirdAccused: boolean,
  ): void {
    const groupings = path.map((at) => this.#groupings[at] ?? []);
    this.#totals.failures.push({ leaders: this.#leaders, groupings, checker, description, accused, isThirdAccused });
  }
}

function cpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
