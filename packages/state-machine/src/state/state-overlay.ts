import type { StateChange, StateView } from '../view/state-view.ts';
import type { StateKey } from '../view/state-key.ts';
import { type ScheduleItem, scheduleKey, scheduleUpTo, scheduledItem } from './schedule.ts';
import type { Table } from './table.ts';

type Entry = { readonly table: Table<never, unknown>; value: unknown; dirty: boolean };

const SCHEDULED = Uint8Array.of(1);

/**
 * Decoded entries on top of a committed view: what one block (or one simulation) has read and written so far.
 *
 * Values are immutable; writing replaces. Nothing reaches the view: `changes` yields the writes in key order, and dropping the overlay
 * drops them.
 */
export class StateOverlay {
  readonly #view: StateView;
  readonly #entries: Map<StateKey, Entry> = new Map();
  /** Schedule keys written here: true added, false removed. Few per block, so a sorted list is rebuilt only when it is asked for. */
  readonly #schedule: Map<StateKey, boolean> = new Map();
  #addedSorted: StateKey[] | undefined;

  constructor(view: StateView) {
    this.#view = view;
  }

  /** The entry, or undefined when there is none. */
  get<Key, Value>(table: Table<Key, Value>, key: Key): Value | undefined {
    return this.#load(table, table.keyOf(key)).value as Value | undefined;
  }

  /** Writes the entry. */
  set<Key, Value>(table: Table<Key, Value>, key: Key, value: Value): void {
    this.#write(table, table.keyOf(key), value);
  }

  /** Removes the entry, if there is one. */
  delete<Key, Value>(table: Table<Key, Value>, key: Key): void {
    this.#write(table, table.keyOf(key), undefined);
  }

  /** Adds work to the schedule; the same item twice is one item. */
  schedule(item: ScheduleItem): void {
    this.#schedule.set(scheduleKey(item), true);
    this.#addedSorted = undefined;
  }

  /** Removes work from the schedule, if it is there. */
  unschedule(item: ScheduleItem): void {
    this.#schedule.set(scheduleKey(item), false);
    this.#addedSorted = undefined;
  }

  /** The first item due at or before `nowSec`, in order of (due second, kind, id). */
  nextDue(nowSec: number): ScheduleItem | undefined {
    const { after, upTo } = scheduleUpTo(nowSec);
    let committed = this.#view.nextKey(after, upTo);
    while (committed !== undefined && this.#schedule.get(committed) === false) committed = this.#view.nextKey(committed, upTo);
    this.#addedSorted ??= [...this.#schedule.keys()].filter((key) => this.#schedule.get(key) === true).sort(byCodeUnits);
    const added = this.#addedSorted[0];
    const first = added !== undefined && (committed === undefined || added < committed) ? added : committed;
    return first === undefined || first > upTo ? undefined : scheduledItem(first);
  }

  /** All writes in key order, encoded; an entry written back to what it was is still listed. */
  changes(): StateChange[] {
    const changes: StateChange[] = [];
    for (const [key, { table, value, dirty }] of this.#entries) {
      if (dirty) changes.push({ key, value: value === undefined ? undefined : table.codec.encode(value) });
    }
    for (const [key, present] of this.#schedule) changes.push({ key, value: present ? SCHEDULED : undefined });
    return changes.sort((left, right) => byCodeUnits(left.key, right.key));
  }

  #load<Key, Value>(table: Table<Key, Value>, stateKey: StateKey): Entry {
    const known = this.#entries.get(stateKey);
    if (known !== undefined) return known;
    const bytes = this.#view.get(stateKey);
    const entry: Entry = {
      table: table as Table<never, unknown>,
      value: bytes === undefined ? undefined : table.codec.decode(bytes),
      dirty: false,
    };
    this.#entries.set(stateKey, entry);
    return entry;
  }

  #write<Key, Value>(table: Table<Key, Value>, stateKey: StateKey, value: Value | undefined): void {
    const known = this.#entries.get(stateKey);
    if (known === undefined) this.#entries.set(stateKey, { table: table as Table<never, unknown>, value, dirty: true });
    else {
      known.value = value;
      known.dirty = true;
    }
  }
}

/** Code units of a state key are its bytes, so this is byte order. */
function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
