import { formatAddress } from '../bytes/address-text.ts';
import type { Address } from '../bytes/branded.ts';
import { encodeHex } from '../bytes/hex.ts';
import { type SchemaField, schemaOfType } from './schema.ts';
import type { UnsignedTransaction } from './transaction.ts';

/** How a summary writes what it cannot know by itself. */
export type SummaryFormat = {
  /** Writes an amount; the asset is that of the message, undefined when it names none. Default: the smallest unit. */
  readonly formatAmount?: (amount: bigint, asset: string | undefined) => string;
  /** Writes a time in unix seconds. Default: the number. */
  readonly formatTime?: (unixSec: number) => string;
  /** Writes an address. Default: EIP-55. */
  readonly formatAddress?: (address: Address) => string;
};

/** Fields that are times in unix seconds. */
const TIME_FIELDS: ReadonlySet<string> = new Set(['validUntil', 'dueAt', 'expiresAt', 'levelExpiresAt']);

/** Texts that need no quotes: asset ids, roles, keys and the like. */
const PLAIN_TEXT = /^[A-Za-z0-9._:/@+-]+$/;

/** Control characters, and those that hide or reorder what is around them: with them a text could make a sentence say something else. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/gu;

function quoted(text: string): string {
  if (PLAIN_TEXT.test(text)) return text;
  return `"${text.replace(DECEPTIVE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)}"`;
}

function fieldWords(field: SchemaField, value: unknown, asset: string | undefined, format: SummaryFormat): string {
  const addressWords = format.formatAddress ?? ((address) => formatAddress(address));
  switch (field.kind) {
    case 'address':
      return addressWords(value as Address);
    case 'address[]':
      return (value as readonly Address[]).map(addressWords).join(', ');
    case 'bytes':
    case 'bytes32':
      return encodeHex(value as Uint8Array);
    case 'bool':
      return value === true ? 'yes' : 'no';
    case 'string':
      return quoted(value as string);
    case 'uint256':
      return format.formatAmount?.(value as bigint, asset) ?? String(value);
    case 'uint64':
      if (TIME_FIELDS.has(field.name)) return format.formatTime?.(value as number) ?? String(value);
      return String(value);
    case 'uint8':
    case 'uint32':
      return String(value);
  }
}

/**
 * One sentence that says what a transaction does, for a person who is about to sign it.
 *
 * Texts of the message stand in quotes unless they are plain words, with deceptive characters written out.
 * Errors: `PROTOCOL_TRANSACTION_TYPE_UNKNOWN`.
 */
export function summarizeTransaction(transaction: UnsignedTransaction, format: SummaryFormat = {}): string {
  const schema = schemaOfType(transaction.type);
  const values = transaction.message as unknown as Readonly<Record<string, unknown>>;
  const asset = typeof values['asset'] === 'string' ? values['asset'] : undefined;
  const byName = new Map(schema.fields.map((field) => [field.name, field]));
  // One pass over the sentence, so that braces within a value insert nothing.
  return schema.summary.replace(/\{([A-Za-z0-9]+)\}/g, (braces, name: string) => {
    const field = byName.get(name);
    return field === undefined ? braces : fieldWords(field, values[name], asset, format);
  });
}
