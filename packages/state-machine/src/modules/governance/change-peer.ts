import { type Bytes32, encodeUtf8, PEER_ROLES } from '@mutual-chain/protocol';
import type { Execution } from '../../block/execution.ts';
import { peerTable } from '../../state/tables.ts';
import type { Change } from './change.ts';

/** Admits a peer with a role, or with role `none` removes it. */
export const changePeer: Change<'ProposePeer'> = {
  check: (_execution, message) => {
    const known = PEER_ROLES.some((role) => role === message.role);
    return known && message.peerId !== '' ? 'OK' : 'INVALID_FIELD';
  },
  apply: (execution, message) => {
    const key = peerKey(execution, message.peerId);
    const role = PEER_ROLES.indexOf(message.role as (typeof PEER_ROLES)[number]);
    if (message.role === 'none') execution.state.delete(peerTable, key);
    else execution.state.set(peerTable, key, { role, sinceHeight: execution.height + 1 });
  },
};

function peerKey(execution: Execution, peerId: string): Bytes32 {
  return execution.chain.cryptography.sha256(encodeUtf8(peerId)) as Bytes32;
}
