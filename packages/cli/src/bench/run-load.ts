import { RpcClient } from '@mutual-chain/sdk';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import type { SignedChunk } from './signed-load.ts';

/** What a load is sent with. */
export type RunLoadOptions = {
  readonly rpcUrls: readonly string[];
  /** Requests by payer. */
  readonly requests: readonly (readonly SignedChunk[])[];
  /** Transfers a second, whatever the network makes of it. */
  readonly ratePerSec: number;
};

/** What a network made of a load. */
export type LoadResult = {
  readonly sent: number;
  readonly admitted: number;
  /** Not admitted, by code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly committed: number;
  /** Admitted and in no block. */
  readonly lost: number;
  /** Time in which everything was sent, seconds. */
  readonly sendingSec: number;
  /** From the first request to the last commit, seconds. */
  readonly durationSec: number;
  /** Committed transfers a second from the first request to the last commit. */
  readonly committedPerSec: number;
  /** From the moment a transfer was due to its block, as node 1 shows it, ms. */
  readonly latencyMs: Percentiles;
  readonly blocks: number;
  /** Most transactions of a block. */
  readonly transactionsMax: number;
};

const POLL_MS = 5;
/** How long after the last request what is missing may still come, ms. */
const DRAIN_MS = 60_000;

type Answer = {
  readonly result?: readonly { readonly id?: string; readonly error?: { readonly data?: { readonly code?: string } } }[];
  readonly error?: { readonly data?: { readonly code?: string } };
};

/** Sends requests at a fixed rate, an open loop, and watches node 1 for the blocks that have them. */
export async function runLoad({ rpcUrls, requests, ratePerSec }: RunLoadOptions): Promise<LoadResult> {
  const [watched = ''] = rpcUrls;
  const rpc = new RpcClient(watched);
  const due = interleaved(requests);
  const dueMs = new Map<string, number>();
  const committedMs = new Map<string, number>();
  const refused: Record<string, number> = {};
  const admitted = new Set<string>();
  let isSending = true;
  let sentUntilMs = 0;
  let blocks = 0;
  let transactionsMax = 0;

  let height = (await rpc.call('mutual_status')).height;
  const startMs = performance.now();
  const watch = async (): Promise<void> => {
    for (;;) {
      const tip = (await rpc.call('mutual_status')).height;
      while (height < tip) {
        height++;
        const { transactions } = await rpc.call('mutual_getBlock', { heightOrHash: height });
        const nowMs = performance.now();
        if (transactions.length > 0) blocks++;
        transactionsMax = Math.max(transactionsMax, transactions.length);
        for (const id of transactions) if (typeof id === 'string') committedMs.set(id, nowMs);
      }
      const isDrained = !isSending && [...admitted].every((id) => committedMs.has(id));
      if (isDrained || (!isSending && performance.now() > sentUntilMs + DRAIN_MS)) return;
      await pause(POLL_MS);
    }
  };
  const watching = watch();

  const answers: Promise<void>[] = [];
  let sent = 0;
  for (const { chunk, payer } of due) {
    const atMs = startMs + (sent / ratePerSec) * 1000;
    const waitMs = atMs - performance.now();
    if (waitMs > 0) await pause(waitMs);
    for (const id of chunk.ids) dueMs.set(id, atMs);
    sent += chunk.ids.length;
    const url = rpcUrls[payer % rpcUrls.length] ?? watched;
    answers.push(send(url, chunk, admitted, refused));
  }
  await Promise.all(answers);
  sentUntilMs = performance.now();
  const sendingSec = (sentUntilMs - startMs) / 1000;
  isSending = false;
  await watching;

  const latencies = [...committedMs].flatMap(([id, atMs]) => {
    const fromMs = dueMs.get(id);
    return fromMs === undefined ? [] : [atMs - fromMs];
  });
  const lastMs = Math.max(startMs, ...[...committedMs.values()].slice(-1));
  const durationSec = (lastMs - startMs) / 1000;
  const committed = latencies.length;
  const lost = [...admitted].filter((id) => !committedMs.has(id)).length;
  return {
    ...{ sent, admitted: admitted.size, refused, committed, lost, sendingSec, durationSec },
    committedPerSec: committed / durationSec,
    latencyMs: percentilesOf(latencies),
    ...{ blocks, transactionsMax },
  };
}

async function send(url: string, { body, ids }: SignedChunk, admitted: Set<string>, refused: Record<string, number>): Promise<void> {
  const refuse = (code: string, count: number): void => {
    refused[code] = (refused[code] ?? 0) + count;
  };
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const { result, error } = (await response.json()) as Answer;
    if (result === undefined) {
      refuse(error?.data?.code ?? 'UNKNOWN', ids.length);
      return;
    }
    result.forEach((each, index) => {
      const id = ids[index];
      if (each.id !== undefined && id !== undefined) admitted.add(id);
      else refuse(each.error?.data?.code ?? 'UNKNOWN', 1);
    });
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error), ids.length);
  }
}

/** The requests of all payers, one of each in turn. */
function interleaved(requests: readonly (readonly SignedChunk[])[]): readonly { readonly chunk: SignedChunk; readonly payer: number }[] {
  const length = Math.max(...requests.map((own) => own.length));
  return Array.from({ length }, (_, round) =>
    requests.flatMap((own, payer) => {
      const chunk = own[round];
      return chunk === undefined ? [] : [{ chunk, payer }];
    }),
  ).flat();
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
