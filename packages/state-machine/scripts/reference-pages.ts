import {
  COMMON_FIELDS,
  type FieldDefinition,
  INPUT_NAMES,
  INPUTS,
  LIMIT_REASONS,
  LIMITS,
  PARAMETER_TABLE,
  type ParameterDefinition,
  PROTOCOL_ERRORS,
  RESULT_CODE_MEANINGS,
  RESULT_CODES,
  STATE_NAMES,
  STATE_NAMESPACES,
  STATES,
  TRANSACTION_TYPES,
  transition,
} from '@mutual-chain/protocol';
import { BLOCK_REJECTIONS } from '../src/index.ts';

const GENERATED =
  'This page is written by `pnpm --filter @mutual-chain/state-machine reference` from the tables of the code; a test keeps it in step.';

/** Reference pages by file name under `docs/reference`, made from the tables that the code itself uses. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['result-codes.md', resultCodes()],
    ['block-rejections.md', blockRejections()],
    ['protocol-errors.md', protocolErrors()],
    ['limits.md', limits()],
    ['parameters.md', parameters()],
    ['transactions.md', transactions()],
    ['state-machine.md', stateMachine()],
  ]);
}

function page(title: string, introduction: string, ...parts: readonly string[]): string {
  return `# ${title}\n\n${introduction}\n\n${GENERATED}\n\n${parts.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function resultCodes(): string {
  const rows = RESULT_CODES.map((code, number) => [String(number), `\`${code}\``, RESULT_CODE_MEANINGS[code]]);
  const introduction =
    'Outcome of a transaction. The number is what receipts store. Checks run in this order, so of several reasons the first listed is reported; codes are appended, never renamed.';
  return page('Result codes', introduction, table(['number', 'code', 'meaning'], rows));
}

function blockRejections(): string {
  const rows = Object.entries(BLOCK_REJECTIONS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return page('Block rejections', 'Why a block is not valid on a state, in the order of the checks.', table(['code', 'meaning'], rows));
}

function protocolErrors(): string {
  const rows = Object.entries(PROTOCOL_ERRORS).map(([code, meaning]) => [`\`${code}\``, meaning]);
  const introduction =
    'What `@mutual-chain/protocol` throws as `ChainError` when bytes, documents or texts from outside are not acceptable. `details` names field, limit and value.';
  return page('Errors of the protocol', introduction, table(['code', 'meaning'], rows));
}

function limits(): string {
  const rows = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).map((name) => [`\`${name}\``, String(LIMITS[name]), LIMIT_REASONS[name]]);
  return page(
    'Limits',
    'Fixed bounds of the protocol; the fields of transactions have theirs in [transactions](transactions.md).',
    table(['limit', 'value', 'of what, and why'], rows),
  );
}

function parameters(): string {
  const rows = Object.entries(PARAMETER_TABLE).map(([name, definition]: [string, ParameterDefinition]) => [
    `\`${name}\``,
    definition.choices === undefined ? `${definition.min} … ${definition.max}` : definition.choices.join(', '),
    String(definition.default),
    definition.unit,
    definition.reason,
  ]);
  const introduction =
    'What genesis sets and governance changes. Besides these, `fee.<Type>` sets the fee of one transaction type instead of `feePerTransaction`. The three fee shares must add up to 10000 bps.';
  return page('Chain parameters', introduction, table(['parameter', 'range', 'default', 'unit', 'reason'], rows));
}

function transactions(): string {
  const describe = ({ name, kind, maxBytes, maxItems }: FieldDefinition): string => {
    const bound = maxBytes === undefined ? (maxItems === undefined ? '' : ` ≤ ${maxItems}`) : ` ≤ ${maxBytes} B`;
    return `\`${name}\` ${kind}${bound}`;
  };
  const rows = Object.entries(TRANSACTION_TYPES).map(([type, { number, fields, summary }]) => [
    String(number),
    `\`${type}\``,
    fields.length === 0 ? '–' : fields.map(describe).join(' · '),
    summary,
  ]);
  const common = COMMON_FIELDS.map(describe).join(' · ');
  const introduction = `Every operation is one EIP-712 structure. Each begins with ${common}. \`uint256\` fields are amounts below 2^128 in the smallest unit, \`uint64\` fields whole numbers below 2^53.`;
  return page('Transaction types', introduction, table(['number', 'type', 'own fields', 'what a wallet shows'], rows));
}

function stateMachine(): string {
  const head = ['input', ...STATES.map((state) => `${state} ${STATE_NAMES[state]}`)];
  const rows = INPUTS.map((input) => [`${input} ${INPUT_NAMES[input]}`, ...STATES.map((state) => transition(state, input) ?? '·')]);
  const namespaces = Object.entries(STATE_NAMESPACES).map(([name, number]) => [`0x${number.toString(16).padStart(2, '0')}`, name]);
  return page(
    'State machine and state keys',
    'The transition function of lots: the next state for each input, or a dot where the input is refused with `DFSM_ILLEGAL`.',
    table(head, rows),
    '## Namespaces of state keys\n\nThe first byte of a key says what the entry is.',
    table(['byte', 'entries'], namespaces),
  );
}
