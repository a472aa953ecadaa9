import { assertInvariant, encodeHex, STATES } from '@mutual-chain/protocol';
import type { LotJson } from '../../contract/index.ts';
import type { LotView } from '../ports.ts';
import type { AddressText } from './address-text.ts';

/** Writes a lot. */
export function lotToJson({ id, lot }: LotView, addressText: AddressText): LotJson {
  const state = STATES[lot.state];
  assertInvariant(state !== undefined, `${lot.state} is no state of a lot`);
  return {
    id: encodeHex(id),
    owner: addressText(lot.owner),
    asset: lot.asset,
    amount: String(lot.amount),
    state,
    revision: lot.revision,
    requester: addressText(lot.requester),
    counterparty: addressText(lot.counterparty),
    requested: String(lot.requested),
    expiresAt: lot.expiresAt,
    termsHash: encodeHex(lot.termsHash),
    dueAt: lot.dueAt,
    reference: lot.reference,
    claimedBy: addressText(lot.claimedBy),
    claimedAt: lot.claimedAt,
    revocable: lot.revocable,
    closes: lot.closes,
    confirmations: lot.confirmations.map(({ gateway, revision, amount, externalRef }) => ({
      gateway: addressText(gateway),
      revision,
      amount: String(amount),
      externalRef,
    })),
    product: lot.product,
    productId: encodeHex(lot.productId),
    parentLot: encodeHex(lot.parentLot),
  };
}
