import * as z from 'zod';
import { utf8Length } from '../bytes/utf8.ts';
import { addressShape, amountShape, bytesShape } from '../transaction/json-shape.ts';
import { LOCK_SEC_MAX } from './release-schedule.ts';

/** Assets of a genesis document. */
export const ASSETS_MAX = 4095;

/** Basis points of a whole. */
const BPS = 10_000;

const timeShape = z.int().min(0);
const lockShape = z.int().min(0).max(LOCK_SEC_MAX);
const textShape = (minBytes: number, maxBytes: number): z.ZodString =>
  z.string().refine((value) => {
    const bytes = utf8Length(value);
    return bytes >= minBytes && bytes <= maxBytes;
  }, `has to be text of ${minBytes} to ${maxBytes} bytes in UTF-8, without half surrogate pairs`);
const assetIdShape = z.string().regex(/^[A-Za-z0-9.-]{2,16}$/, 'has to be 2 to 16 of A–Z a–z 0–9 . -');
const shareShape = z.strictObject({ address: addressShape, amount: amountShape });
const ruleShape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('liquid') }),
  z.strictObject({ kind: z.literal('linear'), lockSec: lockShape }),
  z.strictObject({ kind: z.literal('cliff'), lockSec: lockShape }),
  z.strictObject({ kind: z.literal('quarterly'), quarters: z.int().min(1).max(100) }),
  z.strictObject({
    kind: z.literal('steps'),
    steps: z
      .array(z.strictObject({ afterSec: lockShape, bps: z.int().min(1).max(BPS) }))
      .min(1)
      .max(100)
      .refine(
        (steps) =>
          steps.every(({ afterSec, bps }, index) => afterSec > (steps[index - 1]?.afterSec ?? -1) && bps > (steps[index - 1]?.bps ?? 0)),
        'has to ascend in afterSec and in bps',
      )
      .refine((steps) => steps.at(-1)?.bps === BPS, 'has to end with 10000 bps'),
  }),
]);
const trancheShape = z
  .strictObject({
    name: textShape(1, 32),
    amount: amountShape.optional(),
    bps: z.int().min(0).max(BPS).optional(),
    rule: ruleShape,
    accounts: z.array(shareShape),
  })
  .refine(({ amount, bps }) => (amount === undefined) !== (bps === undefined), 'has to have either an amount or bps of the supply');

const shape = z.strictObject({
  chainId: z.int().min(1),
  networkName: textShape(1, 64),
  timestampMs: timeShape,
  protocolVersion: z.int().min(1).max(0xffff_ffff),
  parameters: z.record(z.string(), z.string()).default({}),
  allocation: z.discriminatedUnion('preset', [
    z.strictObject({ preset: z.enum(['muton', 'trst']), tranches: z.record(z.string(), z.array(shareShape)) }),
    z.strictObject({
      preset: z.literal('custom'),
      supply: amountShape,
      tranches: z.array(trancheShape),
    }),
  ]),
  assets: z
    .array(
      z.strictObject({
        id: assetIdShape,
        name: textShape(1, 64),
        decimals: z.int().min(0).max(18),
        kind: z.enum(['NATIVE', 'GATEWAY', 'ISSUED']).default('GATEWAY'),
        gateways: z.array(addressShape).max(16),
        threshold: z.int().min(0).max(16),
        minLevel: z.int().min(0).max(3),
        transferMode: z.enum(['IMMEDIATE', 'CONFIRMED']),
      }),
    )
    .max(ASSETS_MAX)
    .default([]),
  members: z
    .array(
      z.strictObject({
        address: addressShape,
        level: z.int().min(0).max(3),
        levelExpiresAt: timeShape.default(0),
        credentialHash: bytesShape(32).default(`0x${'00'.repeat(32)}`),
        jurisdiction: textShape(0, 16).default(''),
        roles: z.array(z.enum(['registrar', 'arbiter', 'auditor', 'committee'])).default([]),
      }),
    )
    .default([]),
  treasury: addressShape,
  audit: addressShape,
  validators: z
    .array(
      z.strictObject({
        publicKey: bytesShape(33),
        power: z.int().min(1),
        operator: addressShape,
        peerId: textShape(0, 128).default(''),
        addresses: textShape(0, 512).default(''),
        possession: bytesShape(65),
      }),
    )
    .min(1)
    .max(100),
});

/** MTN of one account; `amount` in base units, decimal. */
export type ShareJson = { address: string; amount: string };

/** Rule of a tranche; times in seconds. */
export type TrancheRuleJson =
  | { kind: 'liquid' }
  | { kind: 'linear'; lockSec: number }
  | { kind: 'cliff'; lockSec: number }
  | { kind: 'quarterly'; quarters: number }
  | { kind: 'steps'; steps: { afterSec: number; bps: number }[] };

/** A tranche of one's own: its size is an amount in base units, or a share of the supply in bps that is a whole number of units. */
export type TrancheJson = {
  name: string;
  amount?: string | undefined;
  bps?: number | undefined;
  rule: TrancheRuleJson;
  accounts: ShareJson[];
};

/** How the MTN supply is given out: a preset with the accounts of its tranches by name, or tranches of one's own. */
export type AllocationJson =
  | { preset: 'muton' | 'trst'; tranches: Record<string, ShareJson[]> }
  | { preset: 'custom'; supply: string; tranches: TrancheJson[] };

/** An asset of the document. */
export type AssetJson = {
  id: string;
  name: string;
  decimals: number;
  kind: 'NATIVE' | 'GATEWAY' | 'ISSUED';
  gateways: string[];
  threshold: number;
  minLevel: number;
  transferMode: 'IMMEDIATE' | 'CONFIRMED';
};

/** An account on file. */
export type MemberJson = {
  address: string;
  level: number;
  levelExpiresAt: number;
  credentialHash: string;
  jurisdiction: string;
  roles: ('registrar' | 'arbiter' | 'auditor' | 'committee')[];
};

/** A validator of the first set. */
export type ValidatorJson = {
  publicKey: string;
  power: number;
  operator: string;
  peerId: string;
  addresses: string;
  possession: string;
};

/** JSON form of a genesis document after defaults: amounts are decimal strings, bytes 0x hex, times whole numbers. */
export type GenesisJson = {
  chainId: number;
  networkName: string;
  timestampMs: number;
  protocolVersion: number;
  parameters: Record<string, string>;
  allocation: AllocationJson;
  assets: AssetJson[];
  members: MemberJson[];
  treasury: string;
  audit: string;
  validators: ValidatorJson[];
};

type WithDefaults<Row, Defaulted extends keyof Row> = Omit<Row, Defaulted> & { [Name in Defaulted]?: Row[Name] | undefined };

/** JSON form as people write it: what has a default may be left out. */
export type GenesisJsonInput = Omit<GenesisJson, 'parameters' | 'assets' | 'members' | 'validators'> & {
  parameters?: Record<string, string> | undefined;
  assets?: WithDefaults<AssetJson, 'kind'>[] | undefined;
  members?: WithDefaults<MemberJson, 'levelExpiresAt' | 'credentialHash' | 'jurisdiction' | 'roles'>[] | undefined;
  validators: WithDefaults<ValidatorJson, 'peerId' | 'addresses'>[];
};

/** Shape of a genesis document; unknown fields are refused. */
export const genesisShape: z.ZodType<GenesisJson> = shape;
