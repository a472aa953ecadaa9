/** What a node tells the process that started it once it answers. */
export type ReadyMessage = {
  readonly type: 'ready';
  /** Undefined where JSON-RPC is not served. */
  readonly rpcUrl: string | undefined;
  readonly peerId: string;
  /** Multiaddresses with the peer id. */
  readonly addresses: readonly string[];
  /** Last committed height. */
  readonly height: number;
};

/** Whether something is a `ReadyMessage`. */
export function isReadyMessage(value: unknown): value is ReadyMessage {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'ready';
}
