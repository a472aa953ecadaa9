import { isIP } from 'node:net';
import { isLoopbackHost } from '../config/conflicts.ts';

/** Where a validator of a new network is. */
export type NodePlace = {
  /** IP address or name under which the others reach it. */
  readonly host: string;
  readonly p2pPort: number;
  readonly rpcPort: number;
  readonly adminPort: number;
};

/** First port of each kind. */
export type FirstPorts = Omit<NodePlace, 'host'>;

/** First ports when nothing else is said: those that a node has by default. */
export const FIRST_PORTS: FirstPorts = { p2pPort: 26_600, rpcPort: 8545, adminPort: 9545 };

/** Places of validators: one for each host; those on the same host have ports that follow one another. */
export function placesOn(hosts: readonly string[], first: FirstPorts = FIRST_PORTS): readonly NodePlace[] {
  return hosts.map((host, index) => {
    const offset = hosts.slice(0, index).filter((each) => each === host).length;
    return {
      host,
      p2pPort: first.p2pPort + offset,
      rpcPort: first.rpcPort + offset,
      adminPort: first.adminPort + offset,
    };
  });
}

/** Multiaddress under which others reach a place. */
export function multiaddressOf({ host, p2pPort }: NodePlace): string {
  const kind = { 0: 'dns4', 4: 'ip4', 6: 'ip6' }[isIP(host)] ?? 'dns4';
  return `/${kind}/${host}/tcp/${p2pPort}`;
}

/** Multiaddress on which a place listens: itself where only its own machine reaches it, else every interface. */
export function listenAddressOf(place: NodePlace): string {
  if (isLoopbackHost(place.host)) return multiaddressOf(place.host === 'localhost' ? { ...place, host: '127.0.0.1' } : place);
  return isIP(place.host) === 6 ? `/ip6/::/tcp/${place.p2pPort}` : `/ip4/0.0.0.0/tcp/${place.p2pPort}`;
}
