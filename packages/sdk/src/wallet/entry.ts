import type { SignedTransaction } from '@mutual-chain/protocol';
import { Ending } from './ending.ts';
import type { Admission, Operation, Outcome, SendOptions } from './operation.ts';

/**
 * Who may have the bytes of a signed transaction.
 * `unsent`: nobody. `refused`: only nodes that answered that they do not take it. `uncertain`: a node that gave no answer. `admitted`: a node
 * that answered that it has it.
 */
export type Exposure = 'unsent' | 'refused' | 'uncertain' | 'admitted';

/** A transaction as it was signed. */
export type SignedEntry = {
  readonly transaction: SignedTransaction;
  /** 0x hex. */
  readonly id: string;
  /** UTF-8 bytes of its JSON form. */
  readonly jsonBytes: number;
  /** Height of a block that was there when it was signed: only higher blocks can have it. */
  readonly height: number;
};

/** An operation on its way, from being handed in to its end. */
export class Entry {
  readonly sequence: number;
  readonly operation: Operation;
  readonly options: SendOptions;
  readonly ended: Ending<Outcome> = new Ending();
  readonly admission: Ending<Admission> = new Ending();
  /** Undefined while it waits to be signed, for the first time or again. */
  signed: SignedEntry | undefined;
  /** The last one that was signed, whether it counts or not. */
  lastSigned: SignedEntry | undefined;
  exposure: Exposure = 'unsent';
  shouldSend = false;
  /** Whether a node that has the blocks has said once that it does not know it, while its nonce is used. */
  isMissing = false;
  /** How often it had to leave its nonce to another program. */
  noncesLost = 0;
  /** How often its fee was too low. */
  feesTooLow = 0;

  constructor(sequence: number, operation: Operation, options: SendOptions) {
    this.sequence = sequence;
    this.operation = operation;
    this.options = options;
  }

  /** Whether signing it again with another nonce cannot lead to two blocks having it. */
  get isMovable(): boolean {
    return this.exposure === 'unsent' || this.exposure === 'refused';
  }

  /** Takes the signed transaction, which nobody has seen yet. */
  sign(signed: SignedEntry): void {
    this.signed = signed;
    this.lastSigned = signed;
    this.exposure = 'unsent';
    this.shouldSend = true;
    this.isMissing = false;
  }

  /** A node has it: the one at the URL, where that is known. */
  admit(id: string, url: string | undefined): void {
    this.exposure = 'admitted';
    this.shouldSend = false;
    this.admission.resolve({ admitted: true, id, url });
  }

  end(outcome: Outcome): void {
    this.ended.resolve(outcome);
    this.admission.resolve(
      outcome.status === 'committed' ? { admitted: true, id: outcome.id, url: undefined } : { admitted: false, outcome },
    );
  }
}
