import { type ConsensusState, diagnose } from '@mutual-chain/consensus';
import {
  type Address,
  accusedOf,
  assertInvariant,
  type Cryptography,
  encodeHex,
  equalBytes,
  type Genesis,
  type GenesisHash,
  genesisHashOf,
  type Signature,
} from '@mutual-chain/protocol';
import { inspectBody } from '../chain/inspect-body.ts';
import { LedgerChain, type LedgerChainOptions } from '../chain/ledger-chain.ts';
import type { FileSystem } from '../file-system/file-system.ts';
import { nodeFileSystem } from '../file-system/node-file-system.ts';
import type { NodeIdentity } from '../p2p/handshake.ts';
import type { Channel } from '../p2p/limits.ts';
import { createRuntimeTransport } from '../p2p/runtime-transport.ts';
import type { ConnectedPeer, Member, Transport, TransportEvents } from '../p2p/transport.ts';
import { decodeConsensusMessage } from '../runtime/consensus-messages.ts';
import { ConsensusRuntime } from '../runtime/consensus-runtime.ts';
import type { ChainTip, DecidedBlock, LogRecordKind, RuntimeChain } from '../runtime/ports.ts';
import { systemClock } from '../runtime/system-clock.ts';
import { LocalSigner } from '../signer/local-signer.ts';
import type { StateStore } from '../storage/state-store.ts';
import type { SyncProgress } from '../sync/sync-state.ts';
import { SegmentedLog } from '../wal/segmented-log.ts';
import { BlockExchange } from './block-exchange.ts';
import { diagnoseNode, type NodeDiagnosis } from './diagnose-node.ts';
import { haveSameNodes, networkMembers } from './network-members.ts';
import type { NodeEvent } from './node-event.ts';
import type { NodeTransactions } from './node-transactions.ts';
import { StageClock } from './stage-clock.ts';

/** The key that a node validates with. */
export type ValidatorKey = {
  readonly address: Address;
  /** Signs a digest: 65 bytes r‖s‖v. */
  readonly signDigest: (digest: Uint8Array) => Signature;
};

/** What a node is made of. */
export type MutualNodeOptions = {
  readonly cryptography: Cryptography;
  readonly genesis: Genesis;
  /** Directory of the write-ahead log; its parent exists. */
  readonly logDirectory: string;
  /** Directory of the file that says what the validator key signed last. */
  readonly signerDirectory: string;
  /** Started, with genesis committed. Stopped by whoever started it, after the node. */
  readonly store: StateStore;
  readonly transactions: NodeTransactions;
  /** Index entries to be kept with a block. */
  readonly indexesOf?: LedgerChainOptions['indexesOf'];
  /** Undefined for a node that only follows. */
  readonly validatorKey: ValidatorKey | undefined;
  /** Makes the links to other nodes. */
  readonly createTransport: (identity: NodeIdentity, events: TransportEvents) => Transport;
  /** Peers of the operator's configuration. */
  readonly peers?: readonly Member[];
  readonly report: (event: NodeEvent) => void;
  readonly fileSystem?: FileSystem;
};

const LOG_KINDS: Readonly<Record<LogRecordKind, number>> = { input: 1, body: 2 };
/** How often a peer is told where this node is while heights go by, ms. */
const ANNOUNCE_INTERVAL_MS = 100;

/**
 * A running node: consensus over real links and disks, blocks and transactions exchanged with its peers.
 *
 * After `halted` it has stopped taking part; what is durable is whole, and `stop` still has to be called.
 */
export class MutualNode {
  readonly genesisHash: GenesisHash;
  readonly #options: MutualNodeOptions;
  readonly #chain: LedgerChain;
  readonly #log: SegmentedLog<LogRecordKind>;
  readonly #runtime: ConsensusRuntime;
  readonly #exchange: BlockExchange;
  readonly #transport: Transport;
  readonly #announcedMs = new Map<string, number>();
  /** When validators were last linked, by address in hex, ms since 1970. */
  readonly #lastLinkedMs = new Map<string, number>();
  /** Last height at which this node signs nothing. */
  #forbiddenHeight: number | undefined;
  #startedMs = 0;
  #haltReason: string | undefined;
  #isStopped = false;

  /** Errors: `SIGNER_STATE_MISSING`, `SIGNER_STATE_DAMAGED`, `SIGNER_STATE_FOREIGN`, those of the file system. */
  constructor(options: MutualNodeOptions) {
    const { cryptography, genesis, logDirectory, signerDirectory, store, validatorKey, fileSystem = nodeFileSystem, report } = options;
    const genesisHash = genesisHashOf(cryptography, genesis);
    this.genesisHash = genesisHash;
    this.#options = options;
    const signer =
      validatorKey === undefined
        ? undefined
        : new LocalSigner({ fileSystem, directory: signerDirectory, genesisHash, cryptography, ...validatorKey });
    this.#log = new SegmentedLog({
      fileSystem,
      directory: logDirectory,
      genesisHash,
      kinds: LOG_KINDS,
      onIncident: (incident) => report({ type: 'logIncident', incident }),
    });
    this.#chain = new LedgerChain({
      context: { cryptography, chainId: genesis.chainId, genesisHash },
      store,
      transactions: options.transactions,
      monotonicMs: () => performance.now(),
      failed: (error) => this.#halt(error instanceof Error ? error.message : String(error)),
      ...(options.indexesOf === undefined ? {} : { indexesOf: options.indexesOf }),
    });
    this.#transport = options.createTransport(
      { cryptography, chainId: genesis.chainId, genesisHash, height: () => this.height, validator: validatorKey },
      this.#transportEvents(),
    );
    this.#exchange = this.#createExchange();
    this.#runtime = new ConsensusRuntime({
      cryptography,
      genesisHash,
      clock: systemClock,
      transport: createRuntimeTransport(this.#transport, (peer, reason) => report({ type: 'peerCut', peer, reason })),
      log: this.#log,
      signer,
      chain: this.#watchedChain(),
      halted: (reason) => this.#halt(reason),
      signingForbidden: (height, reason) => this.#forbidden(height, reason),
      stateChanged: new StageClock({
        monotonicMs: () => performance.now(),
        ended: (ended) => report({ type: 'stageEnded', ...ended }),
      }).look,
      bodies: {
        wanted: (height, hash, holders) => this.#exchange.bodyWanted(height, hash, this.#peersOf(holders)),
        received: (hash) => this.#exchange.bodyReceived(hash),
      },
    });
  }

  /** Last committed height. */
  get height(): number {
    return this.#chain.tip().height;
  }

  /** Where the chain stands. */
  get tip(): ChainTip {
    return this.#chain.tip();
  }

  /** What consensus knows. */
  get consensus(): ConsensusState {
    return this.#runtime.state;
  }

  /** How far the node is behind what its peers claim. */
  get progress(): SyncProgress {
    return this.#exchange.progress;
  }

  /** Links to other nodes. */
  get transport(): Pick<Transport, 'peer' | 'peers' | 'addresses' | 'counters'> {
    return this.#transport;
  }

  /** Address of the validator key, if the node has one. */
  get validator(): Address | undefined {
    return this.#options.validatorKey?.address;
  }

  /** Why there is no new block, in words. */
  diagnose(): NodeDiagnosis {
    const nowMs = systemClock.wallMs();
    const { validators, timestampMs, timing } = this.tip;
    const links = this.#transport.peers();
    return diagnoseNode({
      haltReason: this.#haltReason,
      consensus: diagnose(this.#runtime.state),
      validators,
      own: this.validator,
      linked: links.flatMap(({ validator }) => (validator === undefined ? [] : [validator])),
      lastLinkedMs: (validator) => this.#lastLinkedMs.get(encodeHex(validator)),
      progress: this.progress,
      nowMs,
      lastBlockMs: Math.max(timestampMs, this.#startedMs),
      emptyBlockIntervalMs: timing.emptyBlockIntervalMs,
    });
  }

  /** Why the node cannot go on, if so. */
  get haltReason(): string | undefined {
    return this.#haltReason;
  }

  /** Goes on from what is durable and links to the peers. Errors: those of the log, of the transport and of the file system. */
  async start(): Promise<void> {
    this.#startedMs = systemClock.wallMs();
    this.#log.start();
    this.#admitMembers();
    await this.#transport.start();
    this.#runtime.start();
    if (this.#chain.hasWork()) this.workAvailable();
  }

  /** Ends the links, then everything that was under way. What was promised is durable already. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#runtime.stop();
    this.#exchange.stop();
    await this.#transport.stop();
    this.#log.stop();
  }

  /** There is something to put into a block. */
  workAvailable(): void {
    this.#runtime.workAvailable();
  }

  /** Queues a message of transactions. */
  readonly sendTransactions = (peer: string, bytes: Uint8Array): boolean => this.#transport.send(peer, 'transactions', bytes) === 'queued';

  /** Ends the link to a peer that broke the rules. */
  readonly cut = (peer: string, reason: string): void => {
    this.#options.report({ type: 'peerCut', peer, reason });
    this.#transport.cut(peer);
  };

  #transportEvents(): TransportEvents {
    const { report, transactions } = this.#options;
    return {
      connected: (peer) => this.#connected(peer),
      disconnected: (peer, reason, byPeer) => {
        report({ type: 'peerDisconnected', peer, reason, byPeer });
        this.#announcedMs.delete(peer);
        this.#noteUnlinked(peer);
        transactions.disconnected(peer);
        this.#runtime.disconnect(peer);
        this.#exchange.gone(peer);
      },
      refused: (peer, reason, byPeer) => report({ type: 'peerRefused', peer, reason, byPeer }),
      received: (peer, channel, message) => this.#received(peer, channel, message),
      requested: (peer, request, answer) => this.#exchange.serve(peer, request, answer),
    };
  }

  #connected({ peer, height, validator }: ConnectedPeer): void {
    const expected = this.tip.validators.validators.find(({ peerId }) => peerId === peer);
    if (expected !== undefined && validator !== undefined && !equalBytes(expected.address, validator)) {
      this.cut(peer, 'a peer with the key of another validator than the chain names for it');
      return;
    }
    this.#options.report({ type: 'peerConnected', peer, height, validator });
    this.#runtime.connect(peer);
    this.#runtime.announce({ peer });
    this.#exchange.claimed(peer, height);
    this.#options.transactions.connected(peer);
  }

  #noteUnlinked(peer: string): void {
    const validator = this.tip.validators.validators.find(({ peerId }) => peerId === peer);
    if (validator !== undefined) this.#lastLinkedMs.set(encodeHex(validator.address), systemClock.wallMs());
  }

  #received(peer: string, channel: Channel, bytes: Uint8Array): void {
    if (channel === 'transactions') {
      this.#options.transactions.received(peer, bytes);
      return;
    }
    const decoded = decodeConsensusMessage(bytes);
    if ('refusal' in decoded) {
      this.cut(peer, decoded.refusal);
      return;
    }
    const { message } = decoded;
    // Blocks and bodies travel in requests and answers alone: nobody has to look at what nobody asked for.
    if (message.type === 'blocksRequest' || message.type === 'blocks' || message.type === 'bodyRequest' || message.type === 'body') return;
    this.#runtime.receive(peer, message);
    if (message.type === 'status') this.#heardOf(peer, message.status.height);
  }

  /** A peer says which height it is deciding. */
  #heardOf(peer: string, deciding: number): void {
    const height = deciding - 1;
    if (height < 0) return;
    this.#exchange.claimed(peer, height);
    if (height < this.height) this.#announce(peer);
  }

  /** Tells a peer which heights there are to fetch, unless it was told just now. */
  #announce(peer: string): void {
    const nowMs = performance.now();
    if ((this.#announcedMs.get(peer) ?? Number.NEGATIVE_INFINITY) + ANNOUNCE_INTERVAL_MS > nowMs) return;
    this.#announcedMs.set(peer, nowMs);
    this.#runtime.announce({ peer });
  }

  #createExchange(): BlockExchange {
    const { cryptography } = this.#options;
    return new BlockExchange({
      monotonicMs: () => performance.now(),
      schedule: systemClock.schedule,
      committedHeight: () => this.height,
      request: (peer, request, done) => this.#transport.request(peer, request, done),
      decidedBlock: this.#chain.decidedBlock,
      applyBlock: ({ certificate, body }) => this.#runtime.receiveDecidedBlock(certificate, body),
      bodyFound: (peer, height, body) => this.#runtime.receive(peer, { type: 'body', height, body }),
      bodyOf: (height, hash) => (height === this.height + 1 ? this.#runtime.bodyOf(hash) : this.#committedBody(height, hash)),
      hashOf: (body) => inspectBody(cryptography, body)?.blockHash,
      cut: this.cut,
    });
  }

  #committedBody(height: number, hash: Uint8Array): Uint8Array | undefined {
    const decided = this.#chain.decidedBlock(height);
    return decided !== undefined && equalBytes(decided.blockHash, hash) ? decided.body : undefined;
  }

  /** The chain, with what is to be told of it. */
  #watchedChain(): RuntimeChain {
    const chain = this.#chain;
    const { report } = this.#options;
    return {
      tip: chain.tip,
      inspect: chain.inspect,
      hasWork: chain.hasWork,
      decidedBlock: chain.decidedBlock,
      build: (request, done) => {
        const beganMs = performance.now();
        chain.build(request, (outcome) => {
          report({ type: 'executed', height: request.height, durationMs: performance.now() - beganMs, built: true });
          done(outcome);
        });
      },
      validate: (block, body, done) => {
        const beganMs = performance.now();
        chain.validate(block, body, (verdict) => {
          report({ type: 'executed', height: this.height + 1, durationMs: performance.now() - beganMs, built: false });
          done(verdict);
        });
      },
      commit: (block, done) => {
        const beganMs = performance.now();
        const before = this.tip.validators;
        chain.commit(block, () => {
          this.#committed(block, performance.now() - beganMs);
          done();
          this.#exchange.committed();
          for (const { peer } of this.#transport.peers()) this.#announce(peer);
          if (!haveSameNodes(before, this.tip.validators)) this.#admitMembers();
        });
      },
      reportEvidence: (evidence) => {
        report({ type: 'equivocation', validator: accusedOf(evidence), height: evidence.first.height });
        chain.reportEvidence(evidence);
      },
    };
  }

  /** Told where it begins: a node that catches up after the loss of its data follows thousands of heights in a row. */
  #forbidden(height: number, reason: string): void {
    if (this.#forbiddenHeight !== height - 1) this.#options.report({ type: 'signingForbidden', height, reason });
    this.#forbiddenHeight = height;
  }

  #committed({ height, blockHash, body, certificate }: DecidedBlock, durationMs: number): void {
    const block = this.#chain.lastCommitted;
    assertInvariant(block !== undefined, 'a block was committed');
    const { stateRoot, timestampMs, proposer } = block.header;
    const { round } = certificate;
    const transactions = block.transactions.length;
    this.#options.report({
      type: 'committed',
      ...{ height, blockHash, stateRoot, timestampMs, proposer, round, transactions, bytes: body.length, durationMs },
    });
  }

  #peersOf(validators: readonly Address[]): readonly string[] {
    return this.#transport
      .peers()
      .filter(({ validator }) => validator !== undefined && validators.some((each) => equalBytes(each, validator)))
      .map(({ peer }) => peer);
  }

  #admitMembers(): void {
    const { peers = [], report } = this.#options;
    const members = networkMembers(this.tip.validators, peers, this.#transport.peer);
    for (const reason of this.#transport.admit(members)) report({ type: 'memberUnusable', reason });
  }

  #halt(reason: string): void {
    if (this.#haltReason !== undefined || this.#isStopped) return;
    this.#haltReason = reason;
    this.#runtime.stop();
    this.#options.report({ type: 'halted', reason });
  }
}
