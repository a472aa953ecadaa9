#!/usr/bin/env node
// The command `mutual`. Compiled code is kept beside the installed packages, so that the next command, or a node that is started again, is there sooner.

import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Not in the common folder for temporary files: whoever can write to the cache decides what runs here. Where it cannot be written, there is none.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./run-command-line.ts');
