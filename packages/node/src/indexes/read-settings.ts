import { type Parameters, parametersCodec, type ValidatorSet, validatorSetCodec } from '@mutual-chain/protocol';
import type { StateStore, StoredIndexEntry } from '../storage/state-store.ts';
import { heightAt, heightPart, type IndexKind, indexKeyOf, keyAfter } from './index-key.ts';
import { advanceTo } from './setting-entries.ts';

/** The validators of a height that is committed; undefined when they are not kept. */
export async function readValidators(store: StateStore, height: number): Promise<ValidatorSet | undefined> {
  // Nobody decided genesis: it commits to those who decide height 1.
  const decided = Math.max(height, 1);
  const entry = await readLast(store, 'validators', decided);
  return entry === undefined ? undefined : advanceTo(validatorSetCodec.decode(entry.value), heightAt(entry.key, 1), decided);
}

/** The parameters of a height that is committed; undefined when they are not kept. */
export async function readParameters(store: StateStore, height: number): Promise<Parameters | undefined> {
  const entry = await readLast(store, 'parameters', height);
  return entry === undefined ? undefined : parametersCodec.decode(entry.value);
}

/** The entry of the highest height up to the one given. */
async function readLast(store: StateStore, kind: IndexKind, height: number): Promise<StoredIndexEntry | undefined> {
  const to = keyAfter(indexKeyOf(kind, heightPart(height)));
  const [entry] = await store.readIndexRange({ from: indexKeyOf(kind), to, limit: 1, reverse: true });
  return entry;
}
