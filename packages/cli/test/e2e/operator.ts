import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { DEVNET_NETWORK_FOLDER } from '../../src/devnet/devnet.ts';
import type { LocalNetwork } from './support/local-network.ts';

/** What an operator watches. */
const METRICS = [
  'mutual_block_timestamp_seconds',
  'mutual_build_seconds',
  'mutual_commit_seconds',
  'mutual_committed_bytes_total',
  'mutual_committed_transactions_total',
  'mutual_consensus_stage_seconds',
  'mutual_disk_free_bytes',
  'mutual_disk_sync_seconds',
  'mutual_events_total',
  'mutual_execute_seconds',
  'mutual_height',
  'mutual_journal_bytes',
  'mutual_mempool_bytes',
  'mutual_mempool_parked_transactions',
  'mutual_mempool_transactions',
  'mutual_p2p_received_bytes',
  'mutual_p2p_sent_bytes',
  'mutual_peers',
  'mutual_rounds_total',
  'mutual_rpc_call_seconds',
  'mutual_rpc_calls_total',
  'mutual_rpc_limited_total',
  'mutual_sync_target_height',
  'mutual_unread_transactions',
  'mutual_verified_transactions',
];

const STAGES = ['commit', 'precommit', 'prevote', 'propose', 'waiting'];

/** `/metrics` of a node that has decided blocks. */
export function describeOperator(network: () => LocalNetwork): void {
  const read = (path: string): string => readFileSync(join(network().directory, DEVNET_NETWORK_FOLDER, 'validator-1', path), 'utf8');
  const ask = (token: string): Promise<Response> => {
    const { admin } = parse(read('config.toml')) as { readonly admin: { readonly port: number } };
    return fetch(`http://127.0.0.1:${admin.port}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  };

  describe('the operator of a node', () => {
    test('is shown what it does and where its time goes', async () => {
      const text = await (await ask(read('keys/admin.token').trim())).text();
      expect([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name).sort()).toEqual(METRICS);
      const value = (sample: string): number =>
        Number(
          text
            .split('\n')
            .find((line) => line.startsWith(`${sample} `))
            ?.split(' ')[1],
        );
      const positive = ['mutual_height', 'mutual_disk_free_bytes', 'mutual_disk_sync_seconds_count', 'mutual_commit_seconds_count'];
      expect(positive.filter((sample) => !(value(sample) > 0))).toEqual([]);
      const stages = [...text.matchAll(/^mutual_consensus_stage_seconds_count\{stage="(\w+)"\} (\d+)$/gm)];
      expect(stages.map(([, stage]) => stage).sort()).toEqual(STAGES);
      expect(value('mutual_peers')).toBe(3);
    });

    test('has to show the token', async () => {
      const answers = await Promise.all(['', 'x'.repeat(64)].map(ask));
      expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    });
  });
}
