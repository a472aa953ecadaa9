import { assertInvariant, type Evidence, equalBytes, evidenceId, LIMITS } from '@mutual-chain/protocol';
import { checkEvidence } from '../modules/governance/evidence.ts';
import { StateOverlay } from '../state/state-overlay.ts';
import { chainStatusTable, parametersTable } from '../state/tables.ts';
import type { StateView } from '../view/state-view.ts';
import type { ChainContext } from './execution.ts';

/** Evidence that was left out of a block: its position among what was offered, and whether it may not stand there or had no room. */
export type SkippedEvidence = {
  readonly kind: 'evidence';
  readonly index: number;
  readonly code: 'EVIDENCE_NOT_ADMISSIBLE' | 'NO_ROOM';
};

/** What of the evidence may stand in the block after the view, in its order, each piece once and as many as a block may have. */
export function admissibleEvidence(
  view: StateView,
  chain: ChainContext,
  offered: readonly Evidence[],
): { readonly evidence: readonly Evidence[]; readonly skipped: readonly SkippedEvidence[] } {
  if (offered.length === 0) return { evidence: [], skipped: [] };
  const state = new StateOverlay(view);
  const status = state.get(chainStatusTable, undefined);
  const parameters = state.get(parametersTable, undefined);
  assertInvariant(status !== undefined && parameters !== undefined, 'the state begins with genesis');
  const evidence: Evidence[] = [];
  const ids: Uint8Array[] = [];
  const skipped: SkippedEvidence[] = [];
  for (const [index, each] of offered.entries()) {
    if (evidence.length >= LIMITS.blockEvidenceMax) {
      skipped.push({ kind: 'evidence', index, code: 'NO_ROOM' });
      continue;
    }
    const id = evidenceId(chain.cryptography, each);
    const again = ids.some((other) => equalBytes(other, id));
    if (again || checkEvidence(state, chain, parameters, status.height + 1, [each]) !== undefined) {
      skipped.push({ kind: 'evidence', index, code: 'EVIDENCE_NOT_ADMISSIBLE' });
      continue;
    }
    evidence.push(each);
    ids.push(id);
  }
  return { evidence, skipped };
}
