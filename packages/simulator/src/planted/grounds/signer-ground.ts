import {
  createLastSignFile,
  exportLastSign,
  importLastSign,
  isForeignUse,
  LAST_SIGN_FILE,
  LocalSigner,
  type LocalSignerOptions,
} from '@mutual-chain/node';
import { type BlockHash, ChainError, type Cryptography, consensusDigest, type GenesisHash, type Signature } from '@mutual-chain/protocol';
import { POWER_LOSS } from '../../cluster/power-loss.ts';
import { createMacCryptography, createMacKeys, type SimulatedKey } from '../../cryptography/mac-cryptography.ts';
import { SimulatedDisk } from '../../disk/simulated-disk.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { Discrepancy, expectSame } from './discrepancy.ts';
import type { Ground } from './ground.ts';

const DIRECTORY = '/data/signer';
const GENESIS_HASH = new Uint8Array(32).fill(1) as GenesisHash;
const OPERATIONS = 60;
const KINDS = ['proposal', 'prevote', 'precommit'] as const;

type Request = Parameters<LocalSigner['sign']>[0];

/** The signer on a disk that loses power, against the list of what it has given out. */
export const SIGNER: Ground = {
  what: 'The signer, ended at every operation of its disk, against the list of what it has given out.',
  seeds: 1500,
  search: (seed) => Discrepancy.of('signer', () => new SignerRun(seed).run()),
};

class SignerRun {
  readonly #random: RandomStream;
  readonly #disk: SimulatedDisk;
  readonly #options: LocalSignerOptions & { readonly cryptography: Cryptography };
  readonly #key: SimulatedKey;
  /** What was given out last, and its signature. */
  #last: { readonly request: Request; readonly signature: string } | undefined;
  /** What may be remembered beside it, because the node ended while it signed. */
  #attempted: Request | undefined;
  #boundariesLeft = Number.POSITIVE_INFINITY;
  #signer: LocalSigner;
  readonly #exported: { readonly record: Uint8Array; readonly last: Request | undefined }[] = [];

  constructor(seed: bigint) {
    this.#random = new RandomStream(seed, 'signer');
    const [key] = createMacKeys(seed, 1);
    this.#key = key as SimulatedKey;
    const cryptography = createMacCryptography([this.#key]);
    this.#disk = new SimulatedDisk({
      random: new RandomStream(seed, 'signer disk'),
      boundary: () => {
        if (this.#boundariesLeft-- <= 0) throw POWER_LOSS;
      },
    });
    this.#options = {
      fileSystem: this.#disk.fileSystem,
      directory: DIRECTORY,
      address: this.#key.address,
      genesisHash: GENESIS_HASH,
      cryptography,
      signDigest: (digest) => cryptography.sign(digest, this.#key.privateKey) as Signature,
    };
    createLastSignFile(this.#options);
    this.#signer = new LocalSigner(this.#options);
  }

  run(): void {
    for (let each = 0; each < OPERATIONS; each++) {
      const choice = this.#random.below(100);
      if (choice < 70) this.#sign(this.#draw());
      else if (choice < 85) this.#end();
      else if (choice < 90) this.#exported.push({ record: exportLastSign(this.#options), last: this.#signer.lastSign() });
      else if (choice < 93) this.#import();
      else this.#judgeForeignUse();
    }
    this.#damage();
  }

  /** Near what was signed last, so that all cases are met. */
  #draw(): Request {
    const random = this.#random;
    const near = this.#last?.request;
    if (near !== undefined && random.chance(150)) return near;
    const height = Math.max(1, (near?.height ?? 1) + random.pick([-1, 0, 0, 0, 1]));
    const round = Math.max(0, height === near?.height ? near.round + random.pick([-1, 0, 0, 1]) : random.below(3));
    const kind = random.pick(KINDS);
    const blockHash = new Uint8Array(32).fill(random.between(1, 2)) as BlockHash;
    if (kind === 'proposal') return { kind, height, round, validRound: random.below(round + 1) - 1, blockHash };
    return { kind, height, round, blockHash: random.chance(250) ? undefined : blockHash };
  }

  #sign(request: Request): void {
    const { cryptography } = this.#options;
    this.#signer.sign(request, (outcome) => {
      const order = this.#last === undefined ? 1 : orderOf(request, this.#last.request);
      const isSame = this.#last !== undefined && order === 0 && isSameContent(request, this.#last.request);
      const name = `${contentOf(request)} after ${this.#last === undefined ? 'nothing' : contentOf(this.#last.request)}`;
      expectSame(`whether the guard signs ${name}`, outcome.ok, order > 0 || isSame);
      if (!outcome.ok) return;
      const { signature } = outcome.message;
      const digest = consensusDigest(cryptography, GENESIS_HASH, request);
      expectSame('whether the signature is good', cryptography.verifySignature(digest, signature, this.#key.publicKey), true);
      const signed = Buffer.from(signature).toString('hex');
      if (isSame) expectSame('the signature of the same bytes', signed, this.#last?.signature);
      this.#last = { request, signature: signed };
    });
  }

  /** The node ends, perhaps while it signs, perhaps while it starts. */
  #end(): void {
    const random = this.#random;
    if (random.chance(700))
      this.#interrupt(() => {
        const request = this.#draw();
        this.#attempted = request;
        this.#sign(request);
        this.#attempted = undefined;
      });
    this.#disk.endRun(random.chance(500) ? 'killed' : 'powerLost');
    if (random.chance(300)) {
      this.#interrupt(() => {
        this.#signer = new LocalSigner(this.#options);
      });
      this.#disk.endRun(random.chance(500) ? 'killed' : 'powerLost');
    }
    this.#signer = new LocalSigner(this.#options);
    const remembered = this.#signer.lastSign();
    const attempted = this.#attempted;
    this.#attempted = undefined;
    if (attempted !== undefined && remembered !== undefined && contentOf(remembered) === contentOf(attempted)) {
      // It is remembered, so it counts as signed; its bytes are asked for at once, as a replay does.
      this.#signer.sign(attempted, (outcome) => {
        expectSame('whether the guard repeats what it remembers', outcome.ok, true);
        if (outcome.ok) this.#last = { request: attempted, signature: Buffer.from(outcome.message.signature).toString('hex') };
      });
      return;
    }
    const expected = this.#last === undefined ? undefined : contentOf(this.#last.request);
    expectSame('what is remembered after a restart', remembered === undefined ? undefined : contentOf(remembered), expected);
  }

  #interrupt(work: () => void): void {
    this.#boundariesLeft = this.#random.below(8);
    try {
      work();
    } catch (error) {
      if (error !== POWER_LOSS) throw error;
    }
    this.#boundariesLeft = Number.POSITIVE_INFINITY;
  }

  /** A record that was exported is taken over only if it is not below what is known here. */
  #import(): void {
    if (this.#exported.length === 0) return;
    const { record, last } = this.#random.pick(this.#exported);
    const known = this.#last?.request;
    const order = last === undefined ? -1 : known === undefined ? 1 : orderOf(last, known);
    const isTaken = known === undefined || order > 0 || (order === 0 && last !== undefined && contentOf(last) === contentOf(known));
    expectSame(
      'whether an import of an older record is refused',
      codeOf(() => importLastSign(this.#options, record)),
      isTaken ? undefined : 'SIGNER_STATE_LOWER',
    );
    this.#signer = new LocalSigner(this.#options);
  }

  #judgeForeignUse(): void {
    const message = this.#draw();
    const last = this.#last?.request;
    const order = last === undefined ? 1 : orderOf(message, last);
    const isForeign = order > 0 || (order === 0 && last !== undefined && !isSameContent(message, last));
    expectSame(`whether ${contentOf(message)} is foreign`, isForeignUse(message, last), isForeign);
  }

  #damage(): void {
    const file = this.#disk.fileSystem.open(`${DIRECTORY}/${LAST_SIGN_FILE}`, 'update');
    const at = this.#random.below(file.size());
    const [byte] = file.read(at, 1);
    file.write(at, Uint8Array.of((byte as number) ^ (1 << this.#random.below(8))));
    file.close();
    expectSame(
      `the error after a bit of byte ${at} turned over`,
      codeOf(() => new LocalSigner(this.#options)),
      'SIGNER_STATE_DAMAGED',
    );
  }
}

function orderOf(left: Request, right: Request): number {
  if (left.height !== right.height) return left.height - right.height;
  if (left.round !== right.round) return left.round - right.round;
  return KINDS.indexOf(left.kind) - KINDS.indexOf(right.kind);
}

function isSameContent(left: Request, right: Request): boolean {
  return contentOf(left) === contentOf(right);
}

function contentOf(request: Request): string {
  const { kind, height, round, blockHash } = request;
  return `${kind} ${height} ${round} ${blockHash?.[0] ?? 'nil'} ${request.kind === 'proposal' ? request.validRound : ''}`;
}

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ChainError) return error.code;
    throw error;
  }
}
