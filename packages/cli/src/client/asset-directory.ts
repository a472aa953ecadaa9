import { NATIVE_ASSET } from '@mutual-chain/protocol';
import type { AssetDecimals, RpcClient } from '@mutual-chain/sdk';

/** By what an asset is found. */
export type AssetReference = { readonly kind: 'asset' | 'lot' | 'debt'; readonly id: string };

/** An asset as amounts need it: its id and its digits after the point. */
export type AmountUnit = { readonly asset: string; readonly decimals: number };

const MTN: AmountUnit = { asset: NATIVE_ASSET, decimals: 18 };

/** Assets as nodes know them, each asked for once. */
export class AssetDirectory {
  readonly #rpc: RpcClient;
  readonly #units = new Map<string, AmountUnit>([[NATIVE_ASSET, MTN]]);
  /** Assets of lots and debts by their ids. */
  readonly #assets = new Map<string, string>();

  constructor(rpc: RpcClient) {
    this.#rpc = rpc;
  }

  /** Decimals of all that was asked for. */
  get decimals(): AssetDecimals {
    return Object.fromEntries([...this.#units.values()].map(({ asset, decimals }) => [asset, decimals]));
  }

  /** Takes in what an answer has said of an asset, so that it need not be asked for. */
  learn(unit: AmountUnit): void {
    this.#units.set(unit.asset, unit);
  }

  /** In what amounts of an asset, of a lot or of a debt count. Errors: those of the node, `UNKNOWN_ASSET` and the like. */
  async unitOf(reference: AssetReference): Promise<AmountUnit> {
    const asset = await this.#assetOf(reference);
    const known = this.#units.get(asset);
    if (known !== undefined) return known;
    const { decimals } = await this.#rpc.call('mutual_getAsset', { asset });
    const unit = { asset, decimals };
    this.learn(unit);
    return unit;
  }

  async #assetOf({ kind, id }: AssetReference): Promise<string> {
    if (kind === 'asset') return id;
    const known = this.#assets.get(id);
    if (known !== undefined) return known;
    const { asset } = kind === 'lot' ? await this.#rpc.call('mutual_getLot', { id }) : await this.#rpc.call('mutual_getDebt', { id });
    this.#assets.set(id, asset);
    return asset;
  }
}
