import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { rpcServerError } from '../errors.ts';
import type { MetricsSource, RpcEvents } from '../ports.ts';
import { LOOPBACK_HOSTS } from './access.ts';
import { createHttp } from './create-http.ts';
import { HTTP_LIMITS } from './server-limits.ts';

/** What the operator's server is made of. */
export type OperatorServerOptions = {
  readonly metrics: MetricsSource;
  readonly events: RpcEvents;
  /** What `Authorization: Bearer …` has to carry, at least `TOKEN_CHARACTERS_MIN` characters. */
  readonly token: string;
  /** Address to listen on. */
  readonly host?: string;
  readonly port: number;
  readonly allowedHosts?: readonly string[];
};

/** Fewest characters of a token: 128 bits in hex. */
export const TOKEN_CHARACTERS_MIN = 32;

/** What only an operator may see, on a port of its own: `GET /metrics`. */
export class OperatorServer {
  readonly #options: OperatorServerOptions;
  readonly #http: FastifyInstance;

  /** Errors: `RPC_TOKEN_TOO_SHORT`. */
  constructor(options: OperatorServerOptions) {
    const { metrics, events, token, allowedHosts = LOOPBACK_HOSTS } = options;
    if (token.length < TOKEN_CHARACTERS_MIN) {
      throw rpcServerError('RPC_TOKEN_TOO_SHORT', `the token has to have at least ${TOKEN_CHARACTERS_MIN} characters`, {
        limit: TOKEN_CHARACTERS_MIN,
      });
    }
    this.#options = options;
    this.#http = createHttp({ limits: HTTP_LIMITS, allowedHosts, allowedOrigins: [], events });
    this.#http.addHook('onRequest', async (request, reply) => {
      if (isToken(request.headers.authorization, token)) return undefined;
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send({ error: 'the token is missing or wrong: send the header Authorization: Bearer TOKEN with the text of admin.tokenFile' });
    });
    const { handlerTimeoutMs: handlerTimeout } = HTTP_LIMITS;
    this.#http.get('/metrics', { handlerTimeout }, async (_request, reply) =>
      reply.header('content-type', metrics.contentType).send(await metrics.text()),
    );
  }

  /** Listens; when it resolves, requests are answered at the URL. */
  async start(): Promise<string> {
    const { host = '127.0.0.1', port } = this.#options;
    return this.#http.listen({ host, port });
  }

  /** Takes no more requests and closes every connection. */
  async stop(): Promise<void> {
    await this.#http.close();
  }
}

/** Compares digests, which takes equally long whatever is sent. */
function isToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}
