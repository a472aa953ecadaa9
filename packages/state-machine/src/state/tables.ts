import {
  type Account,
  type Address,
  type AdmittedPeer,
  type Asset,
  accountCodec,
  admittedPeerCodec,
  assetCodec,
  type Bytes32,
  type ChainStatus,
  chainStatusCodec,
  type DailyLimitRaise,
  type Debt,
  type Delegation,
  type DepositAuthorization,
  dailyLimitRaiseCodec,
  debtCodec,
  delegationCodec,
  depositAuthorizationCodec,
  type Holding,
  holdingCodec,
  type Lot,
  type LotId,
  lotCodec,
  type Membership,
  membershipCodec,
  type Parameters,
  type Proposal,
  parametersCodec,
  proposalCodec,
  type ReleaseSchedule,
  releaseScheduleCodec,
  SINGLETONS,
  STATE_NAMESPACES,
  type ValidatorHistoryEntry,
  type ValidatorSet,
  validatorHistoryCodec,
  validatorSetCodec,
  type WithdrawalDay,
  withdrawalDayCodec,
} from '@mutual-chain/protocol';
import { stateKeyOf } from '../view/state-key.ts';
import type { Table } from './table.ts';

/** Keys of entries that bytes identify: `namespace` and how they follow it. */
function byBytes<Key extends Uint8Array>(namespace: number): Pick<Table<Key, unknown>, 'namespace' | 'keyOf'> {
  return { namespace, keyOf: (key) => stateKeyOf(namespace, key) };
}

const NO_BYTES = new Uint8Array(0);

const isSame = (left: unknown, right: unknown): boolean => left === right;

/** Whose holding of which asset. */
export type HoldingKey = { readonly owner: Address; readonly asset: string };

/** Accounts by address. */
export const accountTable: Table<Address, Account> = {
  name: 'account',
  ...byBytes(STATE_NAMESPACES.account),
  isSameKey: isSame,
  codec: accountCodec,
};

/** Main lots by owner and asset. Asset ids are ASCII, so their code units are their bytes. */
export const holdingTable: Table<HoldingKey, Holding> = {
  name: 'holding',
  namespace: STATE_NAMESPACES.holding,
  keyOf: ({ owner, asset }) => stateKeyOf(STATE_NAMESPACES.holding, owner, asset),
  isSameKey: (left, right) => left.owner === right.owner && left.asset === right.asset,
  codec: holdingCodec,
};

/** What was requested for withdrawal on the last day anything was, by owner and asset. */
export const withdrawalDayTable: Table<HoldingKey, WithdrawalDay> = {
  name: 'withdrawal day',
  namespace: STATE_NAMESPACES.withdrawalDay,
  keyOf: ({ owner, asset }) => stateKeyOf(STATE_NAMESPACES.withdrawalDay, owner, asset),
  isSameKey: holdingTable.isSameKey,
  codec: withdrawalDayCodec,
};

/** What held on the day on which an account last raised its daily limit, by account. */
export const dailyLimitRaiseTable: Table<Address, DailyLimitRaise> = {
  name: 'daily limit raise',
  ...byBytes(STATE_NAMESPACES.dailyLimitRaise),
  isSameKey: isSame,
  codec: dailyLimitRaiseCodec,
};

/** Request lots by id. */
export const lotTable: Table<LotId, Lot> = { name: 'lot', ...byBytes(STATE_NAMESPACES.lot), isSameKey: isSame, codec: lotCodec };

/** Assets by id. */
export const assetTable: Table<string, Asset> = {
  name: 'asset',
  namespace: STATE_NAMESPACES.asset,
  keyOf: (id) => stateKeyOf(STATE_NAMESPACES.asset, NO_BYTES, id),
  isSameKey: isSame,
  codec: assetCodec,
};

/** Debts by the id of their lot. */
export const debtTable: Table<Uint8Array, Debt> = {
  name: 'debt',
  ...byBytes(STATE_NAMESPACES.debt),
  isSameKey: isSame,
  codec: debtCodec,
};

/** Governance proposals by id. */
export const proposalTable: Table<Uint8Array, Proposal> = {
  name: 'proposal',
  ...byBytes(STATE_NAMESPACES.proposal),
  isSameKey: isSame,
  codec: proposalCodec,
};

/** Lots by the hash of the external reference that settled them: a reference is used once per asset, for ever. */
export const externalReferenceTable: Table<Uint8Array, Uint8Array> = {
  name: 'external reference',
  ...byBytes(STATE_NAMESPACES.externalReference),
  isSameKey: isSame,
  codec: { encode: (value) => value, decode: (bytes) => bytes },
};

/** Release schedules of MTN by account. */
export const releaseScheduleTable: Table<Address, ReleaseSchedule> = {
  name: 'release schedule',
  ...byBytes(STATE_NAMESPACES.releaseSchedule),
  isSameKey: isSame,
  codec: releaseScheduleCodec,
};

/** Memberships by account. */
export const membershipTable: Table<Address, Membership> = {
  name: 'membership',
  ...byBytes(STATE_NAMESPACES.membership),
  isSameKey: isSame,
  codec: membershipCodec,
};

/** Delegations by the hash of owner, delegate and asset. */
export const delegationTable: Table<Bytes32, Delegation> = {
  name: 'delegation',
  ...byBytes(STATE_NAMESPACES.delegation),
  isSameKey: isSame,
  codec: delegationCodec,
};

/** Deposit authorizations by the hash of owner, gateway and asset. */
export const depositAuthorizationTable: Table<Bytes32, DepositAuthorization> = {
  name: 'deposit authorization',
  ...byBytes(STATE_NAMESPACES.depositAuthorization),
  isSameKey: isSame,
  codec: depositAuthorizationCodec,
};

/** Peers admitted by governance, by the hash of their peer id. */
export const peerTable: Table<Bytes32, AdmittedPeer> = {
  name: 'peer',
  ...byBytes(STATE_NAMESPACES.peer),
  isSameKey: isSame,
  codec: admittedPeerCodec,
};

const singleton = (number: number): Pick<Table<void, unknown>, 'namespace' | 'keyOf'> => {
  const key = stateKeyOf(STATE_NAMESPACES.singleton, Uint8Array.of(number));
  return { namespace: STATE_NAMESPACES.singleton, keyOf: () => key };
};

/** Height, time, version and what waits for its height. */
export const chainStatusTable: Table<void, ChainStatus> = {
  name: 'chain status',
  ...singleton(SINGLETONS.chainStatus),
  isSameKey: isSame,
  codec: chainStatusCodec,
};

/** Parameters in force at the next height. */
export const parametersTable: Table<void, Parameters> = {
  name: 'parameters',
  ...singleton(SINGLETONS.parameters),
  isSameKey: isSame,
  codec: parametersCodec,
};

/** Validator set of the next height, with proposer priorities. */
export const validatorSetTable: Table<void, ValidatorSet> = {
  name: 'validator set',
  ...singleton(SINGLETONS.validatorSet),
  isSameKey: isSame,
  codec: validatorSetCodec,
};

/** Height at which evidence was committed, by its id (8 bytes big-endian): evidence counts once. */
export const evidenceTable: Table<Bytes32, number> = {
  name: 'evidence',
  ...byBytes(STATE_NAMESPACES.evidence),
  isSameKey: isSame,
  codec: { encode: heightBytes, decode: (bytes) => Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)) },
};

/** Validator sets by the height from which they are in force. */
export const validatorHistoryTable: Table<number, ValidatorHistoryEntry> = {
  name: 'validator history',
  namespace: STATE_NAMESPACES.validatorHistory,
  keyOf: (height) => stateKeyOf(STATE_NAMESPACES.validatorHistory, heightBytes(height)),
  isSameKey: isSame,
  codec: validatorHistoryCodec,
};

function heightBytes(height: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(height));
  return bytes;
}
