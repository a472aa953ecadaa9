import { createHash } from 'node:crypto';
import type { SignRequest } from '@mutual-chain/consensus';
import {
  ConsensusRuntime,
  type DecidedBlock,
  type DecidingMessage,
  decodeConsensusMessage,
  type InspectedBody,
  type LogRecord,
  type LogRecordKind,
  type RuntimeChain,
  type Signer,
} from '@mutual-chain/node';
import {
  type Address,
  advanceHeight,
  type BlockHash,
  blockHashFrom,
  type CommitCertificate,
  consensusDigest,
  DEFAULT_PARAMETERS,
  encodeHex,
  type GenesisHash,
  inSetOrder,
  keyPairOf,
  privateKeyFrom,
  referenceCryptography,
  signatureFrom,
  type Validator,
  type ValidatorSet,
} from '@mutual-chain/protocol';

/*
 * Validators in one process, over ports that remember everything: a clock that is moved by hand, links that lose nothing, logs that know what
 * is durable. Bodies are 40 bytes: height, time, proposer.
 */

const GENESIS_HASH = new Uint8Array(32).fill(7) as GenesisHash;
const BODY_BYTES = 40;

/** What a node said and did, in order. */
export type Deed =
  | { readonly type: 'synced' }
  | { readonly type: 'signed'; readonly request: SignRequest; readonly unsynced: number }
  | { readonly type: 'sent'; readonly message: DecidingMessage['type']; readonly unsynced: number };

/** One validator: its durable things, and its runtime while it is up. */
export class MemoryNode {
  readonly index: number;
  readonly key: ReturnType<typeof keyPairOf>;
  readonly chain: DecidedBlock[] = [];
  readonly deeds: Deed[] = [];
  durable: LogRecord<LogRecordKind>[] = [];
  pending: LogRecord<LogRecordKind>[] = [];
  logHeight = 0;
  lastSign: SignRequest | undefined;
  runtime: ConsensusRuntime | undefined;
  halted: string | undefined;
  forbidden: string[] = [];
  /** What this node finds when it executes a block of another. */
  judge: (blockHash: BlockHash) => { readonly valid: boolean; readonly reason: string } = () => ({ valid: true, reason: '' });

  constructor(index: number) {
    this.index = index;
    this.key = keyPairOf(privateKeyFrom(new Uint8Array(32).fill(index + 1)));
  }
}

type Event = { readonly atMs: number; readonly order: number; readonly run: () => void };

/** A cluster under virtual time. */
export class MemoryCluster {
  readonly nodes: readonly MemoryNode[];
  readonly #validators: ValidatorSet[];
  readonly #events: Event[] = [];
  #order = 0;
  nowMs = 1_000_000;

  constructor(count: number) {
    this.nodes = Array.from({ length: count }, (_, index) => new MemoryNode(index));
    const validators = this.nodes.map(({ key }): Validator => {
      const { publicKey, address } = key;
      return { publicKey, address, power: 1n, priority: 0n, operator: address, peerId: '', addresses: '' };
    });
    this.#validators = [{ validators: inSetOrder(validators) }];
  }

  /** Starts a node from what is durable, and links it to all that are up. */
  start(node: MemoryNode): void {
    const runtime = new ConsensusRuntime({
      cryptography: referenceCryptography,
      genesisHash: GENESIS_HASH,
      clock: { wallMs: () => this.nowMs, schedule: (delayMs, run) => this.#schedule(delayMs, run) },
      transport: {
        send: (peer, bytes) => this.#send(node, this.nodes[Number(peer)] as MemoryNode, bytes),
        cut: (peer, reason) => {
          throw new Error(`${node.index} cuts ${peer}: ${reason}`);
        },
      },
      log: {
        recordsOf: (height) => (height === node.logHeight ? node.durable : []),
        startHeight: (height) => {
          if (height === node.logHeight) return;
          node.logHeight = height;
          node.durable = [];
          node.pending = [];
        },
        append: (kind, payload) => void node.pending.push({ kind, payload }),
        sync: () => {
          node.durable.push(...node.pending);
          node.pending = [];
          node.deeds.push({ type: 'synced' });
        },
      },
      signer: this.#signerOf(node),
      chain: this.#chainOf(node),
      halted: (reason) => {
        node.halted = reason;
      },
      signingForbidden: (height, reason) => void node.forbidden.push(`${height}: ${reason}`),
    });
    node.runtime = runtime;
    runtime.start();
    for (const other of this.nodes) {
      if (other === node || other.runtime === undefined) continue;
      runtime.connect(String(other.index));
      other.runtime.connect(String(node.index));
    }
  }

  /** Ends a node as by loss of power: what is not synchronised is gone. */
  kill(node: MemoryNode): void {
    node.runtime?.stop();
    node.runtime = undefined;
    node.pending = [];
    for (const other of this.nodes) other.runtime?.disconnect(String(node.index));
  }

  /** Runs events until the condition holds, or time is up: then false. */
  runUntil(condition: () => boolean, forMs = 120_000): boolean {
    const endMs = this.nowMs + forMs;
    while (!condition()) {
      const event = this.#events.shift();
      if (event === undefined || event.atMs > endMs) return false;
      this.nowMs = event.atMs;
      event.run();
    }
    return true;
  }

  #schedule(delayMs: number, run: () => void): () => void {
    const event: Event = { atMs: this.nowMs + delayMs, order: this.#order++, run };
    const at = this.#events.findIndex((each) => each.atMs > event.atMs);
    if (at === -1) this.#events.push(event);
    else this.#events.splice(at, 0, event);
    return () => {
      const index = this.#events.indexOf(event);
      if (index !== -1) this.#events.splice(index, 1);
    };
  }

  #send(from: MemoryNode, to: MemoryNode, bytes: Uint8Array): void {
    const decoded = decodeConsensusMessage(bytes);
    if (!('message' in decoded)) throw new Error(decoded.refusal);
    const message = decoded.message as DecidingMessage;
    from.deeds.push({ type: 'sent', message: message.type, unsynced: from.pending.length });
    const { runtime } = from;
    this.#schedule(3, () => {
      // What was under way when its sender was killed is lost.
      if (from.runtime === runtime) to.runtime?.receive(String(from.index), message);
    });
  }

  #signerOf(node: MemoryNode): Signer {
    return {
      address: node.key.address,
      lastSign: () => node.lastSign,
      sign: (request, done) => {
        node.lastSign = request;
        node.deeds.push({ type: 'signed', request, unsynced: node.pending.length });
        const digest = consensusDigest(referenceCryptography, GENESIS_HASH, request);
        const signature = signatureFrom(referenceCryptography.sign(digest, node.key.privateKey));
        done({
          ok: true,
          message:
            request.kind === 'proposal'
              ? { ...request, proposer: node.key.address, signature }
              : { ...request, validator: node.key.address, signature },
        });
      },
    };
  }

  #chainOf(node: MemoryNode): RuntimeChain {
    return {
      tip: () => {
        const last = node.chain.at(-1);
        const height = node.chain.length;
        const timestampMs = last === undefined ? 0 : readBody(last.body).timestampMs;
        return {
          height,
          timestampMs,
          validators: this.#setAt(height),
          nextValidators: this.#setAt(height + 1),
          timing: DEFAULT_PARAMETERS,
        };
      },
      inspect: (body) => (body.length === BODY_BYTES ? readBody(body) : undefined),
      hasWork: () => true,
      build: ({ height, proposer, timestampMs }, done) => {
        const body = writeBody(height, timestampMs, proposer);
        const { blockHash } = readBody(body);
        done({ ok: true, block: { blockHash, proposer, timestampMs }, body });
      },
      validate: ({ blockHash }, _body, done) => done(node.judge(blockHash)),
      commit: (block, done) => {
        this.#schedule(1, () => {
          if (node.runtime === undefined) return;
          node.chain.push(block);
          done();
        });
      },
      decidedBlock: (height) => node.chain[height - 1],
      reportEvidence: () => {
        throw new Error('nobody equivocates here');
      },
    };
  }

  #setAt(height: number): ValidatorSet {
    while (this.#validators.length <= height) this.#validators.push(advanceHeight(this.#validators.at(-1) as ValidatorSet));
    return this.#validators[height] as ValidatorSet;
  }
}

/** What a node has decided, as text. */
export function decisionsOf({ chain }: MemoryNode): readonly string[] {
  return chain.map(({ height, blockHash }) => `${height} ${encodeHex(blockHash).slice(0, 10)}`);
}

/** A certificate with which a lagging node can be served. */
export function decidedAt(node: MemoryNode, height: number): { readonly certificate: CommitCertificate; readonly body: Uint8Array } {
  const block = node.chain[height - 1];
  if (block === undefined) throw new Error(`nothing is decided at height ${height}`);
  return block;
}

function writeBody(height: number, timestampMs: number, proposer: Address): Uint8Array {
  const body = new Uint8Array(BODY_BYTES);
  const view = new DataView(body.buffer);
  view.setBigUint64(0, BigInt(height));
  view.setBigUint64(8, BigInt(timestampMs));
  body.set(proposer, 16);
  return body;
}

function readBody(body: Uint8Array): InspectedBody {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const blockHash: BlockHash = blockHashFrom(new Uint8Array(createHash('sha256').update(body).digest()));
  return {
    blockHash,
    height: Number(view.getBigUint64(0)),
    timestampMs: Number(view.getBigUint64(8)),
    proposer: body.slice(16, 36) as Address,
  };
}
