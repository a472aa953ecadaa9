// Writes the files of test/vectors anew. Run it only when a format is meant to change: that is a change of the protocol, and the hashes in
// test/transaction/vectors.test.ts and test/structure-vectors/structure-vectors.test.ts have to be changed with it.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { STRUCTURE_VECTORS } from '../test/structure-vectors/vector-files.ts';
import { computeVectorFile } from '../test/transaction/vector.ts';

for (const [name, compute] of Object.entries({ 'transactions.json': computeVectorFile, ...STRUCTURE_VECTORS })) {
  const text = `${JSON.stringify(compute(), null, 2)}\n`;
  writeFileSync(new URL(`../test/vectors/${name}`, import.meta.url), text);
  process.stdout.write(`${name}: ${text.length} characters, SHA-256 ${createHash('sha256').update(text).digest('hex')}\n`);
}
