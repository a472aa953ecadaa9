import { protocolError } from '../errors.ts';

/**
 * Splits a whole by weights, to the last unit: floors first, then one unit each to the largest remainders, ties to the lowest index.
 *
 * The parts always add up to `total`. Weights are not negative and at least one is not zero; `total` is not negative.
 * Errors: `PROTOCOL_RATE_INVALID`. Source: ledger, rounding rule 2.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  let weightTotal = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw protocolError('PROTOCOL_RATE_INVALID', 'weights must not be negative', { weight });
    weightTotal += weight;
  }
  if (total < 0n) throw protocolError('PROTOCOL_RATE_INVALID', 'a whole to split must not be negative', { total });
  if (weightTotal === 0n) throw protocolError('PROTOCOL_RATE_INVALID', 'a split needs at least one weight above zero', { weights });
  const parts: bigint[] = [];
  const remainders: { readonly index: number; readonly remainder: bigint }[] = [];
  let left = total;
  for (const [index, weight] of weights.entries()) {
    const product = total * weight;
    const part = product / weightTotal;
    parts.push(part);
    remainders.push({ index, remainder: product % weightTotal });
    left -= part;
  }
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  // Fewer units are left than there are remainders above zero, so a weight of zero never gets one.
  for (const { index } of remainders) {
    if (left === 0n) break;
    parts[index] = (parts[index] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
}
