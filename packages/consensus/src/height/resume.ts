import type { Effect } from '../effect.ts';
import { roundTimeoutMs } from '../timing.ts';
import { pursueAgain } from './bodies.ts';
import type { Draft } from './draft.ts';
import type { Decision } from './height-state.ts';
import { scheduleHeightTimeouts } from './round-zero.ts';
import { certificateOf } from './run-rules.ts';
import { maySign } from './signing.ts';

/** Has it logged that this node signs nothing at the height; see last-sign.ts. */
export const SIGNING_FORBIDDEN: Effect = { type: 'recordInLog', input: { type: 'signingForbidden' } };

/** Wants every effect anew whose answer is still awaited: after a restart nobody is working on any of them. */
export function resume(draft: Draft): void {
  const { state } = draft;
  const { height, buildingRound, decision } = state;
  if (state.signing === 'forbidden') draft.effects.push(SIGNING_FORBIDDEN);
  for (const evidence of state.evidence) draft.effects.push({ type: 'reportEquivocation', evidence });
  if (decision !== undefined) {
    resumeDecided(draft, decision);
    return;
  }
  if (maySign(draft)) for (const request of state.pendingSignatures) draft.effects.push({ type: 'sign', request });
  if (buildingRound >= 0) draft.effects.push({ type: 'buildBlock', height, round: buildingRound });
  pursueAgain(draft);
  scheduleHeightTimeouts(draft);
  scheduleRoundTimeouts(draft);
}

function resumeDecided({ state, effects }: Draft, { round, blockHash, contradiction }: Decision): void {
  const { height } = state;
  const certificate = certificateOf(state, round, blockHash);
  if (contradiction === undefined) effects.push({ type: 'commitBlock', height, blockHash, certificate });
  else effects.push({ type: 'halt', height, blockHash, certificate, reason: contradiction });
}

function scheduleRoundTimeouts(draft: Draft): void {
  const { height, timing, phase } = draft.state;
  const { round, step, done } = draft.state.round;
  if (phase !== 'running') return;
  const kinds = [
    ...(step === 'propose' ? (['propose'] as const) : []),
    ...(step === 'prevote' && done.prevoteTimeout ? (['prevote'] as const) : []),
    ...(done.precommitTimeout ? (['precommit'] as const) : []),
  ];
  for (const kind of kinds)
    draft.effects.push({ type: 'scheduleTimeout', timeout: { kind, height, round }, durationMs: roundTimeoutMs(kind, round, timing) });
}
