import { type Draft, update } from './draft.ts';
import { cutPeer, noteFailure } from './peers.ts';
import type { FetchedBlock, SyncInput } from './sync-input.ts';
import type { BufferedBlock, RangeRequest } from './sync-state.ts';

/** Bytes of a signature in a certificate, and of what a certificate and its block have besides. */
const SIGNATURE_BYTES = 66;
const FRAME_BYTES = 64;

/** Bytes that a fetched block takes in an answer. */
export function answerBytes({ certificate, body }: FetchedBlock): number {
  return FRAME_BYTES + certificate.signatures.length * SIGNATURE_BYTES + body.length;
}

/** Takes an answer, whose blocks go into the buffer unverified. Whether they are right is seen when their turn comes. */
export function receiveBlocks(draft: Draft, input: SyncInput & { readonly type: 'blocksReceived' }): void {
  const request = draft.state.ranges.find(({ requestId, peer }) => requestId === input.requestId && peer === input.peer);
  if (request === undefined) return;
  update(draft, { ranges: draft.state.ranges.filter((each) => each !== request) });
  if (input.blocks.length === 0) {
    noteFailure(draft, input.peer, input.nowMs);
    return;
  }
  if (!isAnswer(draft, request, input.blocks)) {
    cutPeer(draft, input.peer, 'ANSWER_MALFORMED', input.nowMs);
    return;
  }
  buffer(draft, input.peer, input.blocks);
}

/** Gives the next block to the chain, one at a time. */
export function applyNext(draft: Draft): void {
  const { applying, buffered, height } = draft.state;
  const [next] = buffered;
  if (applying !== undefined || next?.height !== height + 1) return;
  update(draft, { applying: { height: next.height, peer: next.peer }, buffered: buffered.slice(1) });
  draft.effects.push({ type: 'applyBlock', peer: next.peer, height: next.height, block: next.block });
}

function isAnswer(draft: Draft, { fromHeight, count }: RangeRequest, blocks: readonly FetchedBlock[]): boolean {
  const bytes = blocks.reduce((sum, block) => sum + answerBytes(block), 0);
  const isInOrder = blocks.every(({ certificate }, index) => certificate.height === fromHeight + index);
  return blocks.length <= count && bytes <= draft.state.limits.answerBytesMax && isInOrder;
}

function buffer(draft: Draft, peer: string, blocks: readonly FetchedBlock[]): void {
  const { buffered, height, applying } = draft.state;
  const first = Math.max(height, applying?.height ?? 0) + 1;
  const held = new Set(buffered.map((each) => each.height));
  const added = blocks
    .map((block): BufferedBlock => ({ height: block.certificate.height, peer, bytes: answerBytes(block), block }))
    .filter((each) => each.height >= first && !held.has(each.height));
  update(draft, { buffered: [...buffered, ...added].sort((left, right) => left.height - right.height) });
}
