// Goal: what the pages show runs, and where they point there is something.
// Method: run every TypeScript block of the pages with Node.js on the sources; look up the target of every local link.

import { spawnSync } from 'node:child_process';
import { dirname, extname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchors, codeBlocks, links } from '../markdown.ts';
import { ROOT, readRepositoryFile, repositoryFiles } from '../repository-files.ts';

const files = repositoryFiles();
const pages = files.filter((path) => extname(path) === '.md');

/** How a block of code says that it is TypeScript. Every such block has to be `ts runnable`: none is skipped. */
const RUNNABLE = 'ts runnable';
const TYPESCRIPT = /^(ts|typescript|js|javascript|mjs|mts)\b/;

const RUN_MS_MAX = 30_000;

/** The folder whose dependencies a page's code sees: that of its package, or of the one that depends on all others. */
function folderOf(page: string): string {
  return /^(packages|examples)\/[^/]+/.exec(page)?.[0] ?? 'packages/cli';
}

const blocks = pages.flatMap((page) =>
  codeBlocks(readRepositoryFile(page))
    .filter(({ info }) => TYPESCRIPT.test(info))
    .map((block) => ({ ...block, page, name: `${page}:${block.line}` })),
);

/** Runs a text with Node.js on the sources of the packages, as a module in that folder. */
function runTypeScript(text: string, folder: string): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--conditions=mutual-source', '--input-type=module-typescript', '-'], {
    cwd: join(ROOT, folder),
    input: text,
    encoding: 'utf8',
    timeout: RUN_MS_MAX,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return { status, stdout, stderr };
}

describe('TypeScript blocks', () => {
  test('are all marked as runnable', () => {
    expect(blocks.filter(({ info }) => info !== RUNNABLE).map(({ name }) => name)).toEqual([]);
  });

  test.each(blocks)('$name runs', { timeout: RUN_MS_MAX }, ({ page, text }) => {
    expect(runTypeScript(text, folderOf(page))).toMatchObject({ status: 0 });
  });

  test('fail when they throw, and when they import what is not there', () => {
    expect(runTypeScript("const name: string = 'x';\nthrow new Error(name);\n", 'packages/cli').status).toBe(1);
    expect(runTypeScript("import '@mutual-chain/nowhere';\n", 'packages/cli').status).toBe(1);
    expect(runTypeScript("import '@mutual-chain/protocol';\n", 'packages/protocol').status).toBe(0);
  });
});

describe('packages', () => {
  const packageNames = [...new Set(files.flatMap((path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []))];

  test.each(packageNames)('%s has a README that says what it owns and what it does not', (name) => {
    const readme = readRepositoryFile(`packages/${name}/README.md`);
    expect(readme).toMatch(/[*_]owns[*_]|^#+ Owns/im);
    expect(readme).toMatch(/does not own/i);
  });

  /** Whether there is anything to show: the command line has commands instead, and an empty package has nothing. */
  const hasInterface = (name: string): boolean => {
    const entry = `packages/${name}/src/index.ts`;
    return name !== 'cli' && (!files.includes(entry) || readRepositoryFile(entry).trim() !== 'export {};');
  };

  test.each(packageNames.filter(hasInterface))('%s shows an example that runs', (name) => {
    expect(blocks.filter(({ page }) => page === `packages/${name}/README.md`)).not.toEqual([]);
  });
});

describe('links', () => {
  const isLocal = (target: string): boolean => !/^[a-z][a-z0-9+.-]*:/i.test(target);
  const folders = new Set(files.flatMap((path) => path.split('/').map((_, index, parts) => parts.slice(0, index).join('/'))));

  /** What is wrong with a link, or nothing. */
  function problemOf(page: string, target: string): string[] {
    const [path = '', anchor] = target.split('#');
    const resolved = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path))).replace(/\/$/, '');
    const file = resolved === '.' ? '' : resolved;
    if (!files.includes(file) && !folders.has(file)) return [`${file} does not exist`];
    if (anchor === undefined || extname(file) !== '.md' || anchors(readRepositoryFile(file)).has(anchor)) return [];
    return [`${file} has no heading #${anchor}`];
  }

  test.each(pages)('of %s lead somewhere', (page) => {
    const local = links(readRepositoryFile(page)).filter(({ target }) => isLocal(target));
    expect(local.flatMap(({ line, target }) => problemOf(page, target).map((problem) => `line ${line}: ${problem}`))).toEqual([]);
  });
});

test('the list of decisions is complete, and names each as it names itself', () => {
  const decisions = pages.filter((page) => /^docs\/adr\/\d{4}-/.test(page));
  const rows = decisions.map((page) => {
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(readRepositoryFile(page)) ?? [];
    expect(page).toMatch(new RegExp(`/${number?.padStart(4, '0')}-[^/]+$`));
    return `| ${number} | [${title}](${page.slice('docs/adr/'.length)}) |`;
  });
  const list = readRepositoryFile('docs/adr/README.md').split('\n');
  expect(list.filter((line) => /^\| \d/.test(line)).map((line) => line.replace(/ +/g, ' '))).toEqual(rows);
});

describe('faults seen elsewhere', () => {
  const [, section = ''] = readRepositoryFile('docs/testing.md').split('\n## Faults seen elsewhere\n');
  const [table = ''] = section.split('\n## ');
  const rows = [...table.matchAll(/^\| (.+?) +\| .+? +\| \[(.+)\]\(\.\.\/(\S+)\) +\|$/gm)].map(([, names = '', title = '', path = '']) => ({
    names,
    title,
    path,
  }));

  test('have a row of this form each', () => {
    const lines = table.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.length).toBe(lines.length - 2);
    expect(rows.length).toBeGreaterThan(0);
  });

  test.each(rows)('$names: the test is there, and its title ends with the name of the fault', ({ names, title, path }) => {
    const isFound = files.includes(path) && readRepositoryFile(path).includes(`'${title} (${names})'`);
    expect({ path, title, isFound }).toEqual({ path, title, isFound: true });
  });
});
