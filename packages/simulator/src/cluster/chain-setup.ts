import type { Cryptography, GenesisHash } from '@mutual-chain/protocol';
import type { SimpleContext } from '../chain/execute-simple-block.ts';
import { SimpleChain, type SimpleStore } from '../chain/simple-chain.ts';
import { ACCOUNTS, createSimpleState, OPENING_BALANCE } from '../chain/simple-state.ts';
import { encodeSimpleTransaction } from '../chain/simple-transaction.ts';
import type { SimulatedChain } from '../chain/simulated-chain.ts';
import { ChainHistory, type Report } from '../checkers/chain-history.ts';
import { hexOf, type Powers } from '../checkers/powers.ts';
import type { SimulatedKey } from '../cryptography/mac-cryptography.ts';
import { sha256 } from '../cryptography/mac-cryptography.ts';
import type { SimulationOptions } from '../faults/simulation-options.ts';
import { RandomStream } from '../random/random-stream.ts';
import { WORLD_BEGINS_MS } from '../world/world.ts';
import type { ChainPorts } from './simulated-node.ts';

/** The chain of a run: how nodes open it, what checkers know of it, and what is submitted to it. */
export type ChainSetup = {
  readonly genesisHash: GenesisHash;
  /** Opens what is durable at a node; the first time, genesis. */
  readonly open: (node: number, ports: ChainPorts) => SimulatedChain;
  readonly history: ChainHistory | undefined;
  readonly powersAt: (height: number) => Powers | undefined;
  /** The next transaction of the workload; undefined when there is none now. */
  readonly nextTransaction: () => Uint8Array | undefined;
  /** A transaction that changes the validators. */
  readonly nextValidatorChange: (height: number) => Uint8Array | undefined;
  /** Takes the last heights of a node back, as an old copy does; returns the height it then has. */
  readonly setBack: (node: number, heights: number) => number;
  /** The store of a node, for whoever forges blocks. */
  readonly storeOf: (node: number) => SimpleStore | undefined;
  readonly simple: SimpleContext | undefined;
  /** Whether work goes on in promises, which have to be let through between events. */
  readonly isAsynchronous: boolean;
  /** What is wrong with the state of a node, in words; of chains that know how to say it. */
  readonly auditOf: ((node: number) => Promise<readonly string[]>) | undefined;
};

/** Most transactions that are submitted while no block is decided. */
const SUBMITTED_PER_HEIGHT_MAX = 40;

/** A simple chain for everybody. */
export function createSimpleSetup(
  options: SimulationOptions,
  cryptography: Cryptography,
  roster: readonly SimulatedKey[],
  report: Report,
  nowMs: () => number,
): ChainSetup {
  const genesisHash = sha256(new TextEncoder().encode(`genesis of ${options.seed}`)) as GenesisHash;
  const random = new RandomStream(options.seed, 'workload');
  const suspects = options.faulty.map(({ node }) => node);
  const rules = { roster, suspects, secret: random.word(), isRemovalOn: options.isRemovalOn };
  const context: SimpleContext = { cryptography, genesisHash, rules };
  const genesis = createSimpleState(rules, options.powers.map(BigInt));
  const stores = new Map<number, SimpleStore>();
  const addresses = roster.map(({ address }) => hexOf(address));
  const isGuilty = ({ kind }: SimulationOptions['faulty'][number]): boolean =>
    kind === 'twin' || kind === 'mutator' || kind === 'lyingDisk';
  const history = new ChainHistory(
    {
      roster: addresses,
      powers: options.powers.map(BigInt),
      accounts: ACCOUNTS,
      openingBalance: OPENING_BALANCE,
      isRemovalOn: options.isRemovalOn,
      guilty: new Set(options.faulty.filter(isGuilty).map(({ node }) => addresses[node] ?? '')),
      suspects: suspects.map((node) => addresses[node] ?? ''),
    },
    report,
  );
  const storeOf = (node: number): SimpleStore => {
    const store = stores.get(node) ?? { blocks: [], states: [genesis], included: new Map<string, number>() };
    stores.set(node, store);
    return store;
  };
  const submit = (bytes: Uint8Array): Uint8Array => {
    history.submitted(bytes);
    return bytes;
  };
  const validUntil = (): number => Math.floor((WORLD_BEGINS_MS + nowMs()) / 1000) + random.pick([2, 10, 100]);
  let busy = { height: -1, submitted: 0 };
  const nonceFor = (account: number): number => {
    let most = 0;
    for (const { states } of stores.values()) most = Math.max(most, states.at(-1)?.nonces[account] ?? 0);
    return most + (random.chance(700) ? 0 : random.below(3));
  };
  return {
    genesisHash,
    history,
    powersAt: (height) => history.powersAt(height),
    simple: context,
    storeOf,
    isAsynchronous: false,
    auditOf: undefined,
    open: (node, ports) => new SimpleChain({ ...ports, context, store: storeOf(node), timing: options.timing, latency: options.latency }),
    nextTransaction: () => {
      if (history.height > busy.height) busy = { height: history.height, submitted: 0 };
      if (busy.submitted++ >= SUBMITTED_PER_HEIGHT_MAX) return undefined;
      const from = random.below(ACCOUNTS);
      const transaction = {
        kind: 'transfer',
        from,
        nonce: nonceFor(from),
        to: random.below(ACCOUNTS),
        amount: random.below(5000),
        activationHeight: 0,
        validUntil: validUntil(),
      } as const;
      return submit(encodeSimpleTransaction(transaction, rules.secret));
    },
    nextValidatorChange: (height) => {
      const from = random.below(ACCOUNTS);
      const to = random.below(roster.length);
      const amount = random.chance(350) ? 0 : random.pick([1, 1, 2, 3, 5, 10]);
      const activationHeight = height + random.pick([0, 0, 2, 3, 5]);
      return submit(
        encodeSimpleTransaction(
          { kind: 'validatorChange', from, nonce: nonceFor(from), to, amount, activationHeight, validUntil: validUntil() },
          rules.secret,
        ),
      );
    },
    setBack: (node, heights) => {
      const { blocks, states, included } = storeOf(node);
      const count = Math.min(heights, blocks.length);
      blocks.length -= count;
      states.length -= count;
      for (const [id, height] of included) if (height > blocks.length) included.delete(id);
      return blocks.length;
    },
  };
}
