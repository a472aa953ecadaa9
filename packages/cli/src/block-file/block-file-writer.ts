import { closeSync, openSync, writeSync } from 'node:fs';
import type { BlockHash, GenesisHash } from '@mutual-chain/protocol';
import { withPath } from '../system-error.ts';
import { FILE_END_BYTES, FILE_HEADER_BYTES, LENGTH_BYTES, MAGIC } from './block-file-format.ts';

/** Writes blocks into a file, one after the other from height 1. The file is whole only after `finish`. */
export class BlockFileWriter {
  readonly #path: string;
  readonly #file: number;
  #blocks = 0;

  /** Begins a new file; one that is there is replaced. */
  constructor(path: string, chain: { readonly chainId: number; readonly genesisHash: GenesisHash }) {
    this.#path = path;
    this.#file = withPath(path, () => openSync(path, 'w'));
    const header = new Uint8Array(FILE_HEADER_BYTES);
    header.set(MAGIC);
    new DataView(header.buffer).setBigUint64(MAGIC.length, BigInt(chain.chainId), true);
    header.set(chain.genesisHash, MAGIC.length + 8);
    this.#write(header);
  }

  /** Appends the canonical bytes of the next block. */
  add(block: Uint8Array): void {
    const length = new Uint8Array(LENGTH_BYTES);
    new DataView(length.buffer).setUint32(0, block.length, true);
    this.#write(length);
    this.#write(block);
    this.#blocks += 1;
  }

  /** Ends the file with the number of blocks and the hash of the last one, and closes it. */
  finish(tip: BlockHash): void {
    const end = new Uint8Array(LENGTH_BYTES + FILE_END_BYTES);
    new DataView(end.buffer).setBigUint64(LENGTH_BYTES, BigInt(this.#blocks), true);
    end.set(tip, LENGTH_BYTES + 8);
    this.#write(end);
    closeSync(this.#file);
  }

  #write(bytes: Uint8Array): void {
    withPath(this.#path, () => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    });
  }
}
