import { assertInvariant, type Cryptography, decodeHex, encodeHex, encodeUtf8 } from '@mutual-chain/protocol';
import type { RecordJson } from '@mutual-chain/rpc/contract';
import type { Outcome, RpcClient } from '@mutual-chain/sdk';
import { AddressNames } from '../demo/address-names.ts';
import type { DevnetFile } from '../network/devnet-file.ts';
import { palette } from '../text/palette.ts';
import { recordSentence, type Wording } from '../text/record-sentence.ts';
import { recordFromJson } from './record-from-json.ts';
import { connectAccounts, type TestAccountName, TOUR_DECIMALS, type TourAccounts } from './tour-accounts.ts';
import { TOUR } from './tour-chapters.ts';
import type { TourChapter, TourStep, TourView } from './tour-step.ts';

/** What a tour needs. */
export type TourOptions = {
  readonly rpc: RpcClient;
  readonly file: DevnetFile;
  readonly cryptography: Cryptography;
  /** Takes the story, line by line. */
  readonly tell: (line: string) => void;
};

/** What came of a tour. */
export type TourResult = {
  readonly operations: number;
  /** Height of the last block that has something of it. */
  readonly height: number;
  /** Steps that came out otherwise than they were to. */
  readonly surprises: readonly string[];
};

/** How often the chain is asked for the record of the scheduler, ms. */
const POLL_MS = 200;
/** Longest wait for it, ms. */
const AWAITED_MS_MAX = 60_000;

/** Does the story on a running devnet, one operation after the other, and tells what the chain made of each. */
export async function runTour({ rpc, file, cryptography, tell }: TourOptions): Promise<TourResult> {
  const accounts = await connectAccounts(rpc, file);
  try {
    return await new Tour({ rpc, file, cryptography, tell }, accounts).run();
  } finally {
    accounts.close();
  }
}

class Tour {
  readonly #options: TourOptions;
  readonly #accounts: TourAccounts;
  readonly #wording: Wording;
  readonly #lots = new Map<string, Uint8Array>();
  readonly #surprises: string[] = [];
  #operations = 0;
  #height = 0;

  constructor(options: TourOptions, accounts: TourAccounts) {
    const names = new AddressNames(options.cryptography, options.file.accounts);
    this.#options = options;
    this.#accounts = accounts;
    this.#wording = { nameOf: (address) => names.nameOf(address), decimalsOf: (asset) => TOUR_DECIMALS[asset] ?? 0 };
  }

  async run(): Promise<TourResult> {
    for (const chapter of TOUR) await this.#tellChapter(chapter);
    return { operations: this.#operations, height: this.#height, surprises: this.#surprises };
  }

  async #tellChapter({ title, text, steps, awaits }: TourChapter): Promise<void> {
    for (const line of ['', palette.bold(title), text, '']) this.#options.tell(line);
    for (const step of steps) await this.#do(step);
    if (awaits !== undefined) await this.#await(awaits);
  }

  async #do(step: TourStep): Promise<void> {
    const wallet = this.#accounts.wallet(step.who);
    const operation = step.operation(await this.#view());
    const [sent] = wallet.sendMany([operation]);
    assertInvariant(sent !== undefined, 'one operation is sent');
    const outcome = await sent.settled();
    this.#operations++;
    this.#tellOutcome(step, operation.type, outcome);
    if (step.opens !== undefined && outcome.status === 'committed') {
      const [record] = outcome.receipt?.records ?? [];
      if (record !== undefined) this.#lots.set(step.opens, decodeHex(record.transaction.lot));
    }
  }

  #tellOutcome({ who, note, expected = 'OK' }: TourStep, type: string, outcome: Outcome): void {
    const { tell } = this.#options;
    const code =
      outcome.status === 'committed' ? (outcome.receipt?.code ?? 'PRUNED') : outcome.status === 'expired' ? 'EXPIRED' : outcome.code;
    const place = outcome.status === 'committed' ? palette.dim(`  block ${outcome.height}`) : '';
    tell(`  ${palette.cyan(`${who} ${type}`)}: ${note}${place}`);
    if (outcome.status === 'committed') {
      this.#height = Math.max(this.#height, outcome.height ?? 0);
      for (const record of outcome.receipt?.records ?? []) tell(`      ${this.#sentence(record)}`);
    }
    if (code !== 'OK') tell(`      ${palette.red(`refused ${code}`)}`);
    if (code !== expected) this.#surprises.push(`${who} ${type}: ${code} instead of ${expected}`);
  }

  /** Waits until the scheduler has written into a lot. */
  async #await(name: string): Promise<void> {
    const { rpc, tell } = this.#options;
    const lot = encodeHex(this.#lots.get(name) ?? new Uint8Array(32));
    const untilMs = performance.now() + AWAITED_MS_MAX;
    while (performance.now() < untilMs) {
      const { items } = await rpc.call('mutual_listRecords', { filter: { lot } });
      const written = items.filter(({ transaction }) => /^0x0+$/.test(transaction.txId));
      for (const record of written) {
        this.#height = Math.max(this.#height, record.transaction.height);
        tell(`  ${palette.yellow('system')}: nobody answered in time${palette.dim(`  block ${record.transaction.height}`)}`);
        tell(`      ${this.#sentence(record)}`);
      }
      if (written.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#surprises.push(`${name}: the scheduler wrote nothing within ${AWAITED_MS_MAX} ms`);
  }

  #sentence(record: RecordJson): string {
    return recordSentence(recordFromJson(record), this.#wording);
  }

  async #view(): Promise<TourView> {
    const { rpc, cryptography } = this.#options;
    const revisions = new Map<string, number>();
    for (const [name, id] of this.#lots) revisions.set(name, (await rpc.call('mutual_getLot', { id: encodeHex(id) })).revision);
    return {
      timeSec: Math.floor(Date.now() / 1000),
      addressOf: (name: TestAccountName) => this.#accounts.wallet(name).address,
      lot: (name) => {
        const id = this.#lots.get(name);
        if (id === undefined) throw new Error(`the tour has opened no lot ${name}`);
        return { id, revision: revisions.get(name) ?? 0 };
      },
      hash: (text) => cryptography.sha256(encodeUtf8(text)),
    };
  }
}
