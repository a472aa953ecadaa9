import { cpus, totalmem } from 'node:os';
import { tableLines } from '../text/table.ts';
import type { BenchResult } from './run-bench.ts';

const MIB = 1_048_576;

/** What was measured, as tables. */
export function describeBench({ ratePerSec, seconds, validators, down, load, nodes, loadCpuPercent }: BenchResult): readonly string[] {
  const { latencyMs } = load;
  const away = down === 0 ? '' : `, ${down} of them ended`;
  const refused = Object.entries(load.refused).map(([code, count]) => `${code} ${count}`);
  const rows: readonly (readonly [string, string])[] = [
    ['sent', `${load.sent} transfers in ${load.sendingSec.toFixed(1)} s`],
    ['admitted', String(load.admitted)],
    ['refused', refused.length === 0 ? '0' : refused.join(', ')],
    ['committed', `${load.committed} in ${load.durationSec.toFixed(1)} s: ${Math.round(load.committedPerSec)} a second`],
    ['admitted and lost', String(load.lost)],
    ['due → committed, ms', `p50 ${ms(latencyMs.p50)}, p90 ${ms(latencyMs.p90)}, p99 ${ms(latencyMs.p99)}, max ${ms(latencyMs.max)}`],
    ['blocks', `${load.blocks}, at most ${load.transactionsMax} transactions`],
    ['load generator', `${Math.round(loadCpuPercent)} % of a processor`],
  ];
  const costs = nodes.map((node) => [
    node.name,
    node.cpuUsPerTransfer === undefined ? '?' : String(Math.round(node.cpuUsPerTransfer)),
    node.cpuPercent === undefined ? '?' : String(Math.round(node.cpuPercent)),
    node.residentBytes === undefined ? '?' : String(Math.round(node.residentBytes / MIB)),
    String(Math.round(node.diskBytesPerTransfer)),
  ]);
  return [
    `${ratePerSec} transfers a second for ${seconds} s, ${validators} validators${away}, ${cpus().length} processors, ${Math.round(totalmem() / MIB / 1024)} GiB, Node.js ${process.versions.node}`,
    '',
    ...tableLines(['measure', 'value'], rows, 'left'),
    '',
    ...tableLines(['node', 'CPU µs a transfer', 'CPU %', 'RSS MiB', 'disk bytes a transfer'], costs),
  ];
}

function ms(value: number): string {
  return Number.isNaN(value) ? '–' : String(Math.round(value));
}
