// A whole cluster in one process under virtual time.

export { MARKS, type Mark, type MarkCounts } from './campaign/marks.ts';
export { runSimulation } from './campaign/run-simulation.ts';
export type { FaultCounts, SimulationResult } from './campaign/simulation-result.ts';
export { drawOptions, type OptionOverrides, PROFILES, type Profile } from './faults/draw-options.ts';
export { FAULT_CLASSES, type FaultClass, type SimulationOptions } from './faults/simulation-options.ts';
