import type { BlockFacts, ConsensusTiming } from '@mutual-chain/consensus';
import type { Address, BlockHash, CommitCertificate, Evidence, ValidatorSet } from '@mutual-chain/protocol';
import type { WriteAheadLog } from '../wal/write-ahead-log.ts';

/*
 * What the consensus runtime needs from the machine around it. Everything answers at once or through a callback, so that the same runtime
 * works on real disks and sockets and in a simulated world under virtual time. No port keeps a callback that will never be called, except
 * when the node stops.
 */

/** Time. */
export type RuntimeClock = {
  /** Wall clock, ms since 1970: for the times of blocks and of arrival. */
  readonly wallMs: () => number;
  /** Runs something after a delay on the monotonic clock; the result cancels it. */
  readonly schedule: (delayMs: number, run: () => void) => () => void;
};

/** Links to other nodes. Whatever is sent may be lost; queues are bounded by whoever implements this. */
export type RuntimeTransport = {
  /** Sends bytes to one peer. */
  readonly send: (peer: string, message: Uint8Array) => void;
  /** Ends the link to a peer that broke the rules. */
  readonly cut: (peer: string, reason: string) => void;
};

/** What a record of the log is: an input of consensus, or the body of a block that later inputs name. */
export type LogRecordKind = 'input' | 'body';

/** The write-ahead log of the height being decided. */
export type RuntimeLog = Pick<WriteAheadLog<LogRecordKind>, 'startHeight' | 'recordsOf' | 'append' | 'sync'>;

/** Where the chain stands after the last committed block. */
export type ChainTip = {
  readonly height: number;
  readonly timestampMs: number;
  /** Validators of the next height. */
  readonly validators: ValidatorSet;
  /** Validators of the height after the next, where they are known already. */
  readonly nextValidators: ValidatorSet | undefined;
  /** Timing in force at the next height. */
  readonly timing: ConsensusTiming;
};

/** A body that is well-formed and that its header commits to. Whether it is valid is for execution to say. */
export type InspectedBody = BlockFacts & { readonly height: number };

/** What building a block takes. */
export type BuildRequest = { readonly height: number; readonly round: number; readonly proposer: Address; readonly timestampMs: number };

/** Answer to a build request. */
export type BuildOutcome =
  | { readonly ok: true; readonly block: BlockFacts; readonly body: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/** The chain: its state, its stored blocks, and the execution of new ones. */
export type RuntimeChain = {
  readonly tip: () => ChainTip;
  /**
   * Reads a body: canonical, and every root of its header over what it carries. undefined when it is not, so that nobody can spoil the
   * name of a good block with a wrong body.
   */
  readonly inspect: (body: Uint8Array) => InspectedBody | undefined;
  /** Whether there is something to put into a block. */
  readonly hasWork: () => boolean;
  readonly build: (request: BuildRequest, done: (outcome: BuildOutcome) => void) => void;
  /** Executes a body in an overlay. */
  readonly validate: (
    block: BlockFacts,
    body: Uint8Array,
    done: (verdict: { readonly valid: boolean; readonly reason: string }) => void,
  ) => void;
  /** Makes block and certificate durable, then the state; `done` is called when both are and `tip` has moved on. */
  readonly commit: (block: DecidedBlock, done: () => void) => void;
  /** A committed block with its certificate, or undefined when it is not stored. */
  readonly decidedBlock: (height: number) => DecidedBlock | undefined;
  /** Equivocation to be put into a block. */
  readonly reportEvidence: (evidence: Evidence) => void;
};

/** A block that is final. */
export type DecidedBlock = {
  readonly height: number;
  readonly blockHash: BlockHash;
  readonly body: Uint8Array;
  readonly certificate: CommitCertificate;
};
