import { type Address, advanceHeight, equalBytes, proposerAt, type ValidatorSet } from '@mutual-chain/protocol';
import type { HeightState } from './height-state.ts';

/** The proposers of rounds 0 to `round`, and the priorities from which to go on. One step of the rotation a round. */
export function extendTurns(state: HeightState, round: number): Pick<HeightState, 'proposers' | 'nextPriorities'> {
  const proposers = [...state.proposers];
  let { nextPriorities } = state;
  while (proposers.length <= round) {
    proposers.push(proposerAt(nextPriorities, 0).address);
    nextPriorities = advanceHeight(nextPriorities);
  }
  return { proposers, nextPriorities };
}

/** The proposer of a round up to the current one, or of the one after it. */
export function proposerOf(state: HeightState, round: number): Address {
  return state.proposers[round] ?? proposerAt(state.nextPriorities, round - state.proposers.length).address;
}

/** Whether the address is the proposer of some round from 0 to `round`. */
export function isProposerUpTo(state: HeightState, address: Address, round: number): boolean {
  if (state.proposers.slice(0, round + 1).some((each) => equalBytes(each, address))) return true;
  let set: ValidatorSet = state.nextPriorities;
  for (let each = state.proposers.length; each <= round; each++) {
    if (equalBytes(proposerAt(set, 0).address, address)) return true;
    set = advanceHeight(set);
  }
  return false;
}
