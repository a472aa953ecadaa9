import {
  ASSET_KINDS,
  type BlockHash,
  type BlockHeader,
  type Cryptography,
  EMPTY_ACCOUNT,
  EMPTY_HOLDING,
  evidenceRoot,
  FREEZE,
  type Genesis,
  genesisValidatorSet,
  NATIVE_ASSET,
  parametersHash,
  receiptsRoot,
  recordsRoot,
  type StateRoot,
  TRANSFER_MODES,
  transactionsRoot,
  validatorsHash,
} from '@mutual-chain/protocol';
import { bridgeEscrow, feeEscrow, stakeEscrow, systemAddress, ZERO_ADDRESS, ZERO_ID } from '../ledger/known-addresses.ts';
import { StateOverlay } from '../state/state-overlay.ts';
import {
  accountTable,
  assetTable,
  chainStatusTable,
  holdingTable,
  membershipTable,
  parametersTable,
  releaseScheduleTable,
  validatorHistoryTable,
  validatorSetTable,
} from '../state/tables.ts';
import type { StateChange, StateView } from '../view/state-view.ts';

/** A view of nothing: what genesis is written on. */
const EMPTY_VIEW: StateView = {
  get: () => undefined,
  nextKey: () => undefined,
  preview: () => ({ stateRoot: new Uint8Array(32) as StateRoot }),
  drop: () => undefined,
};

/** Entries of the state at height 0. */
export function genesisChanges(cryptography: Cryptography, genesis: Genesis): StateChange[] {
  const state = new StateOverlay(EMPTY_VIEW);
  for (const escrow of [systemAddress, stakeEscrow, feeEscrow, bridgeEscrow]) {
    state.set(accountTable, escrow(cryptography), { ...EMPTY_ACCOUNT, escrow: true });
  }
  writeMembers(state, genesis);
  writeAssets(state, genesis);
  writeBalances(state, genesis);
  const set = genesisValidatorSet(genesis);
  state.set(parametersTable, undefined, genesis.parameters);
  state.set(validatorSetTable, undefined, set);
  state.set(validatorHistoryTable, 0, { set, previousSince: 0 });
  state.set(chainStatusTable, undefined, {
    height: 0,
    timestampMs: genesis.timestampMs,
    protocolVersion: genesis.protocolVersion,
    treasury: genesis.treasury,
    audit: genesis.audit,
    pending: [],
    removals: [],
    validatorsSince: 0,
  });
  return state.changes();
}

/** Header of height 0: no parent, no proposer, nothing but the first state. */
export function genesisHeader(cryptography: Cryptography, genesis: Genesis, stateRoot: StateRoot): BlockHeader {
  const setHash = validatorsHash(cryptography, genesisValidatorSet(genesis));
  return {
    protocolVersion: genesis.protocolVersion,
    chainId: genesis.chainId,
    height: 0,
    timestampMs: genesis.timestampMs,
    parentHash: ZERO_ID as Uint8Array as BlockHash,
    proposer: ZERO_ADDRESS,
    stateRoot,
    transactionsRoot: transactionsRoot(cryptography, []),
    recordsRoot: recordsRoot(cryptography, []),
    receiptsRoot: receiptsRoot(cryptography, []),
    evidenceRoot: evidenceRoot(cryptography, []),
    validatorsHash: setHash,
    nextValidatorsHash: setHash,
    parametersHash: parametersHash(cryptography, genesis.parameters),
  };
}

function writeMembers(state: StateOverlay, genesis: Genesis): void {
  for (const { address, level, levelExpiresAt, roles, credentialHash, jurisdiction } of genesis.members) {
    state.set(accountTable, address, { ...EMPTY_ACCOUNT, level, levelExpiresAt, roles });
    state.set(membershipTable, address, { stake: 0n, joinedAt: 0, credentialHash, jurisdiction, registrar: ZERO_ADDRESS });
  }
}

function writeAssets(state: StateOverlay, genesis: Genesis): void {
  for (const { id, name, decimals, kind, gateways, threshold, minLevel, transferMode } of genesis.assets) {
    state.set(assetTable, id, {
      name,
      decimals,
      kind: ASSET_KINDS.indexOf(kind),
      gateways: gateways.map((address) => ({ address })),
      threshold,
      minLevel,
      transferMode: TRANSFER_MODES.indexOf(transferMode),
      freeze: FREEZE.none,
      supply: id === NATIVE_ASSET ? genesis.supply : 0n,
    });
  }
}

function writeBalances(state: StateOverlay, genesis: Genesis): void {
  for (const { address, amount, schedule } of genesis.balances) {
    if (amount > 0n) {
      state.set(holdingTable, { owner: address, asset: NATIVE_ASSET }, { ...EMPTY_HOLDING, amount, state: 5 });
    }
    if (schedule === undefined) continue;
    state.set(releaseScheduleTable, address, schedule);
    state.set(accountTable, address, { ...(state.get(accountTable, address) ?? EMPTY_ACCOUNT), scheduled: true });
  }
}
