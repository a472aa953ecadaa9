import { ConsensusRuntime, type ConsensusRuntimeOptions, type DecidingMessage, type InspectedBody } from '@mutual-chain/node';
import {
  type Address,
  advanceHeight,
  type BlockHash,
  blockHashFrom,
  type ConsensusProposal,
  type Cryptography,
  consensusDigest,
  DEFAULT_PARAMETERS,
  equalBytes,
  type GenesisHash,
  inSetOrder,
  keyPairOf,
  privateKeyFrom,
  proposerAt,
  referenceCryptography,
  signatureFrom,
  type Validator,
  type ValidatorSet,
  type Vote,
} from '@mutual-chain/protocol';

/*
 * One runtime, whose ports a test has in its hands: signatures and hashes of bodies are counted, timers run when the test says so. The body
 * of a block is its hash and the byte of its height, so that a test can make bodies that fit and bodies that do not.
 */

const GENESIS_HASH = new Uint8Array(32).fill(7) as GenesisHash;
const keys = [1, 2, 3, 4].map((fill) => keyPairOf(privateKeyFrom(new Uint8Array(32).fill(fill))));
const first: ValidatorSet = {
  validators: inSetOrder(
    keys.map(
      ({ publicKey, address }): Validator => ({
        publicKey,
        address,
        power: 1n,
        priority: 0n,
        operator: address,
        peerId: '',
        addresses: '',
      }),
    ),
  ),
};
const setAt = (height: number): ValidatorSet => (height <= 1 ? first : advanceHeight(setAt(height - 1)));

export type Timer = { readonly dueMs: number; readonly run: () => void };

/** The validator whose turn it is in round 0 of a height. */
export function proposerOf(height: number): Address {
  return proposerAt(setAt(height), 0).address;
}

/** The address of a validator. */
export function addressOf(index: number): Address {
  return (keys[index] as (typeof keys)[number]).address;
}

export function hashOf(fill: number): BlockHash {
  return blockHashFrom(new Uint8Array(32).fill(fill));
}

/** The body of a block. */
export function bodyOf(fill: number, height = 1): Uint8Array {
  return new Uint8Array([...hashOf(fill), height]);
}

/** A vote with a good signature. */
export function voteOf(signer: Address, height: number, round: number, fill: number | undefined, kind: Vote['kind'] = 'prevote'): Vote {
  const request = { kind, height, round, blockHash: fill === undefined ? undefined : hashOf(fill) } as const;
  return { ...request, validator: signer, signature: signed(signer, consensusDigest(referenceCryptography, GENESIS_HASH, request)) };
}

/** A proposal with a good signature. */
export function proposalOf(signer: Address, height: number, round: number, fill: number): ConsensusProposal {
  const request = { kind: 'proposal', height, round, validRound: -1, blockHash: hashOf(fill) } as const;
  const { kind: _kind, ...rest } = request;
  return { ...rest, proposer: signer, signature: signed(signer, consensusDigest(referenceCryptography, GENESIS_HASH, request)) };
}

function signed(signer: Address, digest: Uint8Array): Vote['signature'] {
  const key = keys.find(({ address }) => equalBytes(address, signer));
  if (key === undefined) throw new Error('no validator');
  return signatureFrom(referenceCryptography.sign(digest, key.privateKey));
}

/** A runtime at height 1. */
export class OneRuntime {
  nowMs = 1_000_000;
  /** Time of the block before the height. */
  parentMs = 0;
  verified = 0;
  inspected = 0;
  built = 0;
  sent = 0;
  readonly cuts: string[] = [];
  readonly halted: string[] = [];
  readonly timers = new Set<Timer>();
  readonly runtime: ConsensusRuntime;

  /** `own`: the validator that this node is; undefined for a node that follows. `bodies`: who looks for bodies, if anybody does. */
  constructor(own?: Address, bodies?: ConsensusRuntimeOptions['bodies']) {
    this.runtime = new ConsensusRuntime({
      cryptography: this.#cryptography(),
      genesisHash: GENESIS_HASH,
      clock: { wallMs: () => this.nowMs, schedule: (delayMs, run) => this.#schedule(delayMs, run) },
      transport: { send: () => void this.sent++, cut: (peer, reason) => void this.cuts.push(`${peer}: ${reason}`) },
      log: { startHeight: () => undefined, recordsOf: () => [], append: () => undefined, sync: () => undefined },
      signer: own === undefined ? undefined : { address: own, lastSign: () => undefined, sign: () => undefined },
      chain: {
        tip: () => ({ height: 0, timestampMs: this.parentMs, validators: setAt(1), nextValidators: setAt(2), timing: DEFAULT_PARAMETERS }),
        inspect: (body) => this.#inspect(body),
        hasWork: () => own !== undefined,
        build: () => void this.built++,
        validate: () => undefined,
        commit: () => undefined,
        decidedBlock: () => undefined,
        reportEvidence: () => undefined,
      },
      halted: (reason) => void this.halted.push(reason),
      ...(bodies === undefined ? {} : { bodies }),
    });
  }

  /** A follower that has begun its height. */
  static started(): OneRuntime {
    const one = new OneRuntime();
    one.runtime.start();
    one.runtime.connect('peer');
    return one;
  }

  votes(votes: readonly Vote[], peer = 'peer'): void {
    this.receive({ type: 'votes', votes }, peer);
  }

  proposal(proposal: ConsensusProposal, body: Uint8Array, peer = 'peer'): void {
    this.receive({ type: 'proposal', proposal, body }, peer);
  }

  receive(message: DecidingMessage, peer = 'peer'): void {
    this.runtime.receive(peer, message);
  }

  /** Lets time pass, and runs out the timers that are due by then, in order. */
  pass(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.timers) if (timer.dueMs <= endMs && (next === undefined || timer.dueMs < next.dueMs)) next = timer;
      if (next === undefined) break;
      this.timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
    }
    this.nowMs = endMs;
  }

  #schedule(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.nowMs + delayMs, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  #inspect(body: Uint8Array): InspectedBody | undefined {
    this.inspected++;
    if (body.length !== 33) return undefined;
    const height = body[32] ?? 0;
    return { blockHash: blockHashFrom(body.slice(0, 32)), height, timestampMs: 0, proposer: proposerOf(height) };
  }

  #cryptography(): Cryptography {
    return {
      ...referenceCryptography,
      verifySignature: (...call) => {
        this.verified++;
        return referenceCryptography.verifySignature(...call);
      },
    };
  }
}
