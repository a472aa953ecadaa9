import type { BlockJson } from '@mutual-chain/rpc/contract';
import { describe, expect, test } from 'vitest';
import { call } from './support/json-rpc.ts';
import { inWords, LedgerStory, NEW_LOT } from './support/ledger-story.ts';
import type { LocalNetwork } from './support/local-network.ts';
import { waitFor } from './support/wait-until.ts';

const holds = (available: number, pendingIn = 0, pendingOut = 0) => ({
  state: 'S5',
  available: String(available),
  pendingIn: String(pendingIn),
  pendingOut: String(pendingOut),
});
const NOTHING = { ...holds(0), state: 'S0' };
const TERMS = `0x${'07'.repeat(32)}`;
const OTHER_TERMS = `0x${'08'.repeat(32)}`;

const inOneDay = (): string => String(Math.floor(Date.now() / 1000) + 86_400);

/** Asks for a transfer that expires soon: so late that even a busy machine has it in a block before. */
async function requestThatExpires(story: LedgerStory): Promise<{ readonly lot: string; readonly expiresAt: number }> {
  const request = { lot: NEW_LOT, to: story.address('bob'), asset: story.asset, amount: '40', memo: 'rent' };
  for (const seconds of [4, 16, 64]) {
    const expiresAt = Math.floor(Date.now() / 1000) + seconds;
    const ending = await story.attempt('alice', 'RequestTransfer', { ...request, expiresAt: String(expiresAt) });
    if (ending.at === 'block' && ending.code === 'OK') return { lot: ending.lot, expiresAt };
  }
  throw new Error('no request came into a block before its time had passed');
}

/**
 * The acceptance scenarios of the ledger, for people who have nothing but a wallet and a URL: wallets of ethers sign what a node prepared, and each
 * person speaks to another node than the one that is read.
 */
export function describeScenarios(network: () => LocalNetwork): void {
  describe('of the ledger', () => {
    test('D1 a deposit of 100 that is confirmed leaves S5 and 100', async () => {
      const story = await LedgerStory.begin(network(), 'D1');
      const request = { lot: NEW_LOT, asset: 'D1', amount: '100', reference: 'wire', expiresAt: '0' };
      const requested = await story.succeeds('alice', 'RequestDeposit', request);
      expect(await story.holding('alice')).toEqual({ ...NOTHING, pendingIn: '100' });
      const { lot } = requested;
      const confirmed = await story.succeeds('gateway', 'ConfirmDeposit', { lot, revision: 0, amount: '100', externalRef: 'D1 bank' });
      expect([requested.records, confirmed.records]).toEqual([['S0 E01 100 request'], ['S1 E03 100 confirm']]);
      expect([await story.holding('alice'), await story.supply()]).toEqual([holds(100), '100']);
      expect(await story.lot(lot)).toMatchObject({ state: 'S5', amount: '0', requested: '100' });
    });

    test('D2 a rejected deposit leaves S0 and no supply, and a retry works', async () => {
      const story = await LedgerStory.begin(network(), 'D2');
      const lot = await story.asksDeposit('alice', 100);
      const rejected = await story.succeeds('gateway', 'RejectDeposit', { lot, revision: 0, reason: 'no money came' });
      expect(rejected.records).toEqual(['S1 E02 100 reject (no money came)']);
      expect([await story.holding('alice'), await story.supply(), (await story.lot(lot)).state]).toEqual([NOTHING, '0', 'S0']);
      await story.deposits('alice', 100);
      expect([await story.holding('alice'), await story.supply()]).toEqual([holds(100), '100']);
    });

    test('D3 a rejected top-up of 50 leaves the 100 that were there', async () => {
      const story = await LedgerStory.begin(network(), 'D3');
      await story.deposits('alice', 100);
      const lot = await story.asksDeposit('alice', 50);
      await story.succeeds('gateway', 'RejectDeposit', { lot, revision: 0, reason: 'bounced' });
      expect((await story.history(lot)).map(inWords)).toEqual(['S5 E01 50 request', 'S1 E02 50 reject (bounced)']);
      expect([await story.holding('alice'), await story.supply()]).toEqual([holds(100), '100']);
    });

    test('D4 of two deposits in flight one is confirmed and one rejected', async () => {
      const story = await LedgerStory.begin(network(), 'D4');
      const fifty = await story.asksDeposit('alice', 50);
      const seventy = await story.asksDeposit('alice', 70);
      expect(await story.holding('alice')).toEqual({ ...NOTHING, pendingIn: '120' });
      await story.succeeds('gateway', 'ConfirmDeposit', { lot: seventy, revision: 0, amount: '70', externalRef: 'D4 bank' });
      await story.succeeds('gateway', 'RejectDeposit', { lot: fifty, revision: 0, reason: 'unknown sender' });
      expect([await story.holding('alice'), await story.supply()]).toEqual([holds(70), '70']);
    });

    test('D5 a transfer of 30 of 100 gives 100 when rejected, 70 and 30 when confirmed', async () => {
      const story = await LedgerStory.begin(network(), 'D5');
      await story.deposits('alice', 100);
      const first = await story.asksTransfer('alice', 'bob', 30);
      expect([await story.holding('alice'), await story.holding('bob')]).toEqual([holds(70, 0, 30), { ...NOTHING, pendingIn: '30' }]);
      await story.succeeds('bob', 'RejectTransfer', { lot: first, revision: 0, reason: 'not mine' });
      expect([await story.holding('alice'), await story.holding('bob')]).toEqual([holds(100), NOTHING]);
      const second = await story.asksTransfer('alice', 'bob', 30);
      await story.succeeds('bob', 'ConfirmTransfer', { lot: second, revision: 0, amount: '30' });
      expect([await story.holding('alice'), await story.holding('bob'), await story.supply()]).toEqual([holds(70), holds(30), '100']);
    });

    test('D6 a confirm that quotes revision 0 after an amendment is STALE_REVISION', async () => {
      const story = await LedgerStory.begin(network(), 'D6');
      await story.deposits('alice', 100);
      const lot = await story.asksTransfer('alice', 'bob', 30);
      await story.asksTransfer('alice', 'bob', 40, lot);
      expect(await story.holding('alice')).toEqual(holds(60, 0, 40));
      const stale = await story.attempt('bob', 'ConfirmTransfer', { lot, revision: 0, amount: '40' });
      expect(stale).toMatchObject({ at: 'block', code: 'STALE_REVISION' });
      await story.succeeds('bob', 'ConfirmTransfer', { lot, revision: 1, amount: '40' });
      expect([await story.holding('alice'), await story.holding('bob')]).toEqual([holds(60), holds(40)]);
    });

    test('D7 a confirm of 25 of 40 gives 25 to the payee and 15 back', async () => {
      const story = await LedgerStory.begin(network(), 'D7');
      await story.deposits('alice', 100);
      const lot = await story.asksTransfer('alice', 'bob', 40);
      const { records } = await story.succeeds('bob', 'ConfirmTransfer', { lot, revision: 0, amount: '25' });
      expect(records).toEqual(['S2 E06 25 confirm', 'S2 E05 15 partial (not accepted)']);
      expect([await story.holding('alice'), await story.holding('bob')]).toEqual([holds(75), holds(25)]);
    });

    test('D8 the payer cannot confirm his own transfer', async () => {
      const story = await LedgerStory.begin(network(), 'D8');
      await story.deposits('alice', 100);
      const lot = await story.asksTransfer('alice', 'bob', 40);
      expect(await story.attempt('alice', 'ConfirmTransfer', { lot, revision: 0, amount: '40' })).toMatchObject({ code: 'NOT_PERMITTED' });
      expect([await story.holding('alice'), await story.lot(lot)]).toMatchObject([holds(60, 0, 40), { state: 'S2' }]);
    });

    test('D9 at its expiry a request is rejected by the system in the first block from then on, and a confirm fails', async () => {
      const story = await LedgerStory.begin(network(), 'D9');
      await story.deposits('alice', 100);
      const { lot, expiresAt } = await requestThatExpires(story);
      const expired = await waitFor('the record of the system', async () => (await story.history(lot))[1]);
      expect([inWords(expired), expired.transaction.txId]).toEqual(['S2 E05 40 reject (expired)', NEW_LOT]);
      const { height } = expired.transaction;
      const [before, after] = await Promise.all(
        [height - 1, height].map((each) => call<BlockJson>(network().url(0), 'mutual_getBlock', [each])),
      );
      const seconds = [before, after].map((block) => Math.floor((block?.header.timestampMs ?? 0) / 1000));
      expect(seconds.map((second) => second >= expiresAt)).toEqual([false, true]);
      expect(await story.attempt('bob', 'ConfirmTransfer', { lot, revision: 0, amount: '40' })).toMatchObject({ code: 'DFSM_ILLEGAL' });
      expect([await story.holding('alice'), await story.holding('bob')]).toEqual([holds(100), NOTHING]);
    });

    test('D10 a withdrawal of 40 of 100 ends in S6, leaves 60 and a supply of 60', async () => {
      const story = await LedgerStory.begin(network(), 'D10');
      await story.deposits('alice', 100);
      const request = { lot: NEW_LOT, asset: 'D10', amount: '40', destination: 'IBAN 1', expiresAt: '0' };
      const { lot, records } = await story.succeeds('alice', 'RequestWithdrawal', request);
      expect(await story.holding('alice')).toEqual(holds(60, 0, 40));
      const paid = await story.succeeds('gateway', 'ConfirmWithdrawal', { lot, revision: 0, externalRef: 'D10 out' });
      expect([records, paid.records]).toEqual([['S5 E10 40 request'], ['S4 E12 40 confirm']]);
      expect([await story.holding('alice'), await story.supply(), (await story.lot(lot)).state]).toEqual([holds(60), '60', 'S6']);
    });

    test('D11 level 1 neither withdraws nor transfers, but pays what it owes', async () => {
      const story = await LedgerStory.begin(network(), 'D11');
      const newcomer = story.address('newcomer');
      await story.succeeds('alice', 'Transfer', { to: newcomer, asset: 'MTN', amount: String(10n ** 18n), memo: 'for fees' });
      const level = { member: newcomer, level: 1, levelExpiresAt: '0', credentialHash: TERMS, jurisdiction: 'CH' };
      await story.succeeds('registrar', 'SetMember', level);
      await story.deposits('alice', 100);
      const credit = { lot: NEW_LOT, lender: story.address('alice'), borrower: newcomer, asset: 'D11', amount: '50' };
      const offer = await story.succeeds('alice', 'RequestCredit', { ...credit, termsHash: TERMS, dueAt: inOneDay(), expiresAt: '0' });
      await story.succeeds('newcomer', 'ConfirmCredit', { lot: offer.lot, revision: 0, termsHash: TERMS });
      const withdrawal = { lot: NEW_LOT, asset: 'D11', amount: '10', destination: 'IBAN 1', expiresAt: '0' };
      const transfer = { to: story.address('alice'), asset: 'D11', amount: '10', memo: '' };
      const refused = [
        await story.attempt('newcomer', 'RequestWithdrawal', withdrawal),
        await story.attempt('newcomer', 'Transfer', transfer),
      ];
      expect(refused).toMatchObject([{ code: 'LEVEL_TOO_LOW' }, { code: 'LEVEL_TOO_LOW' }]);
      await story.succeeds('newcomer', 'RepayCredit', { debt: offer.lot, amount: '20' });
      expect([await story.holding('newcomer'), await story.holding('alice'), await story.supply()]).toEqual([holds(30), holds(70), '100']);
    });

    test('D12 an external reference settles one request only', async () => {
      const story = await LedgerStory.begin(network(), 'D12');
      await story.deposits('alice', 100);
      const request = { lot: NEW_LOT, asset: 'D12', destination: 'IBAN 1', expiresAt: '0' };
      const { lot: first } = await story.succeeds('alice', 'RequestWithdrawal', { ...request, amount: '40' });
      const { lot: second } = await story.succeeds('alice', 'RequestWithdrawal', { ...request, amount: '20' });
      await story.succeeds('gateway', 'ConfirmWithdrawal', { lot: first, revision: 0, externalRef: 'D12 out' });
      const again = await story.attempt('gateway', 'ConfirmWithdrawal', { lot: second, revision: 0, externalRef: 'D12 out' });
      expect(again).toMatchObject({ at: 'block', code: 'REFERENCE_USED' });
      expect([await story.holding('alice'), await story.supply()]).toEqual([holds(40, 0, 20), '60']);
    });

    test.each([
      ['offered and accepted', 'D13o', 'alice', 'bob', ['S5 E07 500 offer', 'S3 E09 500 confirm']],
      ['applied for and granted', 'D13a', 'bob', 'alice', ['S5 E07 500 apply', 'S3 E09 500 confirm']],
    ])('D13 a credit of 500 that is %s makes a debt and no money', async (_how, asset, opener, other, records) => {
      const story = await LedgerStory.begin(network(), asset);
      await story.deposits('alice', 800);
      await story.deposits('bob', 1);
      const parties = { lender: story.address('alice'), borrower: story.address('bob') };
      const dueAt = inOneDay();
      const request = { lot: NEW_LOT, ...parties, asset, amount: '500', termsHash: TERMS, dueAt, expiresAt: '0' };
      const { lot } = await story.succeeds(opener, 'RequestCredit', request);
      const otherTerms = await story.attempt(other, 'ConfirmCredit', { lot, revision: 0, termsHash: OTHER_TERMS });
      expect(otherTerms).toMatchObject({ at: 'block', code: 'TERMS_MISMATCH' });
      await story.succeeds(other, 'ConfirmCredit', { lot, revision: 0, termsHash: TERMS });
      expect((await story.history(lot)).map(inWords)).toEqual(records);
      expect([await story.holding('alice'), await story.holding('bob'), await story.supply()]).toEqual([holds(300), holds(501), '801']);
      const figures = { principal: '500', outstanding: '500', termsHash: TERMS, dueAt: Number(dueAt) };
      expect(await story.debt(lot)).toEqual({ id: lot, ...parties, asset, ...figures });
    });
  });
}
