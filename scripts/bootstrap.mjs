// Brings a fresh clone to the point where a script of the project can run, then runs it:
//
//   node scripts/bootstrap.mjs scripts/verify.ts [arguments]
//
// Needs Node.js 20 or newer with npm, and nothing that has to be installed first. It installs the packages with the pnpm that
// package.json names, brought by npx, exactly as the lockfile says; one of them is the Node.js that everything else runs on.
// A second run finds everything in place, and needs neither time nor network for it.

import { createHash } from 'node:crypto';
// Whole, because an old Node.js could not even load a module that asks for a name it does not have.
import fs from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from './run-child.mjs';

const NODE_MAJOR_MIN = 20;
const FREE_BYTES_MIN = 1_000_000_000;

/** What the output of a failed installation says, and what the reader can do about it. */
const REMEDIES = [
  {
    pattern: /ENOSPC|no space left/i,
    problem: 'The disk is full.',
    remedy: 'Free some space (about 1 GB are needed), delete node_modules and start again.',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|META_FETCH_FAIL|ERR_PNPM_FETCH|ERR_SOCKET_TIMEOUT|network/i,
    problem: 'The npm registry does not answer.',
    remedy:
      'Check the network, the proxy and what `npm config get registry` says, then start again. Only the first run needs the registry.',
  },
  {
    pattern: /OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|frozen-lockfile/i,
    problem: 'pnpm-lock.yaml does not belong to the package.json files.',
    remedy: 'Run `npx pnpm install`, look at what changed in pnpm-lock.yaml and commit it.',
  },
  {
    pattern: /EACCES|EPERM|EROFS/i,
    problem: 'A file or folder may not be written.',
    remedy: 'Make sure that this folder and the caches of npm and pnpm belong to you, then start again.',
  },
];

const root = fileURLToPath(new URL('..', import.meta.url));
const [script, ...scriptArguments] = process.argv.slice(2);

/**
 * @param {string} problem
 * @param {string} remedy
 * @returns {never}
 */
function fail(problem, remedy) {
  console.error(`\n${problem}\n${remedy}`);
  process.exit(1);
}

/** Stops as if told to when what started this is gone: npm, or a shell between, may die of what it cannot hand on. */
function stopWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}

function checkMachine() {
  const nodeMajor = Number(process.versions.node.split('.')[0]);
  if (nodeMajor < NODE_MAJOR_MIN) {
    fail(
      `Node.js ${NODE_MAJOR_MIN} or newer is needed to start; this is ${process.versions.node}.`,
      'Install a supported Node.js from https://nodejs.org and start again.',
    );
  }
  if (fs.existsSync(join(root, 'node_modules'))) return;
  const { bavail, bsize } = fs.statfsSync(root);
  if (bavail * bsize < FREE_BYTES_MIN) {
    fail(
      `Only ${Math.floor((bavail * bsize) / 1e6)} MB of disk space are free here.`,
      `The installation needs about ${FREE_BYTES_MIN / 1e6} MB: free some space and start again.`,
    );
  }
}

/** A hash of everything that decides what has to be installed. */
function installationHash() {
  const hash = createHash('sha256');
  const manifests = ['packages', 'examples'].flatMap((folder) =>
    fs
      .readdirSync(join(root, folder))
      .sort()
      .map((name) => join(folder, name, 'package.json')),
  );
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    if (fs.existsSync(join(root, path)))
      hash
        .update(`${path}\0`)
        .update(fs.readFileSync(join(root, path)))
        .update('\0');
  }
  return hash.digest('hex');
}

async function install() {
  const stamp = join(root, 'node_modules', '.installed');
  const hash = installationHash();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === hash) return;

  const { packageManager } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8'));
  const isWindows = process.platform === 'win32';
  const { code, output } = await runChild(
    isWindows ? 'npx.cmd' : 'npx',
    ['--yes', '--prefer-offline', packageManager, 'install', '--frozen-lockfile', '--prefer-offline'],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: isWindows, env: { ...process.env, CI: 'true' } },
  );
  if (code === 0) {
    fs.writeFileSync(stamp, hash);
    return;
  }
  if (code === 127) fail('npx was not found.', 'It comes with npm: install npm and start again.');
  const known = REMEDIES.find(({ pattern }) => pattern.test(output));
  fail(
    `The installation failed. ${known?.problem ?? ''}`,
    known?.remedy ?? 'The messages above say why. Deleting node_modules and starting again may help.',
  );
}

function installedNode() {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!fs.existsSync(path)) {
    fail(
      'The installation brought no Node.js for this machine.',
      'Delete node_modules and start again; if it happens twice, this processor or system has no ready-made Node.js in the npm registry.',
    );
  }
  return path;
}

checkMachine();
if (script === undefined) fail('No script to run was named.', 'Usage: node scripts/bootstrap.mjs SCRIPT [ARGUMENTS]');
stopWithParent();
await install();
const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
const { code } = await runChild(installedNode(), [script, ...scriptArguments], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
process.exit(code);
