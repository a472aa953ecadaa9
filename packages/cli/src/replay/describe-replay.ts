import { encodeHex } from '@mutual-chain/protocol';
import { counted } from '../text/counted.ts';
import type { ReplayedChain } from './replay-blocks.ts';

/** A replay without a difference, in words. */
export function describeReplay(replayed: ReplayedChain): string[] {
  const { blocks, transactions, stateRoot, histories } = replayed;
  return [
    ...describeBlocks(replayed),
    histories === undefined
      ? 'histories of lots: not checked, because the replay did not begin at genesis'
      : `histories of lots: ${counted(histories.records, 'record')} of ${counted(histories.lots, 'lot')} ${histories.records === 1 ? 'follows' : 'follow'} the transition table`,
    'whole state: every invariant of the ledger holds, the conservation of each asset among them',
    `replay: ${counted(blocks, 'block')}, ${counted(transactions, 'transaction')}, state root equal ${encodeHex(stateRoot)}`,
  ];
}

/** What was done with the blocks of the file: compared with those of the folder, executed, or nothing. */
function describeBlocks({ from, height, blocks, blocksLeft }: ReplayedChain): string[] {
  const start = from === 0 ? 'an empty database' : `the state of height ${from}`;
  const executed = `from ${start} to height ${height}: every block decoded, every signature verified, every header compared`;
  const known = `heights 1 to ${from} were in the folder, byte for byte as in the file: ${blocks === 0 ? 'nothing was left to execute' : 'they were not executed again'}`;
  return [
    ...(from === 0 ? [] : [known]),
    ...(from > 0 && blocks === 0 ? [] : [executed]),
    ...(blocksLeft === 0
      ? []
      : [`stopped at height ${height} as --to says: the file goes on to ${height + blocksLeft}, and nobody looked at the rest`]),
  ];
}
