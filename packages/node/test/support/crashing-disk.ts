import { type FileErrorCode, fileError } from '../../src/file-system/file-error.ts';
import type { FileSystem, OpenFile, OpenMode } from '../../src/file-system/file-system.ts';

/*
 * A disk in memory on which any operation can be the last one, or fail. It remembers what is durable, so that the many states in which a loss
 * of power may leave it can be looked at one by one.
 */

/** What ends the run of a program in a test: it is not an error of the file system, and nothing handles it. */
export class Crash extends Error {}

/** Which operation does not succeed, counted from 0, and how: the power goes, or the system reports an error. */
export type Fault = { readonly at: number; readonly as: 'crash' | FileErrorCode };

type Change = { readonly position: number; readonly bytes: Uint8Array } | { readonly length: number };
type Node = { content: Uint8Array; durable: Uint8Array; readonly changes: Change[] };
type Naming = {
  readonly directory: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly node: Node | undefined;
};

/** Answers a whole number from 0 up to, not including, `bound`. */
export type Choice = (bound: number) => number;

const DIRECTORY: Node = { content: new Uint8Array(0), durable: new Uint8Array(0), changes: [] };

/** A disk with a directory `/disk` that is empty. */
export class CrashingDisk {
  readonly fileSystem: FileSystem;
  /** Operations in order, each with its path. */
  readonly calls: string[] = [];
  readonly #fault: Fault | undefined;
  readonly #names: Map<string, Node>;
  readonly #durableNames: Map<string, Node>;
  readonly #namings: Naming[] = [];
  #hasCrashed = false;

  constructor(fault?: Fault, names: ReadonlyMap<string, Node> = new Map([['/disk', DIRECTORY]])) {
    this.#fault = fault;
    this.#names = new Map(names);
    this.#durableNames = new Map(names);
    this.fileSystem = {
      open: (path, mode) => this.#call('open', path, () => this.#open(path, mode)),
      rename: (from, to) => this.#call('rename', from, () => this.#rename(from, to)),
      remove: (path) => this.#call('remove', path, () => this.#rename(path, undefined)),
      makeDirectory: (path) => this.#call('makeDirectory', path, () => this.#makeDirectory(path)),
      list: (directory) => this.#call('list', directory, () => this.#list(directory)),
      syncDirectory: (directory) => this.#call('syncDirectory', directory, () => this.#syncDirectory(directory)),
    };
  }

  /** The disk after the process was killed: everything it wrote is there. */
  afterKill(fault?: Fault): CrashingDisk {
    return this.#successor(fault, this.#names, (node) => node.content);
  }

  /** The disk after a loss of power; `choose` decides about everything that was not durable. */
  afterPowerLoss(choose: Choice, fault?: Fault): CrashingDisk {
    const names = new Map(this.#durableNames);
    for (const naming of this.#namings) if (choose(2) === 1) applyNaming(names, naming);
    return this.#successor(fault, names, (node) => {
      let content = node.durable;
      for (const change of node.changes) content = survive(content, change, choose);
      return content;
    });
  }

  /** Content of a file, for looking at it or spoiling it. */
  content(path: string): Uint8Array {
    const node = this.#names.get(path);
    if (node === undefined) throw fileError('FILE_NOT_FOUND', 'look at', path);
    return node.content;
  }

  /** Puts a file onto the disk, as something else than the program under test would do. */
  place(path: string, content: Uint8Array): void {
    for (const names of [this.#names, this.#durableNames]) names.set(path, { content, durable: content, changes: [] });
  }

  /** Paths of all files. */
  get paths(): readonly string[] {
    return [...this.#names].flatMap(([path, node]) => (node === DIRECTORY ? [] : [path])).sort();
  }

  #successor(fault: Fault | undefined, names: ReadonlyMap<string, Node>, contentOf: (node: Node) => Uint8Array): CrashingDisk {
    const copies = new Map<string, Node>();
    for (const [path, node] of names) {
      const content = contentOf(node);
      copies.set(path, node === DIRECTORY ? node : { content, durable: content, changes: [] });
    }
    return new CrashingDisk(fault, copies);
  }

  #call<Result>(operation: string, path: string, work: () => Result, failing: () => void = () => undefined): Result {
    if (this.#hasCrashed) throw new Crash('the power is off');
    const fault = this.#fault?.at === this.calls.length ? this.#fault.as : undefined;
    this.calls.push(`${operation} ${path}`);
    if (fault === undefined) return work();
    // A write that fails may have had its effect in part. That one which fails had it whole is the case in which the next operation fails.
    failing();
    if (fault !== 'crash') throw fileError(fault, operation, path);
    this.#hasCrashed = true;
    throw new Crash(`power lost at ${operation} ${path}`);
  }

  #open(path: string, mode: OpenMode): OpenFile {
    const found = this.#names.get(path);
    if (mode === 'create' && found !== undefined) throw fileError('FILE_EXISTS', 'open', path);
    if (mode !== 'create' && found === undefined) throw fileError('FILE_NOT_FOUND', 'open', path);
    if (found !== undefined) return this.#openFile(path, found);
    this.#directory(parentOf(path));
    const node: Node = { content: new Uint8Array(0), durable: new Uint8Array(0), changes: [] };
    this.#name({ directory: parentOf(path), from: undefined, to: path, node });
    return this.#openFile(path, node);
  }

  #openFile(path: string, node: Node): OpenFile {
    const change = (each: Change): void => {
      node.changes.push(each);
      node.content = applyChange(node.content, each);
    };
    return {
      size: () => this.#call('size', path, () => node.content.length),
      permissions: () => this.#call('permissions', path, () => 0o600),
      read: (position, length) => this.#call('read', path, () => node.content.slice(position, position + length)),
      write: (position, bytes) =>
        this.#call(
          'write',
          path,
          () => change({ position, bytes: bytes.slice() }),
          () => change({ position, bytes: bytes.slice(0, Math.ceil(bytes.length / 2)) }),
        ),
      truncate: (length) => this.#call('truncate', path, () => change({ length })),
      sync: () =>
        this.#call('sync', path, () => {
          node.durable = node.content;
          node.changes.length = 0;
        }),
      close: () => undefined,
    };
  }

  #rename(from: string, to: string | undefined): void {
    const node = this.#names.get(from);
    if (node === undefined) throw fileError('FILE_NOT_FOUND', 'rename', from);
    this.#name({ directory: parentOf(from), from, to, node });
  }

  #makeDirectory(path: string): void {
    const found = this.#names.get(path);
    if (found === DIRECTORY) return;
    if (found !== undefined) throw fileError('FILE_EXISTS', 'make directory', path);
    this.#directory(parentOf(path));
    this.#name({ directory: parentOf(path), from: undefined, to: path, node: DIRECTORY });
  }

  #list(directory: string): readonly string[] {
    this.#directory(directory);
    const names = [...this.#names.keys()].filter((path) => parentOf(path) === directory).map((path) => path.slice(directory.length + 1));
    return names.sort((left, right) => (left < right ? -1 : 1));
  }

  #syncDirectory(directory: string): void {
    this.#directory(directory);
    const others = this.#namings.filter((naming) => naming.directory !== directory);
    for (const naming of this.#namings) if (naming.directory === directory) applyNaming(this.#durableNames, naming);
    this.#namings.splice(0, this.#namings.length, ...others);
  }

  #directory(path: string): void {
    if (path !== '' && this.#names.get(path) !== DIRECTORY) throw fileError('FILE_NOT_FOUND', 'find directory', path);
  }

  #name(naming: Naming): void {
    this.#namings.push(naming);
    applyNaming(this.#names, naming);
  }
}

function applyNaming(names: Map<string, Node>, { from, to, node }: Naming): void {
  if (from !== undefined) names.delete(from);
  if (to !== undefined && node !== undefined) names.set(to, node);
}

function applyChange(content: Uint8Array, change: Change): Uint8Array {
  if ('length' in change) return content.slice(0, change.length);
  const changed = new Uint8Array(Math.max(content.length, change.position + change.bytes.length));
  changed.set(content);
  changed.set(change.bytes, change.position);
  return changed;
}

/** A change that was not durable: gone, there, there in its first part, or with only its length there, filled with zeros or with anything. */
function survive(content: Uint8Array, change: Change, choose: Choice): Uint8Array {
  const fate = choose(5);
  if (fate === 0) return content;
  if (fate === 1 || 'length' in change) return applyChange(content, change);
  const { position, bytes } = change;
  if (fate === 2) return applyChange(content, { position, bytes: bytes.slice(0, choose(bytes.length + 1)) });
  const from = choose(bytes.length + 1);
  const filler = fate === 3 ? 0 : 0xa5;
  return applyChange(content, { position, bytes: bytes.map((byte, index) => (index >= from ? filler : byte)) });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

/** Choices that follow from a seed alone. */
export function choiceOf(seed: number): Choice {
  let state = (seed + 1) >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Ways in which a loss of power may go: nothing that was not durable is there, all of it is, and some at random. */
export const POWER_LOSSES: readonly { readonly name: string; readonly choice: () => Choice }[] = [
  { name: 'nothing that was not durable survives', choice: () => () => 0 },
  { name: 'everything survives', choice: () => (bound) => Math.min(1, bound - 1) },
  ...[1, 2, 3, 4, 5, 6].map((seed) => ({ name: `choices of seed ${seed}`, choice: () => choiceOf(seed) })),
];
