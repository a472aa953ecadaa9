import { assertInvariant } from '@mutual-chain/protocol';
import { systemAddress, ZERO_ID } from '../ledger/known-addresses.ts';
import { scheduledWorkOf } from '../modules/registry.ts';
import type { Execution } from './execution.ts';

/**
 * Does the work that is due at the start of a block, in order of (due second, kind, id) and at most `scheduledWorkPerBlockMax` items;
 * the rest is done first in the next block. Nobody has to poke the chain.
 *
 * Returns how many items were done.
 */
export function runScheduledWork(execution: Execution): number {
  execution.transactionId = ZERO_ID;
  execution.transactionIndex = 0;
  execution.actor = systemAddress(execution.chain.cryptography);
  let done = 0;
  for (; done < execution.parameters.scheduledWorkPerBlockMax; done++) {
    const item = execution.state.nextDue(execution.nowSec);
    if (item === undefined) break;
    execution.state.unschedule(item);
    const work = scheduledWorkOf(item.kind);
    assertInvariant(work !== undefined, `scheduled work of kind ${item.kind} has a module`);
    work(execution, item);
  }
  return done;
}
