import { type Codec, equalBytes, SINGLETONS, STATE_NAMESPACES } from '@mutual-chain/protocol';
import {
  accountTable,
  assetTable,
  chainStatusTable,
  dailyLimitRaiseTable,
  debtTable,
  delegationTable,
  depositAuthorizationTable,
  evidenceTable,
  holdingTable,
  lotTable,
  membershipTable,
  parametersTable,
  peerTable,
  proposalTable,
  releaseScheduleTable,
  validatorHistoryTable,
  validatorSetTable,
  withdrawalDayTable,
} from '../state/tables.ts';
import type { StateKey } from '../view/state-key.ts';
import type { AuditedState } from './audited-state.ts';
import { nameOfEntry } from './entry-name.ts';

/** How the entries of a namespace look: the length of their keys, first byte included, and the codec of their values. */
type EntryForm = { readonly keyBytes: readonly [min: number, max: number]; readonly codec: Codec<never> };

const formOf = <Value>(keyBytesMin: number, keyBytesMax: number, codec: Codec<Value>): EntryForm => ({
  keyBytes: [keyBytesMin, keyBytesMax],
  codec: codec as unknown as Codec<never>,
});

/** The one value of scheduled work: its key says everything. */
const presence: Codec<number> = { encode: () => Uint8Array.of(1), decode: (bytes) => bytes.length };

/** Value of an external reference: the 32 bytes of a lot id. */
const lotReference: Codec<Uint8Array> = { encode: (id) => id.slice(0, 32), decode: (bytes) => bytes };

const FORMS: ReadonlyMap<number, EntryForm> = new Map([
  [STATE_NAMESPACES.account, formOf(21, 21, accountTable.codec)],
  [STATE_NAMESPACES.holding, formOf(23, 37, holdingTable.codec)],
  [STATE_NAMESPACES.lot, formOf(33, 33, lotTable.codec)],
  [STATE_NAMESPACES.asset, formOf(3, 17, assetTable.codec)],
  [STATE_NAMESPACES.debt, formOf(33, 33, debtTable.codec)],
  [STATE_NAMESPACES.proposal, formOf(33, 33, proposalTable.codec)],
  [STATE_NAMESPACES.externalReference, formOf(33, 33, lotReference)],
  [STATE_NAMESPACES.schedule, formOf(42, 42, presence)],
  [STATE_NAMESPACES.releaseSchedule, formOf(21, 21, releaseScheduleTable.codec)],
  [STATE_NAMESPACES.membership, formOf(21, 21, membershipTable.codec)],
  [STATE_NAMESPACES.delegation, formOf(33, 33, delegationTable.codec)],
  [STATE_NAMESPACES.depositAuthorization, formOf(33, 33, depositAuthorizationTable.codec)],
  [STATE_NAMESPACES.evidence, formOf(33, 33, evidenceTable.codec)],
  [STATE_NAMESPACES.validatorHistory, formOf(9, 9, validatorHistoryTable.codec)],
  [STATE_NAMESPACES.peer, formOf(33, 33, peerTable.codec)],
  [STATE_NAMESPACES.withdrawalDay, formOf(23, 37, withdrawalDayTable.codec)],
  [STATE_NAMESPACES.dailyLimitRaise, formOf(21, 21, dailyLimitRaiseTable.codec)],
]);

const SINGLETON_FORMS: ReadonlyMap<number, EntryForm> = new Map([
  [SINGLETONS.chainStatus, formOf(2, 2, chainStatusTable.codec)],
  [SINGLETONS.parameters, formOf(2, 2, parametersTable.codec)],
  [SINGLETONS.validatorSet, formOf(2, 2, validatorSetTable.codec)],
]);

/**
 * Every entry has the one form its namespace demands, and the singletons are there. Amounts cannot be negative or too large in a
 * canonical entry. What is found here comes before all invariants: they decode entries without asking.
 */
export function canonicalEntries(state: AuditedState): readonly string[] {
  const violations: string[] = [];
  for (const [key, value] of state.entries) {
    if (!isCanonical(formOfKey(key), key, value)) violations.push(`${nameOfEntry(key)}: key or value is not canonical`);
  }
  for (const table of [chainStatusTable, parametersTable, validatorSetTable]) {
    if (!state.has(table.keyOf(undefined))) violations.push(`${table.name}: missing`);
  }
  return violations;
}

function formOfKey(key: StateKey): EntryForm | undefined {
  const namespace = key.charCodeAt(0);
  return namespace === STATE_NAMESPACES.singleton ? SINGLETON_FORMS.get(key.charCodeAt(1)) : FORMS.get(namespace);
}

function isCanonical(form: EntryForm | undefined, key: StateKey, value: Uint8Array): boolean {
  if (form === undefined || key.length < form.keyBytes[0] || key.length > form.keyBytes[1]) return false;
  try {
    return equalBytes(form.codec.encode(form.codec.decode(value)), value);
  } catch {
    return false;
  }
}
