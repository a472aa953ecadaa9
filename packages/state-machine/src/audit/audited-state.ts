import { assertInvariant, type ChainStatus, type Cryptography } from '@mutual-chain/protocol';
import type { Table } from '../state/table.ts';
import { chainStatusTable } from '../state/tables.ts';
import type { StateEntry } from '../view/memory-state.ts';
import type { StateKey } from '../view/state-key.ts';

/** What an audit knows besides the entries. */
export type AuditContext = {
  readonly cryptography: Cryptography;
  /** MTN supply of genesis, base units; when absent, only the supply in the state is checked against the lots. */
  readonly nativeSupply?: bigint;
};

/** One decoded entry with its key. */
export type AuditedRow<Value> = { readonly key: StateKey; readonly value: Value };

/** All entries of a state, for auditors. Entries are decoded when they are asked for, so that a large state is held only once. */
export class AuditedState {
  readonly context: AuditContext;
  readonly #values: Map<StateKey, Uint8Array> = new Map();
  readonly #keys: Map<number, StateKey[]> = new Map();

  constructor(entries: Iterable<StateEntry>, context: AuditContext) {
    this.context = context;
    for (const { key, value } of entries) {
      this.#values.set(key, value);
      const namespace = key.charCodeAt(0);
      const known = this.#keys.get(namespace);
      if (known === undefined) this.#keys.set(namespace, [key]);
      else known.push(key);
    }
  }

  /** All entries as they are stored, in the order in which they were given. */
  get entries(): Iterable<readonly [StateKey, Uint8Array]> {
    return this.#values;
  }

  /** The chain's status; `canonicalEntries` reports a state without one before anything asks for it. */
  get status(): ChainStatus {
    const status = this.get(chainStatusTable, undefined);
    assertInvariant(status !== undefined, 'an audited state has a status');
    return status;
  }

  /** Time of the tip, unix seconds. */
  get nowSec(): number {
    return Math.floor(this.status.timestampMs / 1000);
  }

  /** Keys of a namespace. */
  keys(namespace: number): readonly StateKey[] {
    return this.#keys.get(namespace) ?? [];
  }

  /** Whether there is an entry. */
  has(key: StateKey): boolean {
    return this.#values.has(key);
  }

  /** The entry, or undefined when there is none. */
  get<Key, Value>(table: Table<Key, Value>, key: Key): Value | undefined {
    return this.#decode(table, table.keyOf(key));
  }

  /** All entries of a table, which are those of its namespace. */
  *rows<Value>(namespace: number, table: Table<never, Value>): Iterable<AuditedRow<Value>> {
    for (const key of this.keys(namespace)) {
      const value = this.#decode(table, key);
      if (value !== undefined) yield { key, value };
    }
  }

  #decode<Value>(table: Table<never, Value>, key: StateKey): Value | undefined {
    const bytes = this.#values.get(key);
    return bytes === undefined ? undefined : table.codec.decode(bytes);
  }
}
