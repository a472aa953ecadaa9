// Writes test/vectors/genesis.json anew. Run it only when the format of genesis documents is meant to change: that is a change of the
// protocol, and the hash in test/genesis/vectors.test.ts has to be changed with it.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { computeGenesisVectors } from '../test/genesis/vector.ts';

const text = `${JSON.stringify(computeGenesisVectors(), null, 2)}\n`;
writeFileSync(new URL('../test/vectors/genesis.json', import.meta.url), text);
process.stdout.write(`genesis.json: ${text.length} characters, SHA-256 ${createHash('sha256').update(text).digest('hex')}\n`);
