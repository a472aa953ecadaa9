import type { DecidedBlock } from '@mutual-chain/node';
import { hexOf, isThird, type Powers } from './powers.ts';
import type { CheckerName } from './violation.ts';

/** Reports that a rule was broken. */
export type Report = (checker: CheckerName, description: string) => void;

/** What the checkers know of the chain before its first block. */
export type HistoryGenesis = {
  /** Address in hex of everybody who can be a validator, by number. */
  readonly roster: readonly string[];
  readonly powers: readonly bigint[];
  readonly accounts: number;
  readonly openingBalance: number;
  readonly isRemovalOn: boolean;
  /** Addresses of validators that may sign what no honest one signs. */
  readonly guilty: ReadonlySet<string>;
  /** Addresses of validators that no change may give a third of the power. */
  readonly suspects: readonly string[];
};

/** Changes that may wait at a time. */
const CHANGES_WAITING_MAX = 8;

/** A change of a validator's power, active from a height. */
export type HistoryChange = { readonly from: number; readonly member: string; readonly power: bigint };

/** What changed in the validators from one height to the next. */
export type SetChange = { readonly added: number; readonly removed: number; readonly repowered: number; readonly isLarge: boolean };

/**
 * The simple chain once more, written for checking: follows the decided blocks, and knows by itself who decides which height, what everybody owns,
 * and what may be in a block.
 */
export class ChainHistory {
  readonly #genesis: HistoryGenesis;
  readonly #report: Report;
  readonly #submitted = new Set<string>();
  readonly #included = new Set<string>();
  readonly #accused: { readonly height: number; readonly address: string }[] = [];
  readonly #balances: number[];
  readonly #nonces: number[];
  readonly #powers: Powers[];
  readonly #applied = new Map<number, readonly HistoryChange[]>();
  #changes: readonly HistoryChange[] = [];
  #parent = '00'.repeat(32);
  #timestampMs = 0;
  #height = 0;

  constructor(genesis: HistoryGenesis, report: Report) {
    this.#genesis = genesis;
    this.#report = report;
    this.#balances = Array.from({ length: genesis.accounts }, () => genesis.openingBalance);
    this.#nonces = Array.from({ length: genesis.accounts }, () => 0);
    const first = new Map(
      genesis.roster.flatMap((address, index) => ((genesis.powers[index] ?? 0n) > 0n ? [[address, genesis.powers[index] ?? 0n]] : [])),
    );
    // Heights 0, 1 and 2: what the first block changes is active from height 3.
    this.#powers = [first, first, first];
  }

  /** Evidence in decided blocks: height of the block, and who is accused. */
  get accused(): readonly { readonly height: number; readonly address: string }[] {
    return this.#accused;
  }

  /** Who decides a height, if enough is decided to know. */
  powersAt(height: number): Powers | undefined {
    return this.#powers[height];
  }

  /** Changes that are active from a height on, in the order in which they were decided. */
  changesAt(height: number): readonly HistoryChange[] {
    return this.#applied.get(height) ?? [];
  }

  /** Height of the last block. */
  get height(): number {
    return this.#height;
  }

  /** A transaction was handed to the cluster. */
  submitted(bytes: Uint8Array): void {
    this.#submitted.add(hexOf(bytes));
  }

  /** Takes the next decided block; says what it changed in the validators of the height after the next. */
  append(block: DecidedBlock): SetChange {
    const { body, height } = block;
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#expect(
      height === this.#height + 1 && Number(view.getBigUint64(0)) === height,
      'validity',
      `height ${height} follows ${this.#height}`,
    );
    const timestampMs = Number(view.getBigUint64(8));
    this.#expect(timestampMs > this.#timestampMs, 'validity', `time of height ${height} does not rise`);
    this.#expect(hexOf(body.subarray(16, 48)) === this.#parent, 'validity', `parent of height ${height} is not the block before`);
    this.#parent = hexOf(block.blockHash);
    this.#timestampMs = timestampMs;
    this.#height = height;
    const count = view.getUint16(196);
    for (let each = 0; each < count; each++) this.#transaction(body.subarray(198 + each * 24, 222 + each * 24), height, timestampMs);
    for (let at = 198 + count * 24; at < body.length; ) {
      const length = view.getUint16(at);
      this.#evidence(body.subarray(at + 2, at + 2 + length), height);
      at += 2 + length;
    }
    const sum = this.#balances.reduce((total, balance) => total + balance, 0);
    const expected = this.#genesis.accounts * this.#genesis.openingBalance;
    this.#expect(
      sum === expected && this.#balances.every((balance) => balance >= 0),
      'conservation',
      `height ${height} leaves ${sum} of ${expected}`,
    );
    return this.#rotate(height);
  }

  #transaction(bytes: Uint8Array, height: number, timestampMs: number): void {
    const name = hexOf(bytes);
    this.#expect(this.#submitted.has(name), 'validity', `height ${height} has a transaction that nobody submitted`);
    this.#expect(!this.#included.has(name), 'validity', `height ${height} has a transaction for the second time`);
    this.#included.add(name);
    const [kind = 0, from = 0, to = 0] = bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const amount = view.getUint32(8);
    this.#expect(view.getUint32(4) === this.#nonces[from], 'validity', `height ${height} has a transaction with a wrong nonce`);
    this.#expect(view.getUint32(16) * 1000 > timestampMs, 'validity', `height ${height} has a transaction that came too late`);
    this.#nonces[from] = (this.#nonces[from] ?? 0) + 1;
    if (kind === 0) {
      this.#balances[from] = (this.#balances[from] ?? 0) - amount;
      this.#balances[to] = (this.#balances[to] ?? 0) + amount;
    } else this.#change(height, to, { from: Math.max(view.getUint32(12), height + 2), power: BigInt(amount) });
  }

  /** A change that is not possible or not safe changes nothing. */
  #change(height: number, to: number, { from, power }: Omit<HistoryChange, 'member'>): void {
    const member = this.#genesis.roster[to];
    const waiting = this.#changes.filter((change) => change.from > height + 1);
    if (member === undefined || waiting.length >= CHANGES_WAITING_MAX) return;
    const change = { from, member, power };
    if (this.#areSafe(this.#powers[height + 1] as Powers, [...waiting, change])) this.#changes = [...this.#changes, change];
  }

  /** Evidence begins with its kind and two offsets; the accused stands in its first message. */
  #evidence(bytes: Uint8Array, height: number): void {
    const isVote = bytes[0] === 0;
    const message = bytes.subarray(9);
    const accused = hexOf(isVote ? message.subarray(46, 66) : message.subarray(48, 68));
    this.#expect(
      this.#genesis.guilty.has(accused),
      'evidence',
      `height ${height} accuses ${accused.slice(0, 8)}, who signed nothing twice`,
    );
    this.#accused.push({ height, address: accused });
    if (this.#genesis.isRemovalOn) this.#removal(accused, height);
  }

  #removal(accused: string, height: number): void {
    const next = this.#powers[height + 1] as Powers;
    const waiting = this.#changes.filter(({ from }) => from > height + 1);
    if (next.size <= 4 || waiting.length >= CHANGES_WAITING_MAX || !next.has(accused) || waiting.some(({ member }) => member === accused))
      return;
    const removal: HistoryChange = { from: height + 2, member: accused, power: 0n };
    if (this.#areSafe(next, [...waiting, removal])) this.#changes = [...this.#changes, removal];
  }

  /** No third of the power for those who may be faulty, after any of the changes. */
  #areSafe(next: Powers, changes: readonly HistoryChange[]): boolean {
    const powers = new Map(next);
    for (const from of [...new Set(changes.map((change) => change.from))].sort((left, right) => left - right)) {
      for (const change of changes) if (change.from === from) powers.set(change.member, change.power);
      if (isThird(powers, this.#genesis.suspects)) return false;
    }
    return true;
  }

  #rotate(height: number): SetChange {
    const before = this.#powers[height + 1] as Powers;
    const after = new Map(before);
    for (const { from, member, power } of this.#changes) {
      if (from > height + 2) continue;
      if (power === 0n) after.delete(member);
      else after.set(member, power);
    }
    this.#applied.set(
      height + 2,
      this.#changes.filter(({ from }) => from <= height + 2),
    );
    this.#changes = this.#changes.filter(({ from }) => from > height + 2);
    this.#powers[height + 2] = after;
    const moved = [...new Set([...before.keys(), ...after.keys()])].filter((member) => before.get(member) !== after.get(member));
    return {
      added: moved.filter((member) => !before.has(member)).length,
      removed: moved.filter((member) => !after.has(member)).length,
      repowered: moved.filter((member) => before.has(member) && after.has(member)).length,
      isLarge: moved.length > 0 && isThird(before, moved),
    };
  }

  #expect(condition: boolean, checker: CheckerName, description: string): void {
    if (!condition) this.#report(checker, description);
  }
}
