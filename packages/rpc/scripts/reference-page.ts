import {
  isOptional,
  METHODS,
  type Method,
  openRpcDocument,
  parametersOf,
  RPC_ERRORS,
  RPC_LIMIT_REASONS,
  RPC_LIMITS,
} from '../src/contract/index.ts';
import { HTTP_LIMIT_REASONS, HTTP_LIMITS, RPC_SERVER_ERRORS } from '../src/server/index.ts';

const INTRODUCTION = `JSON-RPC 2.0 as \`POST /\` with \`Content-Type: application/json\`. Besides it there are \`GET /health\` (the process lives) and
\`GET /ready\` (200, or 503 with the reasons: no block yet, syncing, too few peers, last block too old). \`GET /metrics\` is on a port of its own
and wants a token.

Parameters are taken by position, in the order given here, or by name. A parameter that is marked with … may also be given by its fields, which
then stand directly among the named parameters. Heights are numbers; amounts and voting power decimal strings in the smallest unit; hashes,
keys, addresses and signatures 0x hex, addresses in the mixed case of EIP-55 or all lower case. Lists answer \`{ items, nextCursor }\`.
The shapes are in the OpenRPC document that \`rpc.discover\` answers with; the messages of transactions are in [transactions](transactions.md).

A notification is carried out and not answered. The calls of a batch run one after the other, in order.

This page is written by \`pnpm --filter @mutual-chain/rpc reference\` from the contract; a test keeps it in step.`;

const ERRORS = `Every error carries a stable text in \`error.data.code\`, and where one parameter is to blame \`error.data.field\` and
\`error.data.reason\`. A transaction that is refused is an error with the number −32000 and its [result code](result-codes.md) as \`code\`.
An error of JSON-RPC travels with HTTP status 200. Refused before a call is read: 403 a foreign host or origin, 413 a body too large, 415 another
content type. 429 says that every call of the request was refused for its rate, 503 that the answer took too long.`;

/** The reference page of the interface, made from the contract. */
export function referencePage(): string {
  const parts = [
    '# JSON-RPC',
    INTRODUCTION,
    '## Methods',
    table(['method', 'parameters', 'result', 'errors of its own'], METHODS.map(methodRow)),
    METHODS.map((method) => `- \`${method.name}\`: ${method.summary}`).join('\n'),
    '## Errors',
    ERRORS,
    table(
      ['number', 'code', 'meaning'],
      Object.entries(RPC_ERRORS).map(([code, { number, meaning }]) => [String(number), `\`${code}\``, meaning]),
    ),
    'What whoever sets a server up may be told, as `ChainError`:',
    table(
      ['code', 'meaning'],
      Object.entries(RPC_SERVER_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
    '## Limits',
    'Fixed limits of the interface:',
    limits(RPC_LIMITS, RPC_LIMIT_REASONS),
    'What a server has unless it is set up otherwise:',
    limits(HTTP_LIMITS, HTTP_LIMIT_REASONS),
  ];
  return `${parts.join('\n\n')}\n`;
}

const document = openRpcDocument('0');

function methodRow(method: Method): string[] {
  const parameters = parametersOf(method).map(
    ([name, parameter]) => `\`${name}${isOptional(parameter) ? '?' : ''}\`${parameter.isSpread === true ? '…' : ''}`,
  );
  const { $ref } = document.methods.find(({ name }) => name === method.name)?.result.schema ?? {};
  const result = typeof $ref === 'string' ? `${$ref.replace(/^.*\//, '')}: ` : '';
  return [
    `\`${method.name}\``,
    parameters.length === 0 ? '–' : parameters.join(', '),
    `${result}${method.result.description}`,
    method.errors.length === 0 ? '–' : method.errors.map((code) => `\`${code}\``).join(', '),
  ];
}

function limits(values: Readonly<Record<string, number>>, reasons: Readonly<Record<string, string>>): string {
  return table(
    ['limit', 'value', 'of what, and why'],
    Object.entries(values).map(([name, value]) => [`\`${name}\``, String(value), reasons[name] ?? '']),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
