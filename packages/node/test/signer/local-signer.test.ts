import type { SignRequest } from '@mutual-chain/consensus';
import {
  type Address,
  type BlockHash,
  consensusDigest,
  type GenesisHash,
  keyPairOf,
  type PrivateKey,
  referenceCryptography,
  type Signature,
  type ValidatorSet,
  verifyProposal,
  verifyVote,
} from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { FILE_ERROR_CODES } from '../../src/file-system/file-error.ts';
import { isForeignUse } from '../../src/signer/foreign-use.ts';
import { createLastSignFile, exportLastSign, importLastSign, readLastSign } from '../../src/signer/last-sign-file.ts';
import { LAST_SIGN_BYTES } from '../../src/signer/last-sign-record.ts';
import { LocalSigner } from '../../src/signer/local-signer.ts';
import { compareSignPlaces } from '../../src/signer/sign-guard.ts';
import type { SignOutcome } from '../../src/signer/signer.ts';
import { Crash, CrashingDisk, POWER_LOSSES } from '../support/crashing-disk.ts';
import { createSigner, optionsOn } from './signers.ts';

/*
 * Goal: a signer signs only above what was signed last, gives the stored signature for the same bytes, refuses everything else, and knows all this
 * after any end of its process. Method: a table of requests; one signature with the power lost at each operation; files damaged in every byte.
 */

const A = new Uint8Array(32).fill(1) as BlockHash;
const B = new Uint8Array(32).fill(2) as BlockHash;
const FILE = '/disk/signer/last-sign';
/** Operations of a signer that starts. */
const STARTING = 6;

const vote = (kind: 'prevote' | 'precommit', height: number, round: number, blockHash: BlockHash | undefined): SignRequest => ({
  kind,
  height,
  round,
  blockHash,
});
const proposal = (height: number, round: number, validRound: number, blockHash: BlockHash): SignRequest => ({
  kind: 'proposal',
  height,
  round,
  validRound,
  blockHash,
});

function outcomeOf(signer: LocalSigner, request: SignRequest): SignOutcome {
  const outcomes: SignOutcome[] = [];
  signer.sign(request, (outcome) => outcomes.push(outcome));
  expect(outcomes.length).toBe(1);
  return outcomes[0] as SignOutcome;
}

function newSigner(disk = new CrashingDisk()): LocalSigner {
  createSigner(disk);
  return new LocalSigner(optionsOn(disk));
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('the guard', () => {
  const last = vote('prevote', 5, 2, A);
  const signs = 'signs';
  const repeats = 'repeats';
  test.each<readonly [string, SignRequest, string, SignRequest, string]>([
    ['the same prevote', last, repeats, last, 'the same'],
    ['a prevote for another block', last, 'conflictsWithLastSign', vote('prevote', 5, 2, B), 'another block'],
    ['a prevote for nil', last, 'conflictsWithLastSign', vote('prevote', 5, 2, undefined), 'nil'],
    ['a prevote of an earlier round', last, 'belowLastSign', vote('prevote', 5, 1, A), 'lower round'],
    ['a precommit of an earlier round', last, 'belowLastSign', vote('precommit', 5, 1, A), 'lower round, higher step'],
    ['a proposal of the round', last, 'belowLastSign', proposal(5, 2, -1, A), 'lower step'],
    ['a precommit of a height before', last, 'belowLastSign', vote('precommit', 4, 9, A), 'lower height, higher round and step'],
    ['the precommit of the round', last, signs, vote('precommit', 5, 2, undefined), 'higher step'],
    ['the proposal of the next round', last, signs, proposal(5, 3, 2, A), 'higher round, lower step'],
    ['the proposal of the next height', last, signs, proposal(6, 0, -1, B), 'higher height, lower round and step'],
    ['a nil prevote again', vote('prevote', 5, 2, undefined), repeats, vote('prevote', 5, 2, undefined), 'the same'],
    ['a precommit again', vote('precommit', 5, 2, A), repeats, vote('precommit', 5, 2, A), 'the same'],
    ['a proposal again', proposal(5, 2, 1, A), repeats, proposal(5, 2, 1, A), 'the same'],
    ['a proposal with another round of proof', proposal(5, 2, 1, A), 'conflictsWithLastSign', proposal(5, 2, 0, A), 'another valid round'],
    ['the prevote after a proposal', proposal(5, 2, 1, A), signs, vote('prevote', 5, 2, A), 'higher step'],
    ['a prevote after a precommit', vote('precommit', 5, 2, A), 'belowLastSign', last, 'lower step'],
  ])('with %s: %s', (_name, before, expected, request) => {
    const disk = new CrashingDisk();
    const signer = newSigner(disk);
    const first = outcomeOf(signer, before);
    // A new process decides as the old one.
    for (const each of [signer, new LocalSigner(optionsOn(disk.afterKill()))]) {
      const found = outcomeOf(each, request);
      if (expected === signs) expect([found.ok, each.lastSign()]).toEqual([true, request]);
      else if (expected === repeats) expect([found, each.lastSign()]).toEqual([first, before]);
      else expect([found, each.lastSign()]).toEqual([{ ok: false, reason: expected }, before]);
      if (expected === signs) break;
    }
  });

  test('signs anything first', () => {
    const signer = newSigner();
    expect([signer.lastSign(), outcomeOf(signer, vote('precommit', 0, 0, undefined)).ok]).toEqual([undefined, true]);
  });
});

test('messages are signed as the protocol verifies them', () => {
  const privateKey = new Uint8Array(32).fill(11) as PrivateKey;
  const { publicKey, address } = keyPairOf(privateKey);
  const disk = new CrashingDisk();
  const signDigest = (digest: Uint8Array): Signature => referenceCryptography.sign(digest, privateKey) as Signature;
  const options = { ...optionsOn(disk), address, cryptography: referenceCryptography, signDigest };
  createLastSignFile(options);
  const signer = new LocalSigner(options);
  const set: ValidatorSet = { validators: [{ address, publicKey, power: 1n, priority: 0n, operator: address, peerId: '', addresses: '' }] };
  const outcomes = [proposal(5, 1, 0, A), vote('prevote', 5, 1, A), vote('precommit', 5, 1, undefined)].map((each) =>
    outcomeOf(signer, each),
  );
  const good = outcomes.map((outcome) => {
    if (!outcome.ok) return undefined;
    const { message } = outcome;
    return 'proposer' in message
      ? verifyProposal(referenceCryptography, options.genesisHash, set, message)
      : verifyVote(referenceCryptography, options.genesisHash, set, message);
  });
  expect([signer.address, good]).toEqual([address, [true, true, true]]);
  expect(outcomes.map((outcome) => outcome.ok && { ...outcome.message, signature: undefined })).toEqual([
    { height: 5, round: 1, validRound: 0, blockHash: A, proposer: address, signature: undefined },
    { kind: 'prevote', height: 5, round: 1, blockHash: A, validator: address, signature: undefined },
    { kind: 'precommit', height: 5, round: 1, blockHash: undefined, validator: address, signature: undefined },
  ]);
});

describe('a signature', () => {
  const before = vote('prevote', 5, 0, A);
  const request = vote('precommit', 5, 0, A);
  const prepared = (): CrashingDisk => {
    const disk = new CrashingDisk();
    outcomeOf(newSigner(disk), before);
    return disk;
  };

  test('is given out when what it signs is durable: written, synced, renamed, the directory synced', () => {
    const disk = prepared().afterKill();
    const signer = new LocalSigner(optionsOn(disk));
    const calls = disk.calls.length;
    let atRelease: readonly string[] = [];
    signer.sign(request, () => {
      atRelease = disk.calls.slice(calls);
    });
    expect(atRelease).toEqual([
      `open ${FILE}.new`,
      `write ${FILE}.new`,
      `sync ${FILE}.new`,
      `rename ${FILE}.new`,
      'syncDirectory /disk/signer',
    ]);
    for (const { choice } of POWER_LOSSES) expect(readLastSign(optionsOn(disk.afterPowerLoss(choice())))?.request).toEqual(request);
  });

  test.each(POWER_LOSSES)('cut short by a loss of power at any operation, when $name, was not given out, or is known', ({ choice }) => {
    const found = new Set<string | undefined>();
    for (let at = STARTING; ; at++) {
      const disk = prepared().afterKill({ at, as: 'crash' });
      const signer = new LocalSigner({ ...optionsOn(disk) });
      const given: SignOutcome[] = [];
      const ended = thrownBy(() => signer.sign(request, (outcome) => given.push(outcome)));
      const last = readLastSign(optionsOn(disk.afterPowerLoss(choice())))?.request;
      expect([before, request]).toContainEqual(last);
      if (given.length > 0) {
        expect([ended, last]).toEqual([undefined, request]);
        break;
      }
      expect(ended).toBeInstanceOf(Crash);
      found.add(last?.kind);
      // What was left unfinished is in nobody's way.
      const again: SignOutcome[] = [];
      new LocalSigner(optionsOn(disk.afterPowerLoss(choice()))).sign(request, (outcome) => again.push(outcome));
      expect(again).toMatchObject([{ ok: true }]);
    }
    expect(found.has('prevote')).toBe(true);
  });

  test.each(FILE_ERROR_CODES.slice(2))('is not given out, and no other one, after the disk answered %s', (code) => {
    let failures = 0;
    for (let at = STARTING; ; at++) {
      const disk = prepared().afterKill({ at, as: code });
      const signer = new LocalSigner(optionsOn(disk));
      const given: SignOutcome[] = [];
      const ended = thrownBy(() => signer.sign(request, (outcome) => given.push(outcome)));
      if (ended === undefined) break;
      failures++;
      expect(ended).toMatchObject({ code: 'SIGNER_STATE_WRITE_FAILED', details: { path: '/disk/signer' }, cause: { code } });
      const calls = disk.calls.length;
      for (const each of [request, before, vote('prevote', 6, 0, A)])
        expect(thrownBy(() => signer.sign(each, (outcome) => given.push(outcome)))).toMatchObject({ code: 'SIGNER_STATE_WRITE_FAILED' });
      expect([given, disk.calls.slice(calls)]).toEqual([[], []]);
      expect([before, request]).toContainEqual(new LocalSigner(optionsOn(disk.afterKill())).lastSign());
    }
    expect(failures).toBe(5);
  });
});

describe('the file', () => {
  const disk = new CrashingDisk();
  outcomeOf(newSigner(disk), proposal(9, 3, 1, B));
  const bytes = disk.content(FILE);
  const options = optionsOn(disk);

  test('is read as it was written', () => {
    expect(readLastSign(options)).toEqual({
      request: proposal(9, 3, 1, B),
      digest: consensusDigest(options.cryptography, options.genesisHash, {
        kind: 'proposal',
        height: 9,
        round: 3,
        validRound: 1,
        blockHash: B,
      }),
      signature: bytes.slice(154, 219),
    });
    expect(bytes.length).toBe(LAST_SIGN_BYTES);
  });

  test('is refused with one bit flipped anywhere, or cut anywhere', () => {
    for (let at = 0; at < bytes.length; at++) {
      for (const content of [bytes.map((byte, index) => (index === at ? byte ^ (1 << (at % 8)) : byte)), bytes.slice(0, at)]) {
        const spoiled = new CrashingDisk();
        spoiled.fileSystem.makeDirectory('/disk/signer');
        spoiled.place(FILE, content);
        expect(
          thrownBy(() => new LocalSigner(optionsOn(spoiled))),
          `byte ${at}`,
        ).toMatchObject({ code: 'SIGNER_STATE_DAMAGED', details: { path: FILE } });
      }
    }
  });

  test.each<readonly [string, Partial<typeof options>, string]>([
    ['of another key', { address: new Uint8Array(20) as Address }, 'SIGNER_STATE_FOREIGN'],
    ['of another chain', { genesisHash: new Uint8Array(32) as GenesisHash }, 'SIGNER_STATE_FOREIGN'],
    ['that is missing', { directory: '/disk/elsewhere' }, 'SIGNER_STATE_MISSING'],
  ])('%s is refused', (_name, change, code) => {
    expect(thrownBy(() => new LocalSigner({ ...options, ...change }))).toMatchObject({ code });
  });

  test('is begun only where there is none', () => {
    expect(thrownBy(() => createLastSignFile(options))).toMatchObject({ code: 'SIGNER_STATE_EXISTS', details: { path: FILE } });
    expect(readLastSign(options)?.request).toEqual(proposal(9, 3, 1, B));
  });

  test('of a key that has signed nothing says so, also after a loss of power', () => {
    const fresh = new CrashingDisk();
    createSigner(fresh);
    for (const { choice } of POWER_LOSSES) expect(readLastSign(optionsOn(fresh.afterPowerLoss(choice())))).toBe(undefined);
  });
});

describe('a key that moves', () => {
  const stateAfter = (...requests: readonly SignRequest[]): CrashingDisk => {
    const disk = new CrashingDisk();
    const signer = newSigner(disk);
    for (const request of requests) outcomeOf(signer, request);
    return disk;
  };
  const lower = vote('prevote', 5, 0, A);
  const higher = vote('prevote', 5, 1, A);

  test('takes along what it signed', () => {
    const there = new CrashingDisk();
    importLastSign(optionsOn(there), exportLastSign(optionsOn(stateAfter(higher))));
    const signer = new LocalSigner(optionsOn(there));
    expect([outcomeOf(signer, lower), signer.lastSign()]).toEqual([{ ok: false, reason: 'belowLastSign' }, higher]);
  });

  test.each<readonly [string, readonly SignRequest[], readonly SignRequest[], 'taken' | 'refused']>([
    ['more than is known here', [lower], [higher], 'taken'],
    ['the same', [lower], [lower], 'taken'],
    ['something where nothing is known', [], [lower], 'taken'],
    ['nothing where nothing is known', [], [], 'taken'],
    ['less than is known here', [higher], [lower], 'refused'],
    ['nothing where something is known', [lower], [], 'refused'],
    ['something else at the same place', [lower], [vote('prevote', 5, 0, B)], 'refused'],
  ])('brings %s', (_name, here, brought, expected) => {
    const disk = stateAfter(...here);
    const ended = thrownBy(() => importLastSign(optionsOn(disk), exportLastSign(optionsOn(stateAfter(...brought)))));
    if (expected === 'refused')
      expect(ended).toMatchObject({ code: 'SIGNER_STATE_LOWER', details: { known: here.at(-1), imported: brought.at(-1) } });
    else expect(ended).toBe(undefined);
    expect(readLastSign(optionsOn(disk))?.request).toEqual((expected === 'taken' ? brought : here).at(-1));
  });

  test('brings nothing damaged, and nothing of others', () => {
    const disk = stateAfter(lower);
    const record = exportLastSign(optionsOn(stateAfter(higher)));
    expect(thrownBy(() => importLastSign(optionsOn(disk), record.slice(1)))).toMatchObject({ code: 'SIGNER_STATE_DAMAGED' });
    const other = optionsOn(new CrashingDisk(), { address: new Uint8Array(20) as Address });
    expect(thrownBy(() => importLastSign(other, record))).toMatchObject({ code: 'SIGNER_STATE_FOREIGN' });
    expect(readLastSign(optionsOn(disk))?.request).toEqual(lower);
  });
});

describe('foreign use', () => {
  const last = proposal(5, 2, 1, A);
  test.each<readonly [string, SignRequest, SignRequest | undefined, boolean]>([
    ['anything, when nothing was signed here', vote('prevote', 1, 0, A), undefined, true],
    ['what was signed last', last, last, false],
    ['the same place, another block', proposal(5, 2, 1, B), last, true],
    ['the same place, another round of proof', proposal(5, 2, 0, A), last, true],
    ['the same place, a block instead of nil', vote('prevote', 5, 2, A), vote('prevote', 5, 2, undefined), true],
    ['the same place, nil instead of a block', vote('prevote', 5, 2, undefined), vote('prevote', 5, 2, A), true],
    ['the same nil', vote('precommit', 5, 2, undefined), vote('precommit', 5, 2, undefined), false],
    ['a later step', vote('prevote', 5, 2, A), last, true],
    ['a later round', proposal(5, 3, 1, A), last, true],
    ['a later height', proposal(6, 0, -1, A), last, true],
    ['an earlier step', last, vote('prevote', 5, 2, A), false],
    ['an earlier round', vote('precommit', 5, 1, B), last, false],
    ['an earlier height', vote('precommit', 4, 7, B), last, false],
  ])('%s', (_name, message, lastSign, expected) => {
    expect(isForeignUse(message, lastSign)).toBe(expected);
  });
});

test('places are in the order of height, round and step', () => {
  const ordered = [4, 5].flatMap((height) =>
    [0, 1].flatMap((round) => [proposal(height, round, -1, A), vote('prevote', height, round, A), vote('precommit', height, round, A)]),
  );
  const signs = ordered.map((left) => ordered.map((right) => Math.sign(compareSignPlaces(left, right))));
  expect(signs).toEqual(ordered.map((_left, row) => ordered.map((_right, column) => Math.sign(row - column))));
});
