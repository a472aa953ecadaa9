import { setTimeout as pause } from 'node:timers/promises';
import {
  type Address,
  type Cryptography,
  createTypedData,
  decodeHex,
  encodeHex,
  encodeTransaction,
  type GenesisHash,
  keyPairOf,
  parseAddress,
  privateKeyFrom,
  signTransaction,
  transactionIdOf,
  transactionToJson,
} from '@mutual-chain/protocol';
import type { AccountJson, SentOrRefusedJson } from '@mutual-chain/rpc/contract';
import { chooseCryptography } from '../../../src/chain/choose-cryptography.ts';
import { call } from './json-rpc.ts';
import type { LocalNetwork } from './local-network.ts';

/** One sender for each node: nobody else hands in what a node has promised to keep. */
const SENDERS = ['alice', 'bob', 'carol', 'dave'] as const;
const PAYEE = 'erin';
const BATCH = 2;
const PAUSE_MS = 40;
const VALID_FOR_SEC = 1800;
const FEE_MAX = 10n ** 16n;

/**
 * Transfers without end, each handed in at one node alone until that has acknowledged it, and never again afterwards: one that a node loses is lost.
 */
export class AcknowledgedLoad {
  readonly #network: LocalNetwork;
  readonly #cryptography: Cryptography;
  readonly #acknowledged: string[] = [];
  #senders: Promise<unknown> = Promise.resolve();
  #isRunning = true;

  private constructor(network: LocalNetwork, cryptography: Cryptography) {
    this.#network = network;
    this.#cryptography = cryptography;
  }

  static async start(network: LocalNetwork): Promise<AcknowledgedLoad> {
    const { cryptography } = await chooseCryptography();
    const load = new AcknowledgedLoad(network, cryptography);
    load.#senders = Promise.all(SENDERS.map((name, index) => load.#send(name, index)));
    return load;
  }

  /** How many transactions nodes have acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** Sends nothing more; resolves to the ids of all that was acknowledged. */
  async stop(): Promise<readonly string[]> {
    this.#isRunning = false;
    await this.#senders;
    return this.#acknowledged;
  }

  async #send(name: string, index: number): Promise<void> {
    const { address, privateKey } = this.#network.account(name);
    const url = this.#network.url(index);
    let { nonce } = await call<AccountJson>(url, 'mutual_getAccount', [address]);
    while (this.#isRunning) {
      const batch = Array.from({ length: BATCH }, (_, position) => this.#transfer(privateKey, nonce + position));
      if (!(await this.#hand(url, batch))) return;
      nonce += BATCH;
      await pause(PAUSE_MS);
    }
  }

  /** Hands in until all is acknowledged; false when the load ends before. */
  async #hand(url: string, batch: readonly Transfer[]): Promise<boolean> {
    let rest = batch;
    while (this.#isRunning) {
      try {
        const answers = await call<readonly SentOrRefusedJson[]>(url, 'mutual_sendTransactions', [rest.map(({ json }) => json)]);
        for (const answer of answers) if ('id' in answer) this.#acknowledged.push(answer.id);
        // A used nonce is that of a transaction whose acknowledgement was lost with the node: it is in a block already.
        rest = rest.filter((_, position) => !isOver(answers[position]));
        if (rest.length === 0) return true;
      } catch {
        // The node is gone: it gets the same again once it is back.
      }
      await pause(PAUSE_MS);
    }
    return false;
  }

  #transfer(privateKey: string, nonce: number): Transfer {
    const { chainId, genesisHash } = this.#network.file;
    const typedData = createTypedData(this.#cryptography, { chainId, genesisHash: decodeHex(genesisHash) as GenesisHash });
    const keys = keyPairOf(privateKeyFrom(decodeHex(privateKey)), this.#cryptography);
    const message = {
      ...{ from: keys.address as Address, nonce, validUntil: Math.floor(Date.now() / 1000) + VALID_FOR_SEC, maxFee: FEE_MAX },
      ...{ to: parseAddress(this.#network.account(PAYEE).address), asset: 'MTN', amount: 1n, memo: '' },
    };
    const signed = signTransaction(this.#cryptography, typedData, { type: 'Transfer', message }, keys.privateKey);
    return { id: encodeHex(transactionIdOf(this.#cryptography, encodeTransaction(signed))), json: transactionToJson(signed) };
  }
}

type Transfer = { readonly id: string; readonly json: unknown };

function isOver(answer: SentOrRefusedJson | undefined): boolean {
  return answer !== undefined && ('id' in answer || answer.error.data.code === 'NONCE_TOO_LOW');
}
