import type { TransactionStatusJson } from '@mutual-chain/rpc/contract';
import { type TypedDataDomain, type TypedDataField, Wallet } from 'ethers';
import { ask, call, type Refusal } from './json-rpc.ts';
import { waitFor } from './wait-until.ts';

/** A signed transaction in its JSON form. */
export type SignedJson = { readonly type: string; readonly message: Readonly<Record<string, unknown>>; readonly signature: string };

/** What became of an operation: what a node said at once, or what stands in its block. */
export type Ending =
  | { readonly at: 'admission'; readonly code: string; readonly error: Refusal }
  | { readonly at: 'block'; readonly code: string; readonly id: string; readonly lot: string; readonly transaction: TransactionStatusJson };

type Payload = {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
};

const WAIT_MS = 8_000;

/** An account whose key is in a wallet of ethers, which knows nothing of this chain. */
export class ForeignWallet {
  readonly address: string;
  readonly #wallet: Wallet;
  readonly #url: string;

  constructor(privateKey: string, url: string) {
    this.#wallet = new Wallet(privateKey);
    this.#url = url;
    this.address = this.#wallet.address;
  }

  /** Has a node complete a message, and signs what comes back, for the chain that the node names unless another one is given. */
  async sign(type: string, fields: Readonly<Record<string, unknown>>, domain?: TypedDataDomain): Promise<SignedJson> {
    const message = { from: this.address, ...fields };
    const payload = await call<Payload>(this.#url, 'mutual_prepareTransaction', [{ type, message }]);
    const { EIP712Domain: _, ...types } = payload.types;
    const signature = await this.#wallet.signTypedData(domain ?? payload.domain, types, payload.message);
    return { type, message: payload.message, signature };
  }

  /** Signs an operation, hands it in and waits until it has ended. */
  async attempt(type: string, fields: Readonly<Record<string, unknown>>): Promise<Ending> {
    return this.hand(await this.sign(type, fields));
  }

  /** Hands in a signed transaction and waits until it has ended. */
  async hand(signed: SignedJson): Promise<Ending> {
    const answer = await ask(this.#url, 'mutual_sendAndWait', [signed, WAIT_MS]);
    if ('error' in answer) return { at: 'admission', code: answer.error.data.code, error: answer.error };
    const sent = answer.result as TransactionStatusJson;
    const transaction = sent.status === 'pending' ? await this.#settled(sent.id) : sent;
    const { id, receipt, status } = transaction;
    return { at: 'block', code: receipt?.code ?? status, id, lot: receipt?.records[0]?.transaction.lot ?? '', transaction };
  }

  #settled(id: string): Promise<TransactionStatusJson> {
    return waitFor(`transaction ${id}`, async () => {
      const transaction = await call<TransactionStatusJson>(this.#url, 'mutual_getTransaction', [id]);
      return transaction.status === 'pending' ? undefined : transaction;
    });
  }
}
