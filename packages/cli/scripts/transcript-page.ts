import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Chapters that the page shows in full; of the others it shows as many lines as stand here. */
const SHOWN_LINES_MAX = 12;
const IN_FULL = ['Wallet', 'Transfers', 'Expiry', 'At the door', 'Locked MTN', 'Balances', 'Chain', 'Replay'];
const CHAPTERS = [...IN_FULL, 'Deposits', 'Credit', 'Levels and fees', 'Withdrawals', 'A day of trade', 'Governance', 'Left open'];

const HEAD = `# What \`mutual demo\` prints

A real run, written into this page by \`node --conditions=mutual-source packages/cli/scripts/write-pages.ts\`. Long chapters are cut; where
lines are missing, their number stands in brackets. Everything in it is the same on every machine: the signatures, the blocks, the roots.

\`\`\`text
`;

/** Runs the demonstration in an empty folder; answers with what it prints. */
export function runDemonstration(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mutual-transcript-'));
  try {
    const call = ['--conditions=mutual-source', MAIN, 'demo'];
    const { status, stdout, stderr } = spawnSync(process.execPath, call, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the demonstration failed: ${stderr}${stdout.slice(-1000)}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page that shows a run. */
export function transcriptPage(output: string): string {
  const shown: string[] = [];
  let chapter: string[] = [];
  const close = (): void => {
    const limit = IN_FULL.includes(chapter[0] ?? '') ? chapter.length : SHOWN_LINES_MAX;
    shown.push(...chapter.slice(0, limit));
    if (chapter.length > limit) shown.push(`  [${chapter.length - limit} more lines]`, '');
  };
  for (const line of output.trimEnd().split('\n')) {
    if (CHAPTERS.includes(line)) {
      close();
      chapter = [];
    }
    chapter.push(line);
  }
  close();
  return `${HEAD}${shown.join('\n')}\n\`\`\`\n`;
}
