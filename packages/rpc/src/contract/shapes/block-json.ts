import * as z from 'zod';
import { addressJson, countJson, hashJson } from './common-json.ts';
import { type BlockTransactionJson, blockTransactionJson } from './transaction-json.ts';

/** What a block is known by; its hash is that of these fields. */
export type HeaderJson = {
  readonly protocolVersion: number;
  readonly chainId: number;
  readonly height: number;
  /** Unix ms. */
  readonly timestampMs: number;
  readonly parentHash: string;
  readonly proposer: string;
  readonly stateRoot: string;
  readonly transactionsRoot: string;
  readonly recordsRoot: string;
  readonly receiptsRoot: string;
  readonly evidenceRoot: string;
  readonly validatorsHash: string;
  readonly nextValidatorsHash: string;
  readonly parametersHash: string;
};

/** Shape of `HeaderJson`. */
export const headerJson: z.ZodType<HeaderJson> = z.strictObject({
  protocolVersion: countJson,
  chainId: countJson,
  height: countJson,
  timestampMs: countJson,
  parentHash: hashJson,
  proposer: addressJson,
  stateRoot: hashJson,
  transactionsRoot: hashJson,
  recordsRoot: hashJson,
  receiptsRoot: hashJson,
  evidenceRoot: hashJson,
  validatorsHash: hashJson,
  nextValidatorsHash: hashJson,
  parametersHash: hashJson,
});

/** Proof that a block is final: precommits of a quorum in one round. */
export type CertificateJson = {
  readonly height: number;
  readonly round: number;
  readonly blockHash: string;
  readonly signatures: readonly { readonly validatorIndex: number; readonly signature: string }[];
};

/** Shape of `CertificateJson`. */
export const certificateJson: z.ZodType<CertificateJson> = z.strictObject({
  height: countJson,
  round: countJson,
  blockHash: hashJson,
  signatures: z.array(z.strictObject({ validatorIndex: countJson, signature: z.string().regex(/^0x[0-9a-f]{130}$/) })).readonly(),
});

/** A committed block. */
export type BlockJson = {
  readonly hash: string;
  readonly header: HeaderJson;
  /** Ids, or the transactions themselves where they were asked for, in order. */
  readonly transactions: readonly string[] | readonly BlockTransactionJson[];
  /** Null for genesis, which nobody voted on. */
  readonly certificate: CertificateJson | null;
};

/** Shape of `BlockJson`. */
export const blockJson: z.ZodType<BlockJson> = z.strictObject({
  hash: hashJson,
  header: headerJson,
  transactions: z.union([z.array(hashJson).readonly(), z.array(blockTransactionJson).readonly()]),
  certificate: certificateJson.nullable(),
});
