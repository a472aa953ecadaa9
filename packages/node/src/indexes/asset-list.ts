import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { assetAt, assetPart } from './index-key.ts';

const writer = new ByteWriter();

/** Ids of assets in their order, each with its length before it. */
export function encodeAssetList(assets: readonly string[]): Uint8Array {
  for (const asset of assets) writer.bytes(assetPart(asset));
  return writer.take();
}

/** Reads what `encodeAssetList` made; nothing is an empty list. */
export function decodeAssetList(bytes: Uint8Array | undefined): readonly string[] {
  const assets: string[] = [];
  if (bytes === undefined) return assets;
  for (const reader = new ByteReader(bytes); !reader.isAtEnd; ) assets.push(assetAt(reader.bytes(), 0));
  return assets;
}
