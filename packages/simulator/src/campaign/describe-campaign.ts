import { MARKS } from './marks.ts';
import { type CampaignTotals, CLASS_NAMES } from './totals.ts';

/** The heading of the section, by which it is found on its page. */
export const CAMPAIGN_HEADING = '## The longest campaign so far';

/** The section of the reference page about a campaign. `command`: what it was run with. */
export function describeCampaign(totals: CampaignTotals, command: string): string {
  const { seeds, heights, livenessHeights, livenessRoundsMax, events, boundaries, faults, marks, classes, failures } = totals;
  const cpuSec = Math.max(1, Math.round(totals.cpuMs / 1000));
  const faultCount = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const figures: readonly Row[] = [
    ['seeds', figure(seeds)],
    ['seeds that broke a rule', failures.length === 0 ? '0' : failures.join(', ')],
    ['heights', figure(heights)],
    ['of them after healing', figure(livenessHeights)],
    ['rounds a height took after healing, at most', figure(livenessRoundsMax)],
    ['events', figure(events)],
    ['boundaries between effects', figure(boundaries)],
    ['faults', figure(faultCount)],
    ['processor time', `${figure(cpuSec)} s`],
    ['heights a second of one core', figure(Math.round(heights / cpuSec))],
    ['events a second of one core', figure(Math.round(events / cpuSec))],
  ];
  const share = (count: number): number => Math.round((100 * count) / Math.max(1, seeds));
  return [
    CAMPAIGN_HEADING,
    '',
    `\`${command}\`, in portions whose results \`pnpm --filter @mutual-chain/simulator campaign-page\` has added up:`,
    '',
    ...table(['figure', 'value'], figures),
    '',
    `Seeds with faults of each class: ${CLASS_NAMES.map((name) => `${name} ${share(classes[name])} %`).join(', ')}.`,
    '',
    ...table(
      ['fault', 'times'],
      Object.entries(faults).map(([kind, count]) => [`\`${kind}\``, figure(count)]),
    ),
    '',
    ...table(
      ['mark', 'times'],
      MARKS.map((mark) => [`\`${mark}\``, figure(marks[mark])]),
    ),
    '',
    '',
  ].join('\n');
}

type Row = readonly [string, string];

function table(head: Row, rows: readonly Row[]): readonly string[] {
  const widths = [0, 1].map((column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(['-'.repeat(widths[0] ?? 0), '-'.repeat(widths[1] ?? 0)]), ...rows.map(line)];
}

/** A number with a space before every three digits. */
function figure(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
}
