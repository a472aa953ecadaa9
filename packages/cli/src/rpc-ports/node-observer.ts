import type { MutualNode, StateStore } from '@mutual-chain/node';
import { equalBytes, hasQuorum, totalPower, type ValidatorSet } from '@mutual-chain/protocol';
import type { NodeObserver } from '@mutual-chain/rpc/server';
import { chainStatusTable, StateOverlay } from '@mutual-chain/state-machine';

/** What an observer looks at. */
export type NodeObserverOptions = {
  readonly store: StateStore;
  readonly node: Pick<MutualNode, 'progress' | 'transport' | 'validator' | 'tip' | 'diagnose'>;
  readonly version: string;
};

/** A node prunes nothing: it has every block from genesis on. */
const EARLIEST_HEIGHT = 0;

/** Observes a running node. */
export function createNodeObserver({ store, node, version }: NodeObserverOptions): NodeObserver {
  return {
    status: () => {
      const { transport, progress, validator } = node;
      const timestampMs = new StateOverlay(store.view).get(chainStatusTable, undefined)?.timestampMs;
      return {
        version,
        peerId: transport.peer,
        tip: store.tip === undefined || timestampMs === undefined ? undefined : { ...store.tip, timestampMs },
        // One height behind is what every node is now and then.
        syncing: progress.targetHeight > progress.height + 1,
        peers: transport.peers().length,
        peersNeeded: peersNeeded(node),
        validator,
        earliestHeight: EARLIEST_HEIGHT,
      };
    },
    diagnose: async () => node.diagnose(),
  };
}

/** Fewest peers with which a quorum can be reached; a node that does not vote needs somebody to follow. */
function peersNeeded({ tip: { validators: set }, validator }: Pick<MutualNode, 'tip' | 'validator'>): number {
  const own = validator === undefined ? undefined : set.validators.find(({ address }) => equalBytes(address, validator));
  return own === undefined
    ? 1
    : fewestFor(
        set,
        own.power,
        set.validators.filter((each) => each !== own).map(({ power }) => power),
      );
}

function fewestFor(set: ValidatorSet, ownPower: bigint, others: readonly bigint[]): number {
  const total = totalPower(set);
  const strongest = [...others].sort((left, right) => (left > right ? -1 : left < right ? 1 : 0));
  let power = ownPower;
  let count = 0;
  while (!hasQuorum(power, total) && count < strongest.length) power += strongest[count++] ?? 0n;
  return count;
}
