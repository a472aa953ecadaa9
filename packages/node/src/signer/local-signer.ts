import type { SignRequest } from '@mutual-chain/consensus';
import { type Address, type ConsensusProposal, consensusDigest, type Signature, type Vote } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import { isFileError } from '../file-system/file-error.ts';
import { type LastSignFileOptions, makeLastSignDurable, readLastSign, writeLastSign } from './last-sign-file.ts';
import { judgeRequest, type LastSign } from './sign-guard.ts';
import type { Signer, SignOutcome } from './signer.ts';

/** What a signer in the process of the node needs. */
export type LocalSignerOptions = LastSignFileOptions & {
  /** Signs a digest with the key: 65 bytes r‖s‖v. */
  readonly signDigest: (digest: Uint8Array) => Signature;
};

/** A key in the process of the node, behind the guard. One process at a time uses a directory: see `lockSignerDirectory`. */
export class LocalSigner implements Signer {
  readonly #options: LocalSignerOptions;
  #last: LastSign | undefined;
  #failure: unknown;

  /** Reads what was signed last and makes sure that it stays. Errors: those of `readLastSign`, those of the file system. */
  constructor(options: LocalSignerOptions) {
    this.#options = options;
    this.#last = readLastSign(options);
    makeLastSignDurable(options);
  }

  get address(): Address {
    return this.#options.address;
  }

  lastSign(): SignRequest | undefined {
    return this.#last?.request;
  }

  sign(request: SignRequest, done: (outcome: SignOutcome) => void): void {
    done(this.#sign(request));
  }

  #sign(request: SignRequest): SignOutcome {
    if (this.#failure !== undefined) throw this.#writeFailed(this.#failure);
    const { cryptography, genesisHash, signDigest } = this.#options;
    const digest = consensusDigest(cryptography, genesisHash, request);
    const verdict = judgeRequest(this.#last, request, digest);
    switch (verdict.type) {
      case 'refuse':
        return { ok: false, reason: verdict.reason };
      case 'repeat':
        return { ok: true, message: this.#message(request, verdict.signature) };
      case 'sign': {
        const signature = signDigest(digest);
        this.#remember({ request, digest, signature });
        return { ok: true, message: this.#message(request, signature) };
      }
    }
  }

  /** After a failure either state may be on the disk; the signature is not given out, and the next start reads what is there. */
  #remember(last: LastSign): void {
    try {
      writeLastSign(this.#options, last);
    } catch (cause) {
      this.#failure = cause;
      throw isFileError(cause) ? this.#writeFailed(cause) : cause;
    }
    this.#last = last;
  }

  #message(request: SignRequest, signature: Signature): Vote | ConsensusProposal {
    const { address } = this.#options;
    if (request.kind === 'proposal') {
      const { height, round, validRound, blockHash } = request;
      return { height, round, validRound, blockHash, proposer: address, signature };
    }
    const { kind, height, round, blockHash } = request;
    return { kind, height, round, blockHash, validator: address, signature };
  }

  #writeFailed(cause: unknown): Error {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return nodeError(
      'SIGNER_STATE_WRITE_FAILED',
      `what was signed was not made durable: ${reason}`,
      { path: this.#options.directory },
      cause,
    );
  }
}
