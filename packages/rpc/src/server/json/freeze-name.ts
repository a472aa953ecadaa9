import { assertInvariant } from '@mutual-chain/protocol';
import { FREEZE_NAMES, type FreezeName } from '../../contract/index.ts';

/** Name of a stored degree of freezing. */
export function freezeName(freeze: number): FreezeName {
  const name = FREEZE_NAMES[freeze];
  assertInvariant(name !== undefined, `${freeze} is no degree of freezing`);
  return name;
}
