// Goal: the repository says nothing about the machine it was written on, or about where its packages were fetched from.
// Method: search every file for home and work folders, and for the hosts of package registries.

import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ROOT, readRepositoryFile, repositoryFiles } from '../repository-files.ts';

// Written in pieces, so that this file passes its own test.
const FOLDERS = ['home', 'Users', 'root', 'work'];
const REGISTRIES = [
  ['registry', 'npmjs'],
  ['registry', 'yarnpkg'],
  ['registry', 'npmmirror'],
  ['npm', 'pkg', 'github'],
  ['npm', 'jsr'],
];

const PATTERNS: readonly RegExp[] = [
  new RegExp(`(?<![\\w.)}/-])(file://)?/(${FOLDERS.join('|')})/[\\w.-]+`),
  new RegExp(`[A-Z]:[\\\\/]+${'Users'}[\\\\/]`, 'i'),
  new RegExp(REGISTRIES.map((parts) => parts.join('[.]')).join('|'), 'i'),
];

function findings(text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const isPrivate = PATTERNS.some((pattern) => pattern.test(line)) || [ROOT, `${homedir()}/`].some((folder) => startsWord(line, folder));
    return isPrivate ? [`line ${index + 1}: ${line.trim().slice(0, 200)}`] : [];
  });
}

/** Whether a line contains a folder as the beginning of a path. */
function startsWord(line: string, folder: string): boolean {
  const at = line.indexOf(folder);
  return at >= 0 && !/[\w.)}/-]/.test(line.charAt(at - 1));
}

test('no file names a private folder or a registry', () => {
  const found = repositoryFiles().flatMap((path) => {
    const text = readRepositoryFile(path);
    return text.includes('\0') ? [] : findings(text).map((finding) => `${path}, ${finding}`);
  });
  expect(found).toEqual([]);
});

describe('the search', () => {
  test.each([`see /${'home'}/ada/notes`, `file:///${'work'}/x`, `"C:\\${'Users'}\\ada"`, `https://${'registry'}.npmjs.org/a`])(
    'finds %j',
    (text) => {
      expect(findings(text)).toHaveLength(1);
    },
  );

  test.each(['state/root/hash', 'https://example.org/work/1', 'the work/life balance'])('passes over %j', (text) => {
    expect(findings(text)).toEqual([]);
  });
});
