import type { Address } from '@mutual-chain/protocol';
import type { Method } from '../method.ts';
import { type AccountJson, accountJson } from '../shapes/account-json.ts';
import { addressParameter } from '../shapes/parameters.ts';

/** `mutual_getAccount`. */
export const getAccount: Method<{ readonly address: Address }, AccountJson> = {
  name: 'mutual_getAccount',
  summary: 'An account with its nonce, level, roles and balances. Every address has one.',
  parameters: { address: { description: 'Whose account.', shape: addressParameter } },
  result: { description: 'The account.', shape: accountJson },
  errors: [],
};
