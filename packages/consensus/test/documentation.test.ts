import { readFileSync } from 'node:fs';
import { CONSENSUS_ERRORS, CONSENSUS_LIMITS, type NilReason } from '@mutual-chain/consensus';
import { describe, expect, it } from 'vitest';

/* Goal: the page about consensus says what the code does. Method: its tables against the tables of the code. */

const page = readFileSync(new URL('../../../docs/protocol/consensus.md', import.meta.url), 'utf8');

/** The cells of a table under a heading, without the row of titles. */
function tableUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [body = ''] = section.split('\n## ');
  const rows = body.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const NIL_REASONS: Readonly<Record<NilReason, true>> = {
  noProposal: true,
  notValidated: true,
  noPrevoteQuorum: true,
  lockedOnOther: true,
  invalid: true,
  wrongProposer: true,
  untimely: true,
  nilQuorum: true,
  noQuorum: true,
};

describe('docs/protocol/consensus.md', () => {
  it('names every limit with its value', () => {
    const limits = tableUnder('Limits').map(([name, value]) => [name, Number(value)]);
    expect(limits).toEqual(Object.entries(CONSENSUS_LIMITS));
  });

  it('names every reason of a nil vote', () => {
    expect(tableUnder('Why a vote was nil').map(([name]) => name)).toEqual(Object.keys(NIL_REASONS));
  });

  it('names every error with its meaning', () => {
    expect(tableUnder('Errors')).toEqual(Object.entries(CONSENSUS_ERRORS));
  });
});
