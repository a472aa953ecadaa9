import { EMPTY_HOLDING, type LotId } from '@mutual-chain/protocol';
import { holdingTable } from '../../src/index.ts';
import { addressOf, NEW_LOT, type TestChain, type TestRun } from './test-chain.ts';

/** A lot named in a field of a transaction. */
export function lotField(id: Uint8Array): never {
  return id as never;
}

/** An id that no lot, debt or proposal has. */
export const UNKNOWN_ID = new Uint8Array(32).fill(0xee) as never;

/** Asks for a deposit of an asset, 100 mUSD unless said otherwise. */
export function askDeposit(chain: TestChain, name: string, change: { asset?: string; amount?: bigint; expiresAt?: number } = {}): TestRun {
  return chain.run(name, 'RequestDeposit', { lot: NEW_LOT, asset: 'mUSD', amount: 100n, reference: 'wire', expiresAt: 0, ...change });
}

/** Gives a member money through a gateway: both inputs, with a reference of its own. */
export function fund(chain: TestChain, name: string, amount = 100n, asset = 'mUSD'): void {
  const { id } = askDeposit(chain, name, { asset, amount });
  const externalRef = `in-${chain.header.height}`;
  const { code } = chain.run('gateway', 'ConfirmDeposit', { lot: lotField(id), revision: 0, amount, externalRef });
  if (code !== 'OK') throw new Error(`funding failed: ${code}`);
}

/** Asks bob to accept money of alice. */
export function askTransfer(chain: TestChain, change: { amount?: bigint; expiresAt?: number; asset?: string; to?: string } = {}): TestRun {
  const { amount = 40n, expiresAt = 0, asset = 'mUSD', to = 'bob' } = change;
  return chain.run('alice', 'RequestTransfer', { lot: NEW_LOT, to: addressOf(to), asset, amount, expiresAt, memo: 'rent' });
}

/** Hash of the terms that credits in tests quote. */
export const TERMS = new Uint8Array(32).fill(7) as never;

/** Makes a main lot active without any money in it, as if all of it had been spent: only from an active one is credit applied for. */
export function activate(chain: TestChain, name: string, asset = 'mUSD'): void {
  chain.write((state) => {
    const key = { owner: addressOf(name), asset };
    state.set(holdingTable, key, { ...(state.get(holdingTable, key) ?? EMPTY_HOLDING), state: 5 });
  });
}

/** Alice offers credit to bob, or bob, whose main lot is made active, applies to alice for it; due in 1 000 s. */
export function askCredit(chain: TestChain, opener: 'alice' | 'bob', change: { amount?: bigint; expiresAt?: number } = {}): TestRun {
  if (opener === 'bob') activate(chain, 'bob');
  const parties = { lender: addressOf('alice'), borrower: addressOf('bob') };
  const terms = { asset: 'mUSD', amount: 40n, termsHash: TERMS, dueAt: chain.nowSec + 1000, expiresAt: 0 };
  return chain.run(opener, 'RequestCredit', { lot: NEW_LOT, ...parties, ...terms, ...change });
}

/** Alice asks to withdraw 40 mUSD. */
export function askWithdrawal(chain: TestChain, change: { asset?: string; amount?: bigint; expiresAt?: number } = {}): TestRun {
  const fields = { lot: NEW_LOT, asset: 'mUSD', amount: 40n, destination: 'IBAN 1', expiresAt: 0 };
  return chain.run('alice', 'RequestWithdrawal', { ...fields, ...change });
}

/** State of a closed or open lot and what it holds, for comparison. */
export function lotFigures(chain: TestChain, id: LotId): readonly [number, bigint, number] | undefined {
  const lot = chain.lot(id);
  return lot === undefined ? undefined : [lot.state, lot.amount, lot.revision];
}
