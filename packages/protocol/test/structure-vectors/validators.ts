import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { advanceHeight, proposerAt } from '../../src/validator/proposer-selection.ts';
import { applyValidatorChanges } from '../../src/validator/validator-changes.ts';
import { type ValidatorSet, validatorSetCodec, validatorsHash } from '../../src/validator/validator-set.ts';
import { consortiumOf } from '../consensus-messages/consortium.ts';
import { jsonForm } from './json-form.ts';

const SCHEDULE_HEIGHTS = 12;

function described(set: ValidatorSet): object {
  return { ...set, bytes: validatorSetCodec.encode(set), hash: validatorsHash(cryptography, set) };
}

function proposers(set: ValidatorSet, heights: number): Uint8Array[] {
  const addresses: Uint8Array[] = [];
  for (let current = set; addresses.length < heights; current = advanceHeight(current)) addresses.push(proposerAt(current, 0).address);
  return addresses;
}

/** Validator sets: bytes and hashes, who proposes at which height and round, and what joining, leaving and other powers make of a set. */
export function computeValidators(): unknown {
  const { set } = consortiumOf(4, 3, 2, 1);
  const [first, second] = set.validators as [ValidatorSet['validators'][number], ValidatorSet['validators'][number]];
  const joiner = consortiumOf(1, 1, 1, 1, 5).set.validators.find(({ power }) => power === 5n) as typeof first;
  let later = set;
  for (let height = 0; height < 3; height++) later = advanceHeight(later);
  const changes = [
    { name: 'one joins', changes: [joiner] },
    { name: 'one leaves', changes: [{ ...first, power: 0n }] },
    { name: 'one gets more power', changes: [{ ...second, power: 9n }] },
    { name: 'all at once', changes: [joiner, { ...first, power: 0n }, { ...second, power: 9n }] },
  ];
  return jsonForm({
    about: 'Validator sets. Made by `pnpm --filter @mutual-chain/protocol vectors`; the keys are public and must validate nothing.',
    start: described(set),
    proposersOfHeights: proposers(set, SCHEDULE_HEIGHTS),
    proposersOfRounds: Array.from({ length: SCHEDULE_HEIGHTS }, (_, round) => proposerAt(set, round).address),
    afterThreeHeights: described(later),
    changes: changes.map(({ name, changes: each }) => ({
      name,
      changes: each.map(({ publicKey, address, power }) => ({ publicKey, address, power })),
      result: described(applyValidatorChanges(later, each) as ValidatorSet),
    })),
  });
}
