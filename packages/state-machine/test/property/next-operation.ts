import { ACTORS, ASSETS, NO_ASSETS } from './actors.ts';
import type { Dice } from './dice.ts';
import type { Freeze, Operation, RejectType } from './operation.ts';
import { keyOf, type ShadowLedger, type ShadowRequest } from './shadow-ledger.ts';

/*
 * What somebody might try next. Most tries are plausible: the right party, the right revision, an amount that is there. The others are wrong
 * in one way or another, so that refusals are compared as well.
 */

/** A sender and what it tries. */
export type Try = { readonly from: string; readonly operation: Operation };

type Chooser = (dice: Dice, shadow: ShadowLedger) => Try | undefined;

const REJECTS: Readonly<Record<number, RejectType>> = { 1: 'RejectDeposit', 2: 'RejectTransfer', 3: 'RejectCredit', 4: 'RejectWithdrawal' };
const UNKNOWN_ID = 'ee'.repeat(32);

const anyone = (dice: Dice): string => dice.pick(ACTORS);
const member = (dice: Dice): string => (dice.chance(80) ? dice.pick(['alice', 'bob', 'carol', 'dave', 'founder'] as const) : anyone(dice));
const counterparty = (dice: Dice): string => {
  const kind = dice.below(25);
  if (kind === 0) return dice.pick(['stakes', 'zero']);
  return kind < 3 ? anyone(dice) : dice.pick(['alice', 'bob', 'carol', 'level1', 'newcomer']);
};
const assetId = (dice: Dice): string => (dice.chance(95) ? dice.pick(ASSETS) : dice.pick(['mNEW', 'none', ...NO_ASSETS]));

/** Mostly something up to a whole; sometimes nothing, everything, or more than there is. */
function part(dice: Dice, whole: bigint): bigint {
  const kind = dice.below(20);
  if (kind === 0) return 0n;
  if (kind === 1) return whole + 1n;
  if (kind <= 4) return whole;
  return whole <= 1n ? whole : 1n + BigInt(dice.below(Number(whole > 1000n ? 1000n : whole - 1n)));
}

function expiry(dice: Dice, shadow: ShadowLedger): number {
  const kind = dice.below(20);
  if (kind < 8) return 0;
  if (kind === 8) return shadow.nowSec - 1 + dice.below(3);
  if (kind === 9) return shadow.nowSec + shadow.setting.expirySecMax + dice.below(3);
  // Deadlines fall together, so that more is due in a second than a block may do.
  const later = shadow.nowSec + 2 + dice.below(12);
  return dice.chance(50) ? later : Math.ceil(later / 4) * 4;
}

/** A request and its id: mostly one that is open in one of the states. */
function request(dice: Dice, shadow: ShadowLedger, states: readonly number[]): readonly [string, ShadowRequest] | undefined {
  const all = [...shadow.requests];
  const fitting = all.filter(([, { state }]) => states.includes(state));
  const overdue = fitting.filter(([, { expiresAt }]) => expiresAt !== 0 && expiresAt <= shadow.nowSec);
  if (overdue.length > 0 && dice.chance(40)) return dice.pick(overdue);
  if (dice.chance(92)) return fitting.length > 0 ? dice.pick(fitting) : undefined;
  return all.length > 0 ? dice.pick(all) : undefined;
}

const revisionOf = (dice: Dice, { revision }: ShadowRequest): number => (dice.chance(92) ? revision : dice.below(4));
const reasonOf = (dice: Dice): string => (dice.chance(90) ? 'because' : '');
/** Few references, so that some are used before. */
const reference = (dice: Dice): string => (dice.chance(96) ? `ref-${dice.below(40)}` : '');

/** Whose turn it would be, mostly. */
function party(dice: Dice, names: readonly string[]): string {
  return dice.chance(88) ? dice.pick(names) : anyone(dice);
}

function gatewayOf(dice: Dice, shadow: ShadowLedger, asset: string): string {
  return party(dice, ['gateway', ...(shadow.assets.get(asset)?.gateways ?? [])]);
}

const transfer: Chooser = (dice, shadow) => {
  const from = member(dice);
  const asset = assetId(dice);
  return { from, operation: { type: 'Transfer', to: counterparty(dice), asset, amount: part(dice, shadow.available(from, asset)) } };
};

const delegated: Chooser = (dice, shadow) => {
  const known = [...shadow.delegations.keys()];
  const [owner = '', from = '', asset = ''] = (known.length > 0 && dice.chance(92) ? dice.pick(known) : 'alice carol mUSD').split(' ');
  const amount = part(dice, shadow.available(owner, asset) / 4n);
  return { from, operation: { type: 'DelegatedTransfer', owner, to: counterparty(dice), asset, amount } };
};

const setDelegate: Chooser = (dice, shadow) => {
  const dailyLimit = dice.chance(85) ? BigInt(dice.below(2000)) : 0n;
  const delegate = dice.chance(90) ? dice.pick(['carol', 'level1']) : counterparty(dice);
  const from = dice.pick(['alice', 'bob']);
  return {
    from,
    operation: { type: 'SetDelegate', delegate, asset: dice.pick(['mUSD', 'mBOND', 'none']), dailyLimit, expiresAt: expiry(dice, shadow) },
  };
};

const openTransfer: Chooser = (dice, shadow) => {
  const from = member(dice);
  const asset = assetId(dice);
  const amount = part(dice, shadow.available(from, asset));
  return { from, operation: { type: 'RequestTransfer', to: counterparty(dice), asset, amount, expiresAt: expiry(dice, shadow) } };
};

const openDeposit: Chooser = (dice, shadow) => {
  const terms = { asset: assetId(dice), amount: dice.chance(2) ? 2n ** 127n - 1n : part(dice, 5000n), expiresAt: expiry(dice, shadow) };
  const leaves = [...shadow.leaves];
  if (leaves.length > 0 && dice.chance(50)) {
    const [owner = '', from = '', asset = ''] = dice.pick(leaves).split(' ');
    return { from, operation: { type: 'RequestDepositFor', owner, ...terms, asset } };
  }
  if (dice.chance(94)) return { from: anyone(dice), operation: { type: 'RequestDeposit', ...terms } };
  return {
    from: gatewayOf(dice, shadow, terms.asset),
    operation: { type: 'RequestDepositFor', owner: dice.pick(['alice', 'bob', 'level1']), ...terms },
  };
};

const authorize: Chooser = (dice) => {
  const gateway = dice.pick(['gateway', 'gateway', 'gateway2', 'bob']);
  const operation = { gateway, asset: assetId(dice), allowed: dice.chance(85) };
  return { from: dice.pick(['alice', 'bob', 'level1']), operation: { type: 'AuthorizeDeposits', ...operation } };
};

const openCredit: Chooser = (dice, shadow) => {
  const lender = member(dice);
  const borrower = counterparty(dice);
  const asset = assetId(dice);
  const amount = dice.chance(2) ? 2n ** 127n : part(dice, shadow.available(lender, asset));
  const dueAt = shadow.nowSec + (dice.chance(95) ? 1 + dice.below(100) : 0);
  const from = party(dice, [lender, borrower, 'alice']);
  return {
    from,
    operation: { type: 'RequestCredit', lender, borrower, asset, amount, terms: dice.below(2), dueAt, expiresAt: expiry(dice, shadow) },
  };
};

const openWithdrawal: Chooser = (dice, shadow) => {
  const limited = [...shadow.accounts].filter(([, { dailyLimit }]) => dailyLimit > 0n).map(([name]) => name);
  const from = limited.length > 0 && dice.chance(50) ? dice.pick(limited) : member(dice);
  const asset = assetId(dice);
  const destination = dice.chance(96) ? 'IBAN 1' : '';
  if (dice.chance(30)) return { from, operation: { type: 'CloseHolding', asset, destination } };
  const { dailyLimit } = shadow.account(from);
  const amount = part(dice, dailyLimit > 0n && dice.chance(70) ? dailyLimit : shadow.available(from, asset));
  return { from, operation: { type: 'RequestWithdrawal', asset, amount, destination, expiresAt: expiry(dice, shadow) } };
};

const amend: Chooser = (dice, shadow) => {
  const found = request(dice, shadow, [1, 2, 3, 4]);
  if (found === undefined) return undefined;
  const [lot, known] = found;
  const from = party(dice, [known.requester]);
  const asset = dice.chance(93) ? known.asset : dice.pick([...ASSETS, ...NO_ASSETS]);
  const terms = { lot, asset, amount: part(dice, shadow.available(known.owner, asset) + known.held), expiresAt: expiry(dice, shadow) };
  const other = dice.chance(70) ? known.counterparty : counterparty(dice);
  switch (dice.chance(95) ? known.state : 1 + dice.below(4)) {
    case 1: {
      const amount = part(dice, 5000n);
      if (known.requester === known.owner) return { from, operation: { type: 'RequestDeposit', ...terms, amount } };
      return { from, operation: { type: 'RequestDepositFor', owner: known.owner, ...terms, amount } };
    }
    case 2:
      return { from, operation: { type: 'RequestTransfer', to: other, ...terms } };
    case 3: {
      const offer = dice.chance(95) ? known.held > 0n : known.held === 0n;
      const parties = offer ? { lender: known.owner, borrower: other } : { lender: other, borrower: known.owner };
      return { from, operation: { type: 'RequestCredit', ...parties, ...terms, terms: dice.below(2), dueAt: shadow.nowSec + 5 } };
    }
    default:
      return { from, operation: { type: 'RequestWithdrawal', ...terms, destination: 'IBAN 2' } };
  }
};

const confirm: Chooser = (dice, shadow) => {
  const found = request(dice, shadow, [1, 2, 3, 4]);
  if (found === undefined) return undefined;
  const [lot, known] = found;
  const revision = revisionOf(dice, known);
  const asset = known.asset;
  // What other gateways have said is repeated mostly, so that thresholds are reached.
  const said = dice.chance(85) ? known.statements[0] : undefined;
  const externalRef = said?.externalRef ?? reference(dice);
  switch (dice.chance(95) ? known.state : 1 + dice.below(4)) {
    case 1:
      return {
        from: gatewayOf(dice, shadow, asset),
        operation: { type: 'ConfirmDeposit', lot, revision, amount: said?.amount ?? part(dice, known.requested), externalRef },
      };
    case 2:
      return {
        from: party(dice, [known.counterparty, known.counterparty, known.counterparty, known.owner, 'arbiter']),
        operation: { type: 'ConfirmTransfer', lot, revision, amount: part(dice, known.held) },
      };
    case 3:
      return {
        from: party(dice, [known.counterparty, known.counterparty, known.owner]),
        operation: { type: 'ConfirmCredit', lot, revision, terms: dice.chance(92) ? known.terms : 1 - known.terms },
      };
    default:
      return { from: gatewayOf(dice, shadow, asset), operation: { type: 'ConfirmWithdrawal', lot, revision, externalRef } };
  }
};

const reject: Chooser = (dice, shadow) => {
  const found = request(dice, shadow, [1, 2, 3, 4]);
  if (found === undefined) return undefined;
  const [lot, known] = found;
  const type = REJECTS[known.state] ?? dice.pick(Object.values(REJECTS));
  const names = [known.owner, known.requester, known.counterparty, 'arbiter', gatewayOf(dice, shadow, known.asset)].filter(
    (name) => name !== 'zero',
  );
  return { from: party(dice, names), operation: { type, lot, revision: revisionOf(dice, known), reason: reasonOf(dice) } };
};

const claim: Chooser = (dice, shadow) => {
  const found = request(dice, shadow, [1, 4]);
  if (found === undefined) return undefined;
  const [lot, known] = found;
  return { from: gatewayOf(dice, shadow, known.asset), operation: { type: 'ClaimRequest', lot, revision: revisionOf(dice, known) } };
};

/** An arbiter looks at what a gateway has claimed and not settled, or a gateway does, perhaps another one. */
const arbitrate: Chooser = (dice, shadow) => {
  const claimed = [...shadow.requests].filter(([, { claimedAt, state }]) => claimedAt !== undefined && state !== 0 && state < 5);
  if (claimed.length === 0) return undefined;
  const [lot, known] = dice.pick(claimed);
  const revision = revisionOf(dice, known);
  if (dice.chance(60)) return { from: 'arbiter', operation: { type: 'ConfirmWithdrawal', lot, revision, externalRef: reference(dice) } };
  const from = dice.chance(60) ? 'arbiter' : gatewayOf(dice, shadow, known.asset);
  return { from, operation: { type: REJECTS[known.state] ?? 'RejectDeposit', lot, revision, reason: reasonOf(dice) } };
};

const repay: Chooser = (dice, shadow) => {
  const all = [...shadow.debts];
  const open = all.filter(([, { outstanding }]) => outstanding > 0n);
  const found = dice.chance(95) && open.length > 0 ? dice.pick(open) : all.length > 0 ? dice.pick(all) : undefined;
  if (found === undefined)
    return dice.chance(4) ? { from: 'bob', operation: { type: 'RepayCredit', debt: UNKNOWN_ID, amount: 1n } } : undefined;
  const [debt, { borrower, outstanding }] = found;
  return { from: party(dice, [borrower]), operation: { type: 'RepayCredit', debt, amount: part(dice, outstanding) } };
};

const membership: Chooser = (dice, shadow) => {
  const kind = dice.below(12);
  if (kind < 3) return { from: dice.pick(['newcomer', 'level1', 'alice', 'arbiter']), operation: { type: 'Join' } };
  if (kind < 6) {
    const joined = [...shadow.accounts].filter(([, account]) => account.joined).map(([name]) => name);
    return { from: party(dice, ['newcomer', ...joined]), operation: { type: 'Leave' } };
  }
  if (kind < 8) {
    const levelExpiresAt = dice.chance(50) ? 0 : shadow.nowSec + dice.below(15);
    const target = dice.pick(['dave', 'level1', 'newcomer', 'alice', 'stakes', 'zero', 'gateway2']);
    return {
      from: party(dice, ['registrar']),
      operation: { type: 'SetMember', member: target, level: dice.below(4) + (dice.chance(5) ? 1 : 0), levelExpiresAt },
    };
  }
  if (kind === 8)
    return { from: member(dice), operation: { type: 'SetAccount', autoAccept: dice.chance(50), dailyLimit: BigInt(dice.below(3) * 700) } };
  const gateways = dice.pick([['gateway'], ['gateway', 'gateway2'], ['gateway2', 'gateway2'], ['gateway', 'alice']]);
  const operation = { asset: 'mNEW', gateways, threshold: 1 + dice.below(2), transferMode: dice.pick(['IMMEDIATE', 'CONFIRMED']) };
  return { from: dice.pick(gateways), operation: { type: 'DefineAsset', ...operation } };
};

const CHOOSERS: readonly (readonly [weight: number, chooser: Chooser])[] = [
  [10, transfer],
  [4, delegated],
  [3, setDelegate],
  [12, openTransfer],
  [10, openDeposit],
  [3, authorize],
  [9, openCredit],
  [12, openWithdrawal],
  [10, amend],
  [32, confirm],
  [10, reject],
  [5, claim],
  [3, arbitrate],
  [5, repay],
  [9, membership],
];

const WEIGHT_TOTAL = CHOOSERS.reduce((sum, [weight]) => sum + weight, 0);

/**
 * What is tried next, or undefined when the dice ask for something there is no occasion for. Nobody can sign for an address that has no key.
 */
export function nextOperation(dice: Dice, shadow: ShadowLedger): Try | undefined {
  let at = dice.below(WEIGHT_TOTAL);
  for (const [weight, chooser] of CHOOSERS) {
    if (at >= weight) {
      at -= weight;
      continue;
    }
    const next = chooser(dice, shadow);
    return next !== undefined && ACTORS.some((actor) => actor === next.from) ? next : undefined;
  }
  return undefined;
}

/** A freeze or thaw that governance might have decided. */
export function nextFreeze(dice: Dice, shadow: ShadowLedger): Freeze {
  const level = dice.chance(45) ? 0 : 1 + dice.below(3);
  const account = dice.pick(['alice', 'bob', 'carol']);
  const asset = dice.pick(['mUSD', 'mBOND', 'MTN'] as const);
  const kind = dice.below(4);
  if (kind === 0) return { account, level };
  if (kind === 1) return { asset, level };
  return { account, asset, level: shadow.balances.has(keyOf(account, asset)) ? level : 0 };
}
