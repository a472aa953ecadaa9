import { decodeHex } from '@mutual-chain/protocol';
import { privateKeySigner, type RpcClient, Wallet } from '@mutual-chain/sdk';
import type { DevnetFile } from '../network/devnet-file.ts';

/** Accounts of a devnet that take part in the tour. */
export type TestAccountName = 'gateway' | 'alice' | 'bob' | 'carol' | 'dave';

/** The wallets of a tour, and the names of all accounts of the devnet. */
export type TourAccounts = {
  readonly wallet: (name: TestAccountName) => Wallet;
  readonly close: () => void;
};

const NAMES: readonly TestAccountName[] = ['gateway', 'alice', 'bob', 'carol', 'dave'];

/** Digits after the point of the assets of a devnet. */
export const TOUR_DECIMALS: Readonly<Record<string, number>> = { MTN: 18, mUSD: 2, mBOND: 2 };

/** Connects a wallet for every account of the tour. Errors: those of `Wallet.connect`. */
export async function connectAccounts(rpc: RpcClient, { accounts, genesisHash, chainId }: DevnetFile): Promise<TourAccounts> {
  const wallets = new Map<TestAccountName, Wallet>();
  for (const name of NAMES) {
    const account = accounts.find((each) => each.name === name);
    if (account === undefined) throw new Error(`the devnet has no account ${name}`);
    const signer = privateKeySigner(decodeHex(account.privateKey));
    wallets.set(name, await Wallet.connect({ rpc, signer, expected: { chainId, genesisHash }, decimals: TOUR_DECIMALS, pollMs: 50 }));
  }
  return {
    wallet: (name) => wallets.get(name) as Wallet,
    close: () => {
      for (const wallet of wallets.values()) wallet.close();
    },
  };
}
