import { RpcServer } from '@mutual-chain/rpc/server';
import type { Fetch } from '../../src/index.ts';
import type { MemoryNode } from './memory-chain.ts';

/** What happens to one exchange over HTTP. `unsent`: no connection. `unanswered`: the node does what it is asked, and the answer is lost. */
export type Fault = 'none' | 'unsent' | 'unanswered' | 'garbled';

/** A node behind a real server, which can stop, start and fail. It keeps its name when its port changes. */
export class ServedNode {
  readonly url: string;
  node: MemoryNode;
  /** What happens to the next exchanges, in order; after them nothing does. */
  readonly faults: Fault[] = [];
  /** Methods that were asked for, in order; a batch counts as its first call. */
  readonly asked: string[] = [];
  #server: RpcServer | undefined;
  #address = '';

  constructor(name: string, node: MemoryNode) {
    this.url = `http://${name}.test/`;
    this.node = node;
  }

  /** Where it listens, for programs that do not know its name. */
  get listening(): string {
    return this.#address;
  }

  /** Listens, unless it does already. */
  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    this.#server = new RpcServer({ ports: this.node.ports, port: 0, rateLimit: { burst: 1_000_000, callsPerSecond: 1_000_000 } });
    this.#address = await this.#server.start();
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  /** Carries a request to the server, unless something is to go wrong. */
  async fetch(request: RequestInit): Promise<Response> {
    const json: unknown = JSON.parse(String(request.body));
    this.asked.push(((Array.isArray(json) ? json[0] : json) as { method: string }).method);
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'unsent' || this.#server === undefined) throw new TypeError('fetch failed');
    const response = await fetch(this.#address, request);
    if (fault === 'none') return response;
    await response.text();
    if (fault === 'unanswered') throw new TypeError('terminated');
    return new Response('<html>502 Bad Gateway</html>', { status: 502 });
  }
}

/** A `fetch` that reaches served nodes by their names. */
export function fetchOf(nodes: readonly ServedNode[]): Fetch {
  return async (url, request) => {
    const node = nodes.find((each) => each.url === url);
    if (node === undefined) throw new TypeError(`there is no node at ${url}`);
    return node.fetch(request);
  };
}
