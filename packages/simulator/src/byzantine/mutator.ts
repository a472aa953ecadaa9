import { type ConsensusMessage, decodeConsensusMessage, encodeConsensusMessage } from '@mutual-chain/node';
import {
  type BlockHash,
  type ConsensusProposal,
  type Cryptography,
  consensusDigest,
  equalBytes,
  type GenesisHash,
  type Signature,
  type SignedStatement,
  type Vote,
  type VoteKind,
} from '@mutual-chain/protocol';
import type { SimpleContext } from '../chain/execute-simple-block.ts';
import type { SimpleStore } from '../chain/simple-chain.ts';
import type { Interceptor } from '../cluster/simulated-node.ts';
import type { SimulatedKey } from '../cryptography/mac-cryptography.ts';
import type { Mutation } from '../faults/simulation-options.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { FORGERIES, type ForgedBlock, type Forgery, forgeBlock } from './forge-block.ts';

/** What a faulty node knows and can do. */
export type MutatorOptions = {
  readonly key: SimulatedKey;
  readonly cryptography: Cryptography;
  readonly genesisHash: GenesisHash;
  readonly mutations: readonly Mutation[];
  readonly random: RandomStream;
  readonly nowMs: () => number;
  /** What it takes to forge blocks; undefined where they cannot be forged. */
  readonly forging: { readonly context: SimpleContext; readonly store: SimpleStore } | undefined;
  /** Called for every message that no honest node would have sent. */
  readonly counted: () => void;
};

const REMEMBERED_MAX = 200;
const FLOOD_MESSAGES = 24;
const SEEN_HASHES_MAX = 16;

/** Says something else than the runtime behind it, as its mutations have it, with good signatures of its own key. */
export class Mutator implements Interceptor {
  readonly #options: MutatorOptions;
  readonly #remembered: Uint8Array[] = [];
  #seen: BlockHash[] = [];
  /** A second block for each place that it proposes at, so that it is the same for all who get it. */
  readonly #forged = new Map<string, ForgedBlock>();
  #place = { height: 1, round: 0 };

  constructor(options: MutatorOptions) {
    this.#options = options;
  }

  readonly incoming = (_: number, message: ConsensusMessage): boolean => {
    if (message.type === 'proposal') this.#saw(message.proposal.blockHash, message.proposal.height, message.proposal.round);
    if (message.type === 'votes') for (const vote of message.votes) this.#saw(vote.blockHash, vote.height, vote.round);
    this.#remember(encodeConsensusMessage(message));
    return !(message.type === 'bodyRequest' && this.#has('withholdBodies'));
  };

  readonly outgoing = (peer: number, bytes: Uint8Array): readonly Uint8Array[] => {
    const { random, counted } = this.#options;
    this.#remember(bytes);
    if (this.#has('silence') && random.chance(700)) {
      counted();
      return [];
    }
    const decoded = decodeConsensusMessage(bytes);
    if ('refusal' in decoded) return [bytes];
    const changed = this.#change(peer, decoded.message);
    const said = changed === decoded.message ? [bytes] : changed === undefined ? [] : [encodeConsensusMessage(changed)];
    if (changed !== decoded.message) counted();
    const added = this.#additions();
    for (const _ of added) counted();
    return [...said, ...added];
  };

  /** What is said in place of a message; undefined: nothing. */
  #change(peer: number, message: ConsensusMessage): ConsensusMessage | undefined {
    const { random } = this.#options;
    switch (message.type) {
      case 'votes':
        return this.#has('equivocateVotes') ? { type: 'votes', votes: message.votes.map((vote) => this.#otherVote(peer, vote)) } : message;
      case 'proposal':
        return this.#changeProposal(peer, message);
      case 'status': {
        if (!this.#has('falseHeights')) return message;
        const height = Math.max(0, message.status.height + random.pick([-3, -1, 1, 5, 1000, 1_000_000]));
        return { type: 'status', status: { ...message.status, height } };
      }
      case 'blocks':
        return this.#has('lyingSync') ? this.#lie(message) : message;
      case 'body':
        if (this.#has('withholdBodies')) return undefined;
        return this.#has('lyingSync') && random.chance(300) ? { ...message, body: message.body.map((byte) => byte ^ 1) } : message;
      case 'bodyRequest':
      case 'blocksRequest':
        return message;
    }
  }

  #otherVote(peer: number, vote: Vote): Vote {
    const { key, random } = this.#options;
    if (!equalBytes(vote.validator, key.address) || peer % 2 === 0) return vote;
    const others = this.#seen.filter((hash) => vote.blockHash === undefined || !equalBytes(hash, vote.blockHash));
    const blockHash = vote.blockHash !== undefined && random.chance(500) ? undefined : others.length > 0 ? random.pick(others) : undefined;
    return this.#vote(vote.kind, vote.height, vote.round, blockHash);
  }

  #changeProposal(peer: number, message: Extract<ConsensusMessage, { type: 'proposal' }>): ConsensusMessage | undefined {
    const { random, key } = this.#options;
    const { proposal } = message;
    if (!equalBytes(proposal.proposer, key.address)) return message;
    const { height, round, validRound } = proposal;
    if (this.#has('withholdBodies') && random.chance(600)) return undefined;
    if (this.#has('staleProofOfLock') && round > 0 && random.chance(600)) {
      const stale = this.#proposal(height, round, random.below(round), proposal.blockHash);
      return { type: 'proposal', proposal: stale, body: message.body };
    }
    const forgery = this.#has('invalidBlocks')
      ? random.pick([...FORGERIES.slice(1), 'proposer', 'proposer', 'proposer'] as const)
      : this.#has('equivocateProposals') && peer % 2 === 1
        ? 'nothing'
        : undefined;
    if (forgery === undefined || validRound >= 0) return message;
    const forged = this.#forge(height, round, forgery);
    if (forged === undefined) return message;
    return { type: 'proposal', proposal: this.#proposal(height, round, -1, forged.blockHash), body: forged.body };
  }

  #forge(height: number, round: number, forgery: Forgery): ForgedBlock | undefined {
    const { forging, key, nowMs, random } = this.#options;
    const name = `${height} ${round} ${forgery}`;
    const known = this.#forged.get(name);
    const before = forging?.store.states[height - 1];
    if (known !== undefined || forging === undefined || before === undefined) return known;
    const forged = forgeBlock(forging.context, before, key.address, nowMs() - 1, forgery, random);
    this.#forged.set(name, forged);
    if (this.#forged.size > SEEN_HASHES_MAX) this.#forged.delete([...this.#forged.keys()][0] ?? '');
    return forged;
  }

  #lie(message: Extract<ConsensusMessage, { type: 'blocks' }>): ConsensusMessage | undefined {
    const { random } = this.#options;
    const [first] = message.blocks;
    if (first === undefined) return message;
    const { certificate, body } = first;
    switch (random.below(7)) {
      case 0:
        return undefined;
      case 1:
        return { ...message, blocks: [{ certificate: { ...certificate, signatures: certificate.signatures.slice(1) }, body }] };
      case 2:
        return { ...message, blocks: [{ certificate, body: body.map((byte, at) => (at === body.length - 1 ? byte ^ 1 : byte)) }] };
      case 3:
        return { ...message, blocks: [{ certificate: { ...certificate, round: certificate.round + 1 }, body }] };
      case 4:
        return { ...message, blocks: message.blocks.toReversed() };
      case 5: {
        // A block of that height which nobody decided, and which is none the worse for that.
        const other = this.#forge(certificate.height, certificate.round, 'nothing');
        return { ...message, blocks: other === undefined ? [] : [{ certificate, body: other.body }] };
      }
      default:
        return { ...message, blocks: [] };
    }
  }

  /** What is said beside. */
  #additions(): readonly Uint8Array[] {
    const { random } = this.#options;
    const { height, round } = this.#place;
    const added: Uint8Array[] = [];
    const votes = (list: readonly Vote[]): number => added.push(encodeConsensusMessage({ type: 'votes', votes: list }));
    if (this.#has('wrongRounds') && random.chance(500)) {
      const wrong = Math.max(0, round + random.pick([-2, -1, 0, 0, 0, 0, 1, 1, 2, 5]));
      votes([this.#vote(random.pick(['prevote', 'precommit']), height, wrong, this.#anyHash())]);
      const forged = this.#forge(height, wrong, 'nothing');
      if (forged !== undefined)
        added.push(
          encodeConsensusMessage({ type: 'proposal', proposal: this.#proposal(height, wrong, -1, forged.blockHash), body: forged.body }),
        );
    }
    if (this.#has('voteForAnything') && random.chance(300))
      votes((['prevote', 'precommit'] as const).map((kind) => this.#vote(kind, height, round, this.#anyHash())));
    if (this.#has('floods') && random.chance(40))
      votes(
        Array.from({ length: FLOOD_MESSAGES }, () =>
          this.#vote(random.pick(['prevote', 'precommit']), height + random.below(2), random.below(200), random.bytes(32) as BlockHash),
        ),
      );
    if (this.#has('replays') && random.chance(250) && this.#remembered.length > 0) added.push(random.pick(this.#remembered));
    if (this.#has('garbage') && random.chance(10)) added.push(random.bytes(random.below(300)));
    return added;
  }

  #anyHash(): BlockHash | undefined {
    const { random } = this.#options;
    return random.chance(150) || this.#seen.length === 0 ? undefined : random.pick(this.#seen);
  }

  #saw(blockHash: BlockHash | undefined, height: number, round: number): void {
    if (height > this.#place.height || (height === this.#place.height && round > this.#place.round)) {
      if (height > this.#place.height) this.#seen = [];
      this.#place = { height, round };
    }
    if (blockHash === undefined || height !== this.#place.height || this.#seen.some((each) => equalBytes(each, blockHash))) return;
    this.#seen = [...this.#seen.slice(-SEEN_HASHES_MAX), blockHash];
  }

  #remember(bytes: Uint8Array): void {
    if (!this.#has('replays')) return;
    if (this.#remembered.length < REMEMBERED_MAX) this.#remembered.push(bytes);
    else this.#remembered[this.#options.random.below(REMEMBERED_MAX)] = bytes;
  }

  #has(mutation: Mutation): boolean {
    return this.#options.mutations.includes(mutation);
  }

  #vote(kind: VoteKind, height: number, round: number, blockHash: BlockHash | undefined): Vote {
    return {
      kind,
      height,
      round,
      blockHash,
      validator: this.#options.key.address,
      signature: this.#sign({ kind, height, round, blockHash }),
    };
  }

  #proposal(height: number, round: number, validRound: number, blockHash: BlockHash): ConsensusProposal {
    const signature = this.#sign({ kind: 'proposal', height, round, validRound, blockHash });
    return { height, round, validRound, blockHash, proposer: this.#options.key.address, signature };
  }

  #sign(statement: SignedStatement): Signature {
    const { cryptography, genesisHash, key } = this.#options;
    return cryptography.sign(consensusDigest(cryptography, genesisHash, statement), key.privateKey) as Signature;
  }
}
