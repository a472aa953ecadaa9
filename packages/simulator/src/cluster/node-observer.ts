import type { ConsensusState, SignRequest } from '@mutual-chain/consensus';
import type { DecidedBlock, LogIncident } from '@mutual-chain/node';
import type { BlockHash, CommitCertificate, ConsensusProposal, Evidence, Vote } from '@mutual-chain/protocol';
import type { CommittedFacts } from '../chain/simulated-chain.ts';
import type { PoolObserver } from '../checkers/pool-checker.ts';
import type { EndOfRun } from '../disk/simulated-disk.ts';

/** Told of everything that a node does: what checkers look at. */
export type NodeObserver<Node> = {
  readonly booted: (node: Node) => void;
  /** A node could not start. */
  readonly bootFailed: (node: Node, error: unknown) => void;
  readonly ended: (node: Node, how: EndOfRun) => void;
  /** The runtime gave up. */
  readonly halted: (node: Node, reason: string) => void;
  /** The signer is asked while so many records of the log are not durable. */
  readonly signRequested: (node: Node, request: SignRequest, unsynced: number) => void;
  /** The signer signed, or gave the signature that it had given for the same before. */
  readonly signed: (node: Node, message: Vote | ConsensusProposal, isRepeated: boolean) => void;
  readonly refused: (node: Node, request: SignRequest, reason: string) => void;
  /** A message leaves the node while so many records of the log are not durable. */
  readonly sent: (node: Node, bytes: Uint8Array, unsynced: number) => void;
  readonly committed: (node: Node, block: DecidedBlock, facts: CommittedFacts) => void;
  /** A decided block of a peer was taken, with this certificate; `blockHash` is that of its body, undefined if it is none. */
  readonly decidedTaken: (node: Node, certificate: CommitCertificate, blockHash: BlockHash | undefined) => void;
  readonly cut: (node: Node, peer: number, reason: string) => void;
  readonly evidenceReported: (node: Node, evidence: Evidence) => void;
  readonly signingForbidden: (node: Node, height: number, reason: string) => void;
  readonly logIncident: (node: Node, incident: LogIncident) => void;
  /** A node replayed its log: what it knew of the height when that log was last made durable, and what it knows now. */
  readonly replayed: (node: Node, before: ConsensusState, after: ConsensusState) => void;
  /** Who watches the mempool of a run of the node. */
  readonly poolOf: (node: Node) => PoolObserver;
  /** A node did some work and is in this state now. */
  readonly worked: (node: Node) => void;
};
