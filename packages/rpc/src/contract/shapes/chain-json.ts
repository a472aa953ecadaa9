import { type DomainJson, domainShape } from '@mutual-chain/protocol';
import * as z from 'zod';
import { addressJson, countJson, hashJson, textJson } from './common-json.ts';

/** Which chain this is, and what signatures for it are bound to. */
export type ChainInfoJson = {
  readonly chainId: number;
  readonly networkName: string;
  readonly genesisHash: string;
  readonly protocolVersion: number;
  /** Typed-data domain of every signature for this chain. */
  readonly domain: DomainJson;
};

/** Shape of `ChainInfoJson`. */
export const chainInfoJson: z.ZodType<ChainInfoJson> = z.strictObject({
  chainId: countJson,
  networkName: textJson,
  genesisHash: hashJson,
  protocolVersion: countJson,
  domain: domainShape as z.ZodType<DomainJson>,
});

/** What a node says about itself. */
export type StatusJson = {
  /** Version of the program. */
  readonly version: string;
  readonly peerId: string;
  /** Of the last committed block. */
  readonly height: number;
  readonly blockHash: string;
  readonly stateRoot: string;
  /** Time of that block, unix ms. */
  readonly timestampMs: number;
  /** Whether the node still fetches blocks that others have committed. */
  readonly syncing: boolean;
  /** How many peers it is connected to. */
  readonly peers: number;
  /** Address under which the node votes, or null when it does not. */
  readonly validator: string | null;
  /** Lowest height whose block it still has. */
  readonly earliestHeight: number;
};

/** Shape of `StatusJson`. */
export const statusJson: z.ZodType<StatusJson> = z.strictObject({
  version: textJson,
  peerId: textJson,
  height: countJson,
  blockHash: hashJson,
  stateRoot: hashJson,
  timestampMs: countJson,
  syncing: z.boolean(),
  peers: countJson,
  validator: addressJson.nullable(),
  earliestHeight: countJson,
});

/** One thing the node has found out about itself. */
export type FindingJson = {
  /** Stable name of what was found. */
  readonly code: string;
  /** In words, with the figures. */
  readonly message: string;
  /** What an operator can do about it. */
  readonly remedy: string;
};

/** Why there is no new block, in words. */
export type DiagnosisJson = {
  /** Whether blocks are being made. */
  readonly ok: boolean;
  /** One sentence. */
  readonly summary: string;
  /** The most likely cause first; empty when nothing is wrong. */
  readonly findings: readonly FindingJson[];
};

/** Shape of `DiagnosisJson`. */
export const diagnosisJson: z.ZodType<DiagnosisJson> = z.strictObject({
  ok: z.boolean(),
  summary: textJson,
  findings: z.array(z.strictObject({ code: textJson, message: textJson, remedy: textJson })).readonly(),
});
