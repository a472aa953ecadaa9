import { setImmediate } from 'node:timers/promises';
import { type Cryptography, equalBytes } from '@mutual-chain/protocol';
import { ClusterCheckers } from '../checkers/cluster-checkers.ts';
import { hexOf } from '../checkers/powers.ts';
import type { Verdict } from '../checkers/violation.ts';
import type { SimulatedKey } from '../cryptography/mac-cryptography.ts';
import type { SimulationOptions } from '../faults/simulation-options.ts';
import { Network } from '../network/network.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { World } from '../world/world.ts';
import type { ChainSetup } from './chain-setup.ts';
import type { NodeObserver } from './node-observer.ts';
import { SimulatedNode } from './simulated-node.ts';

/** How long a link stays down after one side has cut it, ms. */
const CUT_MS = 2000;
/** How long it takes at most until the others notice that a node is down, ms. */
const NOTICE_MS = 40;

/** First byte of a message that says where its sender stands. */
const STATUS = 2;

/** What a cluster is made of. */
export type ClusterOptions = {
  readonly world: World;
  readonly verdict: Verdict;
  readonly options: SimulationOptions;
  readonly cryptography: Cryptography;
  readonly roster: readonly SimulatedKey[];
  readonly setup: ChainSetup;
};

/** Nodes, their links and whoever checks them. The nodes of the roster come first, then a second node for each key that is used twice. */
export class Cluster {
  readonly world: World;
  readonly options: SimulationOptions;
  readonly cryptography: Cryptography;
  readonly roster: readonly SimulatedKey[];
  readonly setup: ChainSetup;
  readonly nodes: readonly SimulatedNode[];
  readonly network: Network;
  readonly checkers: ClusterCheckers;
  isPartitioned = false;
  /** Thrown by work that went on in a promise. */
  failure: unknown;
  /** Told of every node that stopped, and why; no reason is given when its power went. */
  onStopped: (node: SimulatedNode, reason: string) => void = () => undefined;
  /** Told of every node that locks a value. */
  onLocked: (node: SimulatedNode) => void = () => undefined;
  readonly #random: RandomStream;
  /** Links that are cut, by both ends, until when, ms. */
  readonly #cut = new Map<string, number>();
  /** How often each link, by both ends, came up. */
  readonly #connections = new Map<string, number>();
  readonly #twinOf = new Map<number, number>();

  constructor({ world, verdict, options, cryptography, roster, setup }: ClusterOptions) {
    this.world = world;
    this.options = options;
    this.cryptography = cryptography;
    this.roster = roster;
    this.setup = setup;
    this.#random = world.stream('links');
    this.network = new Network(world, (from, to, bytes, connection) => this.#deliver(from, to, bytes, connection));
    const twins = options.faulty.filter(({ kind }) => kind === 'twin');
    for (const [index, { node }] of twins.entries()) this.#twinOf.set(roster.length + index, node);
    this.checkers = new ClusterCheckers({
      world,
      verdict,
      cryptography,
      genesisHash: setup.genesisHash,
      publicKeys: new Map(roster.map(({ address, publicKey }) => [hexOf(address), publicKey])),
      history: setup.history,
      powersAt: setup.powersAt,
      expectationsOf: (node) => ({ isHonest: !this.isGuilty(node), isDiskSound: !this.hasKind(node, 'corruptDisk', 'rollback') }),
      nodesOf: (address) => roster.flatMap((key) => (hexOf(key.address) === address ? [key.index] : [])),
      isPartitioned: () => this.isPartitioned,
      locked: (node) => this.onLocked(node),
    });
    this.nodes = Array.from({ length: roster.length + twins.length }, (_, index) => this.#createNode(index, cryptography));
  }

  /** Number in the roster of the key of a node. */
  keyOf(node: number): number {
    return this.#twinOf.get(node) ?? node;
  }

  /** Whether a node is of one of these kinds of fault. */
  hasKind(node: number, ...kinds: readonly SimulationOptions['faulty'][number]['kind'][]): boolean {
    return this.options.faulty.some((each) => each.node === this.keyOf(node) && kinds.includes(each.kind));
  }

  /** Whether a node may sign what no honest one signs. */
  isGuilty(node: number): boolean {
    return this.hasKind(node, 'twin', 'mutator', 'lyingDisk');
  }

  /** Nodes of which everything is expected. */
  get sound(): readonly SimulatedNode[] {
    return this.nodes.filter(({ index }) => !this.options.faulty.some(({ node }) => node === this.keyOf(index)));
  }

  /** Starts a node and links it to all that are up. */
  boot(node: SimulatedNode): boolean {
    if (node.isUp || !node.boot()) return false;
    for (const other of this.nodes) if (other !== node && other.isUp) this.#link(node, other);
    return node.isUp;
  }

  /** The others notice, one after the other, that a node is gone. */
  gone(node: SimulatedNode): void {
    for (const other of this.nodes) {
      if (other === node || !other.isUp) continue;
      this.world.schedule(this.#random.below(NOTICE_MS), 'notice', other.index, () => {
        if (!node.isUp) other.disconnect(node.index);
      });
    }
  }

  /** Hands a transaction to the nodes, to each with some luck. */
  submit(bytes: Uint8Array): void {
    for (const node of this.nodes) if (this.#random.chance(850)) node.submit(bytes);
  }

  /** Lets things happen until the condition holds; false when the time is up first. */
  async advance(condition: () => boolean, forMs: number): Promise<boolean> {
    const untilMs = this.world.nowMs + forMs;
    while (!condition()) {
      if (!this.world.step(untilMs)) return condition();
      if (this.setup.isAsynchronous) {
        await setImmediate();
        if (this.failure !== undefined) throw this.failure;
      }
    }
    return true;
  }

  /** Ends all links that are cut. */
  forgive(): void {
    this.#cut.clear();
    for (const left of this.nodes)
      for (const right of this.nodes) if (left.index < right.index && left.isUp && right.isUp) this.#link(left, right);
  }

  #createNode(index: number, cryptography: Cryptography): SimulatedNode {
    const key = this.roster[this.keyOf(index)] as SimulatedKey;
    return new SimulatedNode({
      world: this.world,
      index,
      name: index < this.roster.length ? `node ${index}` : `node ${key.index}'`,
      key,
      cryptography,
      genesisHash: this.setup.genesisHash,
      observer: this.#observer(),
      openChain: (ports) => this.setup.open(index, ports),
      send: (peer, bytes) => this.#send(index, peer, bytes),
      cutLink: (peer) => this.#cutLink(index, peer),
      isLinked: (peer) => this.nodes[peer]?.isUp === true && !this.#isCut(index, peer),
      failed: (error) => {
        this.failure ??= error;
      },
      peersOf: (validator) => this.nodes.filter((each) => equalBytes(each.key.address, validator)).map((each) => each.index),
      isKeyShared: this.options.faulty.some(
        ({ node, kind, isCareful }) => node === this.keyOf(index) && (kind === 'mutator' || (kind === 'twin' && !isCareful)),
      ),
    });
  }

  #observer(): NodeObserver<SimulatedNode> {
    const { observer } = this.checkers;
    return {
      ...observer,
      ended: (node, how) => {
        observer.ended(node, how);
        this.onStopped(node, '');
      },
      halted: (node, reason) => {
        observer.halted(node, reason);
        this.onStopped(node, reason);
      },
      bootFailed: (node, error) => {
        observer.bootFailed(node, error);
        this.onStopped(node, error instanceof Error ? error.message : String(error));
      },
    };
  }

  #send(from: number, to: number, bytes: Uint8Array): void {
    if (this.isGuilty(from)) this.checkers.sawOnWire(bytes);
    this.network.send(from, to, bytes, this.#connections.get(linkName(from, to)));
  }

  #deliver(from: number, to: number, bytes: Uint8Array, connection: number): boolean {
    const node = this.nodes[to];
    if (node?.isUp !== true || this.#isCut(from, to)) return false;
    // Where a node stands is said on one connection, in order; what else was sent on an older one may still do harm.
    if (bytes[0] === STATUS && (this.#connections.get(linkName(from, to)) ?? 0) !== connection) return false;
    node.receive(from, bytes);
    return true;
  }

  #link(left: SimulatedNode, right: SimulatedNode): void {
    if (this.#isCut(left.index, right.index)) return;
    const name = linkName(left.index, right.index);
    this.#connections.set(name, (this.#connections.get(name) ?? 0) + 1);
    left.connect(right.index);
    right.connect(left.index);
  }

  #cutLink(from: number, to: number): void {
    this.#cut.set(linkName(from, to), this.world.nowMs + CUT_MS);
    const [left, right] = [this.nodes[from], this.nodes[to]];
    // The rest of what is under way is thrown away before anything else happens.
    this.world.schedule(0, 'cut', from, () => {
      if (!this.#isCut(from, to)) return;
      left?.disconnect(to);
      right?.disconnect(from);
    });
    this.world.schedule(CUT_MS, 'dial', from, () => {
      if (left?.isUp === true && right?.isUp === true) this.#link(left, right);
    });
  }

  #isCut(from: number, to: number): boolean {
    return (this.#cut.get(linkName(from, to)) ?? 0) > this.world.nowMs;
  }
}

function linkName(left: number, right: number): string {
  return left < right ? `${left} ${right}` : `${right} ${left}`;
}
