import { once } from 'node:events';
import { areLinked, createLoopbackWorld, startMembers } from './transport-node.ts';

// A process that links two nodes, lets one wait for an answer and stops both: it ends by itself if nothing is left.

const world = createLoopbackWorld();
const nodes = [world.createNode('A'), world.createNode('B')] as const;
await startMembers(nodes);
await world.until(() => areLinked(nodes));
nodes[0].transport.send(nodes[1].transport.peer, 'bulk', new Uint8Array(4_000_000));
nodes[0].transport.request(nodes[1].transport.peer, Uint8Array.of(1), () => undefined);
await world.stop();
process.stdout.write('stopped\n');
// Ends before whoever started it gives up waiting.
once(process, 'beforeExit').then(
  () => process.stdout.write('ended\n'),
  () => undefined,
);
