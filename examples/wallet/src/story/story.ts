import type { GenesisHash } from '@mutual-chain/protocol';
import { CHAIN_ID, GENESIS_TIME_MS } from '../genesis-document.ts';
import { Plan } from '../plan.ts';
import { admission } from './admission.ts';
import { credit } from './credit.ts';
import { deposits } from './deposits.ts';
import { expiries } from './expiries.ts';
import { governance } from './governance.ts';
import { leftOpen } from './left-open.ts';
import { levels } from './levels.ts';
import { release } from './release.ts';
import { trade } from './trade.ts';
import { transfers } from './transfers.ts';
import { withdrawals } from './withdrawals.ts';

/** Plans and signs all chapters, for the chain with this genesis. */
export function tellStory(genesisHash: GenesisHash): Plan {
  const plan = new Plan(CHAIN_ID, genesisHash, GENESIS_TIME_MS);
  deposits(plan);
  transfers(plan);
  credit(plan);
  levels(plan);
  withdrawals(plan);
  expiries(plan);
  trade(plan);
  governance(plan);
  admission(plan);
  release(plan, GENESIS_TIME_MS);
  leftOpen(plan);
  return plan;
}
