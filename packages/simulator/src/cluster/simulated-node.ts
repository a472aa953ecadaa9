import { isDeepStrictEqual } from 'node:util';
import type { ConsensusState, SignRequest } from '@mutual-chain/consensus';
import {
  type ConsensusMessage,
  ConsensusRuntime,
  createLastSignFile,
  decodeConsensusMessage,
  encodeConsensusMessage,
  LocalSigner,
  type LogRecordKind,
  type RuntimeLog,
  SegmentedLog,
  type Signer,
  type SyncState,
} from '@mutual-chain/node';
import {
  type Address,
  type BlockHash,
  ChainError,
  type ConsensusProposal,
  type Cryptography,
  equalBytes,
  type GenesisHash,
  type Signature,
  type Vote,
} from '@mutual-chain/protocol';
import type { CommitObserver, SimulatedChain } from '../chain/simulated-chain.ts';
import type { PoolObserver } from '../checkers/pool-checker.ts';
import type { SimulatedKey } from '../cryptography/mac-cryptography.ts';
import { type EndOfRun, SimulatedDisk } from '../disk/simulated-disk.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { World } from '../world/world.ts';
import { CatchUp } from './catch-up.ts';
import type { NodeObserver } from './node-observer.ts';
import { POWER_LOSS } from './power-loss.ts';
import { SimulatedClock } from './simulated-clock.ts';

const WAL_DIRECTORY = '/data/wal';
const SIGNER_DIRECTORY = '/data/signer';
const LOG_KINDS: Readonly<Record<LogRecordKind, number>> = { input: 1, body: 2 };

/** What stands between a faulty node and the network: it sees what the node says and hears, and says something else. */
export type Interceptor = {
  /** What is sent in place of a message to a peer. */
  readonly outgoing: (peer: number, bytes: Uint8Array) => readonly Uint8Array[];
  /** Whether a message of a peer reaches the node. */
  readonly incoming: (peer: number, message: ConsensusMessage) => boolean;
};

/** How nodes are made. */
export type SimulatedNodeOptions = {
  readonly world: World;
  readonly index: number;
  readonly name: string;
  readonly key: SimulatedKey;
  readonly cryptography: Cryptography;
  readonly genesisHash: GenesisHash;
  readonly observer: NodeObserver<SimulatedNode>;
  /** Opens the chain on what is durable of it, for one run of the node. */
  readonly openChain: (ports: ChainPorts) => SimulatedChain;
  /** Hands bytes to the network. */
  readonly send: (peer: number, bytes: Uint8Array) => void;
  readonly cutLink: (peer: number) => void;
  /** Whether the link to a peer is up now: what was noticed may be over when it is looked at. */
  readonly isLinked: (peer: number) => boolean;
  /** The nodes with the key of a validator. */
  readonly peersOf: (validator: Address) => readonly number[];
  /** Two nodes share the key, so that messages of one's own are nothing to stop at. */
  readonly isKeyShared: boolean;
  /** Something that went on in a promise failed, and not because the node ended. */
  readonly failed: (error: unknown) => void;
};

/** What a chain needs from its node. */
export type ChainPorts = {
  readonly random: RandomStream;
  readonly schedule: (delayMs: number, label: string, run: () => void) => void;
  readonly boundary: () => void;
  readonly committed: CommitObserver;
  readonly failed: (error: unknown) => void;
  readonly nowMs: () => number;
  /** There is something to put into a block. */
  readonly filled: () => void;
  readonly pool: PoolObserver;
};

/** What was durable of a log when it was last synchronised, and what consensus knew then. */
type DurableLog = { readonly height: number; readonly records: number; readonly state: ConsensusState };

/** One node: its durable things, and while it is up the runtime over simulated ports. */
export class SimulatedNode {
  readonly index: number;
  readonly name: string;
  readonly key: SimulatedKey;
  readonly disk: SimulatedDisk;
  readonly clock: SimulatedClock;
  interceptor: Interceptor | undefined;
  /** Adds this to every delay of what happens to the node, ms: a slow machine. */
  slownessMs = 0;
  readonly #options: SimulatedNodeOptions;
  readonly #random: RandomStream;
  #runtime: ConsensusRuntime | undefined;
  #chain: SimulatedChain | undefined;
  #catchUp: CatchUp | undefined;
  #run = 0;
  #isUp = false;
  #pausedUntilMs = 0;
  /** What happened during a pause. */
  readonly #held: { readonly label: string; readonly work: () => void }[] = [];
  /** Boundaries until the node ends; counts down. */
  #boundariesLeft = Number.POSITIVE_INFINITY;
  #endOfRun: EndOfRun = 'powerLost';
  #isReceiving = false;
  #unsynced = 0;
  #records = 0;
  #durable: DurableLog | undefined;
  #endedIn: ConsensusState | undefined;
  #boundaries = 0;

  constructor(options: SimulatedNodeOptions) {
    const { world, index, name, key } = options;
    this.#options = options;
    this.index = index;
    this.name = name;
    this.key = key;
    this.clock = new SimulatedClock(world);
    this.#random = world.stream(`node ${index}`);
    this.disk = new SimulatedDisk({ random: world.stream(`disk ${index}`), boundary: () => this.#boundary() });
    this.#provision();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** What the runtime knows; undefined while the node is down. */
  get runtime(): ConsensusRuntime | undefined {
    return this.#isUp ? this.#runtime : undefined;
  }

  get chain(): SimulatedChain | undefined {
    return this.#isUp ? this.#chain : undefined;
  }

  /** What catching up knows; undefined while the node is down. */
  get sync(): SyncState | undefined {
    return this.#catchUp?.state;
  }

  /** Boundaries of effects that this node has passed in all its runs. */
  get boundaries(): number {
    return this.#boundaries;
  }

  /** Has the node end at the so-and-so-many-th boundary from now. */
  endAfter(boundaries: number, how: EndOfRun): void {
    this.#boundariesLeft = boundaries;
    this.#endOfRun = how;
  }

  /** Keeps the node from ending at a boundary. */
  endNever(): void {
    this.#boundariesLeft = Number.POSITIVE_INFINITY;
  }

  /** The node does nothing for so long; what happens to it meanwhile happens afterwards. */
  pause(durationMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#options.world.nowMs + durationMs);
  }

  /** Ends a pause. */
  unpause(): void {
    this.#pausedUntilMs = 0;
    if (this.#held.length > 0) this.#options.world.schedule(0, 'resume', this.index, () => this.#resume());
  }

  /** Starts the node from what is durable; false when it did not get to the end. */
  boot(): boolean {
    const run = ++this.#run;
    this.#isUp = true;
    this.#isReceiving = false;
    this.#unsynced = 0;
    try {
      this.#open();
      if (this.#run === run) this.#options.observer.booted(this);
    } catch (error) {
      if (error === POWER_LOSS) this.#end();
      else if (error instanceof ChainError) {
        this.#stop();
        this.#options.observer.bootFailed(this, error);
      } else throw error;
    }
    return this.#isUp;
  }

  /** Ends the node from outside. */
  kill(how: EndOfRun): void {
    if (!this.#isUp) return;
    this.#endOfRun = how;
    this.#end();
  }

  /** Lets something happen to the node, if it is up and still in the same run. */
  enter(label: string, work: () => void): void {
    if (!this.#isUp) return;
    const { world } = this.#options;
    if (this.#pausedUntilMs <= world.nowMs && this.#held.length === 0) {
      this.#work(work);
      return;
    }
    this.#held.push({ label, work });
    if (this.#held.length === 1) this.#scheduleResume();
  }

  #scheduleResume(): void {
    const { world } = this.#options;
    const run = this.#run;
    world.schedule(this.#pausedUntilMs - world.nowMs, 'resume', this.index, () => {
      if (this.#run === run) this.#resume();
    });
  }

  /** What happened during a pause happens now, in its order. */
  #resume(): void {
    const { world } = this.#options;
    const run = this.#run;
    while (this.#run === run && this.#held.length > 0) {
      if (this.#pausedUntilMs > world.nowMs) {
        this.#scheduleResume();
        return;
      }
      const [first] = this.#held;
      if (first === undefined) return;
      world.note(first.label, this.index);
      this.#work(first.work);
      if (this.#run === run) this.#held.shift();
    }
  }

  #work(work: () => void): void {
    const { observer } = this.#options;
    const run = this.#run;
    try {
      work();
      if (this.#run === run) observer.worked(this);
    } catch (error) {
      if (error !== POWER_LOSS) throw error;
      this.#end();
    }
  }

  /** A link to another node is up; if there was one before, that one is over. */
  connect(peer: number): void {
    this.enter('connect', () => {
      if (!this.#options.isLinked(peer)) return;
      this.#runtime?.disconnect(String(peer));
      this.#catchUp?.gone(String(peer));
      this.#runtime?.connect(String(peer));
      this.#runtime?.announce({ peer: String(peer) });
    });
  }

  /** A link is down. */
  disconnect(peer: number): void {
    this.enter('disconnect', () => {
      if (this.#options.isLinked(peer)) return;
      this.#runtime?.disconnect(String(peer));
      this.#catchUp?.gone(String(peer));
    });
  }

  /** A transaction arrives. */
  submit(bytes: Uint8Array): void {
    this.enter('submit', () => this.#chain?.submit(bytes));
  }

  /** Bytes of a peer arrive. */
  receive(peer: number, bytes: Uint8Array): void {
    this.enter('receive', () => {
      const decoded = decodeConsensusMessage(bytes);
      if ('refusal' in decoded) this.#cut(peer, decoded.refusal);
      else if (this.interceptor?.incoming(peer, decoded.message) !== false) this.#receive(String(peer), decoded.message);
    });
  }

  #receive(peer: string, message: ConsensusMessage): void {
    this.#isReceiving = true;
    try {
      if (message.type === 'blocksRequest') this.#catchUp?.serve(peer, message.height, message.count);
      else if (message.type === 'blocks') this.#catchUp?.receive(peer, message.height, message.blocks);
      else if (message.type === 'bodyRequest') this.#catchUp?.serveBody(peer, message.height, message.blockHash);
      else if (message.type === 'body') this.#catchUp?.receiveBody(peer, message.height, message.body);
      else {
        this.#runtime?.receive(peer, message);
        if (message.type === 'status') this.#catchUp?.heardOf(peer, message.status.height);
      }
    } finally {
      this.#isReceiving = false;
    }
  }

  /** Puts an empty last-sign file there, as an operator does once, before anything goes wrong. */
  #provision(): void {
    const { cryptography, genesisHash, key } = this.#options;
    createLastSignFile({
      fileSystem: this.disk.fileSystem,
      directory: SIGNER_DIRECTORY,
      address: key.address,
      genesisHash,
      cryptography,
    });
  }

  #open(): void {
    const { world, cryptography, genesisHash, observer, openChain, index } = this.#options;
    const run = this.#run;
    const schedule = (delayMs: number, label: string, work: () => void): (() => void) => {
      const guarded = (): void => {
        if (this.#run === run) this.enter(label, work);
      };
      return world.schedule(delayMs + this.slownessMs, label, index, guarded).cancel;
    };
    const chain = openChain({
      random: this.#random,
      schedule,
      boundary: () => this.#boundary(),
      committed: (block, facts) => observer.committed(this, block, facts),
      failed: (error) => {
        if (error !== POWER_LOSS) this.#options.failed(error);
        else if (this.#run === run) this.#end();
      },
      nowMs: () => world.nowMs,
      filled: () => this.#runtime?.workAvailable(),
      pool: observer.poolOf(this),
    });
    this.#chain = chain;
    const log = new SegmentedLog<LogRecordKind>({
      fileSystem: this.disk.fileSystem,
      directory: WAL_DIRECTORY,
      genesisHash,
      kinds: LOG_KINDS,
      onIncident: (incident) => observer.logIncident(this, incident),
      random: (length) => this.#random.bytes(length),
    });
    log.start();
    const runtime = new ConsensusRuntime({
      cryptography,
      genesisHash,
      clock: { wallMs: () => this.clock.wallMs(), schedule: (delayMs, work) => schedule(delayMs, 'timer', work) },
      transport: { send: (peer, bytes) => this.#send(Number(peer), bytes), cut: (peer, reason) => this.#cut(Number(peer), reason) },
      log: this.#watchLog(log),
      signer: this.#watchSigner(),
      chain: this.#watchChain(chain),
      halted: (reason) => this.#halt(reason),
      signingForbidden: (height, reason) => observer.signingForbidden(this, height, reason),
      bodies: {
        wanted: (height, blockHash, holders) =>
          this.#catchUp?.bodyWanted(height, blockHash, holders.flatMap(this.#options.peersOf).map(String)),
        received: (blockHash) => this.#catchUp?.bodyReceived(blockHash),
      },
    });
    this.#runtime = runtime;
    this.#catchUp = new CatchUp({
      nowMs: () => world.nowMs,
      schedule: (delayMs, work) => schedule(delayMs, 'sync', work),
      committedHeight: () => chain.tip().height,
      send: (peer, message) => this.#send(Number(peer), encodeConsensusMessage(message)),
      announce: (peer) => runtime.announce({ peer }),
      decidedBlock: chain.decidedBlock,
      take: ({ certificate, body }) => {
        const isTaken = runtime.receiveDecidedBlock(certificate, body);
        if (isTaken) observer.decidedTaken(this, certificate, chain.inspect(body)?.blockHash);
        return isTaken;
      },
      cut: (peer, reason) => this.#cut(Number(peer), reason),
      bodyOf: (height, hash) => (height === chain.tip().height + 1 ? runtime.bodyOf(hash) : decidedBody(chain, height, hash)),
      hashOf: (body) => chain.inspect(body)?.blockHash,
      bodyFound: (peer, height, body) => runtime.receive(peer, { type: 'body', height, body }),
    });
    runtime.start();
  }

  /** The log with boundaries, and with what checkers want to know of it. */
  #watchLog(log: SegmentedLog<LogRecordKind>): RuntimeLog {
    return {
      startHeight: (height) => {
        this.#boundary();
        log.startHeight(height);
        this.#unsynced = 0;
        this.#records = 0;
      },
      recordsOf: (height) => {
        const records = log.recordsOf(height);
        this.#records = records.length;
        return records;
      },
      append: (kind, payload) => {
        this.#boundary();
        log.append(kind, payload);
        this.#unsynced++;
        this.#records++;
      },
      sync: () => {
        this.#boundary();
        log.sync();
        this.#unsynced = 0;
        const { state } = this.#runtime as ConsensusRuntime;
        this.#durable = { height: state.current?.height ?? -1, records: this.#records, state };
      },
    };
  }

  #watchSigner(): Signer {
    const { cryptography, genesisHash, key, observer, isKeyShared } = this.#options;
    const signer = new LocalSigner({
      fileSystem: this.disk.fileSystem,
      directory: SIGNER_DIRECTORY,
      address: key.address,
      genesisHash,
      cryptography,
      signDigest: (digest) => cryptography.sign(digest, key.privateKey) as Signature,
    });
    const everything: SignRequest = { kind: 'precommit', height: Number.MAX_SAFE_INTEGER, round: 0, blockHash: undefined };
    return {
      address: key.address,
      lastSign: () => (isKeyShared && this.#isReceiving ? everything : signer.lastSign()),
      sign: (request, done) => {
        this.#boundary();
        observer.signRequested(this, request, this.#unsynced);
        const isRepeated = isDeepStrictEqual(signer.lastSign(), request);
        signer.sign(request, (outcome) => {
          this.#boundary();
          if (outcome.ok) this.#signed(outcome.message, isRepeated);
          else observer.refused(this, request, outcome.reason);
          done(outcome);
        });
      },
    };
  }

  #signed(message: Vote | ConsensusProposal, isRepeated: boolean): void {
    this.#options.observer.signed(this, message, isRepeated);
    if ('kind' in message && message.kind === 'prevote' && message.blockHash !== undefined)
      this.#chain?.prevoted(message.height, message.blockHash);
  }

  #watchChain(chain: SimulatedChain): SimulatedChain {
    const { observer } = this.#options;
    return {
      ...chain,
      hasWork: () => {
        this.#compareReplay();
        return chain.hasWork();
      },
      commit: (block, done) => {
        this.#boundary();
        chain.commit(block, () => {
          done();
          if (this.#isUp) this.#catchUp?.committed();
        });
      },
      reportEvidence: (evidence) => {
        observer.evidenceReported(this, evidence);
        chain.reportEvidence(evidence);
      },
    };
  }

  /** After a replay consensus knows what it knew when the log was last made durable, if the log ends there. */
  #compareReplay(): void {
    const durable = this.#endedIn === undefined ? undefined : this.#durable;
    this.#endedIn = undefined;
    const state = this.#runtime?.state;
    if (durable === undefined || state?.current?.height !== durable.height || this.#records !== durable.records) return;
    this.#options.observer.replayed(this, durable.state, state);
  }

  #send(peer: number, bytes: Uint8Array): void {
    this.#boundary();
    this.#options.observer.sent(this, bytes, this.#unsynced);
    if (this.interceptor === undefined) this.#options.send(peer, bytes);
    else for (const each of this.interceptor.outgoing(peer, bytes)) this.#options.send(peer, each);
  }

  #cut(peer: number, reason: string): void {
    this.#options.observer.cut(this, peer, reason);
    this.#options.cutLink(peer);
  }

  #halt(reason: string): void {
    // What was running when the power went is no halt.
    if (!this.#isUp || this.#boundariesLeft < 0) return;
    this.#stop();
    this.#options.observer.halted(this, reason);
  }

  /** An effect begins or ends here: the node may end too. */
  #boundary(): void {
    this.#boundaries++;
    if (this.#boundariesLeft < 0) throw POWER_LOSS;
    if (this.#boundariesLeft === Number.POSITIVE_INFINITY || this.#boundariesLeft-- > 0) return;
    throw POWER_LOSS;
  }

  #end(): void {
    const how = this.#endOfRun;
    this.#stop();
    this.disk.endRun(how);
    this.#options.observer.ended(this, how);
  }

  #stop(): void {
    this.#isUp = false;
    this.#run++;
    this.#endedIn = this.#runtime?.state;
    this.#boundariesLeft = Number.POSITIVE_INFINITY;
    this.#pausedUntilMs = 0;
    this.#held.length = 0;
    this.#runtime?.stop();
    this.#chain?.endRun();
    this.#runtime = undefined;
    this.#chain = undefined;
    this.#catchUp = undefined;
  }
}

function decidedBody(chain: SimulatedChain, height: number, blockHash: BlockHash): Uint8Array | undefined {
  const decided = chain.decidedBlock(height);
  return decided !== undefined && equalBytes(decided.blockHash, blockHash) ? decided.body : undefined;
}
