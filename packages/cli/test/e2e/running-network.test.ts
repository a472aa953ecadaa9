// Goal: a network of four validators is what its documents say to anybody who has nothing but its URLs.
// Method: four processes of this machine, one network for all tests; every result is compared, and at the end the nodes with each other.

import type { BlockJson } from '@mutual-chain/rpc/contract';
import { describe, expect, test } from 'vitest';
import { describeAudits } from './audits.ts';
import { describeMethods } from './methods.ts';
import { describeOperator } from './operator.ts';
import { describeScenarios } from './scenarios.ts';
import { call } from './support/json-rpc.ts';
import { useNetwork } from './support/local-network.ts';

const network = useNetwork({ emptyBlockIntervalMs: '500' });

describeScenarios(network);
describeMethods(network);
describeOperator(network);

describe('in the end', () => {
  test('all nodes have the same state', async () => {
    const { height } = await network().status(0);
    await network().reach(height);
    const blocks = await Promise.all(network().urls.map((url) => call<BlockJson>(url, 'mutual_getBlock', [height])));
    expect(new Set(blocks.map(({ header }) => header.stateRoot)).size).toBe(1);
  });
});

describeAudits(network);
