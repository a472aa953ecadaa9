import type { GroundName } from './ground-names.ts';
import { GROUNDS } from './grounds.ts';
import { hunt } from './hunt.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

// One hunt in a process of its own: `hunt-main.ts ground [seeds]`; prints its result as JSON.

const ground = GROUNDS[process.argv[2] as GroundName];
const result = await hunt(ground, Number(process.argv[3] ?? ground.seeds));
const bug = PLANTED_BUGS.find(({ name }) => name === process.env['MUTUAL_PLANTED_BUG']);
if (bug !== undefined && process.env['MUTUAL_PLANTED_IN'] !== bug.file) throw new RangeError(`nothing loaded ${bug.file}`);
process.stdout.write(`${JSON.stringify(result)}\n`);
