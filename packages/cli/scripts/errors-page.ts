import { NODE_ERRORS } from '@mutual-chain/node';
import { PROTOCOL_ERRORS } from '@mutual-chain/protocol';
import { RPC_ERRORS } from '@mutual-chain/rpc/contract';
import { SDK_ERRORS } from '@mutual-chain/sdk';
import { CLI_ERRORS } from '../src/errors.ts';

type Registry = { readonly title: string; readonly about: string; readonly codes: readonly (readonly [code: string, meaning: string])[] };

const meaningOf = (value: string | { readonly meaning: string }): string => (typeof value === 'string' ? value : value.meaning);
const codesOf = (errors: Readonly<Record<string, string | { readonly meaning: string }>>): Registry['codes'] =>
  Object.entries(errors).map(([code, value]) => [code, meaningOf(value)]);

const REGISTRIES: readonly Registry[] = [
  {
    title: 'Bytes, documents and texts',
    about: 'Of `@mutual-chain/protocol`, wherever something from outside is read.',
    codes: codesOf(PROTOCOL_ERRORS),
  },
  {
    title: 'Disks, keys and links of a node',
    about:
      'Of `@mutual-chain/node`. What to do: [files that keep promises](durable-files.md), [indexes](indexes.md), and the message itself.',
    codes: codesOf(NODE_ERRORS),
  },
  {
    title: 'Answers of JSON-RPC',
    about: 'In `error.data.code`, with the field and the remedy: [JSON-RPC](rpc.md).',
    codes: codesOf(RPC_ERRORS),
  },
  { title: 'The SDK', about: 'Of `@mutual-chain/sdk`, each with a remedy: [SDK](sdk.md).', codes: codesOf(SDK_ERRORS) },
  { title: 'The command line', about: 'Each with an exit code: [the command `mutual`](cli.md#errors).', codes: codesOf(CLI_ERRORS) },
];

/** The page of every error code. */
export function errorsPage(): string {
  const sections = REGISTRIES.map(
    ({ title, about, codes }) => `## ${title}

${about}

| code | meaning |
| --- | --- |
${codes.map(([code, meaning]) => `| \`${code}\` | ${meaning} |`).join('\n')}
`,
  );
  return `# Errors

Every code of an error, by the package that throws it. Codes are stable: appended, never renamed. What a transaction was refused for in a block is no error but a
[result code](result-codes.md), and what is wrong with a block a [rejection](block-rejections.md).

This page is written by \`node --conditions=mutual-source packages/cli/scripts/write-pages.ts\` from the registries of the packages; a test keeps it in step.

${sections.join('\n')}`;
}
