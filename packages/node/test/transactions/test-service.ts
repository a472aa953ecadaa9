import {
  type CommittedBlock,
  type JournalIncident,
  MEMPOOL_LIMITS,
  type MempoolLimits,
  type SubmissionOutcome,
  TRANSACTION_LIMITS,
  type TransactionLimits,
  TransactionService,
} from '@mutual-chain/node';
import type { SignedTransaction, VerifiedTransaction } from '@mutual-chain/protocol';
import { VirtualClock } from '../p2p/virtual-clock.ts';
import { CrashingDisk } from '../support/crashing-disk.ts';
import { cryptography, declared, identity, TestChain } from './test-chain.ts';

/** What a service of the tests is made of. */
export type TestServiceOptions = {
  readonly chain?: TestChain;
  readonly disk?: CrashingDisk;
  readonly clock?: VirtualClock;
  readonly limits?: Partial<TransactionLimits>;
  readonly mempoolLimits?: Partial<MempoolLimits>;
  /** Whether a message is taken. */
  readonly send?: (peer: string, message: Uint8Array) => boolean;
  readonly cut?: (peer: string) => void;
  readonly failed?: (error: unknown) => void;
};

/** A service over a chain, a disk and a clock in memory, with what it does to the rest of the node. */
export class TestService {
  readonly chain: TestChain;
  readonly disk: CrashingDisk;
  readonly clock: VirtualClock;
  readonly service: TransactionService;
  readonly sent: { readonly peer: string; readonly message: Uint8Array }[] = [];
  readonly cut: { readonly peer: string; readonly reason: string }[] = [];
  readonly incidents: JournalIncident[] = [];
  workTold = 0;

  private constructor(chain: TestChain, { disk = new CrashingDisk(), clock = new VirtualClock(), ...options }: TestServiceOptions) {
    this.chain = chain;
    this.disk = disk;
    this.clock = clock;
    this.service = new TransactionService({
      ...{ cryptography, identity, ledger: chain.ledger },
      journal: {
        fileSystem: disk.fileSystem,
        directory: '/disk/journal',
        random: (length) => new Uint8Array(length).fill(9),
        onIncident: (incident) => this.incidents.push(incident),
      },
      clock: { wallMs: () => clock.monotonicMs(), schedule: (delayMs, run) => clock.schedule(delayMs, run) },
      send: (peer, message) => {
        const isTaken = options.send?.(peer, message) ?? true;
        if (isTaken) this.sent.push({ peer, message });
        return isTaken;
      },
      cut: (peer, reason) => {
        this.cut.push({ peer, reason });
        options.cut?.(peer);
      },
      workAvailable: () => {
        this.workTold++;
      },
      failed:
        options.failed ??
        ((error) => {
          throw error;
        }),
      limits: { ...TRANSACTION_LIMITS, ...options.limits },
      mempoolLimits: { ...MEMPOOL_LIMITS, ...options.mempoolLimits },
    });
  }

  /** A service that has been started. */
  static async start(options: TestServiceOptions = {}): Promise<TestService> {
    const test = new TestService(options.chain ?? (await TestChain.create()), options);
    test.service.start();
    return test;
  }

  /** Hands transactions in, and lets time pass until they are answered: an ok, or the code. */
  async submit(transactions: readonly SignedTransaction[], forMs = 20): Promise<readonly string[]> {
    const answered = this.service.submit(transactions.map(declared));
    this.clock.advance(forMs);
    return (await answered).map(inShort);
  }

  /** Commits what is offered to blocks, or these. */
  async commit(transactions: readonly VerifiedTransaction[] = this.service.candidates(), afterMs = 1_000): Promise<CommittedBlock> {
    const block = await this.chain.commit(transactions, afterMs);
    this.service.leftOut(block.leftOut);
    this.service.committed(block);
    return block;
  }
}

/** An outcome in a word. */
export function inShort(outcome: SubmissionOutcome): string {
  return outcome.ok ? 'ok' : outcome.code;
}
