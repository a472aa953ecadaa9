// Goal: docs/reference/rpc.md says what the contract says.
// Method: make the page from the contract and compare.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePage } from '../scripts/reference-page.ts';

test('docs/reference/rpc.md is what the contract says', () => {
  expect(readFileSync(new URL('../../../docs/reference/rpc.md', import.meta.url), 'utf8')).toBe(referencePage());
});
