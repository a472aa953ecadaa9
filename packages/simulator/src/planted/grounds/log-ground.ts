import { SegmentedLog } from '@mutual-chain/node';
import { ChainError, type GenesisHash } from '@mutual-chain/protocol';
import { POWER_LOSS } from '../../cluster/power-loss.ts';
import { SOUND_DISK } from '../../disk/disk-faults.ts';
import { SimulatedDisk } from '../../disk/simulated-disk.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { Discrepancy, expectSame } from './discrepancy.ts';
import type { Ground } from './ground.ts';

const DIRECTORY = '/data/wal';
const GENESIS_HASH = new Uint8Array(32).fill(1) as GenesisHash;
const OTHER_GENESIS_HASH = new Uint8Array(32).fill(2) as GenesisHash;
const HEADER_BYTES = 64;
const OPERATIONS = 60;
const KINDS = { input: 1, body: 2 } as const;

type Kind = keyof typeof KINDS;
type Entry = readonly [Kind, string];

/** The write-ahead log on a disk that loses power, fails and is damaged, against lists. */
export const LOG: Ground = {
  what: 'The write-ahead log, ended at every operation of its disk and damaged at random, against lists of what was synchronised.',
  seeds: 1500,
  search: (seed) => Discrepancy.of('log', () => new LogRun(seed).run()),
};

class LogRun {
  readonly #random: RandomStream;
  readonly #disk: SimulatedDisk;
  /** What was synchronised, by height, and the sizes of the file after each synchronisation. */
  readonly #durable = new Map<number, Entry[]>();
  readonly #ends = new Map<number, number[]>();
  /** How many entries are in each frame. */
  readonly #counts = new Map<number, number[]>();
  #waiting: Entry[] = [];
  #height = 1;
  #boundariesLeft = Number.POSITIVE_INFINITY;
  #log: SegmentedLog<Kind>;

  constructor(seed: bigint) {
    this.#random = new RandomStream(seed, 'log');
    this.#disk = new SimulatedDisk({
      random: new RandomStream(seed, 'log disk'),
      boundary: () => {
        if (this.#boundariesLeft-- <= 0) throw POWER_LOSS;
      },
    });
    this.#log = this.#open(GENESIS_HASH);
    this.#log.startHeight(this.#height);
  }

  run(): void {
    for (let each = 0; each < OPERATIONS; each++) this.#operate();
    this.#leave();
    this.#damage();
  }

  #open(genesisHash: GenesisHash): SegmentedLog<Kind> {
    const log = new SegmentedLog<Kind>({
      fileSystem: this.#disk.fileSystem,
      directory: DIRECTORY,
      genesisHash,
      kinds: KINDS,
      random: (length) => this.#random.bytes(length),
    });
    log.start();
    return log;
  }

  #operate(): void {
    const random = this.#random;
    const choice = random.below(100);
    if (choice < 45) this.#append();
    else if (choice < 75) this.#sync();
    else if (choice < 82) this.#next();
    else if (choice < 90) this.#fail();
    else this.#end();
  }

  #append(): void {
    const kind: Kind = this.#random.chance(500) ? 'input' : 'body';
    const payload = this.#random.bytes(this.#random.below(60));
    this.#log.append(kind, payload);
    this.#waiting.push([kind, textOf(payload)]);
  }

  #sync(): void {
    this.#log.sync();
    this.#synced();
  }

  #synced(): void {
    if (this.#waiting.length === 0) return;
    const durable = this.#durable.get(this.#height) ?? [];
    durable.push(...this.#waiting);
    this.#durable.set(this.#height, durable);
    this.#ends.set(this.#height, [...(this.#ends.get(this.#height) ?? []), this.#size()]);
    this.#counts.set(this.#height, [...(this.#counts.get(this.#height) ?? []), this.#waiting.length]);
    this.#waiting = [];
  }

  #next(): void {
    this.#sync();
    this.#height++;
    this.#log.startHeight(this.#height);
    const old = Math.max(1, this.#height - this.#random.below(5));
    expectSame(`the records of height ${old}`, this.#read(old), this.#durable.get(old) ?? []);
  }

  /** A write fails: from then on nothing more is taken, until the log is opened anew. */
  #fail(): void {
    this.#append();
    this.#disk.setFaults({ ...SOUND_DISK, errorPerMille: 1000 });
    const isFailed = isThrown(() => this.#log.sync());
    this.#disk.setFaults(SOUND_DISK);
    expectSame('whether a failing disk is told', isFailed, true);
    expectSame(
      'whether a log that failed takes more',
      isThrown(() => this.#log.sync()),
      true,
    );
    this.#reopen('killed', true);
  }

  /** The node ends at some operation of the disk, perhaps while it synchronises, perhaps while it starts. */
  #end(): void {
    const isAtOperation = this.#random.chance(600);
    if (isAtOperation) {
      this.#append();
      this.#boundariesLeft = this.#random.below(8);
    }
    let isInterrupted = false;
    try {
      if (isAtOperation) this.#sync();
    } catch (error) {
      if (error !== POWER_LOSS) throw error;
      isInterrupted = true;
    }
    this.#boundariesLeft = Number.POSITIVE_INFINITY;
    this.#reopen(this.#random.chance(500) ? 'killed' : 'powerLost', isInterrupted);
  }

  #reopen(how: 'killed' | 'powerLost', mayHoldWaiting: boolean): void {
    this.#disk.endRun(how);
    const code = codeOf(() => {
      this.#log = this.#open(GENESIS_HASH);
      this.#log.startHeight(this.#height);
    });
    expectSame('the error of a restart', code, undefined);
    const records = this.#read(this.#height);
    const durable = this.#durable.get(this.#height) ?? [];
    const withWaiting = [...durable, ...this.#waiting];
    if (mayHoldWaiting && records.length === withWaiting.length) {
      expectSame('what is read after a restart', records, withWaiting);
      this.#synced();
    } else {
      expectSame('what is read after a restart', records, durable);
      this.#waiting = [];
    }
  }

  #leave(): void {
    this.#sync();
    this.#disk.endRun('killed');
  }

  /** Damages the file of the last height that has one, and looks at what a start says. */
  #damage(): void {
    const kept = [...this.#ends.keys()].filter((each) => this.#disk.paths.includes(this.#path(each)));
    const height = kept.at(-1);
    const ends = height === undefined ? undefined : this.#ends.get(height);
    if (height === undefined || ends === undefined) return;
    this.#height = height;
    const random = this.#random;
    const bytes = this.#bytes(height);
    const starts = [HEADER_BYTES, ...ends.slice(0, -1)];
    const last = ends.length - 1;
    const at = random.below(ends.length);
    switch (random.below(7)) {
      case 0: {
        const bit = random.below(8);
        const offset = random.between(starts[at] as number, (ends[at] as number) - 1);
        bytes[offset] = (bytes[offset] as number) ^ (1 << bit);
        this.#expect(`a bit of frame ${at} of ${ends.length} turned over`, bytes, at === last ? last : 'WAL_DAMAGED');
        return;
      }
      case 1: {
        const offset = random.below(HEADER_BYTES);
        bytes[offset] = (bytes[offset] as number) ^ 1;
        this.#expect('a bit of the header turned over', bytes, 'WAL_DAMAGED');
        return;
      }
      case 2: {
        const length = random.between(starts[at] as number, (ends[at] as number) - 1);
        this.#expect('a file cut off', bytes.slice(0, length), at);
        return;
      }
      case 3: {
        if (last < 1) return;
        const frame = bytes.slice(starts[last] as number, ends[last]);
        const first = Math.min(at, last - 1);
        const moved = joined(bytes.slice(0, starts[first]), frame, bytes.slice(ends[first]));
        this.#expect('a frame in the place of another', moved, 'WAL_DAMAGED');
        return;
      }
      case 4:
        this.#expect('the log of another chain', bytes, 'WAL_OTHER_CHAIN', OTHER_GENESIS_HASH);
        return;
      case 5: {
        const other = kept.find((each) => each !== height);
        const otherEnd = other === undefined ? undefined : this.#ends.get(other)?.[0];
        if (other === undefined || otherEnd === undefined) return;
        const frame = this.#bytes(other).slice(HEADER_BYTES, otherEnd);
        this.#expect('a frame of another file behind the last', joined(bytes, frame), ends.length);
        return;
      }
      default:
        this.#expect('bytes behind the last frame', joined(bytes, random.bytes(random.between(1, 150))), ends.length);
    }
  }

  /** A start answers with an error, or holds so many frames; then it can be written, ended and read again. */
  #expect(what: string, bytes: Uint8Array, expected: number | string, genesisHash: GenesisHash = GENESIS_HASH): void {
    const file = this.#disk.fileSystem.open(this.#path(this.#height), 'update');
    file.truncate(0);
    file.write(0, bytes);
    file.sync();
    file.close();
    const code = codeOf(() => {
      this.#log = this.#open(genesisHash);
      this.#log.startHeight(this.#height);
    });
    expectSame(`${what}: the error`, code, typeof expected === 'string' ? expected : undefined);
    if (typeof expected === 'string') return;
    const counts = (this.#counts.get(this.#height) ?? []).slice(0, expected);
    const durable = (this.#durable.get(this.#height) ?? []).slice(
      0,
      counts.reduce((sum, count) => sum + count, 0),
    );
    expectSame(`${what}: the records`, this.#read(this.#height), durable);
    const payload = new Uint8Array(3);
    for (let each = 0; each < 2; each++) {
      this.#log.append('input', payload);
      this.#log.sync();
    }
    this.#disk.endRun('powerLost');
    const added: Entry = ['input', textOf(payload)];
    const again = codeOf(() => {
      this.#log = this.#open(genesisHash);
      this.#log.startHeight(this.#height);
    });
    expectSame(`${what}: the error after going on`, again, undefined);
    expectSame(`${what}: the records after going on`, this.#read(this.#height), [...durable, added, added]);
  }

  #read(height: number): readonly Entry[] {
    return this.#log.recordsOf(height).map(({ kind, payload }): Entry => [kind, textOf(payload)]);
  }

  #path(height: number): string {
    return `${DIRECTORY}/${String(height).padStart(16, '0')}.wal`;
  }

  #size(): number {
    return this.#bytes(this.#height).length;
  }

  #bytes(height: number): Uint8Array {
    const file = this.#disk.fileSystem.open(this.#path(height), 'read');
    const bytes = file.read(0, file.size());
    file.close();
    return bytes;
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function isThrown(work: () => void): boolean {
  return codeOf(work) !== undefined;
}

/** The code of the error that is thrown; undefined when none is. */
function codeOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof ChainError) return error.code;
    throw error;
  }
}
