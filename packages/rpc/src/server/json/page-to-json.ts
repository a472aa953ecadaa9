import type { PageJson } from '../../contract/index.ts';
import type { Page } from '../ports.ts';

/** Writes a page of a list. */
export function pageToJson<Item, Json>({ items, nextCursor }: Page<Item>, toJson: (item: Item) => Json): PageJson<Json> {
  return { items: items.map(toJson), nextCursor: nextCursor ?? null };
}
