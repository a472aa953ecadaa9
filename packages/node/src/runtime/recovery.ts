import {
  type ConsensusState,
  coversLastSign,
  decodeLoggedInput,
  type HeightStarted,
  type SignRequest,
  type Step,
  step,
} from '@mutual-chain/consensus';
import { assertInvariant } from '@mutual-chain/protocol';
import type { LogRecord } from '../wal/write-ahead-log.ts';
import type { ShelvedBody } from './body-shelf.ts';
import type { ChainTip, InspectedBody, LogRecordKind } from './ports.ts';

/** What a height begins from. */
export type HeightStart = {
  readonly state: ConsensusState;
  readonly tip: ChainTip;
  /** What the log has of the height. */
  readonly records: readonly LogRecord<LogRecordKind>[];
  /** What was signed last, by any run of this node. */
  readonly lastSign: SignRequest | undefined;
  readonly inspect: (body: Uint8Array) => InspectedBody | undefined;
};

/** A height that has begun. */
export type StartedHeight = Step & {
  /** Bodies found in the log. */
  readonly bodies: readonly ShelvedBody[];
  /** Why this node signs nothing at this height; undefined when it may. */
  readonly forbidden: string | undefined;
};

/**
 * Begins a height and replays what the log has of it.
 *
 * After that, the last signature must be found among this node's own messages, or be asked for again with exactly the same bytes; else a
 * lock may have been forgotten, and the node only follows until the height is decided. Nothing is signed at or below an older signature.
 */
export function beginHeight(start: HeightStart): StartedHeight {
  const replayed = replay(start, 'allowed');
  const forbidden = whyForbidden(replayed.state, start.tip.height + 1, start.lastSign);
  return forbidden === undefined ? { ...replayed, forbidden } : { ...replay(start, 'forbidden'), forbidden };
}

function replay(start: HeightStart, signing: HeightStarted['signing']): Step & { readonly bodies: readonly ShelvedBody[] } {
  const { tip, records } = start;
  const started: HeightStarted = { type: 'heightStarted', height: tip.height + 1, validators: tip.validators, timing: tip.timing, signing };
  if (records.length === 0) return { ...step(start.state, started), bodies: [] };
  // What came early is in the log if it was ever taken up.
  let { state } = step({ ...start.state, early: [] }, started);
  const bodies: ShelvedBody[] = [];
  for (const { kind, payload } of records) {
    if (kind === 'body') bodies.push(shelve(start, payload));
    else state = step(state, decodeLoggedInput(payload)).state;
  }
  const { state: resumed, effects } = step(state, { type: 'resumed' });
  return { state: resumed, effects, bodies };
}

function shelve({ inspect }: HeightStart, body: Uint8Array): ShelvedBody {
  const block = inspect(body);
  assertInvariant(block !== undefined, 'a body in the log was well-formed when it was written there');
  return { block, body };
}

function whyForbidden(state: ConsensusState, height: number, lastSign: SignRequest | undefined): string | undefined {
  if (lastSign === undefined || lastSign.height < height) return undefined;
  if (lastSign.height > height) return `something was signed at height ${lastSign.height}, above height ${height}`;
  if (coversLastSign(state, lastSign)) return undefined;
  return `the log does not contain what was signed last at height ${height}, in round ${lastSign.round}`;
}
