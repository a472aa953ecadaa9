/** Limits of connections, and of the time each phase of a request may take. `HTTP_LIMIT_REASONS` says why. */
export type HttpLimits = { readonly [Name in keyof typeof HTTP_LIMITS]: number };

/** The limits a server has unless it is given others. */
export const HTTP_LIMITS = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 10_000,
  handlerTimeoutMs: 10_000,
  waitTimeoutMs: 9000,
  connectionTimeoutMs: 30_000,
  keepAliveTimeoutMs: 5000,
  connectionsCheckIntervalMs: 1000,
  requestsPerSocketMax: 1000,
  connectionsMax: 1000,
  waitingCallsMax: 500,
  headersBytesMax: 16_384,
  parameterCharactersMax: 64,
} as const;

/** Reason of each limit. */
export const HTTP_LIMIT_REASONS: Readonly<Record<keyof typeof HTTP_LIMITS, string>> = {
  headersTimeoutMs: 'How long a client may take to send the headers, ms.',
  requestTimeoutMs: 'How long a client may take to send a whole request, ms.',
  handlerTimeoutMs: 'How long the server may take to answer, ms; then the answer is `TIMEOUT`.',
  waitTimeoutMs:
    'How long the calls of one request may take together before those left are not made, and what waits is answered as it stands, ms.',
  connectionTimeoutMs: 'How long a connection may be silent while a request is served, ms: a client that does not read is cut.',
  keepAliveTimeoutMs: 'How long an idle connection is kept, ms.',
  connectionsCheckIntervalMs: 'How often the two timeouts of requests are checked, ms.',
  requestsPerSocketMax: 'Requests on one connection before it is closed.',
  connectionsMax: 'Connections at the same time; more are not accepted.',
  waitingCallsMax: 'Calls that wait for a transaction at the same time; more are answered `SERVER_BUSY`.',
  headersBytesMax: 'Bytes of all headers of a request.',
  parameterCharactersMax: 'Characters of a part of a path.',
};
