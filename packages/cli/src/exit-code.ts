/** What the exit code of every command says. */
export const EXIT_CODES = {
  ok: 0,
  /** What was checked is wrong. */
  wrong: 1,
  /** The call makes no sense: an unknown command or option, a missing argument. */
  usage: 2,
  /** The machine does not allow it: folders, files, disk space, a program that is missing. */
  environment: 3,
  /** It was told to end while it waited for what it had sent. */
  interrupted: 130,
} as const;

/** Exit code of the command. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
