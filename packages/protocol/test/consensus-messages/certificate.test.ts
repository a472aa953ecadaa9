import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CertificateVerdict, type CommitCertificate, verifyCertificate } from '../../src/consensus-messages/certificate.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { hasHonest, hasQuorum, leastQuorum } from '../../src/validator/quorum.ts';
import { certificateOf, consortiumOf, GENESIS_HASH, hashOf, voteOf } from './consortium.ts';

/*
 * Goal: a certificate proves a decision exactly when more than two thirds of the power really signed it. Method: every subset of signers of
 * sets with equal and with unequal powers, then certificates with one thing wrong.
 */

const check = (set: Parameters<typeof verifyCertificate>[2], certificate: CommitCertificate): CertificateVerdict =>
  verifyCertificate(cryptography, GENESIS_HASH, set, certificate);

describe('quorum and honest threshold', () => {
  it.each([
    // Of 3 all, of 4 three, of 6 five, of 7 five: strictly more than two thirds.
    [0n, 0n, false, false],
    [1n, 1n, true, true],
    [2n, 3n, false, true],
    [3n, 3n, true, true],
    [1n, 3n, false, false],
    [2n, 4n, false, true],
    [3n, 4n, true, true],
    [1n, 4n, false, false],
    [4n, 6n, false, true],
    [2n, 6n, false, false],
    [5n, 6n, true, true],
    [5n, 7n, true, true],
    [3n, 7n, false, true],
    [2n ** 60n * 2n, 2n ** 60n * 3n, false, true],
    [2n ** 60n * 2n + 1n, 2n ** 60n * 3n, true, true],
  ])('%d of %d: %s, %s', (power, total, quorum, honest) => {
    expect([hasQuorum(power, total), hasHonest(power, total)]).toEqual([quorum, honest]);
  });

  it('the least quorum is one, and one less is none', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 70n }), (total) => {
        const least = leastQuorum(total);
        expect([hasQuorum(least, total), hasQuorum(least - 1n, total)]).toEqual([true, false]);
      }),
    );
  });

  it('two quorums always share more than an honest threshold', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 70n }), fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), (total, one, another) => {
        const dispensable = (total - 1n) / 3n;
        const left = total - (one % (dispensable + 1n));
        const right = total - (another % (dispensable + 1n));
        expect([hasQuorum(left, total), hasQuorum(right, total)]).toEqual([true, true]);
        expect(hasHonest(left + right - total, total)).toBe(true);
      }),
    );
  });
});

describe('a certificate', () => {
  it.each([
    ['four of equal power', consortiumOf(1, 1, 1, 1)],
    ['powers 4, 3, 2, 1', consortiumOf(4, 3, 2, 1)],
    ['one with almost everything', consortiumOf(100, 1, 1)],
    ['one alone', consortiumOf(7)],
  ])('holds for the subsets with more than two thirds of the power: %s', (_name, consortium) => {
    const { validators } = consortium.set;
    const total = validators.reduce((sum, { power }) => sum + power, 0n);
    for (let subset = 0; subset < 1 << validators.length; subset++) {
      const positions = [...validators.keys()].filter((index) => ((subset >> index) & 1) === 1);
      const power = positions.reduce((sum, index) => sum + (validators[index]?.power ?? 0n), 0n);
      const expected = power * 3n > total * 2n ? { ok: true } : { ok: false, code: 'NO_QUORUM', power, total };
      expect(check(consortium.set, certificateOf(consortium, positions))).toEqual(expected);
    }
  });

  const consortium = consortiumOf(1, 1, 1, 1);
  const good = certificateOf(consortium, [0, 1, 2]);
  const at = (index: number) => good.signatures[index] as (typeof good.signatures)[number];
  const prevote = voteOf(consortium.keys[2] as never, { kind: 'prevote' });

  it.each<[string, Partial<CommitCertificate>, CertificateVerdict]>([
    ['of another height', { height: 6 }, { ok: false, code: 'SIGNATURE_WRONG', index: 0 }],
    ['of another round', { round: 0 }, { ok: false, code: 'SIGNATURE_WRONG', index: 0 }],
    ['of another block', { blockHash: hashOf(2) }, { ok: false, code: 'SIGNATURE_WRONG', index: 0 }],
    [
      'with a prevote',
      { signatures: [at(0), at(1), { validatorIndex: 2, signature: prevote.signature }] },
      { ok: false, code: 'SIGNATURE_WRONG', index: 2 },
    ],
    [
      'with two signatures in the place of each other',
      { signatures: [at(0), { validatorIndex: 1, signature: at(2).signature }, { validatorIndex: 2, signature: at(1).signature }] },
      { ok: false, code: 'SIGNATURE_WRONG', index: 1 },
    ],
    [
      'with one bad signature beyond the quorum',
      { signatures: [at(0), at(1), at(2), { validatorIndex: 3, signature: at(0).signature }] },
      { ok: false, code: 'SIGNATURE_WRONG', index: 3 },
    ],
    [
      'with a signer outside the set',
      { signatures: [at(0), at(1), { validatorIndex: 4, signature: at(2).signature }] },
      { ok: false, code: 'SIGNER_UNKNOWN', index: 2 },
    ],
    ['with one signer counted twice', { signatures: [at(0), at(1), at(1)] }, { ok: false, code: 'SIGNERS_NOT_ASCENDING', index: 2 }],
    ['with signers that fall', { signatures: [at(1), at(0), at(2)] }, { ok: false, code: 'SIGNERS_NOT_ASCENDING', index: 1 }],
    ['with nobody', { signatures: [] }, { ok: false, code: 'NO_QUORUM', power: 0n, total: 4n }],
  ])('%s proves nothing, and says why (CSA-2026-001)', (_name, change, verdict) => {
    expect(check(consortium.set, good)).toEqual({ ok: true });
    expect(check(consortium.set, { ...good, ...change })).toEqual(verdict);
  });

  it('proves nothing on another chain, or for another set', () => {
    const wrong: CertificateVerdict = { ok: false, code: 'SIGNATURE_WRONG', index: 0 };
    expect(verifyCertificate(cryptography, new Uint8Array(32) as never, consortium.set, good)).toEqual(wrong);
    const [, ...rest] = consortiumOf(1, 1, 1, 1, 1).set.validators;
    expect(check({ validators: rest }, good)).toMatchObject({ ok: false });
  });

  it('of a set without power proves nothing', () => {
    expect(check({ validators: [] }, { ...good, signatures: [] })).toEqual({ ok: false, code: 'NO_QUORUM', power: 0n, total: 0n });
  });
});
