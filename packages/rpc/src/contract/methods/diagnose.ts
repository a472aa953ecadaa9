import type { Method } from '../method.ts';
import { type DiagnosisJson, diagnosisJson } from '../shapes/chain-json.ts';

/** `mutual_diagnose`. */
export const diagnose: Method<Readonly<Record<never, never>>, DiagnosisJson> = {
  name: 'mutual_diagnose',
  summary: 'Why there is no new block, in words, with what to do about it.',
  parameters: {},
  result: { description: 'What the node has found.', shape: diagnosisJson },
  errors: [],
};
