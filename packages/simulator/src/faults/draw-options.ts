import type { ConsensusTiming } from '@mutual-chain/consensus';
import { DEFAULT_PARAMETERS } from '@mutual-chain/protocol';
import type { ChainLatency } from '../chain/simple-chain.ts';
import { PARTITION_SHAPES, SOUND_NETWORK } from '../network/network-faults.ts';
import { RandomStream } from '../random/random-stream.ts';
import {
  FAULTY_KINDS,
  type FaultClass,
  type FaultyKind,
  type FaultyNode,
  MUTATIONS,
  type Mutation,
  type SimulationOptions,
} from './simulation-options.ts';

const DEFAULT_TIMING: ConsensusTiming = {
  blockIntervalMs: DEFAULT_PARAMETERS.blockIntervalMs,
  emptyBlockIntervalMs: DEFAULT_PARAMETERS.emptyBlockIntervalMs,
  proposeTimeoutMs: DEFAULT_PARAMETERS.proposeTimeoutMs,
  voteTimeoutMs: DEFAULT_PARAMETERS.voteTimeoutMs,
  timeoutGrowthMs: DEFAULT_PARAMETERS.timeoutGrowthMs,
  timeoutMaxMs: DEFAULT_PARAMETERS.timeoutMaxMs,
  timePrecisionMs: DEFAULT_PARAMETERS.timePrecisionMs,
  messageDelayMs: DEFAULT_PARAMETERS.messageDelayMs,
  messageDelayMaxMs: DEFAULT_PARAMETERS.messageDelayMaxMs,
};

/**
 * Named sets of options. `fork` is beyond what any protocol stands: two of four keys are used twice, so a checker that reports nothing there is
 * wrong.
 */
export const PROFILES = ['swarm', 'calm', 'byzantine', 'disks', 'ledger', 'twins', 'fork'] as const;

/** One of `PROFILES`. */
export type Profile = (typeof PROFILES)[number];

/** What the command line may set, in place of chance. */
export type OptionOverrides = {
  readonly profile?: Profile;
  readonly validators?: number;
  readonly heights?: number;
  readonly without?: readonly FaultClass[];
};

/** Draws everything about a seed. Each part has a stream of its own, so that setting one does not change the others. */
export function drawOptions(seed: bigint, overrides: OptionOverrides = {}): SimulationOptions {
  const random = new RandomStream(seed, 'options');
  const profile = overrides.profile ?? 'swarm';
  const isCalm = profile === 'calm' || profile === 'fork';
  const on = (perMille: number): boolean => random.chance(perMille) && !isCalm;
  const validators = overrides.validators ?? random.pick([4, 4, 4, 4, 4, 4, 7, 7, 1, 2, 3, 5]);
  const isChanging = on(450);
  const spares = isChanging ? random.between(0, 2) : 0;
  const powers = drawPowers(new RandomStream(seed, 'powers'), validators, on(330));
  const isLedger = profile === 'ledger' || (profile === 'swarm' && random.chance(40));
  const isLossy = on(450);
  const isSlow = on(400);
  const isPartitioned = on(500);
  const isCrashing = on(550);
  const drawnHeights = random.between(8, 24);
  const heights = overrides.heights ?? drawnHeights;
  const options: SimulationOptions = {
    seed,
    profile,
    validators,
    spares: isLedger ? 0 : spares,
    powers: [...powers, ...Array.from({ length: isLedger ? 0 : spares }, () => 0)],
    heights,
    livenessHeights: 3,
    safetyMs: 4000 + 1500 * heights,
    chain: isLedger ? 'ledger' : 'simple',
    signatures: random.chance(15) || isLedger ? 'secp256k1' : 'mac',
    timing: drawTiming(new RandomStream(seed, 'timing'), isCalm),
    latency: drawLatency(on(400), on(330)),
    network: {
      delayMs: isSlow ? [1, random.pick([20, 60, 150, 400])] : [1, 4],
      lossPerMille: isLossy ? random.pick([10, 50, 150, 300]) : 0,
      duplicatePerMille: on(400) ? random.pick([20, 100, 400]) : 0,
      lateMessagePerMille: on(380) ? random.pick([5, 30]) : 0,
      linkMessagesMax: on(330) ? random.pick([16, 48]) : SOUND_NETWORK.linkMessagesMax,
    },
    partitionEveryMs: isPartitioned ? random.pick([500, 1500, 4000]) : undefined,
    partitionShapes: random.shuffle(PARTITION_SHAPES).slice(0, random.between(1, PARTITION_SHAPES.length)),
    lockHiddenPerMille: on(330) ? random.pick([200, 700]) : 0,
    clogEveryMs: on(380) ? random.pick([300, 1500]) : undefined,
    crashEveryMs: isCrashing ? random.pick([200, 800, 3000]) : undefined,
    crashAllEveryMs: on(380) ? random.pick([2000, 8000]) : undefined,
    crashInRecoveryPerMille: on(380) ? random.pick([100, 400]) : 0,
    pauseEveryMs: on(380) ? random.pick([500, 3000]) : undefined,
    downMs: random.pick([50, 400, 3000]),
    skewMs: on(400) ? 200 : 0,
    diskErrorPerMille: on(380) ? random.pick([1, 4]) : 0,
    diskFullEveryMs: on(380) ? random.pick([1500, 5000]) : undefined,
    validatorChangeEveryMs: isChanging && !isLedger ? random.pick([100, 400, 1500]) : undefined,
    isRemovalOn: random.chance(300),
    transactionEveryMs: random.pick([20, 80, 80, 400]),
    faulty: isCalm ? [] : drawFaulty(new RandomStream(seed, 'faulty'), powers, profile, isLedger),
  };
  return (overrides.without ?? []).reduce(leaveOut, profile === 'fork' ? beyondLimits(options) : options);
}

/** Half of the power is faulty, and the network falls apart again and again such that each half of the keys can go on. */
function beyondLimits(options: SimulationOptions): SimulationOptions {
  const faulty = [0, 1].map((node): FaultyNode => ({ node, kind: 'twin', mutations: [], isCareful: false }));
  return {
    ...options,
    validators: 4,
    spares: 0,
    powers: [1, 1, 1, 1],
    chain: 'simple',
    partitionEveryMs: 600,
    partitionShapes: ['halves'],
    faulty,
  };
}

/** The options without one class of faults. */
function leaveOut(options: SimulationOptions, left: FaultClass): SimulationOptions {
  switch (left) {
    case 'byzantine':
      return { ...options, faulty: [] };
    case 'partitions':
      return { ...options, partitionEveryMs: undefined };
    case 'loss':
      return {
        ...options,
        network: { ...options.network, lossPerMille: 0, duplicatePerMille: 0, linkMessagesMax: SOUND_NETWORK.linkMessagesMax },
      };
    case 'delays':
      return { ...options, network: { ...options.network, delayMs: [1, 4], lateMessagePerMille: 0 } };
    case 'hiddenLocks':
      return { ...options, lockHiddenPerMille: 0 };
    case 'clogs':
      return { ...options, clogEveryMs: undefined };
    case 'crashes':
      return { ...options, crashEveryMs: undefined };
    case 'crashAll':
      return { ...options, crashAllEveryMs: undefined };
    case 'recoveryCrashes':
      return { ...options, crashInRecoveryPerMille: 0 };
    case 'pauses':
      return { ...options, pauseEveryMs: undefined };
    case 'clocks':
      return { ...options, skewMs: 0 };
    case 'diskErrors':
      return { ...options, diskErrorPerMille: 0 };
    case 'diskFull':
      return { ...options, diskFullEveryMs: undefined };
    case 'validatorChanges':
      return { ...options, validatorChangeEveryMs: undefined };
    case 'powers':
      return { ...options, powers: options.powers.map((power) => Math.min(power, 1)) };
    case 'slowWork':
      return { ...options, latency: drawLatency(false, false) };
  }
}

function drawLatency(isSlow: boolean, isFailing: boolean): ChainLatency {
  const buildFailuresPerMille = isFailing ? 20 : 0;
  return isSlow
    ? { build: [0, 8], validate: [0, 12], commit: [1, 20], buildFailuresPerMille }
    : { build: [0, 0], validate: [0, 0], commit: [1, 2], buildFailuresPerMille };
}

function drawPowers(random: RandomStream, count: number, areUnequal: boolean): readonly number[] {
  if (!areUnequal) return Array.from({ length: count }, () => 1);
  return Array.from({ length: count }, () => random.pick([1, 1, 2, 3, 5, 10]));
}

function drawTiming(random: RandomStream, isCalm: boolean): ConsensusTiming {
  if (isCalm || random.chance(300)) return DEFAULT_TIMING;
  return {
    blockIntervalMs: random.pick([0, 20, 50]),
    emptyBlockIntervalMs: random.pick([200, 1000, 5000]),
    proposeTimeoutMs: random.pick([60, 300, 700]),
    voteTimeoutMs: random.pick([30, 150, 400]),
    timeoutGrowthMs: random.pick([50, 250]),
    timeoutMaxMs: random.pick([3000, 10_000]),
    timePrecisionMs: DEFAULT_PARAMETERS.timePrecisionMs,
    messageDelayMs: random.pick([1500, DEFAULT_PARAMETERS.messageDelayMs]),
    messageDelayMaxMs: DEFAULT_PARAMETERS.messageDelayMaxMs,
  };
}

/** Nodes of which nothing is expected: together less than a third of the power. */
function drawFaulty(random: RandomStream, powers: readonly number[], profile: Profile, isLedger: boolean): readonly FaultyNode[] {
  const total = powers.reduce((sum, power) => sum + power, 0);
  const faulty: FaultyNode[] = [];
  let power = 0;
  const isByzantine = profile === 'byzantine' || profile === 'twins';
  if (!isByzantine && profile !== 'disks' && random.chance(120)) return [];
  for (const node of random.shuffle(powers.map((_, index) => index))) {
    const grown = power + (powers[node] ?? 0);
    if (grown * 3 >= total || faulty.length >= 2) continue;
    power = grown;
    const kind = drawKind(random, profile, isLedger);
    faulty.push({ node, kind, mutations: kind === 'mutator' ? drawMutations(random) : [], isCareful: random.chance(150) });
  }
  return faulty;
}

function drawKind(random: RandomStream, profile: Profile, isLedger: boolean): FaultyKind {
  if (profile === 'twins') return 'twin';
  const kinds: readonly FaultyKind[] =
    profile === 'byzantine'
      ? ['twin', 'mutator']
      : profile === 'disks'
        ? ['lyingDisk', 'corruptDisk', 'rollback']
        : ['twin', 'mutator', 'mutator', ...FAULTY_KINDS];
  // What is behind a committed height of the ledger is taken back by nobody here.
  return random.pick(isLedger ? kinds.filter((kind) => kind !== 'rollback') : kinds);
}

function drawMutations(random: RandomStream): readonly Mutation[] {
  return random.shuffle(MUTATIONS).slice(0, random.between(1, 5));
}
