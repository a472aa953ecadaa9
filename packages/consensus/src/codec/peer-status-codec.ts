import { type BlockHash, type Codec, LIMITS, ssz, type VoteKind } from '@mutual-chain/protocol';
import { consensusError } from '../errors.ts';
import type { PeerStatus, VoteSummary } from '../height/peer-status.ts';
import { CONSENSUS_LIMITS } from '../limits.ts';
import { decodeAs } from './decode-as.ts';
import { hashFrom, OPTIONAL_HASH, type OptionalHash, optionalHash } from './optional-hash.ts';

const CODE = 'CONSENSUS_STATUS_BYTES_INVALID';
const KINDS: readonly VoteKind[] = ['prevote', 'precommit'];
/** One bit for each place a validator can have: the length follows from no other field, so the two cannot disagree. */
const BITMAP_BYTES = Math.ceil(LIMITS.validatorsMax / 8);

const codec = ssz.containerCodec({
  height: ssz.uint64,
  roundPlusOne: ssz.uint32,
  hasProposal: ssz.bool,
  proposal: ssz.fixedBytes<BlockHash>(32),
  votes: ssz.listOf(
    { kind: ssz.uint8, round: ssz.uint32, ...OPTIONAL_HASH, positions: ssz.fixedBytes<Uint8Array>(BITMAP_BYTES) },
    CONSENSUS_LIMITS.voteSummariesPerStatusMax,
  ),
});

/**
 * Canonical bytes of what a node has: votes as bitmaps over the places of a validator set, place 0 in the lowest bit of the first byte.
 *
 * Errors of decode: `CONSENSUS_STATUS_BYTES_INVALID`, naming the field. Whether the places exist in the set of the height is for whoever
 * looks them up; a place without a validator matches no vote.
 */
export const peerStatusCodec: Codec<PeerStatus> = {
  encode: ({ height, round, proposal, votes }) => {
    const { hasHash: hasProposal, hash } = optionalHash(proposal);
    return codec.encode({ height, roundPlusOne: round + 1, hasProposal, proposal: hash, votes: votes.map(rowOf) });
  },
  decode: (bytes) =>
    decodeAs(CODE, 'the status of a peer', 'cut the peer', () => {
      const { height, roundPlusOne, hasProposal, proposal, votes } = codec.decode(bytes);
      const round = roundPlusOne - 1;
      return {
        height,
        round,
        proposal: hashFrom(CODE, { hasHash: hasProposal, hash: proposal }),
        votes: votes.map((row) => summaryFrom(row, round)),
      };
    }),
};

type Row = OptionalHash & { readonly kind: number; readonly round: number; readonly positions: Uint8Array };

function rowOf({ kind, round, blockHash, positions }: VoteSummary): Row {
  const bitmap = new Uint8Array(BITMAP_BYTES);
  for (const position of positions) {
    const at = position >> 3;
    bitmap[at] = (bitmap[at] ?? 0) | (1 << (position & 7));
  }
  return { kind: KINDS.indexOf(kind), round, ...optionalHash(blockHash), positions: bitmap };
}

function summaryFrom(row: Row, statusRound: number): VoteSummary {
  const kind = KINDS[row.kind];
  if (kind === undefined) throw consensusError(CODE, 'kind of a vote must be 0 (prevote) or 1 (precommit)', { field: 'votes.kind' });
  if (row.round > Math.max(statusRound, 0))
    throw consensusError(CODE, 'votes are told of the round of the status and of those below it', {
      field: 'votes.round',
      limit: statusRound,
    });
  return { kind, round: row.round, blockHash: hashFrom(CODE, row), positions: positionsFrom(row.positions) };
}

function positionsFrom(bitmap: Uint8Array): readonly number[] {
  const positions: number[] = [];
  for (let position = 0; position < BITMAP_BYTES * 8; position++) {
    if (((bitmap[position >> 3] ?? 0) & (1 << (position & 7))) === 0) continue;
    if (position >= LIMITS.validatorsMax)
      throw consensusError(CODE, `a set has at most ${LIMITS.validatorsMax} places`, {
        field: 'votes.positions',
        limit: LIMITS.validatorsMax,
        position,
      });
    positions.push(position);
  }
  return positions;
}
