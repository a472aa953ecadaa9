import { encodeHex } from '@mutual-chain/protocol';
import type { ReplayedChain } from './replay-blocks.ts';

/** A replay without a difference, in words. */
export function describeReplay({ from, height, blocks, transactions, stateRoot, histories }: ReplayedChain): string[] {
  const start = from === 0 ? 'an empty database' : `the state of height ${from}`;
  return [
    `from ${start} to height ${height}: every block decoded, every signature verified, every header compared`,
    histories === undefined
      ? 'histories of lots: not checked, because the replay did not begin at genesis'
      : `histories of lots: ${histories.records} records of ${histories.lots} lots follow the transition table`,
    'whole state: every invariant of the ledger holds, the conservation of each asset among them',
    `replay: ${blocks} blocks, ${transactions} transactions, state root equal ${encodeHex(stateRoot)}`,
  ];
}
