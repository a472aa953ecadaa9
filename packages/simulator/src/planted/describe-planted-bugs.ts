import { GROUND_NAMES } from './ground-names.ts';
import { GROUNDS } from './grounds.ts';
import type { FinishedHunt } from './run-hunts.ts';

/** The command that writes the page. */
const PAGE_COMMAND = 'pnpm --filter @mutual-chain/simulator planted-page';

/** The reference page about planted bugs, from hunts that were made. */
export function describePlantedBugs(finished: readonly FinishedHunt[]): string {
  const hunts = finished.filter(({ bug }) => bug !== undefined);
  const controls = finished.filter(({ bug }) => bug === undefined);
  const caught = hunts.filter((hunt) => hunt.caught !== undefined);
  const bugRows = hunts.map(({ bug, ground, caught: found, seedsTried }) =>
    row([
      `\`${bug?.name ?? ''}\``,
      bug?.breaks ?? '',
      `\`${bug?.file ?? ''}\``,
      ground,
      found?.checker ?? '**nothing**',
      found?.seed ?? `none of ${seedsTried}`,
    ]),
  );
  const groundRows = GROUND_NAMES.map((ground) => {
    const control = controls.find((each) => each.ground === ground);
    const verdict =
      control === undefined
        ? 'not run'
        : control.caught === undefined
          ? 'nothing'
          : `${control.caught.checker}, seed ${control.caught.seed}`;
    return row([ground, GROUNDS[ground].what, String(GROUNDS[ground].seeds), verdict]);
  });
  return [
    '# Planted bugs',
    '',
    'Mistakes somebody might make, each put into the sources while they are loaded, and what gives it away. A checker that finds none of them would prove nothing. The bugs are data beside the simulator; the code that nodes run has no switch for any of them.',
    '',
    `This page is written by \`${PAGE_COMMAND}\`, which runs every hunt; a test keeps the list of bugs in step. \`pnpm sim --planted all\` runs the hunts without writing, \`pnpm sim --planted name\` a single one.`,
    '',
    `${caught.length} of ${hunts.length} bugs are caught. Each is hunted on one ground, with the seeds of that ground from 1 on, until something breaks a rule.`,
    '',
    row(['bug', 'what it breaks', 'file below `packages`', 'ground', 'caught by', 'seed']),
    row(['---', '---', '---', '---', '---', '---']),
    ...bugRows,
    '',
    '## Grounds',
    '',
    'The first are simulations of a cluster, in which the bug is caught by one of the [checkers](simulation.md). The others check one part against a model written apart from it: they are for what a cluster does not show, because another part makes up for it, or because no faulty node of the simulation does what it takes. `error` stands for an error that no rule foresees. Without a bug the same seeds find nothing.',
    '',
    row(['ground', 'what is done there', 'seeds', 'found without a bug']),
    row(['---', '---', '---', '---']),
    ...groundRows,
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
