import { cliError } from '../errors.ts';
import { listenFailure } from '../network/listening-places.ts';

/** Makes sure that this machine can be listened on at every port. Errors: `CLI_PORT_IN_USE` naming the first that is taken. */
export async function assertPortsFree(host: string, ports: readonly { readonly port: number; readonly use: string }[]): Promise<void> {
  for (const { port, use } of ports) {
    const failure = await listenFailure({ host, port });
    if (failure === undefined) continue;
    const message = `Port ${port} of ${host}, for ${use}, cannot be used (${failure}). End the program that uses it, perhaps another devnet (mutual devnet stop), or make a network with others: --reset --p2p-port 27600 --rpc-port 9645 --admin-port 10545.`;
    throw cliError('CLI_PORT_IN_USE', message, { host, port, use, systemCode: failure });
  }
}
