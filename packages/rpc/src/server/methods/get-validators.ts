import { encodeHex, totalPower } from '@mutual-chain/protocol';
import { getValidators } from '../../contract/index.ts';
import { found } from '../found.ts';
import { type ServedMethod, serve } from '../method.ts';

/** Answers `mutual_getValidators`. */
export const serveGetValidators: ServedMethod = serve(getValidators, async ({ chain, addressText }, parameters) => {
  const { height, set } = found(await chain.validators(parameters.height));
  return {
    height,
    totalPower: String(totalPower(set)),
    validators: set.validators.map(({ address, publicKey, power, priority, operator, peerId, addresses }) => ({
      address: addressText(address),
      publicKey: encodeHex(publicKey),
      power: String(power),
      priority: String(priority),
      operator: addressText(operator),
      peerId,
      addresses: addresses === '' ? [] : addresses.split(','),
    })),
  };
});
