// The server: JSON-RPC over HTTP, answered from ports.

export { RPC_SERVER_ERRORS, type RpcServerErrorCode } from './errors.ts';
export { LOOPBACK_HOSTS } from './http/access.ts';
export { OperatorServer, type OperatorServerOptions, TOKEN_CHARACTERS_MIN } from './http/operator-server.ts';
export { RPC_SERVER_DEFAULTS, RpcServer, type RpcServerOptions } from './http/rpc-server.ts';
export { HTTP_LIMIT_REASONS, HTTP_LIMITS, type HttpLimits } from './http/server-limits.ts';
export type * from './ports.ts';
export type { RateLimit } from './rate-limiter.ts';
export { type Readiness, readinessOf } from './readiness.ts';
