import { createServer } from 'node:net';
import type { NodeConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';

/** Where a node listens, and the key of the configuration that says so. */
export type ListeningPlace = { readonly key: 'p2p.listen' | 'rpc.port' | 'admin.port'; readonly host: string; readonly port: number };

/** Every place at which a node of this configuration listens. */
export function listeningPlaces({ p2p, rpc, admin }: Pick<NodeConfig, 'p2p' | 'rpc' | 'admin'>): readonly ListeningPlace[] {
  const links = p2p.listen.flatMap((address): ListeningPlace[] => {
    const [, , host = '', kind, port = ''] = address.split('/');
    return kind === 'tcp' && /^\d+$/.test(port) ? [{ key: 'p2p.listen', host, port: Number(port) }] : [];
  });
  return [
    ...links,
    ...(rpc.enabled ? [{ key: 'rpc.port' as const, host: rpc.host, port: rpc.port }] : []),
    ...(admin.enabled ? [{ key: 'admin.port' as const, host: admin.host, port: admin.port }] : []),
  ];
}

/** The system's word for why this machine cannot be listened on; undefined when it can. */
export function listenFailure({ host, port }: Pick<ListeningPlace, 'host' | 'port'>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** What the system's words mean for an operator. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there. End it, or choose another port',
  EADDRNOTAVAIL: 'the address is not one of this machine. Name one that is',
  ENOTFOUND: 'the name has no address. Name an address of this machine',
  EACCES: 'this user may not listen there. Choose a port above 1023',
};

/** Makes sure that a node can listen where its configuration says. Errors: `CLI_PORT_IN_USE` naming the first key that cannot be followed. */
export async function assertPlacesFree(places: readonly ListeningPlace[]): Promise<void> {
  for (const place of places) {
    const failure = await listenFailure(place);
    if (failure === undefined) continue;
    const { key, host, port } = place;
    const reason = REASONS[failure] ?? `the system says ${failure}. Choose another place`;
    const option = `--${key.replace('.', '-')}`;
    const message = `The node cannot listen on ${host} port ${port} (${key}): ${reason} with ${option}, or ${key} in config.toml.`;
    throw cliError('CLI_PORT_IN_USE', message, { ...place, systemCode: failure });
  }
}
