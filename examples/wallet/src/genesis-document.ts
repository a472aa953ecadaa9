import { encodeHex, type GenesisJsonInput, possessionDigest, referenceCryptography } from '@mutual-chain/protocol';
import { type AccountName, addressOf, addressText, keyPairOfAccount, MEMBERS, OPERATORS, VALIDATORS } from './accounts.ts';
import { mtn } from './money.ts';

/** Id of the chain of this story. */
export const CHAIN_ID = 7_357;

/** Genesis time: 2026-01-01 00:00:00 UTC, whatever the clock of the machine says. */
export const GENESIS_TIME_MS = 1_767_225_600_000;

/** Voting power of every validator. */
const POWER = 10;

/** Who buys how much MTN in the sale; the rest of the tranche stays with the account `sale`. */
const BUYERS: readonly { readonly name: AccountName; readonly amount: bigint }[] = [
  ...MEMBERS.map((name) => ({ name, amount: mtn('1000000') })),
  { name: 'grace', amount: mtn('100') },
  ...(['registrar', 'gateway', 'committee', 'arbiter', ...OPERATORS] as const).map((name) => ({ name, amount: mtn('1000') })),
];

const SALE = mtn('140000000');

/** The genesis document: the Muton allocation, two gateway assets, members with their levels, and four validators of equal power. */
export function genesisDocument(): GenesisJsonInput {
  const sold = BUYERS.reduce((sum, { amount }) => sum + amount, 0n);
  const share = (name: AccountName, amount: bigint) => ({ address: addressText(name), amount: String(amount) });
  const asset = (id: string, name: string, transferMode: 'IMMEDIATE' | 'CONFIRMED') => {
    return { id, name, decimals: 2, kind: 'GATEWAY' as const, gateways: [addressText('gateway')], threshold: 1, minLevel: 0, transferMode };
  };
  return {
    chainId: CHAIN_ID,
    networkName: 'wallet-example',
    timestampMs: GENESIS_TIME_MS,
    protocolVersion: 1,
    allocation: {
      preset: 'muton',
      tranches: {
        presale: [share('presale', mtn('60000000'))],
        sale: [...BUYERS.map(({ name, amount }) => share(name, amount)), share('sale', SALE - sold)],
        founders: [share('founders', mtn('80000000'))],
        reserve: [share('reserve', mtn('80000000'))],
        research: [share('research', mtn('40000000'))],
      },
    },
    assets: [asset('mUSD', 'US dollar at the gateway', 'IMMEDIATE'), asset('mBOND', 'Bond at the gateway', 'CONFIRMED')],
    members: [
      ...MEMBERS.map((name) => ({ address: addressText(name), level: 2 })),
      { address: addressText('founders'), level: 2 },
      { address: addressText('grace'), level: 1 },
      { address: addressText('gateway'), level: 3 },
      { address: addressText('registrar'), level: 2, roles: ['registrar'] },
      { address: addressText('arbiter'), level: 2, roles: ['arbiter'] },
      { address: addressText('committee'), level: 2, roles: ['committee'] },
    ],
    treasury: addressText('treasury'),
    audit: addressText('audit'),
    validators: VALIDATORS.map((name, index) => {
      const { publicKey, privateKey } = keyPairOfAccount(name);
      const operator = OPERATORS[index] as AccountName;
      const digest = possessionDigest(referenceCryptography, CHAIN_ID, addressOf(operator));
      return {
        publicKey: encodeHex(publicKey),
        power: POWER,
        operator: addressText(operator),
        possession: encodeHex(referenceCryptography.sign(digest, privateKey)),
      };
    }),
  };
}
