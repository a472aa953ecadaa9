// Hunts all planted bugs and writes the page about them. Run: pnpm --filter @mutual-chain/simulator planted-page [processes]

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describePlantedBugs } from '../src/planted/describe-planted-bugs.ts';
import { PLANTED_BUGS } from '../src/planted/planted-bugs.ts';
import { runHunts } from '../src/planted/run-hunts.ts';
import { describeHunt, huntsFor } from '../src/planted/run-planted.ts';

const hunts = huntsFor(PLANTED_BUGS.map(({ name }) => name));
const jobs = Number(process.argv[2] ?? availableParallelism());
const finished = await runHunts(hunts, jobs, (hunt) => process.stdout.write(`${describeHunt(hunt)}\n`));
writeFileSync(fileURLToPath(new URL('../../../docs/reference/planted-bugs.md', import.meta.url)), describePlantedBugs(finished));
