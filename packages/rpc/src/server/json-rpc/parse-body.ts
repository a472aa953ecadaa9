import { ChainError, parseStrictJson } from '@mutual-chain/protocol';
import { RPC_LIMITS } from '../../contract/index.ts';
import { RpcError } from '../rpc-error.ts';

/** Names that set a prototype in one parser or another. No parameter is called so. */
const POISONED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** With the flag, whole pairs are one character and do not match. */
const HALF_PAIR = /\p{Surrogate}/u;

/** `ignoreBOM` keeps a byte order mark in the text, where JSON has no place for it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a body: JSON in UTF-8 without byte order mark, nested at most `requestDepthMax` deep, each field once, every text well formed.
 *
 * Errors: `PARSE_ERROR`; `INVALID_REQUEST` for a field with the name of a prototype. Source: JSON-RPC 2.0 section 5.1, RFC 8259.
 */
export function parseBody(body: Uint8Array): unknown {
  const json = parseText(decodeText(body));
  checkTexts(json);
  return json;
}

function decodeText(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new RpcError('PARSE_ERROR', { reason: 'the body is not UTF-8' });
  }
}

function parseText(text: string): unknown {
  try {
    return parseStrictJson(text, { charactersMax: RPC_LIMITS.requestBytesMax, depthMax: RPC_LIMITS.requestDepthMax });
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    // What the parser says quotes the body, which may hold anything.
    const reason = error.cause instanceof SyntaxError ? 'the body is not JSON' : error.message.replaceAll(/[^\x20-\x7e]/g, '?');
    throw new RpcError('PARSE_ERROR', { reason });
  }
}

/** JSON can spell half of a surrogate pair, which no UTF-8 can. The depth is limited, so this may recurse. */
function checkTexts(json: unknown): void {
  if (typeof json === 'string') {
    if (HALF_PAIR.test(json)) throw new RpcError('PARSE_ERROR', { reason: 'a text holds half of a surrogate pair' });
  } else if (Array.isArray(json)) {
    for (const item of json) checkTexts(item);
  } else if (typeof json === 'object' && json !== null) {
    for (const [name, value] of Object.entries(json)) {
      if (POISONED.has(name)) throw new RpcError('INVALID_REQUEST', { field: name, reason: 'no field is called so' });
      checkTexts(name);
      checkTexts(value);
    }
  }
}
