import { type Address, inSetOrder, type PublicKey, proposerAt, type Validator, type ValidatorSet } from '@mutual-chain/protocol';

const POWER = 100n;
/** Priorities are tried in steps of the power, up to twice the total and down to it. */
const STEPS = [0n, -1n, 1n, -2n, 2n, -4n, 4n, -8n, 8n] as const;

/** Address of a validator by its number: in the order of the set. */
export function twinsAddress(node: number): Address {
  const address = new Uint8Array(20) as Address;
  address[0] = node + 1;
  return address;
}

/**
 * Validator sets by the leaders of their first rounds, as numbers joined by spaces. Who leads follows from the priorities of the set, so sets with
 * many different priorities are tried; a sequence that no set leads to cannot happen.
 */
export function findLeaderSets(validators: number, rounds: number): ReadonlyMap<string, ValidatorSet> {
  const found = new Map<string, ValidatorSet>();
  const extend = (priorities: readonly bigint[]): void => {
    if (priorities.length < validators) {
      for (const stepped of STEPS) extend([...priorities, stepped * POWER]);
      return;
    }
    const set = setOf(priorities);
    const leaders = Array.from({ length: rounds }, (_, round) => (proposerAt(set, round).address[0] as number) - 1).join(' ');
    if (!found.has(leaders)) found.set(leaders, set);
  };
  extend([]);
  return found;
}

function setOf(priorities: readonly bigint[]): ValidatorSet {
  const members = priorities.map((priority, node): Validator => {
    const address = twinsAddress(node);
    const publicKey = new Uint8Array(33) as PublicKey;
    publicKey[0] = 2;
    publicKey[1] = node + 1;
    return { publicKey, address, power: POWER, priority, operator: address, peerId: '', addresses: '' };
  });
  return { validators: inSetOrder(members) };
}
