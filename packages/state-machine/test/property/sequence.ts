import { type LedgerRecord, type Lot, type LotId, verifyLotHistory } from '@mutual-chain/protocol';
import { accountTable, assetTable, auditState, debtTable, holdingTable, lotTable } from '../../src/index.ts';
import { cryptography } from '../support/test-chain.ts';
import { ASSETS, OWNERS } from './actors.ts';
import { Dice } from './dice.ts';
import { EntryReader } from './entry-reader.ts';
import type { FirstState } from './first-state.ts';
import { nextFreeze, nextOperation, type Try } from './next-operation.ts';
import type { Call } from './operation.ts';
import { addressOfName, bytesOf, createLightLedger, createRootedLedger, FIRST_SEC, type RealLedger } from './real-ledger.ts';
import { type Fate, keyOf, type ShadowLedger } from './shadow-ledger.ts';

/** Where a run begins and how thorough it is: light ones compare no roots. */
export type SequenceOptions = {
  readonly first: FirstState;
  readonly rooted: boolean;
  readonly auditEveryBlock: boolean;
  readonly trace?: (line: string) => void;
};

/** What happened how often, to see that a campaign reaches everything. */
export type Tally = Map<string, number>;

/** A difference between the two ledgers, or a broken rule. */
class Difference extends Error {
  override readonly name: string = 'Difference';
}

const CALLS_PER_BLOCK_MAX = 8;

/** All holdings there can be. */
const HOLDINGS = OWNERS.flatMap((owner) =>
  [...ASSETS, 'mNEW'].map((asset) => ({
    owner,
    key: keyOf(owner, asset),
    stateKey: holdingTable.keyOf({ owner: addressOfName(owner), asset }),
  })),
);

/** Runs the operations that a list of numbers stands for on both ledgers and compares them after each block. */
export function runSequence(steps: readonly number[], options: SequenceOptions, tally?: Tally): void {
  const run = new Run(options, tally);
  for (const [index, step] of steps.entries()) run.step(new Dice(step), index);
  run.finish();
}

type Seen = { readonly state: number; readonly revision: number };

class Run {
  readonly #options: SequenceOptions;
  readonly #tally: Tally | undefined;
  readonly #real: RealLedger;
  readonly #reader: EntryReader;
  readonly #shadow: ShadowLedger;
  readonly #seen = new Map<string, Seen>();
  readonly #histories = new Map<string, LedgerRecord[]>();
  /** Calls of the block being collected, with what the shadow made of them. */
  #calls: { readonly call: Call; readonly fate: Fate }[] = [];
  #nowSec: number;

  constructor(options: SequenceOptions, tally: Tally | undefined) {
    this.#options = options;
    this.#tally = tally;
    this.#real = options.rooted ? createRootedLedger(options.first) : createLightLedger(options.first);
    this.#reader = new EntryReader(this.#real.get);
    this.#shadow = options.first.shadow.clone();
    this.#nowSec = FIRST_SEC + 1;
    this.#shadow.beginBlock(this.#nowSec);
  }

  /** One step: perhaps the end of a block, then perhaps a freeze, then a try. */
  step(dice: Dice, index: number): void {
    if (this.#calls.length >= CALLS_PER_BLOCK_MAX || dice.chance(24)) {
      this.#endBlock();
      if (dice.chance(12)) {
        const freeze = nextFreeze(dice, this.#shadow);
        this.#options.trace?.(`  freeze ${JSON.stringify(freeze)}`);
        this.#real.freeze(freeze);
        this.#shadow.freeze(freeze);
      }
      // Often to the very second at which something ends: that second already counts as after it.
      const deadline = dice.chance(25) ? this.#shadow.nextDeadline() : undefined;
      this.#nowSec = deadline ?? this.#nowSec + stepSec(dice);
      this.#shadow.beginBlock(this.#nowSec);
    }
    const next = nextOperation(dice, this.#shadow);
    if (next !== undefined) this.#call(dice, next, index);
  }

  /** Ends the sequence: the last block, the histories of all lots, the audit. */
  finish(): void {
    this.#endBlock();
    for (const [lot, records] of this.#histories) {
      const verdict = verifyLotHistory(records);
      if (!verdict.ok) throw new Difference(`history of lot ${lot}: ${verdict.fault} at ${verdict.position}`);
    }
    this.#audit();
  }

  #call(dice: Dice, { from, operation }: Try, index: number): void {
    const id = (dice.below(0xffff) * 0x10000 + index + 1).toString(16).padStart(8, '0').padEnd(64, '5');
    const { nonce } = this.#shadow.account(from);
    const payer = dice.chance(94) ? from : dice.pick(['bob', 'gateway', 'level1', 'treasury']);
    const call: Call = { id, from, nonce: dice.chance(98) ? nonce : nonce + dice.below(3) - 1, payer, operation };
    const fate = this.#shadow.apply(call.nonce < 0 ? { ...call, nonce } : call);
    this.#calls.push({ call: call.nonce < 0 ? { ...call, nonce } : call, fate });
  }

  #endBlock(): void {
    this.#shadow.endBlock();
    const calls = this.#calls;
    this.#calls = [];
    this.#options.trace?.(`block at +${this.#nowSec - FIRST_SEC} s`);
    const { receipts, records } = this.#real.block(
      this.#nowSec,
      calls.map(({ call }) => call),
    );
    for (const [index, { call, fate }] of calls.entries()) {
      const code = receipts[index]?.code;
      this.#options.trace?.(`  ${call.from} ${describe(call)} → ${code ?? 'not included'}`);
      const real: Fate = code === undefined ? 'not included' : code === 'OK' ? 'applied' : 'refused';
      this.#count(
        `${call.operation.type}${'lot' in call.operation && call.operation.type.startsWith('Request') ? ' (amend)' : ''} ${real}`,
      );
      if (real !== fate) throw new Difference(`${call.from} ${describe(call)}: ${code ?? real}, but ${fate} in the shadow`);
    }
    for (const record of records) this.#remember(record);
    this.#compare();
    if (this.#options.auditEveryBlock) this.#audit();
  }

  #remember(record: LedgerRecord): void {
    const lot = hexOf(record.transaction.lot);
    const known = this.#histories.get(lot);
    if (known === undefined) this.#histories.set(lot, [record]);
    else known.push(record);
    this.#count(`${record.state} ${record.input} ${record.business.action}${record.business.reason === 'expired' ? ' (expired)' : ''}`);
  }

  #compare(): void {
    const shadow = this.#shadow;
    for (const { owner, key, stateKey } of HOLDINGS) {
      const real = this.#reader.read(holdingTable, stateKey);
      same('balance of', key, real?.amount ?? 0n, shadow.balances.get(key) ?? 0n);
      same('pendingIn of', key, real?.pendingIn ?? 0n, shadow.awaited.get(key) ?? 0n);
      same('pendingOut of', key, real?.pendingOut ?? 0n, shadow.held.get(key) ?? 0n);
      // The fee escrow is touched by every block and empty after it: the shadow keeps a pot instead.
      if (owner !== 'fees') same('state of', key, real?.state ?? 0, shadow.mainStates.get(key) ?? 0);
    }
    for (const [owner, account] of shadow.accounts) {
      const real = this.#reader.read(accountTable, accountTable.keyOf(addressOfName(owner)));
      same('nonce of', owner, real?.nonce ?? 0, account.nonce);
      same('level of', owner, real?.level ?? 0, account.level);
      same('openLots of', owner, real?.openLots ?? 0, account.openRequests);
      same('openDebts of', owner, real?.openDebts ?? 0, account.openDebts);
    }
    for (const [id, asset] of shadow.assets)
      same('supply of', id, this.#reader.read(assetTable, assetTable.keyOf(id))?.supply, asset.supply);
    for (const [id, debt] of shadow.debts) {
      const real = this.#reader.read(debtTable, debtTable.keyOf(bytesOf(id)));
      same('principal of debt', id, real?.principal, debt.principal);
      same('outstanding of debt', id, real?.outstanding, debt.outstanding);
    }
    this.#compareRequests();
  }

  #lot(id: string): Lot | undefined {
    return this.#reader.read(lotTable, lotTable.keyOf(bytesOf(id) as LotId));
  }

  #compareRequests(): void {
    for (const [id, request] of this.#shadow.requests) {
      const lot = this.#lot(id);
      if (lot === undefined) throw new Difference(`lot ${id} is missing`);
      same('state of lot', id, lot.state, request.state);
      same('revision of lot', id, lot.revision, request.revision);
      same('requested of lot', id, lot.requested, request.requested);
      same('amount of lot', id, lot.amount, request.held);
      same('owner of lot', id, hexOf(lot.owner), hexOf(addressOfName(request.owner)));
      same('claim of lot', id, lot.claimedAt, request.claimedAt ?? 0);
      const before = this.#seen.get(id);
      if (before !== undefined && lot.revision < before.revision) throw new Difference(`revision of lot ${id} fell`);
      if (before?.state === 6 && lot.state !== 6) throw new Difference(`lot ${id} left S6`);
      this.#seen.set(id, { state: lot.state, revision: lot.revision });
    }
    for (const id of this.#seen.keys()) {
      if (this.#shadow.requests.has(id)) continue;
      if (this.#lot(id) !== undefined) throw new Difference(`lot ${id} is not forgotten`);
      this.#seen.delete(id);
    }
  }

  #audit(): void {
    const violations = auditState(this.#real.entries(), { cryptography, nativeSupply: this.#options.first.nativeSupply });
    if (violations.length > 0) throw new Difference(`audit: ${violations.join('; ')}`);
  }

  #count(what: string): void {
    this.#tally?.set(what, (this.#tally.get(what) ?? 0) + 1);
  }
}

function same(what: string, whose: string, real: unknown, shadow: unknown): void {
  if (real !== shadow) throw new Difference(`${what} ${whose}: ${String(real)}, but ${String(shadow)} in the shadow`);
}

/** Mostly the next second, so that expiries are hit exactly; sometimes long enough for claims to grow stale, rarely a day. */
function stepSec(dice: Dice): number {
  const kind = dice.below(100);
  if (kind < 60) return 1;
  if (kind < 90) return 2 + dice.below(4);
  if (kind < 96) return 20 + dice.below(10);
  return kind < 99 ? 60 + dice.below(5) : 86_400;
}

function describe({ operation, payer, from }: Call): string {
  const { type, ...fields } = operation;
  const words = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === 'string' && value.length === 64 ? value.slice(0, 8) : String(value)}`,
  );
  return [type, ...words, ...(payer === from ? [] : [`fee paid by ${payer}`])].join(' ');
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
