import {
  AMOUNT_MAX,
  ChainError,
  type FieldDefinition,
  formatUnits,
  NATIVE_ASSET,
  parseUnits,
  TRANSACTION_TYPES,
  type TransactionType,
  unsignedTransactionFromJson,
  utf8Length,
} from '@mutual-chain/protocol';
import type { OwnFields } from '@mutual-chain/sdk';
import { cliError } from '../errors.ts';
import type { AssetReference } from './asset-directory.ts';

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
  /** Address of a name, or the address itself; `place` is the option with which it was given. */
  readonly addressOf: (text: string, place: string) => Promise<string>;
  /** Digits after the point of the asset of a message, a lot or a debt. */
  readonly decimalsOf: (reference: AssetReference) => Promise<number>;
  /** Now, ms since 1970. */
  readonly nowMs: number;
};

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
      return 'whole number';
    case 'uint256':
      return 'whole number of smallest units';
  }
}

/** The fields of an operation from texts by name. Errors: `CLI_FIELD_INVALID` naming the option; those of the sources. */
export async function readFields<Type extends TransactionType>(
  type: Type,
  texts: Readonly<Record<string, string | undefined>>,
  sources: FieldSources,
): Promise<OwnFields<Type>> {
  const json: Record<string, unknown> = {};
  // Amounts come last: what they are amounts of is asked of a node, by fields that have to be right before.
  const [amounts, others] = [true, false].map((wanted) => fieldsOf(type).filter((field) => isAmount(type, field) === wanted));
  for (const field of [...(others ?? []), ...(amounts ?? [])]) json[field.name] = await jsonOf(type, field, texts, sources);
  // The common fields are the wallet's: here they only complete the form.
  const common = { from: `0x${'11'.repeat(20)}`, nonce: '0', validUntil: '0', maxFee: '0' };
  try {
    const { message } = unsignedTransactionFromJson({ type, message: { ...common, ...json } });
    const { from: _from, nonce: _nonce, validUntil: _validUntil, maxFee: _maxFee, ...fields } = message;
    return fields as unknown as OwnFields<Type>;
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    const words = error.message.replaceAll(/\bmessage\.(\w+)/g, (_, name: string) => `--${optionName(name)}`);
    throw cliError('CLI_FIELD_INVALID', `${words}.`, error.details, error);
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
      return addressOf(text, placeOf(field));
    case 'address[]':
      return addressesFrom(field, text, addressOf);
    case 'bool':
      if (text !== 'true' && text !== 'false') throw invalid(field, 'has to be true or false', text);
      return text === 'true';
    case 'uint8':
    case 'uint32':
      return Number(wholeNumberFrom(field, text));
    case 'uint64':
    case 'uint256':
      return wholeNumberFrom(field, text);
    case 'bytes':
    case 'bytes32':
      return hexFrom(field, text);
    case 'string':
      return textFrom(field, text);
  }
}

async function addressesFrom(field: FieldDefinition, text: string, addressOf: FieldSources['addressOf']): Promise<readonly string[]> {
  const names = text === '' ? [] : text.split(',').map((each) => each.trim());
  if (names.length > (field.maxItems ?? 0))
    throw invalid(field, `has ${names.length} addresses, and at most ${field.maxItems ?? 0} fit`, '');
  const addresses: string[] = [];
  for (const name of names) addresses.push(await addressOf(name, placeOf(field)));
  return addresses;
}

/** Largest whole numbers of the kinds. */
const NUMBERS_MAX: Partial<Record<FieldDefinition['kind'], bigint>> = {
  uint8: 255n,
  uint32: 4_294_967_295n,
  uint64: BigInt(Number.MAX_SAFE_INTEGER),
  uint256: AMOUNT_MAX,
};

function wholeNumberFrom(field: FieldDefinition, text: string): string {
  const max = NUMBERS_MAX[field.kind] ?? 0n;
  if (!/^(0|[1-9]\d*)$/.test(text)) throw invalid(field, 'has to be a whole number', text);
  if (text.length > String(max).length || BigInt(text) > max) throw invalid(field, `is above ${max}`, '');
  return text;
}

function hexFrom(field: FieldDefinition, text: string): string {
  const { kind, maxBytes = 0 } = field;
  if (kind === 'bytes32' && !/^0x[\da-fA-F]{64}$/.test(text)) throw invalid(field, 'has to be 0x and 64 hex digits', text);
  if (!/^0x([\da-fA-F]{2})*$/.test(text)) throw invalid(field, 'has to be 0x and pairs of hex digits', text);
  if (kind === 'bytes' && text.length > 2 + 2 * maxBytes) {
    throw invalid(field, `has ${(text.length - 2) / 2} bytes, and at most ${maxBytes} fit`, '');
  }
  return text;
}

function textFrom(field: FieldDefinition, text: string): string {
  const { maxBytes = 0 } = field;
  const bytes = utf8Length(text);
  if (bytes > maxBytes) throw invalid(field, `has ${bytes} bytes, and at most ${maxBytes} fit: shorten it`, '');
  return text;
}

/** Amounts are of the asset of the message, of its lot or of its debt; other numbers of 256 bits have no decimals. */
function isAmount(type: TransactionType, { name, kind }: FieldDefinition): boolean {
  const hasAsset = fieldsOf(type).some((each) => each.name === 'asset');
  return kind === 'uint256' && (name === 'amount' || (name === 'dailyLimit' && hasAsset));
}

/** Whether an operation has an amount whose asset stands in its lot or debt, and not in the message. */
export function hasUnnamedAsset(type: TransactionType): boolean {
  const fields = fieldsOf(type);
  return fields.some((field) => isAmount(type, field)) && !fields.some(({ name }) => name === 'asset');
}

/** What says in which asset the amounts of an operation are: its asset, or else its debt or lot. */
export function assetReference(type: TransactionType, texts: Readonly<Record<string, string | undefined>>): AssetReference {
  const names = fieldsOf(type).map(({ name }) => name);
  const kind = (['asset', 'debt', 'lot'] as const).find((each) => names.includes(each)) ?? 'asset';
  return { kind, id: texts[kind] ?? NATIVE_ASSET };
}

function amountFrom(field: FieldDefinition, text: string, decimals: number): string {
  const [, whole = '', fraction = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '' || fraction.length > decimals) throw invalid(field, `has to be an amount with at most ${decimals} decimals`, text);
  const amount = unitsFrom(field, text, decimals);
  // A limit of 0 says something; every block refuses an amount of 0, and charges the fee.
  if (amount === 0n && field.name === 'amount') throw invalid(field, 'has to be more than 0: blocks refuse it, and charge the fee', '');
  return String(amount);
}

/** Smallest units of what is written as an amount: only its size can be wrong. */
function unitsFrom(field: FieldDefinition, text: string, decimals: number): bigint {
  try {
    return parseUnits(text, decimals);
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw invalid(field, `is more than there can be of anything, ${formatUnits(AMOUNT_MAX, decimals)}: check its digits`, '');
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

function placeOf({ name }: FieldDefinition): string {
  return `--${optionName(name)}`;
}

/** Name of a field as an option. */
export function optionName(field: string): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Most characters of a wrong value that an error repeats. */
const SHOWN_CHARACTERS_MAX = 40;

function invalid(field: FieldDefinition, problem: string, text: string): Error {
  const short = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}…` : text;
  const shown = text === '' ? '' : `, not ${JSON.stringify(short)}`;
  return cliError('CLI_FIELD_INVALID', `${placeOf(field)} ${problem}${shown}.`, { field: field.name });
}
