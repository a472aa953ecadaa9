import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { plant } from './plant.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

// Loaded before anything else (--import): puts the bug that MUTUAL_PLANTED_BUG names into its file while that is loaded.

const name = process.env['MUTUAL_PLANTED_BUG'];
const bug = PLANTED_BUGS.find((each) => each.name === name);
if (bug === undefined) throw new RangeError(`there is no bug «${name}» to plant`);
const target = new URL(`../../../${bug.file}`, import.meta.url).href;

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    if (url !== target) return loaded;
    const { source } = loaded;
    if (source === undefined) throw new RangeError(`${fileURLToPath(url)} was loaded without its text`);
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    process.env['MUTUAL_PLANTED_IN'] = bug.file;
    return { ...loaded, source: plant(bug, text) };
  },
});
