import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { bridgeEscrow, escrowAddress, feeEscrow, stakeEscrow, systemAddress } from '../../src/keys/escrow-address.ts';

/* Goal: the addresses that nobody has a key for are the same for ever. Method: each derived again from its preimage, by another library. */

const derived = (product: string, id: Uint8Array): string =>
  `0x${createHash('sha256')
    .update('mutual-chain/escrow/v1')
    .update(Uint8Array.of(Buffer.byteLength(product)))
    .update(product)
    .update(id)
    .digest('hex')
    .slice(24)}`;

it.each([
  ['system', systemAddress],
  ['membership', stakeEscrow],
  ['fees', feeEscrow],
  ['bridge', bridgeEscrow],
])('of %s', (product, address) => {
  expect(encodeHex(address(cryptography))).toBe(derived(product, new Uint8Array(32)));
});

it('of a product depends on its name and on the id', () => {
  const id = new Uint8Array(32).fill(7);
  expect(encodeHex(escrowAddress(cryptography, 'Prämie', id))).toBe(derived('Prämie', id));
  expect(derived('Prämie', id)).not.toBe(derived('Prämie', new Uint8Array(32)));
});
