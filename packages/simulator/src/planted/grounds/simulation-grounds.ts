import { runSimulation } from '../../campaign/run-simulation.ts';
import type { SimulationResult } from '../../campaign/simulation-result.ts';
import { drawOptions } from '../../faults/draw-options.ts';
import type { Mutation, SimulationOptions } from '../../faults/simulation-options.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { Catch, Ground } from './ground.ts';

const HEIGHTS = 8;
const SHARED_KEY_RUNS = 10;

/** The default profile. */
export const SWARM: Ground = simulate('A cluster with all faults of the default profile.', 80, (seed) =>
  drawOptions(seed, { heights: HEIGHTS }),
);

/** Faulty nodes that say many things that no honest node says. */
export const BYZANTINE: Ground = simulate(
  'Four validators, one of them with two runs of one key, or saying something else than it should.',
  200,
  (seed) => {
    const random = new RandomStream(seed, 'byzantine ground');
    const options = drawOptions(seed, {
      profile: 'byzantine',
      validators: 4,
      heights: HEIGHTS,
      without: ['diskErrors', 'diskFull', 'powers'],
    });
    const mutations: readonly Mutation[] = random
      .shuffle([
        'equivocateVotes',
        'equivocateProposals',
        'wrongRounds',
        'staleProofOfLock',
        'invalidBlocks',
        'withholdBodies',
        'floods',
        'lyingSync',
        'voteForAnything',
      ] as const)
      .slice(0, random.between(2, 5));
    const kind = random.chance(200) ? 'twin' : random.chance(150) ? 'badClock' : 'mutator';
    return { ...options, faulty: [{ node: random.below(4), kind, mutations, isCareful: false }] };
  },
);

/** Disks that lose or change what they hold. */
export const DISKS: Ground = simulate('Four validators; a disk lies, turns bits over, or is set back to an old copy.', 30, (seed) => {
  const random = new RandomStream(seed, 'disks ground');
  const options = drawOptions(seed, { profile: 'disks', validators: 4, heights: HEIGHTS, without: ['powers', 'validatorChanges'] });
  const kind = random.pick(['corruptDisk', 'corruptDisk', 'rollback', 'rollback', 'lyingDisk'] as const);
  return { ...options, faulty: [{ node: random.below(4), kind, mutations: [], isCareful: false }] };
});

/** Rounds that fail after some have locked. */
export const LOCKS: Ground = simulate(
  'Four validators in a network that falls apart and loses messages all the time, with short timeouts.',
  150,
  (seed) => {
    const random = new RandomStream(seed, 'locks ground');
    const isFaulty = random.chance(500);
    return {
      ...restless(seed, random),
      faulty: isFaulty
        ? [
            {
              node: random.below(4),
              kind: 'mutator',
              mutations: ['voteForAnything', 'equivocateVotes', 'staleProofOfLock'],
              isCareful: false,
            },
          ]
        : [],
    };
  },
);

/** The same, while a disk turns over bits in the log. */
export const LOST_LOGS: Ground = simulate(
  'Four validators as before, one of which loses its log again and again because its disk turns over bits.',
  10,
  (seed) => {
    const random = new RandomStream(seed, 'lost logs ground');
    return {
      ...restless(seed, random),
      crashEveryMs: 150,
      faulty: [{ node: random.below(4), kind: 'corruptDisk', mutations: [], isCareful: false }],
    };
  },
);

function restless(seed: bigint, random: RandomStream): SimulationOptions {
  const options = drawOptions(seed, {
    profile: 'byzantine',
    validators: 4,
    heights: 5,
    without: ['diskErrors', 'diskFull', 'powers', 'validatorChanges'],
  });
  return {
    ...options,
    timing: {
      ...options.timing,
      blockIntervalMs: 0,
      emptyBlockIntervalMs: 200,
      proposeTimeoutMs: 60,
      voteTimeoutMs: 30,
      timeoutGrowthMs: 10,
      timeoutMaxMs: 3000,
    },
    network: {
      ...options.network,
      delayMs: [1, 30],
      lossPerMille: random.pick([100, 250, 400]),
      duplicatePerMille: 0,
      lateMessagePerMille: 0,
    },
    partitionEveryMs: random.pick([60, 150, 400]),
    crashEveryMs: random.chance(500) ? 400 : undefined,
    crashAllEveryMs: random.chance(500) ? random.pick([200, 600]) : undefined,
    downMs: 50,
  };
}

/** Validators that come, go and change their power. */
export const CHANGES: Ground = simulate('Few validators of different power, who come and go while the network falls apart.', 30, (seed) => {
  const random = new RandomStream(seed, 'changes ground');
  const options = drawOptions(seed, { validators: random.pick([2, 3, 3, 6]), heights: HEIGHTS, without: ['diskErrors', 'diskFull'] });
  const powers = options.powers.map((power) => (random.chance(700) ? Math.min(power, 1) : power));
  return {
    ...options,
    chain: 'simple',
    powers: [...powers, 0, 0].slice(0, options.validators + 2),
    spares: 2,
    validatorChangeEveryMs: 100,
    partitionEveryMs: random.pick([100, 400]),
    faulty: [],
  };
});

/** Links that are slower than the first timeouts, and nothing else. */
export const SLOW_LINKS: Ground = simulate(
  'Four validators on links that are sound and slower than the timeouts of the first rounds.',
  8,
  (seed) => {
    const options = drawOptions(seed, { profile: 'calm', validators: 4, heights: 4 });
    const timing = { ...options.timing, proposeTimeoutMs: 60, voteTimeoutMs: 30, timeoutGrowthMs: 100, timeoutMaxMs: 3000 };
    return { ...options, safetyMs: 240_000, timing, network: { ...options.network, delayMs: [150, 400] } };
  },
  ({ options, heights, virtualMs }) =>
    virtualMs < options.safetyMs
      ? undefined
      : { checker: 'liveness', description: `${heights} heights in more than ${options.safetyMs} ms on links without a fault` },
);

/** Two nodes with one key, both of which stop when they notice: whether they do hangs on who comes first, but not every time. */
export const SHARED_KEY: Ground = {
  what: 'Four sound validators and a second node with the key of one of them, several times over: at least once one of the two has to stop.',
  seeds: 2,
  search: async (seed) => {
    for (let each = 0; each < SHARED_KEY_RUNS; each++) {
      const options = drawOptions(seed * 100n + BigInt(each), { profile: 'calm', validators: 4, heights: 4 });
      const { violation, marks } = await runSimulation({
        ...options,
        faulty: [{ node: each % 4, kind: 'twin', mutations: [], isCareful: true }],
      });
      if (violation !== undefined) return { checker: violation.checker, description: violation.description };
      if (marks.foreignKeyHalt > 0) return undefined;
    }
    return { checker: 'sharedKey', description: 'two nodes with one key go on beside each other' };
  },
};

function simulate(
  what: string,
  seeds: number,
  optionsOf: (seed: bigint) => SimulationOptions,
  judge: (result: SimulationResult) => Catch | undefined = () => undefined,
): Ground {
  return {
    what,
    seeds,
    search: async (seed) => {
      const result = await runSimulation(optionsOf(seed));
      const { violation } = result;
      return violation === undefined ? judge(result) : { checker: violation.checker, description: violation.description };
    },
  };
}
