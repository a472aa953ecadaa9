import type { LotJson, RecordJson, TransactionStatusJson } from '@mutual-chain/rpc/contract';
import { ForeignWallet, type SignedJson } from './foreign-wallet.ts';
import { call } from './json-rpc.ts';
import { LedgerStory, NEW_LOT } from './ledger-story.ts';
import type { LocalNetwork } from './local-network.ts';

/** Things of which the answers of every method are known. */
export type KnownWorld = {
  readonly network: LocalNetwork;
  readonly url: string;
  readonly story: LedgerStory;
  /** Somebody with money for fees, and how he signs. */
  readonly dave: ForeignWallet;
  /** A committed transfer of 25 MTN from dave to erin. */
  readonly sent: SignedJson;
  readonly committed: TransactionStatusJson;
  readonly records: readonly RecordJson[];
  /** An open request of a transfer of 30 from alice, who has 50 left. */
  readonly lot: LotJson;
  /** A debt of bob of 20. */
  readonly debt: string;
  /** Unix seconds. */
  readonly dueAt: number;
};

export const TERMS: string = `0x${'07'.repeat(32)}`;

/** Makes it on a network. */
export async function makeKnownWorld(network: LocalNetwork): Promise<KnownWorld> {
  const url = network.url(0);
  const story = await LedgerStory.begin(network, 'known');
  await story.deposits('alice', 100);
  const lot = await story.asksTransfer('alice', 'carol', 30);
  const dueAt = Math.floor(Date.now() / 1000) + 86_400;
  const parties = { lender: story.address('alice'), borrower: story.address('bob') };
  const credit = { lot: NEW_LOT, ...parties, asset: 'known', amount: '20', termsHash: TERMS, dueAt: String(dueAt), expiresAt: '0' };
  const { lot: debt } = await story.succeeds('alice', 'RequestCredit', credit);
  await story.succeeds('bob', 'ConfirmCredit', { lot: debt, revision: 0, termsHash: TERMS });
  const carried = await story.lot(lot);
  const dave = new ForeignWallet(network.account('dave').privateKey, url);
  const sent = await dave.sign('Transfer', { to: story.address('erin'), asset: 'MTN', amount: '25', memo: 'tea' });
  const ending = await dave.hand(sent);
  if (ending.at === 'admission' || ending.code !== 'OK') throw new Error(JSON.stringify(ending));
  const { transaction: committed } = ending;
  const records = committed.receipt?.records ?? [];
  // What the others did went through other nodes.
  const { height } = await network.status(network.nodes.length - 1);
  await network.reach(height);
  await call(url, 'mutual_getLot', [lot]);
  return { network, url, story, dave, sent, committed, records, lot: carried, debt, dueAt };
}
