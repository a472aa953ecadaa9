import type { LotId } from '@mutual-chain/protocol';
import { enact } from '../support/consortium.ts';
import { askCredit, askDeposit, askTransfer, askWithdrawal, fund, lotField, TERMS } from '../support/requests.ts';
import { addressOf, TestChain, testGenesis } from '../support/test-chain.ts';

/** A chain with one of everything in its state, and the ids by which tests reach them. */
export type BusyChain = {
  readonly chain: TestChain;
  readonly deposit: LotId;
  readonly transfer: LotId;
  readonly offer: LotId;
  readonly withdrawal: LotId;
  readonly burned: LotId;
  readonly debt: LotId;
  readonly proposal: LotId;
};

/** Requests of every kind open and closed, a debt, a member, fees, MTN beyond the bridge, a locked holding, governance under way. */
export function createBusyChain(): BusyChain {
  const genesis = testGenesis();
  const { allocation } = genesis;
  if (!('supply' in allocation)) throw new Error('test chains have an allocation of their own');
  const locked = { address: `0x${'77'.repeat(20)}`, amount: '1000' };
  const chain = new TestChain({
    ...genesis,
    parameters: { feePerTransaction: '1003', feePerByte: '0' },
    allocation: {
      ...allocation,
      supply: String(BigInt(allocation.supply) + 1000n),
      tranches: [...allocation.tranches, { name: 'founders', amount: '1000', rule: { kind: 'linear', lockSec: 1000 }, accounts: [locked] }],
    },
  });
  fund(chain, 'alice', 1000n);
  const deposit = askDeposit(chain, 'bob', { expiresAt: chain.nowSec + 500 }).id;
  askDeposit(chain, 'carol', { asset: 'mBTC' });
  const transfer = askTransfer(chain, { expiresAt: chain.nowSec + 500 }).id;
  const offer = askCredit(chain, 'alice').id;
  askCredit(chain, 'bob');
  const debt = askCredit(chain, 'alice', { amount: 30n }).id;
  chain.run('bob', 'ConfirmCredit', { lot: lotField(debt), revision: 0, termsHash: TERMS });
  const withdrawal = askWithdrawal(chain, { expiresAt: chain.nowSec + 500 }).id;
  chain.run('gateway', 'ClaimRequest', { lot: lotField(withdrawal), revision: 0 });
  const burned = askWithdrawal(chain).id;
  chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(burned), revision: 0, externalRef: 'out-1' });
  const bridged = askWithdrawal(chain, { asset: 'MTN' }).id;
  chain.run('gateway', 'ConfirmWithdrawal', { lot: lotField(bridged), revision: 0, externalRef: 'out-2' });
  const partial = askTransfer(chain).id;
  chain.run('bob', 'ConfirmTransfer', { lot: lotField(partial), revision: 0, amount: 25n });
  chain.run('newcomer', 'Join', {});
  const freeze = { account: addressOf('dave'), asset: '', frozen: true, deep: false, legalHold: false, activationHeight: 0 };
  enact(chain, 'ProposeFreeze', freeze);
  const proposal = chain.run('operator1', 'ProposeFreeze', { ...freeze, frozen: false }).id;
  return { chain, deposit, transfer, offer, withdrawal, burned, debt, proposal };
}
