import { flushCompileCache } from 'node:module';
import { Command } from 'commander';
import { addConfigOptions, configFlagsOf } from '../config/config-options.ts';
import { loadConfig } from '../config/load-config.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { homeOf, homeOption } from '../home-option.ts';
import { createNodeLog } from '../node-process/node-log.ts';

/** `mutual start`: runs a node until it is told to end. */
export function startCommand(version: string): Command {
  const command = new Command('start')
    .description('run a node: take part in consensus, link with peers, answer JSON-RPC, until a signal ends it')
    .addOption(homeOption())
    .addHelpText('after', '\nExample:\n  mutual start --home /var/lib/mutual')
    .action(async ({ home }: { home?: string }) => {
      const config = loadConfig({ home: homeOf(home), environment: process.env, flags: configFlagsOf(command) });
      const { level, format } = config.config.log;
      const log = createNodeLog({ level, format, write: (line) => void process.stdout.write(line) });
      let end: (ending: Ending) => void = () => undefined;
      const ended = new Promise<Ending>((resolve) => {
        end = resolve;
      });
      const onSignal = (signal: NodeJS.Signals): void => end({ reason: signal, isFailure: false });
      for (const signal of STOP_SIGNALS) process.once(signal, onSignal);
      // The process that started this one is gone: nobody would end it.
      process.once('disconnect', () => end({ reason: 'the parent process ended', isFailure: false }));
      // A bug: nothing can be trusted any more but what is on the disk, and that is whole whenever the process ends.
      process.once('uncaughtException', (error) => {
        log.error({ error: error.message, stack: error.stack ?? '' }, 'the node ends because of a bug');
        process.exit(EXIT_CODES.environment);
      });
      try {
        const { runNode } = await import('../node-process/run-node.ts');
        const node = await runNode({ config, log, version, halted: (reason) => end({ reason, isFailure: true }) });
        process.send?.(node.ready);
        // Now rather than at the end: a node that is killed is the one that has to be there again soon.
        flushCompileCache();
        const { reason, isFailure } = await ended;
        log.info({ reason }, 'the node ends');
        await node.stop();
        for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
        log.info({}, 'the node has ended');
        process.exitCode = isFailure ? EXIT_CODES.environment : EXIT_CODES.ok;
      } finally {
        // The channel to a parent would keep a process alive that has failed to start.
        if (process.connected) process.disconnect();
      }
    });
  return addConfigOptions(command);
}

/** Why a node ends. */
type Ending = { readonly reason: string; readonly isFailure: boolean };

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
