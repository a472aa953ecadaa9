import {
  ChainError,
  type FieldDefinition,
  NATIVE_ASSET,
  parseUnits,
  TRANSACTION_TYPES,
  type TransactionType,
  unsignedTransactionFromJson,
} from '@mutual-chain/protocol';
import type { OwnFields } from '@mutual-chain/sdk';
import { cliError } from '../errors.ts';

/** Fields that may be left out, and what they then are. */
const DEFAULTS: Readonly<Record<string, string>> = {
  memo: '',
  reason: '',
  reference: '',
  externalRef: '',
  jurisdiction: '',
  expiresAt: '0',
  levelExpiresAt: '0',
  credentialHash: `0x${'00'.repeat(32)}`,
};

/** A new request has no lot yet; who amends one names it. */
const NO_LOT = `0x${'00'.repeat(32)}`;

/** Fields that are times, unix seconds. */
const TIMES: ReadonlySet<string> = new Set(['dueAt', 'expiresAt', 'levelExpiresAt']);

const UNITS_SEC: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** What turning texts into fields has to ask. */
export type FieldSources = {
  /** Address of a name, or the address itself. */
  readonly addressOf: (text: string) => string;
  /** Digits after the point of the asset of a message, a lot or a debt. */
  readonly decimalsOf: (reference: AssetReference) => Promise<number>;
  /** Now, ms since 1970. */
  readonly nowMs: number;
};

/** By what an asset is found. */
export type AssetReference = { readonly kind: 'asset' | 'lot' | 'debt'; readonly id: string };

/** The fields of an operation besides the common four. */
export function fieldsOf(type: TransactionType): readonly FieldDefinition[] {
  return TRANSACTION_TYPES[type].fields;
}

/** What a field is when it is left out; undefined for one that has to be given. */
export function defaultOf(type: TransactionType, { name }: FieldDefinition): string | undefined {
  return name === 'lot' && type.startsWith('Request') ? NO_LOT : DEFAULTS[name];
}

/** How the value of a field is written on the command line. */
export function describeField(type: TransactionType, field: FieldDefinition): string {
  if (isAmount(type, field)) return 'amount, such as 30.00';
  if (TIMES.has(field.name)) return 'time: unix seconds, a date such as 2026-12-31T12:00:00Z, or from now such as +2h; 0 is never';
  switch (field.kind) {
    case 'address':
      return 'address, or name of a key or of an account of the devnet';
    case 'address[]':
      return `addresses or names, with commas, at most ${field.maxItems ?? 1}`;
    case 'bool':
      return 'true or false';
    case 'bytes':
    case 'bytes32':
      return field.kind === 'bytes' ? `0x hex, at most ${field.maxBytes ?? 0} bytes` : '0x hex, 32 bytes';
    case 'string':
      return `text, at most ${field.maxBytes ?? 0} bytes`;
    case 'uint8':
    case 'uint32':
    case 'uint64':
    case 'uint256':
      return 'whole number';
  }
}

/** The fields of an operation from texts by name. Errors: `CLI_FIELD_INVALID` naming the option; those of the sources. */
export async function readFields<Type extends TransactionType>(
  type: Type,
  texts: Readonly<Record<string, string | undefined>>,
  sources: FieldSources,
): Promise<OwnFields<Type>> {
  const json: Record<string, unknown> = {};
  for (const field of fieldsOf(type)) json[field.name] = await jsonOf(type, field, texts, sources);
  // The common fields are the wallet's: here they only complete the form.
  const common = { from: `0x${'11'.repeat(20)}`, nonce: '0', validUntil: '0', maxFee: '0' };
  try {
    const { message } = unsignedTransactionFromJson({ type, message: { ...common, ...json } });
    const { from: _from, nonce: _nonce, validUntil: _validUntil, maxFee: _maxFee, ...fields } = message;
    return fields as unknown as OwnFields<Type>;
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw cliError('CLI_FIELD_INVALID', `${error.message}.`, error.details, error);
  }
}

async function jsonOf(
  type: TransactionType,
  field: FieldDefinition,
  texts: Readonly<Record<string, string | undefined>>,
  { addressOf, decimalsOf, nowMs }: FieldSources,
): Promise<unknown> {
  const text = texts[field.name] ?? defaultOf(type, field);
  if (text === undefined) throw invalid(field, 'is missing', '');
  if (isAmount(type, field)) return amountFrom(field, text, await decimalsOf(assetReference(type, texts)));
  if (TIMES.has(field.name)) return String(timeFrom(field, text, nowMs));
  switch (field.kind) {
    case 'address':
      return addressOf(text);
    case 'address[]':
      return text === '' ? [] : text.split(',').map((each) => addressOf(each.trim()));
    case 'bool':
      if (text !== 'true' && text !== 'false') throw invalid(field, 'has to be true or false', text);
      return text === 'true';
    case 'uint8':
    case 'uint32':
      if (!/^(0|[1-9]\d{0,9})$/.test(text)) throw invalid(field, 'has to be a whole number', text);
      return Number(text);
    case 'bytes':
    case 'bytes32':
    case 'string':
    case 'uint64':
    case 'uint256':
      return text;
  }
}

/** Amounts are of the asset of the message, of its lot or of its debt; other numbers of 256 bits have no decimals. */
function isAmount(type: TransactionType, { name, kind }: FieldDefinition): boolean {
  const hasAsset = fieldsOf(type).some((each) => each.name === 'asset');
  return kind === 'uint256' && (name === 'amount' || (name === 'dailyLimit' && hasAsset));
}

function assetReference(type: TransactionType, texts: Readonly<Record<string, string | undefined>>): AssetReference {
  const names = fieldsOf(type).map(({ name }) => name);
  const kind = (['asset', 'debt', 'lot'] as const).find((each) => names.includes(each)) ?? 'asset';
  return { kind, id: texts[kind] ?? NATIVE_ASSET };
}

function amountFrom(field: FieldDefinition, text: string, decimals: number): string {
  try {
    return String(parseUnits(text, decimals));
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw invalid(field, `has to be an amount with at most ${decimals} decimals`, text);
  }
}

function timeFrom(field: FieldDefinition, text: string, nowMs: number): number {
  const [, count, unit = ''] = /^\+(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return Math.floor(nowMs / 1000) + Number(count) * (UNITS_SEC[unit] ?? 1);
  if (/^(0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  const atMs = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) throw invalid(field, 'has to be a time: unix seconds, a date with its zone, or from now such as +2h', text);
  return Math.floor(atMs / 1000);
}

/** Name of a field as an option. */
export function optionName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function invalid({ name }: FieldDefinition, problem: string, text: string): Error {
  const shown = text === '' ? '' : `, not ${JSON.stringify(text)}`;
  return cliError('CLI_FIELD_INVALID', `--${optionName(name)} ${problem}${shown}.`, { field: name });
}
