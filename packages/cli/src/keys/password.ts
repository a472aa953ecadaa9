import { cliError } from '../errors.ts';
import { askHidden, type Terminal } from './ask-hidden.ts';
import { secretIn } from './node-keys.ts';

/** The variable of the environment that has a password. */
const PASSWORD_VARIABLE = 'MUTUAL_KEY_PASSWORD';

/** Fewest characters of a new password. */
const PASSWORD_CHARACTERS_MIN = 8;

/** Where a password may come from. */
export type PasswordSources = {
  /** File with the password in its first line, which only its owner can read; it wins. */
  readonly file: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where somebody may be asked; undefined when nobody is there. */
  readonly terminal: Terminal | undefined;
};

/** Sources of this process; a terminal only where there is somebody at both ends. */
export function passwordSources(file: string | undefined): PasswordSources {
  const isAttended = process.stdin.isTTY && process.stderr.isTTY;
  return { file, environment: process.env, terminal: isAttended ? { input: process.stdin, output: process.stderr } : undefined };
}

/** The password that opens a key. Errors: `CLI_PASSWORD_MISSING`, those of reading a secret. */
export async function readPassword(sources: PasswordSources, what: string): Promise<string> {
  const given = givenPassword(sources) ?? (await ask(sources, `Password of ${what}: `));
  if (given !== undefined && given !== '') return given;
  throw missing();
}

/** The password of a new key; who is asked has to say it twice. Errors: `CLI_PASSWORD_MISSING`, `CLI_PASSWORD_WEAK`, those of reading a secret. */
export async function readNewPassword(sources: PasswordSources, what: string): Promise<string> {
  const given = givenPassword(sources);
  const password = given ?? (await ask(sources, `New password of ${what}: `));
  if (password === undefined || password === '') throw missing();
  if (password.length < PASSWORD_CHARACTERS_MIN) {
    throw cliError('CLI_PASSWORD_WEAK', `A password has at least ${PASSWORD_CHARACTERS_MIN} characters. Choose a longer one.`);
  }
  if (given === undefined && (await ask(sources, 'The same again: ')) !== password) {
    throw cliError('CLI_PASSWORD_WEAK', 'The two passwords differ. Nothing was written: try again.');
  }
  return password;
}

function givenPassword({ file, environment }: PasswordSources): string | undefined {
  return file === undefined ? environment[PASSWORD_VARIABLE] : secretIn(file);
}

async function ask({ terminal }: PasswordSources, question: string): Promise<string | undefined> {
  return terminal === undefined ? undefined : askHidden(question, terminal);
}

function missing(): Error {
  return cliError(
    'CLI_PASSWORD_MISSING',
    `A password is needed. Name a file with --password-file, set ${PASSWORD_VARIABLE}, or call this from a terminal, where it is asked for.`,
  );
}
