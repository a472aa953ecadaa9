import { nodeFileSystem, readKeyFile } from '@mutual-chain/node';
import { peerIdOf } from '@mutual-chain/node/p2p';
import { encodeHex } from '@mutual-chain/protocol';
import { RpcClient } from '@mutual-chain/sdk';
import type { ChainIdentity } from '../chain/chain-identity.ts';
import type { NodeConfig } from '../config/node-config.ts';
import { plainKeyIn } from '../keys/node-keys.ts';
import { listenFailure, listeningPlaces } from '../network/listening-places.ts';
import { type CheckResult, fine, wrong } from './check-result.ts';

const ANSWER_MS_MAX = 2000;

/** Whether the node can listen where it is told to; or whether it does already. */
export async function checkPorts(config: NodeConfig, chain: ChainIdentity): Promise<CheckResult> {
  const places = listeningPlaces(config);
  const failures: string[] = [];
  for (const place of places) {
    const { key, host, port } = place;
    const failure = await listenFailure(place);
    if (failure !== undefined) failures.push(`${key} (${host} port ${port}: ${failure})`);
  }
  const named = places.map(({ key, port }) => `${key} ${port}`).join(', ');
  if (failures.length === 0) return fine('ports', places.length === 0 ? 'the node listens nowhere' : `free: ${named}`);
  if (await isOwnNode(config, chain)) return fine('ports', `this node runs already: ${named}`);
  return wrong(
    'ports',
    `cannot listen: ${failures.join(', ')}`,
    'End the program that uses the port, or choose another one in the configuration.',
  );
}

/** Whether what listens there is the node of this very folder. */
async function isOwnNode({ rpc, p2p }: NodeConfig, { context }: ChainIdentity): Promise<boolean> {
  if (!rpc.enabled) return false;
  const host = rpc.host === '0.0.0.0' ? '127.0.0.1' : rpc.host;
  try {
    const client = new RpcClient({
      urls: [`http://${host.includes(':') ? `[${host}]` : host}:${rpc.port}`],
      timeoutMs: ANSWER_MS_MAX,
      roundsMax: 1,
    });
    const own = peerIdOf(plainKeyIn(readKeyFile(nodeFileSystem, p2p.keyFile), p2p.keyFile));
    const [{ genesisHash }, { peerId }] = await Promise.all([client.call('mutual_chainInfo'), client.call('mutual_status')]);
    return genesisHash === encodeHex(context.genesisHash) && peerId === own;
  } catch {
    return false;
  }
}
