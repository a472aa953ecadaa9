import type { AccountJson, DebtJson, LotJson, RecordJson, SupplyJson } from '@mutual-chain/rpc/contract';
import { type Ending, ForeignWallet } from './foreign-wallet.ts';
import { call } from './json-rpc.ts';
import type { LocalNetwork } from './local-network.ts';

/** Opens a lot. */
export const NEW_LOT: string = `0x${'00'.repeat(32)}`;

/** What an owner has of the asset of a story. */
export type Holding = { readonly state: string; readonly available: string; readonly pendingIn: string; readonly pendingOut: string };

/**
 * People of a network and an asset of their own, so that stories of one network do not meet. Everybody speaks to another node; whoever looks asks
 * one that has all that was done before.
 */
export class LedgerStory {
  readonly asset: string;
  readonly #network: LocalNetwork;
  #height = 0;

  private constructor(network: LocalNetwork, asset: string) {
    this.#network = network;
    this.asset = asset;
  }

  /** Begins with an asset that nobody has anything of. */
  static async begin(network: LocalNetwork, asset: string): Promise<LedgerStory> {
    const story = new LedgerStory(network, asset);
    const gateways = [story.address('gateway')];
    const definition = { asset, name: `of ${asset}`, decimals: 2, gateways, threshold: 1, minLevel: 0, transferMode: 'IMMEDIATE' };
    await story.succeeds('gateway', 'DefineAsset', definition);
    return story;
  }

  /** Address of an account. */
  address(name: string): string {
    return this.#network.account(name).address;
  }

  /** Does an operation, whatever comes of it. */
  async attempt(name: string, type: string, fields: Readonly<Record<string, unknown>>): Promise<Ending> {
    const index = this.#nodeOf(name);
    await this.#network.reach(this.#height, [index]);
    const wallet = new ForeignWallet(this.#network.account(name).privateKey, this.#network.url(index));
    const ending = await wallet.attempt(type, fields);
    if (ending.at === 'block') this.#height = Math.max(this.#height, ending.transaction.height ?? 0);
    return ending;
  }

  /** Does an operation that has to succeed; answers its records in words, and the lot that the first of them is about. */
  async succeeds(
    name: string,
    type: string,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly lot: string; readonly records: readonly string[] }> {
    const ending = await this.attempt(name, type, fields);
    if (ending.at === 'admission' || ending.code !== 'OK') throw new Error(`${name} ${type}: ${JSON.stringify(ending)}`);
    return { lot: ending.lot, records: (ending.transaction.receipt?.records ?? []).map(inWords) };
  }

  /** Asks for a deposit; answers its lot. */
  async asksDeposit(name: string, amount: number): Promise<string> {
    const request = { lot: NEW_LOT, asset: this.asset, amount: String(amount), reference: 'wire', expiresAt: '0' };
    return (await this.succeeds(name, 'RequestDeposit', request)).lot;
  }

  /** Deposits, so that there is something to tell of. */
  async deposits(name: string, amount: number): Promise<void> {
    const lot = await this.asksDeposit(name, amount);
    await this.succeeds('gateway', 'ConfirmDeposit', { lot, revision: 0, amount: String(amount), externalRef: `in ${lot}` });
  }

  /** Asks somebody to accept a transfer; answers its lot. */
  async asksTransfer(name: string, to: string, amount: number, lot: string = NEW_LOT, expiresAt = 0): Promise<string> {
    const request = { lot, to: this.address(to), asset: this.asset, amount: String(amount), expiresAt: String(expiresAt), memo: 'rent' };
    return (await this.succeeds(name, 'RequestTransfer', request)).lot;
  }

  /** What somebody has of the asset. */
  async holding(name: string): Promise<Holding> {
    const { balances } = await this.#read<AccountJson>('mutual_getAccount', [this.address(name)]);
    const found = balances.find(({ asset }) => asset === this.asset);
    if (found === undefined) return { state: 'S0', available: '0', pendingIn: '0', pendingOut: '0' };
    const { state, available, pendingIn, pendingOut } = found;
    return { state, available, pendingIn, pendingOut };
  }

  /** How much there is of the asset. */
  async supply(): Promise<string> {
    return (await this.#read<SupplyJson>('mutual_getSupply', [this.asset])).supply;
  }

  lot(id: string): Promise<LotJson> {
    return this.#read('mutual_getLot', [id]);
  }

  debt(id: string): Promise<DebtJson> {
    return this.#read('mutual_getDebt', [id]);
  }

  /** Records of a lot in words, in the order in which they were written. */
  async history(lot: string): Promise<readonly RecordJson[]> {
    return (await this.#read<{ readonly items: readonly RecordJson[] }>('mutual_listRecords', [{ lot }])).items;
  }

  async #read<Result>(method: string, params: readonly unknown[]): Promise<Result> {
    const last = this.#network.nodes.length - 1;
    await this.#network.reach(this.#height, [last]);
    return call(this.#network.url(last), method, params);
  }

  #nodeOf(name: string): number {
    return this.#network.file.accounts.findIndex((each) => each.name === name) % this.#network.nodes.length;
  }
}

/** A record in words: state before, input, amount, what was done, and why. */
export function inWords({ state, input, transaction: { amount }, business: { action, reason } }: RecordJson): string {
  return `${state} ${input} ${amount} ${action}${reason === '' ? '' : ` (${reason})`}`;
}
