import { describe, expect, it } from 'vitest';
import { isVote, Script } from '../support/script.ts';

/*
 * Goal: what one correct node has, all get, also where not everybody can talk to everybody and where the only holder of a vote dies.
 * Method: clusters with missing links; the last one by hand, with its transcript.
 */

const TOPOLOGIES: readonly (readonly [name: string, nodes: number, isLinked: (from: number, to: number) => boolean])[] = [
  ['a star of four around node 0', 4, (from, to) => from === 0 || to === 0],
  ['a star of seven around node 6', 7, (from, to) => from === 6 || to === 6],
  ['a line of four', 4, (from, to) => Math.abs(from - to) === 1],
  ['two cliques of three that share node 2', 5, (from, to) => (from <= 2 && to <= 2) || (from >= 2 && to >= 2)],
  ['a ring of seven', 7, (from, to) => (from - to + 7) % 7 === 1 || (to - from + 7) % 7 === 1],
  ['one of four that hears and is not heard', 4, (from) => from !== 3],
];

describe('a network that is', () => {
  it.each(TOPOLOGIES)('%s decides', (_name, nodes, isLinked) => {
    const script = new Script(nodes, { isLinked });
    script.start();
    script.cluster.runUntil(4);
    const chains = script.cluster.nodes.map((_, place) => [1, 2, 3, 4].map((height) => script.committed(place, height)));
    expect(chains).toEqual(chains.map(() => chains[0]));
  });
});

describe('the only copy of a vote', () => {
  it('survives its signer and the first death of its holder', async () => {
    const script = new Script(4);
    script.start();
    script.expire('blockInterval', 0, 1, 2, 3);
    script.deliver(({ message, to }) => message.type === 'proposal' && to !== 3);
    script.lose('the proposal to node 3', ({ message }) => message.type === 'proposal');
    script.expire('propose', 3);
    script.deliver((envelope) => isVote(envelope, 'prevote') && (envelope.to !== 3 || envelope.from <= 1));
    script.lose('the prevote of node 2 to node 3', (envelope) => isVote(envelope, 'prevote'));
    script.expire('prevote', 3);
    script.say('three precommitted B1 and node 3 nil, so every single precommit for B1 is needed');
    script.say('the precommit of node 0 gets to node 1 alone');
    script.deliver((envelope) => isVote(envelope, 'precommit') && envelope.from === 0 && envelope.to === 1);
    script.lose('all other precommits', (envelope) => isVote(envelope, 'precommit'));
    script.kill(0);
    script.kill(1);
    script.say('two of four are left, and cannot decide');
    script.expire('resend', 2, 3);
    script.deliver();
    expect([2, 3].map((place) => script.committed(place))).toEqual([0, 0]);
    script.start(1);
    script.expire('resend', 1);
    script.deliver();
    expect([1, 2, 3].map((place) => script.committed(place))).toEqual([1, 1, 1]);
    await expect(script.text).toMatchFileSnapshot('../transcripts/only-copy-of-a-vote.txt');
  });
});
