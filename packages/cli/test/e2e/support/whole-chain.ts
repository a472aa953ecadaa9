import { encodeHex, evidenceRoot, referenceCryptography } from '@mutual-chain/protocol';
import type { BlockJson, TransactionStatusJson } from '@mutual-chain/rpc/contract';
import { callEach } from './json-rpc.ts';

/** Root of a block without evidence. */
const NO_EVIDENCE: string = encodeHex(evidenceRoot(referenceCryptography, []));

/** All blocks from 1 to a height, with the ids of their transactions. */
export function blocksUpTo(url: string, height: number): Promise<readonly BlockJson[]> {
  return callEach(
    url,
    'mutual_getBlock',
    Array.from({ length: height }, (_, index) => [index + 1]),
  );
}

/** Heights of the blocks that accuse somebody. */
export function accusingHeights(blocks: readonly BlockJson[]): readonly number[] {
  return blocks.filter(({ header }) => header.evidenceRoot !== NO_EVIDENCE).map(({ header }) => header.height);
}

/** Those of some transactions that are not in a block with the effect that they were to have. */
export async function unfinishedOf(url: string, ids: readonly string[]): Promise<readonly string[]> {
  const statuses = await callEach<TransactionStatusJson>(
    url,
    'mutual_getTransaction',
    ids.map((id) => [id]),
  );
  return statuses.filter(({ receipt }) => receipt?.ok !== true).map(({ id, status }) => `${id} ${status}`);
}
