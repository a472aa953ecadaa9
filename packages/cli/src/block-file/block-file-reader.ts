import { closeSync, openSync, readSync } from 'node:fs';
import type { BlockHash, GenesisHash } from '@mutual-chain/protocol';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';
import { FILE_END_BYTES, FILE_HEADER_BYTES, FRAME_BYTES_MAX, LENGTH_BYTES, MAGIC } from './block-file-format.ts';

/** What stands behind the last block. */
export type BlockFileEnd = { readonly blocks: number; readonly tip: BlockHash };

/** Bytes of the file and where they begin in it. */
type Piece = { readonly at: number; readonly bytes: Uint8Array };

/**
 * Reads a file of blocks from its beginning to its end, one block in memory at a time.
 *
 * Errors: `CLI_FILE_MISSING`, `CLI_FILE_NOT_READABLE`, and `CLI_BLOCK_FILE_INVALID` naming the height and the first byte that is wrong.
 */
export class BlockFileReader {
  readonly chainId: number;
  readonly genesisHash: GenesisHash;
  readonly path: string;
  readonly #file: number;
  #position = 0;
  #height = 0;
  #end: BlockFileEnd | undefined;

  constructor(path: string) {
    this.path = path;
    this.#file = withPath(path, () => openSync(path, 'r'), 'read');
    const magic = this.#read(MAGIC.length, 'the header of the file').bytes;
    const wrong = magic.findIndex((byte, index) => byte !== MAGIC[index]);
    if (wrong >= 0) throw this.#damaged(wrong, 'it does not begin like a file of blocks', 'name a file that `mutual demo` wrote');
    const { bytes } = this.#read(FILE_HEADER_BYTES - MAGIC.length, 'the header of the file');
    this.chainId = Number(numberIn(bytes));
    this.genesisHash = bytes.slice(8) as GenesisHash;
  }

  /** The end of the file; known after the last block. */
  get end(): BlockFileEnd | undefined {
    return this.#end;
  }

  /** Canonical bytes of each block, heights from 1. */
  *blocks(): IterableIterator<{ readonly height: number; readonly bytes: Uint8Array }> {
    for (;;) {
      this.#height += 1;
      const { at, bytes } = this.#read(LENGTH_BYTES, 'the length of the block');
      const length = new DataView(bytes.buffer).getUint32(0, true);
      if (length === 0) break;
      if (length > FRAME_BYTES_MAX) throw this.#damaged(at, `its length of ${length} bytes is above the ${FRAME_BYTES_MAX} of any block`);
      yield { height: this.#height, bytes: this.#read(length, 'the block').bytes };
    }
    const { at, bytes } = this.#read(FILE_END_BYTES, 'the end of the file');
    this.#end = { blocks: Number(numberIn(bytes)), tip: bytes.slice(8) as BlockHash };
    const read = this.#height - 1;
    if (this.#end.blocks !== read) throw this.#damaged(at, `its end counts ${this.#end.blocks} blocks, there are ${read}`);
    if (readSync(this.#file, new Uint8Array(1), 0, 1, this.#position) > 0) {
      throw this.#damaged(this.#position, 'there is something behind its end');
    }
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#file);
  }

  #read(length: number, what: string): Piece {
    const at = this.#position;
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = withPath(this.path, () => readSync(this.#file, bytes, done, length - done, at + done), 'read');
      if (count === 0) throw this.#damaged(at + done, `the file ends within ${what}`);
      done += count;
    }
    this.#position += length;
    return { at, bytes };
  }

  /** `position`: of the first byte that is wrong or missing, from 0. */
  #damaged(position: number, reason: string, remedy = 'copy the file again from where it was written'): Error {
    const place = this.#height === 0 ? '' : ` at height ${this.#height}`;
    const details = { path: this.path, height: this.#height, position, reason };
    return cliError('CLI_BLOCK_FILE_INVALID', `${this.path} is damaged${place}, byte ${position}: ${reason}; ${remedy}`, details);
  }
}

/** The number in the first eight bytes. */
function numberIn(bytes: Uint8Array): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
