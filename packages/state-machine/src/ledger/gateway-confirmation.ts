import {
  type Address,
  type Asset,
  equalBytes,
  type GatewayConfirmation,
  type Lot,
  type LotId,
  type ResultCode,
} from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { lotTable } from '../state/tables.ts';
import { isReferenceUsed } from './external-references.ts';
import { definedAsset } from './spending.ts';

/** What a gateway vouches for when it confirms. */
export type GatewayStatement = {
  readonly gateway: Address;
  readonly revision: number;
  readonly amount: bigint;
  readonly externalRef: string;
};

/**
 * Whether the reference is there and new, and this gateway has not said exactly the same before. It may say it again once as many have said it
 * as the threshold asks, which is so after the threshold was lowered: nobody else may be left who could complete it.
 */
export function checkReference(execution: Execution, lot: Lot, statement: GatewayStatement): ResultCode {
  if (statement.externalRef !== '' && isReferenceUsed(execution, lot.asset, statement.externalRef)) return 'REFERENCE_USED';
  const asset = definedAsset(execution, lot.asset);
  const agreeing = lot.confirmations.filter((known) => agrees(known, statement) && isStillGateway(asset, known));
  const said = agreeing.some((known) => equalBytes(known.gateway, statement.gateway));
  if (said && agreeing.length < asset.threshold) return 'ALREADY_CLAIMED';
  return statement.externalRef === '' ? 'INVALID_FIELD' : 'OK';
}

/**
 * Counts a gateway's statement. True when it makes the threshold full; otherwise it is stored with the lot and no record is written.
 *
 * Only statements that agree in revision, amount and reference add up; a gateway's newer statement replaces its older one.
 */
export function reachesThreshold(execution: Execution, id: LotId, lot: Lot, asset: Asset, statement: GatewayStatement): boolean {
  const others = lot.confirmations.filter((known) => !equalBytes(known.gateway, statement.gateway) && isStillGateway(asset, known));
  const agreeing = 1 + others.filter((known) => agrees(known, statement)).length;
  if (agreeing >= asset.threshold) return true;
  execution.state.set(lotTable, id, { ...lot, confirmations: [...others, statement] });
  return false;
}

function agrees(known: GatewayConfirmation, statement: GatewayStatement): boolean {
  return known.revision === statement.revision && known.amount === statement.amount && known.externalRef === statement.externalRef;
}

/** A gateway that governance has removed since no longer counts, and its statement is forgotten: there is room for one a gateway. */
function isStillGateway(asset: Asset, known: GatewayConfirmation): boolean {
  return asset.gateways.some((gateway) => equalBytes(gateway.address, known.gateway));
}
