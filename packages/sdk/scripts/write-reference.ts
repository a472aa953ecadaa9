// Writes docs/reference/sdk.md from the code.

import { writeFileSync } from 'node:fs';
import { referencePage } from './reference-page.ts';

writeFileSync(new URL('../../../docs/reference/sdk.md', import.meta.url), referencePage());
