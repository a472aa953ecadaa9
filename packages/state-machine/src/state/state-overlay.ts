import { OrderedKeys } from '../view/ordered-keys.ts';
import type { StateKey } from '../view/state-key.ts';
import type { StateChange, StateView } from '../view/state-view.ts';
import { SCHEDULE_START, type ScheduleItem, scheduledItem, scheduleEnd, scheduleKey } from './schedule.ts';
import type { Table } from './table.ts';

type Entry = {
  readonly key: StateKey;
  readonly table: Table<never, unknown>;
  readonly before: unknown;
  value: unknown;
  dirty: boolean;
};

/**
 * Entries of a namespace found lately, by the very objects that named them: a transaction asks for the same few entries some twenty times.
 * A ring: the oldest makes room.
 */
type Recents = { readonly tables: unknown[]; readonly keys: unknown[]; readonly entries: Entry[]; next: number };

/** Recent entries of a namespace, a power of two: a transfer touches two accounts and two holdings. */
const RECENT_ENTRIES = 4;

const SCHEDULED = Uint8Array.of(1);

/**
 * Decoded entries on top of a committed view: what one block (or one simulation) has read and written so far.
 *
 * Values are immutable; writing replaces. Nothing reaches the view: `changes` yields the writes, and dropping the overlay
 * drops them.
 */
export class StateOverlay {
  readonly #view: StateView;
  readonly #entries: Map<StateKey, Entry> = new Map();
  /** Schedule keys written here: true added, false removed. */
  readonly #schedule: Map<StateKey, boolean> = new Map();
  /** Those added, in order. */
  readonly #added: OrderedKeys = new OrderedKeys();
  /** Every key of the view up to this one is removed here, so none is looked at twice however much is due. */
  #removedUpTo: StateKey = SCHEDULE_START;
  /** By namespace. */
  readonly #recents: (Recents | undefined)[] = [];
  /** Entries that were written, by namespace, in the order of their first write. */
  readonly #written: (Entry[] | undefined)[] = [];

  constructor(view: StateView) {
    this.#view = view;
  }

  /** The entry, or undefined when there is none. */
  get<Key, Value>(table: Table<Key, Value>, key: Key): Value | undefined {
    return this.#entryOf(table, key).value as Value | undefined;
  }

  /** Writes the entry. */
  set<Key, Value>(table: Table<Key, Value>, key: Key, value: Value): void {
    this.#write(table, key, value);
  }

  /** Removes the entry, if there is one. */
  delete<Key, Value>(table: Table<Key, Value>, key: Key): void {
    this.#write(table, key, undefined);
  }

  /** Adds work to the schedule; the same item twice is one item. */
  schedule(item: ScheduleItem): void {
    const key = scheduleKey(item);
    this.#schedule.set(key, true);
    this.#added.add(key);
  }

  /** Removes work from the schedule, if it is there. */
  unschedule(item: ScheduleItem): void {
    const key = scheduleKey(item);
    this.#schedule.set(key, false);
    this.#added.delete(key);
  }

  /** The first item due at or before `nowSec`, in order of (due second, kind, id). */
  nextDue(nowSec: number): ScheduleItem | undefined {
    const end = scheduleEnd(nowSec);
    let committed = this.#view.nextKey(this.#removedUpTo, end);
    while (committed !== undefined && this.#schedule.get(committed) === false) {
      this.#removedUpTo = committed;
      committed = this.#view.nextKey(committed, end);
    }
    const added = this.#added.next(SCHEDULE_START, end);
    const first = added !== undefined && (committed === undefined || added < committed) ? added : committed;
    return first === undefined ? undefined : scheduledItem(first);
  }

  /** Calls `visit` for each entry of a table that was written, with what it was in the view and what it is now. */
  forEachWritten<Value>(
    table: Table<never, Value>,
    visit: (key: StateKey, before: Value | undefined, after: Value | undefined) => void,
  ): void {
    for (const entry of this.#written[table.namespace] ?? []) {
      if (entry.table === (table as unknown)) visit(entry.key, entry.before as Value | undefined, entry.value as Value | undefined);
    }
  }

  /** All writes, each key once, encoded: by namespace, in the order in which the entries were first written, and the schedule last. */
  changes(): StateChange[] {
    const changes: StateChange[] = [];
    for (const entries of this.#written) {
      for (const { key, table, value } of entries ?? [])
        changes.push({ key, value: value === undefined ? undefined : table.codec.encode(value) });
    }
    for (const [key, present] of this.#schedule) changes.push({ key, value: present ? SCHEDULED : undefined });
    return changes;
  }

  #entryOf<Key, Value>(table: Table<Key, Value>, key: Key): Entry {
    this.#recents[table.namespace] ??= { tables: [], keys: [], entries: [], next: 0 };
    const recents = this.#recents[table.namespace] as Recents;
    const { tables, keys, entries } = recents;
    for (let index = 0; index < entries.length; index++) {
      if (tables[index] === table && table.isSameKey(keys[index] as Key, key)) return entries[index] as Entry;
    }
    const stateKey = table.keyOf(key);
    let entry = this.#entries.get(stateKey);
    if (entry === undefined) {
      const bytes = this.#view.get(stateKey);
      const value = bytes === undefined ? undefined : table.codec.decode(bytes);
      entry = { key: stateKey, table: table as unknown as Table<never, unknown>, before: value, value, dirty: false };
      this.#entries.set(stateKey, entry);
    }
    const { next } = recents;
    tables[next] = table;
    keys[next] = key;
    entries[next] = entry;
    recents.next = (next + 1) & (RECENT_ENTRIES - 1);
    return entry;
  }

  #write<Key, Value>(table: Table<Key, Value>, key: Key, value: Value | undefined): void {
    const entry = this.#entryOf(table, key);
    entry.value = value;
    if (entry.dirty) return;
    entry.dirty = true;
    this.#written[table.namespace] ??= [];
    this.#written[table.namespace]?.push(entry);
  }
}
