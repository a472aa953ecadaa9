import { expect, test } from 'vitest';
import { isWholeCampaign, RUNS, runCampaign } from './campaign.ts';
import { WITH_FEES } from './first-state.ts';

/*
 * Goal: as for all sequences (ledger.property.test.ts), while every transaction pays a fee that cannot be shared out evenly, some of them
 * at a sponsor's expense, some without being able to.
 * Method: the same sequences on a chain with fees; some of them with all roots, each block built, then applied as a validator would.
 */

const TIMEOUT_MS = 3_600_000;

const SEEN = ['S5 E04 validator', 'S2 E06 treasury', 'S2 E06 audit', 'Transfer not included'];

test('random sequences with fees agree with the shadow ledger', { timeout: TIMEOUT_MS }, () => {
  const tally = runCampaign(Math.ceil(RUNS / 2), { first: WITH_FEES, rooted: false, auditEveryBlock: false });
  if (isWholeCampaign()) expect(SEEN.filter((what) => !tally.has(what))).toEqual([]);
});

test('random sequences give builder and validator the same roots', { timeout: TIMEOUT_MS }, () => {
  runCampaign(Math.ceil(RUNS / 400), { first: WITH_FEES, rooted: true, auditEveryBlock: true });
});
