import type { Member } from '@mutual-chain/node/p2p';
import type { NodeConfig } from '../config/node-config.ts';

/** The peers of a configuration; addresses of one peer are put together, and who is named in both lists is a validator. */
export function configuredPeers({ p2p }: Pick<NodeConfig, 'p2p'>): readonly Member[] {
  const members = new Map<string, Member>();
  const named = [
    ...p2p.validators.map((text) => ({ role: 'validator' as const, text })),
    ...p2p.followers.map((text) => ({ role: 'follower' as const, text })),
  ];
  for (const { role, text } of named) {
    const at = text.lastIndexOf('/p2p/');
    const peer = text.slice(at + '/p2p/'.length);
    const known = members.get(peer);
    const addresses = at === 0 ? [] : [text.slice(0, at)];
    members.set(peer, { peer, role: known?.role ?? role, addresses: [...(known?.addresses ?? []), ...addresses] });
  }
  return [...members.values()];
}
