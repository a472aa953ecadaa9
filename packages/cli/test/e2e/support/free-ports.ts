import { createServer } from 'node:net';
import type { FirstPorts } from '../../../src/network/node-places.ts';

/** Below the ports that systems give to clients, so that nothing takes one between this look and its use. */
const PORT_MIN = 10_000;
const PORT_MAX = 30_000;
const KINDS = 3;

/** First ports of a network of this machine: all that it needs are free. */
export async function freePorts(validators: number): Promise<FirstPorts> {
  for (;;) {
    const first = PORT_MIN + Math.floor(Math.random() * (PORT_MAX - PORT_MIN));
    const ports = Array.from({ length: validators * KINDS }, (_, index) => first + index);
    const areFree = await Promise.all(ports.map(isFree));
    if (areFree.every(Boolean)) return { p2pPort: first, rpcPort: first + validators, adminPort: first + 2 * validators };
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
