/** Hosts that a node answers for when it is only reached from its own machine. */
export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Name in a Host header or an origin, without port; undefined when it is malformed. */
function hostName(host: string): string | undefined {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/.exec(host.toLowerCase())?.[1];
}

/**
 * Whether the Host header names a host that this node answers for, whatever the port.
 *
 * A page whose name was made to point at this machine sends its own name here: this is what stops it.
 */
export function isAllowedHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  const name = host === undefined ? undefined : hostName(host);
  return name !== undefined && allowedHosts.includes(name);
}

/** Whether a page of this origin may ask: one that is listed, or one that this very host and port served. Programs send no origin. */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, allowedOrigins: readonly string[]): boolean {
  if (origin === undefined) return true;
  return allowedOrigins.includes(origin) || (host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`);
}
