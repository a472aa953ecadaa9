import { randomBytes } from 'node:crypto';
import { ChainError, type Cryptography, type GenesisHash } from '@mutual-chain/protocol';
import { nodeError } from '../errors.ts';
import { makeDurableDirectory, readFileIfThere, removeIfThere, replaceFile, UNFINISHED_SUFFIX } from '../file-system/durable-files.ts';
import { isFileError } from '../file-system/file-error.ts';
import type { FileSystem, OpenFile } from '../file-system/file-system.ts';
import { crc32c } from '../wal/crc32c.ts';
import { type CodedRecord, encodeFrame, type FramePlace, RECORD_HEADER_BYTES } from '../wal/frame.ts';
import { encodeSegmentHeader, SEGMENT_NONCE_BYTES, segmentHeight, segmentName } from '../wal/segment-header.ts';
import type { JournalIncident } from './journal-incident.ts';
import { decodeJournalRecord, encodeJournalRecord, type JournalRecord, journalKeyOf } from './journal-record.ts';
import type { TransactionLimits } from './limits.ts';
import { type JournalSegmentReading, readJournalSegment } from './read-journal-segment.ts';

/** What a journal is made of. */
export type TransactionJournalOptions = {
  readonly fileSystem: FileSystem;
  /** Directory of the journal alone; made when missing, in a parent that exists. */
  readonly directory: string;
  readonly genesisHash: GenesisHash;
  readonly cryptography: Pick<Cryptography, 'sha256'>;
  readonly limits: Pick<TransactionLimits, 'segmentBytes' | 'journalBytesMax'>;
  readonly random?: (length: number) => Uint8Array;
  readonly onIncident?: (incident: JournalIncident) => void;
};

/** A file of the journal. `live` counts the records in it that still matter. */
type Segment = { readonly number: number; bytes: number; live: number };
/** The segment that is written to. */
type OpenSegment = { readonly segment: Segment; readonly file: OpenFile; end: number; next: FramePlace };

/** Added to the name of a file of which nothing could be read. */
const DAMAGED_SUFFIX = '.damaged';
/** Content of the frames that old records are written anew in, bytes. */
const REWRITE_BYTES = 1_048_576;
/** Segments whose records are written anew when one is begun: one is gained for each that is added, and one more. */
const REWRITTEN_AT_ONCE_MAX = 2;

/**
 * Keeps what clients were promised until it does not matter any more: records in files, each with a checksum, in frames that are there whole or not at
 * all. Written to its end only; a file goes when none of its records matters, or what matters of it has been written anew.
 *
 * Errors of every method: `JOURNAL_WRITE_FAILED`, after which nothing more is done to the disk.
 */
export class TransactionJournal {
  readonly #options: TransactionJournalOptions;
  /** Ascending by number. */
  readonly #segments = new Map<number, Segment>();
  /** Where the record that counts for a key is. */
  readonly #places = new Map<string, Segment>();
  #open: OpenSegment | undefined;
  #nextNumber = 1;
  #bytes = 0;
  #failure: unknown;

  constructor(options: TransactionJournalOptions) {
    this.#options = options;
  }

  get sizes(): { readonly segments: number; readonly bytes: number; readonly records: number } {
    return { segments: this.#segments.size, bytes: this.#bytes, records: this.#places.size };
  }

  /**
   * Opens the journal and answers what it holds, by key, in the order in which it was written. All of it counts as mattering until released.
   * Errors: `JOURNAL_OTHER_CHAIN`, `JOURNAL_FORMAT_UNKNOWN`, those of the file system.
   */
  start(): ReadonlyMap<string, JournalRecord> {
    const { fileSystem, directory } = this.#options;
    makeDurableDirectory(fileSystem, directory);
    const names = fileSystem.list(directory);
    const found = new Map<string, JournalRecord>();
    for (const name of names) {
      const number = segmentHeight(name);
      if (number !== undefined) this.#readSegment(number, found);
      else if (name.endsWith(UNFINISHED_SUFFIX)) removeIfThere(fileSystem, `${directory}/${name}`);
    }
    fileSystem.syncDirectory(directory);
    return found;
  }

  /** Closes; what was appended is durable already. A second call does nothing. */
  stop(): void {
    this.#open?.file.close();
    this.#open = undefined;
  }

  /** Whether a record that matters has this key. */
  has(key: string): boolean {
    return this.#places.has(key);
  }

  /**
   * Makes records durable, together. `full`: the disk has no space for them, and they are not there; what was there is. It may be tried again.
   */
  append(records: readonly JournalRecord[]): 'durable' | 'full' {
    this.#check();
    return this.#failing(() => {
      const begun = this.#segments.size;
      if (!this.#write(records)) return 'full';
      if (this.#segments.size > begun) this.#rewriteOldest();
      return 'durable';
    });
  }

  /** The record of this key, if there is one, does not matter any more. */
  release(key: string): void {
    const segment = this.#places.get(key);
    if (segment === undefined || this.#failure !== undefined) return;
    this.#places.delete(key);
    segment.live--;
    this.#failing(() => this.#removeIfDead(segment));
  }

  /** Removes files that have nothing that matters. Called when everything that was read at the start has been looked at. */
  sweep(): void {
    this.#check();
    this.#failing(() => {
      for (const segment of [...this.#segments.values()]) this.#removeIfDead(segment);
    });
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#writeFailed(this.#failure);
  }

  #failing<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      this.#failure = cause;
      throw isFileError(cause) ? this.#writeFailed(cause) : cause;
    }
  }

  #writeFailed(cause: unknown): Error {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const details = { path: this.#options.directory };
    return nodeError('JOURNAL_WRITE_FAILED', `the journal of transactions was not made durable: ${reason}`, details, cause);
  }

  #pathOf(number: number): string {
    return `${this.#options.directory}/${segmentName(number)}`;
  }

  #readSegment(number: number, found: Map<string, JournalRecord>): void {
    const { fileSystem, directory, onIncident } = this.#options;
    const path = this.#pathOf(number);
    this.#nextNumber = number + 1;
    const file = fileSystem.open(path, 'update');
    let bytes: Uint8Array;
    try {
      // A process that was killed may have left what is read here in the memory of the system alone; from now on it is relied upon.
      file.sync();
      bytes = file.read(0, file.size());
    } finally {
      file.close();
    }
    const { records, end, fault } = this.#scan(number, bytes);
    if (fault === 'otherChain')
      throw nodeError('JOURNAL_OTHER_CHAIN', `${path} belongs to another chain: name another directory, or move this one away`, { path });
    const known = records.map(decodeJournalRecord);
    if (fault === 'formatUnknown' || known.includes(undefined))
      throw nodeError('JOURNAL_FORMAT_UNKNOWN', `${path} was written by another version: use the version that wrote it`, { path });
    if (fault !== undefined)
      onIncident?.({ type: fault === 'tail' ? 'tailDropped' : 'damaged', path, offset: end, bytes: bytes.length - end });
    if (fault === 'damaged' && records.length === 0) {
      fileSystem.rename(path, `${path}${DAMAGED_SUFFIX}`);
      fileSystem.syncDirectory(directory);
      return;
    }
    const segment = this.#addSegment(number, bytes.length);
    for (const record of known as readonly JournalRecord[]) {
      const key = this.#keyOf(record);
      if (key === undefined) continue;
      this.#place(key, segment);
      found.delete(key);
      found.set(key, record);
    }
  }

  #scan(number: number, bytes: Uint8Array): JournalSegmentReading {
    const { genesisHash, cryptography } = this.#options;
    return readJournalSegment(bytes, { height: number, genesisHash }, cryptography.sha256);
  }

  /** Key of a record; undefined for what is no transaction after all. */
  #keyOf(record: JournalRecord): string | undefined {
    try {
      return journalKeyOf(this.#options.cryptography, record);
    } catch (error) {
      if (error instanceof ChainError) return undefined;
      throw error;
    }
  }

  #addSegment(number: number, bytes: number): Segment {
    const segment: Segment = { number, bytes, live: 0 };
    this.#segments.set(number, segment);
    this.#bytes += bytes;
    return segment;
  }

  #place(key: string, segment: Segment): void {
    const before = this.#places.get(key);
    if (before !== undefined) before.live--;
    this.#places.set(key, segment);
    segment.live++;
  }

  /** Whether there was space. */
  #write(records: readonly JournalRecord[]): boolean {
    const coded = records.map(encodeJournalRecord);
    const isOld = this.#open !== undefined && this.#open.end >= this.#options.limits.segmentBytes;
    if (isOld) this.#leaveSegment();
    const isWritten = this.#open === undefined ? this.#beginSegment(coded) : this.#appendFrame(this.#open, coded);
    if (!isWritten) return false;
    const { segment } = this.#open as OpenSegment;
    for (const record of records) this.#place(journalKeyOf(this.#options.cryptography, record), segment);
    return true;
  }

  /** Header and first frame come into being together. */
  #beginSegment(records: readonly CodedRecord[]): boolean {
    const { fileSystem, directory, genesisHash, cryptography, random = randomBytes } = this.#options;
    // A number is used once, whatever becomes of the file.
    const number = this.#nextNumber++;
    const nonce = Uint8Array.from(random(SEGMENT_NONCE_BYTES));
    const header = encodeSegmentHeader({ height: number, genesisHash, nonce });
    const place: FramePlace = { seed: crc32c(nonce), sequence: 0, previous: cryptography.sha256(header) };
    const frame = encodeFrame(place, records);
    const bytes = new Uint8Array(header.length + frame.length);
    bytes.set(header);
    bytes.set(frame, header.length);
    let file: OpenFile;
    try {
      file = replaceFile(fileSystem, directory, segmentName(number), bytes);
    } catch (error) {
      if (!isFileError(error, 'FILE_NO_SPACE')) throw error;
      // It may have its name already, with what is going to be refused in it.
      removeIfThere(fileSystem, `${this.#pathOf(number)}${UNFINISHED_SUFFIX}`);
      removeIfThere(fileSystem, this.#pathOf(number));
      fileSystem.syncDirectory(directory);
      this.#reportFull(number, 0, bytes.length);
      return false;
    }
    const segment = this.#addSegment(number, bytes.length);
    this.#open = { segment, file, end: bytes.length, next: this.#placeAfter(place, frame) };
    return true;
  }

  #appendFrame(open: OpenSegment, records: readonly CodedRecord[]): boolean {
    const { segment, file } = open;
    const frame = encodeFrame(open.next, records);
    try {
      file.write(open.end, frame);
      file.sync();
    } catch (error) {
      if (!isFileError(error, 'FILE_NO_SPACE')) throw error;
      // What is going to be refused must not be found by the next start. The file is not written to any more.
      file.truncate(open.end);
      file.sync();
      this.#leaveSegment();
      this.#reportFull(segment.number, open.end, frame.length);
      return false;
    }
    open.end += frame.length;
    open.next = this.#placeAfter(open.next, frame);
    segment.bytes += frame.length;
    this.#bytes += frame.length;
    return true;
  }

  #placeAfter({ seed, sequence }: FramePlace, frame: Uint8Array): FramePlace {
    return { seed, sequence: sequence + 1, previous: this.#options.cryptography.sha256(frame) };
  }

  #reportFull(number: number, offset: number, bytes: number): void {
    this.#options.onIncident?.({ type: 'full', path: this.#pathOf(number), offset, bytes });
  }

  #leaveSegment(): void {
    const open = this.#open;
    this.#open = undefined;
    open?.file.close();
    if (open !== undefined) this.#removeIfDead(open.segment);
  }

  #removeIfDead(segment: Segment): void {
    if (segment.live > 0 || segment === this.#open?.segment || !this.#segments.has(segment.number)) return;
    // Should the name come back with the loss of power, what it holds has ended, and the next start finds that again.
    removeIfThere(this.#options.fileSystem, this.#pathOf(segment.number));
    this.#segments.delete(segment.number);
    this.#bytes -= segment.bytes;
  }

  /** While there is too much, writes anew what matters of the oldest segments. When there is no space for that, it is left as it is. */
  #rewriteOldest(): void {
    for (let count = 0; count < REWRITTEN_AT_ONCE_MAX && this.#bytes > this.#options.limits.journalBytesMax; count++) {
      const [oldest] = this.#segments.values();
      if (oldest === undefined || oldest === this.#open?.segment) return;
      for (const records of this.#liveRecordsOf(oldest)) if (!this.#write(records)) return;
      this.#removeIfDead(oldest);
      // The disk has lost some of it since the start. It stays, and so does what is known of it.
      if (oldest.live > 0) return;
    }
  }

  /** What matters of a segment, in portions. */
  #liveRecordsOf(segment: Segment): readonly (readonly JournalRecord[])[] {
    const bytes = readFileIfThere(this.#options.fileSystem, this.#pathOf(segment.number));
    const portions: JournalRecord[][] = [[]];
    let length = 0;
    for (const coded of bytes === undefined ? [] : this.#scan(segment.number, bytes).records) {
      const record = decodeJournalRecord(coded);
      const key = record === undefined ? undefined : this.#keyOf(record);
      if (record === undefined || key === undefined || this.#places.get(key) !== segment) continue;
      if (length > REWRITE_BYTES) {
        portions.push([]);
        length = 0;
      }
      portions.at(-1)?.push(record);
      length += RECORD_HEADER_BYTES + coded.payload.length;
    }
    return portions.filter((portion) => portion.length > 0);
  }
}
