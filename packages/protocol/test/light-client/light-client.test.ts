import { describe, expect, it } from 'vitest';
import { blockHash } from '../../src/block/header.ts';
import type { BlockHash, Bytes32 } from '../../src/bytes/branded.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { compareLightBlocks } from '../../src/light-client/conflict.ts';
import { type LightBlock, type TrustedBlock, trustBlock } from '../../src/light-client/light-block.ts';
import { beginSkip, continueSkip, type Skip } from '../../src/light-client/skip.ts';
import { type LightClientOptions, verifyLightBlock } from '../../src/light-client/verify-light-block.ts';
import type { ValidatorSet } from '../../src/validator/validator-set.ts';
import { certificateOf, chainOf, change, GENESIS_HASH, GENESIS_MS, headerOf, type LightChain, setOf } from './light-chain.ts';

/*
 * Goal: a light client follows every honest chain, through any change of validators that leaves it a way, and believes nothing else. Method:
 * chains with real certificates; one thing wrong at a time, with the whole verdict compared.
 */

const options: LightClientOptions = { cryptography, genesisHash: GENESIS_HASH, trustPeriodMs: 100_000, clockDriftMs: 500 };
const NOW_MS = GENESIS_MS + 20_000;
const four = setOf(0, 1, 2, 3);

const at = ({ blocks }: LightChain, height: number): LightBlock => blocks[height] as LightBlock;
const trustedAt = (chain: LightChain, height: number): TrustedBlock => {
  const { header } = at(chain, height);
  return { header, blockHash: blockHash(cryptography, header), nextValidators: chain.sets[height + 1] as ValidatorSet };
};
/** The block of a height without what a light client can work out or was told. */
const bare = ({ header, certificate }: LightBlock): LightBlock => ({ header, certificate });
const refused = (refusal: object) => ({ ok: false, refusal });

describe('the first trusted block', () => {
  const { header, nextValidators } = at(chainOf(four, 1), 1) as Required<LightBlock>;
  const hash = blockHash(cryptography, header);

  it('is the one whose hash is known, with its validators', () => {
    expect(trustBlock(cryptography, hash, header, nextValidators)).toEqual({ header, blockHash: hash, nextValidators });
  });

  it('is none with another header or other validators', () => {
    expect(trustBlock(cryptography, hash, { ...header, timestampMs: 1 }, nextValidators)).toBeUndefined();
    expect(trustBlock(cryptography, hash, header, four)).toBeUndefined();
  });
});

describe('block by block', () => {
  it('follows the rotation without being told any validators', () => {
    const chain = chainOf(four, 6);
    let { genesis: trusted } = chain;
    for (let height = 1; height <= 6; height++) {
      const verdict = verifyLightBlock(options, trusted, bare(at(chain, height)), NOW_MS);
      expect(verdict).toEqual({ ok: true, trusted: trustedAt(chain, height), validators: chain.sets[height] });
      if (verdict.ok) ({ trusted } = verdict);
    }
  });

  it('follows validators that come, go and change, down to one, when it is told who they are', () => {
    const changes = {
      3: [change(4, 5)],
      4: [change(0, 0), change(1, 0), change(2, 3)],
      5: [change(2, 0), change(3, 0)],
      6: [change(5, 1), change(6, 1), change(7, 1), change(4, 1)],
    };
    const chain = chainOf(four, 7, changes);
    let { genesis: trusted } = chain;
    for (let height = 1; height <= 7; height++) {
      const block = at(chain, height);
      const isChange = height + 1 in changes;
      const told: LightBlock = isChange ? { ...bare(block), nextValidators: block.nextValidators as ValidatorSet } : bare(block);
      if (isChange) expect(verifyLightBlock(options, trusted, bare(block), NOW_MS)).toEqual(refused({ code: 'NEXT_VALIDATORS_WRONG' }));
      const verdict = verifyLightBlock(options, trusted, told, NOW_MS);
      expect(verdict).toEqual({ ok: true, trusted: trustedAt(chain, height), validators: chain.sets[height] });
      if (verdict.ok) ({ trusted } = verdict);
    }
    expect(chain.sets[5]?.validators.length).toBe(1);
  });

  const chain = chainOf(four, 3);
  const trusted = trustedAt(chain, 1);
  const second = at(chain, 2);
  /** The second block with another header, decided by the same validators. */
  const other = (changed: Partial<LightBlock['header']>): LightBlock => {
    const header = { ...second.header, ...changed };
    return { ...second, header, certificate: certificateOf(header, chain.sets[2] as ValidatorSet) };
  };
  const [signature] = second.certificate.signatures;
  const wrongSignature = {
    ...second.certificate,
    signatures: second.certificate.signatures.map((each) => ({ ...each, signature: (signature as typeof each).signature })),
  };

  it.each<readonly [name: string, refusal: object, block: LightBlock, nowMs: number]>([
    ['of the same height', { code: 'HEIGHT_NOT_ABOVE' }, at(chain, 1), NOW_MS],
    ['of a lower height', { code: 'HEIGHT_NOT_ABOVE' }, at(chain, 0), NOW_MS],
    ['after the trust period', { code: 'TRUST_EXPIRED' }, second, GENESIS_MS + 1_000 + 100_001],
    ['of another chain id', { code: 'CHAIN_DIFFERS' }, other({ chainId: 8 }), NOW_MS],
    ['that is not younger', { code: 'TIME_NOT_ABOVE' }, other({ timestampMs: GENESIS_MS + 1_000 }), NOW_MS],
    ['from the future', { code: 'TIME_IN_FUTURE' }, other({ timestampMs: NOW_MS + 501 }), NOW_MS],
    ['with another parent', { code: 'PARENT_DIFFERS' }, other({ parentHash: new Uint8Array(32) as BlockHash }), NOW_MS],
    ['with other validators', { code: 'VALIDATORS_DIFFER' }, other({ validatorsHash: new Uint8Array(32) as Bytes32 }), NOW_MS],
    [
      'with unknown next validators',
      { code: 'NEXT_VALIDATORS_WRONG' },
      other({ nextValidatorsHash: new Uint8Array(32) as Bytes32 }),
      NOW_MS,
    ],
    [
      'with the certificate of another block',
      { code: 'CERTIFICATE_OF_ANOTHER_BLOCK' },
      { ...second, certificate: at(chain, 3).certificate },
      NOW_MS,
    ],
    [
      'with a certificate of its hash at another height',
      { code: 'CERTIFICATE_OF_ANOTHER_BLOCK' },
      { ...second, certificate: { ...second.certificate, height: 3 } },
      NOW_MS,
    ],
    [
      'that two thirds decided, which is not more than two thirds',
      { code: 'CERTIFICATE_INVALID', verdict: { ok: false, code: 'NO_QUORUM', power: 2n, total: 4n } },
      { ...second, certificate: certificateOf(second.header, chain.sets[2] as ValidatorSet, [0, 1]) },
      NOW_MS,
    ],
    [
      'with a wrong signature',
      { code: 'CERTIFICATE_INVALID', verdict: { ok: false, code: 'SIGNATURE_WRONG', index: 1 } },
      { ...second, certificate: wrongSignature },
      NOW_MS,
    ],
  ])('refuses a block %s', (_name, refusal, block, nowMs) => {
    expect(verifyLightBlock(options, trusted, block, nowMs)).toEqual(refused(refusal));
  });

  it('takes a block at the very ends of the trust period and of the drift', () => {
    expect(verifyLightBlock(options, trusted, second, GENESIS_MS + 1_000 + 100_000).ok).toBe(true);
    expect(verifyLightBlock(options, trusted, other({ timestampMs: NOW_MS + 500 }), NOW_MS).ok).toBe(true);
  });

  it('refuses a certificate of the same block on another chain', () => {
    const elsewhere = { ...options, genesisHash: new Uint8Array(32) as LightClientOptions['genesisHash'] };
    expect(verifyLightBlock(elsewhere, trusted, second, NOW_MS)).toEqual(
      refused({ code: 'CERTIFICATE_INVALID', verdict: { ok: false, code: 'SIGNATURE_WRONG', index: 0 } }),
    );
  });
});

describe('skipping blocks', () => {
  it('takes a far block at once while more than a third of the trusted power has signed it', () => {
    // Two of four stay.
    const chain = chainOf(four, 10, { 5: [change(0, 0), change(1, 0), change(4, 1), change(5, 1)] });
    expect(verifyLightBlock(options, chain.genesis, at(chain, 10), NOW_MS)).toEqual({
      ok: true,
      trusted: trustedAt(chain, 10),
      validators: chain.sets[10],
    });
  });

  it('refuses a third exactly, and needs the power of those who signed, not of those who could have', () => {
    const three = setOf(0, 1, 2);
    const one = chainOf(three, 4, { 3: [change(0, 0), change(1, 0), change(4, 1), change(5, 1)] });
    expect(verifyLightBlock(options, one.genesis, at(one, 4), NOW_MS)).toEqual(
      refused({ code: 'OVERLAP_TOO_SMALL', power: 1n, total: 3n }),
    );
    const wide = chainOf(four, 4, {
      3: [change(4, 1), change(5, 1), change(6, 1), change(7, 1), change(8, 1), change(9, 1), change(10, 1)],
    });
    const block = at(wide, 4);
    const set = wide.sets[4] as ValidatorSet;
    const old = new Set(four.validators.map(({ address }) => address.join()));
    const isOld = (position: number): boolean => old.has(set.validators[position]?.address.join() ?? '');
    const positions = [...set.validators.keys()];
    const oldOnes = positions.filter(isOld);
    const signers = positions.filter((position) => !isOld(position) || position === oldOnes[0]);
    const certificate = certificateOf(block.header, set, signers);
    expect(verifyLightBlock(options, wide.genesis, { ...block, certificate }, NOW_MS)).toEqual(
      refused({ code: 'OVERLAP_TOO_SMALL', power: 1n, total: 4n }),
    );
    // The same signer named twice is still one.
    const [only] = certificate.signatures.filter(({ validatorIndex }) => validatorIndex === oldOnes[0]);
    const doubled = { ...certificate, signatures: [...certificate.signatures, only as NonNullable<typeof only>] };
    expect(verifyLightBlock(options, wide.genesis, { ...block, certificate: doubled }, NOW_MS)).toEqual(
      refused({ code: 'OVERLAP_TOO_SMALL', power: 1n, total: 4n }),
    );
  });

  it('needs the validators of the block, and exactly those', () => {
    const chain = chainOf(four, 4);
    const block = at(chain, 4);
    expect(verifyLightBlock(options, chain.genesis, bare(block), NOW_MS)).toEqual(refused({ code: 'VALIDATORS_WRONG' }));
    expect(verifyLightBlock(options, chain.genesis, { ...block, validators: four }, NOW_MS)).toEqual(refused({ code: 'VALIDATORS_WRONG' }));
  });

  it('refuses a signer outside the set, whose place is looked up before it is checked (ASA-2024-011)', () => {
    const chain = chainOf(four, 4);
    const block = at(chain, 4);
    for (const validatorIndex of [4, 99, 0xffff_ffff]) {
      const [signature] = block.certificate.signatures;
      const signatures = [...block.certificate.signatures, { ...(signature as NonNullable<typeof signature>), validatorIndex }];
      expect(verifyLightBlock(options, chain.genesis, { ...block, certificate: { ...block.certificate, signatures } }, NOW_MS)).toEqual(
        refused({ code: 'CERTIFICATE_INVALID', verdict: { ok: false, code: 'SIGNER_UNKNOWN', index: 4 } }),
      );
    }
  });

  it('does not believe a far block of strangers who name trusted validators without their signatures', () => {
    const chain = chainOf(four, 1);
    const strangers = setOf(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    const header = headerOf(9, new Uint8Array(32) as BlockHash, strangers, strangers, 3);
    const certificate = certificateOf(header, strangers);
    const [forged] = certificate.signatures;
    const signatures = certificate.signatures.map((each) => ({ ...each, signature: (forged as typeof each).signature }));
    const block: LightBlock = { header, certificate: { ...certificate, signatures }, validators: strangers, nextValidators: strangers };
    expect(verifyLightBlock(options, chain.genesis, block, NOW_MS)).toEqual(
      refused({ code: 'CERTIFICATE_INVALID', verdict: { ok: false, code: 'SIGNATURE_WRONG', index: 1 } }),
    );
  });
});

describe('the way to a far block', () => {
  /** Asks for heights until it arrives; the heights that it asked for. */
  function walk(chain: LightChain, target: number): { readonly heights: readonly number[]; readonly trusted: TrustedBlock | undefined } {
    const heights: number[] = [];
    let skip: Skip = beginSkip(chain.genesis, target);
    for (;;) {
      heights.push(skip.wantedHeight);
      const step = continueSkip(options, skip, at(chain, skip.wantedHeight), NOW_MS);
      if (step.status === 'refused') throw new Error(step.refusal.code);
      if (step.status === 'arrived') return { heights, trusted: step.trusted };
      ({ skip } = step);
    }
  }

  it('is one step where validators stay', () => {
    const chain = chainOf(four, 16);
    expect(walk(chain, 16)).toEqual({ heights: [16], trusted: trustedAt(chain, 16) });
    expect(walk(chain, 1)).toEqual({ heights: [1], trusted: trustedAt(chain, 1) });
  });

  it('goes by halves where they leave, down to every block where all leave at once', () => {
    const changes = {
      5: [change(0, 0), change(4, 1)],
      9: [change(1, 0), change(5, 1), change(2, 0), change(6, 1)],
      13: [change(3, 0), change(7, 1)],
    };
    const chain = chainOf(four, 16, changes);
    expect(walk(chain, 16)).toEqual({ heights: [16, 8], trusted: trustedAt(chain, 16) });
    const sudden = chainOf(four, 8, { 6: [4, 5, 6, 7].map((key) => change(key, 1)).concat([0, 1, 2, 3].map((key) => change(key, 0))) });
    expect(walk(sudden, 8)).toEqual({ heights: [8, 4, 6, 5], trusted: trustedAt(sudden, 8) });
  });

  it('refuses another height than it wants, and any block that is wrong, and can go on with the right one', () => {
    const chain = chainOf(four, 4);
    const skip = beginSkip(chain.genesis, 4);
    expect(continueSkip(options, skip, at(chain, 3), NOW_MS)).toEqual({
      status: 'refused',
      height: 4,
      refusal: { code: 'HEIGHT_NOT_WANTED' },
    });
    expect(continueSkip(options, skip, bare(at(chain, 4)), NOW_MS)).toEqual({
      status: 'refused',
      height: 4,
      refusal: { code: 'VALIDATORS_WRONG' },
    });
    expect(continueSkip(options, skip, at(chain, 4), NOW_MS)).toEqual({ status: 'arrived', trusted: trustedAt(chain, 4) });
  });
});

describe('two sources', () => {
  const chain = chainOf(four, 3);
  const fork = chainOf(four, 3, {}, 1);

  it('that say the same may hold different certificates', () => {
    const block = at(chain, 3);
    const certificate = certificateOf(block.header, chain.sets[3] as ValidatorSet, [1, 2, 3], 2);
    expect(compareLightBlocks(options, chain.genesis, block, { ...block, certificate }, NOW_MS)).toEqual({ status: 'same' });
  });

  it('that have decided two blocks show who signed both', () => {
    const set = chain.sets[3] as ValidatorSet;
    const first = { ...at(chain, 3), certificate: certificateOf(at(chain, 3).header, set, [0, 1, 2]) };
    const second = { ...at(fork, 3), certificate: certificateOf(at(fork, 3).header, set, [1, 2, 3]) };
    const faulty = [1, 2].map((position) => set.validators[position]?.address);
    expect(compareLightBlocks(options, chain.genesis, first, second, NOW_MS)).toEqual({
      status: 'conflict',
      height: 3,
      isSameRound: true,
      signedBoth: faulty,
      power: 2n,
      total: 4n,
    });
    const later = { ...second, certificate: certificateOf(at(fork, 3).header, set, [1, 2, 3], 4) };
    expect(compareLightBlocks(options, chain.genesis, first, later, NOW_MS)).toEqual(
      expect.objectContaining({ status: 'conflict', isSameRound: false, power: 2n }),
    );
  });

  it('of which one lies are told apart', () => {
    const block = at(chain, 3);
    const lie = { ...block, certificate: at(chain, 2).certificate };
    const refusal = { code: 'CERTIFICATE_OF_ANOTHER_BLOCK' };
    expect(compareLightBlocks(options, chain.genesis, lie, block, NOW_MS)).toEqual({ status: 'refused', source: 'first', refusal });
    expect(compareLightBlocks(options, chain.genesis, block, lie, NOW_MS)).toEqual({ status: 'refused', source: 'second', refusal });
    expect(compareLightBlocks(options, chain.genesis, block, at(chain, 2), NOW_MS)).toEqual({
      status: 'refused',
      source: 'second',
      refusal: { code: 'HEIGHT_NOT_WANTED' },
    });
  });
});
