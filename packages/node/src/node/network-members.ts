import { encodeHex, type ValidatorSet } from '@mutual-chain/protocol';
import type { Member } from '../p2p/transport.ts';

/**
 * The nodes to be linked with: the validators of the chain, at the addresses that the operator configured or else at those of the chain, and
 * the other peers of the configuration.
 *
 * @param configured - Peers of the operator's configuration.
 * @param ownPeer - Left out.
 */
export function networkMembers(
  { validators }: Pick<ValidatorSet, 'validators'>,
  configured: readonly Member[],
  ownPeer: string,
): readonly Member[] {
  const members = new Map<string, Member>();
  for (const member of configured) members.set(member.peer, member);
  for (const { peerId, addresses } of validators) {
    if (peerId === '') continue;
    const known = members.get(peerId)?.addresses ?? [];
    members.set(peerId, { peer: peerId, role: 'validator', addresses: known.length > 0 ? known : splitAddresses(addresses) });
  }
  members.delete(ownPeer);
  return [...members.values()];
}

/** Whether two validator sets have the same nodes. */
export function haveSameNodes(left: ValidatorSet, right: ValidatorSet): boolean {
  const describe = ({ validators }: ValidatorSet): string =>
    validators.map(({ address, peerId, addresses }) => `${encodeHex(address)} ${peerId} ${addresses}`).join('\n');
  return describe(left) === describe(right);
}

function splitAddresses(text: string): readonly string[] {
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}
