import { drawOptions, type OptionOverrides } from '../faults/draw-options.ts';
import { FAULT_CLASSES } from '../faults/simulation-options.ts';
import { runSimulation } from './run-simulation.ts';
import type { SimulationResult } from './simulation-result.ts';

/** Makes a failing seed smaller while the same checker still finds something: leaves out classes of faults, then heights. */
export async function shrink(
  seed: bigint,
  overrides: OptionOverrides,
  failed: SimulationResult,
): Promise<{ readonly overrides: OptionOverrides; readonly result: SimulationResult }> {
  let best = { overrides, result: failed };
  const attempt = async (candidate: OptionOverrides): Promise<boolean> => {
    const result = await runSimulation(drawOptions(seed, candidate));
    if (result.violation?.checker !== failed.violation?.checker) return false;
    best = { overrides: candidate, result };
    return true;
  };
  for (const left of FAULT_CLASSES) await attempt({ ...best.overrides, without: [...(best.overrides.without ?? []), left] });
  for (let heights = Math.floor(best.result.options.heights / 2); heights >= 1; heights = Math.floor(heights / 2))
    if (!(await attempt({ ...best.overrides, heights }))) break;
  return best;
}

/** The command that runs a seed with these overrides again. */
export function replayCommand(seed: bigint, { profile, validators, heights, without }: OptionOverrides): string {
  const parts = [
    `pnpm sim --seed ${seed}`,
    ...(profile === undefined ? [] : [`--profile ${profile}`]),
    ...(validators === undefined ? [] : [`--validators ${validators}`]),
    ...(heights === undefined ? [] : [`--heights ${heights}`]),
    ...(without === undefined || without.length === 0 ? [] : [`--without ${without.join(',')}`]),
  ];
  return parts.join(' ');
}
