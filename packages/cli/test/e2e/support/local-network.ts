import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatusJson } from '@mutual-chain/rpc/contract';
import { afterAll, beforeAll, vi } from 'vitest';
import { chooseCryptography } from '../../../src/chain/choose-cryptography.ts';
import { DEVNET_NETWORK_FOLDER, Devnet } from '../../../src/devnet/devnet.ts';
import type { NodeChild } from '../../../src/devnet/node-child.ts';
import type { DevnetFile } from '../../../src/network/devnet-file.ts';
import { NETWORK_FILES } from '../../../src/network/write-network.ts';
import { freePorts } from './free-ports.ts';
import { call } from './json-rpc.ts';
import { TEST_MS_MAX, waitUntil } from './wait-until.ts';

const VALIDATORS = 4;

/** Four validators as processes of this machine, for the tests of one file. */
export class LocalNetwork {
  readonly directory: string;
  readonly devnet: Devnet;
  readonly file: DevnetFile;
  /** URLs of JSON-RPC in the order of the nodes, also of those that do not run. */
  readonly urls: readonly string[];

  private constructor(directory: string, devnet: Devnet, file: DevnetFile) {
    this.directory = directory;
    this.devnet = devnet;
    this.file = file;
    this.urls = file.rpcUrls;
  }

  /** Founds a network in a fresh folder and starts it. `parameters`: of the chain, where they differ from the defaults. */
  static async start(parameters: Readonly<Record<string, string>>): Promise<LocalNetwork> {
    // The nodes run the sources, as this process does.
    vi.stubEnv('NODE_OPTIONS', '--conditions=mutual-source');
    const directory = mkdtempSync(join(tmpdir(), 'mutual-e2e-'));
    const { cryptography } = await chooseCryptography();
    const ports = await freePorts(VALIDATORS);
    const devnet = Devnet.open({ directory, validators: VALIDATORS, ports, parameters, cryptography });
    const file = JSON.parse(readFileSync(await devnet.start(), 'utf8')) as DevnetFile;
    return new LocalNetwork(directory, devnet, file);
  }

  /** The genesis document. */
  get genesisFile(): string {
    return join(this.directory, DEVNET_NETWORK_FOLDER, NETWORK_FILES.genesis);
  }

  get nodes(): readonly NodeChild[] {
    return this.devnet.nodes;
  }

  node(index: number): NodeChild {
    const node = this.nodes[index];
    if (node === undefined) throw new RangeError(`there is no node ${index}`);
    return node;
  }

  url(index: number): string {
    const url = this.urls[index];
    if (url === undefined) throw new RangeError(`there is no node ${index}`);
    return url;
  }

  /** A test account by its name. */
  account(name: string): DevnetFile['accounts'][number] {
    const account = this.file.accounts.find((each) => each.name === name);
    if (account === undefined) throw new RangeError(`there is no account ${name}`);
    return account;
  }

  /** What a node says about itself. */
  status(index: number): Promise<StatusJson> {
    return call(this.url(index), 'mutual_status');
  }

  /** Waits until nodes have a height. */
  async reach(height: number, indices: readonly number[] = [...this.nodes.keys()]): Promise<void> {
    await Promise.all(
      indices.map((index) => waitUntil(`height ${height} of node ${index}`, async () => (await this.status(index)).height >= height)),
    );
  }

  /** Ends all processes, however they are, and deletes the folder. */
  async end(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A network for the tests of a file: started before the first and ended after the last. */
export function useNetwork(parameters: Readonly<Record<string, string>> = {}): () => LocalNetwork {
  vi.setConfig({ testTimeout: TEST_MS_MAX, hookTimeout: TEST_MS_MAX });
  let network: LocalNetwork | undefined;
  beforeAll(async () => {
    network = await LocalNetwork.start(parameters);
  });
  afterAll(async () => {
    await network?.end();
  });
  return () => {
    if (network === undefined) throw new Error('the network has not started');
    return network;
  };
}
