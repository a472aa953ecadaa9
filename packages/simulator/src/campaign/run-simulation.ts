import { diagnose } from '@mutual-chain/consensus';
import { Mutator } from '../byzantine/mutator.ts';
import { hexOf, isTwoThirds } from '../checkers/powers.ts';
import { type CheckerName, Verdict, ViolationFound } from '../checkers/violation.ts';
import { createSimpleSetup } from '../cluster/chain-setup.ts';
import { Cluster } from '../cluster/cluster.ts';
import { createLedgerSetup } from '../cluster/ledger-setup.ts';
import type { SimulatedNode } from '../cluster/simulated-node.ts';
import { createRunCryptography } from '../cryptography/simulated-keys.ts';
import { DISK_FAULT_KINDS } from '../disk/disk-faults.ts';
import { Nemesis } from '../faults/nemesis.ts';
import type { SimulationOptions } from '../faults/simulation-options.ts';
import { type TraceLine, World } from '../world/world.ts';
import type { FaultCounts, SimulationResult } from './simulation-result.ts';

/** Most rounds that a height may take once more than two thirds of the power are healed. */
const LIVENESS_ROUNDS_MAX = 20;
/** Virtual time within which healed nodes have to get on, ms: far above what so many rounds can take. */
const LIVENESS_MS_MAX = 1_200_000;
const CONVERGENCE_MS_MAX = 300_000;

type Outcome = { livenessHeights: number; livenessRounds: number };

/** Runs a seed: first faults, then a healed core, then everybody healed. */
export async function runSimulation(options: SimulationOptions, trace?: (line: TraceLine) => void): Promise<SimulationResult> {
  const startedUs = cpuUs();
  const world = new World(options.seed, trace);
  const verdict = new Verdict(() => world.nowMs);
  const { cryptography, roster } = await createRunCryptography(options.signatures, options.seed, options.powers.length);
  const report = (checker: CheckerName, description: string): never => verdict.report(checker, description);
  const createSetup = options.chain === 'ledger' ? createLedgerSetup : createSimpleSetup;
  const setup = createSetup(options, cryptography, roster, report, () => world.nowMs);
  const cluster = new Cluster({ world, verdict, options, cryptography, roster, setup });
  const nemesis = new Nemesis(cluster);
  const outcome: Outcome = { livenessHeights: 0, livenessRounds: 0 };
  try {
    await runPhases(cluster, nemesis, outcome);
  } catch (error) {
    if (!(error instanceof ViolationFound)) throw error;
  }
  return {
    options,
    violation: verdict.violation,
    heights: cluster.checkers.height,
    ...outcome,
    events: world.audit.events,
    boundaries: cluster.nodes.reduce((sum, node) => sum + node.boundaries, 0),
    virtualMs: world.nowMs,
    cpuMs: Math.round((cpuUs() - startedUs) / 1000),
    faults: countFaults(cluster, nemesis),
    marks: cluster.checkers.marks,
    diagnoses: verdict.violation === undefined ? [] : diagnosesOf(cluster),
    audit: world.audit.digest(),
  };
}

async function runPhases(cluster: Cluster, nemesis: Nemesis, outcome: Outcome): Promise<void> {
  const { options, nodes, checkers } = cluster;
  cluster.onStopped = (node, reason) => nemesis.stopped(node, reason);
  cluster.onLocked = (node) => nemesis.locked(node);
  nemesis.start();
  installMutators(cluster, nemesis);
  startWorkload(cluster);
  for (const node of nodes) cluster.boot(node);
  await cluster.advance(() => checkers.height >= options.heights, options.safetyMs);
  await runLiveness(cluster, nemesis, outcome);
  await runConvergence(cluster, nemesis);
}

function installMutators(cluster: Cluster, nemesis: Nemesis): void {
  const { options, nodes, setup, world } = cluster;
  for (const { node, kind, mutations } of options.faulty) {
    const target = nodes[node];
    if (kind !== 'mutator' || target === undefined) continue;
    const store = setup.storeOf(node);
    target.interceptor = new Mutator({
      key: target.key,
      cryptography: cluster.cryptography,
      genesisHash: setup.genesisHash,
      mutations,
      random: world.stream(`byzantine ${node}`),
      nowMs: () => target.clock.wallMs(),
      forging: setup.simple === undefined || store === undefined ? undefined : { context: setup.simple, store },
      counted: () => {
        nemesis.counts.byzantineMessage++;
      },
    });
  }
}

function startWorkload(cluster: Cluster): void {
  const { world, options, setup } = cluster;
  const random = world.stream('arrivals');
  const next = (): void => {
    world.schedule(1 + random.below(2 * options.transactionEveryMs), 'transaction', -1, () => {
      const transaction = setup.nextTransaction();
      if (transaction !== undefined) cluster.submit(transaction);
      next();
    });
  };
  next();
}

/** A healed core of more than two thirds has to decide heights, each in few rounds, while nobody hears of the others. */
async function runLiveness(cluster: Cluster, nemesis: Nemesis, outcome: Outcome): Promise<void> {
  const { checkers, options, world } = cluster;
  let core = chooseCore(cluster);
  nemesis.healCore(core);
  const from = Math.max(...core.map(({ index }) => checkers.heightOf(index)));
  const target = Math.max(from, checkers.height) + options.livenessHeights;
  const roundsBefore = new Map<number, number>();
  for (let height = from; height <= checkers.height + 2; height++) roundsBefore.set(height, checkers.signatures.highestRound(height));
  let seen = checkers.height;
  const isDone = (): boolean => {
    if (checkers.height > seen) {
      seen = checkers.height;
      if (!isCoreOf(cluster, core)) {
        // The validators changed such that the core is none any more.
        core = cluster.sound;
        nemesis.healCore(core);
      }
    }
    return core.every(({ index }) => checkers.heightOf(index) >= target);
  };
  const startMs = world.nowMs;
  if (!(await cluster.advance(isDone, LIVENESS_MS_MAX)))
    cluster.checkers.report(
      'liveness',
      `a core of ${core.length} (${core.map(({ index }) => `${index}: ${checkers.heightOf(index)}`).join(', ')}) does not get to height ${target} in ${world.nowMs - startMs} ms`,
    );
  for (let height = from + 1; height <= target; height++) {
    const round = checkers.decidedAt(height)?.certificate.round ?? 0;
    const rounds = round - (roundsBefore.get(height) ?? 0);
    outcome.livenessRounds = Math.max(outcome.livenessRounds, rounds);
    if (rounds > LIVENESS_ROUNDS_MAX) cluster.checkers.report('liveness', `height ${height} takes ${rounds} rounds after healing`);
  }
  outcome.livenessHeights = target - from;
}

/** Nodes that are sound and have more than two thirds of the power, at the next heights, and as few others as chance has it. */
function chooseCore(cluster: Cluster): readonly SimulatedNode[] {
  const random = cluster.world.stream('core');
  let core = [...cluster.sound];
  for (const node of random.shuffle(cluster.sound)) {
    const smaller = core.filter((each) => each !== node);
    if (random.chance(700) && isCoreOf(cluster, smaller)) core = smaller;
  }
  return core;
}

function isCoreOf({ checkers, setup }: Cluster, core: readonly SimulatedNode[]): boolean {
  if (core.length === 0) return false;
  const members = core.map(({ key }) => hexOf(key.address));
  const from = Math.min(...core.map(({ index }) => checkers.heightOf(index))) + 1;
  for (let height = from; height <= checkers.height + 2; height++) {
    const powers = setup.powersAt(height);
    if (powers !== undefined && !isTwoThirds(powers, members)) return false;
  }
  return true;
}

/** Once everything is healed all sound nodes get to the same height, and nothing that proves equivocation is left over. */
async function runConvergence(cluster: Cluster, nemesis: Nemesis): Promise<void> {
  const { checkers, sound } = cluster;
  nemesis.healAll();
  const target = checkers.height;
  const isDone = (): boolean => sound.every(({ index, isUp }) => isUp && checkers.heightOf(index) >= target);
  if (!(await cluster.advance(isDone, CONVERGENCE_MS_MAX))) {
    const heights = sound.map(({ index, isUp }) => `${index}: ${isUp ? checkers.heightOf(index) : 'down'}`).join(', ');
    cluster.checkers.report('convergence', `after healing not all nodes get to height ${target}: ${heights}`);
  }
  const [node] = sound;
  const wrong = node === undefined ? undefined : await cluster.setup.auditOf?.(node.index);
  if (wrong !== undefined && wrong.length > 0)
    cluster.checkers.report('conservation', `the state of ${node?.name} is wrong: ${wrong.join(', ')}`);
}

function diagnosesOf({ nodes }: Cluster): readonly string[] {
  return nodes.map(({ name, runtime }) => `${name}: ${runtime === undefined ? 'down' : JSON.stringify(diagnose(runtime.state))}`);
}

function countFaults(cluster: Cluster, nemesis: Nemesis): FaultCounts {
  const disks = Object.fromEntries(
    DISK_FAULT_KINDS.map((kind) => [kind, cluster.nodes.reduce((sum, node) => sum + node.disk.counts[kind], 0)]),
  );
  return { ...cluster.network.counts, ...disks, ...nemesis.counts } as FaultCounts;
}

function cpuUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}
