// Writes test/vectors/transactions.json anew. Run it only when the format of transactions is meant to change: that is a change of the
// protocol, and the hash in test/transaction/vectors.test.ts has to be changed with it.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { computeVectorFile } from '../test/transaction/vector.ts';

const path = new URL('../test/vectors/transactions.json', import.meta.url);
const text = `${JSON.stringify(computeVectorFile(), null, 2)}\n`;
writeFileSync(path, text);
process.stdout.write(`transactions.json: ${text.length} characters, SHA-256 ${createHash('sha256').update(text).digest('hex')}\n`);
