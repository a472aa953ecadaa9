import {
  type Address,
  type BlockHash,
  type Bytes32,
  evidenceCodec,
  evidenceOfVotes,
  type Signature,
  type StateRoot,
  type Vote,
} from '@mutual-chain/protocol';
import { type SimpleContext, stateAfter } from '../chain/execute-simple-block.ts';
import { encodeContent, encodeSimpleBlock, type SimpleHeader, simpleBlockHash, simpleContentHash } from '../chain/simple-block.ts';
import { type SimpleState, simpleSetHash } from '../chain/simple-state.ts';
import { encodeSimpleTransaction } from '../chain/simple-transaction.ts';
import type { RandomStream } from '../random/random-stream.ts';

/** What is wrong with a forged block; `nothing`: it is valid, and another one. */
export const FORGERIES = [
  'nothing',
  'height',
  'pastTime',
  'farTime',
  'parent',
  'proposer',
  'stateRoot',
  'contentHash',
  'validators',
  'nextValidators',
  'nonce',
  'tag',
  'lateTransaction',
  'repeatedTransaction',
  'inventedEvidence',
] as const;

/** One of `FORGERIES`. */
export type Forgery = (typeof FORGERIES)[number];

/** A forged body and its name. */
export type ForgedBlock = { readonly blockHash: BlockHash; readonly body: Uint8Array };

/** A block on a state, valid but for one thing. */
export function forgeBlock(
  context: SimpleContext,
  before: SimpleState,
  proposer: Address,
  timestampMs: number,
  forgery: Forgery,
  random: RandomStream,
): ForgedBlock {
  const { secret } = context.rules;
  const account = random.below(before.nonces.length);
  const payment = {
    kind: 'transfer',
    from: account,
    nonce: before.nonces[account] ?? 0,
    to: account,
    amount: 0,
    activationHeight: 0,
    validUntil: 0xffff_ffff,
  } as const;
  const wrong: Partial<Record<Forgery, readonly Uint8Array[]>> = {
    nonce: [encodeSimpleTransaction({ ...payment, nonce: payment.nonce + 1 }, secret)],
    lateTransaction: [encodeSimpleTransaction({ ...payment, validUntil: Math.floor(before.timestampMs / 1000) }, secret)],
    tag: [encodeSimpleTransaction(payment, secret ^ 1)],
    repeatedTransaction: [encodeSimpleTransaction(payment, secret), encodeSimpleTransaction(payment, secret)],
  };
  const evidence = forgery === 'inventedEvidence' ? [inventEvidence(before.height, proposer)] : [];
  const content = encodeContent(wrong[forgery] ?? [], evidence);
  const timeMs =
    forgery === 'pastTime'
      ? before.timestampMs
      : forgery === 'farTime'
        ? timestampMs + 600_000
        : Math.max(timestampMs, before.timestampMs + 1);
  const after = stateAfter(context, before, { transactions: [], evidence: [] }, timeMs);
  const header: SimpleHeader = {
    height: before.height + (forgery === 'height' ? 2 : 1),
    timestampMs: timeMs,
    parentHash: forgery === 'parent' ? (random.bytes(32) as BlockHash) : before.blockHash,
    proposer: forgery === 'proposer' ? (random.pick(before.validators.validators).address as Address) : proposer,
    stateRoot: forgery === 'stateRoot' || typeof after === 'string' ? (random.bytes(32) as StateRoot) : after.stateRoot,
    contentHash: random.bytes(32) as Bytes32,
    validatorsHash: forgery === 'validators' ? (random.bytes(32) as Bytes32) : simpleSetHash(before.validators),
    nextValidatorsHash: forgery === 'nextValidators' ? (random.bytes(32) as Bytes32) : simpleSetHash(before.nextValidators),
  };
  const draft = encodeSimpleBlock(header, content);
  const body = forgery === 'contentHash' ? draft : encodeSimpleBlock({ ...header, contentHash: simpleContentHash(draft) }, content);
  return { blockHash: simpleBlockHash(body), body };
}

function inventEvidence(height: number, validator: Address): Uint8Array {
  const vote = (byte: number): Vote => ({
    kind: 'prevote',
    height,
    round: 0,
    blockHash: new Uint8Array(32).fill(byte) as BlockHash,
    validator,
    signature: new Uint8Array(65) as Signature,
  });
  return evidenceCodec.encode(evidenceOfVotes(vote(1), vote(2)));
}
