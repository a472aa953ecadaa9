import { encodeHex, type LedgerRecord, verifyLotHistory } from '@mutual-chain/protocol';

/** A lot whose records do not follow from each other. */
export type BrokenHistory = { readonly lot: string; readonly fault: string; readonly height: number };

/** The records of a chain by lot, in order, to check each history on its own. */
export class LotHistories {
  readonly #byLot: Map<string, LedgerRecord[]> = new Map();
  #records = 0;

  /** Number of lots. */
  get lots(): number {
    return this.#byLot.size;
  }

  /** Number of records. */
  get records(): number {
    return this.#records;
  }

  /** Adds the records of the next block. */
  add(records: readonly LedgerRecord[]): void {
    for (const record of records) {
      const lot = encodeHex(record.transaction.lot);
      const known = this.#byLot.get(lot);
      if (known === undefined) this.#byLot.set(lot, [record]);
      else known.push(record);
      this.#records += 1;
    }
  }

  /** Runs the transition table over every lot; answers with the first history that breaks a rule. */
  firstBroken(): BrokenHistory | undefined {
    for (const [lot, records] of this.#byLot) {
      const verdict = verifyLotHistory(records);
      if (!verdict.ok) return { lot, fault: verdict.fault, height: records[verdict.position]?.transaction.height ?? 0 };
    }
    return undefined;
  }
}
