import { encodeUtf8, type LotId } from '@mutual-chain/protocol';
import type { Execution } from '../block/execution.ts';
import { externalReferenceTable } from '../state/tables.ts';

/** Whether this reference of the outside world has settled a request of the asset before. A reference is used once, for ever. */
export function isReferenceUsed(execution: Execution, asset: string, reference: string): boolean {
  return execution.state.get(externalReferenceTable, referenceKey(execution, asset, reference)) !== undefined;
}

/** Marks the reference as used by a lot. */
export function useReference(execution: Execution, asset: string, reference: string, lot: LotId): void {
  execution.state.set(externalReferenceTable, referenceKey(execution, asset, reference), lot);
}

function referenceKey(execution: Execution, asset: string, reference: string): Uint8Array {
  return execution.chain.cryptography.sha256(encodeUtf8(`${asset}\u0000${reference}`));
}
