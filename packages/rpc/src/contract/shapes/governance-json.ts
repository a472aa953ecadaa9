import { bytesShape } from '@mutual-chain/protocol';
import * as z from 'zod';
import { addressJson, amountJson, countJson, textJson } from './common-json.ts';

/** A validator of one height. */
export type ValidatorJson = {
  /** Address of the key: how headers and votes name the validator. */
  readonly address: string;
  readonly publicKey: string;
  /** Voting power, decimal digits. */
  readonly power: string;
  /** Proposer priority, decimal digits, may be negative. */
  readonly priority: string;
  /** Account that runs it. */
  readonly operator: string;
  readonly peerId: string;
  readonly addresses: readonly string[];
};

/** Who decides a height. The order is that of positions in certificates. */
export type ValidatorsJson = { readonly height: number; readonly totalPower: string; readonly validators: readonly ValidatorJson[] };

/** Shape of `ValidatorsJson`. */
export const validatorsJson: z.ZodType<ValidatorsJson> = z.strictObject({
  height: countJson,
  totalPower: amountJson,
  validators: z
    .array(
      z.strictObject({
        address: addressJson,
        publicKey: bytesShape(33),
        power: amountJson,
        priority: z.string().regex(/^-?[0-9]+$/),
        operator: addressJson,
        peerId: textJson,
        addresses: z.array(textJson).readonly(),
      }),
    )
    .readonly(),
});

/** The parameters a height was executed under, as texts by name. */
export type ParametersAtJson = { readonly height: number; readonly parameters: Readonly<Record<string, string>> };

/** Shape of `ParametersAtJson`. */
export const parametersAtJson: z.ZodType<ParametersAtJson> = z.strictObject({
  height: countJson,
  parameters: z.record(z.string(), z.string()).describe('Text of each parameter by name; the reference of parameters lists them'),
});
