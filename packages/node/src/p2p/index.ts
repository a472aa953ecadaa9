// Links to other nodes. An entry of its own, so that who only keeps and replays a chain loads nothing of the network.

export { CLOSE_REASONS, type CloseReason } from './close-reason.ts';
export type { NodeIdentity } from './handshake.ts';
export { Libp2pTransport, type Libp2pTransportOptions } from './libp2p-transport.ts';
export {
  CHANNELS,
  type Channel,
  type OverflowPolicy,
  STREAM_LIMITS,
  type StreamLimits,
  type StreamName,
  TRANSPORT_LIMITS,
} from './limits.ts';
export { MemoryNetwork, type MemoryNetworkOptions } from './memory-network.ts';
export type { MemoryTransportOptions } from './memory-transport.ts';
export { peerIdOf } from './node-key.ts';
export { createRuntimeTransport } from './runtime-transport.ts';
export { systemTransportClock } from './system-clock.ts';
export type {
  ConnectedPeer,
  Member,
  RequestOutcome,
  SendOutcome,
  Transport,
  TransportClock,
  TransportEvents,
} from './transport.ts';
export type { ChannelCounters, TransportCounters } from './transport-counters.ts';
