// Goal: the pages about the command say what it does.
// Method: make the pages anew and compare them with what is in the repository.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cliPage } from '../scripts/cli-page.ts';
import { configPage } from '../scripts/config-page.ts';
import { errorsPage } from '../scripts/errors-page.ts';
import { runDemonstration, transcriptPage } from '../scripts/transcript-page.ts';
import './support/run-command.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

/** Which implementation checks signatures is a property of the machine and may differ. */
const withoutMachine = (page: string): string => page.replace(/^signatures by .*$/m, '');

test('docs/reference/cli.md is what the program says', () => {
  expect(read('docs/reference/cli.md')).toBe(cliPage());
});

test('docs/reference/config.md is what the schema says', () => {
  expect(read('docs/reference/config.md')).toBe(configPage());
});

test('docs/reference/errors.md has every code of every registry, once', () => {
  const page = read('docs/reference/errors.md');
  expect(page).toBe(errorsPage());
  const codes = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  expect(codes).toEqual([...new Set(codes)]);
});

test('docs/operations/demo-transcript.md is what the demonstration prints', () => {
  expect(withoutMachine(read('docs/operations/demo-transcript.md'))).toBe(withoutMachine(transcriptPage(runDemonstration())));
});
