import type { WorldFaultKind } from '../campaign/simulation-result.ts';
import { WORLD_FAULT_KINDS } from '../campaign/simulation-result.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { SimulatedNode } from '../cluster/simulated-node.ts';
import { SOUND_DISK } from '../disk/disk-faults.ts';
import { SOUND_NETWORK } from '../network/network-faults.ts';
import { CONNECTED, createPartition } from '../network/partition.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { Every } from './simulation-options.ts';

/** Most boundaries of effects after which a node that is to end does: more than a node passes in one height. */
const BOUNDARIES_MAX = 400;
const RECOVERY_BOUNDARIES_MAX = 40;
const PAUSE_MS_MAX = 3000;
/** A clock beyond precision may be off by this, ms either way. */
const WRONG_CLOCK_MS = 3_600_000;
const CAPACITY_BYTES = [2000, 8000, 20_000];
const DISK_FULL_MS_MAX = 2000;

/** Does to the cluster what the options say, until it is told to stop. */
export class Nemesis {
  readonly counts: Record<WorldFaultKind, number>;
  readonly #cluster: Cluster;
  readonly #random: RandomStream;
  #isActive = true;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#random = cluster.world.stream('nemesis');
    this.counts = Object.fromEntries(WORLD_FAULT_KINDS.map((kind) => [kind, 0])) as Record<WorldFaultKind, number>;
  }

  /** Whether faults still happen. */
  get isActive(): boolean {
    return this.#isActive;
  }

  start(): void {
    const { options, network, nodes } = this.#cluster;
    network.setFaults(options.network);
    for (const node of nodes) {
      this.#setDisk(node);
      this.#setClock(node);
      if (this.#cluster.hasKind(node.index, 'twin')) this.counts.doubledKey++;
    }
    this.#repeat('partition', options.partitionEveryMs, () => this.#partition());
    this.#repeat('clog', options.clogEveryMs, () => this.#clog());
    this.#repeat('crash', options.crashEveryMs, () => this.#crash(this.#random.pick(nodes)));
    this.#repeat('crash all', options.crashAllEveryMs, () => this.#crashAll());
    this.#repeat('pause', options.pauseEveryMs, () => this.#pause());
    this.#repeat('clock', options.skewMs > 0 ? 1500 : undefined, () => this.#setClock(this.#random.pick(nodes)));
    this.#repeat('disk full', options.diskFullEveryMs, () => this.#fillDisk(this.#random.pick(nodes)));
    this.#repeat('validator change', options.validatorChangeEveryMs, () => this.#changeValidators());
    this.#repeat('damage', 900, () => this.#damage());
  }

  /** A node has stopped, for whatever reason: it is started again after a while, unless nothing can come of it. */
  stopped(node: SimulatedNode, reason: string): void {
    this.#cluster.gone(node);
    const { world, options } = this.#cluster;
    if (reason.includes('is in use elsewhere') || reason.includes('restore the copy that was exported')) return;
    if (reason.includes('is about another key')) return;
    if (reason.includes('byte') || reason.includes('a body in the log')) this.#discardLog(node);
    const delayMs = this.#isActive ? 1 + this.#random.below(2 * options.downMs) : 20;
    world.schedule(delayMs, 'boot', node.index, () => this.#boot(node));
  }

  /** A node has locked a value: now would be a bad time for it to be alone. */
  locked({ index }: SimulatedNode): void {
    const { nodes, options } = this.#cluster;
    if (!this.#isActive || !this.#random.chance(options.lockHiddenPerMille)) return;
    this.counts.lockHidden++;
    const { voteTimeoutMs, proposeTimeoutMs } = options.timing;
    // Best of all, the others do not get to lock it: then the next round may decide something else.
    const isSilence = this.#random.chance(600);
    const silenceMs = isSilence ? voteTimeoutMs + this.#random.below(2 * voteTimeoutMs) : 0;
    if (isSilence) for (const each of nodes) this.#hide(each.index, silenceMs);
    this.#hide(index, silenceMs + 1 + this.#random.below(2 * proposeTimeoutMs));
  }

  #hide(node: number, durationMs: number): void {
    const { network, world } = this.#cluster;
    network.hide(node, world.nowMs + durationMs);
  }

  /** Ends all faults of these nodes and of the links between them; the others are left as they are, and reach nobody. */
  healCore(core: readonly SimulatedNode[]): void {
    this.#isActive = false;
    const { network, options } = this.#cluster;
    const members = new Set(core.map(({ index }) => index));
    network.setReach((from, to) => members.has(from) && members.has(to));
    network.protectCore(members, [1, Math.max(2, Math.min(20, Math.floor(options.timing.voteTimeoutMs / 4)))]);
    for (const node of core) this.#heal(node);
  }

  /** Ends all faults of everything that can be healed. */
  healAll(): void {
    this.#isActive = false;
    const { network, nodes } = this.#cluster;
    network.setReach(CONNECTED);
    network.showAll();
    network.setFaults(SOUND_NETWORK);
    network.unclog();
    this.#cluster.isPartitioned = false;
    for (const node of nodes) this.#heal(node);
    this.#cluster.forgive();
  }

  #heal(node: SimulatedNode): void {
    node.endNever();
    node.unpause();
    node.slownessMs = 0;
    if (!this.#cluster.hasKind(node.index, 'lyingDisk', 'corruptDisk')) node.disk.setFaults(SOUND_DISK);
    if (!this.#cluster.hasKind(node.index, 'badClock')) node.clock.set(0, 0);
    if (!node.isUp) this.#cluster.world.schedule(1, 'boot', node.index, () => this.#boot(node));
  }

  #boot(node: SimulatedNode): void {
    if (node.isUp) return;
    const { options, checkers } = this.#cluster;
    if (this.#isActive && this.#random.chance(options.crashInRecoveryPerMille)) {
      node.endAfter(this.#random.below(RECOVERY_BOUNDARIES_MAX), 'powerLost');
      this.counts.crashInRecovery++;
      checkers.mark('crashedDuringRecovery');
    }
    this.#cluster.boot(node);
  }

  #repeat(label: string, everyMs: Every, work: () => void): void {
    if (everyMs === undefined) return;
    const { world } = this.#cluster;
    const next = (): void => {
      world.schedule(1 + this.#random.below(2 * everyMs), label, -1, () => {
        if (!this.#isActive) return;
        work();
        next();
      });
    };
    next();
  }

  #partition(): void {
    const { network, nodes, options } = this.#cluster;
    if (this.#cluster.isPartitioned && this.#random.chance(600)) {
      network.setReach(CONNECTED);
      this.#cluster.isPartitioned = false;
      return;
    }
    this.counts.partition++;
    this.#cluster.isPartitioned = true;
    network.setReach(createPartition(this.#random.pick(options.partitionShapes), nodes.length, this.#random));
  }

  #clog(): void {
    const { network, nodes } = this.#cluster;
    const from = this.#random.below(nodes.length);
    for (let to = 0; to < nodes.length; to++) if (this.#random.chance(500)) network.clog(from, to, this.#random.between(50, 1500));
  }

  #crash(node: SimulatedNode): void {
    if (!node.isUp) return;
    const how = this.#random.chance(700) ? 'powerLost' : 'killed';
    if (this.#random.chance(850)) {
      this.counts.crash++;
      node.endAfter(this.#random.below(BOUNDARIES_MAX), how);
    } else {
      this.counts.kill++;
      node.kill(how);
    }
  }

  #crashAll(): void {
    this.counts.crashOfAll++;
    this.#cluster.checkers.mark('crashedAll');
    for (const node of this.#cluster.nodes) node.kill(this.#random.chance(700) ? 'powerLost' : 'killed');
  }

  #pause(): void {
    this.counts.pause++;
    const node = this.#random.pick(this.#cluster.nodes);
    if (this.#random.chance(300)) node.slownessMs = this.#random.below(60);
    else node.pause(this.#random.between(10, PAUSE_MS_MAX));
  }

  #setClock(node: SimulatedNode): void {
    const { skewMs } = this.#cluster.options;
    if (this.#cluster.hasKind(node.index, 'badClock')) {
      this.counts.clockBeyondPrecision++;
      node.clock.set(this.#random.between(-WRONG_CLOCK_MS, WRONG_CLOCK_MS), this.#random.between(-500, 500));
    } else if (skewMs > 0) {
      this.counts.clockJump++;
      node.clock.set(this.#random.between(-skewMs, skewMs), this.#random.between(-500, 500));
    }
  }

  #setDisk(node: SimulatedNode): void {
    const { options } = this.#cluster;
    const isCorrupt = this.#cluster.hasKind(node.index, 'corruptDisk');
    node.disk.setFaults({
      ...SOUND_DISK,
      errorPerMille: options.diskErrorPerMille,
      misdirectedPerMille: isCorrupt ? 60 : 0,
      isLying: this.#cluster.hasKind(node.index, 'lyingDisk'),
    });
  }

  #fillDisk(node: SimulatedNode): void {
    const { world, options } = this.#cluster;
    node.disk.setFaults({ ...SOUND_DISK, errorPerMille: options.diskErrorPerMille, capacityBytes: this.#random.pick(CAPACITY_BYTES) });
    world.schedule(this.#random.between(1, DISK_FULL_MS_MAX), 'disk freed', node.index, () => {
      if (this.#isActive) this.#setDisk(node);
    });
  }

  #changeValidators(): void {
    const { setup, checkers } = this.#cluster;
    const change = setup.nextValidatorChange(checkers.height);
    if (change === undefined) return;
    this.counts.validatorChange++;
    this.#cluster.submit(change);
  }

  /** Bits turn over on a corrupt disk, an old copy of the chain takes the place of a newer one. */
  #damage(): void {
    for (const node of this.#cluster.nodes) {
      if (this.#cluster.hasKind(node.index, 'corruptDisk')) {
        node.disk.flipBit(this.#random.pick(['.wal', '.wal', 'last-sign']));
        if (this.#random.chance(400)) node.kill('powerLost');
      }
      if (this.#cluster.hasKind(node.index, 'rollback') && this.#random.chance(400)) this.#rollBack(node);
      if (this.#cluster.hasKind(node.index, 'lyingDisk') && this.#random.chance(400)) node.kill('powerLost');
    }
  }

  #rollBack(node: SimulatedNode): void {
    this.counts.rollback++;
    node.kill('powerLost');
    this.#cluster.checkers.setBack(node.index, this.#cluster.setup.setBack(node.index, this.#random.between(1, 4)));
  }

  /** What an operator does about a damaged log, as the message says: moves the file away. */
  #discardLog(node: SimulatedNode): void {
    for (const path of node.disk.paths) if (path.endsWith('.wal')) node.disk.discard(path);
  }
}
