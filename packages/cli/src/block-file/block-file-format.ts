import { BLOCK_ENCODED_BYTES_MAX } from '@mutual-chain/protocol';

/*
 * A file of blocks:
 *
 *   header   16 bytes "MUTUAL-BLOCKS/1\n" · chain id, 8 bytes · genesis hash, 32 bytes
 *   block    length, 4 bytes, 1 to BLOCK_ENCODED_BYTES_MAX · canonical bytes of the block; heights from 1 without gaps
 *   end      4 zero bytes · number of blocks, 8 bytes · hash of the last block, 32 bytes
 *
 * Numbers are little-endian. Without the end the file is not whole.
 */

/** First bytes of a file of blocks, with the version of its format. */
export const MAGIC: Uint8Array = Uint8Array.from('MUTUAL-BLOCKS/1\n', (letter) => letter.charCodeAt(0));

/** Bytes before the first block. */
export const FILE_HEADER_BYTES = 56;

/** Bytes of the length before each block. */
export const LENGTH_BYTES = 4;

/** Bytes after the four zeros that end the blocks. */
export const FILE_END_BYTES = 40;

/** Longest block that is read. */
export const FRAME_BYTES_MAX: number = BLOCK_ENCODED_BYTES_MAX;
