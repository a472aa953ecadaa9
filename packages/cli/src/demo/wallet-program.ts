import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cliError } from '../errors.ts';

/** The wallet of the examples: seen from here it is at the same place in the sources and in the built package. */
const WALLET = fileURLToPath(new URL('../../../../examples/wallet/src/main.ts', import.meta.url));

const WALLET_MS_MAX = 60_000;

/** Options of this process that decide how sources are found and read; all others are this process's own business. */
const PASSED_ON = /^(--conditions=|--experimental-strip-types$|--no-warnings$)/;

/**
 * Runs the wallet as a process of its own and lets it write its files into a folder; answers with what it printed.
 *
 * Errors: `CLI_WALLET_MISSING`, `CLI_WALLET_FAILED`.
 */
export function runWallet(folder: string): string {
  if (!existsSync(WALLET)) {
    const message = `The wallet program ${WALLET} is not there. Run this from a clone of the repository, or name the files of a wallet with --wallet DIR.`;
    throw cliError('CLI_WALLET_MISSING', message, { path: WALLET });
  }
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [...process.execArgv.filter((each) => PASSED_ON.test(each)), WALLET, '--out', folder],
    {
      encoding: 'utf8',
      timeout: WALLET_MS_MAX,
    },
  );
  if (status !== 0) {
    const reason = error?.message ?? `exit code ${status}`;
    throw cliError('CLI_WALLET_FAILED', `The wallet program failed (${reason}): ${stderr.trim()}`, { path: WALLET, status });
  }
  return stdout.trim();
}
