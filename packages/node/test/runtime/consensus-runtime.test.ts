import { decodeLoggedInput, type SignRequest } from '@mutual-chain/consensus';
import { encodeHex } from '@mutual-chain/protocol';
import { describe, expect, it } from 'vitest';
import { type Deed, decidedAt, decisionsOf, MemoryCluster, type MemoryNode } from './memory-cluster.ts';

// Goal: the runtime keeps the order of durability and comes back from its log. Method: validators over ports that remember everything.

function startedCluster(count: number): MemoryCluster {
  const cluster = new MemoryCluster(count);
  for (const node of cluster.nodes) cluster.start(node);
  return cluster;
}

function everyoneAt(nodes: readonly MemoryNode[], height: number): () => boolean {
  return () => nodes.every(({ chain }) => chain.length >= height);
}

/** What was signed or sent while something that led to it was not durable. */
function premature(deeds: readonly Deed[]): readonly Deed[] {
  return deeds.filter((deed) => deed.type !== 'synced' && deed.unsynced > 0 && !(deed.type === 'sent' && deed.message === 'status'));
}

describe('ConsensusRuntime', () => {
  it.each([1, 2, 4])('lets %i validators agree on heights one after another', (count) => {
    const cluster = startedCluster(count);
    const { nodes } = cluster;
    expect(cluster.runUntil(everyoneAt(nodes, 5))).toBe(true);
    const [first] = nodes;
    const decided = decisionsOf(first as MemoryNode).slice(0, 5);
    expect(decided).toHaveLength(5);
    expect(nodes.map((node) => decisionsOf(node).slice(0, 5))).toEqual(nodes.map(() => decided));
  });

  it('signs and sends nothing before what led to it is durable', () => {
    const cluster = startedCluster(4);
    expect(cluster.runUntil(everyoneAt(cluster.nodes, 3))).toBe(true);
    for (const { deeds } of cluster.nodes) {
      expect(deeds.filter(({ type }) => type === 'signed').length).toBeGreaterThan(3);
      expect(premature(deeds)).toEqual([]);
    }
  });

  it('goes on from its log after every node was killed in the middle of a height (Malachite 864)', () => {
    const cluster = startedCluster(4);
    expect(cluster.runUntil(() => cluster.nodes.some(({ lastSign }) => lastSign?.height === 3 && lastSign.kind === 'precommit'))).toBe(
      true,
    );
    const signed = cluster.nodes.map(({ lastSign }) => lastSign);
    for (const node of cluster.nodes) cluster.kill(node);
    for (const node of cluster.nodes) cluster.start(node);
    expect(cluster.nodes.map(({ forbidden }) => forbidden)).toEqual(cluster.nodes.map(() => []));
    expect(cluster.runUntil(everyoneAt(cluster.nodes, 5))).toBe(true);
    expect(signed).not.toContain(undefined);
    for (const { deeds } of cluster.nodes) expect(conflicts(deeds)).toEqual([]);
  });

  it('proposes the same block again when the power went between its signature and the log (Malachite 850)', () => {
    const cluster = startedCluster(4);
    const proposalsOf = ({ deeds }: MemoryNode): readonly SignRequest[] =>
      deeds.flatMap((deed) =>
        deed.type === 'signed' && deed.request.kind === 'proposal' && deed.request.height === 3 ? [deed.request] : [],
      );
    const hasProposed = (node: MemoryNode): boolean => proposalsOf(node).length > 0;
    expect(cluster.runUntil(() => cluster.nodes.some(hasProposed))).toBe(true);
    const proposer = cluster.nodes.find(hasProposed) as MemoryNode;
    const [proposed] = proposalsOf(proposer);
    for (const node of cluster.nodes) cluster.kill(node);
    const isProposal = ({ kind, payload }: (typeof proposer.durable)[number]): boolean =>
      kind === 'input' && decodeLoggedInput(payload).type === 'proposalSigned';
    proposer.durable = proposer.durable.slice(0, proposer.durable.findIndex(isProposal));
    proposer.lastSign = proposed;
    // A block that is built now has another time, and so another hash.
    cluster.nowMs += 1_000;
    for (const node of cluster.nodes) cluster.start(node);
    expect(cluster.runUntil(everyoneAt(cluster.nodes, 3))).toBe(true);
    expect(proposalsOf(proposer)).toEqual([proposed, proposed]);
    expect(cluster.nodes.map(({ chain }) => chain[2]?.blockHash)).toEqual(cluster.nodes.map(() => proposed?.blockHash));
  });

  it('votes for no block that execution finds invalid, and decides another (Mainsail 1314)', () => {
    const cluster = new MemoryCluster(4);
    let refused: string | undefined;
    for (const node of cluster.nodes) {
      node.judge = (blockHash) => {
        refused ??= encodeHex(blockHash);
        return encodeHex(blockHash) === refused ? { valid: false, reason: 'STATE_ROOT_WRONG' } : { valid: true, reason: '' };
      };
      cluster.start(node);
    }
    expect(cluster.runUntil(everyoneAt(cluster.nodes, 1))).toBe(true);
    const signed = cluster.nodes.flatMap(({ deeds }) => deeds.flatMap((deed) => (deed.type === 'signed' ? [deed.request] : [])));
    const forRefused = signed.filter(({ blockHash }) => blockHash !== undefined && encodeHex(blockHash) === refused);
    // Its proposer has executed it as it was built.
    expect(forRefused.map(({ kind }) => kind)).toEqual(['proposal', 'prevote']);
    expect(cluster.nodes.map(({ chain }) => chain[0] !== undefined && encodeHex(chain[0].blockHash) !== refused)).toEqual(
      cluster.nodes.map(() => true),
    );
  });

  it('signs nothing at a height whose log was lost, and follows', () => {
    const cluster = startedCluster(4);
    const [victim, ...others] = cluster.nodes as [MemoryNode, ...MemoryNode[]];
    expect(cluster.runUntil(() => victim.lastSign?.height === 3)).toBe(true);
    cluster.kill(victim);
    victim.durable = [];
    const before = victim.deeds.length;
    cluster.start(victim);
    expect(victim.forbidden).toEqual([expect.stringContaining('3: the log does not contain what was signed last at height 3')]);
    expect(cluster.runUntil(everyoneAt(others, 3))).toBe(true);
    expect(victim.runtime?.receiveDecidedBlock(...served(others[0] as MemoryNode, 3))).toBe(true);
    expect(cluster.runUntil(() => victim.chain.length >= 3)).toBe(true);
    const signedAt3 = victim.deeds.slice(before).filter((deed) => deed.type === 'signed' && deed.request.height === 3);
    expect(signedAt3).toEqual([]);
  });

  it('catches up by decided blocks while others go on', () => {
    const cluster = startedCluster(4);
    const [victim, ...others] = cluster.nodes as [MemoryNode, ...MemoryNode[]];
    cluster.kill(victim);
    expect(cluster.runUntil(everyoneAt(others, 4))).toBe(true);
    cluster.start(victim);
    for (let height = 1; height <= 4; height++) {
      if (victim.chain.length >= height) continue;
      expect(victim.runtime?.receiveDecidedBlock(...served(others[0] as MemoryNode, height))).toBe(true);
      expect(cluster.runUntil(() => victim.chain.length >= height)).toBe(true);
    }
    expect(decisionsOf(victim).slice(0, 4)).toEqual(decisionsOf(others[0] as MemoryNode).slice(0, 4));
  });

  it('refuses a decided block whose certificate is no quorum', () => {
    const cluster = startedCluster(4);
    const [victim, ...others] = cluster.nodes as [MemoryNode, ...MemoryNode[]];
    cluster.kill(victim);
    expect(cluster.runUntil(everyoneAt(others, 1))).toBe(true);
    cluster.start(victim);
    const [certificate, body] = served(others[0] as MemoryNode, 1);
    const weak = { ...certificate, signatures: certificate.signatures.slice(1) };
    expect(victim.runtime?.receiveDecidedBlock(weak, body)).toBe(false);
    expect(victim.chain).toEqual([]);
  });

  it('stops when its key is in use elsewhere', () => {
    const cluster = startedCluster(4);
    expect(cluster.runUntil(() => witnessed(cluster, 3) !== undefined)).toBe(true);
    const [witness, victim] = witnessed(cluster, 3) as [MemoryNode, MemoryNode];
    for (const node of cluster.nodes) if (node !== witness) cluster.kill(node);
    victim.durable = [];
    victim.lastSign = undefined;
    cluster.start(victim);
    expect(cluster.runUntil(() => victim.halted !== undefined)).toBe(true);
    expect(victim.halted).toBe('the key of this validator is in use elsewhere: a precommit at height 3, round 0 was not signed here');
    expect(witness.halted).toBe(undefined);
  });

  it('stops when the log cannot be made durable', () => {
    const cluster = new MemoryCluster(4);
    const [victim] = cluster.nodes as [MemoryNode];
    for (const node of cluster.nodes) cluster.start(node);
    Object.defineProperty(victim.durable, 'push', {
      value: () => {
        throw new Error('no space');
      },
    });
    expect(cluster.runUntil(() => victim.halted !== undefined)).toBe(true);
    expect(victim.halted).toBe('no space');
    expect(premature(victim.deeds)).toEqual([]);
  });
});

/** A node that holds a precommit of another for a height that it has not decided, and that other one. */
function witnessed({ nodes }: MemoryCluster, height: number): [MemoryNode, MemoryNode] | undefined {
  for (const witness of nodes) {
    const current = witness.runtime?.state.current;
    if (current?.height !== height || current.phase !== 'running') continue;
    const votes = current.keeper.rounds.flatMap(({ precommit }) => precommit.values.flatMap((value) => value.votes));
    const victim = nodes.find(({ key }) => votes.some(({ vote }) => encodeHex(vote.validator) === encodeHex(key.address)));
    if (victim !== undefined && victim !== witness) return [witness, victim];
  }
  return undefined;
}

function served(node: MemoryNode, height: number): [ReturnType<typeof decidedAt>['certificate'], Uint8Array] {
  const { certificate, body } = decidedAt(node, height);
  return [certificate, body];
}

/** Places at which two different things were signed. */
function conflicts(deeds: readonly Deed[]): readonly string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const deed of deeds) {
    if (deed.type !== 'signed') continue;
    const { kind, height, round, blockHash } = deed.request;
    const place = `${kind} ${height} ${round}`;
    const content = String(blockHash);
    if ((seen.get(place) ?? content) !== content) found.push(place);
    seen.set(place, content);
  }
  return found;
}
