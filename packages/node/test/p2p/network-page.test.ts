import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NODE_ERRORS } from '@mutual-chain/node';
import { CLOSE_REASONS, STREAM_LIMITS, TRANSPORT_LIMITS } from '@mutual-chain/node/p2p';
import { expect, test } from 'vitest';

/*
 * Goal: the page about links has every limit, reason and error of the code, and no other. Method: the rows of its tables.
 */

const page = readFileSync(fileURLToPath(new URL('../../../../docs/reference/network.md', import.meta.url)), 'utf8');

/** Cells of the rows of a section, without the code marks; digits without their spaces. */
function rowsOf(section: string): readonly (readonly string[])[] {
  const start = page.indexOf(`## ${section}\n`);
  const end = page.indexOf('\n## ', start);
  const lines = page.slice(start, end === -1 ? undefined : end).split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  return rows.slice(2).map((cells) =>
    cells.map((cell) =>
      cell
        .trim()
        .replaceAll('`', '')
        .replaceAll(/(?<=\d) (?=\d)/g, ''),
    ),
  );
}

test('has every stream with its limits', () => {
  const streams = Object.entries(STREAM_LIMITS).map(([name, limits]) => [name, ...Object.values(limits).map(String)]);
  expect(rowsOf('Frames and channels')).toEqual(streams);
});

test('has every other limit', () => {
  expect(rowsOf('Limits').map(([name, value]) => [name, Number(value)])).toEqual(Object.entries(TRANSPORT_LIMITS));
});

test('has every reason with its number and meaning', () => {
  expect(rowsOf('Reasons')).toEqual(Object.entries(CLOSE_REASONS).map(([name, meaning], index) => [String(index), name, meaning]));
});

test('has a remedy for every error of the network', () => {
  expect(rowsOf('Errors').map(([code]) => code)).toEqual(Object.keys(NODE_ERRORS).filter((code) => code.startsWith('NETWORK_')));
});
