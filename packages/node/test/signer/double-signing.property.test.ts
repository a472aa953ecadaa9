import type { SignRequest } from '@mutual-chain/consensus';
import { type BlockHash, encodeHex } from '@mutual-chain/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FILE_ERROR_CODES } from '../../src/file-system/file-error.ts';
import { LocalSigner } from '../../src/signer/local-signer.ts';
import type { SignOutcome } from '../../src/signer/signer.ts';
import { Crash, CrashingDisk, choiceOf, type Fault } from '../support/crashing-disk.ts';
import { createSigner, optionsOn } from './signers.ts';

/*
 * Goal: whatever is asked of a key, in any order, and whenever the power goes or the disk fails, no two different things are signed at one
 * height, round and step, and nothing below what was signed. Method: random requests to one signer after another on one disk, each life of which
 * may end at any operation; everything that was given out is remembered outside and judged there.
 */

const blockHash = fc.constantFrom(1, 2).map((byte) => new Uint8Array(32).fill(byte) as BlockHash);
const place = { height: fc.integer({ min: 1, max: 3 }), round: fc.nat(2) };
const request: fc.Arbitrary<SignRequest> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('prevote' as const, 'precommit' as const),
    ...place,
    blockHash: fc.oneof(blockHash, fc.constant(undefined)),
  }),
  fc.record({ kind: fc.constant('proposal' as const), ...place, validRound: fc.constantFrom(-1, 0), blockHash }),
);
/** One life of a signer: what it is asked, and which of its operations on the disk does not succeed. */
const life = fc.record({
  requests: fc.array(request, { maxLength: 12 }),
  at: fc.nat(40),
  as: fc.constantFrom<Fault['as']>('crash', ...FILE_ERROR_CODES.slice(2)),
  losesPower: fc.boolean(),
  seed: fc.nat(1000),
});

type Signed = { readonly place: readonly number[]; readonly said: string };

/** Place and content of what was signed, in the judge's own words. */
function signedOf(message: Extract<SignOutcome, { ok: true }>['message']): Signed {
  const { height, round } = message;
  const content = message.blockHash === undefined ? 'nil' : encodeHex(message.blockHash);
  if ('proposer' in message) return { place: [height, round, 0], said: `${content} ${message.validRound}` };
  return { place: [height, round, message.kind === 'prevote' ? 1 : 2], said: content };
}

function isBelow(left: readonly number[], right: readonly number[]): boolean {
  const at = left.findIndex((each, index) => each !== right[index]);
  return at >= 0 && (left[at] as number) < (right[at] as number);
}

test('nobody ever signs two things at one place, or goes back', () => {
  const seen = { signed: 0, repeated: 0, refused: 0, crashed: 0, failed: 0 };
  fc.assert(
    fc.property(fc.array(life, { minLength: 1, maxLength: 6 }), (lives) => {
      let disk = new CrashingDisk();
      createSigner(disk);
      const given: Signed[] = [];
      const signatures = new Map<string, string>();
      for (const { requests, at, as, losesPower, seed } of lives) {
        const fault: Fault = { at, as };
        disk = losesPower ? disk.afterPowerLoss(choiceOf(seed), fault) : disk.afterKill(fault);
        try {
          const signer = new LocalSigner(optionsOn(disk));
          for (const each of requests) {
            signer.sign(each, (outcome) => {
              if (!outcome.ok) {
                seen.refused++;
                return;
              }
              const signed = signedOf(outcome.message);
              const name = `${signed.place} ${signed.said}`;
              const signature = encodeHex(outcome.message.signature);
              // Same bytes, same signature; whatever is new is above all that was given out before.
              if (signatures.has(name)) {
                expect(signatures.get(name)).toBe(signature);
                seen.repeated++;
              } else seen.signed++;
              signatures.set(name, signature);
              expect(given.filter((before) => isBelow(signed.place, before.place))).toEqual([]);
              given.push(signed);
            });
          }
        } catch (error) {
          if (error instanceof Crash) seen.crashed++;
          else {
            expect(error).toMatchObject({ name: 'ChainError' });
            seen.failed++;
          }
        }
      }
      const contents = new Map<string, string>();
      for (const each of given) {
        const name = each.place.join(' ');
        expect(contents.get(name) ?? each.said).toBe(each.said);
        contents.set(name, each.said);
      }
    }),
    { numRuns: 2000 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
});
