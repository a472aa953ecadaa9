import {
  CONSENSUS_ERRORS,
  CONSENSUS_LIMITS,
  decodeLoggedInput,
  encodeLoggedInput,
  type LoggedInput,
  type PeerStatus,
  peerStatusCodec,
} from '@mutual-chain/consensus';
import { ChainError, InvariantError } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../support/validators.ts';

/*
 * Goal: the bytes are those written down here, and everything in them that names or measures something else is checked against it. Method:
 * whole byte strings of small values; one byte changed at a time, with the whole error compared.
 */

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const changed = (bytes: Uint8Array, at: number, byte: number): Uint8Array => bytes.map((each, index) => (index === at ? byte : each));

function errorOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    return { code: error.code, message: error.message, field: error.details['field'] };
  }
}

describe('the bytes of a logged input', () => {
  const AA = 'aa'.repeat(32);
  const cases: readonly (readonly [LoggedInput, string])[] = [
    [{ type: 'workAvailable' }, '00'],
    [{ type: 'signingForbidden' }, '0c'],
    [
      { type: 'blockReceived', block: { blockHash: hashOf(0xaa), proposer: new Uint8Array(20).fill(0xbb) as never, timestampMs: 258 } },
      `03${AA}${'bb'.repeat(20)}0201000000000000`,
    ],
    [{ type: 'blockValidated', blockHash: hashOf(0xaa), valid: true }, `04${AA}0125000000`],
    [{ type: 'blockValidated', blockHash: hashOf(0xaa), valid: false, reason: 'no' }, `04${AA}00250000006e6f`],
    [{ type: 'buildFailed', height: 5, round: 1, reason: 'no' }, '0605000000000000000100000010000000' + '6e6f'],
    [
      { type: 'signatureRefused', request: { kind: 'precommit', height: 5, round: 2, blockHash: undefined }, reason: '' },
      `0901050000000000000002000000${'00'.repeat(4)}00${'00'.repeat(32)}36000000`,
    ],
    [
      { type: 'signatureRefused', request: { kind: 'proposal', height: 5, round: 2, validRound: 1, blockHash: hashOf(0xaa) }, reason: '' },
      `09020500000000000000020000000200000001${AA}36000000`,
    ],
    [{ type: 'timeoutExpired', timeout: { kind: 'precommit', height: 5, round: 2 } }, '0a02050000000000000002000000'],
    [{ type: 'timeoutExpired', timeout: { kind: 'emptyBlock', height: 5 } }, '0a04050000000000000000000000'],
  ];

  it.each(cases)('are these: %j', (input, hex) => {
    expect(hexOf(encodeLoggedInput(input))).toBe(hex);
    expect(decodeLoggedInput(bytesOf(hex))).toEqual(input);
  });

  const refusals: readonly (readonly [what: string, hex: string, field: string, message: string])[] = [
    ['no bytes', '', 'type', 'the first byte names no type of input'],
    ['an unknown type', '0d', 'type', 'the first byte names no type of input'],
    ['bytes after the end', '0000', 'container', 'container has to be 0 bytes'],
    ['a verdict that is valid with a reason', `04${AA}01250000006e`, 'reason', 'a valid block has no reason'],
    ['an unknown timer', '0a06050000000000000000000000', 'kind', 'kind of a timer is below 6'],
    ['a timer of a height with a round', '0a03050000000000000001000000', 'round', 'a timer of kind blockInterval belongs to no round'],
    [
      'an unknown request',
      `0903050000000000000002000000${'00'.repeat(4)}00${'00'.repeat(32)}36000000`,
      'kind',
      'kind of a request must be 0 (prevote), 1 (precommit) or 2 (proposal)',
    ],
    [
      'a vote with a valid round',
      `09000500000000000000020000000100000000${'00'.repeat(32)}36000000`,
      'validRound',
      'only a proposal has a valid round',
    ],
    ['a proposal of nil', `0902050000000000000002000000${'00'.repeat(4)}00${'00'.repeat(32)}36000000`, 'hash', 'a proposal has a block'],
    [
      'a proposal whose valid round is its own',
      `09020500000000000000020000000300000001${AA}36000000`,
      'validRound',
      'validRound of a proposal is below its round',
    ],
    ['nil with a hash', `0901050000000000000002000000${'00'.repeat(4)}00${AA}36000000`, 'hash', 'a hash that is none is zeros'],
  ];

  it.each(refusals)('refuses %s', (_what, hex, field, message) => {
    expect(errorOf(() => decodeLoggedInput(bytesOf(hex)))).toEqual({
      code: 'CONSENSUS_INPUT_BYTES_INVALID',
      message: `bytes are not a logged input (${message}): the log is damaged or of another version`,
      field,
    });
  });

  it('keep as much of a reason as consensus keeps', () => {
    const input = (reason: string): LoggedInput => ({ type: 'buildFailed', height: 1, round: 0, reason });
    const kept = (reason: string): LoggedInput => decodeLoggedInput(encodeLoggedInput(input(reason)));
    expect(kept('x'.repeat(512))).toEqual(input('x'.repeat(512)));
    expect(kept('x'.repeat(513))).toEqual(input('x'.repeat(512)));
    expect(kept('é'.repeat(400))).toEqual(input('é'.repeat(256)));
    // 128 characters of four bytes fill the limit; none is cut in two.
    expect(kept(`x${'\u{1f600}'.repeat(200)}`)).toEqual(input(`x${'\u{1f600}'.repeat(127)}`));
    expect(kept('half \ud800 a pair \udc00')).toEqual(input('half \ufffd a pair \ufffd'));
  });
});

describe('the bytes of the status of a peer', () => {
  const status: PeerStatus = {
    height: 5,
    round: 2,
    proposal: hashOf(0xaa),
    votes: [{ kind: 'precommit', round: 1, blockHash: undefined, positions: [0, 9, 99] }],
  };
  const encoded = peerStatusCodec.encode(status);
  const rowStart = 8 + 4 + 1 + 32 + 4;

  it('are these', () => {
    expect(hexOf(encoded)).toBe(
      `0500000000000000${'03000000'}01${'aa'.repeat(32)}31000000010100000000${'00'.repeat(32)}0102${'00'.repeat(10)}08`,
    );
    expect(peerStatusCodec.decode(encoded)).toEqual(status);
  });

  const damages: readonly (readonly [what: string, bytes: Uint8Array, field: string, message: string])[] = [
    ['an unknown kind of vote', changed(encoded, rowStart, 2), 'votes.kind', 'kind of a vote must be 0 (prevote) or 1 (precommit)'],
    [
      'votes of a round above its own',
      changed(encoded, rowStart + 1, 3),
      'votes.round',
      'votes are told of the round of the status and of those below it',
    ],
    ['nil with a hash', changed(encoded, rowStart + 6, 1), 'hash', 'a hash that is none is zeros'],
    ['a place beyond the largest set', changed(encoded, encoded.length - 1, 0x10), 'votes.positions', 'a set has at most 100 places'],
    ['no proposal with a hash', changed(encoded, 12, 0), 'hash', 'a hash that is none is zeros'],
    ['a bitmap that is too short', encoded.subarray(0, -1), 'votes', 'votes has to be a list of items of 51 bytes'],
  ];

  it.each(damages)('refuse %s (ASA-2025-003)', (_what, bytes, field, message) => {
    expect(errorOf(() => peerStatusCodec.decode(bytes))).toEqual({
      code: 'CONSENSUS_STATUS_BYTES_INVALID',
      message: `bytes are not the status of a peer (${message}): cut the peer`,
      field,
    });
  });

  it('hold a bounded number of lists', () => {
    const [row] = status.votes;
    const votes = (count: number): PeerStatus['votes'] => Array.from({ length: count }, () => row as PeerStatus['votes'][number]);
    const max = CONSENSUS_LIMITS.voteSummariesPerStatusMax;
    expect(peerStatusCodec.decode(peerStatusCodec.encode({ ...status, votes: votes(max) }))).toEqual({ ...status, votes: votes(max) });
    expect(() => peerStatusCodec.encode({ ...status, votes: votes(max + 1) })).toThrow(InvariantError);
    const full = peerStatusCodec.encode({ ...status, votes: votes(max) });
    expect(errorOf(() => peerStatusCodec.decode(Uint8Array.of(...full, ...full.subarray(rowStart, rowStart + 51))))).toEqual({
      code: 'CONSENSUS_STATUS_BYTES_INVALID',
      message: 'bytes are not the status of a peer (votes has to be a list of at most 32 items): cut the peer',
      field: 'votes',
    });
  });
});

describe('the codes of errors', () => {
  it('are these', () => {
    expect(Object.keys(CONSENSUS_ERRORS)).toEqual(['CONSENSUS_INPUT_BYTES_INVALID', 'CONSENSUS_STATUS_BYTES_INVALID']);
  });
});
