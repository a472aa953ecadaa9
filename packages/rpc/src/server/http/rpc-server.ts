import { type Cryptography, referenceCryptography } from '@mutual-chain/protocol';
import type { FastifyInstance } from 'fastify';
import { abortAfter } from '../abort-after.ts';
import { type Clock, systemClock } from '../clock.ts';
import { Dispatcher } from '../dispatcher.ts';
import type { RpcEvents, RpcPorts } from '../ports.ts';
import { type RateLimit, RateLimiter } from '../rate-limiter.ts';
import { readinessOf } from '../readiness.ts';
import { RpcError } from '../rpc-error.ts';
import { LOOPBACK_HOSTS } from './access.ts';
import { clientIdentity } from './client-identity.ts';
import { createHttp } from './create-http.ts';
import { HTTP_LIMITS, type HttpLimits } from './server-limits.ts';

/** What a server is made of. Everything but the ports has a default. */
export type RpcServerOptions = {
  readonly ports: RpcPorts;
  readonly events?: RpcEvents;
  /** Address to listen on. */
  readonly host?: string;
  /** Port to listen on; 0 takes any that is free. */
  readonly port?: number;
  /** Names in the Host header that are answered, without port; a server that is reached by a name needs it here. */
  readonly allowedHosts?: readonly string[];
  /** Origins of pages that may ask, besides those this server serves itself. */
  readonly allowedOrigins?: readonly string[];
  /** What each client may ask; a client is an IPv4 address or an IPv6 network of 64 bits. */
  readonly rateLimit?: RateLimit;
  /** Age of the last block above which the node is not ready, ms. */
  readonly blockAgeMsMax?: number;
  readonly limits?: Partial<HttpLimits>;
  /** For the checksums of addresses. */
  readonly cryptography?: Pick<Cryptography, 'keccak256'>;
  readonly clock?: Clock;
};

/** What a server has unless it is given others. */
export const RPC_SERVER_DEFAULTS = {
  host: '127.0.0.1',
  port: 8545,
  rateLimit: { burst: 10_000, callsPerSecond: 5000 },
  blockAgeMsMax: 30_000,
} as const;

const NO_EVENTS: RpcEvents = { called: () => {}, limited: () => {}, failed: () => {} };

/** The public interface of a node: JSON-RPC on `POST /`, and `GET /health` and `GET /ready`. */
export class RpcServer {
  readonly #options: RpcServerOptions;
  readonly #http: FastifyInstance;

  constructor(options: RpcServerOptions) {
    this.#options = options;
    const { ports, events = NO_EVENTS, clock = systemClock, cryptography = referenceCryptography } = options;
    const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits };
    const { allowedHosts = LOOPBACK_HOSTS, allowedOrigins = [] } = options;
    this.#http = createHttp({ limits, allowedHosts, allowedOrigins, events });
    const rates = new RateLimiter(options.rateLimit ?? RPC_SERVER_DEFAULTS.rateLimit, clock.elapsedMs);
    const { version } = ports.node.status();
    const { waitingCallsMax } = limits;
    const dispatcher = new Dispatcher({ ports, events, cryptography, clock, version, waitingCallsMax });
    this.#addRpc(dispatcher, rates, limits);
    this.#addProbes(clock, limits);
  }

  /** Listens; when it resolves, requests are answered at the URL. Rejects when the port is taken or the address is not of this machine. */
  async start(): Promise<string> {
    const { host = RPC_SERVER_DEFAULTS.host, port = RPC_SERVER_DEFAULTS.port } = this.#options;
    return this.#http.listen({ host, port });
  }

  /** Takes no more requests; when it resolves, those that were being served are answered and every connection is closed. */
  async stop(): Promise<void> {
    await this.#http.close();
  }

  #addRpc(dispatcher: Dispatcher, rates: RateLimiter, limits: HttpLimits): void {
    // Not with the time limit of the framework, which makes and aborts a signal for each request: `answerWithin` keeps the same limit.
    this.#http.post('/', async (request, reply) => {
      const client = clientIdentity(request.socket.remoteAddress);
      const deadline = abortAfter(limits.waitTimeoutMs);
      // Not the signal of the framework: that one aborts as soon as a body has been read, and its timeout ends then too.
      reply.raw.once('close', deadline.abort);
      const response = await answerWithin(
        limits.handlerTimeoutMs,
        dispatcher.dispatch({
          body: request.body instanceof Uint8Array ? request.body : new Uint8Array(0),
          signal: deadline.signal,
          charge: (calls) => rates.take(client, calls),
        }),
      ).finally(deadline.release);
      if (response.body === undefined) return reply.code(204).send();
      if (response.isRateLimited) reply.code(429).header('retry-after', String(Math.ceil(response.retryAfterMs / 1000)));
      return reply.header('content-type', 'application/json; charset=utf-8').send(response.body);
    });
  }

  #addProbes(clock: Clock, { handlerTimeoutMs: handlerTimeout }: HttpLimits): void {
    const { ports, blockAgeMsMax = RPC_SERVER_DEFAULTS.blockAgeMsMax } = this.#options;
    this.#http.get('/health', { handlerTimeout }, async () => ({ alive: true }));
    this.#http.get('/ready', { handlerTimeout }, async (_request, reply) => {
      const readiness = readinessOf(ports.node.status(), clock.nowMs(), blockAgeMsMax);
      return reply.code(readiness.ready ? 200 : 503).send(readiness);
    });
  }
}

/** The answer, if it comes in time. Errors: `RpcError` `TIMEOUT`. */
async function answerWithin<Answer>(timeoutMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RpcError('TIMEOUT')), timeoutMs);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
