import { type FileErrorCode, type FileSystem, fileError, type OpenFile, type OpenMode } from '@mutual-chain/node';
import { assertInvariant } from '@mutual-chain/protocol';
import type { RandomStream } from '../random/random-stream.ts';
import { DISK_FAULT_KINDS, type DiskFaultKind, type DiskFaults, SOUND_DISK } from './disk-faults.ts';
import { StoredFile } from './stored-file.ts';

type Entry = StoredFile | 'directory';

/** A change of names that is not durable. */
type Naming = { readonly directory: string; readonly from: string | undefined; readonly to: string | undefined; readonly entry: Entry };

const OWNER_ONLY = 0o600;

/** How a disk goes on after its node ended: the process was killed, so everything written is there, or the power went. */
export type EndOfRun = 'killed' | 'powerLost';

/** The disk of one node, with a directory `/data`. Keeps apart what is durable and what is not. */
export class SimulatedDisk {
  /** The files, as the node sees them. */
  readonly fileSystem: FileSystem;
  /** How often each fault was met. */
  readonly counts: Record<DiskFaultKind, number>;
  readonly #random: RandomStream;
  readonly #boundary: () => void;
  #faults: DiskFaults = SOUND_DISK;
  #names: Map<string, Entry> = new Map([['/data', 'directory' as const]]);
  #durableNames: Map<string, Entry> = new Map(this.#names);
  #namings: Naming[] = [];

  /** `boundary` is called before every operation that changes something; it may throw to end the node there. */
  constructor(options: { readonly random: RandomStream; readonly boundary: () => void }) {
    this.#random = options.random;
    this.#boundary = options.boundary;
    this.counts = Object.fromEntries(DISK_FAULT_KINDS.map((kind) => [kind, 0])) as Record<DiskFaultKind, number>;
    this.fileSystem = {
      open: (path, mode) => this.#open(path, mode),
      rename: (from, to) => this.#rename(from, to),
      remove: (path) => this.#remove(path),
      makeDirectory: (path) => this.#makeDirectory(path),
      list: (directory) => this.#list(directory),
      syncDirectory: (directory) => this.#syncDirectory(directory),
    };
  }

  /** Sets what is wrong with the disk from now on. */
  setFaults(faults: DiskFaults): void {
    this.#faults = faults;
  }

  /** Ends a run: what was not durable survives or not, as chance has it. */
  endRun(how: EndOfRun): void {
    if (how === 'killed') return;
    const names = new Map(this.#durableNames);
    for (const naming of this.#namings) {
      if (this.#random.chance(500)) applyNaming(names, naming);
      else this.counts.namingLost++;
    }
    this.#names = names;
    this.#durableNames = new Map(names);
    this.#namings = [];
    for (const entry of new Set(names.values()))
      if (entry !== 'directory' && entry.isDirty) entry.losePower(this.#random, (kind) => this.counts[kind]++);
  }

  /** Turns over a bit of some file whose path ends so; false when there is none. */
  flipBit(suffix: string): boolean {
    const files = [...this.#names].filter(([path, entry]) => entry !== 'directory' && path.endsWith(suffix));
    if (files.length === 0) return false;
    const [, entry] = this.#random.pick(files);
    if (entry === 'directory' || !entry.flipBit(this.#random)) return false;
    this.counts.bitFlipped++;
    return true;
  }

  /** Paths of all files, in order. */
  get paths(): readonly string[] {
    return [...this.#names].flatMap(([path, entry]) => (entry === 'directory' ? [] : [path])).sort();
  }

  /** Removes a file durably, as an operator does. */
  discard(path: string): void {
    this.#names.delete(path);
    this.#durableNames.delete(path);
    this.#namings = this.#namings.filter(({ from, to }) => from !== path && to !== path);
  }

  #open(path: string, mode: OpenMode): OpenFile {
    const found = this.#names.get(path);
    if (mode !== 'create') {
      if (found === undefined) throw fileError('FILE_NOT_FOUND', 'open', path);
      if (found === 'directory') throw fileError('FILE_FAILED', 'open', path);
      return this.#openFile(path, found);
    }
    if (found !== undefined) throw fileError('FILE_EXISTS', 'open', path);
    this.#directory(parentOf(path));
    this.#mayFail('open', path);
    const file = new StoredFile();
    this.#name({ directory: parentOf(path), from: undefined, to: path, entry: file });
    return this.#openFile(path, file);
  }

  #openFile(path: string, file: StoredFile): OpenFile {
    let isOpen = true;
    const opened = (): StoredFile => {
      assertInvariant(isOpen, 'a closed file is not used');
      return file;
    };
    return {
      size: () => opened().size,
      permissions: () => OWNER_ONLY,
      read: (position, length) => this.#read(opened(), position, length),
      write: (position, bytes) => {
        this.#mayFail('write', path, () => opened().write(position, bytes.subarray(0, this.#random.below(bytes.length + 1))));
        this.#makeRoom(path, opened(), position, bytes);
        opened().write(position, bytes);
      },
      truncate: (length) => {
        this.#mayFail('truncate', path);
        opened().truncate(length);
      },
      sync: () => {
        this.#mayFail('sync', path);
        if (this.#faults.isLying) {
          if (opened().isDirty) this.counts.syncLied++;
        } else opened().sync();
      },
      close: () => {
        isOpen = false;
      },
    };
  }

  #read(file: StoredFile, position: number, length: number): Uint8Array {
    if (!this.#random.chance(this.#faults.misdirectedPerMille)) return file.read(position, length);
    this.counts.readMisdirected++;
    const others = [...this.#names.values()].filter((entry): entry is StoredFile => entry !== 'directory');
    return this.#random.pick(others).read(this.#random.below(position + 64), length);
  }

  #makeRoom(path: string, file: StoredFile, position: number, bytes: Uint8Array): void {
    const { capacityBytes } = this.#faults;
    if (!Number.isFinite(capacityBytes)) return;
    let used = 0;
    for (const entry of new Set(this.#names.values())) if (entry !== 'directory') used += entry.size;
    const room = capacityBytes - used;
    if (position + bytes.length - file.size <= room) return;
    this.counts.diskFull++;
    if (room > 0) file.write(position, bytes.subarray(0, Math.max(0, file.size + room - position)));
    throw fileError('FILE_NO_SPACE', 'write', path);
  }

  #rename(from: string, to: string): void {
    const entry = this.#file(from, 'rename');
    this.#mayFail('rename', from);
    this.#name({ directory: parentOf(from), from, to, entry });
  }

  #remove(path: string): void {
    const entry = this.#file(path, 'remove');
    this.#mayFail('remove', path);
    this.#name({ directory: parentOf(path), from: path, to: undefined, entry });
  }

  #makeDirectory(path: string): void {
    const found = this.#names.get(path);
    if (found === 'directory') return;
    if (found !== undefined) throw fileError('FILE_EXISTS', 'make directory', path);
    this.#directory(parentOf(path));
    this.#mayFail('make directory', path);
    this.#name({ directory: parentOf(path), from: undefined, to: path, entry: 'directory' });
  }

  #list(directory: string): readonly string[] {
    this.#directory(directory, 'list');
    const prefix = `${directory}/`;
    const names = [...this.#names.keys()].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    return names.filter((name) => !name.includes('/')).sort((left, right) => (left < right ? -1 : 1));
  }

  #syncDirectory(directory: string): void {
    this.#directory(directory, 'sync directory');
    this.#mayFail('sync directory', directory);
    if (this.#faults.isLying) {
      if (this.#namings.some((naming) => naming.directory === directory)) this.counts.syncLied++;
      return;
    }
    for (const naming of this.#namings) if (naming.directory === directory) applyNaming(this.#durableNames, naming);
    this.#namings = this.#namings.filter((naming) => naming.directory !== directory);
  }

  #file(path: string, operation: string): StoredFile {
    const entry = this.#names.get(path);
    if (entry === undefined) throw fileError('FILE_NOT_FOUND', operation, path);
    if (entry === 'directory') throw fileError('FILE_FAILED', operation, path);
    return entry;
  }

  #directory(path: string, operation = 'find directory'): void {
    const entry = this.#names.get(path);
    if (entry === undefined) throw fileError('FILE_NOT_FOUND', operation, path);
    if (entry !== 'directory') throw fileError('FILE_FAILED', operation, path);
  }

  /** Ends the node here if its time has come, or lets the operation fail, having done a part of it. */
  #mayFail(operation: string, path: string, partly: () => void = () => undefined): void {
    this.#boundary();
    if (!this.#random.chance(this.#faults.errorPerMille)) return;
    this.counts.ioError++;
    partly();
    const code: FileErrorCode = 'FILE_FAILED';
    throw fileError(code, operation, path);
  }

  #name(naming: Naming): void {
    this.#namings.push(naming);
    applyNaming(this.#names, naming);
  }
}

function applyNaming(names: Map<string, Entry>, { from, to, entry }: Naming): void {
  if (from !== undefined) names.delete(from);
  if (to !== undefined) names.set(to, entry);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
