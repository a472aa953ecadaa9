import type { ConsensusState, SignRequest } from '@mutual-chain/consensus';
import type { DecidedBlock, LogIncident } from '@mutual-chain/node';
import type { ConsensusProposal, Evidence, Vote } from '@mutual-chain/protocol';
import type { CommittedFacts } from '../chain/simulated-chain.ts';
import type { EndOfRun } from '../disk/simulated-disk.ts';
import type { SimulatedNode } from './simulated-node.ts';

/** Told of everything that a node does: what checkers look at. */
export type NodeObserver = {
  readonly booted: (node: SimulatedNode) => void;
  /** A node could not start. */
  readonly bootFailed: (node: SimulatedNode, error: unknown) => void;
  readonly ended: (node: SimulatedNode, how: EndOfRun) => void;
  /** The runtime gave up. */
  readonly halted: (node: SimulatedNode, reason: string) => void;
  /** The signer is asked while so many records of the log are not durable. */
  readonly signRequested: (node: SimulatedNode, request: SignRequest, unsynced: number) => void;
  readonly signed: (node: SimulatedNode, message: Vote | ConsensusProposal) => void;
  readonly refused: (node: SimulatedNode, request: SignRequest, reason: string) => void;
  /** A message leaves the node while so many records of the log are not durable. */
  readonly sent: (node: SimulatedNode, bytes: Uint8Array, unsynced: number) => void;
  readonly committed: (node: SimulatedNode, block: DecidedBlock, facts: CommittedFacts) => void;
  readonly cut: (node: SimulatedNode, peer: number, reason: string) => void;
  readonly evidenceReported: (node: SimulatedNode, evidence: Evidence) => void;
  readonly signingForbidden: (node: SimulatedNode, height: number, reason: string) => void;
  readonly logIncident: (node: SimulatedNode, incident: LogIncident) => void;
  /** A node replayed its log: what it knew of the height when that log was last made durable, and what it knows now. */
  readonly replayed: (node: SimulatedNode, before: ConsensusState, after: ConsensusState) => void;
  /** A node did some work and is in this state now. */
  readonly worked: (node: SimulatedNode) => void;
};
