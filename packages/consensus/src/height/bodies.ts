import { type Address, type BlockHash, equalBytes } from '@mutual-chain/protocol';
import type { BlockFacts } from '../input.ts';
import { CONSENSUS_LIMITS } from '../limits.ts';
import { quorumValues } from '../votes/vote-keeper.ts';
import { isSameValue } from '../votes/vote-tally.ts';
import { type Draft, update } from './draft.ts';
import { type HeightState, type KnownBlock, knownBlock } from './height-state.ts';
import { turnProposals } from './turn-proposals.ts';

/** Notes that a body is here. Blocks that nothing names are kept up to a limit; the others can be asked for again. */
export function keepBody(draft: Draft, facts: BlockFacts): void {
  const { state } = draft;
  if (state.blocks.length < CONSENSUS_LIMITS.blocksPerHeightMax || isNamed(state, facts.blockHash)) addBody(draft, facts);
}

/** Keeps a block that this node built itself: it is valid, and there is always room for it. */
export function keepBuilt(draft: Draft, facts: BlockFacts): void {
  addBody(draft, facts);
  moveBlock(draft, facts.blockHash, 'received', 'valid', '');
}

function addBody(draft: Draft, facts: BlockFacts): void {
  const { state } = draft;
  if (knownBlock(state, facts.blockHash) !== undefined) return;
  update(draft, {
    blocks: [...state.blocks, { facts, stage: 'received', reason: '' }],
    wantedBodies: state.wantedBodies.filter((each) => !equalBytes(each, facts.blockHash)),
  });
}

/** Moves a block on to a stage; unknown blocks and those past that stage stay as they are. */
export function moveBlock(draft: Draft, blockHash: BlockHash, from: KnownBlock['stage'], to: KnownBlock['stage'], reason: string): void {
  const block = knownBlock(draft.state, blockHash);
  if (block?.stage !== from) return;
  update(draft, { blocks: draft.state.blocks.map((each) => (each === block ? { ...each, stage: to, reason } : each)) });
}

/** Asks for the bodies and the verdicts that the next vote or the decision hangs on, and for no others any more. */
export function pursueBodies(draft: Draft): void {
  const wanted = wantedNow(draft.state);
  const asked = draft.state.wantedBodies.filter((each) => wanted.some((hash) => equalBytes(hash, each)));
  if (asked.length < draft.state.wantedBodies.length) update(draft, { wantedBodies: asked });
  for (const blockHash of wanted) {
    const block = knownBlock(draft.state, blockHash);
    if (block?.stage === 'received') {
      moveBlock(draft, blockHash, 'received', 'validating', '');
      draft.effects.push({ type: 'validateBlock', height: draft.state.height, blockHash });
    } else if (block === undefined && isUrgent(draft.state, blockHash)) requestOnce(draft, blockHash);
  }
}

/** Asks once more for every body that is missing. Changes nothing, because what the re-sending timer does is not logged. */
export function requestMissingBodies(draft: Draft): void {
  for (const blockHash of wantedNow(draft.state)) {
    if (knownBlock(draft.state, blockHash) === undefined) request(draft, blockHash);
  }
}

/** Asks anew for every verdict and every body that was asked for and has not come. */
export function pursueAgain(draft: Draft): void {
  const { height, blocks, wantedBodies } = draft.state;
  for (const { facts, stage } of blocks)
    if (stage === 'validating') draft.effects.push({ type: 'validateBlock', height, blockHash: facts.blockHash });
  for (const blockHash of wantedBodies) request(draft, blockHash);
}

/**
 * The bodies that are not here and of use: those that the next vote or the decision hangs on, and those proposed for the next round, because
 * whoever ends this round a moment earlier proposes before the others are ready, and sends the body once.
 */
export function missingBodies(state: HeightState): readonly BlockHash[] {
  const next = turnProposals(state, state.round.round + 1).map(({ proposal }) => proposal.blockHash);
  return unique([...wantedNow(state), ...next]).filter((each) => knownBlock(state, each) === undefined);
}

/** Who should hold the body of a block: whoever proposed it or voted for it, each once. */
function holdersOf(state: HeightState, blockHash: BlockHash): readonly Address[] {
  const positions = new Set<number>();
  for (const { proposal, position } of state.proposals) if (equalBytes(proposal.blockHash, blockHash)) positions.add(position);
  for (const { prevote, precommit } of state.keeper.rounds)
    for (const value of [...prevote.values, ...precommit.values])
      if (isSameValue(value.blockHash, blockHash)) for (const { position } of value.votes) positions.add(position);
  if (state.certificate !== undefined && equalBytes(state.certificate.blockHash, blockHash))
    for (const { validatorIndex } of state.certificate.signatures) positions.add(validatorIndex);
  return [...positions]
    .sort((left, right) => left - right)
    .flatMap((position) => {
      const validator = state.validators.validators[position];
      return validator === undefined || position === state.ownPosition ? [] : [validator.address];
    });
}

/** Blocks that matter now: proposed in this round, with a quorum behind them, or final. */
function wantedNow(state: HeightState): readonly BlockHash[] {
  const round = Math.max(state.round.round, 0);
  const hashes: BlockHash[] = [];
  for (const { proposal } of turnProposals(state, round)) hashes.push(proposal.blockHash);
  return unique([...hashes, ...quorumHashes(state)]);
}

function isUrgent(state: HeightState, blockHash: BlockHash): boolean {
  return quorumHashes(state).some((each) => equalBytes(each, blockHash));
}

function quorumHashes(state: HeightState): readonly BlockHash[] {
  const hashes = state.certificate === undefined ? [] : [state.certificate.blockHash];
  const { round: current, validRound } = state.round;
  for (const { round, blockHash } of quorumValues(state.keeper, 'prevote'))
    if (round === current || (round > validRound && round < current)) hashes.push(blockHash);
  for (const { blockHash } of quorumValues(state.keeper, 'precommit')) hashes.push(blockHash);
  return hashes;
}

function requestOnce(draft: Draft, blockHash: BlockHash): void {
  const { wantedBodies } = draft.state;
  if (wantedBodies.some((each) => equalBytes(each, blockHash))) return;
  update(draft, { wantedBodies: [...wantedBodies, blockHash] });
  request(draft, blockHash);
}

function request(draft: Draft, blockHash: BlockHash): void {
  const { height } = draft.state;
  draft.effects.push({ type: 'requestBlock', height, blockHash, holders: holdersOf(draft.state, blockHash) });
}

function isNamed(state: HeightState, blockHash: BlockHash): boolean {
  return holdersOf(state, blockHash).length > 0 || unique(quorumHashes(state)).some((each) => equalBytes(each, blockHash));
}

function unique(hashes: readonly BlockHash[]): readonly BlockHash[] {
  return hashes.filter((hash, index) => hashes.findIndex((each) => equalBytes(each, hash)) === index);
}
