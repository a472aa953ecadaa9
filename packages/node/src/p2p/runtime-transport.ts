import type { RuntimeTransport } from '../runtime/ports.ts';
import { STREAM_LIMITS } from './limits.ts';
import type { Transport } from './transport.ts';

/** The transport as consensus uses it: what fits goes with the votes, longer messages go as bulk and never hold votes back. */
export function createRuntimeTransport(transport: Transport, report: (peer: string, reason: string) => void): RuntimeTransport {
  return {
    send: (peer, message) => {
      transport.send(peer, message.length <= STREAM_LIMITS.consensus.messageBytesMax ? 'consensus' : 'bulk', message);
    },
    cut: (peer, reason) => {
      report(peer, reason);
      transport.cut(peer);
    },
  };
}
