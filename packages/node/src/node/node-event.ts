import type { Address, BlockHash, StateRoot } from '@mutual-chain/protocol';
import type { LogIncident } from '../wal/write-ahead-log.ts';
import type { EndedStage } from './stage-clock.ts';

/** What happens in a running node and is worth telling: for logs and for counters. */
export type NodeEvent =
  | {
      readonly type: 'committed';
      readonly height: number;
      readonly blockHash: BlockHash;
      readonly stateRoot: StateRoot;
      /** Time of the block, ms since 1970. */
      readonly timestampMs: number;
      readonly proposer: Address;
      /** Round in which it was decided. */
      readonly round: number;
      readonly transactions: number;
      readonly bytes: number;
      /** From the decision until the block was durable, ms. */
      readonly durationMs: number;
    }
  /** A block was built here, or one of another validator was executed, in so many ms. */
  | { readonly type: 'executed'; readonly height: number; readonly durationMs: number; readonly built: boolean }
  /** Consensus has left a stage of a height. */
  | ({ readonly type: 'stageEnded' } & EndedStage)
  | { readonly type: 'peerConnected'; readonly peer: string; readonly height: number; readonly validator: Address | undefined }
  | { readonly type: 'peerDisconnected'; readonly peer: string; readonly reason: string; readonly byPeer: boolean }
  /** A connection did not become a link, for a reason that lies in the peer or in this node. */
  | { readonly type: 'peerRefused'; readonly peer: string; readonly reason: string; readonly byPeer: boolean }
  /** A peer broke the rules. */
  | { readonly type: 'peerCut'; readonly peer: string; readonly reason: string }
  /** A member that cannot be linked, and why. */
  | { readonly type: 'memberUnusable'; readonly reason: string }
  /** This node signs nothing at a height. */
  | { readonly type: 'signingForbidden'; readonly height: number; readonly reason: string }
  /** A validator signed what no honest one signs. */
  | { readonly type: 'equivocation'; readonly validator: Address; readonly height: number }
  | { readonly type: 'logIncident'; readonly incident: LogIncident }
  /** The node cannot go on, and why. */
  | { readonly type: 'halted'; readonly reason: string };
