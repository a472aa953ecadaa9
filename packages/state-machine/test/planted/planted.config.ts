import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { PLANTED_BUGS, plant } from './planted-bugs.ts';

// Runs tests against sources with one bug planted in them as they are loaded, named by MUTUAL_PLANTED_BUG; without it, against the sources.

const packages = fileURLToPath(new URL('../../..', import.meta.url));
const CONDITIONS = ['mutual-source', 'module', 'node', 'development|production'];

const name = process.env['MUTUAL_PLANTED_BUG'];
const bug = PLANTED_BUGS.find((each) => each.name === name);
if (name !== undefined && bug === undefined) throw new Error(`there is no bug «${name}» to plant`);

const isPlanted = (id: string): boolean => bug !== undefined && id.split('?')[0] === `${packages}${bug.file}`;

// biome-ignore lint/style/noDefaultExport: what a configuration file of Vitest has to have.
export default defineConfig({
  root: packages,
  resolve: { conditions: CONDITIONS },
  ssr: { resolve: { conditions: CONDITIONS, externalConditions: CONDITIONS } },
  plugins: [
    {
      name: 'planted-bug',
      enforce: 'pre',
      // The one file that is not what it is on the disk.
      configureVitest: ({ defineCacheKeyGenerator }) => {
        defineCacheKeyGenerator(({ id }) => (isPlanted(id) ? name : undefined));
      },
      transform: (text, id) => (bug !== undefined && isPlanted(id) ? plant(bug, text) : undefined),
    },
  ],
  test: {
    watch: false,
    // Runs share what they have transformed, but no other run of the tests does.
    fsModuleCachePath: process.env['MUTUAL_PLANTED_CACHE'] ?? `${packages}state-machine/node_modules/.planted-cache`,
    include: [
      'protocol/test/amount/*.test.ts',
      'protocol/test/dfsm/*.test.ts',
      'state-machine/test/acceptance.test.ts',
      'state-machine/test/claims.test.ts',
      'state-machine/test/withdrawals.test.ts',
      'state-machine/test/property/*.test.ts',
    ],
    // One bug keeps one processor busy; several are tested at a time.
    fileParallelism: false,
    isolate: false,
    bail: 1,
  },
});
