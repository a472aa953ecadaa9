// Adds up campaigns that ran with --json and writes their section of the page about simulation.
// Run: pnpm --filter @mutual-chain/simulator campaign-page 'pnpm sim --seeds 100000 --heights 3' RESULT.json ...

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CAMPAIGN_HEADING, describeCampaign } from '../src/campaign/describe-campaign.ts';
import { addTotals, type CampaignTotals, createTotals } from '../src/campaign/totals.ts';

const [command, ...files] = process.argv.slice(2);
if (command === undefined || files.length === 0) {
  process.stderr.write(
    'usage: campaign-page COMMAND RESULT.json ...: the command that the page shall name, and what it printed with --json\n',
  );
  process.exit(2);
}
const totals = createTotals();
for (const file of files) addTotals(totals, JSON.parse(readFileSync(file, 'utf8')) as CampaignTotals);

const path = fileURLToPath(new URL('../../../docs/reference/simulation.md', import.meta.url));
const page = readFileSync(path, 'utf8');
const start = page.indexOf(CAMPAIGN_HEADING);
const end = page.indexOf('\n## ', start);
if (start < 0 || end < 0) throw new Error(`${path} needs the heading "${CAMPAIGN_HEADING}" and another one after it`);
writeFileSync(path, `${page.slice(0, start)}${describeCampaign(totals, command)}${page.slice(end + 1)}`);
