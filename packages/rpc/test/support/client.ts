import { RpcServer, type RpcServerOptions } from '../../src/server/index.ts';

/** What came back over HTTP; `json` is undefined when there was no body. */
export type Response = { readonly status: number; readonly headers: Headers; readonly json: unknown };

/** A server on a free port of the loopback interface, and how to ask it. */
export type Running = {
  readonly url: string;
  readonly port: number;
  /** Sends a body as it is. */
  readonly post: (body: string | Uint8Array<ArrayBuffer>, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  /** Calls one method; resolves to the whole answer. */
  readonly call: (method: string, params?: unknown) => Promise<unknown>;
  readonly get: (path: string) => Promise<Response>;
  readonly stop: () => Promise<void>;
};

/** Starts a server for a test. */
export async function startServer(options: RpcServerOptions): Promise<Running> {
  const server = new RpcServer({ port: 0, ...options });
  const url = await server.start();
  const read = async (response: globalThis.Response): Promise<Response> => {
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: text === '' ? undefined : (JSON.parse(text) as unknown) };
  };
  const post: Running['post'] = async (body, headers = {}) =>
    read(await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }));
  return {
    url,
    port: Number(new URL(url).port),
    post,
    call: async (method, params = []) => (await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).json,
    get: async (path) => read(await fetch(`${url}${path}`)),
    stop: () => server.stop(),
  };
}
