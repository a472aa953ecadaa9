import type { Parameters } from '@mutual-chain/protocol';

/** The parameters of the chain that say how long consensus waits. */
export type ConsensusTiming = Pick<
  Parameters,
  | 'blockIntervalMs'
  | 'emptyBlockIntervalMs'
  | 'proposeTimeoutMs'
  | 'voteTimeoutMs'
  | 'timeoutGrowthMs'
  | 'timeoutMaxMs'
  | 'timePrecisionMs'
  | 'messageDelayMs'
  | 'messageDelayMaxMs'
>;

/** The timeouts of a round. Source: paper lines 57–67. */
export type RoundTimeoutKind = 'propose' | 'prevote' | 'precommit';

/** How long a round waits for a proposal, prevotes or precommits, ms: grows linearly with the round up to `timeoutMaxMs`. */
export function roundTimeoutMs(kind: RoundTimeoutKind, round: number, timing: ConsensusTiming): number {
  const base = kind === 'propose' ? timing.proposeTimeoutMs : timing.voteTimeoutMs;
  return Math.min(base + timing.timeoutGrowthMs * round, Math.max(base, timing.timeoutMaxMs));
}

/** How long a proposal may have travelled and still be timely, ms: grows by a tenth each round up to `messageDelayMaxMs`. */
export function messageDelayMs(round: number, timing: ConsensusTiming): number {
  const max = Math.max(timing.messageDelayMs, timing.messageDelayMaxMs);
  let delayMs = timing.messageDelayMs;
  for (let each = 0; each < round && delayMs < max; each++) delayMs = Math.floor((delayMs * 11 + 9) / 10);
  return Math.min(delayMs, max);
}

/**
 * Whether a fresh proposal carries a time near the one at which it arrived: received − precision − delay ≤ timestamp ≤ received + precision.
 *
 * Judged when voting on a fresh proposal only; a block with a prevote quorum behind it has been timely for an honest validator.
 */
export function isTimely(timestampMs: number, receivedAtMs: number, round: number, timing: ConsensusTiming): boolean {
  const earliest = receivedAtMs - timing.timePrecisionMs - messageDelayMs(round, timing);
  return earliest <= timestampMs && timestampMs <= receivedAtMs + timing.timePrecisionMs;
}
