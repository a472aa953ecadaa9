import { NATIVE_ASSET, PARAMETER_TABLE } from '@mutual-chain/protocol';
import { SdkError } from '@mutual-chain/sdk';
import { amountText } from '../text/amount-text.ts';
import type { AssetDirectory, AssetReference } from './asset-directory.ts';

/** Fields of answers that are amounts in smallest units, of the asset of the object that they stand in, or of one around it. */
const AMOUNTS: ReadonlySet<string> = new Set([
  'amount',
  'available',
  'dailyLimit',
  'locked',
  'outstanding',
  'pendingIn',
  'pendingOut',
  'principal',
  'requested',
  'supply',
]);

/** Fields that are amounts of MTN, wherever they stand: fees, and parameters of the chain. */
const MTN_AMOUNTS: ReadonlySet<string> = new Set([
  'feePaid',
  'maxFee',
  ...Object.entries(PARAMETER_TABLE).flatMap(([name, { kind }]) => (kind === 'amount' ? [name] : [])),
]);

/** An answer of a node, as JSON. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * The answer of a node as people read it: amounts with their point and their asset, `830.00 mUSD` for `83000`, and everything else as it is.
 * `asset` is that of amounts beside which none stands. Amounts of an asset that cannot be found out stay whole numbers, and say so.
 */
export async function readableAnswer(answer: unknown, assets: AssetDirectory, asset: string | undefined): Promise<unknown> {
  return readable(answer as Json, assets, asset === undefined ? undefined : { kind: 'asset', id: asset });
}

async function readable(json: Json, assets: AssetDirectory, around: AssetReference | undefined): Promise<Json> {
  if (typeof json !== 'object' || json === null) return json;
  const texts: Json[] = [];
  if (isList(json)) {
    for (const item of json) texts.push(await readable(item, assets, around));
    return texts;
  }
  const { id, decimals } = json;
  // An asset itself has its decimals beside its id.
  const isAsset = typeof id === 'string' && typeof decimals === 'number';
  if (isAsset) assets.learn({ asset: id, decimals });
  const reference: AssetReference | undefined = isAsset ? { kind: 'asset', id } : (referenceIn(json) ?? around);
  const fields: [string, Json][] = [];
  for (const [name, value] of Object.entries(json)) {
    const of = MTN_AMOUNTS.has(name) ? MTN : AMOUNTS.has(name) ? reference : null;
    const isAmount = of !== null && typeof value === 'string' && /^\d+$/.test(value);
    fields.push([name, isAmount ? await amountWords(value, assets, of) : await readable(value, assets, reference)]);
  }
  return Object.fromEntries(fields);
}

const MTN: AssetReference = { kind: 'asset', id: NATIVE_ASSET };

async function amountWords(digits: string, assets: AssetDirectory, reference: AssetReference | undefined): Promise<string> {
  const smallestUnits = `${digits} (smallest units)`;
  if (reference === undefined) return smallestUnits;
  try {
    const { asset, decimals } = await assets.unitOf(reference);
    return `${amountText(BigInt(digits), decimals)} ${asset}`;
  } catch (error) {
    // The node may have forgotten the lot or debt of an old transaction: that is no reason to keep its answer back.
    if (error instanceof SdkError) return smallestUnits;
    throw error;
  }
}

/** What an object says about the asset of its amounts. */
function referenceIn({ asset, lot, debt }: Readonly<Record<string, Json>>): AssetReference | undefined {
  if (typeof asset === 'string') return { kind: 'asset', id: asset };
  if (typeof debt === 'string') return { kind: 'debt', id: debt };
  if (typeof lot === 'string') return { kind: 'lot', id: lot };
  return undefined;
}

function isList(json: readonly Json[] | { readonly [name: string]: Json }): json is readonly Json[] {
  return Array.isArray(json);
}
