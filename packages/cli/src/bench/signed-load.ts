import { randomBytes } from 'node:crypto';
import {
  type Address,
  type Cryptography,
  createTypedData,
  decodeHex,
  encodeHex,
  encodeTransaction,
  genesisHashFrom,
  type PrivateKey,
  signTransaction,
  transactionIdOf,
  transactionToJson,
} from '@mutual-chain/protocol';
import type { RpcClient } from '@mutual-chain/sdk';
import type { DevnetFile } from '../network/devnet-file.ts';

/** Transactions that are sent together, signed and written as JSON beforehand. */
export type SignedChunk = {
  /** Text of the request body. */
  readonly body: string;
  /** Ids in hex, in order. */
  readonly ids: readonly string[];
};

/** What a load is made of. */
export type LoadOptions = {
  readonly rpc: RpcClient;
  readonly file: DevnetFile;
  readonly cryptography: Cryptography;
  /** Transfers altogether. */
  readonly transfers: number;
  /** Transfers in a request. */
  readonly chunk: number;
};

const VALID_SEC = 3_000;
const FEE_MAX = 10n ** 18n;
/** Different accounts that get the money. */
const PAYEES = 10_000;
const DECIMAL_BASE = 10n;

/** Accounts of a devnet that pay in a load: all that hold MTN. */
const PAYERS = ['registrar', 'gateway', 'committee', 'arbiter', 'alice', 'bob', 'carol', 'dave', 'erin', 'frank'];

/**
 * Signs transfers of MTN, of the payers in turn, and puts them into requests; each payer's go to one node, so that their nonces come in order.
 *
 * @returns Requests by payer, in their order.
 */
export async function signLoad({ rpc, file, cryptography, transfers, chunk }: LoadOptions): Promise<readonly (readonly SignedChunk[])[]> {
  const typedData = createTypedData(cryptography, { chainId: file.chainId, genesisHash: genesisHashFrom(decodeHex(file.genesisHash)) });
  const payees = Array.from({ length: PAYEES }, () => Uint8Array.from(randomBytes(20)) as Address);
  const validUntil = Math.floor(Date.now() / 1000) + VALID_SEC;
  const perPayer = Math.ceil(transfers / PAYERS.length);
  const requests: SignedChunk[][] = [];
  let count = 0;
  for (const name of PAYERS) {
    const account = file.accounts.find((each) => each.name === name);
    if (account === undefined) continue;
    const { pendingNonce } = await rpc.call('mutual_getAccount', { address: account.address });
    const key = decodeHex(account.privateKey) as PrivateKey;
    const from = decodeHex(account.address) as Address;
    const own: SignedChunk[] = [];
    for (let start = 0; start < perPayer; start += chunk) {
      const ids: string[] = [];
      const texts: string[] = [];
      for (let index = start; index < Math.min(start + chunk, perPayer); index++) {
        const to = payees[count++ % PAYEES] as Address;
        const message = {
          from,
          nonce: pendingNonce + index,
          validUntil,
          maxFee: FEE_MAX,
          to,
          asset: 'MTN',
          amount: DECIMAL_BASE,
          memo: '',
        };
        const signed = signTransaction(cryptography, typedData, { type: 'Transfer', message }, key);
        ids.push(encodeHex(transactionIdOf(cryptography, encodeTransaction(signed))));
        texts.push(JSON.stringify(transactionToJson(signed)));
      }
      const body = `{"jsonrpc":"2.0","id":1,"method":"mutual_sendTransactions","params":[[${texts.join(',')}]]}`;
      own.push({ body, ids });
    }
    requests.push(own);
  }
  return requests;
}
