import { Verdict } from '../src/checkers/violation.ts';
import { createSimpleSetup } from '../src/cluster/chain-setup.ts';
import { Cluster } from '../src/cluster/cluster.ts';
import { createRunCryptography } from '../src/cryptography/simulated-keys.ts';
import { drawOptions } from '../src/faults/draw-options.ts';
import { World } from '../src/world/world.ts';

/** A healthy cluster that has begun, with transactions arriving; every checker watches it, and a violation is thrown. */
export async function createScenario({ seed, validators }: { readonly seed: bigint; readonly validators: number }): Promise<Cluster> {
  const options = drawOptions(seed, { profile: 'calm', validators });
  const world = new World(seed);
  const verdict = new Verdict(() => world.nowMs);
  const { cryptography, roster } = await createRunCryptography('mac', seed, options.powers.length);
  const setup = createSimpleSetup(
    options,
    cryptography,
    roster,
    (checker, description) => verdict.report(checker, description),
    () => world.nowMs,
  );
  const cluster = new Cluster({ world, verdict, options, cryptography, roster, setup });
  cluster.onStopped = (node) => cluster.gone(node);
  const submit = (): void => {
    const transaction = setup.nextTransaction();
    if (transaction !== undefined) cluster.submit(transaction);
    world.schedule(100, 'transaction', -1, submit);
  };
  submit();
  for (const node of cluster.nodes) cluster.boot(node);
  return cluster;
}
