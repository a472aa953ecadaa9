import type { Bytes32 } from '../bytes/branded.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import type { Cryptography } from '../cryptography/cryptography.ts';
import { protocolError } from '../errors.ts';
import { sortedNames } from '../genesis/json-names.ts';
import { amount128, type Codec, containerCodec, type Field, listOf, uint8, uint64 } from '../ssz/codec.ts';
import type { TransactionType } from '../transaction/transaction.ts';
import { TRANSACTION_TYPES } from '../transaction/transaction-types.ts';
import { PARAMETER_TABLE, type ParameterDefinition, type ParameterName } from './parameter-table.ts';

type ValueOfDefinition<Definition extends ParameterDefinition> = Definition extends { kind: 'amount' }
  ? bigint
  : Definition extends { kind: 'choice'; choices: infer Choices extends readonly string[] }
    ? Choices[number]
    : number;

/** Fee of one transaction type instead of `feePerTransaction`; `type` is its number. */
export type FeeOverride = { readonly type: number; readonly fee: bigint };

/** Values of all parameters in force at a height. */
export type Parameters = { readonly [Name in ParameterName]: ValueOfDefinition<(typeof PARAMETER_TABLE)[Name]> } & {
  /** By type number, ascending, each once. */
  readonly feeOverrides: readonly FeeOverride[];
};

const NAMES = Object.keys(PARAMETER_TABLE) as ParameterName[];
const FEE_PREFIX = 'fee.';

/** Name under which the three fee shares are set at once: one at a time they would not add up in between. */
const FEE_SHARES = 'feeSharesBps';

/** Parameters of a new chain that sets none itself. */
export const DEFAULT_PARAMETERS: Parameters = {
  ...(Object.fromEntries(NAMES.map((name) => [name, PARAMETER_TABLE[name].default])) as unknown as Parameters),
  feeOverrides: [],
};

const fieldOf = (definition: ParameterDefinition): Field<unknown> =>
  definition.kind === 'amount' ? amount128 : definition.kind === 'choice' ? uint8 : uint64;

const codec = containerCodec({
  ...(Object.fromEntries(NAMES.map((name) => [name, fieldOf(PARAMETER_TABLE[name])])) as Record<string, Field<unknown>>),
  feeOverrides: listOf({ type: uint8, fee: amount128 }, 255),
});

/** Canonical bytes of parameters. Errors of decode: `PROTOCOL_BYTES_INVALID`, naming the field. */
export const parametersCodec: Codec<Parameters> = {
  encode: (parameters) => {
    const row: Record<string, unknown> = { feeOverrides: parameters.feeOverrides };
    for (const name of NAMES) row[name] = storedValue(PARAMETER_TABLE[name], parameters[name]);
    return codec.encode(row as never);
  },
  decode: (bytes) => {
    const row = codec.decode(bytes) as Record<string, unknown>;
    const feeOverrides = row['feeOverrides'] as readonly FeeOverride[];
    if (feeOverrides.some(({ type }, index) => type <= (feeOverrides[index - 1]?.type ?? -1))) {
      throw misread('feeOverrides', 'feeOverrides have to ascend by type, each once');
    }
    const values: Record<string, unknown> = { feeOverrides };
    for (const name of NAMES) {
      const definition: ParameterDefinition = PARAMETER_TABLE[name];
      const value = definition.kind === 'choice' ? definition.choices?.[row[name] as number] : row[name];
      if (value === undefined) throw misread(name, `${name} has to be the position of ${describeRange(definition)}`);
      values[name] = value;
    }
    return values as unknown as Parameters;
  },
};

const HASH_DOMAIN = encodeUtf8('mutual-chain/parameters/v1');

/** Hash of parameters as headers carry it: SHA-256(domain ‖ canonical bytes). */
export function parametersHash(cryptography: Pick<Cryptography, 'sha256'>, parameters: Parameters): Bytes32 {
  const bytes = parametersCodec.encode(parameters);
  const preimage = new Uint8Array(HASH_DOMAIN.length + bytes.length);
  preimage.set(HASH_DOMAIN);
  preimage.set(bytes, HASH_DOMAIN.length);
  return cryptography.sha256(preimage) as Bytes32;
}

/** Fee of a transaction of a type and size, MTN base units. */
export function feeOf(parameters: Parameters, type: TransactionType, sizeBytes: number): bigint {
  const { feeOverrides } = parameters;
  let fee = parameters.feePerTransaction;
  if (feeOverrides.length > 0) {
    const { number } = TRANSACTION_TYPES[type];
    fee = feeOverrides.find((override) => override.type === number)?.fee ?? fee;
  }
  return fee + parameters.feePerByte * BigInt(sizeBytes);
}

/** Why a text is no value of a parameter, or that parameters do not fit together. */
export type ParameterRefusal = { readonly name: string; readonly message: string };

/** Result of setting a parameter from text. */
export type ParameterSetting =
  | { readonly ok: true; readonly parameters: Parameters }
  | { readonly ok: false; readonly refusal: ParameterRefusal };

/**
 * Parameters with one set from text, as governance and genesis name it: a name of the table, `fee.<Type>` for the fee of one transaction
 * type, or `feeSharesBps` for the three fee shares at once (validators/treasury/audit, such as `7000/2000/1000`).
 */
export function setParameter(parameters: Parameters, name: string, value: string): ParameterSetting {
  if (name === FEE_SHARES) return setFeeShares(parameters, value);
  if (name.startsWith(FEE_PREFIX)) return setFee(parameters, name, value);
  if (!Object.hasOwn(PARAMETER_TABLE, name)) return refuse(name, `there is no parameter ${name}`);
  const definition: ParameterDefinition = PARAMETER_TABLE[name as ParameterName];
  const parsed = parseValue(definition, value);
  if (parsed === undefined) return refuse(name, `${name} must be ${describeRange(definition)}`);
  const next = { ...parameters, [name]: parsed } as Parameters;
  return { ok: true, parameters: next };
}

/** Parameters with one set, if that is possible and they still fit together; undefined otherwise. */
export function withParameter(parameters: Parameters, name: string, value: string): Parameters | undefined {
  const setting = setParameter(parameters, name, value);
  return setting.ok && findConflict(setting.parameters) === undefined ? setting.parameters : undefined;
}

/** The first rule between parameters that does not hold, in words, or undefined. */
export function findConflict(parameters: Parameters): ParameterRefusal | undefined {
  const shares = parameters.feeShareValidatorsBps + parameters.feeShareTreasuryBps + parameters.feeShareAuditBps;
  if (shares !== 10_000) {
    return { name: 'feeShareValidatorsBps', message: `the three fee shares must add up to 10000 bps, they are ${shares}` };
  }
  if (parameters.timeoutMaxMs < parameters.proposeTimeoutMs || parameters.timeoutMaxMs < parameters.voteTimeoutMs) {
    return { name: 'timeoutMaxMs', message: 'timeoutMaxMs must not be below proposeTimeoutMs or voteTimeoutMs' };
  }
  if (parameters.messageDelayMaxMs < parameters.messageDelayMs) {
    return { name: 'messageDelayMaxMs', message: 'messageDelayMaxMs must not be below messageDelayMs' };
  }
  return undefined;
}

/** Parameters from texts by name on top of the defaults. Errors: `PROTOCOL_PARAMETER_INVALID` naming the parameter and its range. */
export function parametersFrom(texts: Readonly<Record<string, string>>): Parameters {
  let parameters = DEFAULT_PARAMETERS;
  for (const name of sortedNames(texts)) {
    const setting = setParameter(parameters, name, texts[name] ?? '');
    if (!setting.ok) throw protocolError('PROTOCOL_PARAMETER_INVALID', setting.refusal.message, { field: `parameters.${name}` });
    parameters = setting.parameters;
  }
  const conflict = findConflict(parameters);
  if (conflict !== undefined) {
    throw protocolError('PROTOCOL_PARAMETER_INVALID', conflict.message, { field: `parameters.${conflict.name}` });
  }
  return parameters;
}

function setFee(parameters: Parameters, name: string, value: string): ParameterSetting {
  const type = name.slice(FEE_PREFIX.length);
  if (!Object.hasOwn(TRANSACTION_TYPES, type)) return refuse(name, `there is no transaction type ${type}`);
  const fee = parseValue(PARAMETER_TABLE.feePerTransaction, value);
  if (typeof fee !== 'bigint') return refuse(name, `${name} must be ${describeRange(PARAMETER_TABLE.feePerTransaction)}`);
  const { number } = TRANSACTION_TYPES[type as TransactionType];
  const others = parameters.feeOverrides.filter((override) => override.type !== number);
  const feeOverrides = [...others, { type: number, fee }].sort((left, right) => left.type - right.type);
  return { ok: true, parameters: { ...parameters, feeOverrides } };
}

function setFeeShares(parameters: Parameters, value: string): ParameterSetting {
  const shares = value.split('/').map((share) => parseValue(PARAMETER_TABLE.feeShareValidatorsBps, share));
  const [validators, treasury, audit] = shares;
  if (typeof validators !== 'number' || typeof treasury !== 'number' || typeof audit !== 'number' || shares.length !== 3) {
    return refuse(FEE_SHARES, `${FEE_SHARES} must be three shares of validators, treasury and audit in bps, such as 7000/2000/1000`);
  }
  const set = { feeShareValidatorsBps: validators, feeShareTreasuryBps: treasury, feeShareAuditBps: audit };
  return { ok: true, parameters: { ...parameters, ...set } };
}

function parseValue(definition: ParameterDefinition, value: string): number | bigint | string | undefined {
  if (definition.kind === 'choice') return definition.choices?.includes(value) === true ? value : undefined;
  if (!/^(0|[1-9][0-9]{0,38})$/.test(value)) return undefined;
  const number = BigInt(value);
  if (number < BigInt(definition.min ?? 0) || number > BigInt(definition.max ?? 0)) return undefined;
  return definition.kind === 'amount' ? number : Number(number);
}

function storedValue(definition: ParameterDefinition, value: number | bigint | string): number | bigint {
  return typeof value === 'string' ? (definition.choices ?? []).indexOf(value) : value;
}

function describeRange(definition: ParameterDefinition): string {
  if (definition.kind === 'choice') return `one of ${(definition.choices ?? []).join(', ')}`;
  return `a whole number of ${definition.unit} from ${definition.min} to ${definition.max}, in decimal digits`;
}

function misread(field: string, message: string): Error {
  return protocolError('PROTOCOL_BYTES_INVALID', message, { field });
}

function refuse(name: string, message: string): ParameterSetting {
  return { ok: false, refusal: { name, message } };
}
