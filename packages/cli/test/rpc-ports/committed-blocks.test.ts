// Goal: blocks that are read again and again are read from the disk once, and what is kept of them has a limit.
// Method: a chain whose store counts, read with room for two blocks and with room for none.

import { referenceCryptography as cryptography } from '@mutual-chain/protocol';
import { expect, test } from 'vitest';
import { CommittedBlocks } from '../../src/rpc-ports/committed-blocks.ts';
import { ServedChain } from './served-chain.ts';

test.each([
  { keptBytesMax: 8192, wanted: [1, 1, 2, 1, 3, 1, 2, 3, 3], fromDisk: [1, 2, 3, 2, 3] },
  { keptBytesMax: 0, wanted: [1, 1, 2, 1], fromDisk: [1, 2, 1] },
])('with room for $keptBytesMax bytes, $wanted are $fromDisk from the disk', async ({ keptBytesMax, wanted, fromDisk }) => {
  const served = await ServedChain.start();
  try {
    for (let height = 1; height <= 3; height++) await served.makeBlock();
    const read: number[] = [];
    const { store, indexes } = served;
    const counting = {
      ...{ tip: store.tip, view: store.view, start: store.start, stop: store.stop, commitHeight: store.commitHeight },
      ...{ heightOf: store.heightOf, readIndex: store.readIndex, readIndexRange: store.readIndexRange, stateEntries: store.stateEntries },
      readCertificate: (height: number) => store.readCertificate(height),
      readBlock: (height: number) => {
        read.push(height);
        return store.readBlock(height);
      },
    };
    const blocks = new CommittedBlocks({ cryptography, store: counting, indexes, keptBytesMax });
    expect(wanted.map((height) => blocks.read(height)?.header.height)).toEqual(wanted);
    expect(read).toEqual(fromDisk);
    expect(await blocks.idsOf(3)).toEqual([]);
  } finally {
    await served.stop();
  }
});
