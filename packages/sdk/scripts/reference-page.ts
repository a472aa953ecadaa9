import { LIGHT_CLIENT_DEFAULTS, RPC_CLIENT_DEFAULTS, remedyOf, SDK_ERRORS, WALLET_DEFAULTS } from '../src/index.ts';

const INTRODUCTION = `\`@mutual-chain/sdk\` for applications, in Node.js and in browsers. How to use it is told in the [guide](../guides/wallet.md).

This page is written by \`pnpm --filter @mutual-chain/sdk reference\` from the code; a test keeps it in step.`;

const ERRORS = `What this package makes itself, as \`SdkError\`. What a node answers with is a \`NodeError\`, which is one too, and keeps the code of the node:
one of [JSON-RPC](rpc.md#errors), or the [result code](result-codes.md) of a refused transaction. Both have \`code\`, \`field\`, \`remedy\`
and \`details\`; \`details.attempts\` has every node that was asked, and how it failed, where there were several. Fields of a message that are wrong are
[errors of the protocol](protocol-errors.md).`;

const OUTCOMES = [
  [
    '`committed`',
    'A block has the transaction, and no other block ever will. `receipt.ok` says whether it did what it was to do, `receipt.code` why not.',
  ],
  ['`expired`', 'No block has it, and none can any more: the chain has passed its `validUntil`.'],
  ['`rejected`', 'No block has it: it was not approved of, not signed, or refused. `code`, `field`, `message` and `remedy` say why.'],
];

const CLIENT: Readonly<Record<keyof typeof RPC_CLIENT_DEFAULTS, string>> = {
  timeoutMs: 'How long one attempt at one node may take, ms: more than a node allows itself for an answer.',
  roundsMax: 'How often the list of nodes is gone through before a failure is told.',
  pauseMs: 'Pause after the first round, ms; each further one is twice as long, and never shorter than a node wants it.',
};

const WALLET: Readonly<Record<keyof typeof WALLET_DEFAULTS, string>> = {
  validForSec: 'How long a transaction stands, seconds of block time; never longer than the chain allows.',
  windowMax: 'Transactions in flight: far below what a node keeps of one account.',
  queueMax: 'Operations that have not ended; more are refused with `SDK_QUEUE_FULL`.',
  chunkMax: 'Transactions of one request. It shrinks after refusals, because everything after a refused one is refused with it.',
  pollMs: 'Pause between two looks at the chain, ms.',
  pauseMsMax: 'Longest pause while no node answers, ms.',
};

const LIGHT_CLIENT: Readonly<Record<keyof typeof LIGHT_CLIENT_DEFAULTS, string>> = {
  trustPeriodMs: 'How old what is trusted may be, ms: shorter than the time for which evidence of misbehaviour counts.',
  clockDriftMs: 'How far the time of a block may be ahead of this clock, ms.',
};

/** The reference page of the package, made from its tables. */
export function referencePage(): string {
  const parts = [
    '# SDK',
    INTRODUCTION,
    '## Errors',
    ERRORS,
    table(
      ['code', 'meaning', 'what to do'],
      Object.entries(SDK_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning, remedyOf(code)]),
    ),
    '## Outcomes',
    'How an operation ends, exactly once:',
    table(['status', 'meaning'], OUTCOMES),
    '## Defaults',
    'What an `RpcClient` has unless it is given others:',
    defaults(RPC_CLIENT_DEFAULTS, CLIENT),
    'What a `Wallet` has:',
    defaults(WALLET_DEFAULTS, WALLET),
    'What a `LightClient` has:',
    defaults(LIGHT_CLIENT_DEFAULTS, LIGHT_CLIENT),
  ];
  return `${parts.join('\n\n')}\n`;
}

function defaults(values: Readonly<Record<string, number>>, reasons: Readonly<Record<string, string>>): string {
  return table(
    ['option', 'value', 'of what, and why'],
    Object.entries(values).map(([name, value]) => [`\`${name}\``, String(value), reasons[name] ?? '']),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
