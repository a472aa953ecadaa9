// Writes the reference page of the interface. Run: pnpm --filter @mutual-chain/rpc reference

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { referencePage } from './reference-page.ts';

writeFileSync(fileURLToPath(new URL('../../../docs/reference/rpc.md', import.meta.url)), referencePage());
