import type { Address } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { type BalanceJson, balanceJson } from '../shapes/account-json.ts';
import { addressParameter, assetParameter } from '../shapes/parameters.ts';

/** `mutual_getBalance`. */
export const getBalance: Method<{ readonly address: Address; readonly asset: string }, BalanceJson> = {
  name: 'mutual_getBalance',
  summary: 'What an address has of an asset.',
  parameters: {
    address: { description: 'Whose balance.', shape: addressParameter },
    asset: { description: 'Of which asset.', shape: assetParameter },
  },
  result: { description: 'The balance in the smallest unit of the asset.', shape: balanceJson },
  errors: ['UNKNOWN_ASSET'],
};
