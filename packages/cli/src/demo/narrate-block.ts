import type { LedgerRecord } from '@mutual-chain/protocol';
import { ZERO_ID } from '@mutual-chain/state-machine';
import { counted } from '../text/counted.ts';
import { palette } from '../text/palette.ts';
import { recordSentence, type Wording } from '../text/record-sentence.ts';
import { type BuiltStoryBlock, meaningOf, type StoryOutcome, titleOf } from './story-block.ts';
import type { StoryBlock } from './story-files.ts';

const MS_PER_SEC = 1000;

/** What a block tells: its head, every transaction with a note, what the system did by itself, and how many it does not tell. */
export function narrateBlock(planned: StoryBlock, { header, outcomes, records }: BuiltStoryBlock, wording: Wording): string[] {
  const time = new Date(Math.floor(header.timestampMs / MS_PER_SEC) * MS_PER_SEC).toISOString().replace('.000Z', 'Z');
  const included = outcomes.filter(({ receipt }) => receipt !== undefined).length;
  const proposer = wording.nameOf(header.proposer);
  const lines = [palette.dim(`block ${header.height}  ${time}  proposer ${proposer}, ${counted(included, 'transaction')}`)];
  if (planned.title !== undefined) lines.unshift('', palette.bold(planned.title), `${planned.text ?? ''}`, '');

  for (const outcome of outcomes) lines.push(...narrateOutcome(outcome, wording));
  for (const record of records.filter(isScheduled)) lines.push(`  ${palette.yellow('system')}  ${recordSentence(record, wording)}`);
  const untold = outcomes.filter(({ planned: { note } }) => note === undefined);
  if (untold.length > 0)
    lines.push(
      `  ${palette.dim(`${untold.length} ${untold.length < outcomes.length ? 'more ' : ''}without comment: ${countedTypes(untold)}`)}`,
    );
  return lines;
}

function narrateOutcome(outcome: StoryOutcome, wording: Wording): string[] {
  const { planned, transaction, code, receipt, records } = outcome;
  if (planned.note === undefined) return [];
  const sponsor = transaction?.sponsor === undefined ? '' : `, fee paid by ${wording.nameOf(transaction.sponsor.address)}`;
  const lines = [`  ${palette.cyan(titleOf(outcome, wording.nameOf))}${sponsor}: ${planned.note}`];
  for (const record of records) lines.push(`      ${recordSentence(record, wording)}`);
  if (code !== 'OK') {
    lines.push(`      ${palette.red(`${receipt === undefined ? 'left out' : 'refused'} ${code}`)}  ${palette.dim(meaningOf(code))}`);
  }
  return lines;
}

/** Written by the scheduler; what the block itself pays out in fees has the same actor and is left to the summary. */
function isScheduled({ transaction, business }: LedgerRecord): boolean {
  return transaction.txId.every((byte, index) => byte === ZERO_ID[index]) && business.product !== 'fees';
}

function countedTypes(outcomes: readonly StoryOutcome[]): string {
  const counts = new Map<string, number>();
  for (const { transaction } of outcomes) {
    const type = transaction?.type ?? 'not signed';
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ');
}
