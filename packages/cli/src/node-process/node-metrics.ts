import type { NodeEvent } from '@mutual-chain/node';
import type { MetricsSource, RpcEvents } from '@mutual-chain/rpc/server';
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';

/** Readings that are taken when somebody asks, by the name of their metric. */
export type NodeReadings = {
  readonly peers: () => number;
  readonly targetHeight: () => number;
  readonly mempoolTransactions: () => number;
  readonly mempoolBytes: () => number;
  readonly mempoolParked: () => number;
  readonly unread: () => number;
  readonly verifiedTotal: () => number;
  readonly journalBytes: () => number;
  readonly diskFreeBytes: () => number;
  readonly bytesSent: () => number;
  readonly bytesReceived: () => number;
};

/** What a node counts. */
export type NodeMetrics = {
  readonly source: MetricsSource;
  readonly event: (event: NodeEvent) => void;
  /** Something was made durable in so many ms. */
  readonly diskSynced: (durationMs: number) => void;
  readonly rpc: Pick<RpcEvents, 'called' | 'limited'>;
};

const BLOCK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const READINGS: Readonly<Record<keyof NodeReadings, { readonly name: string; readonly help: string }>> = {
  peers: { name: 'mutual_peers', help: 'Linked peers.' },
  targetHeight: { name: 'mutual_sync_target_height', help: 'Highest height that a believed peer claims.' },
  mempoolTransactions: { name: 'mutual_mempool_transactions', help: 'Admitted transactions that wait for a block.' },
  mempoolBytes: { name: 'mutual_mempool_bytes', help: 'Raw bytes of the admitted transactions.' },
  mempoolParked: { name: 'mutual_mempool_parked_transactions', help: 'Transactions that wait for an earlier nonce.' },
  unread: { name: 'mutual_unread_transactions', help: 'Transactions that nobody has looked at yet.' },
  verifiedTotal: { name: 'mutual_verified_transactions', help: 'Transactions whose signatures were verified since the start.' },
  journalBytes: { name: 'mutual_journal_bytes', help: 'Bytes of the journal of transactions on the disk.' },
  diskFreeBytes: { name: 'mutual_disk_free_bytes', help: 'Free bytes where the data of the node are.' },
  bytesSent: { name: 'mutual_p2p_sent_bytes', help: 'Bytes sent to peers since the start.' },
  bytesReceived: { name: 'mutual_p2p_received_bytes', help: 'Bytes received from peers since the start.' },
};

/** Makes the metrics of a node. */
export function createNodeMetrics(readings: NodeReadings): NodeMetrics {
  const registry = new Registry();
  const registers = [registry];
  for (const [reading, { name, help }] of Object.entries(READINGS) as [keyof NodeReadings, { name: string; help: string }][]) {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(readings[reading]());
      },
    });
  }
  const height = new Gauge({ name: 'mutual_height', help: 'Last committed height.', registers });
  const blockTime = new Gauge({ name: 'mutual_block_timestamp_seconds', help: 'Time of the last block, unix seconds.', registers });
  const rounds = new Counter({ name: 'mutual_rounds_total', help: 'Rounds that the committed heights took.', registers });
  const transactions = new Counter({ name: 'mutual_committed_transactions_total', help: 'Transactions in committed blocks.', registers });
  const bytes = new Counter({ name: 'mutual_committed_bytes_total', help: 'Bytes of committed blocks.', registers });
  const seconds = (name: string, help: string): Histogram => new Histogram({ name, help, buckets: BLOCK_SECONDS, registers });
  const commit = seconds('mutual_commit_seconds', 'From the decision until the block was durable.');
  const build = seconds('mutual_build_seconds', 'To build a block.');
  const execute = seconds('mutual_execute_seconds', 'To execute a proposed block.');
  const stages = new Histogram({
    ...{ name: 'mutual_consensus_stage_seconds', help: 'In each stage of a height: waiting for work, the steps of rounds, committing.' },
    ...{ buckets: BLOCK_SECONDS, registers, labelNames: ['stage'] },
  });
  const syncs = seconds('mutual_disk_sync_seconds', 'To make what was written durable: log, signatures, journal.');
  const events = new Counter({
    ...{ name: 'mutual_events_total', help: 'Events of the node by type.', registers },
    labelNames: ['type'],
  });
  const calls = new Counter({
    name: 'mutual_rpc_calls_total',
    help: 'Calls by method and outcome.',
    labelNames: ['method', 'code'],
    registers,
  });
  const callSeconds = new Histogram({
    ...{ name: 'mutual_rpc_call_seconds', help: 'To answer a call.', buckets: BLOCK_SECONDS, registers },
    labelNames: ['method'],
  });
  const limited = new Counter({ name: 'mutual_rpc_limited_total', help: 'Calls refused by a limit.', labelNames: ['code'], registers });
  return {
    source: { contentType: registry.contentType, text: () => registry.metrics() },
    event: (event) => {
      if (event.type === 'stageEnded') {
        stages.observe({ stage: event.stage }, event.durationMs / 1000);
        return;
      }
      events.inc({ type: event.type });
      if (event.type === 'executed') (event.built ? build : execute).observe(event.durationMs / 1000);
      if (event.type !== 'committed') return;
      height.set(event.height);
      blockTime.set(event.timestampMs / 1000);
      rounds.inc(event.round + 1);
      transactions.inc(event.transactions);
      bytes.inc(event.bytes);
      commit.observe(event.durationMs / 1000);
    },
    diskSynced: (durationMs) => syncs.observe(durationMs / 1000),
    rpc: {
      called: ({ method, code, durationMs }) => {
        calls.inc({ method, code: code ?? 'OK' });
        callSeconds.observe({ method }, durationMs / 1000);
      },
      limited: (code) => limited.inc({ code }),
    },
  };
}
