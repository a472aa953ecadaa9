// Writes the pages that follow from the program: its reference and the transcript of a run.
// Run: node --conditions=mutual-source packages/cli/scripts/write-pages.ts

import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cliPage } from './cli-page.ts';
import { configPage } from './config-page.ts';
import { errorsPage } from './errors-page.ts';
import { runDemonstration, transcriptPage } from './transcript-page.ts';

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
mkdirSync(`${docs}operations`, { recursive: true });
writeFileSync(`${docs}reference/cli.md`, cliPage());
writeFileSync(`${docs}reference/config.md`, configPage());
writeFileSync(`${docs}reference/errors.md`, errorsPage());
writeFileSync(`${docs}operations/demo-transcript.md`, transcriptPage(runDemonstration()));
