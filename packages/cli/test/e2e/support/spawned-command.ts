import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN_SOURCE, NODE_24 } from '../../support/run-command.ts';
import { waitUntil } from './wait-until.ts';

/** How a command ended, and all that it printed. */
export type Ended = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Both streams as they came. */
  readonly output: string;
  readonly stdout: string;
};

/** `mutual` as a process that goes on while the test does. */
export class SpawnedCommand {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #output = '';
  #stdout = '';

  constructor(commandArguments: readonly string[]) {
    this.#child = spawn(NODE_24, ['--conditions=mutual-source', MAIN_SOURCE, ...commandArguments], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', FORCE_COLOR: undefined },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve({ code, signal, output: this.#output, stdout: this.#stdout }));
    });
  }

  get processId(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Resolves once it has ended and its output is complete. */
  get ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Waits until it has printed something. Errors: `Error` with its output when it ends before. */
  async printed(pattern: RegExp): Promise<void> {
    let ended: Ended | undefined;
    void this.#ended.then((each) => {
      ended = each;
    });
    await waitUntil(String(pattern), async () => pattern.test(this.#output) || ended !== undefined);
    if (!pattern.test(this.#output)) throw new Error(`the command ended with:\n${this.#output}`);
  }

  /** Sends it a signal and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Runs `mutual` to its end, while this process goes on answering and being answered. */
export function runToEnd(...commandArguments: readonly string[]): Promise<Ended> {
  return new SpawnedCommand(commandArguments).ended;
}

/** Whether a process is there. */
export function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
