import { createHash, randomBytes } from 'node:crypto';
import { assertInvariant, type GenesisHash } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import { makeDurableDirectory, readFileIfThere, removeIfThere, replaceFile, UNFINISHED_SUFFIX } from '../file-system/durable-files.ts';
import { isFileError } from '../file-system/file-error.ts';
import type { FileSystem, OpenFile } from '../file-system/file-system.ts';
import { crc32c } from './crc32c.ts';
import { type CodedRecord, encodeFrame, type FramePlace, RECORD_HEADER_BYTES } from './frame.ts';
import { WAL_LIMITS } from './limits.ts';
import { type SegmentFault, type SegmentScan, scanSegment } from './scan-segment.ts';
import { encodeSegmentHeader, SEGMENT_NONCE_BYTES, segmentHeight, segmentName } from './segment-header.ts';
import type { LogIncident, LogRecord, WriteAheadLog } from './write-ahead-log.ts';

/** What a log needs to know. */
export type SegmentedLogOptions<Kind extends string> = {
  readonly fileSystem: FileSystem;
  /** Directory of the log alone; made when missing, in a parent that exists. */
  readonly directory: string;
  readonly genesisHash: GenesisHash;
  /** The byte that stands for each kind of record, never given another meaning. */
  readonly kinds: Readonly<Record<Kind, number>>;
  /** Told of what was found and dealt with. */
  readonly onIncident?: (incident: LogIncident) => void;
  /** Fresh bytes that nobody else can guess; those of the system when left out. */
  readonly random?: (length: number) => Uint8Array;
};

/** The segment that is being written, and where its next frame goes. `file` is undefined until there is something to write. */
type OpenSegment = { readonly height: number; file: OpenFile | undefined; end: number; next: FramePlace | undefined };

const REMEDY =
  'the log of the height being decided is the only record of what this node was locked on; move the file away to follow this height without signing, and have the disk looked at';

/** A write-ahead log with one file for each height. */
export class SegmentedLog<Kind extends string> implements WriteAheadLog<Kind> {
  readonly #options: SegmentedLogOptions<Kind>;
  readonly #kinds: readonly Kind[];
  #heights: Set<number> | undefined;
  #segment: OpenSegment | undefined;
  #waiting: CodedRecord[] = [];
  #waitingBytes = 0;
  #failure: unknown;

  constructor(options: SegmentedLogOptions<Kind>) {
    this.#options = options;
    this.#kinds = Object.keys(options.kinds) as Kind[];
    const bytes = this.#kinds.map((kind) => options.kinds[kind]);
    const areBytes = bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
    assertInvariant(areBytes && new Set(bytes).size === bytes.length, 'kinds of records are bytes, each its own');
  }

  start(): void {
    const { fileSystem, directory } = this.#options;
    makeDurableDirectory(fileSystem, directory);
    const heights = new Set<number>();
    for (const name of fileSystem.list(directory)) {
      const height = segmentHeight(name);
      if (height !== undefined) heights.add(height);
      else if (name.endsWith(UNFINISHED_SUFFIX)) removeIfThere(fileSystem, `${directory}/${name}`);
    }
    this.#heights = heights;
  }

  stop(): void {
    try {
      if (this.#failure === undefined) this.#writeWaiting();
    } finally {
      this.#leaveSegment();
      this.#heights = undefined;
    }
  }

  startHeight(height: number): void {
    assertInvariant(Number.isSafeInteger(height) && height >= 0, 'a height is a safe integer from 0');
    const heights = this.#started();
    if (this.#segment?.height === height) return;
    const isFirst = this.#segment === undefined;
    this.#leaveSegment();
    const segment = this.#recover(height);
    if (isFirst) this.#inspectCommitted(height);
    this.#prune(heights, height);
    this.#segment = segment;
  }

  recordsOf(height: number): readonly LogRecord<Kind>[] {
    this.#started();
    const scan = this.#scan(height);
    if (scan === undefined) return [];
    if (scan.fault !== undefined && height === this.#segment?.height) throw this.#unusable(height, 'damaged', scan.end);
    return this.#named(scan.records) ?? [];
  }

  append(kind: Kind, payload: Uint8Array): void {
    this.#started();
    assertInvariant(this.#segment !== undefined, 'records are of a height that was started');
    assertInvariant(payload.length <= WAL_LIMITS.recordBytesMax, 'a record is within its limit');
    this.#waiting.push({ kind: this.#options.kinds[kind], payload });
    this.#waitingBytes += RECORD_HEADER_BYTES + payload.length;
    if (this.#waitingBytes >= WAL_LIMITS.frameFlushBytes) this.#writeWaiting();
  }

  sync(): void {
    this.#started();
    this.#writeWaiting();
  }

  #started(): Set<number> {
    if (this.#failure !== undefined) throw this.#writeFailed(this.#failure);
    assertInvariant(this.#heights !== undefined, 'the log is open');
    return this.#heights;
  }

  #pathOf(height: number): string {
    return `${this.#options.directory}/${segmentName(height)}`;
  }

  #scan(height: number): (SegmentScan & { readonly size: number }) | undefined {
    const { fileSystem, genesisHash } = this.#options;
    const bytes = readFileIfThere(fileSystem, this.#pathOf(height));
    if (bytes === undefined) return undefined;
    return { ...scanSegment(bytes, { height, genesisHash }, sha256), size: bytes.length };
  }

  /** The records with the names of their kinds, or undefined when there is a kind that this version does not know. */
  #named(records: readonly CodedRecord[]): readonly LogRecord<Kind>[] | undefined {
    const names = new Map(this.#kinds.map((kind) => [this.#options.kinds[kind], kind]));
    const named: LogRecord<Kind>[] = [];
    for (const { kind, payload } of records) {
      const name = names.get(kind);
      if (name === undefined) return undefined;
      named.push({ kind: name, payload });
    }
    return named;
  }

  /** Opens the segment of a height at its good end. Killed anywhere, it does the same again. */
  #recover(height: number): OpenSegment {
    const scan = this.#scan(height);
    if (scan === undefined) return { height, file: undefined, end: 0, next: undefined };
    if (scan.fault !== undefined && scan.fault !== 'tail') throw this.#unusable(height, scan.fault, scan.end);
    if (this.#named(scan.records) === undefined) throw this.#unusable(height, 'formatUnknown', scan.end);
    const file = scan.next === undefined ? this.#dropSegment(height) : this.#openSegment(height, scan);
    if (scan.fault === 'tail') this.#report('tailDropped', height, scan);
    return { height, file, end: scan.end, next: scan.next };
  }

  #openSegment(height: number, { end, fault }: SegmentScan): OpenFile {
    const { fileSystem, directory } = this.#options;
    const file = fileSystem.open(this.#pathOf(height), 'update');
    return this.#writing(() => {
      if (fault !== undefined) file.truncate(end);
      // A process that was killed may have left what was read here in the memory of the system alone. What is said from now on follows from it.
      file.sync();
      fileSystem.syncDirectory(directory);
      return file;
    });
  }

  /** A file without even a header holds nothing. */
  #dropSegment(height: number): undefined {
    this.#writing(() => this.#options.fileSystem.remove(this.#pathOf(height)));
  }

  #inspectCommitted(height: number): void {
    for (const committed of this.#heights ?? []) {
      if (committed >= height || committed < height - WAL_LIMITS.committedHeightsKept) continue;
      const scan = this.#scan(committed);
      if (scan?.fault !== undefined) this.#report('committedDamaged', committed, scan);
    }
  }

  #prune(heights: Set<number>, height: number): void {
    for (const committed of heights) {
      if (committed >= height - WAL_LIMITS.committedHeightsKept) continue;
      removeIfThere(this.#options.fileSystem, this.#pathOf(committed));
      heights.delete(committed);
    }
  }

  #writeWaiting(): void {
    const segment = this.#segment;
    if (segment === undefined || this.#waiting.length === 0) return;
    this.#writing(() => {
      if (segment.next === undefined) this.#createSegment(segment);
      else this.#appendFrame(segment, segment.file as OpenFile, segment.next);
    });
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Header and first frame come into being together. */
  #createSegment(segment: OpenSegment): void {
    const { fileSystem, directory, genesisHash, random = randomBytes } = this.#options;
    const { height } = segment;
    const nonce = Uint8Array.from(random(SEGMENT_NONCE_BYTES));
    const header = encodeSegmentHeader({ height, genesisHash, nonce });
    const place: FramePlace = { seed: crc32c(nonce), sequence: 0, previous: sha256(header) };
    const frame = encodeFrame(place, this.#waiting);
    const bytes = new Uint8Array(header.length + frame.length);
    bytes.set(header);
    bytes.set(frame, header.length);
    segment.file = replaceFile(fileSystem, directory, segmentName(height), bytes);
    segment.end = bytes.length;
    segment.next = placeAfter(place, frame);
    this.#heights?.add(height);
  }

  #appendFrame(segment: OpenSegment, file: OpenFile, place: FramePlace): void {
    const frame = encodeFrame(place, this.#waiting);
    file.write(segment.end, frame);
    file.sync();
    segment.end += frame.length;
    segment.next = placeAfter(place, frame);
  }

  /** Ends the use of the segment. What still waits is of a height that is committed. */
  #leaveSegment(): void {
    const file = this.#segment?.file;
    this.#segment = undefined;
    this.#waiting = [];
    this.#waitingBytes = 0;
    file?.close();
  }

  #writing<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      this.#failure = cause;
      throw isFileError(cause) ? this.#writeFailed(cause) : cause;
    }
  }

  #writeFailed(cause: unknown): Error {
    const { directory } = this.#options;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return nodeError('WAL_WRITE_FAILED', `the write-ahead log was not made durable: ${reason}`, { path: directory }, cause);
  }

  #unusable(height: number, fault: Exclude<SegmentFault, 'tail'>, offset: number): Error {
    const path = this.#pathOf(height);
    const details = { path, offset, height };
    if (fault === 'otherChain')
      return nodeError('WAL_OTHER_CHAIN', `${path} belongs to another chain: name another directory, or move this one away`, details);
    if (fault === 'formatUnknown')
      return nodeError('WAL_FORMAT_UNKNOWN', `${path} was written by another version: use the version that wrote it`, details);
    return nodeError('WAL_DAMAGED', `${path} is damaged at byte ${offset}: ${REMEDY}`, details);
  }

  #report(type: LogIncident['type'], height: number, { end, size }: { readonly end: number; readonly size: number }): void {
    this.#options.onIncident?.({ type, height, path: this.#pathOf(height), offset: end, bytes: size - end });
  }
}

function placeAfter({ seed, sequence }: FramePlace, frame: Uint8Array): FramePlace {
  return { seed, sequence: sequence + 1, previous: sha256(frame) };
}

/** That of the system: bodies of a megabyte go through it while votes wait. */
function sha256(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(bytes).digest());
}
