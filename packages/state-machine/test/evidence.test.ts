import { type Evidence, evidenceId, evidenceOfVotes, keyPairOf, possessionDigest, type Signature, type Vote } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { applyBlock, buildBlock, chainStatusTable, DEFAULT_BLOCK_LIMITS, evidenceTable, validatorSetTable } from '../src/index.ts';
import { bearsLoss } from '../src/modules/governance/evidence.ts';
import { accept, statusOf, vote } from './support/consortium.ts';
import { doubleProposal, doubleVote, signedVote, someHash } from './support/double-signatures.ts';
import { addressOf, cryptography, privateKeyOf, TestChain, testGenesis, validatorJson } from './support/test-chain.ts';

/*
 * Goal: which evidence may stand in a block, and what it does. Method: votes and proposals really signed by validators' keys, on a chain
 * that is some blocks old; blocks with inadmissible evidence are refused naming its position.
 */

const AGE_MAX = 10;

const chainOf = (validators: number, evidenceAction = 'remove', powers: readonly number[] = []): TestChain => {
  const chain = new TestChain(
    testGenesis({
      parameters: { feePerTransaction: '0', feePerByte: '0', evidenceAction, evidenceMaxAgeHeights: String(AGE_MAX) },
      validators: Array.from({ length: validators }, (_, index) => validatorJson(7, index, powers[index] ?? 10)),
    }),
  );
  for (let block = 0; block < 3; block++) chain.wait(1);
  return chain;
};

const validatorAddress = (index: number) => keyPairOf(privateKeyOf(`validator${index}`)).address;

const refusal = (chain: TestChain, evidence: readonly Evidence[]) => {
  const setting = chain.setting(1, evidence);
  const built = buildBlock(chain.state, [], chain.chain, setting, DEFAULT_BLOCK_LIMITS);
  chain.state.drop(built.preview);
  const outcome = applyBlock(chain.state, { ...built, evidence }, chain.chain, setting.parentHash);
  if (outcome.ok) chain.state.drop(outcome.preview);
  return outcome.ok ? 'OK' : [outcome.code, outcome.index];
};

const namesIn = (chain: TestChain): readonly number[] => {
  const set = chain.read(validatorSetTable, undefined)?.validators ?? [];
  return Array.from({ length: 10 }, (_, index) => index).filter((index) =>
    set.some(({ address }) => address.join() === validatorAddress(index).join()),
  );
};

const broken = (evidence: Evidence): Evidence => {
  if (evidence.kind !== 'duplicateVote') return evidence;
  const signature = evidence.second.signature.slice() as Signature;
  signature[10] = (signature[10] as number) ^ 1;
  return { ...evidence, second: { ...evidence.second, signature } };
};

describe('evidence that may stand in block 4', () => {
  test.each<[string, (chain: TestChain) => readonly Evidence[]]>([
    ['two prevotes for different blocks', (chain) => [doubleVote(chain, 'validator0', 3)]],
    [
      'a vote for a block and one for nil',
      (chain) => [evidenceOfVotes(signedVote(chain, 'validator0', 3, someHash(1)), signedVote(chain, 'validator0', 3, undefined))],
    ],
    ['two proposals', (chain) => [doubleProposal(chain, 'validator1', 2)]],
    ['of the first height', (chain) => [doubleVote(chain, 'validator0', 1)]],
    ['two pieces against one validator', (chain) => [doubleVote(chain, 'validator0', 3), doubleVote(chain, 'validator0', 2)]],
  ])('%s', (_name, make) => {
    const chain = chainOf(4);
    expect(refusal(chain, make(chain))).toBe('OK');
  });
});

describe('evidence that may not stand in block 4', () => {
  test.each<[string, (chain: TestChain) => readonly Evidence[], number]>([
    ['of the same height', (chain) => [doubleVote(chain, 'validator0', 4)], 0],
    ['of a later height', (chain) => [doubleVote(chain, 'validator0', 5)], 0],
    ['of genesis', (chain) => [doubleVote(chain, 'validator0', 0)], 0],
    ['of a stranger', (chain) => [doubleVote(chain, 'validator9', 3)], 0],
    ['twice in the block', (chain) => [doubleVote(chain, 'validator0', 3), doubleVote(chain, 'validator0', 3)], 1],
    [
      'with a broken signature, after a good one',
      (chain) => [doubleVote(chain, 'validator1', 3), broken(doubleVote(chain, 'validator0', 3))],
      1,
    ],
    [
      'two votes of different rounds',
      (chain) => [
        evidenceOfVotes(signedVote(chain, 'validator0', 3, someHash(1)), signedVote(chain, 'validator0', 3, someHash(2), { round: 1 })),
      ],
      0,
    ],
    [
      'a prevote and a precommit',
      (chain) => [
        evidenceOfVotes(
          signedVote(chain, 'validator0', 3, someHash(1)),
          signedVote(chain, 'validator0', 3, someHash(2), { kind: 'precommit' }),
        ),
      ],
      0,
    ],
    [
      'two votes of different validators',
      (chain) => [evidenceOfVotes(signedVote(chain, 'validator0', 3, someHash(1)), signedVote(chain, 'validator1', 3, someHash(2)))],
      0,
    ],
    ['of another chain', () => [doubleVote(new TestChain(testGenesis({ networkName: 'other' })), 'validator0', 3)], 0],
  ])('%s', (_name, make, index) => {
    const chain = chainOf(4);
    expect(refusal(chain, make(chain))).toEqual(['EVIDENCE_NOT_ADMISSIBLE', index]);
  });

  test('committed in an earlier block', () => {
    const chain = chainOf(4);
    const evidence = doubleVote(chain, 'validator0', 3);
    chain.block([], 1, [evidence]);
    expect(chain.read(evidenceTable, evidenceId(cryptography, evidence))).toBe(4);
    expect(refusal(chain, [evidence])).toEqual(['EVIDENCE_NOT_ADMISSIBLE', 0]);
    expect(refusal(chain, [doubleVote(chain, 'validator0', 3, 1, 3)])).toBe('OK');
  });

  test.each([
    [AGE_MAX - 1, 'OK'],
    [AGE_MAX, 'OK'],
    [AGE_MAX + 1, ['EVIDENCE_NOT_ADMISSIBLE', 0]],
  ])('%i heights old', (age, verdict) => {
    const chain = chainOf(4);
    const evidence = doubleVote(chain, 'validator0', 3);
    while (chain.header.height + 1 < 3 + age) chain.wait(1);
    expect(refusal(chain, [evidence])).toEqual(verdict);
  });

  test('more pieces than a block may have', () => {
    const chain = chainOf(4);
    const pieces = Array.from({ length: 33 }, (_, index) => doubleVote(chain, 'validator0', 3, 1, 2 + index));
    expect([refusal(chain, pieces.slice(0, 32)), refusal(chain, pieces)]).toEqual(['OK', ['BLOCK_TOO_LARGE', undefined]]);
  });
});

test('pieces that nodes formed of one offence each stand in a block, and none is proposed after another (GHSA-p658-8693-mhvg)', () => {
  const chain = chainOf(4);
  const votes = [1, 2].map((block) => signedVote(chain, 'validator0', 3, someHash(block))) as [Vote, Vote];
  const [first, second] = votes;
  const again = { ...second, signature: second.signature.with(64, (second.signature[64] as number) ^ 1) as Signature };
  const pieces = [evidenceOfVotes(first, second), evidenceOfVotes(second, first), evidenceOfVotes(first, again)] as const;
  const propose = (evidence: Evidence) => {
    const setting = chain.setting(1, [evidence]);
    const built = buildBlock(chain.state, [], chain.chain, setting, DEFAULT_BLOCK_LIMITS);
    chain.state.drop(built.preview);
    const outcome = applyBlock(chain.state, built, chain.chain, setting.parentHash);
    if (outcome.ok) chain.state.drop(outcome.preview);
    return [built.evidence, outcome.ok];
  };
  expect(pieces.map(propose)).toEqual(pieces.map((evidence) => [[evidence], true]));
  chain.block([], 1, [pieces[0]]);
  expect(pieces.map(propose)).toEqual(pieces.map(() => [[], true]));
});

describe('validators of the past', () => {
  const leaver = { ...validatorJson(7, 4), activationHeight: 0 };

  test('are accused by the set of the height of their votes', () => {
    const chain = chainOf(5, 'record');
    const removal = {
      publicKey: keyPairOf(privateKeyOf('validator4')).publicKey,
      power: 0,
      operator: addressOf('operator4'),
      peerId: leaver.peerId ?? '',
      addresses: '',
      possession: new Uint8Array(0),
      activationHeight: 0,
    };
    accept(chain, 'ProposeValidator', removal);
    chain.wait(1);
    const last = chain.header.height;
    chain.wait(1);
    chain.wait(1);
    expect(namesIn(chain)).toEqual([0, 1, 2, 3]);
    expect(refusal(chain, [doubleVote(chain, 'validator4', last)])).toBe('OK');
    expect(refusal(chain, [doubleVote(chain, 'validator4', last + 1)])).toEqual(['EVIDENCE_NOT_ADMISSIBLE', 0]);
    expect(refusal(chain, [doubleVote(chain, 'validator0', last + 1)])).toBe('OK');
  });
});

describe('what evidence does', () => {
  test('where the parameter says record, nothing but that', () => {
    const chain = chainOf(5, 'record');
    chain.block([], 1, [doubleVote(chain, 'validator4', 3)]);
    expect(chain.read(chainStatusTable, undefined)?.removals).toEqual([]);
    chain.wait(1);
    chain.wait(1);
    expect(namesIn(chain)).toEqual([0, 1, 2, 3, 4]);
  });

  test('where it says remove, the validator is gone two blocks later, in headers too', () => {
    const chain = chainOf(5);
    const before = chain.header;
    const block = chain.block([], 1, [doubleVote(chain, 'validator4', 3)]);
    expect(block.header.evidenceRoot).not.toEqual(before.evidenceRoot);
    expect(namesIn(chain)).toEqual([0, 1, 2, 3, 4]);
    expect(chain.read(chainStatusTable, undefined)?.removals).toEqual([{ activationHeight: 6, validator: validatorAddress(4) }]);
    chain.wait(1);
    expect([namesIn(chain), chain.read(chainStatusTable, undefined)?.removals]).toEqual([[0, 1, 2, 3], []]);
    expect(chain.read(chainStatusTable, undefined)?.validatorsSince).toBe(6);
    chain.wait(1);
    expect(chain.header.validatorsHash).toEqual(chain.blocks.at(-2)?.header.nextValidatorsHash);
  });

  test('evidence in two blocks removes once', () => {
    const chain = chainOf(6);
    chain.block([], 1, [doubleVote(chain, 'validator4', 3)]);
    chain.block([], 1, [doubleVote(chain, 'validator4', 2)]);
    expect(chain.read(chainStatusTable, undefined)?.removals).toEqual([]);
    expect(namesIn(chain)).toEqual([0, 1, 2, 3, 5]);
    const again = chainOf(6);
    again.block([], 1, [doubleVote(again, 'validator4', 3), doubleVote(again, 'validator4', 2)]);
    expect(again.read(chainStatusTable, undefined)?.removals).toHaveLength(1);
  });

  test('never leaves fewer than four', () => {
    const chain = chainOf(4);
    chain.block([], 1, [doubleVote(chain, 'validator0', 3)]);
    expect(chain.read(chainStatusTable, undefined)?.removals).toEqual([]);
    const five = chainOf(5);
    five.block([], 1, [doubleVote(five, 'validator0', 3), doubleVote(five, 'validator1', 3)]);
    expect(five.read(chainStatusTable, undefined)?.removals).toEqual([{ activationHeight: 6, validator: validatorAddress(0) }]);
  });

  test.each([
    ['a third of the power', [20, 10, 10, 10, 10], false],
    ['less than a third', [19, 10, 10, 10, 10], true],
  ])('never takes %s', (_name, powers, removed) => {
    const chain = chainOf(5, 'remove', powers);
    chain.block([], 1, [doubleVote(chain, 'validator0', 3)]);
    expect(chain.read(chainStatusTable, undefined)?.removals.length).toBe(removed ? 1 : 0);
  });

  test('a set bears the loss of all who leave together', () => {
    const set = chainOf(7).read(validatorSetTable, undefined) ?? { validators: [] };
    expect([[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]].map((leaving) => bearsLoss(set, leaving.map(validatorAddress)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  const removalOf = (index: number) => ({
    publicKey: keyPairOf(privateKeyOf(`validator${index}`)).publicKey,
    power: 0,
    operator: addressOf(`operator${index}`),
    peerId: '',
    addresses: '',
    possession: new Uint8Array(0),
    activationHeight: 0,
  });

  test('a removal on its way counts as made when a change is proposed', () => {
    const chain = chainOf(5);
    expect(chain.run('operator0', 'ProposeValidator', removalOf(3)).code).toBe('OK');
    chain.block([chain.transaction('operator0', 'ProposeValidator', removalOf(2))], 1, [doubleVote(chain, 'validator4', 3)]);
    expect(chain.blocks.at(-1)?.receipts.map(({ code }) => code)).toEqual(['QUORUM_GUARD']);
  });

  test.each([
    ['fails a change that would leave too few with it', 'ProposeValidator', 'FAILED', [0, 1, 2, 3]],
    ['is dropped when a change under override has left too few', 'ProposeValidatorUnguarded', 'APPLIED', [0, 1, 2, 4]],
  ] as const)('a removal due with an accepted change %s', (_name, type, status, names) => {
    const chain = chainOf(5);
    const proposal = chain.run('operator0', type, removalOf(3));
    const votes = ['operator0', 'operator1', 'operator2'].map((name) =>
      chain.transaction(name, 'CastVote', { proposal: proposal.id as never, approve: true }),
    );
    votes.push(chain.transaction('operator3', 'CastVote', { proposal: proposal.id as never, approve: true }));
    chain.block(votes, 1, [doubleVote(chain, 'validator4', 3)]);
    chain.wait(1);
    expect([statusOf(chain, proposal.id), namesIn(chain)]).toEqual([status, names]);
  });

  test('a removal that is due later fails a change that would make it unbearable', () => {
    const chain = chainOf(5);
    const proposal = accept(chain, 'ProposeValidator', removalOf(3));
    chain.block([], 1, [doubleVote(chain, 'validator4', 3)]);
    chain.wait(1);
    chain.wait(1);
    expect([statusOf(chain, proposal.id), namesIn(chain)]).toEqual(['FAILED', [0, 1, 2, 3]]);
  });

  test('who joins in the place of an equivocator is not counted against', () => {
    const chain = chainOf(5);
    const key = privateKeyOf('validator5');
    const { publicKey } = keyPairOf(key);
    const operator = addressOf('operator5');
    const possession = cryptography.sign(possessionDigest(cryptography, 7, operator), key);
    const joining = { publicKey, power: 10, operator, peerId: 'peer5', addresses: '', possession, activationHeight: 11 };
    const left = accept(chain, 'ProposeValidator', { ...removalOf(3), activationHeight: 10 });
    const joined = accept(chain, 'ProposeValidator', joining);
    while (chain.header.height < 8) chain.wait(1);
    chain.block([], 1, [doubleVote(chain, 'validator4', 7)]);
    chain.wait(1);
    expect([statusOf(chain, left.id), statusOf(chain, joined.id), namesIn(chain)]).toEqual(['FAILED', 'APPLIED', [0, 1, 2, 3, 5]]);
  });
});

test('a removed validator’s operator votes no more on later proposals', () => {
  const chain = chainOf(5);
  chain.block([], 1, [doubleVote(chain, 'validator4', 3)]);
  chain.wait(1);
  const { id } = chain.run('operator0', 'ProposeRole', { account: addressOf('bob'), role: 'arbiter', grant: true });
  expect(vote(chain, id, ['operator4', 'operator3'])).toEqual(['NOT_PERMITTED', 'OK']);
});
