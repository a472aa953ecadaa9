import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** What asks a process to stop. @type {readonly NodeJS.Signals[]} */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** How much of a piped output is kept. */
const OUTPUT_CHARACTERS_MAX = 20_000;

/**
 * Runs a program to its end. Resolves to its exit code, 127 when it cannot be started, and the end of what it wrote where that was piped.
 *
 * A signal that asks this process to stop is handed on, because it may have reached this process alone. The program then ends in its own
 * way, and this process after it, of the same signal: the promise never resolves.
 *
 * @param {string} command
 * @param {readonly string[]} commandArguments
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runChild(command, commandArguments, options) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, options);
    let output = '';
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
      process.stdout.write(chunk);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);

    /** @type {NodeJS.Signals | undefined} */
    let received;
    /** @param {NodeJS.Signals} signal */
    const handOn = (signal) => {
      received ??= signal;
      child.kill(signal);
    };
    for (const signal of STOP_SIGNALS) process.on(signal, handOn);

    /** @param {number} code */
    const end = (code) => {
      for (const signal of STOP_SIGNALS) process.off(signal, handOn);
      if (received === undefined) resolve({ code, output });
      else process.kill(process.pid, received);
    };
    child.on('error', (error) => {
      output += `\n${error.message}`;
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? (signal === null ? 1 : 128 + constants.signals[signal])));
  });
}
