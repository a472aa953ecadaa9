import { privateKeySigner, RpcClient, Wallet, type WalletOptions } from '../../src/index.ts';
import { keysOf, MemoryChain, MemoryNode, type PoolLimits } from './memory-chain.ts';
import { fetchOf, ServedNode } from './served-node.ts';

export const alice = keysOf('alice');
export const bob = keysOf('bob');

/** The fields of a payment to bob. */
export function pay(memo: string, amount = 5n) {
  return { to: bob.address, asset: 'MTN', amount, memo };
}

/** A chain with nodes behind real servers, and wallets of alice that make a step of the world whenever they wait. */
export class World {
  readonly chain: MemoryChain;
  readonly nodes: MemoryNode[] = [];
  readonly served: ServedNode[] = [];
  readonly #wallets: Wallet[] = [];
  /** What happens whenever a wallet waits. */
  step: () => unknown = () => this.node.makeBlock();

  constructor(chain: MemoryChain = new MemoryChain()) {
    this.chain = chain;
  }

  get node(): MemoryNode {
    return this.nodes[0] as MemoryNode;
  }

  /** Starts one more node. */
  async serve(limits?: PoolLimits): Promise<ServedNode> {
    const node = new MemoryNode(this.chain, limits);
    const served = new ServedNode(`node${this.nodes.length}`, node);
    await served.start();
    this.nodes.push(node);
    this.served.push(served);
    return served;
  }

  /** Takes every transaction of every mempool to all others. */
  gossip(): void {
    for (const { pending } of this.nodes) for (const each of pending) for (const node of this.nodes) node.gossip(each);
  }

  rpc(): RpcClient {
    return new RpcClient({ urls: this.served.map(({ url }) => url), fetch: fetchOf(this.served), sleep: () => this.#sleep() });
  }

  /** Connects a wallet of alice. */
  async connect(more: Partial<WalletOptions> = {}): Promise<Wallet> {
    const signer = privateKeySigner(alice.privateKey);
    const wallet = await Wallet.connect({ rpc: this.rpc(), signer, sleep: () => this.#sleep(), ...more });
    this.#wallets.push(wallet);
    return wallet;
  }

  async stop(): Promise<void> {
    for (const wallet of this.#wallets) wallet.close();
    await Promise.all(this.served.map((each) => each.stop()));
  }

  async #sleep(): Promise<void> {
    await this.step();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
