import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { RPC_LIMITS, type RpcErrorCode } from '../../contract/index.ts';
import type { RpcEvents } from '../ports.ts';
import { errorObject, RpcError } from '../rpc-error.ts';
import { isAllowedHost, isAllowedOrigin } from './access.ts';
import type { HttpLimits } from './server-limits.ts';

/** What an HTTP server is made of. */
export type HttpOptions = {
  readonly limits: HttpLimits;
  /** Names in the Host header that are answered, without port. */
  readonly allowedHosts: readonly string[];
  /** Origins of pages that may ask, besides those this server serves itself. */
  readonly allowedOrigins: readonly string[];
  readonly events: RpcEvents;
};

/** How long a browser may remember what it was told about an origin, seconds. */
const PREFLIGHT_SEC = 600;

/** An HTTP server that takes JSON as bytes, with every limit set but that of the time for an answer, which each route has, and refuses foreign hosts and origins before anything else. */
export function createHttp({ limits, allowedHosts, allowedOrigins, events }: HttpOptions): FastifyInstance {
  const http = Fastify({
    logger: false,
    http: {
      maxHeaderSize: limits.headersBytesMax,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.connectionsCheckIntervalMs,
      requireHostHeader: true,
    },
    bodyLimit: RPC_LIMITS.requestBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.connectionTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxRequestsPerSocket: limits.requestsPerSocketMax,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    trustProxy: false,
    requestIdHeader: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: limits.parameterCharactersMax, caseSensitive: true },
    frameworkErrors: (error, _request, reply) => {
      sendError(reply, error.statusCode ?? 400, 'INVALID_REQUEST', { field: 'url', reason: 'is malformed' });
    },
  });
  http.server.headersTimeout = limits.headersTimeoutMs;
  http.server.maxConnections = limits.connectionsMax;

  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  http.addHook('onRequest', async (request, reply) => {
    const { host, origin } = request.headers;
    if (!isAllowedHost(host, allowedHosts)) return refuse(events, reply, 403, 'HOST_FORBIDDEN');
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    if (origin === undefined) return undefined;
    reply.header('vary', 'origin');
    if (!isAllowedOrigin(origin, host, allowedOrigins)) return refuse(events, reply, 403, 'ORIGIN_FORBIDDEN');
    reply.header('access-control-allow-origin', origin);
    return undefined;
  });
  http.options('/', async (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', String(PREFLIGHT_SEC))
      .send(),
  );
  http.setNotFoundHandler(async (_request, reply) => sendError(reply, 404, 'INVALID_REQUEST', { field: 'url', reason: 'leads nowhere' }));
  http.setErrorHandler(async (error: FastifyError, request, reply) => handleError(events, error, request, reply));
  return http;
}

/** Codes of errors, the framework's among them, that clients are told. */
const CODES: Readonly<Record<string, RpcErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_HANDLER_TIMEOUT: 'TIMEOUT',
  TIMEOUT: 'TIMEOUT',
};

function handleError(events: RpcEvents, error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = CODES[error.code];
  const status = code === 'TIMEOUT' ? 503 : (error.statusCode ?? 500);
  if (code !== undefined) return refuse(events, reply, status, code);
  if (status < 500) return sendError(reply, status, 'INVALID_REQUEST', {});
  events.failed(`${request.method} ${request.routeOptions.url ?? ''}`, error);
  return sendError(reply, 500, 'INTERNAL_ERROR', {});
}

function refuse(events: RpcEvents, reply: FastifyReply, status: number, code: RpcErrorCode): FastifyReply {
  events.limited(code);
  return sendError(reply, status, code, {});
}

/** Every refusal has the form of a JSON-RPC error without an id, also where no call was made. */
function sendError(
  reply: FastifyReply,
  status: number,
  code: RpcErrorCode,
  details: { readonly field?: string; readonly reason?: string },
) {
  const body = { jsonrpc: '2.0', id: null, error: errorObject(new RpcError(code, details)) };
  return reply.code(status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}
