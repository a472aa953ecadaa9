// Appends records to a log without end and prints the number of each once it is durable. Killed by the test that starts it.

import { nodeFileSystem } from '../../src/file-system/node-file-system.ts';
import { openLog, recordOf } from './open-log.ts';

/** Records of a height. */
const PER_HEIGHT = 25;

const { log } = openLog(nodeFileSystem, process.argv[2] ?? '');
const first = Number(process.argv[3]);
for (let number = first; number < first + 100_000; number++) {
  if (number === first || number % PER_HEIGHT === 0) log.startHeight(Math.floor(number / PER_HEIGHT));
  const { kind, payload } = recordOf(number);
  log.append(kind, payload);
  log.sync();
  process.stdout.write(`${number}\n`);
}
