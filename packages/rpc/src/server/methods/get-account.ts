import { ROLES, type Role } from '@mutual-chain/protocol';
import { getAccount } from '../../contract/index.ts';
import { balanceToJson } from '../json/balance-to-json.ts';
import { freezeName } from '../json/freeze-name.ts';
import { type ServedMethod, serve } from '../method.ts';

const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** Answers `mutual_getAccount`. */
export const serveGetAccount: ServedMethod = serve(getAccount, async ({ chain, transactions, addressText }, { address }) => {
  const { account, effectiveLevel, balances } = await chain.account(address);
  const pendingNonce = await transactions.pendingNonce(address);
  const freeze = freezeName(account.freeze);
  return {
    address: addressText(address),
    nonce: account.nonce,
    // The block that used a nonce may have come between the two answers.
    pendingNonce: Math.max(account.nonce, pendingNonce),
    level: effectiveLevel,
    levelExpiresAt: account.levelExpiresAt,
    roles: ROLE_NAMES.filter((role) => (account.roles & ROLES[role]) !== 0),
    frozen: freeze !== 'none',
    freeze,
    autoAccept: account.autoAccept,
    dailyLimit: String(account.dailyLimit),
    balances: balances.map(({ asset, state, ...balance }) => ({ asset, state, ...balanceToJson(balance) })),
  };
});
