import type { Genesis } from '@mutual-chain/protocol';
import { isLoopbackHost } from '../config/conflicts.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';
import { findTestAccount } from './test-accounts.ts';

/**
 * Refuses to open a network to others whose accounts everybody has the keys of: one with accounts of the published test mnemonic.
 *
 * Errors: `CLI_TEST_KEYS_EXPOSED` naming the key of the configuration that would.
 */
export function assertLoopbackOnly(
  config: NodeConfig,
  genesis: Parameters<typeof findTestAccount>[0] & Pick<Genesis, 'networkName'>,
): void {
  const exposed = firstExposure(config);
  if (exposed === undefined) return;
  const account = findTestAccount(genesis);
  if (account === undefined) return;
  const message = `${exposed.name} is ${exposed.value}, but the network ${genesis.networkName} uses ${account}, whose key is published with the test mnemonic. Listen on 127.0.0.1, or found a network with keys of your own: mutual init.`;
  throw cliError('CLI_TEST_KEYS_EXPOSED', message, { key: exposed.name, account });
}

/** The first key of a configuration with which others than this machine reach the node. */
function firstExposure({ p2p, rpc, admin }: NodeConfig): { readonly name: string; readonly value: string } | undefined {
  const places = [
    ...p2p.listen.map((value) => ({ name: 'p2p.listen', value, isLoopback: isLoopbackAddress(value) })),
    ...p2p.publicAddresses.map((value) => ({ name: 'p2p.publicAddresses', value, isLoopback: isLoopbackAddress(value) })),
    ...(rpc.enabled ? [{ name: 'rpc.host', value: rpc.host, isLoopback: isLoopbackHost(rpc.host) }] : []),
    ...(admin.enabled ? [{ name: 'admin.host', value: admin.host, isLoopback: isLoopbackHost(admin.host) }] : []),
  ];
  return places.find(({ isLoopback }) => !isLoopback);
}

/** Whether a multiaddress begins with a host that is this machine. */
function isLoopbackAddress(address: string): boolean {
  const [, , host = ''] = address.split('/');
  return isLoopbackHost(host);
}
