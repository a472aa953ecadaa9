// Goal: whatever happens to processes, nothing that was acknowledged is lost, nobody signs twice, and the network goes on when it can.
// Method: four validators as processes under a load of transfers are killed, paused and started again; what blocks and nodes say is compared. Times are
// printed and decide about nothing: how fast a machine is, is no property of the program.

import { decodeHex } from '@mutual-chain/protocol';
import type { AccountJson, BlockJson, DiagnosisJson, TransactionStatusJson, ValidatorsJson } from '@mutual-chain/rpc/contract';
import { privateKeySigner, RpcClient, Wallet } from '@mutual-chain/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AcknowledgedLoad } from './support/acknowledged-load.ts';
import { ForeignWallet } from './support/foreign-wallet.ts';
import { call } from './support/json-rpc.ts';
import { useNetwork } from './support/local-network.ts';
import { runToEnd } from './support/spawned-command.ts';
import { waitFor, waitUntil } from './support/wait-until.ts';
import { accusingHeights, blocksUpTo, unfinishedOf } from './support/whole-chain.ts';

const IS_LONG = process.env['MUTUAL_TEST_LONG'] === '1';
const KILLS = IS_LONG ? 20 : 5;
const HEIGHTS_BEHIND = IS_LONG ? 1000 : 200;
const LIMIT_MS = IS_LONG ? 1_800_000 : 600_000;
const IN_FLIGHT = 200;
/** Transactions that are acknowledged between two faults. */
const PROGRESS = 40;

// Rounds whose proposer is gone end sooner than they would between towns.
const network = useNetwork({ emptyBlockIntervalMs: '500', proposeTimeoutMs: '300', voteTimeoutMs: '200' });

const told: string[] = [];
const tell = (what: string, fromMs: number): void => void told.push(`${what}: ${Math.round(performance.now() - fromMs)} ms`);

/** The highest block that any node has. */
async function highest(): Promise<number> {
  const heights = await Promise.all(
    network().urls.map((_, index) =>
      network()
        .status(index)
        .then(
          ({ height }) => height,
          () => 0,
        ),
    ),
  );
  return Math.max(...heights);
}

/** Waits until a certificate above a height has a vote of a node, as another node keeps it. */
async function voted(index: number, above: number): Promise<void> {
  const url = network().url((index + 1) % network().nodes.length);
  const { validators } = await call<ValidatorsJson>(url, 'mutual_getValidators', [above]);
  const position = validators.findIndex(({ peerId }) => peerId === network().node(index).ready?.peerId);
  let height = above;
  await waitUntil(`a vote of node ${index} above height ${above}`, async () => {
    const { certificate } = await call<BlockJson>(url, 'mutual_getBlock', [height + 1]);
    height += 1;
    return certificate?.signatures.some(({ validatorIndex }) => validatorIndex === position) === true;
  });
}

/** Waits until nodes have acknowledged so many more transactions. */
async function progress(load: AcknowledgedLoad, transactions = PROGRESS): Promise<void> {
  const aim = load.acknowledged + transactions;
  await waitUntil(`${transactions} more transactions`, async () => load.acknowledged >= aim);
}

/** Nothing acknowledged is lost, nobody is accused, and all nodes have one chain. */
async function expectWhole(ids: readonly string[]): Promise<void> {
  const url = network().url(0);
  await waitUntil(`the end of ${ids.length} transactions`, async () => (await unfinishedOf(url, ids)).length === 0);
  const height = await highest();
  await network().reach(height);
  const blocks = await blocksUpTo(url, height);
  expect(accusingHeights(blocks)).toEqual([]);
  const tips = await Promise.all(network().urls.map((each) => call<BlockJson>(each, 'mutual_getBlock', [height])));
  expect(tips.map(({ hash }) => hash)).toEqual(tips.map(() => blocks.at(-1)?.hash));
}

describe('one wallet', () => {
  test(`has ${IN_FLIGHT} transactions in flight, and loses none while a node is killed and started again`, async () => {
    const { address, privateKey } = network().account('frank');
    const payee = network().account('newcomer').address;
    const rpc = new RpcClient({ urls: network().urls });
    const wallet = await Wallet.connect({ rpc, signer: privateKeySigner(decodeHex(privateKey)) });
    const fields = { to: decodeHex(payee) as never, asset: 'MTN', amount: 3n, memo: '' };
    const sent = wallet.sendMany(Array.from({ length: IN_FLIGHT }, () => ({ type: 'Transfer', fields }) as never));
    await sent[0]?.admitted();
    await network().node(0).kill();
    await network().node(0).start();
    const outcomes = await Promise.all(sent.map((each) => each.settled()));
    wallet.close();
    expect(outcomes.map((outcome) => outcome.status === 'committed' && outcome.receipt?.code)).toEqual(outcomes.map(() => 'OK'));
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(IN_FLIGHT);
    await network().reach(await highest());
    const [payer, paid] = await Promise.all(
      [address, payee].map((each) => call<AccountJson>(network().url(0), 'mutual_getAccount', [each])),
    );
    expect([payer?.nonce, paid?.balances[0]?.available]).toEqual([IN_FLIGHT, String(3 * IN_FLIGHT)]);
  });
});

describe('under load', () => {
  let load: AcknowledgedLoad;
  beforeEach(async () => {
    load = await AcknowledgedLoad.start(network());
  });
  afterEach(async () => {
    await load.stop();
  });

  test(
    `a node that is killed votes again, ${KILLS} times`,
    async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        const index = kill % network().nodes.length;
        await progress(load);
        const node = network().node(index);
        expect(await node.kill()).toEqual({ code: null, signal: 'SIGKILL' });
        const above = await highest();
        const startedMs = performance.now();
        await node.start();
        tell(`node ${index} answers after kill ${kill + 1}`, startedMs);
        await voted(index, above);
        tell(`node ${index} votes after kill ${kill + 1}`, startedMs);
      }
      await progress(load);
      await expectWhole(await load.stop());
    },
    LIMIT_MS,
  );

  test('all nodes that are killed at once go on', async () => {
    await progress(load);
    const before = await highest();
    await Promise.all(network().nodes.map((node) => node.kill()));
    const startedMs = performance.now();
    await Promise.all(network().nodes.map((node) => node.start()));
    tell('four nodes answer after all were killed', startedMs);
    // Some may have been a block ahead of what was seen.
    await waitUntil('the next block', async () => (await highest()) > before + 1);
    tell('there is a new block after all were killed', startedMs);
    await progress(load);
    await expectWhole(await load.stop());
  });

  test(
    `a node that was paused for ${HEIGHTS_BEHIND} blocks catches up without a restart`,
    async () => {
      const node = network().node(2);
      const processId = node.processId ?? 0;
      await progress(load);
      const { height: before } = await network().status(2);
      process.kill(processId, 'SIGSTOP');
      const pausedMs = performance.now();
      await waitUntil(`${HEIGHTS_BEHIND} blocks`, async () => (await network().status(0)).height >= before + HEIGHTS_BEHIND, LIMIT_MS);
      tell(`three nodes made ${HEIGHTS_BEHIND} blocks`, pausedMs);
      process.kill(processId, 'SIGCONT');
      const continuedMs = performance.now();
      await waitUntil('the node at the tip', async () => {
        const [behind, ahead] = [await network().status(2), await network().status(0)];
        return behind.height >= ahead.height && !behind.syncing;
      });
      const caughtUp = (await network().status(2)).height;
      tell(`a paused node caught up ${caughtUp - before} blocks`, continuedMs);
      await voted(2, caughtUp);
      expect(node.processId).toBe(processId);
      await expectWhole(await load.stop());
    },
    LIMIT_MS,
  );
});

describe('without some of its nodes', () => {
  test('of four, three go on and two decide nothing and say why', async () => {
    const [first, , third, fourth] = network().nodes;
    await fourth?.stop();
    const { height } = await network().status(0);
    await network().reach(height + 8, [0, 1, 2]);
    expect(await call<DiagnosisJson>(network().url(0), 'mutual_diagnose')).toMatchObject({ findings: [{ code: 'VALIDATORS_MISSING' }] });

    await third?.kill();
    const diagnosis = await waitFor('a diagnosis', async () => {
      const found = await call<DiagnosisJson>(network().url(0), 'mutual_diagnose');
      return found.ok ? undefined : found;
    });
    const words =
      /^No block can be decided: validators with 20 of 40 power are linked, 27 are needed; missing: 0x\w{40} \(not linked for \d+ s\), 0x\w{40} \(not linked for \d+ s\)\.$/;
    expect(diagnosis).toMatchObject({ ok: false, summary: expect.stringMatching(words) as string });
    expect(diagnosis.findings[0]).toEqual({
      code: 'QUORUM_UNREACHABLE',
      message: diagnosis.summary,
      remedy: 'Start the missing validators, or repair the links to them: addresses, firewall, the same genesis document.',
    });

    const before = await highest();
    const wallet = new ForeignWallet(network().account('frank').privateKey, network().url(0));
    const signed = await wallet.sign('Transfer', { to: network().account('erin').address, asset: 'MTN', amount: '1', memo: 'patience' });
    const waiting = await call<TransactionStatusJson>(network().url(0), 'mutual_sendAndWait', [signed, 3000]);
    expect([waiting.status, await highest()]).toEqual(['pending', before]);

    await Promise.all([third?.start(), fourth?.start()]);
    expect(first?.processId).toBeDefined();
    await expectWhole([waiting.id]);
  });
});

test('an auditor finds nothing wrong with what a node has on its disk', async () => {
  const exits = await Promise.all(network().nodes.map((node) => node.stop()));
  expect(exits).toEqual(exits.map(() => ({ code: 0, signal: null })));
  console.log(told.join('\n'));
  const { code, stdout } = await runToEnd('verify', '--home', network().node(1).home, '--json');
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ ok: true })]);
});
