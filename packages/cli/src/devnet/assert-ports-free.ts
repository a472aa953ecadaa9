import { createServer } from 'node:net';
import { cliError } from '../errors.ts';

/** Makes sure that this machine can be listened on at every port. Errors: `CLI_PORT_IN_USE` naming the first that is taken. */
export async function assertPortsFree(host: string, ports: readonly { readonly port: number; readonly use: string }[]): Promise<void> {
  for (const { port, use } of ports) {
    const failure = await tryToListen(host, port);
    if (failure === undefined) continue;
    const message = `Port ${port} of ${host}, for ${use}, cannot be used (${failure}). End the program that uses it, perhaps another devnet (mutual devnet stop), or choose others with --rpc-port and --p2p-port.`;
    throw cliError('CLI_PORT_IN_USE', message, { host, port, use, systemCode: failure });
  }
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
