import type { LoggedInput, PeerStatus, VoteSummary } from '@mutual-chain/consensus';
import { CONSENSUS_LIMITS, trustOwn } from '@mutual-chain/consensus';
import type { Address, BlockHash, CommitCertificate, ConsensusProposal, Signature, Vote } from '@mutual-chain/protocol';
import fc from 'fast-check';

/* Everything that can be written down, at its limits more often than chance would have it. */

const bytes = <Value extends Uint8Array>(length: number): fc.Arbitrary<Value> =>
  fc.uint8Array({ minLength: length, maxLength: length }) as unknown as fc.Arbitrary<Value>;
const height = fc.oneof(fc.nat(50), fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER));
const round = fc.oneof(fc.nat(10), fc.constantFrom(0, 2 ** 16, 2 ** 32 - 2));
const timeMs = height;
const hash = bytes<BlockHash>(32);
const address = bytes<Address>(20);
const signature: fc.Arbitrary<Signature> = bytes<Signature>(65).map((value) => {
  const copy = value.slice() as Signature;
  copy[64] = (value[64] ?? 0) & 1;
  return copy;
});
const kind = fc.constantFrom('prevote' as const, 'precommit' as const);
const reason = fc.string({ unit: 'grapheme', maxLength: 40 });

const vote: fc.Arbitrary<Vote> = fc.record({
  kind,
  height,
  round,
  blockHash: fc.option(hash, { nil: undefined }),
  validator: address,
  signature,
});

const proposal: fc.Arbitrary<ConsensusProposal> = fc
  .record({ height, round, below: fc.nat(), blockHash: hash, proposer: address, signature })
  .map(({ below, ...rest }) => ({ ...rest, validRound: (below % (rest.round + 1)) - 1 }));

const certificate: fc.Arbitrary<CommitCertificate> = fc.record({
  height,
  round,
  blockHash: hash,
  signatures: fc
    .uniqueArray(fc.nat(99), { maxLength: 8 })
    .chain((places) =>
      fc.tuple(
        ...[...places]
          .sort((left, right) => left - right)
          .map((validatorIndex) => signature.map((each) => ({ validatorIndex, signature: each }))),
      ),
    ),
});

const block = fc.record({ blockHash: hash, proposer: address, timestampMs: timeMs });

const request = fc.oneof(
  fc.record({ kind, height, round, blockHash: fc.option(hash, { nil: undefined }) }),
  proposal.map(({ proposer: _proposer, signature: _signature, ...rest }) => ({ kind: 'proposal' as const, ...rest })),
);

const timeout = fc.oneof(
  fc.record({ kind: fc.constantFrom('propose' as const, 'prevote' as const, 'precommit' as const), height, round }),
  fc.record({ kind: fc.constantFrom('blockInterval' as const, 'emptyBlock' as const, 'resend' as const), height }),
);

/** Any input that is logged, with reasons short enough to be kept whole. */
export const loggedInput: fc.Arbitrary<LoggedInput> = fc.oneof(
  fc.constantFrom({ type: 'workAvailable' as const }, { type: 'signingForbidden' as const }),
  fc.record({ type: fc.constant('proposalReceived' as const), proposal: proposal.map(trustOwn), receivedAtMs: timeMs }),
  fc.record({ type: fc.constant('voteReceived' as const), vote: vote.map(trustOwn) }),
  fc.record({ type: fc.constant('blockReceived' as const), block }),
  fc.record({ type: fc.constant('blockValidated' as const), blockHash: hash, valid: fc.boolean() }),
  fc.record({
    type: fc.constant('blockValidated' as const),
    blockHash: hash,
    valid: fc.constant(false),
    reason: reason.filter((text) => text !== ''),
  }),
  fc.record({ type: fc.constant('blockBuilt' as const), height, round, block }),
  fc.record({ type: fc.constant('buildFailed' as const), height, round, reason }),
  fc.record({ type: fc.constant('voteSigned' as const), vote: vote.map(trustOwn) }),
  fc.record({ type: fc.constant('proposalSigned' as const), proposal: proposal.map(trustOwn), signedAtMs: timeMs }),
  fc.record({ type: fc.constant('signatureRefused' as const), request, reason }),
  fc.record({ type: fc.constant('timeoutExpired' as const), timeout }),
  fc.record({ type: fc.constant('certificateReceived' as const), certificate: certificate.map(trustOwn) }),
);

const summaryUpTo = (roundMax: number): fc.Arbitrary<VoteSummary> =>
  fc.record({
    kind,
    round: fc.oneof(fc.constant(roundMax), fc.nat(roundMax)),
    blockHash: fc.option(hash, { nil: undefined }),
    positions: fc
      .uniqueArray(fc.oneof(fc.nat(99), fc.constantFrom(0, 7, 8, 99)), { maxLength: 100 })
      .map((places) => [...places].sort((left, right) => left - right)),
  });

/** Anything that a node may say it has. */
export const peerStatus: fc.Arbitrary<PeerStatus> = fc.oneof(fc.constant(-1), round).chain((statusRound) =>
  fc.record({
    height,
    round: fc.constant(statusRound),
    proposal: fc.option(hash, { nil: undefined }),
    votes: fc.array(summaryUpTo(Math.max(statusRound, 0)), { maxLength: CONSENSUS_LIMITS.voteSummariesPerStatusMax }),
  }),
);
