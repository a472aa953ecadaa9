import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import {
  createChainIndexes,
  createMempoolLedger,
  lockSignerDirectory,
  MutualNode,
  makeDirectory,
  measuredFileSystem,
  type NodeEvent,
  nodeFileSystem,
  systemClock,
  TransactionService,
} from '@mutual-chain/node';
import { Libp2pTransport } from '@mutual-chain/node/p2p';
import type { Signature } from '@mutual-chain/protocol';
import { OperatorServer, type RpcEvents, RpcServer } from '@mutual-chain/rpc/server';
import { readChainIdentity } from '../chain/chain-identity.ts';
import { openChain } from '../chain/open-chain.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { RpcConfig } from '../config/node-config.ts';
import { cliError } from '../errors.ts';
import { loadNodeKeys } from '../keys/node-keys.ts';
import { configuredPeers } from '../network/configured-peers.ts';
import { assertPlacesFree, listeningPlaces } from '../network/listening-places.ts';
import { assertLoopbackOnly } from '../network/loopback-only.ts';
import { createRpcPorts } from '../rpc-ports/create-rpc-ports.ts';
import { nodeCryptography } from './node-cryptography.ts';
import type { NodeLog } from './node-log.ts';
import { createNodeMetrics } from './node-metrics.ts';
import type { ReadyMessage } from './ready-message.ts';

/** What a node process is made of besides its configuration. */
export type RunNodeOptions = {
  readonly config: LoadedConfig;
  readonly log: NodeLog;
  readonly version: string;
  /** The node cannot go on; whoever runs it stops it and ends. */
  readonly halted: (reason: string) => void;
};

/** A node with everything around it. */
export type RunningNode = {
  readonly ready: ReadyMessage;
  /** Ends it gracefully: clients first, then peers, then what is on the disk. Safe to call twice. */
  readonly stop: () => Promise<void>;
};

/**
 * Starts a node from its configuration: chain, transactions, consensus, links, JSON-RPC, metrics. What was started is ended again when a later part fails.
 *
 * Errors: `CLI_PORT_IN_USE`, those of the configuration, keys, store, log, signer and network.
 */
export async function runNode({ config: { config }, log, version, halted }: RunNodeOptions): Promise<RunningNode> {
  const ends: (() => Promise<void> | void)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      for (const end of ends.reverse()) await end();
    })();
    return stopping;
  };
  try {
    await assertPlacesFree(listeningPlaces(config));
    const { cryptography, description } = await nodeCryptography(config.node.cryptography);
    const chain = readChainIdentity(config.node.genesisFile, cryptography);
    const { genesis, context } = chain;
    assertLoopbackOnly(config, genesis);
    const keys = loadNodeKeys(config, cryptography);
    const directory = config.node.dataDirectory;
    makeDirectory(directory);
    const store = await openChain(chain, join(directory, 'chain'), { withIndexes: true });
    ends.push(() => store.stop());
    const indexes = createChainIndexes({ store });

    // The transactions send through the node, and the node takes them: one has to be named before it is there.
    const running: { node?: MutualNode } = {};
    const metrics = createNodeMetrics({
      peers: () => running.node?.transport.peers().length ?? 0,
      targetHeight: () => running.node?.progress.targetHeight ?? 0,
      mempoolTransactions: () => transactions.sizes.transactions,
      mempoolBytes: () => transactions.sizes.bytes,
      mempoolParked: () => transactions.sizes.parked,
      unread: () => transactions.sizes.unread,
      verifiedTotal: () => transactions.counters.verified,
      journalBytes: () => transactions.sizes.journalBytes,
      diskFreeBytes: () => freeBytesOf(directory),
      bytesSent: () => sumOfBytes(running.node, 'bytesSent'),
      bytesReceived: () => sumOfBytes(running.node, 'bytesReceived'),
    });
    const fileSystem = measuredFileSystem(nodeFileSystem, metrics.diskSynced);
    const transactions = new TransactionService({
      cryptography,
      identity: { chainId: genesis.chainId, genesisHash: context.genesisHash },
      ledger: createMempoolLedger({ context, store, isCommitted: indexes.isCommitted }),
      journal: { fileSystem, directory: join(directory, 'transactions'), onIncident: log.journalIncident },
      clock: systemClock,
      send: (peer, message) => running.node?.sendTransactions(peer, message) ?? false,
      cut: (peer, reason) => running.node?.cut(peer, reason),
      workAvailable: () => running.node?.workAvailable(),
      failed: (error) => halted(error instanceof Error ? error.message : String(error)),
    });
    const report = (event: NodeEvent): void => {
      log.event(event);
      metrics.event(event);
      if (event.type === 'halted') halted(event.reason);
    };
    const { validator } = keys;
    if (validator !== undefined) ends.push(await lockSignerDirectory(config.validator.stateDirectory));
    const node = new MutualNode({
      ...{ cryptography, genesis, store, transactions, report, fileSystem },
      logDirectory: join(directory, 'wal'),
      signerDirectory: config.validator.stateDirectory,
      indexesOf: indexes.indexesOf,
      validatorKey:
        validator === undefined
          ? undefined
          : { address: validator.address, signDigest: (digest) => cryptography.sign(digest, validator.privateKey) as Signature },
      peers: configuredPeers(config),
      createTransport: (identity, events) => new Libp2pTransport({ identity, events, nodeKey: keys.nodeKey, listen: config.p2p.listen }),
    });
    running.node = node;
    transactions.start();
    ends.push(() => transactions.stop());
    ends.push(() => node.stop());
    await node.start();
    if (node.haltReason !== undefined) throw cliError('CLI_NODE_FAILED', `The node cannot go on: ${node.haltReason}`, {});

    const events: RpcEvents = {
      ...metrics.rpc,
      failed: (method, error) =>
        log.error({ method, error: String(error), stack: error instanceof Error ? error.stack : '' }, 'a call failed by a bug'),
    };
    let rpcUrl: string | undefined;
    if (config.rpc.enabled) {
      const ports = createRpcPorts({ cryptography, chain, store, indexes, transactions, node, version });
      const server = new RpcServer({ ports, events, cryptography, ...rpcOptions(config.rpc) });
      ends.push(() => server.stop());
      rpcUrl = await server.start();
    }
    if (config.admin.enabled && keys.adminToken !== undefined) {
      const { host, port, allowedHosts } = config.admin;
      const server = new OperatorServer({ metrics: metrics.source, events, token: keys.adminToken, host, port, allowedHosts });
      ends.push(() => server.stop());
      await server.start();
    }
    const { transport, height } = node;
    const ready: ReadyMessage = { type: 'ready', rpcUrl, peerId: transport.peer, addresses: transport.addresses(), height };
    log.info({ version, ...ready, chain: genesis.networkName, cryptography: description }, 'the node runs');
    return { ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function rpcOptions(rpc: RpcConfig) {
  const { host, port, allowedHosts, allowedOrigins, callsPerSecond, callsBurst, blockAgeMsMax, enabled: _, ...limits } = rpc;
  return { host, port, allowedHosts, allowedOrigins, blockAgeMsMax, limits, rateLimit: { callsPerSecond, burst: callsBurst } };
}

function sumOfBytes(node: MutualNode | undefined, counter: 'bytesSent' | 'bytesReceived'): number {
  const channels = node?.transport.counters().channels;
  return channels === undefined ? 0 : Object.values(channels).reduce((sum, each) => sum + each[counter], 0);
}

/** Bytes that are free where a folder is. */
function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
