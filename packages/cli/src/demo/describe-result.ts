import { NATIVE_ASSET } from '@mutual-chain/protocol';
import { describeReplay } from '../replay/describe-replay.ts';
import { describeDifference } from '../replay/difference.ts';
import { amountText } from '../text/amount-text.ts';
import { counted } from '../text/counted.ts';
import { palette } from '../text/palette.ts';
import { shortPath } from '../text/short-path.ts';
import { tableLines } from '../text/table.ts';
import type { AssetBalances } from './balances.ts';
import type { DemoResult } from './run-demo.ts';
import { meaningOf } from './story-block.ts';

/** Decimals of MTN. */
const MTN_DECIMALS = 18;

/** The end of the story: balances, supply, fees, roots and the replay. */
export function describeResult(result: DemoResult): string[] {
  const outcomes = Object.entries(result.outcomes).map(([code, count]) => `${count} ${code}`);
  return [
    '',
    palette.bold('Balances'),
    ...result.assets.flatMap(describeAsset),
    '',
    palette.bold('Chain'),
    `height     ${result.blocks}, ${counted(result.transactions, 'transaction')} in blocks`,
    `outcomes   ${outcomes.join(', ')}`,
    ...describeLeftOut(result),
    `fees       ${amountText(result.feesPaid, MTN_DECIMALS)} MTN: 70 % to validators, 20 % to the treasury, 10 % to audit`,
    `tip        ${result.tip}`,
    `state root ${result.stateRoot}`,
    `blocks     ${shortPath(result.blockFile)}`,
    ...result.surprises.map(({ height, type, expected, code }) =>
      palette.red(`unexpected at height ${height}: ${type} came out as ${code}, its wallet expected ${expected}`),
    ),
    '',
    palette.bold('Replay'),
    ...('stateRoot' in result.replay
      ? describeReplay(result.replay)
      : [palette.red(`replay: first difference: ${describeDifference(result.replay)}`)]),
  ];
}

/** Why there are fewer transactions in blocks than the wallet signed. */
function describeLeftOut({ transactions, leftOut }: DemoResult): string[] {
  if (leftOut.length === 0) return [];
  const head = `left out   ${leftOut.length} of the wallet's ${transactions + leftOut.length}, refused at admission: in no block, without a receipt or a fee`;
  return [head, ...leftOut.map(({ height, title, code }) => `           for block ${height}: ${title}: ${code}: ${meaningOf(code)}`)];
}

/** Whether every transaction came out as its wallet expected and the replay found no difference. */
export function isAsExpected({ surprises, replay }: DemoResult): boolean {
  return surprises.length === 0 && 'stateRoot' in replay;
}

function describeAsset({ asset, decimals, supply, balances }: AssetBalances): string[] {
  const amount = (value: bigint): string => (value === 0n ? '·' : amountText(value, decimals));
  const native = asset === NATIVE_ASSET;
  const rows = balances.map(({ name, available, locked, pendingIn, pendingOut }) => [
    name,
    amount(available),
    ...(native ? [amount(locked)] : []),
    amount(pendingIn),
    amount(pendingOut),
  ]);
  const head = [asset, 'available', ...(native ? ['locked'] : []), 'pending in', 'pending out'];
  return ['', ...tableLines(head, rows), `supply ${amountText(supply, decimals)} ${asset}`];
}
