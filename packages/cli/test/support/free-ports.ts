import { createServer } from 'node:net';

const FIRST = 20_000;
const LAST = 32_000;

/** First ports of so many runs of ports that nothing listens on now, each run of the same length, none overlapping another. */
export async function freePorts(runs: number, length: number): Promise<readonly number[]> {
  const found: number[] = [];
  while (found.length < runs) {
    const first = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    const ports = Array.from({ length }, (_, index) => first + index);
    const isApart = found.every((other) => Math.abs(other - first) >= length);
    const areFree = isApart && (await Promise.all(ports.map(isFree))).every(Boolean);
    if (areFree) found.push(first);
  }
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
