import type { NodeStatus } from './ports.ts';

/** Whether a node may be sent work, and if not, every reason why. */
export type Readiness = {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** Null before the first block. */
  readonly height: number | null;
  readonly blockAgeMs: number | null;
  readonly peers: number;
};

/** A node that lives may still be of no use: it is syncing, it lacks peers, or its last block is older than `blockAgeMsMax`. */
export function readinessOf(status: NodeStatus, nowMs: number, blockAgeMsMax: number): Readiness {
  const { tip, syncing, peers, peersNeeded } = status;
  const blockAgeMs = tip === undefined ? null : Math.max(0, nowMs - tip.timestampMs);
  const reasons = [
    ...(tip === undefined ? ['there is no committed block yet'] : []),
    ...(syncing ? ['the node is syncing: it fetches blocks that others have committed'] : []),
    ...(peers < peersNeeded ? [`${peers} peers are connected, ${peersNeeded} are needed`] : []),
    ...(blockAgeMs !== null && blockAgeMs > blockAgeMsMax ? [`the last block is ${blockAgeMs} ms old, more than ${blockAgeMsMax} ms`] : []),
  ];
  return { ready: reasons.length === 0, reasons, height: tip?.height ?? null, blockAgeMs, peers };
}
