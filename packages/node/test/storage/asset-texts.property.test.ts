import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Address,
  blockHash,
  encodeHex,
  encodeTransaction,
  type GenesisHash,
  genesisHashOf,
  keyPairOf,
  type PrivateKey,
  parseGenesis,
  possessionDigest,
  referenceCryptography,
  type Signature,
  type TransactionId,
  type VerifiedTransaction,
} from '@mutual-chain/protocol';
import { buildBlock, DEFAULT_BLOCK_LIMITS, genesisChanges, genesisHeader } from '@mutual-chain/state-machine';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LevelStateStore } from '../../src/storage/level-state-store.ts';
import { MemoryStateStore } from '../../src/storage/memory-state-store.ts';
import type { StateStore } from '../../src/storage/state-store.ts';

/*
 * Goal: whatever text stands where an asset id belongs, a chain in memory, one on LevelDB with warm caches and one that reads everything
 * from the disk execute the same block alike. Method: random requests and amendments with texts whose UTF-16 units have the bytes of an
 * asset id as their lower halves, at amounts around the end of the range, where it shows which holding was read; headers are compared.
 */

const cryptography = referenceCryptography;
const START_MS = 1_800_000_000_000;
const AMOUNTS = [1n, 2n, 2n ** 126n, 2n ** 127n - 2n, 2n ** 127n - 1n];

const keyOf = (name: string): PrivateKey => cryptography.sha256(Uint8Array.from([...name].map((each) => each.charCodeAt(0)))) as PrivateKey;
const addressOf = (name: string): Address => keyPairOf(keyOf(name)).address;
const shifted = (id: string): string => String.fromCharCode(...[...id].map((letter) => letter.charCodeAt(0) + 0x100));

const ALICE = addressOf('alice');
const BOB = addressOf('bob');
const GATEWAY = addressOf('gateway');
const ASSETS = ['mUSD', 'MTN', 'mNONE', shifted('mUSD'), shifted('MTN'), `mUS${shifted('D')}`, '\u{1f4b6}', ''];

const genesis = parseGenesis({
  chainId: 7,
  networkName: 'texts',
  timestampMs: START_MS,
  protocolVersion: 1,
  parameters: { feePerTransaction: '0', feePerByte: '0' },
  allocation: {
    preset: 'custom',
    supply: '10',
    tranches: [{ name: 'all', amount: '10', rule: { kind: 'liquid' }, accounts: [{ address: encodeHex(ALICE), amount: '10' }] }],
  },
  assets: [
    { id: 'mUSD', name: 'Dollar', decimals: 2, gateways: [encodeHex(GATEWAY)], threshold: 1, minLevel: 0, transferMode: 'IMMEDIATE' },
  ],
  members: [
    { address: encodeHex(ALICE), level: 2 },
    { address: encodeHex(BOB), level: 2 },
    { address: encodeHex(GATEWAY), level: 3 },
  ],
  treasury: encodeHex(addressOf('treasury')),
  audit: encodeHex(addressOf('audit')),
  validators: [
    {
      publicKey: encodeHex(keyPairOf(keyOf('validator')).publicKey),
      power: 1,
      operator: encodeHex(addressOf('operator')),
      possession: encodeHex(cryptography.sign(possessionDigest(cryptography, 7, addressOf('operator')), keyOf('validator'))),
    },
  ],
});
const chain = { cryptography, chainId: 7, genesisHash: genesisHashOf(cryptography, genesis) };

/** A request of alice; `amends` counts back from it to the request that it amends, 0 when it opens one. */
type Step = { readonly credit: boolean; readonly asset: string; readonly amount: bigint; readonly amends: number };

const term = { credit: fc.boolean(), amount: fc.constantFrom(...AMOUNTS) };
/** Most open a request of an asset that there is, so that later ones have something to amend. */
const opening: fc.Arbitrary<Step> = fc.record({
  ...term,
  asset: fc.constantFrom('mUSD', 'mUSD', 'mUSD', ...ASSETS),
  amends: fc.constant(0),
});
const amending: fc.Arbitrary<Step> = fc.record({ ...term, asset: fc.constantFrom(...ASSETS), amends: fc.nat(3) });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.oneof(opening, amending), { minLength: 4, maxLength: 12, size: 'max' });

/** Fills what alice may ask for to the last unit, then raises the first request by one under another name. */
const overflow = (credit: boolean): readonly Step[] => [
  { credit, asset: 'mUSD', amount: 1n, amends: 0 },
  { credit, asset: 'mUSD', amount: 2n ** 127n - 2n, amends: 0 },
  { credit, asset: shifted('mUSD'), amount: 2n, amends: 2 },
];

const verified = ({ credit, asset, amount }: Step, nonce: number, lot: Uint8Array): VerifiedTransaction => {
  const common = { from: ALICE, nonce, validUntil: START_MS / 1000 + 600, maxFee: 0n, lot, asset, amount, expiresAt: 0 };
  const terms = { lender: BOB, borrower: ALICE, termsHash: new Uint8Array(32), dueAt: 2 ** 40 };
  const transaction = credit
    ? { type: 'RequestCredit', message: { ...common, ...terms } }
    : { type: 'RequestDeposit', message: { ...common, reference: '' } };
  const signature = new Uint8Array(65) as Signature;
  const bytes = encodeTransaction({ ...transaction, signature } as never);
  return { ...transaction, signature, bytes, id: cryptography.sha256(bytes) as TransactionId } as unknown as VerifiedTransaction;
};

/** Runs each step in a block of its own and returns the code and the block hash of each. */
async function runOn(store: StateStore, sequence: readonly Step[]): Promise<readonly string[]> {
  const preview = store.view.preview(genesisChanges(cryptography, genesis));
  let header = genesisHeader(cryptography, genesis, preview.stateRoot);
  await store.commitHeight({ height: 0, blockHash: blockHash(cryptography, header), preview, block: new Uint8Array(0) });
  const ids: Uint8Array[] = [];
  const seen: string[] = [];
  for (const [nonce, step] of sequence.entries()) {
    const lot = ids.at(-step.amends) ?? new Uint8Array(32);
    const transaction = verified(step, nonce, step.amends === 0 ? new Uint8Array(32) : lot);
    ids.push(transaction.id);
    const proposer = addressOf('validator');
    const parentHash = blockHash(cryptography, header);
    const setting = { timestampMs: START_MS + 1000 * (nonce + 1), proposer, parentHash, evidence: [] };
    const built = buildBlock(store.view, [transaction], chain, setting, DEFAULT_BLOCK_LIMITS);
    header = built.header;
    const hash = blockHash(cryptography, header);
    await store.commitHeight({ height: nonce + 1, blockHash: hash, preview: built.preview, block: Uint8Array.of(1) });
    seen.push(`${built.receipts[0]?.code} ${encodeHex(hash)}`);
  }
  return seen;
}

test('texts that are no asset ids lead no store to another entry', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const directory = mkdtempSync(join(tmpdir(), 'texts-'));
      const identity = { chainId: 7, genesisHash: chain.genesisHash as GenesisHash };
      const stores: readonly StateStore[] = [
        new MemoryStateStore({ cryptography }),
        new LevelStateStore({ directory: join(directory, 'warm'), identity, cryptography }),
        new LevelStateStore({ directory: join(directory, 'cold'), identity, cryptography, cacheEntriesMax: 1 }),
      ];
      try {
        const outcomes: (readonly string[])[] = [];
        for (const store of stores) {
          await store.start();
          outcomes.push(await runOn(store, sequence));
        }
        expect(outcomes).toEqual(outcomes.map(() => outcomes[0]));
        for (const outcome of outcomes[0] ?? []) seen.add(outcome.split(' ')[0] ?? '');
      } finally {
        for (const store of stores) await store.stop();
        rmSync(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: 60, examples: [[overflow(false)], [overflow(true)]] },
  );
  expect([...seen].sort()).toEqual(['AMOUNT_INVALID', 'DFSM_ILLEGAL', 'INVALID_FIELD', 'OK', 'UNKNOWN_ASSET', 'UNKNOWN_LOT']);
});
