import { type BlockHash, encodeHex, equalBytes } from '@mutual-chain/protocol';
import type { InspectedBody } from './ports.ts';

/** A body with what its header says. */
export type ShelvedBody = { readonly block: InspectedBody; readonly body: Uint8Array };

/** Most bodies of the next height that are kept until it starts. */
export const EARLY_BODIES_MAX = 2;

/**
 * The bodies of the height being decided, all of which are in the log too, and a few of the next height, which are not.
 *
 * Nothing is ever evicted from the height being decided: a body that was prevoted has to be served until the height is committed.
 */
export class BodyShelf {
  readonly #current = new Map<string, ShelvedBody>();
  #early: readonly ShelvedBody[] = [];

  /** Number of bodies held, for the bounds that tests look at. */
  get size(): number {
    return this.#current.size + this.#early.length;
  }

  keep(shelved: ShelvedBody): void {
    this.#current.set(encodeHex(shelved.block.blockHash), shelved);
  }

  find(blockHash: BlockHash): ShelvedBody | undefined {
    return this.#current.get(encodeHex(blockHash));
  }

  /** Whether the body of this block of the next height is not here, and there is room for it. */
  hasRoomForEarly(blockHash: BlockHash): boolean {
    return this.#early.length < EARLY_BODIES_MAX && !this.#early.some(({ block }) => equalBytes(block.blockHash, blockHash));
  }

  /** Keeps a body of the next height, once and while there is room. */
  keepEarly(shelved: ShelvedBody): void {
    if (this.hasRoomForEarly(shelved.block.blockHash)) this.#early = [...this.#early, shelved];
  }

  /** Empties the shelf for a height and returns the bodies of it that came early. */
  startHeight(height: number): readonly ShelvedBody[] {
    const early = this.#early.filter(({ block }) => block.height === height);
    this.#current.clear();
    this.#early = [];
    return early;
  }
}
