import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { referencePages } from '../scripts/reference-pages.ts';

/* Goal: the reference never lags behind the tables of the code. Method: every page is made again and compared whole. */

test.each([...referencePages()])('docs/reference/%s is what the tables say', (name, text) => {
  expect(readFileSync(new URL(`../../../docs/reference/${name}`, import.meta.url), 'utf8')).toBe(text);
});
