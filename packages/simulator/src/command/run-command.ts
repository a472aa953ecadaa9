import { runCampaign } from '../campaign/run-campaign.ts';
import { runOneSeed } from '../campaign/run-one-seed.ts';
import { runPlanted } from '../planted/run-planted.ts';
import { runTwinsCommand } from '../twins/run-twins-command.ts';
import { parseCommandLine, USAGE } from './arguments.ts';

/** Prints a line. */
export type Print = (line: string) => void;

/** Runs the command; answers its exit code: 0 when no rule was broken, 1 when one was, 2 when it was not understood. */
export async function runCommand(args: readonly string[], print: Print): Promise<number> {
  let line: ReturnType<typeof parseCommandLine>;
  try {
    line = parseCommandLine(args);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    print(USAGE);
    return 2;
  }
  if (line.planted !== undefined) return runPlanted({ planted: line.planted, jobs: line.jobs, isJson: line.isJson }, print);
  if (line.twins !== undefined) return runTwinsCommand({ twins: line.twins, jobs: line.jobs, isJson: line.isJson }, print);
  return line.seed === undefined ? runCampaign(line, print) : runOneSeed(line.seed, line, print);
}
