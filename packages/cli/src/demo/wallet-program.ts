import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cliError } from '../errors.ts';

/** The wallet of the examples: seen from here it is at the same place in the sources and in the built package. */
const WALLET = fileURLToPath(new URL('../../../../examples/wallet/src/main.mjs', import.meta.url));

const WALLET_MS_MAX = 60_000;

/** Options of this process that decide how sources are found and read; all others are this process's own business. */
const PASSED_ON = /^(--conditions=|--experimental-strip-types$|--no-warnings$)/;

/** What asks this process to stop. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs the wallet as a process of its own and lets it write its files into a folder. A signal that asks this process to stop ends both.
 *
 * Errors: `CLI_WALLET_MISSING`, `CLI_WALLET_FAILED`.
 */
export async function runWallet(folder: string): Promise<void> {
  if (!existsSync(WALLET)) {
    const message = `The wallet program ${WALLET} is not there. Run this from a clone of the repository, or name the files of a wallet with --wallet DIR.`;
    throw cliError('CLI_WALLET_MISSING', message, { path: WALLET });
  }
  const options = process.execArgv.filter((each) => PASSED_ON.test(each));
  const wallet = spawn(process.execPath, [...options, WALLET, '--out', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: WALLET_MS_MAX,
  });
  let errors = '';
  wallet.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const failure = await endOf(wallet);
  if (failure !== undefined) {
    throw cliError('CLI_WALLET_FAILED', `The wallet program failed (${failure}): ${errors.trim()}`, { path: WALLET, reason: failure });
  }
}

/** Waits for the end of a process; resolves to how it failed, or to undefined. */
function endOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let received: NodeJS.Signals | undefined;
    const handOn = (signal: NodeJS.Signals): void => {
      received ??= signal;
      child.kill(signal);
    };
    for (const signal of STOP_SIGNALS) process.on(signal, handOn);
    const end = (failure: string | undefined): void => {
      for (const signal of STOP_SIGNALS) process.off(signal, handOn);
      if (received === undefined) resolve(failure);
      else process.kill(process.pid, received);
    };
    child.on('error', (error) => {
      end(error.message);
    });
    child.on('close', (code, signal) => {
      end(code === 0 ? undefined : signal === null ? `exit code ${code}` : signal);
    });
  });
}
