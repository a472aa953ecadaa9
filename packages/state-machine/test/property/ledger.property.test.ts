import { expect, test } from 'vitest';
import { isWholeCampaign, RUNS, runCampaign } from './campaign.ts';
import { WITHOUT_FEES } from './first-state.ts';

/*
 * Goal: whatever members, gateways and time do, the ledger keeps every invariant and agrees with an account-style shadow of itself (D15).
 * Method: random sequences of operations run in blocks on the state machine and on the shadow. After each block: the same operations
 * accepted; the same balances, requests in flight, supplies and debts; revisions never fall; S6 is final. At the end: the records of every
 * lot follow δ, and the audit finds nothing.
 */

const TIMEOUT_MS = 3_600_000;

/** What a campaign of the usual length has to have seen; anything rarer would not be tested. */
const SEEN = [
  ...['S0 E01 request', 'S5 E01 request', 'S1 E01 amend', 'S1 E02 reject', 'S1 E03 confirm', 'S5 E04 transfer', 'S5 E04 request'],
  ...['S5 E04 delegated', 'S2 E04 amend', 'S2 E05 reject', 'S2 E05 partial', 'S2 E06 confirm', 'S5 E07 offer', 'S5 E07 apply'],
  ...[
    'S3 E07 amend',
    'S3 E08 reject',
    'S3 E09 confirm',
    'S5 E10 request',
    'S5 E10 close',
    'S4 E10 amend',
    'S4 E11 reject',
    'S4 E12 confirm',
  ],
  ...['S1 E02 reject (expired)', 'S2 E05 reject (expired)', 'S3 E08 reject (expired)', 'S4 E11 reject (expired)'],
  ...['S5 E04 repay', 'S5 E04 join', 'S5 E04 leave', 'RequestDepositFor applied', 'RequestDepositFor (amend) applied'],
  ...[
    'ClaimRequest applied',
    'SetMember applied',
    'SetAccount applied',
    'DefineAsset applied',
    'Transfer not included',
    'Transfer refused',
  ],
];

test('random sequences agree with the shadow ledger', { timeout: TIMEOUT_MS }, () => {
  const tally = runCampaign(Math.ceil(RUNS / 2), { first: WITHOUT_FEES, rooted: false, auditEveryBlock: false });
  if (isWholeCampaign()) expect(SEEN.filter((what) => !tally.has(what))).toEqual([]);
});

test('random sequences leave nothing to audit after any block', { timeout: TIMEOUT_MS }, () => {
  runCampaign(Math.ceil(RUNS / 50), { first: WITHOUT_FEES, rooted: false, auditEveryBlock: true });
});
