import type { DecidedBlock, RuntimeChain } from '@mutual-chain/node';
import type { BlockHash, ValidatorSet } from '@mutual-chain/protocol';

/** What checkers get to know of a committed block. */
export type CommittedFacts = {
  readonly height: number;
  readonly stateRoot: Uint8Array;
  /** Validators of the next height. */
  readonly validators: ValidatorSet;
};

/** A chain in the simulation: what the runtime uses, and what the world does with it. */
export type SimulatedChain = RuntimeChain & {
  /** A transaction arrives at the node. */
  readonly submit: (bytes: Uint8Array) => void;
  /** The node prevoted a block. */
  readonly prevoted: (height: number, blockHash: BlockHash) => void;
  /** The first length in memory that is above its limit, in words. */
  readonly overflow: () => string | undefined;
  /** Ends a run of the node in the middle of whatever it does; a commit under way becomes durable or not. */
  readonly endRun: () => void;
  /** Pieces of evidence that wait for a block. */
  readonly waitingEvidence: () => number;
};

/** Told of every block that a chain commits. */
export type CommitObserver = (block: DecidedBlock, facts: CommittedFacts) => void;
