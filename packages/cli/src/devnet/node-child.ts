import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliError } from '../errors.ts';
import { isReadyMessage, type ReadyMessage } from '../node-process/ready-message.ts';
import { describeExit, type NodeExit } from './node-exit.ts';

/** Name of the file that a node of a devnet logs to, in its home. */
const NODE_LOG_FILE = 'node.log';

/** The program that the nodes run: this one, as sources or compiled. */
const MAIN = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../main.ts' : '../main.js', import.meta.url));
/** Characters of the end of a log that an error shows. */
const SHOWN_CHARACTERS = 1_000;

/** One node of a devnet as a process of its own, which may be ended and started again. */
export class NodeChild {
  readonly name: string;
  readonly home: string;
  readonly #flags: readonly string[];
  #child: ChildProcess | undefined;
  #exit: Promise<NodeExit> | undefined;
  #ready: ReadyMessage | undefined;

  /** @param flags - Options of `mutual start` besides the home. */
  constructor(name: string, home: string, flags: readonly string[] = []) {
    this.name = name;
    this.home = home;
    this.#flags = flags;
  }

  /** File that the process logs to. */
  get log(): string {
    return join(this.home, NODE_LOG_FILE);
  }

  /** Process id, while it runs. */
  get processId(): number | undefined {
    return this.#child?.pid;
  }

  /** What the node said when it was ready, while it runs. */
  get ready(): ReadyMessage | undefined {
    return this.#ready;
  }

  /** Resolves when the process that runs now has ended; at once when none does. */
  get exited(): Promise<NodeExit> {
    return this.#exit ?? Promise.resolve({ code: null, signal: null });
  }

  /** Starts the process and waits until it answers. Errors: `CLI_NODE_FAILED` with what it said last. */
  async start(): Promise<ReadyMessage> {
    const { log } = this;
    const descriptor = openSync(log, 'a', 0o600);
    const child = fork(MAIN, ['start', '--home', this.home, ...this.#flags], {
      stdio: ['ignore', descriptor, descriptor, 'ipc'],
      env: withoutMutualVariables(process.env),
    });
    closeSync(descriptor);
    this.#child = child;
    const exit = new Promise<NodeExit>((resolve) => {
      child.once('exit', (code, signal) => {
        if (this.#child === child) {
          this.#child = undefined;
          this.#ready = undefined;
        }
        resolve({ code, signal });
      });
    });
    this.#exit = exit;
    const ready = await Promise.race([
      new Promise<ReadyMessage>((resolve) => {
        child.on('message', (message) => {
          if (isReadyMessage(message)) resolve(message);
        });
      }),
      exit,
    ]);
    if (!isReadyMessage(ready)) throw nodeFailed(this.name, log, ready);
    this.#ready = ready;
    return ready;
  }

  /** Asks the process to end and waits until it has. */
  async stop(): Promise<NodeExit> {
    this.#child?.kill('SIGTERM');
    return this.exited;
  }

  /** Ends the process as a loss of power would, and waits until it is gone. */
  async kill(): Promise<NodeExit> {
    this.#child?.kill('SIGKILL');
    return this.exited;
  }
}

/** The nodes have their configuration in files; what the caller's environment says is about something else. */
function withoutMutualVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('MUTUAL_')));
}

function nodeFailed(name: string, log: string, { code, signal }: NodeExit) {
  const end = readFileSync(log, 'utf8').slice(-SHOWN_CHARACTERS).trim();
  const message = `${name} ended ${describeExit({ code, signal })} before it was ready. Its log is ${log}; it ends with:\n${end}`;
  return cliError('CLI_NODE_FAILED', message, { name, log, code, signal });
}
