/** A mistake somebody might make: one piece of source text replaced by another. Nothing of it exists outside of tests. */
export type PlantedBug = {
  readonly name: string;
  /** Path below `packages`. */
  readonly file: string;
  /** Text that stands in the file exactly once. */
  readonly snippet: string;
  readonly replacement: string;
};

const PROTOCOL = 'protocol/src';
const LEDGER = 'state-machine/src/ledger';
const MODULES = 'state-machine/src/modules';

/** Every planted bug; each has to be caught by a test. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'a cell of δ leads elsewhere',
    file: `${PROTOCOL}/dfsm/transition-table.ts`,
    snippet: "E05: { S2: 'S5' }",
    replacement: "E05: { S2: 'S6' }",
  },
  {
    name: 'a payout is rounded up',
    file: `${PROTOCOL}/amount/rounding.ts`,
    snippet: '(gross * (BPS_WHOLE - feeBps)) / BPS_WHOLE',
    replacement: '(gross * (BPS_WHOLE - feeBps) + BPS_WHOLE - 1n) / BPS_WHOLE',
  },
  {
    name: 'a split drops its dust',
    file: `${PROTOCOL}/amount/allocate.ts`,
    snippet: 'if (left === 0n) break;',
    replacement: 'if (left >= 0n) break;',
  },
  {
    name: 'a split gives its dust to the first',
    file: `${PROTOCOL}/amount/allocate.ts`,
    snippet: 'remainders.sort((a, b) =>',
    replacement: '[...remainders].sort((a, b) =>',
  },
  { name: 'a release is twice as fast', file: `${PROTOCOL}/genesis/release-schedule.ts`, snippet: '/ (2n * lock)', replacement: '/ lock' },
  {
    name: 'the payer confirms',
    file: `${MODULES}/transfers/confirm-transfer.ts`,
    snippet: 'if (equalBytes(lot.owner, message.from)) return false;',
    replacement: 'if (equalBytes(lot.owner, message.from)) return true;',
  },
  {
    name: 'a confirm at the second of expiry passes',
    file: `${LEDGER}/requests.ts`,
    snippet: 'execution.nowSec >= lot.expiresAt',
    replacement: 'execution.nowSec > lot.expiresAt',
  },
  {
    name: 'work is done a second late',
    file: 'state-machine/src/state/schedule.ts',
    snippet: 'NAMESPACE + bigEndian8(nowSec)',
    replacement: 'NAMESPACE + bigEndian8(nowSec - 1)',
  },
  {
    name: 'a failed transaction costs nothing',
    file: 'state-machine/src/block/execute-transaction.ts',
    snippet: '  const code = runOperation(execution, transaction);\n',
    replacement:
      "  const code = runOperation(execution, transaction);\n  if (code !== 'OK') chargeFee(execution, { ...due, fee: -due.fee });\n",
  },
  {
    name: 'the nonce stays',
    file: 'state-machine/src/block/execute-transaction.ts',
    snippet: 'nonce: account.nonce + 1',
    replacement: 'nonce: account.nonce',
  },
  {
    name: 'a withdrawal leaves the supply',
    file: `${MODULES}/withdrawals/confirm-withdrawal.ts`,
    snippet: 'asset, -lot.amount)',
    replacement: 'asset, 0n)',
  },
  {
    name: 'MTN is minted',
    file: `${MODULES}/deposits/confirm-deposit.ts`,
    snippet: 'debitHolding(execution, escrow, NATIVE_ASSET, amount)',
    replacement: 'debitHolding(execution, escrow, NATIVE_ASSET, 0n)',
  },
  {
    name: 'a reference is not marked as used',
    file: `${LEDGER}/external-references.ts`,
    snippet: '  execution.state.set(externalReferenceTable, referenceKey(execution, asset, reference), lot);',
    replacement: '  referenceKey(execution, asset, reference.slice(lot.length));',
  },
  {
    name: 'an amendment keeps the revision',
    file: `${LEDGER}/requests.ts`,
    snippet: 'revision: lot.revision + 1',
    replacement: 'revision: lot.revision',
  },
  {
    name: 'a partial confirm leaves the rest pending',
    file: `${LEDGER}/rejection.ts`,
    snippet: 'if (receiver !== undefined) changePending',
    replacement: 'if (receiver !== undefined && amount === lot.requested) changePending',
  },
  {
    name: 'a lowered transfer keeps the difference',
    file: `${MODULES}/transfers/request-transfer.ts`,
    snippet: 'else creditHolding(execution, from, asset, lot.amount - amount);',
    replacement: 'else creditHolding(execution, from, asset, 0n);',
  },
  {
    name: 'the stake is not returned',
    file: `${MODULES}/membership/leave.ts`,
    snippet: 'amount: membership.stake,',
    replacement: 'amount: 0n,',
  },
  {
    name: 'an owner cancels what a gateway processes',
    file: `${LEDGER}/gateway-rejection.ts`,
    snippet: 'if (isClaimed(lot) && !claimer && !arbiter)',
    replacement: 'if (isClaimed(lot) && !claimer && !arbiter && gateway)',
  },
  {
    name: 'a gateway rejects what another processes',
    file: `${LEDGER}/gateway-rejection.ts`,
    snippet: 'if (isClaimed(lot) && !claimer && !arbiter)',
    replacement: 'if (isClaimed(lot) && !gateway && !arbiter)',
  },
  {
    name: 'a claimed request still expires',
    file: `${MODULES}/claim-request.ts`,
    snippet: 'if (lot.expiresAt !== 0) execution.state.unschedule(expiryOf(id, lot));',
    replacement: 'expiryOf(id, lot);',
  },
  {
    name: 'one gateway less is enough',
    file: `${LEDGER}/gateway-confirmation.ts`,
    snippet: 'if (agreeing >= asset.threshold)',
    replacement: 'if (agreeing + 1 >= asset.threshold)',
  },
  {
    name: 'locked MTN can be spent',
    file: `${LEDGER}/holdings.ts`,
    snippet: 'asset === NATIVE_ASSET ? lockedOf(execution, owner) : 0n',
    replacement: 'asset === NATIVE_ASSET ? lockedOf(execution, owner) - lockedOf(execution, owner) : 0n',
  },
  {
    name: 'a level counts in the second in which it expires',
    file: `${LEDGER}/accounts.ts`,
    snippet: 'nowSec >= account.levelExpiresAt',
    replacement: 'nowSec > account.levelExpiresAt',
  },
  {
    name: 'a daily limit is one for each request',
    file: `${MODULES}/withdrawals/daily-limit.ts`,
    snippet: 'withdrawnToday(execution, owner, asset) + further <= limit',
    replacement: 'further <= limit',
  },
  {
    name: 'a raised daily limit holds at once',
    file: `${MODULES}/withdrawals/daily-limit.ts`,
    snippet: 'raise?.day === utcDay(execution.nowSec)',
    replacement: 'raise?.day === -1',
  },
  {
    name: 'a main lot is closed under requests',
    file: `${MODULES}/withdrawals/confirm-withdrawal.ts`,
    snippet: 'amount === 0n && pendingIn === 0n && pendingOut === 0n',
    replacement: 'amount === 0n && pendingIn >= 0n && pendingOut >= 0n',
  },
  {
    name: 'a deep freeze lets confirms in',
    file: `${LEDGER}/freezes.ts`,
    snippet: 'freeze >= FREEZE.deep',
    replacement: 'freeze > FREEZE.deep',
  },
  {
    name: 'money goes to an address nobody has a key for',
    file: `${LEDGER}/spending.ts`,
    snippet: "return same || zero || accountOf(execution, other).escrow ? 'INVALID",
    replacement: "return same || zero ? 'INVALID",
  },
  {
    name: 'a repayment leaves the debt',
    file: `${MODULES}/credit/repay-credit.ts`,
    snippet: '{ ...debt, outstanding }',
    replacement: 'debt',
  },
  {
    name: 'a closed lot is never forgotten',
    file: `${LEDGER}/requests.ts`,
    snippet: '  execution.state.schedule({ dueSec, kind: SCHEDULE_KINDS.closedLotPurge, id });\n',
    replacement: '  Object.freeze({ dueSec, kind: SCHEDULE_KINDS.closedLotPurge, id });\n',
  },
];

/** The text with the bug in it. Throws when the snippet does not stand in it exactly once: the bug would not be planted. */
export function plant(bug: PlantedBug, text: string): string {
  const found = text.split(bug.snippet).length - 1;
  if (found !== 1) throw new Error(`${bug.file} has the snippet of «${bug.name}» ${found} times instead of once`);
  return text.replace(bug.snippet, () => bug.replacement);
}
