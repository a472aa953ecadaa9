import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../src/limits.ts';
import { isAssetId } from '../../src/state-entry/asset.ts';
import { accountKeyBytes, holdingKeyBytes, lotKeyBytes, SINGLETONS, STATE_NAMESPACES } from '../../src/state-entry/state-keys.ts';
import type { FieldDefinition } from '../../src/transaction/transaction.ts';
import { TRANSACTION_TYPES } from '../../src/transaction/transaction-types.ts';

/* Goal: keys and ids are what light clients will compute, and the limits of fields are the limits that are documented. */

describe('asset ids', () => {
  it.each(['MTN', 'mUSD', 'A1', 'a.b-c', 'A'.repeat(16)])('%s is one', (id) => {
    expect(isAssetId(id)).toBe(true);
  });

  it.each(['', 'A', 'A'.repeat(17), 'm USD', 'mUSD\u0000', 'mÜSD', 'm_USD', 'm/USD'])('%j is none', (id) => {
    expect(isAssetId(id)).toBe(false);
  });
});

describe('state keys', () => {
  it('begin with the namespace and go on with the identity', () => {
    const address = new Uint8Array(20).fill(5);
    expect([...accountKeyBytes(address)]).toEqual([1, ...address]);
    expect([...holdingKeyBytes(address, 'mUSD')]).toEqual([2, ...address, 0x6d, 0x55, 0x53, 0x44]);
    expect([...lotKeyBytes(new Uint8Array(32).fill(6))]).toEqual([3, ...new Uint8Array(32).fill(6)]);
  });

  it.each([
    ['namespaces', STATE_NAMESPACES],
    ['singletons', SINGLETONS],
  ])('use each of the %s once', (_name, numbers) => {
    expect(new Set(Object.values(numbers)).size).toBe(Object.keys(numbers).length);
  });
});

describe('limits of transaction fields', () => {
  const limitOf = (names: readonly string[]): number[] =>
    Object.values(TRANSACTION_TYPES).flatMap(({ fields }) =>
      (fields as readonly FieldDefinition[])
        .filter(({ name }) => names.includes(name))
        .map(({ maxBytes, maxItems }) => maxBytes ?? maxItems ?? 0),
    );

  it.each([
    [['asset'], LIMITS.assetIdBytesMax],
    [['memo', 'reason'], LIMITS.memoBytesMax],
    [['reference', 'externalRef', 'destination'], LIMITS.referenceBytesMax],
    [['gateways'], LIMITS.gatewaysPerAssetMax],
  ])('of %j are %d', (names, limit) => {
    const found = limitOf(names);
    expect([found.length > 0, new Set(found)]).toEqual([true, new Set([limit])]);
  });
});
