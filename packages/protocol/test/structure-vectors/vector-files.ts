import { computeBlocks } from './blocks.ts';
import { computeRecords } from './records.ts';
import { computeValidators } from './validators.ts';

/** The published vector files of structures by name, and how each is computed. Other implementations test against the files. */
export const STRUCTURE_VECTORS: Readonly<Record<string, () => unknown>> = {
  'blocks.json': computeBlocks,
  'records.json': computeRecords,
  'validators.json': computeValidators,
};
