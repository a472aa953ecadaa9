import { closeSync, openSync, readSync } from 'node:fs';
import { type BlockHash, equalBytes, type GenesisHash } from '@mutual-chain/protocol';
import { cliError } from '../errors.ts';
import { withPath } from '../system-error.ts';
import { FILE_END_BYTES, FILE_HEADER_BYTES, FRAME_BYTES_MAX, LENGTH_BYTES, MAGIC } from './block-file-format.ts';

/** What stands behind the last block. */
export type BlockFileEnd = { readonly blocks: number; readonly tip: BlockHash };

/**
 * Reads a file of blocks from its beginning to its end, one block in memory at a time.
 *
 * Errors: `CLI_FILE_MISSING`, `CLI_FOLDER_NOT_WRITABLE`, and `CLI_BLOCK_FILE_INVALID` naming the height and the position in the file.
 */
export class BlockFileReader {
  readonly chainId: number;
  readonly genesisHash: GenesisHash;
  readonly #path: string;
  readonly #file: number;
  #position = 0;
  #height = 0;
  #end: BlockFileEnd | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#file = withPath(path, () => openSync(path, 'r'));
    const header = this.#read(FILE_HEADER_BYTES, 'the header of the file');
    if (!equalBytes(header.subarray(0, MAGIC.length), MAGIC)) {
      throw this.#damaged('it does not begin like a file of blocks', 'name a file that `mutual demo` wrote');
    }
    const view = new DataView(header.buffer, header.byteOffset);
    this.chainId = Number(view.getBigUint64(MAGIC.length, true));
    this.genesisHash = header.slice(MAGIC.length + 8) as GenesisHash;
  }

  /** The end of the file; known after the last block. */
  get end(): BlockFileEnd | undefined {
    return this.#end;
  }

  /** Canonical bytes of each block, heights from 1. */
  *blocks(): IterableIterator<{ readonly height: number; readonly bytes: Uint8Array }> {
    for (;;) {
      this.#height += 1;
      const length = new DataView(this.#read(LENGTH_BYTES, 'the length of the block').buffer).getUint32(0, true);
      if (length === 0) break;
      if (length > FRAME_BYTES_MAX) throw this.#damaged(`its length of ${length} bytes is above the ${FRAME_BYTES_MAX} of any block`);
      yield { height: this.#height, bytes: this.#read(length, 'the block') };
    }
    const end = this.#read(FILE_END_BYTES, 'the end of the file');
    this.#end = { blocks: Number(new DataView(end.buffer).getBigUint64(0, true)), tip: end.slice(8) as BlockHash };
    if (this.#end.blocks !== this.#height - 1)
      throw this.#damaged(`its end counts ${this.#end.blocks} blocks, there are ${this.#height - 1}`);
    if (readSync(this.#file, new Uint8Array(1), 0, 1, this.#position) > 0) throw this.#damaged('there is something behind its end');
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#file);
  }

  #read(length: number, what: string): Uint8Array {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = withPath(this.#path, () => readSync(this.#file, bytes, done, length - done, this.#position + done));
      if (count === 0) throw this.#damaged(`the file ends within ${what}`);
      done += count;
    }
    this.#position += length;
    return bytes;
  }

  #damaged(reason: string, remedy = 'copy the file again from where it was written'): Error {
    const place = this.#height === 0 ? '' : ` at height ${this.#height}`;
    const details = { path: this.#path, height: this.#height, position: this.#position, reason };
    return cliError('CLI_BLOCK_FILE_INVALID', `${this.#path} is damaged${place}, byte ${this.#position}: ${reason}; ${remedy}`, details);
  }
}
