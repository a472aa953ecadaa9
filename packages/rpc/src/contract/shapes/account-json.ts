import { ROLES, type Role, STATES, type State } from '@mutual-chain/protocol';
import * as z from 'zod';
import { addressJson, amountJson, countJson, type FreezeName, freezeJson, textJson } from './common-json.ts';

/** What one owner has of one asset. */
export type BalanceJson = {
  /** Free to be used. */
  readonly available: string;
  /** In the main lot, but locked by a release schedule. */
  readonly locked: string;
  /** Asked for in this owner's favour and not confirmed. */
  readonly pendingIn: string;
  /** Held in this owner's requests. */
  readonly pendingOut: string;
};

const BALANCE_FIELDS = { available: amountJson, locked: amountJson, pendingIn: amountJson, pendingOut: amountJson };

/** Shape of `BalanceJson`. */
export const balanceJson: z.ZodType<BalanceJson> = z.strictObject(BALANCE_FIELDS);

/** A balance in the list of an account. */
export type AccountBalanceJson = BalanceJson & {
  readonly asset: string;
  /** State of the main lot. */
  readonly state: State;
};

/** An account. An address to which nothing has happened yet has one too: level 0, nonce 0, no balances. */
export type AccountJson = {
  readonly address: string;
  /** Nonce of the next transaction as of the last block. */
  readonly nonce: number;
  /** Nonce of the next transaction after all that wait in the mempool. */
  readonly pendingNonce: number;
  /** Membership level, 0 to 3; one that has expired counts as what it has fallen to. */
  readonly level: number;
  /** Unix seconds at which the level falls; 0 means never. */
  readonly levelExpiresAt: number;
  readonly roles: readonly Role[];
  /** Whether `freeze` is anything but `none`. */
  readonly frozen: boolean;
  readonly freeze: FreezeName;
  /** Whether immediate transfers need no confirm of this account. */
  readonly autoAccept: boolean;
  /** Largest sum of withdrawals a UTC day and asset; 0 means no limit. */
  readonly dailyLimit: string;
  readonly balances: readonly AccountBalanceJson[];
};

/** Shape of `AccountJson`. */
export const accountJson: z.ZodType<AccountJson> = z.strictObject({
  address: addressJson,
  nonce: countJson,
  pendingNonce: countJson,
  level: z.int().min(0).max(3),
  levelExpiresAt: countJson,
  roles: z.array(z.enum(Object.keys(ROLES) as [Role, ...Role[]])).readonly(),
  frozen: z.boolean(),
  freeze: freezeJson,
  autoAccept: z.boolean(),
  dailyLimit: amountJson,
  balances: z.array(z.strictObject({ asset: textJson, state: z.enum(STATES), ...BALANCE_FIELDS })).readonly(),
});
