import type { SignRequest } from '@mutual-chain/consensus';
import { accusedOf, encodeHex } from '@mutual-chain/protocol';
import type { Cluster, Message } from './cluster.ts';
import { addressOf } from './validators.ts';

/*
 * What must hold whatever the network, the clock and up to a third of the power do. Judged from the outside, from what was signed, sent and
 * committed, with arithmetic of its own.
 */

/** Everything that was ever signed, by whom. */
export type Signed = { readonly place: number; readonly request: SignRequest };

/** What was signed in messages of a faulty validator. */
export function signedIn(place: number, message: Message): readonly Signed[] {
  if (message.type === 'vote') return [{ place, request: message.vote }];
  if (message.type !== 'proposal') return [];
  return [{ place, request: { kind: 'proposal', ...message.proposal } }];
}

/** Sentences about what is broken among the honest nodes; none when all is well. */
export function violations(cluster: Cluster, honest: readonly number[], signedByFaulty: readonly Signed[]): readonly string[] {
  const signed = [...honest.flatMap((place) => cluster.node(place).signatures.map((request) => ({ place, request }))), ...signedByFaulty];
  return [
    ...disagreements(cluster, honest),
    ...honest.flatMap((place) => doubleSigns(place, cluster.node(place).signatures)),
    ...honest.flatMap((place) => brokenLocks(cluster, place, signed)),
    ...honest.flatMap((place) => halts(cluster, place)),
    ...honest.flatMap((place) => slanders(cluster, place, honest)),
  ];
}

function disagreements(cluster: Cluster, honest: readonly number[]): readonly string[] {
  const decided = new Map<number, string>();
  const found: string[] = [];
  for (const place of honest) {
    for (const [index, { block }] of cluster.node(place).chain.entries()) {
      const hash = encodeHex(block.blockHash);
      const known = decided.get(index + 1) ?? hash;
      decided.set(index + 1, known);
      if (known !== hash) found.push(`height ${index + 1}: node ${place} decided another block`);
      if (block.blockHash[31] !== 0) found.push(`height ${index + 1}: node ${place} decided an invalid block`);
    }
  }
  return found;
}

function doubleSigns(place: number, requests: readonly SignRequest[]): readonly string[] {
  const known = new Map<string, string>();
  const found: string[] = [];
  for (const request of requests) {
    const step = `${request.kind} ${request.height} ${request.round}`;
    const value = `${valueSigned(request)} ${request.kind === 'proposal' ? request.validRound : ''}`;
    if ((known.get(step) ?? value) !== value) found.push(`node ${place} signed two messages: ${step}`);
    known.set(step, value);
  }
  return found;
}

/** A prevote against one's own precommit needs 2f+1 prevotes for the new value in that round or a later one. */
function brokenLocks(cluster: Cluster, place: number, signed: readonly Signed[]): readonly string[] {
  const own = cluster.node(place).signatures;
  const found: string[] = [];
  for (const lock of own) {
    if (lock.kind !== 'precommit' || lock.blockHash === undefined) continue;
    for (const vote of own) {
      if (vote.kind !== 'prevote' || vote.blockHash === undefined || vote.height !== lock.height || vote.round <= lock.round) continue;
      if (valueSigned(vote) === valueSigned(lock) || hasPolka(cluster, signed, vote, lock.round)) continue;
      found.push(`node ${place} prevoted in round ${vote.round} of height ${vote.height} against its lock of round ${lock.round}`);
    }
  }
  return found;
}

function hasPolka(cluster: Cluster, signed: readonly Signed[], vote: SignRequest, lockedRound: number): boolean {
  const { validators } = cluster.validatorsAt(vote.height);
  const total = validators.reduce((sum, { power }) => sum + power, 0n);
  for (let round = lockedRound; round < vote.round; round++) {
    const voters = new Set<number>();
    for (const { place, request } of signed)
      if (
        request.kind === 'prevote' &&
        request.height === vote.height &&
        request.round === round &&
        valueSigned(request) === valueSigned(vote)
      )
        voters.add(place);
    let power = 0n;
    for (const voter of voters) power += validators.find(({ address }) => encodeHex(address) === encodeHex(addressOf(voter)))?.power ?? 0n;
    if (power * 3n > total * 2n) return true;
  }
  return false;
}

function halts(cluster: Cluster, place: number): readonly string[] {
  const { halted } = cluster.node(place);
  return halted === undefined ? [] : [`node ${place} stopped: ${halted}`];
}

function slanders(cluster: Cluster, place: number, honest: readonly number[]): readonly string[] {
  return cluster
    .node(place)
    .evidence.filter((evidence) => honest.some((other) => encodeHex(addressOf(other)) === encodeHex(accusedOf(evidence))))
    .map((evidence) => `node ${place} accuses an honest validator of ${evidence.kind}`);
}

function valueSigned({ blockHash }: SignRequest): string {
  return blockHash === undefined ? 'nil' : encodeHex(blockHash);
}
