import { type Address, hasQuorum, type ValidatorSet } from '@mutual-chain/protocol';
import { bearsLoss, withoutValidator } from './evidence.ts';

/** What a change of the validator set would do to the network's tolerance of faults. */
export type QuorumVerdict = {
  /** Whether the others can decide whichever one validator is lost, before and after. */
  readonly survivesOneBefore: boolean;
  readonly survivesOneAfter: boolean;
  /** Sum of the absolute changes of voting power. */
  readonly movedPower: bigint;
  readonly totalBefore: bigint;
  readonly totalAfter: bigint;
  /** Whether the change needs the explicit override. */
  readonly refused: boolean;
};

/**
 * Judges a change of the set: refused if it takes away the tolerance of one loss, moves more than a third of the power at once, or makes
 * unbearable what evidence is about to do.
 *
 * `leaving` are all whom evidence removes at this height or later. Where the set can bear it they count as gone, before and after; their
 * power does not count as moved, because the bound of removals is another.
 */
export function judgeChange(before: ValidatorSet, after: ValidatorSet, leaving: readonly Address[] = []): QuorumVerdict {
  const isBorneBefore = bearsLoss(before, leaving);
  const isBorneAfter = bearsLoss(after, leaving);
  const survivesOneBefore = survivesOne(isBorneBefore ? leaving.reduce(withoutValidator, before) : before);
  const survivesOneAfter = survivesOne(isBorneAfter ? leaving.reduce(withoutValidator, after) : after);
  const totalBefore = totalPower(before);
  const moved = movedPower(before, after);
  return {
    survivesOneBefore,
    survivesOneAfter,
    movedPower: moved,
    totalBefore,
    totalAfter: totalPower(after),
    refused: (survivesOneBefore && !survivesOneAfter) || moved * 3n > totalBefore || (leaving.length > 0 && isBorneBefore && !isBorneAfter),
  };
}

/** Whether more than two thirds of the power remain whichever single validator is lost. */
export function survivesOne(set: ValidatorSet): boolean {
  const total = totalPower(set);
  return set.validators.every((validator) => hasQuorum(total - validator.power, total));
}

function totalPower(set: ValidatorSet): bigint {
  return set.validators.reduce((sum, validator) => sum + validator.power, 0n);
}

function movedPower(before: ValidatorSet, after: ValidatorSet): bigint {
  const powers = new Map<string, bigint>();
  for (const { publicKey, power } of before.validators) powers.set(publicKey.join(), -power);
  for (const { publicKey, power } of after.validators) powers.set(publicKey.join(), (powers.get(publicKey.join()) ?? 0n) + power);
  let moved = 0n;
  for (const change of powers.values()) moved += change < 0n ? -change : change;
  return moved;
}
