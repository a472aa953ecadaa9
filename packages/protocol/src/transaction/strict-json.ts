import type { ChainError } from '../chain-error.ts';
import { type ProtocolErrorCode, protocolError } from '../errors.ts';

/** Limits of a JSON text, checked before it is parsed. */
export type JsonLimits = {
  /** UTF-16 units of the text. */
  readonly charactersMax: number;
  /** Depth of nesting; the outermost object or list is 1. */
  readonly depthMax: number;
};

function jsonError(message: string, details: Readonly<Record<string, unknown>>, cause?: unknown): ChainError<ProtocolErrorCode> {
  return protocolError('PROTOCOL_TRANSACTION_JSON_INVALID', message, details, cause);
}

/** Position of the quote that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/**
 * Walks a JSON text and refuses what `JSON.parse` would let pass: a field given twice, of which it keeps the last, and deep nesting.
 *
 * Only has to be right about texts that are JSON: all others `JSON.parse` refuses afterwards.
 */
function assertNoDuplicates(text: string, depthMax: number): void {
  // One entry for each open object or list: the names seen in the object, undefined for a list.
  const open: (Set<string> | undefined)[] = [];
  let isNameNext = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (isNameNext && names !== undefined) {
        // Two spellings of one name, as "a" and "\u0061", are the same field.
        const name = JSON.parse(text.slice(at, end + 1)) as string;
        if (names.has(name)) throw jsonError(`field ${name.slice(0, 64)} is given twice: give it once`, { field: name.slice(0, 64) });
        names.add(name);
        isNameNext = false;
      }
      at = end;
    } else if (character === '{' || character === '[') {
      if (open.length === depthMax) throw jsonError(`the JSON is nested deeper than ${depthMax}`, { limit: depthMax });
      open.push(character === '{' ? new Set() : undefined);
      isNameNext = character === '{';
    } else if (character === '}' || character === ']') {
      open.pop();
      isNameNext = false;
    } else if (character === ',') {
      isNameNext = open.at(-1) !== undefined;
    }
  }
}

/**
 * Parses a JSON text from outside.
 *
 * Refuses, besides what is no JSON: texts beyond the limits, and objects with a field given twice, about which parsers disagree.
 * Errors: `PROTOCOL_TRANSACTION_JSON_INVALID`. Source: RFC 8259 section 4.
 */
export function parseStrictJson(text: string, limits: JsonLimits): unknown {
  if (text.length > limits.charactersMax) {
    throw jsonError(`the JSON has ${text.length} characters, at most ${limits.charactersMax} are allowed`, {
      limit: limits.charactersMax,
      characters: text.length,
    });
  }
  try {
    assertNoDuplicates(text, limits.depthMax);
    return JSON.parse(text) as unknown;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw jsonError(`the text is not JSON: ${cause.message}`, {}, cause);
    throw cause;
  }
}
