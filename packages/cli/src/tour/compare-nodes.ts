import { RpcClient } from '@mutual-chain/sdk';

/** The block of a height as every node has it. */
export type NodeBlock = { readonly rpcUrl: string; readonly blockHash: string; readonly stateRoot: string };

const POLL_MS = 100;
const WAIT_MS_MAX = 30_000;

/** Waits until every node has a height and answers what each has there. Errors: those of `RpcClient`; `Error` when a node does not get there. */
export async function blocksOfNodes(rpcUrls: readonly string[], height: number): Promise<readonly NodeBlock[]> {
  return Promise.all(rpcUrls.map((rpcUrl) => blockOf(rpcUrl, height)));
}

async function blockOf(rpcUrl: string, height: number): Promise<NodeBlock> {
  const rpc = new RpcClient(rpcUrl);
  const untilMs = performance.now() + WAIT_MS_MAX;
  while ((await rpc.call('mutual_status')).height < height) {
    if (performance.now() > untilMs) throw new Error(`${rpcUrl} does not reach height ${height}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const { hash, header } = await rpc.call('mutual_getBlock', { heightOrHash: height });
  return { rpcUrl, blockHash: hash, stateRoot: header.stateRoot };
}
