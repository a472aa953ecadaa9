import type { ConsensusProposal, Vote } from '@mutual-chain/protocol';
import type { Report } from './chain-history.ts';
import { hexOf, isTwoThirds, type Powers } from './powers.ts';

const NIL = 'nil';
/** Heights below the lowest that is looked at are forgotten. */
const HEIGHTS_KEPT = 4;

type Precommit = { readonly round: number; readonly value: string };

/** What was signed at a height, by anybody. */
type HeightSignatures = {
  /** What each honest validator said at each place: `address kind round` → value. */
  readonly said: Map<string, string>;
  /** Who prevoted a value in a round: `round value` → addresses. */
  readonly prevotes: Map<string, Set<string>>;
  /** The last block that each honest validator precommitted. */
  readonly locks: Map<string, Precommit>;
};

/**
 * Looks at everything that is signed.
 *
 * - An honest validator says one thing at each height, round and step.
 * - It precommits a block only when more than two thirds prevoted it in that round.
 * - After that it prevotes another block only when more than two thirds prevoted that one in a round not before its lock.
 */
export class SignatureChecker {
  readonly #report: Report;
  readonly #powersAt: (height: number) => Powers | undefined;
  readonly #heights = new Map<number, HeightSignatures>();
  #highest = 0;

  constructor(report: Report, powersAt: (height: number) => Powers | undefined) {
    this.#report = report;
    this.#powersAt = powersAt;
  }

  /** Heights that are remembered, for the bounds of the checker itself. */
  get heights(): number {
    return this.#heights.size;
  }

  /** Forgets what nobody can sign any more: everybody has committed `height`. */
  forgetUpTo(height: number): void {
    for (const known of this.#heights.keys()) if (known <= height - HEIGHTS_KEPT) this.#heights.delete(known);
  }

  /** A vote of a validator that may be faulty is seen. */
  seen({ kind, height, round, blockHash, validator }: Vote): void {
    if (kind === 'prevote') this.#prevote(this.#at(height), round, blockHash === undefined ? NIL : hexOf(blockHash), hexOf(validator));
  }

  /** An honest validator has signed. */
  signed(message: Vote | ConsensusProposal): void {
    const { height, round } = message;
    const address = hexOf('proposer' in message ? message.proposer : message.validator);
    const value = message.blockHash === undefined ? NIL : hexOf(message.blockHash);
    const kind = 'proposer' in message ? 'proposal' : message.kind;
    const at = this.#at(height);
    const place = `${address} ${kind} ${round}`;
    const content = 'proposer' in message ? `${value} ${message.validRound}` : value;
    const said = at.said.get(place);
    if (said !== undefined && said !== content)
      this.#report('doubleSign', `${name(address)} signs two different ${kind}s at height ${height}, round ${round}`);
    at.said.set(place, content);
    if (kind === 'prevote') this.#checkPrevote(at, height, round, value, address);
    if (kind === 'precommit' && value !== NIL) this.#checkPrecommit(at, height, round, value, address);
    if (height > this.#highest) this.#highest = height;
  }

  /** Who is known to have prevoted a value in a round of a height. */
  prevoters(height: number, round: number, value: string): ReadonlySet<string> {
    return this.#heights.get(height)?.prevotes.get(`${round} ${value}`) ?? new Set();
  }

  /** Values that are known to be prevoted at a height, in any round. */
  prevotedValues(height: number): ReadonlySet<string> {
    return new Set([...(this.#heights.get(height)?.prevotes.keys() ?? [])].map((key) => key.slice(key.indexOf(' ') + 1)));
  }

  /** Every honest validator that said something at a height, with the highest round in which it did. */
  highestRound(height: number): number {
    let highest = 0;
    for (const place of this.#heights.get(height)?.said.keys() ?? []) highest = Math.max(highest, Number(place.split(' ')[2]));
    return highest;
  }

  #checkPrevote(at: HeightSignatures, height: number, round: number, value: string, address: string): void {
    const lock = at.locks.get(address);
    if (
      value !== NIL &&
      lock !== undefined &&
      lock.round < round &&
      lock.value !== value &&
      !this.#isUnlocked(at, height, lock.round, round, value)
    )
      this.#report(
        'lock',
        `${name(address)} prevotes ${name(value)} in round ${round} of height ${height}, locked on ${name(lock.value)} since round ${lock.round}`,
      );
    this.#prevote(at, round, value, address);
  }

  #checkPrecommit(at: HeightSignatures, height: number, round: number, value: string, address: string): void {
    if (!this.#hasPolka(at, height, round, value))
      this.#report(
        'lock',
        `${name(address)} precommits ${name(value)} in round ${round} of height ${height}, which no two thirds prevoted`,
      );
    const lock = at.locks.get(address);
    if (lock === undefined || lock.round < round) at.locks.set(address, { round, value });
  }

  #isUnlocked(at: HeightSignatures, height: number, from: number, below: number, value: string): boolean {
    for (let round = from; round < below; round++) if (this.#hasPolka(at, height, round, value)) return true;
    return false;
  }

  #hasPolka(at: HeightSignatures, height: number, round: number, value: string): boolean {
    const powers = this.#powersAt(height);
    return powers !== undefined && isTwoThirds(powers, at.prevotes.get(`${round} ${value}`) ?? []);
  }

  #prevote({ prevotes }: HeightSignatures, round: number, value: string, address: string): void {
    const key = `${round} ${value}`;
    const known = prevotes.get(key);
    if (known === undefined) prevotes.set(key, new Set([address]));
    else known.add(address);
  }

  #at(height: number): HeightSignatures {
    let at = this.#heights.get(height);
    if (at === undefined) {
      at = { said: new Map(), prevotes: new Map(), locks: new Map() };
      this.#heights.set(height, at);
    }
    return at;
  }
}

function name(hex: string): string {
  return hex.slice(0, 8);
}
