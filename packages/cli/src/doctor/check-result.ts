/** How a check came out. `warning`: the node runs, but somebody should look. */
export type CheckStatus = 'ok' | 'warning' | 'wrong';

/** What one check of a node found. */
export type CheckResult = {
  /** Stable name of what was checked. */
  readonly check: 'version' | 'config' | 'cryptography' | 'genesis' | 'permissions' | 'keys' | 'lastSign' | 'ports' | 'disk' | 'clock';
  readonly status: CheckStatus;
  /** One sentence. */
  readonly message: string;
  /** What to do; empty when nothing has to be done. */
  readonly remedy: string;
};

type Named = Pick<CheckResult, 'check'>['check'];

/** Nothing to do. */
export function fine(check: Named, message: string): CheckResult {
  return { check, status: 'ok', message, remedy: '' };
}

/** Something that somebody should look at. */
export function warning(check: Named, message: string, remedy: string): CheckResult {
  return { check, status: 'warning', message, remedy };
}

/** Something with which the node does not run, or not safely. */
export function wrong(check: Named, message: string, remedy: string): CheckResult {
  return { check, status: 'wrong', message, remedy };
}
