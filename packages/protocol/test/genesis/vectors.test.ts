import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeHex } from '../../src/bytes/hex.ts';
import { computeGenesisVectors, type GenesisVectorFile } from './vector.ts';

/*
 * Goal: the identity of a chain never changes by accident. Method: everything in the published file is computed again; the file itself is
 * locked by its hash. Both change only with the explicit command that the file names.
 */
const LOCKED_SHA256 = 'df9a5a0939f2611985f028ae30500a493c01cf11e3d73b0450fe3e506ffaf88e';

const text = readFileSync(new URL('../vectors/genesis.json', import.meta.url), 'utf8');
const file = JSON.parse(text) as GenesisVectorFile;

describe('the vectors of genesis', () => {
  it('are the published ones', () => {
    expect(createHash('sha256').update(text).digest('hex')).toBe(LOCKED_SHA256);
  });

  it('are what the command would write again', () => {
    expect(computeGenesisVectors()).toEqual(file);
  });

  it.each(file.genesis.map((vector) => [vector.name, vector] as const))(
    'hash the tag and the bytes: %s',
    (_name, { bytes, genesisHash }) => {
      const hash = createHash('sha256').update('mutual-chain/genesis/v1').update(decodeHex(bytes)).digest('hex');
      expect(genesisHash).toBe(`0x${hash}`);
    },
  );
});
