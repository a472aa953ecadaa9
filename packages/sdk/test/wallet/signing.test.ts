// Goal: nothing is signed that was not asked for, shown and approved of, and wallets of Ethereum can sign everything.
// Method: signers and nodes that lie, people who say no, and the wallet of ethers as an independent signer.

import {
  encodeHex,
  formatAddress,
  genesisHashFrom,
  type Signature,
  type TypedDataPayload,
  transactionFromJson,
} from '@mutual-chain/protocol';
import { parametersTable } from '@mutual-chain/state-machine';
import { Wallet as EthersWallet, HDNodeWallet } from 'ethers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ApprovalRequest,
  checkPrepared,
  mnemonicSigner,
  privateKeySigner,
  privateKeySponsor,
  type Signer,
  type Sponsor,
  typedDataSigner,
  typedDataSponsor,
  Wallet,
} from '../../src/index.ts';
import { keysOf } from '../support/memory-chain.ts';
import { alice, bob, pay, World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = new World();
  await world.serve();
});
afterEach(() => world.stop());

/** Signs with ethers what `eth_signTypedData_v4` is given. */
async function signWithEthers(wallet: { signTypedData: EthersWallet['signTypedData'] }, payload: TypedDataPayload): Promise<string> {
  const { EIP712Domain: _domain, ...types } = payload.types;
  const { domain, message } = payload;
  return wallet.signTypedData(domain, types as never, message as never);
}

const ethersAlice = new EthersWallet(encodeHex(alice.privateKey));

describe('whoever is asked', () => {
  test('sees what it does before it is signed, and may refuse', async () => {
    const asked: ApprovalRequest[] = [];
    const wallet = await world.connect({
      approve: (request) => {
        asked.push(request);
        return !request.summary.includes('999');
      },
      decimals: { mUSD: 2 },
    });
    const usd = { to: bob.address, asset: 'mUSD', amount: 99_950n, memo: '' };
    const sent = [wallet.send('Transfer', usd), wallet.send('Transfer', pay('fine', 10n ** 18n))];
    expect(await sent[0]?.settled()).toEqual({
      status: 'rejected',
      id: undefined,
      code: 'SDK_NOT_APPROVED',
      field: undefined,
      message: 'the operation was not approved of',
      remedy: 'Nothing was signed; hand the operation in again to be asked again.',
    });
    expect(await sent[1]?.settled()).toMatchObject({ status: 'committed' });
    const to = formatAddress(bob.address);
    expect(asked.map(({ summary, payload, transaction }) => [summary, payload.primaryType, transaction.message.nonce])).toEqual([
      [`Transfer 999.5 mUSD to ${to}`, 'Transfer', 0],
      [`Transfer 1 MTN to ${to}`, 'Transfer', 0],
    ]);
  });

  test('is not asked again for another nonce, but for a higher fee', async () => {
    const asked: bigint[] = [];
    const wallet = await world.connect({
      approve: ({ transaction }) => {
        asked.push(transaction.message.maxFee);
        return true;
      },
    });
    const poor = wallet.send('Transfer', pay('poor'), { maxFee: 1n });
    await wallet.send('Transfer', pay('next')).settled();
    await poor.settled();
    expect(asked).toHaveLength(2);
    world.chain.write((state) => {
      state.set(parametersTable, undefined, { ...world.chain.parameters, feePerTransaction: 10n ** 17n });
    });
    await wallet.send('Transfer', pay('dear')).settled();
    expect(asked).toHaveLength(4);
    expect(asked[3]).toBeGreaterThan(asked[2] ?? 0n);
  });

  test('does not hold back what was approved of before', async () => {
    const signer: Signer = { ...privateKeySigner(alice.privateKey), isInteractive: true };
    const known: number[] = [];
    const wallet = await world.connect({
      signer: {
        ...signer,
        sign: (request) => {
          known.push(world.node.pending.length);
          return signer.sign(request);
        },
      },
    });
    await Promise.all([0, 1, 2].map((index) => wallet.send('Transfer', pay(String(index))).settled()));
    expect(known).toEqual([0, 1, 2]);
  });
});

describe('a signer', () => {
  const sign = privateKeySigner(alice.privateKey).sign;

  test.each<[string, Signer]>([
    [
      'signs another message',
      {
        address: alice.address,
        sign: ({ transaction, ...rest }) =>
          sign({ ...rest, transaction: { ...transaction, message: { ...transaction.message, nonce: 7 } } as never }),
      },
    ],
    ['has another key', { address: alice.address, sign: privateKeySigner(bob.privateKey).sign }],
    ['answers nonsense', { address: alice.address, sign: async () => new Uint8Array(65) as Signature }],
  ])('that %s is caught', async (_name, signer) => {
    const wallet = await world.connect({ signer });
    const outcome = await wallet.send('Transfer', pay('forged')).settled();
    expect(outcome).toMatchObject({ status: 'rejected', id: undefined, code: 'SDK_SIGNATURE_WRONG' });
    expect(world.served[0]?.asked).not.toContain('mutual_sendTransactions');
  });

  test('that refuses ends the operation with its words, and the next one takes its place', async () => {
    let isFirst = true;
    const signer: Signer = {
      address: alice.address,
      sign: async (request) => {
        if (!isFirst) return sign(request);
        isFirst = false;
        throw new Error('User rejected the request');
      },
    };
    const wallet = await world.connect({ signer });
    const [refused, next] = [wallet.send('Transfer', pay('refused')), wallet.send('Transfer', pay('next'))];
    expect(await refused.settled()).toMatchObject({
      status: 'rejected',
      code: 'SDK_NOT_SIGNED',
      message: 'the signer refused: User rejected the request',
    });
    expect(await next.settled()).toMatchObject({ status: 'committed' });
  });

  test('may be ethers', async () => {
    const signer = typedDataSigner(alice.address, (payload) => signWithEthers(ethersAlice, payload));
    const wallet = await world.connect({ signer });
    const outcomes = await Promise.all([
      wallet.send('Transfer', pay('with ethers')).settled(),
      wallet.send('SetAccount', { autoAccept: false, dailyLimit: 7n }).settled(),
      wallet
        .send('RequestDeposit', { lot: new Uint8Array(32) as never, asset: 'MTN', amount: 1n, reference: 'wire', expiresAt: 0 })
        .settled(),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['committed', 'committed', 'committed']);
  });

  test('from a mnemonic has the addresses that wallets of Ethereum have', () => {
    const mnemonic = 'test test test test test test test test test test test junk';
    for (const index of [0, 1, 9]) {
      const { address } = HDNodeWallet.fromPhrase(mnemonic, undefined, `m/44'/60'/0'/0/${index}`);
      expect(formatAddress(mnemonicSigner(mnemonic, index).address)).toBe(address);
    }
  });
});

describe('a sponsor', () => {
  const payerOf = async (sponsor: Sponsor): Promise<unknown> => {
    const wallet = await world.connect();
    const outcome = await wallet.send('Transfer', pay('sponsored'), { sponsor }).settled();
    return outcome.status === 'committed' ? outcome.receipt?.feePayer : outcome;
  };

  test('pays the fee', async () => {
    expect(await payerOf(privateKeySponsor(bob.privateKey))).toBe(formatAddress(bob.address));
  });

  test('may be ethers', async () => {
    const ethersBob = new EthersWallet(encodeHex(bob.privateKey));
    expect(await payerOf(typedDataSponsor(bob.address, (payload) => signWithEthers(ethersBob, payload)))).toBe(formatAddress(bob.address));
  });

  test('whose signature is another one is caught', async () => {
    const sponsor = { ...privateKeySponsor(bob.privateKey), address: keysOf('carol').address };
    expect(await payerOf(sponsor)).toMatchObject({ status: 'rejected', code: 'SDK_SIGNATURE_WRONG' });
  });
});

describe('what cannot be recorded', () => {
  test('is not sent', async () => {
    const wallet = await world.connect({
      record: async () => {
        throw new Error('no room');
      },
    });
    expect(await wallet.send('Transfer', pay('unrecorded')).settled()).toMatchObject({
      status: 'rejected',
      code: 'SDK_NOT_RECORDED',
      message: 'the transaction could not be recorded: no room',
    });
    expect(world.served[0]?.asked).not.toContain('mutual_sendTransactions');
  });
});

describe('the chain', () => {
  const signer = privateKeySigner(alice.privateKey);

  test('is the expected one', async () => {
    const genesisHash = world.chain.context.genesisHash;
    const byBytes = await Wallet.connect({ rpc: world.rpc(), signer, expected: { chainId: 7, genesisHash } });
    const byText = await Wallet.connect({
      rpc: world.rpc(),
      signer,
      expected: { genesisHash: encodeHex(genesisHash).toUpperCase().replace('0X', '0x') },
    });
    expect([byBytes, byText].map(({ chain: { chainId, networkName } }) => [chainId, networkName])).toEqual([
      [7, 'memory'],
      [7, 'memory'],
    ]);
  });

  test.each([
    ['expects', { expects: { chainId: 8 } }, 'no option of a wallet: it has rpc, signer, expected, approve, record, decimals, '],
    ['chainID', { expected: { chainID: 8 } }, 'no option of the expected chain: it has chainId, genesisHash'],
  ])('is not left unchecked because of the misspelt %s', async (field, options, problem) => {
    const connecting = Wallet.connect({ rpc: world.rpc(), signer, ...(options as object) });
    await expect(connecting).rejects.toMatchObject({
      code: 'SDK_FIELD_UNKNOWN',
      field,
      message: expect.stringContaining(`${field} is ${problem}`),
    });
  });

  test.each([
    ['chainId', { chainId: 8 }],
    ['genesisHash', { genesisHash: genesisHashFrom(new Uint8Array(32)) }],
  ])('with another %s is not used', async (field, expected) => {
    await expect(Wallet.connect({ rpc: world.rpc(), signer, expected })).rejects.toMatchObject({ code: 'SDK_CHAIN_DIFFERS', field });
  });
});

describe('what a node has prepared', () => {
  const asked = () => ({ type: 'Transfer', message: { from: alice.address, ...pay('prepared') } }) as const;

  test('is signed by ethers and taken by the node', async () => {
    const rpc = world.rpc();
    const { chain } = await world.connect();
    const payload = await rpc.call('mutual_prepareTransaction', { transaction: asked() });
    const { type, message } = checkPrepared(chain, asked(), payload);
    expect({ type, message }).toMatchObject({ type: 'Transfer', message: { from: alice.address, nonce: 0, memo: 'prepared' } });
    const signature = await signWithEthers(ethersAlice, payload);
    const signed = transactionFromJson({ type, message: payload.message, signature });
    const { id } = await rpc.call('mutual_sendTransaction', { transaction: signed });
    world.node.makeBlock();
    expect(await rpc.call('mutual_getReceipt', { id })).toMatchObject({ status: 'committed', receipt: { ok: true } });
  });

  test('is held against what was asked for', async () => {
    const { chain } = await world.connect();
    const payload = (await world.rpc().call('mutual_prepareTransaction', { transaction: asked() })) as TypedDataPayload<
      Record<string, unknown>
    >;
    const other = formatAddress(alice.address);
    const lies: readonly (readonly [string, TypedDataPayload])[] = [
      ['primaryType', { ...payload, primaryType: 'Join' }],
      ['domain', { ...payload, domain: { ...payload.domain, chainId: 8 } }],
      ['types', { ...payload, types: { ...payload.types, Transfer: payload.types['Transfer']?.slice(1) ?? [] } }],
      ['types', { ...payload, types: { ...payload.types, Other: [] } }],
      ['message.to', { ...payload, message: { ...payload.message, to: other } }],
      ['message.amount', { ...payload, message: { ...payload.message, amount: '6' } }],
      ['message.asset', { ...payload, message: { ...payload.message, asset: 'mUSD' } }],
      ['message.memo', { ...payload, message: { ...payload.message, memo: 'Prepared' } }],
    ];
    const found = lies.map(([, lie]) => {
      try {
        checkPrepared(chain, asked(), lie);
        return 'signed';
      } catch (error) {
        return (error as { field?: string }).field;
      }
    });
    expect(found).toEqual(lies.map(([field]) => field));
    const withNonce = { ...asked(), message: { ...asked().message, nonce: 3 } };
    expect(() => checkPrepared(chain, withNonce, payload)).toThrow(
      expect.objectContaining({ code: 'SDK_PAYLOAD_DIFFERS', field: 'message.nonce' }),
    );
  });
});
