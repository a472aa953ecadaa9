import { diagnose } from '../../contract/index.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_diagnose`. */
export const serveDiagnose: ServedMethod = serve(diagnose, ({ node }) => node.diagnose());
