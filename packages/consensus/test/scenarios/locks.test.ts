import { describe, expect, it } from 'vitest';
import { isVote, Script } from '../support/script.ts';

/*
 * Goal: what makes locks safe also makes them harmless: whoever holds one makes the others decide it or learns why it does not count.
 * Method: four nodes, every message and timer by hand; the transcript is compared with one that was read by people.
 */

/** Four nodes in round 0, where node 0 has proposed B1 and all have prevoted it; the prevotes are on their way. */
function prevotedB1(): Script {
  const script = new Script(4);
  script.start();
  script.expire('blockInterval', 0, 1, 2, 3);
  script.deliver(({ message }) => message.type === 'proposal');
  return script;
}

/** Only node 3 sees 2f+1 prevotes for B1 and locks it; all others precommit nil; the next round begins. */
function hiddenLock(): Script {
  const script = new Script(4);
  script.start();
  script.expire('blockInterval', 0, 1, 2, 3);
  script.deliver(({ message, to }) => message.type === 'proposal' && to !== 2);
  script.lose('the proposal to node 2', ({ message }) => message.type === 'proposal');
  script.expire('propose', 2);
  script.say('node 3 alone sees the three prevotes for B1, and locks');
  script.deliver((envelope) => envelope.to === 3 && isVote(envelope, 'prevote'));
  script.lose('the prevotes of node 3', ({ from }) => from === 3);
  script.deliver((envelope) => isVote(envelope, 'prevote'));
  script.expire('prevote', 0, 1, 2);
  script.deliver((envelope) => isVote(envelope, 'precommit') && envelope.from !== 3);
  script.lose('the precommit of node 3', (envelope) => isVote(envelope, 'precommit'));
  return script;
}

describe('a hidden lock', () => {
  it('does not stop the others from deciding another block, nor its holder from following', () => {
    const script = hiddenLock();
    script.say('round 1: node 1 knows of no lock and proposes B2');
    script.deliver();
    expect([0, 1, 2, 3].map((place) => script.committed(place))).toEqual([2, 2, 2, 2]);
    // The holder never voted for B2.
    const votes = script.cluster.node(3).signatures.filter(({ kind, round }) => kind === 'prevote' && round === 1);
    expect(votes).toEqual([{ kind: 'prevote', height: 1, round: 1, blockHash: undefined }]);
  });

  it('is resolved by its holder when the others cannot decide without it', async () => {
    const script = hiddenLock();
    script.kill(2);
    script.say('round 1: node 3 prevotes nil, so B2 gets only two of the three prevotes that it needs');
    script.deliver();
    for (const round of [1, 2]) {
      script.say(
        `round ${round} ends without a quorum${round === 2 ? '; round 3 is node 3’s, who proposes B1 again and sends its polka along' : ''}`,
      );
      script.expire('propose', 0, 1, 3);
      script.deliver();
      script.expire('prevote', 0, 1, 3);
      script.deliver();
      script.expire('precommit', 0, 1, 3);
      script.deliver();
    }
    expect([0, 1, 3].map((place) => script.committed(place))).toEqual([1, 1, 1]);
    await expect(script.text).toMatchFileSnapshot('../transcripts/hidden-lock.txt');
  });

  it('is resolved by the next proposer, whoever that is, once its holder has told of the quorum', async () => {
    const script = hiddenLock();
    script.kill(1);
    script.lose('what node 1 sent in round 1', ({ from }) => from === 1);
    script.say('node 3 tells what it has, and the others ask for what they miss');
    script.expire('resend', 3);
    script.deliver();
    script.say('round 1 ends without a proposal; round 2 is node 2’s, who was never locked, and proposes B1 again');
    script.expire('propose', 0, 2, 3);
    script.deliver();
    expect([0, 2, 3].map((place) => script.committed(place))).toEqual([1, 1, 1]);
    expect(script.cluster.node(2).signatures.filter(({ kind }) => kind === 'proposal')).toEqual([
      { kind: 'proposal', height: 1, round: 2, validRound: 0, blockHash: expect.anything() },
    ]);
    await expect(script.text).toMatchFileSnapshot('../transcripts/hidden-lock-told.txt');
  });
});

describe('all nodes killed after a lock', () => {
  it('decide the locked block, whose body each of them has kept, and sign nothing twice', async () => {
    const script = prevotedB1();
    script.deliver((envelope) => isVote(envelope, 'prevote'));
    script.lose('all precommits');
    script.kill(0, 1, 2, 3);
    const before = script.cluster.nodes.map(({ signatures }) => [...signatures]);
    script.start();
    script.say('nothing is asked of the signers; the timer sends what was lost');
    expect(script.cluster.nodes.map(({ signatures }) => signatures)).toEqual(before);
    script.expire('resend', 0, 1, 2, 3);
    script.deliver();
    expect([0, 1, 2, 3].map((place) => script.committed(place))).toEqual([1, 1, 1, 1]);
    await expect(script.text).toMatchFileSnapshot('../transcripts/all-killed-after-a-lock.txt');
  });
});

describe('a nil polka', () => {
  it('does not unlock: in the next round a fresh other block is answered with nil', () => {
    const script = prevotedB1();
    script.deliver((envelope) => isVote(envelope, 'prevote'));
    script.lose('all precommits');
    script.say('all are locked on B1; the precommit timer runs out everywhere, and nobody hears the proposal of round 1');
    for (const place of [0, 1, 2, 3])
      script.cluster.input(place, { type: 'timeoutExpired', timeout: { kind: 'precommit', height: 1, round: 0 } });
    script.lose('the proposal of round 1');
    script.expire('propose', 0, 2, 3);
    script.deliver((envelope) => isVote(envelope, 'prevote', 1));
    expect(script.cluster.nodes.map(({ state }) => state.current?.round.lockedRound)).toEqual([0, 0, 0, 0]);
    script.say('round 2: node 2 proposes B1 again');
    script.deliver();
    expect([0, 1, 2, 3].map((place) => script.committed(place))).toEqual([1, 1, 1, 1]);
    expect(script.cluster.blocks.size).toBe(1);
  });
});
