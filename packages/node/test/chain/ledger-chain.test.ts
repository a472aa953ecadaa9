// Goal: a height may take any number of rounds, each with a block of its own, and whichever is decided becomes the state.
// Method: build and validate more blocks than may be kept executed, in the order of rounds, and commit one that gave way.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LedgerChain, LevelStateStore, MemoryStateStore, type StateStore } from '@mutual-chain/node';
import { type BlockHash, blockHash, type CommitCertificate, encodeHex } from '@mutual-chain/protocol';
import { genesisChanges, genesisHeader } from '@mutual-chain/state-machine';
import { expect, test } from 'vitest';
import { cryptography, genesis, genesisHash } from '../indexes/chain-of-everything.ts';

const ROUNDS = 7;

async function openChain(store: StateStore = new MemoryStateStore({ cryptography })): Promise<LedgerChain> {
  await store.start();
  const preview = store.view.preview(genesisChanges(cryptography, genesis));
  const hash = blockHash(cryptography, genesisHeader(cryptography, genesis, preview.stateRoot));
  await store.commitHeight({ height: 0, blockHash: hash, preview, block: new Uint8Array(0) });
  return new LedgerChain({
    context: { cryptography, chainId: genesis.chainId, genesisHash },
    store,
    transactions: { hasCandidates: () => false, candidates: () => [], verify: () => undefined, committed: () => undefined },
    failed: (error) => {
      throw error;
    },
  });
}

type Built = {
  readonly block: { readonly blockHash: BlockHash; readonly proposer: never; readonly timestampMs: number };
  readonly body: Uint8Array;
};

function buildAt(chain: LedgerChain, round: number): Built {
  const { timestampMs, validators } = chain.tip();
  const [validator] = validators.validators;
  const built: Built[] = [];
  chain.build({ height: 1, round, proposer: validator?.address as never, timestampMs: timestampMs + 1 + round }, (outcome) => {
    if (outcome.ok) built.push(outcome as unknown as Built);
  });
  return built[0] as Built;
}

test('blocks of more rounds than are kept executed are built, validated again, and committed (Besu 6680)', async () => {
  const chain = await openChain();
  const blocks = Array.from({ length: ROUNDS }, (_, round) => buildAt(chain, round));
  expect(new Set(blocks.map(({ block }) => encodeHex(block.blockHash))).size).toBe(ROUNDS);

  const verdicts: boolean[] = [];
  for (const { block, body } of [...blocks, ...blocks].reverse()) chain.validate(block, body, ({ valid }) => verdicts.push(valid));
  expect(verdicts).toEqual(Array.from({ length: 2 * ROUNDS }, () => true));

  // The last four that were looked at are kept executed: this one has to be executed once more.
  const { block, body } = blocks.at(-1) as Built;
  const certificate: CommitCertificate = { height: 1, round: ROUNDS - 1, blockHash: block.blockHash, signatures: [] };
  await new Promise<void>((resolve) => chain.commit({ height: 1, blockHash: block.blockHash, body, certificate }, resolve));
  expect([chain.tip().height, encodeHex(chain.decidedBlock(1)?.blockHash as BlockHash)]).toEqual([1, encodeHex(block.blockHash)]);
});

test('blocks that are validated and not decided leave nothing on the disk (Besu 3698)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-chain-'));
  const identity = { chainId: genesis.chainId, genesisHash };
  /** What a store holds in which the first of so many validated blocks was decided. */
  const contentAfter = async (rounds: number): Promise<unknown> => {
    const openStore = (): StateStore => new LevelStateStore({ directory: join(directory, String(rounds)), identity, cryptography });
    const store = openStore();
    const chain = await openChain(store);
    const blocks = Array.from({ length: rounds }, (_, round) => buildAt(chain, round));
    const verdicts: boolean[] = [];
    for (const { block, body } of blocks) chain.validate(block, body, ({ valid }) => verdicts.push(valid));
    expect(verdicts).toEqual(blocks.map(() => true));
    const [{ block, body }] = blocks as [Built];
    const certificate: CommitCertificate = { height: 1, round: 0, blockHash: block.blockHash, signatures: [] };
    await new Promise<void>((resolve) => chain.commit({ height: 1, blockHash: block.blockHash, body, certificate }, resolve));
    await store.stop();
    const reopened = openStore();
    await reopened.start();
    const entries: unknown[] = [];
    for await (const entry of reopened.stateEntries()) entries.push(entry);
    const content = { tip: reopened.tip, block: reopened.readBlock(1), entries };
    await reopened.stop();
    return content;
  };
  expect(await contentAfter(ROUNDS)).toEqual(await contentAfter(1));
  rmSync(directory, { recursive: true });
});

test('the same block built twice is one', async () => {
  const chain = await openChain();
  for (let round = 0; round < ROUNDS; round++) expect(buildAt(chain, 0).body).toEqual(buildAt(chain, 0).body);
});
