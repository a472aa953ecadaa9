import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CAMPAIGN_HEADING, describeCampaign } from '../src/campaign/describe-campaign.ts';
import { MARKS } from '../src/campaign/marks.ts';
import { createTotals } from '../src/campaign/totals.ts';

/*
 * Goal: what the reference page says of the longest campaign is what a campaign printed. Method: a small campaign is described and compared
 * whole; the page has the same rows, and each mark of it was met.
 */

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/reference/simulation.md', import.meta.url)), 'utf8');
const SECTION = PAGE.slice(PAGE.indexOf(CAMPAIGN_HEADING)).split('\n## ')[0] ?? '';

/** First cells of the rows of a text, and what stands beside them. */
function rowsOf(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)].map(([, name = '', value = '']) => [name, value]));
}

describe('a campaign', () => {
  it('is described by its figures, with spaces between thousands', () => {
    const totals = { ...createTotals(), seeds: 1_234_567, heights: 12_000, cpuMs: 2_000, events: 999, faults: { lost: 1_000, late: 7 } };
    const text = describeCampaign(totals, 'pnpm sim --seeds 1234567');
    expect(text.split('\n').slice(0, 22)).toEqual([
      CAMPAIGN_HEADING,
      '',
      '`pnpm sim --seeds 1234567`, in portions whose results `pnpm --filter @mutual-chain/simulator campaign-page` has added up:',
      '',
      '| figure                                      | value     |',
      '| ------------------------------------------- | --------- |',
      '| seeds                                       | 1 234 567 |',
      '| seeds that broke a rule                     | 0         |',
      '| heights                                     | 12 000    |',
      '| of them after healing                       | 0         |',
      '| rounds a height took after healing, at most | 0         |',
      '| events                                      | 999       |',
      '| boundaries between effects                  | 0         |',
      '| faults                                      | 1 007     |',
      '| processor time                              | 2 s       |',
      '| heights a second of one core                | 6 000     |',
      '| events a second of one core                 | 500       |',
      '',
      'Seeds with faults of each class: byzantine 0 %, crash 0 %, partition 0 %, network 0 %, disk 0 %, clock 0 %, pause 0 %, validatorChange 0 %.',
      '',
      '| fault  | times |',
      '| ------ | ----- |',
    ]);
    expect(rowsOf(text).get('`late`')).toBe('7');
  });

  it('names the seeds that broke a rule', () => {
    expect(rowsOf(describeCampaign({ ...createTotals(), failures: ['17', '40'] }, '')).get('seeds that broke a rule')).toBe('17, 40');
  });

  it('of the page has met every mark, and broken no rule', () => {
    const rows = rowsOf(SECTION);
    expect(MARKS.filter((mark) => !/^[1-9]/.test(rows.get(`\`${mark}\``) ?? ''))).toEqual([]);
    expect(rows.get('seeds that broke a rule')).toBe('0');
  });
});
