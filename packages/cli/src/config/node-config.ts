/** Which implementation does cryptography: the fastest that works here, only the native one, or the reference. */
export type CryptographyChoice = 'auto' | 'native' | 'reference';

/** Least important message that is logged. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** How a message is logged: one JSON object a line, or a sentence. */
export type LogFormat = 'json' | 'text';

/**
 * Everything that a node is told from outside. Paths are absolute; lists have no order of importance; an empty text or list means that there is
 * none. What each key means, its unit and its range stand in `schema.ts`.
 */
export type NodeConfig = {
  readonly node: {
    readonly genesisFile: string;
    readonly dataDirectory: string;
    readonly cryptography: CryptographyChoice;
  };
  readonly p2p: {
    readonly listen: readonly string[];
    readonly publicAddresses: readonly string[];
    readonly keyFile: string;
    readonly validators: readonly string[];
    readonly followers: readonly string[];
  };
  readonly validator: {
    readonly keyFile: string;
    readonly passwordFile: string;
    readonly password: string;
    readonly stateDirectory: string;
  };
  readonly rpc: RpcConfig;
  readonly admin: {
    readonly enabled: boolean;
    readonly host: string;
    readonly port: number;
    readonly allowedHosts: readonly string[];
    readonly tokenFile: string;
    readonly token: string;
  };
  readonly log: {
    readonly level: LogLevel;
    readonly format: LogFormat;
  };
};

/** The part of the configuration for JSON-RPC. */
export type RpcConfig = {
  readonly enabled: boolean;
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly callsPerSecond: number;
  readonly callsBurst: number;
  readonly blockAgeMsMax: number;
  readonly connectionsMax: number;
  readonly waitingCallsMax: number;
  readonly requestsPerSocketMax: number;
  readonly headersBytesMax: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly handlerTimeoutMs: number;
  readonly waitTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
};
