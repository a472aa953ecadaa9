/** Bytes and a view of the same memory: numbers of 64 bits are read and written through the view. */
export type Memory = { readonly bytes: Uint8Array; readonly view: DataView };

/** The memory of a byte string. Of a Buffer the plain bytes are taken, because its slice() shares memory instead of copying. */
export function memoryOf(bytes: Uint8Array): Memory {
  const plain = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  return { bytes: plain, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/** One type of SSZ and the TypeScript type it stands for. Source: SSZ specification, serialization. */
export type Field<Value> = {
  /** Length of every value in bytes, or undefined when values differ in length. */
  readonly fixedBytes: number | undefined;
  /** Length of this value in bytes. Throws `UnfitError` for a value that the field cannot hold. */
  checkedSize(value: Value): number;
  /** Writes a value whose size has been checked; returns the position after it. */
  write(memory: Memory, at: number, value: Value): number;
  /**
   * Reads a value from exactly these bytes. Throws `UnfitError` for bytes that `write` would not write: whatever is read, is written the
   * same again. A field of fixed length is given that length.
   */
  read(memory: Memory, start: number, end: number): Value;
};

/**
 * A value or bytes that a field cannot hold. Only within codecs: whoever knows what the bytes are makes a `ChainError` of it.
 *
 * `path` holds the names of the fields from the outermost inwards; `details` the limit and what was found.
 */
export class UnfitError extends Error {
  override readonly name: string = 'UnfitError';
  readonly path: (string | number)[] = [];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(expected: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`has to be ${expected}`);
    this.details = details;
  }
}

/** The error with one more name in front of its path, when it is an `UnfitError`. */
export function inField(name: string | number, error: unknown): unknown {
  if (error instanceof UnfitError) error.path.unshift(name);
  return error;
}

/** Reads four little-endian bytes. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)) >>> 0
  );
}

/** Writes four little-endian bytes. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}
