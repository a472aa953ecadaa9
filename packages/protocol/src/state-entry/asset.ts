import type { Address } from '../bytes/branded.ts';
import { amount128, type Codec, containerCodec, fixedBytes, listOf, text, uint8 } from '../ssz/codec.ts';

/** How an asset comes into being, by stored number. MTN is NATIVE; GATEWAY assets are minted by E03 and burned by E12. */
export const ASSET_KINDS = ['NATIVE', 'GATEWAY', 'ISSUED'] as const;
/** Kind of an asset. */
export type AssetKind = (typeof ASSET_KINDS)[number];

/** Whether a plain transfer needs the payee's confirm, by stored number. */
export const TRANSFER_MODES = ['IMMEDIATE', 'CONFIRMED'] as const;
/** Transfer mode of an asset. */
export type TransferMode = (typeof TRANSFER_MODES)[number];

/** The native asset's id. */
export const NATIVE_ASSET = 'MTN';

/** A unit of account of the ledger. */
export type Asset = {
  /** Display name. */
  readonly name: string;
  /** Digits after the point in display; amounts are always in the smallest unit. */
  readonly decimals: number;
  /** Position in `ASSET_KINDS`. */
  readonly kind: number;
  /** Accounts that may confirm deposits and withdrawals. */
  readonly gateways: readonly { readonly address: Address }[];
  /** How many gateways must agree on a confirm, 1 ≤ m ≤ n; 0 without gateways. */
  readonly threshold: number;
  /** Lowest effective level that may send this asset. */
  readonly minLevel: number;
  /** Position in `TRANSFER_MODES`. */
  readonly transferMode: number;
  /** One of `FREEZE`. */
  readonly freeze: number;
  /** Sum of all lots not in S6, smallest unit. */
  readonly supply: bigint;
};

/** Canonical bytes of an asset. */
export const assetCodec: Codec<Asset> = containerCodec({
  name: text(64),
  decimals: uint8,
  kind: uint8,
  gateways: listOf({ address: fixedBytes<Address>(20) }, 16),
  threshold: uint8,
  minLevel: uint8,
  transferMode: uint8,
  freeze: uint8,
  supply: amount128,
});

/** Whether a text is an asset id: 2–16 of A–Z a–z 0–9 . - (so its UTF-16 units are its bytes). */
export function isAssetId(id: string): boolean {
  if (id.length < 2 || id.length > 16) return false;
  for (let index = 0; index < id.length; index++) {
    const unit = id.charCodeAt(index);
    const allowed =
      (unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit === 0x2d || unit === 0x2e;
    if (!allowed) return false;
  }
  return true;
}
