import { ASSET_KINDS, type AssetKind, TRANSFER_MODES, type TransferMode } from '@mutual-chain/protocol';
import * as z from 'zod';
import { addressJson, amountJson, countJson, type FreezeName, freezeJson, type PageJson, pageJson, textJson } from './common-json.ts';

/** An asset. */
export type AssetJson = {
  readonly id: string;
  readonly name: string;
  /** Digits after the point in display. */
  readonly decimals: number;
  readonly kind: AssetKind;
  readonly gateways: readonly string[];
  /** How many gateways must agree on a confirm. */
  readonly threshold: number;
  readonly minLevel: number;
  readonly transferMode: TransferMode;
  readonly freeze: FreezeName;
  readonly supply: string;
};

/** Shape of `AssetJson`. */
export const assetJson: z.ZodType<AssetJson> = z.strictObject({
  id: textJson,
  name: textJson,
  decimals: countJson,
  kind: z.enum(ASSET_KINDS),
  gateways: z.array(addressJson).readonly(),
  threshold: countJson,
  minLevel: countJson,
  transferMode: z.enum(TRANSFER_MODES),
  freeze: freezeJson,
  supply: amountJson,
});

/** Shape of a page of assets. */
export const assetPageJson: z.ZodType<PageJson<AssetJson>> = pageJson(assetJson);

/** How much there is of an asset: the sum of all lots that are not finished. */
export type SupplyJson = { readonly asset: string; readonly supply: string };

/** Shape of `SupplyJson`. */
export const supplyJson: z.ZodType<SupplyJson> = z.strictObject({ asset: textJson, supply: amountJson });
