import { isAmount } from '../amount/amount.ts';
import type { Address, Bytes32 } from '../bytes/branded.ts';
import { amount128, bool, type Codec, containerCodec, fixedBytes, text, uint8, uint16, uint32, uint64 } from '../ssz/codec.ts';
import { createScratch, readAmount, readUint64, writeAmount, writeUint64 } from '../ssz/scratch.ts';

/** Roles as flags of an account, not account types; one account may hold several. Gateways are named by their assets. */
export const ROLES = { registrar: 1, arbiter: 2, auditor: 4, committee: 8 } as const;

/** Name of a role that governance grants and takes. */
export type Role = keyof typeof ROLES;

/** How far an account, an asset or a holding is frozen: not, outgoing requests, also confirms into it, also returns to the gateway. */
export const FREEZE = { none: 0, shallow: 1, deep: 2, legalHold: 3 } as const;

/** What every transaction reads of an account; small because every block rewrites it for each sender. */
export type Account = {
  /** Nonce of the account's next transaction. */
  readonly nonce: number;
  /** True for addresses derived from a product: nobody has their key. */
  readonly escrow: boolean;
  /** Membership level 0–3; see `effectiveLevel` for its expiry. */
  readonly level: number;
  /** Unix seconds at which the level falls; 0 means never. */
  readonly levelExpiresAt: number;
  /** Bits of `ROLES`. */
  readonly roles: number;
  /** One of `FREEZE`. */
  readonly freeze: number;
  /** Whether transfers in IMMEDIATE assets need no confirm of this account. */
  readonly autoAccept: boolean;
  /** Largest sum of withdrawals a UTC day and asset, smallest unit; 0 means no limit. One that was raised counts from the next UTC day. */
  readonly dailyLimit: bigint;
  /** Requests opened by this account that are not resolved. */
  readonly openLots: number;
  /** Debts as lender or borrower with something outstanding. */
  readonly openDebts: number;
  /** Whether a release schedule locks part of the account's MTN. */
  readonly scheduled: boolean;
};

const schema = containerCodec({
  nonce: uint64,
  escrow: bool,
  level: uint8,
  levelExpiresAt: uint64,
  roles: uint16,
  freeze: uint8,
  autoAccept: bool,
  dailyLimit: amount128,
  openLots: uint32,
  openDebts: uint32,
  scheduled: bool,
});

/** Length of an account's canonical bytes. */
const ACCOUNT_BYTES = 47;

/** Canonical bytes of an account, 47 bytes. Written out because every transaction reads two and writes one. */
export const accountCodec: Codec<Account> = createAccountCodec();

function createAccountCodec(): Codec<Account> {
  const { bytes, view } = createScratch(ACCOUNT_BYTES);
  return {
    encode: (account) => {
      if (!isAmount(account.dailyLimit) || !Number.isSafeInteger(account.nonce)) return schema.encode(account);
      writeUint64(view, 0, account.nonce);
      bytes[8] = account.escrow ? 1 : 0;
      bytes[9] = account.level;
      writeUint64(view, 10, account.levelExpiresAt);
      view.setUint16(18, account.roles, true);
      bytes[20] = account.freeze;
      bytes[21] = account.autoAccept ? 1 : 0;
      writeAmount(view, 22, account.dailyLimit);
      view.setUint32(38, account.openLots, true);
      view.setUint32(42, account.openDebts, true);
      bytes[46] = account.scheduled ? 1 : 0;
      return bytes.slice();
    },
    decode: (encoded) => {
      const flags = (encoded[8] as number) | (encoded[21] as number) | (encoded[46] as number);
      if (encoded.length !== ACCOUNT_BYTES || flags > 1) return schema.decode(encoded);
      bytes.set(encoded);
      const nonce = readUint64(view, 0);
      const levelExpiresAt = readUint64(view, 10);
      if (!Number.isSafeInteger(nonce) || !Number.isSafeInteger(levelExpiresAt)) return schema.decode(encoded);
      return {
        nonce,
        escrow: bytes[8] === 1,
        level: bytes[9] as number,
        levelExpiresAt,
        roles: view.getUint16(18, true),
        freeze: bytes[20] as number,
        autoAccept: bytes[21] === 1,
        dailyLimit: readAmount(view, 22),
        openLots: view.getUint32(38, true),
        openDebts: view.getUint32(42, true),
        scheduled: bytes[46] === 1,
      };
    },
  };
}

/** What an address is before anything happened to it. */
export const EMPTY_ACCOUNT: Account = {
  nonce: 0,
  escrow: false,
  level: 0,
  levelExpiresAt: 0,
  roles: 0,
  freeze: FREEZE.none,
  autoAccept: true,
  dailyLimit: 0n,
  openLots: 0,
  openDebts: 0,
  scheduled: false,
};

/** What the registrar put on file and the stake locked at joining; personal data itself stays off the chain. */
export type Membership = {
  /** Locked joining stake, MTN base units; 0 when not joined. */
  readonly stake: bigint;
  /** Unix seconds of joining; 0 when not joined. */
  readonly joinedAt: number;
  /** Salted hash of the credentials on file, or zeros. */
  readonly credentialHash: Bytes32;
  /** Jurisdiction of residence, e.g. ISO 3166 code, or empty. */
  readonly jurisdiction: string;
  /** Registrar who set the level last, or zeros. */
  readonly registrar: Address;
};

/** Canonical bytes of a membership. */
export const membershipCodec: Codec<Membership> = containerCodec({
  stake: amount128,
  joinedAt: uint64,
  credentialHash: fixedBytes<Bytes32>(32),
  jurisdiction: text(16),
  registrar: fixedBytes<Address>(20),
});
