import { BlockFileReader } from '../block-file/block-file-reader.ts';
import type { BlockSource } from './block-source.ts';

/** Blocks from a file, which has no certificates. The file is read to its end and closed. */
export function fileSource(path: string): BlockSource {
  return {
    name: path,
    hasCertificates: false,
    blocks: async function* () {
      const file = new BlockFileReader(path);
      try {
        for (const { height, bytes } of file.blocks()) yield { height, block: bytes, certificate: undefined };
      } finally {
        file.close();
      }
    },
  };
}
