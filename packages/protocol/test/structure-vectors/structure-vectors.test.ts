import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SigningKey } from 'ethers';
import { describe, expect, it } from 'vitest';
import { blockCodec } from '../../src/block/block.ts';
import { headerCodec } from '../../src/block/header.ts';
import { decodeHex } from '../../src/bytes/hex.ts';
import { certificateCodec } from '../../src/consensus-messages/certificate.ts';
import { consensusProposalCodec } from '../../src/consensus-messages/proposal.ts';
import { voteCodec } from '../../src/consensus-messages/vote.ts';
import { evidenceCodec } from '../../src/evidence/evidence.ts';
import { receiptCodec } from '../../src/receipt/receipt.ts';
import { recordCodec } from '../../src/record/record-codec.ts';
import type { Codec } from '../../src/ssz/codec.ts';
import { validatorSetCodec } from '../../src/validator/validator-set.ts';
import { jsonForm } from './json-form.ts';
import { STRUCTURE_VECTORS } from './vector-files.ts';

/*
 * Goal: the bytes and hashes of blocks, records and validator sets never change by accident. Method: everything in the published files is
 * computed again, the hashes once more from their definitions with other libraries; the files are locked by their own hashes. Both change
 * only with the explicit command that the files name.
 */
const LOCKED_SHA256: Readonly<Record<string, string>> = {
  'blocks.json': 'd0bc882ae9b4b1acf3755d6b0e40e3be7f292c1ee71b2939e3d948d93f5c6ccc',
  'records.json': '6340c7402af184af3047a09f0c251733b3bc39bfd0cadafd22414dd8aea4e10f',
  'validators.json': '4ea3986a029a2dcd3969bd0aaa1ab098772de3757f5b4500bf2437d5d85d9a9a',
};

const textOf = (name: string): string => readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
// biome-ignore lint/suspicious/noExplicitAny: the files are read as data
const fileOf = (name: string): any => JSON.parse(textOf(name));
const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `0x${hash.digest('hex')}`;
};

describe.each(Object.entries(STRUCTURE_VECTORS))('%s', (name, compute) => {
  it('is the published one', () => {
    expect(createHash('sha256').update(textOf(name)).digest('hex')).toBe(LOCKED_SHA256[name]);
  });

  it('is what the command would write again', () => {
    expect(compute()).toEqual(fileOf(name));
  });
});

describe('bytes in the files', () => {
  const blocks = fileOf('blocks.json');
  const records = fileOf('records.json');
  const validators = fileOf('validators.json');
  const cases = [
    ['the header', headerCodec, blocks.headerBytes, blocks.header],
    [
      'the block',
      blockCodec,
      blocks.blockBytes,
      {
        header: blocks.header,
        transactions: blocks.transactions.map(({ bytes }: { bytes: string }) => bytes),
        evidence: blocks.messages.evidence.map(({ bytes }: { bytes: string }) => bytes),
      },
    ],
    ...blocks.messages.votes.map((each: Record<string, unknown>) => ['a vote', voteCodec, each['bytes'], each['vote']]),
    ...blocks.messages.proposals.map((each: Record<string, unknown>) => [
      'a proposal',
      consensusProposalCodec,
      each['bytes'],
      each['proposal'],
    ]),
    ['the certificate', certificateCodec, blocks.messages.certificate.bytes, blocks.messages.certificate.certificate],
    ...blocks.messages.evidence.map((each: Record<string, unknown>) => ['evidence', evidenceCodec, each['bytes'], each['evidence']]),
    ...records.records.map((each: Record<string, unknown>) => ['a record', recordCodec, each['bytes'], each['record']]),
    ...records.receipts.map((each: Record<string, unknown>) => ['a receipt', receiptCodec, each['bytes'], each['receipt']]),
    ['the validators', validatorSetCodec, validators.start.bytes, { validators: validators.start.validators }],
  ] as readonly [string, Codec<unknown>, string, unknown][];

  it.each(cases)('of %s are read as the value beside them', (_name, codec, bytes, value) => {
    expect(jsonForm(codec.decode(decodeHex(bytes)))).toEqual(value);
  });
});

/** What a vote or a proposal says, in the files. */
type SignedJson = { height: number; round: number; validRound?: number; blockHash: string | null };

describe('hashes in the files, from their definitions', () => {
  const { blockHash, headerBytes, messages, transactions, header, merkle, stateEntries } = fileOf('blocks.json');
  const zeros = new Uint8Array(32);
  const little = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >>> 8, ...new Uint8Array(30));

  /** Root of the tree over 32-byte pieces, hex. */
  function tree(pieces: readonly string[]): string {
    if (pieces.length === 1) return pieces[0] as string;
    const half = pieces.length / 2;
    return sha256(decodeHex(tree(pieces.slice(0, half))), decodeHex(tree(pieces.slice(half))));
  }
  function rootOf(pieces: readonly string[], mixedIn: number): string {
    let width = 1;
    while (width < pieces.length) width *= 2;
    const padded = Array.from({ length: width }, (_, index) => pieces[index] ?? `0x${'00'.repeat(32)}`);
    return sha256(decodeHex(tree(padded)), little(mixedIn));
  }
  function byteRoot(hex: string): string {
    const digits = hex.slice(2);
    const pieces = digits.match(/.{1,64}/g)?.map((piece) => `0x${piece.padEnd(64, '0')}`) ?? [];
    return rootOf(pieces, digits.length / 2);
  }

  it('that of the block covers the tag and the bytes of the header', () => {
    expect(blockHash).toBe(sha256('mutual-chain/header/v1', decodeHex(headerBytes)));
  });

  it('those of byte strings and lists', () => {
    for (const { bytes, root } of merkle.byteStrings) expect(root).toBe(byteRoot(bytes));
    const leaves = merkle.leaves
      .slice(2)
      .match(/.{64}/g)
      .map((leaf: string) => `0x${leaf}`);
    for (const { count, root } of merkle.lists) expect(root).toBe(rootOf(leaves.slice(0, count), count));
  });

  it('those in the header, of transactions and of evidence', () => {
    const leaves = transactions.map(({ id, bytes }: Record<string, string>) =>
      sha256(decodeHex(id as string), decodeHex(byteRoot(bytes as string))),
    );
    expect(header.transactionsRoot).toBe(rootOf(leaves, leaves.length));
    const evidence = messages.evidence.map(({ bytes }: { bytes: string }) => byteRoot(bytes));
    expect(header.evidenceRoot).toBe(rootOf(evidence, evidence.length));
    expect(header.recordsRoot).toBe(rootOf([], 0));
  });

  it('those of records, receipts and validators', () => {
    const records = fileOf('records.json');
    expect(records.recordsRoot).toBe(
      rootOf(
        records.records.map(({ bytes }: { bytes: string }) => byteRoot(bytes)),
        records.records.length,
      ),
    );
    expect(records.receiptsRoot).toBe(
      rootOf(
        records.receipts.map(({ bytes }: { bytes: string }) => byteRoot(bytes)),
        records.receipts.length,
      ),
    );
    const littleHex = (value: bigint): string => Buffer.from(value.toString(16).padStart(32, '0'), 'hex').reverse().toString('hex');
    const { start, afterThreeHeights } = fileOf('validators.json');
    for (const { validators, hash } of [start, afterThreeHeights]) {
      const rows = validators.map(
        ({ publicKey, power, priority }: Record<string, string>) =>
          `${publicKey}${littleHex(BigInt(power as string))}${littleHex(BigInt(priority as string) + 2n ** 127n)}`,
      );
      expect(hash).toBe(rootOf(rows.map(byteRoot), rows.length));
    }
  });

  it('those of entries of the state', () => {
    const tag = new Uint8Array(32);
    tag.set(new TextEncoder().encode('mutual-chain/state-leaf/v1'));
    for (const { key, value, keyHash, leaf } of stateEntries) {
      const bytes = decodeHex(key);
      const padding = new Uint8Array(47 - bytes.length);
      expect(keyHash).toBe(sha256(bytes, padding, Uint8Array.of(bytes.length), 'mutual/state/key'));
      expect(leaf).toBe(sha256(decodeHex(sha256(decodeHex(keyHash), decodeHex(byteRoot(value)))), tag));
    }
  });

  it('those that are signed, and the signatures over them', () => {
    const kinds = { prevote: 1, precommit: 2, proposal: 3 };
    const big = (value: number): Uint8Array => Uint8Array.of(0, 0, 0, 0, 0, 0, value >>> 8, value & 0xff);
    const digestOf = (kind: keyof typeof kinds, message: SignedJson): string =>
      sha256(
        'mutual-chain/consensus/v1',
        decodeHex(messages.genesisHash),
        Uint8Array.of(kinds[kind]),
        big(message.height),
        big(message.round),
        big((message.validRound ?? -1) + 1),
        Uint8Array.of(message.blockHash === null ? 0 : 1),
        message.blockHash === null ? zeros : decodeHex(message.blockHash),
      );
    const signerOf = (digest: string, signature: string): string => {
      const v = Number.parseInt(signature.slice(-2), 16);
      return SigningKey.recoverPublicKey(digest, { r: signature.slice(0, 66), s: `0x${signature.slice(66, 130)}`, v: 27 + v });
    };
    const { publicKey } = fileOf('validators.json').start.validators[0];
    for (const { vote, digest } of messages.votes) {
      expect(digest).toBe(digestOf(vote.kind, vote));
      expect(SigningKey.computePublicKey(signerOf(digest, vote.signature), true)).toBe(publicKey);
    }
    for (const { proposal, digest } of messages.proposals) {
      expect(digest).toBe(digestOf('proposal', proposal));
      expect(SigningKey.computePublicKey(signerOf(digest, proposal.signature), true)).toBe(publicKey);
    }
  });

  it('those of evidence leave the signatures out', () => {
    for (const { evidence, id, bytes } of messages.evidence) {
      const without = [evidence.first, evidence.second].reduce(
        (hex: string, { signature }: { signature: string }) => hex.replace(signature.slice(2), '00'.repeat(65)),
        bytes,
      );
      expect(id).toBe(sha256('mutual-chain/evidence/v1', decodeHex(without)));
    }
  });
});
