/*
 * What consensus itself costs: every input that the nodes of a faultless cluster get over many heights, taken in once more by `step` alone.
 *
 * Run: node --conditions=mutual-source packages/consensus/bench/step.ts [heights] [repetitions] [validators, comma separated]
 * The time is that of the executing thread, the best of the repetitions.
 */
import { type ConsensusState, createConsensusState, type Input, step } from '@mutual-chain/consensus';
import { Cluster } from '../test/support/cluster.ts';
import { addressOf, equalValidators } from '../test/support/validators.ts';

const HEIGHTS = Number(process.argv[2] ?? 500);
const REPETITIONS = Number(process.argv[3] ?? 10);
const SIZES = (process.argv[4] ?? '1,4,7,16').split(',').map(Number);

function threadUs(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** The inputs of every node of a cluster that loses nothing. */
function recordInputs(size: number): readonly (readonly Input[])[] {
  const inputs: Input[][] = Array.from({ length: size }, () => []);
  const cluster = new Cluster({ validators: equalValidators(size), onStep: (node, _before, input) => inputs[node]?.push(input) });
  cluster.start();
  cluster.runUntil(HEIGHTS, Number.MAX_SAFE_INTEGER);
  return inputs;
}

function replay(place: number, inputs: readonly Input[]): ConsensusState {
  let state = createConsensusState(addressOf(place));
  for (const input of inputs) ({ state } = step(state, input));
  return state;
}

for (const size of SIZES) {
  const inputs = recordInputs(size);
  const count = inputs.reduce((sum, each) => sum + each.length, 0);
  let best = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const start = threadUs();
    for (const [place, each] of inputs.entries()) replay(place, each);
    best = Math.min(best, threadUs() - start);
  }
  const perHeight = best / HEIGHTS;
  process.stdout.write(
    `${size} validators: ${(best / count).toFixed(2)} µs a step, ${(count / HEIGHTS / size).toFixed(1)} steps a node and height, ` +
      `${Math.round(1e6 / perHeight)} heights/s of all nodes together\n`,
  );
}
