import { encodeHex, STATE_NAMESPACES } from '@mutual-chain/protocol';
import { scheduledItem } from '../state/schedule.ts';
import { type StateKey, stateKeyToBytes } from '../view/state-key.ts';

/** Length of an address at the start of a key's identity. */
const ADDRESS_BYTES = 20;

const NAMES: ReadonlyMap<number, string> = new Map([
  [STATE_NAMESPACES.singleton, 'singleton'],
  [STATE_NAMESPACES.account, 'account'],
  [STATE_NAMESPACES.holding, 'holding'],
  [STATE_NAMESPACES.lot, 'lot'],
  [STATE_NAMESPACES.asset, 'asset'],
  [STATE_NAMESPACES.debt, 'debt'],
  [STATE_NAMESPACES.proposal, 'proposal'],
  [STATE_NAMESPACES.externalReference, 'external reference'],
  [STATE_NAMESPACES.schedule, 'scheduled work'],
  [STATE_NAMESPACES.releaseSchedule, 'release schedule'],
  [STATE_NAMESPACES.membership, 'membership'],
  [STATE_NAMESPACES.delegation, 'delegation'],
  [STATE_NAMESPACES.depositAuthorization, 'deposit authorization'],
  [STATE_NAMESPACES.evidence, 'evidence'],
  [STATE_NAMESPACES.validatorHistory, 'validator history'],
  [STATE_NAMESPACES.peer, 'peer'],
  [STATE_NAMESPACES.withdrawalDay, 'withdrawal day'],
  [STATE_NAMESPACES.dailyLimitRaise, 'daily limit raise'],
]);

/** A key in words: the kind of entry and its identity, addresses and ids in hex. */
export function nameOfEntry(key: StateKey): string {
  const namespace = key.charCodeAt(0);
  const kind = NAMES.get(namespace) ?? `entry of namespace ${namespace}`;
  if (namespace === STATE_NAMESPACES.asset) return `${kind} ${key.slice(1)}`;
  if (namespace === STATE_NAMESPACES.schedule && key.length === 42) {
    const { dueSec, kind: work, id } = scheduledItem(key);
    return `${kind} of kind ${work} at ${dueSec} for ${encodeHex(id)}`;
  }
  const identity = stateKeyToBytes(key).subarray(1);
  if (namespace === STATE_NAMESPACES.holding || namespace === STATE_NAMESPACES.withdrawalDay) {
    return `${kind} ${encodeHex(identity.subarray(0, ADDRESS_BYTES))} ${key.slice(1 + ADDRESS_BYTES)}`;
  }
  return `${kind} ${encodeHex(identity)}`;
}

/** Asset of a holding, from its key. */
export function assetOfHolding(key: StateKey): string {
  return key.slice(1 + ADDRESS_BYTES);
}

/** Key of the account that owns a holding, from the holding's key. */
export function ownerKeyOfHolding(key: StateKey): StateKey {
  return (String.fromCharCode(STATE_NAMESPACES.account) + key.slice(1, 1 + ADDRESS_BYTES)) as StateKey;
}

/** The same identity in another namespace: from a lot's key that of its debt, from a membership's that of its account. */
export function keyInNamespace(key: StateKey, namespace: number): StateKey {
  return (String.fromCharCode(namespace) + key.slice(1)) as StateKey;
}
