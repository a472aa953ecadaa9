import type { ConsensusTiming } from '@mutual-chain/consensus';
import type { ChainLatency } from '../chain/simple-chain.ts';
import type { NetworkFaults, PartitionShape } from '../network/network-faults.ts';

/** What may be wrong with one of the few nodes of which nothing is expected. */
export const FAULTY_KINDS = ['twin', 'mutator', 'lyingDisk', 'corruptDisk', 'badClock', 'rollback'] as const;

/** One of `FAULTY_KINDS`. */
export type FaultyKind = (typeof FAULTY_KINDS)[number];

/** What a mutator does. */
export const MUTATIONS = [
  'equivocateVotes',
  'equivocateProposals',
  'wrongRounds',
  'staleProofOfLock',
  'invalidBlocks',
  'withholdBodies',
  'falseHeights',
  'floods',
  'replays',
  'lyingSync',
  'silence',
  'garbage',
  'voteForAnything',
] as const;

/** One of `MUTATIONS`. */
export type Mutation = (typeof MUTATIONS)[number];

/** A node of which nothing is expected. */
export type FaultyNode = {
  readonly node: number;
  readonly kind: FaultyKind;
  readonly mutations: readonly Mutation[];
  /** Of a twin: stops when it sees what the other one signed, as an honest node whose key was copied does. */
  readonly isCareful: boolean;
};

/** How often something happens: mean time between two of them, ms. Undefined: never. */
export type Every = number | undefined;

/** Everything that is drawn for a seed. Printed with every failure. */
export type SimulationOptions = {
  readonly seed: bigint;
  readonly profile: string;
  /** Validators at the beginning, and nodes that may become some. */
  readonly validators: number;
  readonly spares: number;
  /** Power of each of them at the beginning. */
  readonly powers: readonly number[];
  /** Heights to be decided among faults, and after healing. */
  readonly heights: number;
  readonly livenessHeights: number;
  /** The faults end after so long, whatever was decided, ms. */
  readonly safetyMs: number;
  readonly chain: 'simple' | 'ledger';
  readonly signatures: 'mac' | 'secp256k1';
  readonly timing: ConsensusTiming;
  readonly latency: ChainLatency;
  readonly network: NetworkFaults;
  readonly partitionEveryMs: Every;
  readonly partitionShapes: readonly PartitionShape[];
  /** Of a thousand nodes that lock a value, so many are alone with it for a while from then on. */
  readonly lockHiddenPerMille: number;
  readonly clogEveryMs: Every;
  readonly crashEveryMs: Every;
  readonly crashAllEveryMs: Every;
  /** Of a thousand restarts, so many are ended again while the node starts. */
  readonly crashInRecoveryPerMille: number;
  readonly pauseEveryMs: Every;
  /** Mean time a node is down, ms. */
  readonly downMs: number;
  /** Clocks of sound nodes stand apart by at most this, ms. */
  readonly skewMs: number;
  readonly diskErrorPerMille: number;
  readonly diskFullEveryMs: Every;
  readonly validatorChangeEveryMs: Every;
  readonly isRemovalOn: boolean;
  readonly transactionEveryMs: number;
  readonly faulty: readonly FaultyNode[];
};

/** Fault classes that can be left out of a seed: what a failing seed is made smaller with. */
export const FAULT_CLASSES = [
  'byzantine',
  'partitions',
  'loss',
  'delays',
  'hiddenLocks',
  'clogs',
  'crashes',
  'crashAll',
  'recoveryCrashes',
  'pauses',
  'clocks',
  'diskErrors',
  'diskFull',
  'validatorChanges',
  'powers',
  'slowWork',
] as const;

/** One of `FAULT_CLASSES`. */
export type FaultClass = (typeof FAULT_CLASSES)[number];
