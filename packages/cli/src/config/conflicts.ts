import { isIP } from 'node:net';
import type { NodeConfig } from './node-config.ts';

/** Fewest characters of the operator's token: 128 bits in hex. */
const TOKEN_CHARACTERS_MIN = 32;

/** What does not fit together in a configuration whose every value is allowed, in words with the remedy. */
export function findConflicts({ rpc, admin, validator, p2p }: NodeConfig): readonly string[] {
  const problems: string[] = [];
  const check = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  check(
    rpc.waitTimeoutMs < rpc.handlerTimeoutMs,
    `rpc.waitTimeoutMs (${rpc.waitTimeoutMs}) has to be below rpc.handlerTimeoutMs (${rpc.handlerTimeoutMs}), or what waits is never answered`,
  );
  check(
    !rpc.enabled || !admin.enabled || rpc.port !== admin.port || rpc.port === 0,
    `rpc.port and admin.port are both ${rpc.port}: give each its own`,
  );
  check(
    !admin.enabled || admin.token !== '' || admin.tokenFile !== '',
    'admin.enabled needs a token: name a file with admin.tokenFile, or set MUTUAL_ADMIN_TOKEN',
  );
  check(
    admin.token === '' || admin.token.length >= TOKEN_CHARACTERS_MIN,
    `admin.token has to have at least ${TOKEN_CHARACTERS_MIN} characters: make one with openssl rand -hex 32`,
  );
  check(
    validator.keyFile !== '' || (validator.password === '' && validator.passwordFile === ''),
    'validator.password and validator.passwordFile are of no use without validator.keyFile: name the key, or leave them out',
  );
  check(
    p2p.listen.length > 0 || p2p.publicAddresses.length === 0,
    'p2p.publicAddresses names addresses, but p2p.listen is empty: nobody would answer there',
  );
  for (const [name, { enabled, host, allowedHosts }] of [['rpc', rpc] as const, ['admin', admin] as const]) {
    const isReachable = !enabled || isLoopbackHost(host) || allowedHosts.some((each) => !isLoopbackHost(each.replace(/^\[(.*)\]$/, '$1')));
    check(isReachable, `${name}.host is ${host}, but ${name}.allowedHosts names this machine alone: add the name by which clients call it`);
  }
  return problems;
}

/** Whether a host is reached from its own machine alone. A name counts only when it is `localhost`. */
export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
