import {
  createTypedData,
  DOMAIN_NAME,
  DOMAIN_VERSION,
  decodeHex,
  encodeHex,
  genesisHashFrom,
  referenceCryptography,
  type TypedData,
} from '@mutual-chain/protocol';
import type { ChainInfoJson } from '@mutual-chain/rpc/contract';
import { assertKnownOptions } from '../assert-known-options.ts';
import { SdkError } from '../errors.ts';

/** Which chain is meant. Whoever knows the genesis hash from elsewhere gives it: a node can claim to serve any chain. */
export type ExpectedChain = {
  readonly chainId?: number;
  /** 32 bytes, or 0x hex. */
  readonly genesisHash?: Uint8Array | string;
};

const EXPECTED: Readonly<Record<keyof ExpectedChain, true>> = { chainId: true, genesisHash: true };

/** A chain, and what hashes messages for it. */
export type ChainIdentity = {
  readonly chainId: number;
  readonly networkName: string;
  readonly protocolVersion: number;
  readonly typedData: TypedData;
};

/**
 * The chain a node says it serves. Errors: `SDK_CHAIN_DIFFERS` when it is not the expected one, or signs for another domain; `SDK_FIELD_UNKNOWN`
 * when something else is expected of it than there is.
 */
export function chainIdentityFrom(info: ChainInfoJson, expected: ExpectedChain = {}): ChainIdentity {
  assertKnownOptions(expected, EXPECTED, 'the expected chain');
  const { chainId, networkName, protocolVersion, domain } = info;
  const genesisHash = info.genesisHash.toLowerCase();
  const wanted = expected.genesisHash;
  const wantedHash = wanted === undefined ? genesisHash : (typeof wanted === 'string' ? wanted : encodeHex(wanted)).toLowerCase();
  if (genesisHash !== wantedHash) throw differs('genesisHash', genesisHash, wantedHash);
  if (chainId !== (expected.chainId ?? chainId)) throw differs('chainId', chainId, expected.chainId);
  if (domain.name !== DOMAIN_NAME) throw differs('domain.name', domain.name, DOMAIN_NAME);
  if (domain.version !== DOMAIN_VERSION) throw differs('domain.version', domain.version, DOMAIN_VERSION);
  if (domain.chainId !== chainId) throw differs('domain.chainId', domain.chainId, chainId);
  if (domain.salt.toLowerCase() !== genesisHash) throw differs('domain.salt', domain.salt, genesisHash);
  const hash = genesisHashFrom(decodeHex(genesisHash, 'genesisHash', 32));
  return { chainId, networkName, protocolVersion, typedData: createTypedData(referenceCryptography, { chainId, genesisHash: hash }) };
}

function differs(field: string, found: unknown, expected: unknown): SdkError {
  return new SdkError('SDK_CHAIN_DIFFERS', `${field} is ${String(found)}, expected is ${String(expected)}`, { field, found, expected });
}
