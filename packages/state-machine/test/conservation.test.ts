import { InvariantError, SUPPLY_MAX } from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { assertConserved } from '../src/block/conservation.ts';
import { assetTable, holdingTable, lotTable, StateOverlay } from '../src/index.ts';
import { askTransfer, fund } from './support/requests.ts';
import { addressOf, TestChain } from './support/test-chain.ts';

/*
 * Goal: no block makes or loses money, whatever a module does.
 * Method: writes that an operation might make, checked as at the end of a block; blocks themselves run through the check in every other test.
 */

const chain = new TestChain();
fund(chain, 'alice', 100n);
const open = askTransfer(chain, { amount: 40n }).id;

/** What the check says about a block that makes these writes. */
function check(writes: (state: StateOverlay) => void): () => void {
  const state = new StateOverlay(chain.state);
  writes(state);
  return () => {
    assertConserved(state);
  };
}

function changeHolding(state: StateOverlay, name: string, asset: string, change: bigint): void {
  const key = { owner: addressOf(name), asset };
  const known = state.get(holdingTable, key) ?? { amount: 0n, state: 5, generation: 0, pendingIn: 0n, pendingOut: 0n, freeze: 0 };
  state.set(holdingTable, key, { ...known, amount: known.amount + change });
}

function changeSupply(state: StateOverlay, asset: string, change: bigint): void {
  const known = state.get(assetTable, asset);
  if (known !== undefined) state.set(assetTable, asset, { ...known, supply: known.supply + change });
}

function changeLot(state: StateOverlay, change: { amount?: bigint; state?: number }): void {
  const known = state.get(lotTable, open);
  if (known !== undefined) state.set(lotTable, open, { ...known, ...change });
}

describe('a block conserves', () => {
  test('when money moves, is minted or burned, or is held by a lot', () => {
    const fine = check((state) => {
      changeHolding(state, 'alice', 'mUSD', -10n);
      changeHolding(state, 'alice', 'MTN', -5n);
      changeHolding(state, 'bob', 'mUSD', 10n + 7n + 40n);
      changeHolding(state, 'bob', 'MTN', 5n);
      changeSupply(state, 'mUSD', 7n);
      changeLot(state, { state: 5, amount: 0n });
      state.set(
        holdingTable,
        { owner: addressOf('carol'), asset: 'mBTC' },
        { amount: 3n, state: 5, generation: 0, pendingIn: 0n, pendingOut: 0n, freeze: 0 },
      );
      changeSupply(state, 'mBTC', 3n);
    });
    expect(fine).not.toThrow();
  });

  test.each<readonly [what: string, said: string, writes: (state: StateOverlay) => void]>([
    [
      'a payee gets more than the payer gives',
      '1 mUSD',
      (state) => {
        changeHolding(state, 'alice', 'mUSD', -10n);
        changeHolding(state, 'bob', 'mUSD', 11n);
      },
    ],
    [
      'one asset turns into another',
      '-10 MTN',
      (state) => {
        changeHolding(state, 'alice', 'MTN', -10n);
        changeHolding(state, 'alice', 'mUSD', 10n);
      },
    ],
    [
      'what is burned stays in the supply',
      '-40 mUSD',
      (state) => {
        changeLot(state, { state: 6 });
      },
    ],
    [
      'a released lot is also kept',
      '40 mUSD',
      (state) => {
        changeHolding(state, 'alice', 'mUSD', 40n);
      },
    ],
    [
      'a lot holds more than was taken',
      '2 mUSD',
      (state) => {
        changeLot(state, { amount: 42n });
      },
    ],
    [
      'supply changes alone',
      '-7 mUSD',
      (state) => {
        changeSupply(state, 'mUSD', 7n);
      },
    ],
    [
      'a main lot vanishes',
      '-60 mUSD',
      (state) => {
        state.delete(holdingTable, { owner: addressOf('alice'), asset: 'mUSD' });
      },
    ],
  ])('or stops: %s', (_, said, writes) => {
    expect(check(writes)).toThrow(InvariantError);
    expect(check(writes)).toThrow(`a block makes ${said} out of nothing`);
  });

  test.each([
    [0n, true],
    [1n, false],
  ])('%d base units above the largest supply: %s', (above, fine) => {
    const minted = SUPPLY_MAX - 100n + above;
    const mint = check((state) => {
      changeHolding(state, 'bob', 'mUSD', minted);
      changeSupply(state, 'mUSD', minted);
    });
    if (fine) expect(mint).not.toThrow();
    else expect(mint).toThrow('no supply exceeds the largest there may be');
  });
});
