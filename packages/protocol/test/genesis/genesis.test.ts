import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SUPPLY_MAX } from '../../src/amount/amount.ts';
import { encodeHex } from '../../src/bytes/hex.ts';
import { ChainError } from '../../src/chain-error.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { encodeGenesis, genesisHashOf, genesisValidatorSet, parseGenesis } from '../../src/genesis/genesis.ts';
import { ASSETS_MAX, type AssetJson, type GenesisJsonInput, genesisShape, type MemberJson } from '../../src/genesis/genesis-json.ts';
import { YEAR_SEC } from '../../src/genesis/release-schedule.ts';
import { bridgeEscrow, feeEscrow, stakeEscrow, systemAddress } from '../../src/keys/escrow-address.ts';
import { DEFAULT_PARAMETERS, parametersFrom } from '../../src/parameters/parameters.ts';
import {
  addressBytes,
  addressHex,
  genesisDocument,
  keyOf,
  MTN,
  mutonAllocation,
  possessionOf,
  START_SEC,
  share,
  validatorInput,
} from './genesis-document.ts';

/*
 * Goal: a genesis document says one thing or is refused where it is wrong, and the genesis hash is its identity: of what it says, not of how
 * it is written. Method: one document with everything in it, and every way to change it.
 */

const hashOf = (document: unknown): string => encodeHex(genesisHashOf(cryptography, parseGenesis(document)));

const [usd, art] = genesisDocument().assets as [AssetJson, AssetJson];
const [first, second] = genesisDocument().members as [MemberJson, MemberJson];
const asset = (change: Partial<AssetJson>): Partial<GenesisJsonInput> => ({ assets: [{ ...usd, ...change }, art] });
const member = (change: Partial<MemberJson>): Partial<GenesisJsonInput> => ({ members: [first, { ...second, ...change }] });
const validator = (change: Partial<ReturnType<typeof validatorInput>>): Partial<GenesisJsonInput> => ({
  validators: [validatorInput(0), validatorInput(1, change)],
});
const native = (change: Partial<AssetJson> = {}): AssetJson => ({
  id: 'MTN',
  name: 'Muton',
  decimals: 18,
  kind: 'NATIVE',
  gateways: [],
  threshold: 0,
  minLevel: 0,
  transferMode: 'IMMEDIATE',
  ...change,
});
const customWith = (change: object, tranche: object = {}): Partial<GenesisJsonInput> => ({
  allocation: {
    preset: 'custom',
    supply: '5',
    tranches: [{ name: 'all', amount: '5', rule: { kind: 'liquid' }, accounts: [share(0x11, 5n)], ...tranche }],
    ...change,
  } as GenesisJsonInput['allocation'],
});

describe('a genesis document', () => {
  it('is read as what it says, lists in byte order and defaults filled in', () => {
    const genesis = parseGenesis(genesisDocument());
    const { balances: _balances, supply: _supply, ...rest } = genesis;
    const inOrder = [1, 2].sort((left, right) => (encodeHex(keyOf(left).address) < encodeHex(keyOf(right).address) ? -1 : 1));
    expect(rest).toEqual({
      chainId: 77,
      networkName: 'Prüfnetz',
      timestampMs: START_SEC * 1000 + 999,
      protocolVersion: 1,
      parameters: parametersFrom({ blockIntervalMs: '70', 'fee.Transfer': '5' }),
      assets: [
        { id: 'MTN', name: 'Muton', decimals: 18, kind: 'NATIVE', gateways: [], threshold: 0, minLevel: 0, transferMode: 'IMMEDIATE' },
        { id: 'mART', name: 'Art', decimals: 0, kind: 'ISSUED', gateways: [], threshold: 0, minLevel: 2, transferMode: 'IMMEDIATE' },
        {
          id: 'mUSD',
          name: 'US dollar',
          decimals: 2,
          kind: 'GATEWAY',
          gateways: [addressBytes(0x61), addressBytes(0x62)],
          threshold: 2,
          minLevel: 1,
          transferMode: 'CONFIRMED',
        },
      ],
      members: [
        { address: addressBytes(0x61), level: 3, levelExpiresAt: 0, credentialHash: new Uint8Array(32), jurisdiction: '', roles: 5 },
        {
          address: addressBytes(0x62),
          level: 3,
          levelExpiresAt: START_SEC + 5,
          credentialHash: new Uint8Array(32).fill(0xab),
          jurisdiction: 'CH',
          roles: 0,
        },
      ],
      treasury: addressBytes(0x71),
      audit: addressBytes(0x72),
      validators: inOrder.map((number) => ({
        publicKey: keyOf(number).publicKey,
        address: keyOf(number).address,
        power: BigInt(10 + number),
        operator: addressBytes(0xd0 + number),
        peerId: `peer${number}`,
        addresses: `/ip4/10.0.0.${number}/tcp/7000`,
        possession: Uint8Array.from(Buffer.from(possessionOf(number, 0xd0 + number).slice(2), 'hex')),
      })),
    });
    expect(genesisValidatorSet(genesis)).toEqual({
      validators: genesis.validators.map(({ possession: _possession, ...each }) => ({ ...each, priority: 0n })),
    });
  });

  it('with nothing but what has no default is read', () => {
    const { parameters: _parameters, assets: _assets, members: _members, ...least } = genesisDocument();
    const { peerId: _peerId, addresses: _addresses, ...bare } = validatorInput(0);
    const genesis = parseGenesis({ ...least, validators: [bare] });
    expect(genesis.parameters).toEqual(DEFAULT_PARAMETERS);
    expect(genesis.members).toEqual([]);
    expect(genesis.assets).toEqual([native()]);
    expect(genesis.validators.map(({ peerId, addresses }) => [peerId, addresses])).toEqual([['', '']]);
  });

  it('may say how MTN is sent and who confirms it', () => {
    const own = native({ name: 'Mutual', gateways: [addressHex(0x62)], threshold: 1, minLevel: 1, transferMode: 'CONFIRMED' });
    expect(parseGenesis(genesisDocument({ assets: [own] })).assets).toEqual([{ ...own, gateways: [addressBytes(0x62)] }]);
  });

  it.each<[string, Partial<GenesisJsonInput>]>([
    ['the longest texts', { ...validator({ peerId: 'é'.repeat(64), addresses: '€'.repeat(170) }), networkName: '🏠'.repeat(16) }],
    ['the longest names', { ...asset({ name: 'é'.repeat(32) }), ...member({ jurisdiction: 'é'.repeat(8) }) }],
    ['the most power and the last time', { ...validator({ power: Number.MAX_SAFE_INTEGER }), timestampMs: Number.MAX_SAFE_INTEGER }],
    ['the last protocol version', { protocolVersion: 0xffff_ffff }],
    ['the largest supply', customWith({ supply: String(SUPPLY_MAX) }, { amount: String(SUPPLY_MAX), accounts: [share(1, SUPPLY_MAX)] })],
    ['a supply of nothing', customWith({ supply: '0', tranches: [] })],
    ['a name of an asset that is its limit long', asset({ id: 'A-z.0123456789AB' })],
  ])('with %s has bytes', (_name, change) => {
    expect(encodeGenesis(parseGenesis(genesisDocument(change))).length).toBeGreaterThan(0);
  });

  it('with as many assets as there may be has bytes', () => {
    const assets = Array.from({ length: ASSETS_MAX }, (_, index) => ({ ...art, id: `A${index}` }));
    expect(parseGenesis(genesisDocument({ assets })).assets).toHaveLength(ASSETS_MAX + 1);
    expect(encodeGenesis(parseGenesis(genesisDocument({ assets }))).length).toBeGreaterThan(0);
  });
});

/** Addresses under which the ledger keeps money or acts, by the names that messages call them. */
const RESERVED = [
  ['the system', systemAddress(cryptography)],
  ['the membership escrow', stakeEscrow(cryptography)],
  ['the fee escrow', feeEscrow(cryptography)],
  ['the bridge escrow', bridgeEscrow(cryptography)],
] as const;

const refusal = (document: unknown): unknown => {
  try {
    return parseGenesis(document);
  } catch (error) {
    return error instanceof ChainError ? [error.code, error.details['field'], error.message] : error;
  }
};

const invalid = 'PROTOCOL_GENESIS_INVALID';
const textOf = (least: number, most: number): string =>
  `has to be text of ${least} to ${most} bytes in UTF-8, without half surrogate pairs; correct it in the genesis file`;

describe('a genesis document is refused, naming path and remedy', () => {
  it.each<[string, unknown, string, string | undefined, string | RegExp]>([
    ['that is no object', 7, invalid, '', /^the document: .*expected object.*; correct it in the genesis file$/],
    ['that is null', null, invalid, '', /^the document: .*; correct it in the genesis file$/],
    ['that is a list', [], invalid, '', /^the document: /],
    ['with an unknown field', { speed: 1 }, invalid, 'speed', /^speed: Unrecognized key: "speed"; correct/],
    ['with an unknown field of an asset', asset({ color: 'red' } as never), invalid, 'assets.0.color', /^assets\.0\.color: /],
    ['with an unknown field of a member', member({ name: 'x' } as never), invalid, 'members.1.name', /^members\.1\.name: /],
    ['with an unknown field of a validator', validator({ priority: 1 } as never), invalid, 'validators.1.priority', /Unrecognized/],
    ['with an unknown field of the allocation', customWith({ total: '5' }), invalid, 'allocation.total', /Unrecognized/],
    ['with an unknown field of a tranche', customWith({}, { lock: 5 }), invalid, 'allocation.tranches.0.lock', /Unrecognized/],
    [
      'with an unknown field of an account',
      mutonPart({ ...share(1, 5n), memo: '' }),
      invalid,
      'allocation.tranches.sale.0.memo',
      /Unrecog/,
    ],
    ['without chain id', { chainId: undefined }, invalid, 'chainId', /^chainId: .*expected number/],
    ['of chain id 0', { chainId: 0 }, invalid, 'chainId', /expected number to be >=1/],
    ['of a chain id beyond 2^53', { chainId: 2 ** 53 }, invalid, 'chainId', /chainId/],
    ['of a chain id that is a text', { chainId: '77' }, invalid, 'chainId', /expected number, received string/],
    ['of no name', { networkName: '' }, invalid, 'networkName', `networkName: ${textOf(1, 64)}`],
    ['of a name too long in bytes', { networkName: 'é'.repeat(33) }, invalid, 'networkName', `networkName: ${textOf(1, 64)}`],
    ['of half a letter', { networkName: '\ud83c' }, invalid, 'networkName', `networkName: ${textOf(1, 64)}`],
    ['of a time before 1970', { timestampMs: -1 }, invalid, 'timestampMs', />=0/],
    ['of a time between milliseconds', { timestampMs: 1.5 }, invalid, 'timestampMs', /int/],
    ['of a time that is none', { timestampMs: Number.NaN }, invalid, 'timestampMs', /number/],
    ['of protocol version 0', { protocolVersion: 0 }, invalid, 'protocolVersion', />=1/],
    ['of a protocol version beyond 32 bits', { protocolVersion: 2 ** 32 }, invalid, 'protocolVersion', /<=4294967295/],
    ['with a parameter that is a number', { parameters: { blockIntervalMs: 70 } }, invalid, 'parameters.blockIntervalMs', /string/],
    [
      'with a parameter out of range',
      { parameters: { blockIntervalMs: '60001' } },
      'PROTOCOL_PARAMETER_INVALID',
      'parameters.blockIntervalMs',
      'blockIntervalMs must be a whole number of ms from 0 to 60000, in decimal digits',
    ],
    [
      'with an unknown parameter',
      { parameters: { speed: '1' } },
      'PROTOCOL_PARAMETER_INVALID',
      'parameters.speed',
      'there is no parameter speed',
    ],
    [
      'with parameters that do not fit',
      { parameters: { timeoutMaxMs: '699' } },
      'PROTOCOL_PARAMETER_INVALID',
      'parameters.timeoutMaxMs',
      'timeoutMaxMs must not be below proposeTimeoutMs or voteTimeoutMs',
    ],
    ['with an unknown preset', { allocation: { preset: 'gold', tranches: {} } }, invalid, 'allocation.preset', /^allocation\.preset: /],
    [
      'with an unknown tranche of a preset',
      { allocation: mutonAllocation({ team: [share(0x20, 1n)] }) },
      invalid,
      'allocation.tranches.team',
      'preset muton has the tranches presale, sale, founders, reserve, research, not team',
    ],
    [
      'with a named tranche twice',
      customWith({ tranches: [tranche('a'), tranche('a')] }),
      invalid,
      'allocation.tranches.1.name',
      'tranche a is defined twice; rename one',
    ],
    [
      'with a tranche of no name',
      customWith({}, { name: '' }),
      invalid,
      'allocation.tranches.0.name',
      `allocation.tranches.0.name: ${textOf(1, 32)}`,
    ],
    ['with an unknown rule', customWith({}, { rule: { kind: 'soon' } }), invalid, 'allocation.tranches.0.rule.kind', /rule\.kind: /],
    [
      'with a rule that lacks its time',
      customWith({}, { rule: { kind: 'cliff' } }),
      invalid,
      'allocation.tranches.0.rule.lockSec',
      /number/,
    ],
    [
      'with a lock of more than a hundred years',
      customWith({}, { rule: { kind: 'linear', lockSec: 100 * YEAR_SEC + 1 } }),
      invalid,
      'allocation.tranches.0.rule.lockSec',
      /<=3153600000/,
    ],
    [
      'with no quarters',
      customWith({}, { rule: { kind: 'quarterly', quarters: 0 } }),
      invalid,
      'allocation.tranches.0.rule.quarters',
      />=1/,
    ],
    [
      'with 101 quarters',
      customWith({}, { rule: { kind: 'quarterly', quarters: 101 } }),
      invalid,
      'allocation.tranches.0.rule.quarters',
      /<=100/,
    ],
    [
      'with quarters of different number',
      customWith({ supply: '10', tranches: [quarters('a', 4, share(0x11, 5n)), quarters('b', 5, share(0x12, 5n))] }),
      invalid,
      'allocation.tranches.0.rule.quarters',
      'all quarterly tranches must have the same number of quarters',
    ],
    [
      'with quarterly accounts of so little that one would have to give back',
      customWith(
        { supply: '7' },
        { amount: '7', rule: { kind: 'quarterly', quarters: 40 }, accounts: [share(1, 1n), share(2, 3n), share(3, 3n)] },
      ),
      invalid,
      'allocation.tranches.0',
      'a quarterly account must hold more than a few base units',
    ],
    ['with an account in two tranches', mutonTwice(), invalid, 'allocation', `${addressHex(0x11)} stands twice in allocation; remove one`],
    ['with an amount that is a number', customWith({ supply: 5 }), invalid, 'allocation.supply', /string/],
    ...['', '+5', '-5', '05', '5.0', '5e0', '0x5', ' 5', '5\n', '9'.repeat(40)].map((amount): [string, unknown, string, string, RegExp] => [
      `with an amount of ${JSON.stringify(amount)}`,
      mutonPart({ address: addressHex(0x12), amount }),
      invalid,
      'allocation.tranches.sale.0.amount',
      /: has to be a whole number below 2\^128 in decimal digits, without sign or leading zeros; correct it in the genesis file$/,
    ]),
    [
      'with an amount of 2^128',
      mutonPart(share(0x12, 2n ** 128n)),
      'PROTOCOL_AMOUNT_INVALID',
      'allocation.tranches.sale.0.amount',
      /below 2\^128$/,
    ],
    [
      'with a supply of 2^128',
      customWith({ supply: String(2n ** 128n) }),
      'PROTOCOL_AMOUNT_INVALID',
      'allocation.supply',
      /^allocation\.supply has/,
    ],
    [
      'with a supply above half the range',
      customWith({ supply: String(SUPPLY_MAX + 3n) }),
      invalid,
      'allocation.supply',
      'allocation.supply is 3 above the largest supply an asset may have, 2^127 - 1 base units; lower it',
    ],
    [
      'with a tranche of 2^128',
      customWith({}, { amount: String(2n ** 128n) }),
      'PROTOCOL_AMOUNT_INVALID',
      'allocation.tranches.0.amount',
      /below 2\^128$/,
    ],
    [
      'with an address too short',
      { treasury: '0x71' },
      invalid,
      'treasury',
      'treasury: has to be 0x followed by 40 hex digits; correct it in the genesis file',
    ],
    ['with an address of other letters', { audit: addressHex(0x72).replace('2', 'g') }, invalid, 'audit', /40 hex digits/],
    ...(
      [
        ['treasury', { treasury: wrongChecksum() }],
        ['audit', { audit: wrongChecksum() }],
        ['members.1.address', member({ address: wrongChecksum() })],
        ['assets.0.gateways.0', asset({ gateways: [wrongChecksum()], threshold: 1 })],
        ['validators.1.operator', validator({ operator: wrongChecksum() })],
        ['allocation.tranches.sale.0.address', mutonPart({ address: wrongChecksum(), amount: '5' })],
      ] as const
    ).map(([field, change]): [string, unknown, string, string, RegExp] => [
      `with a wrong checksum in ${field}`,
      change,
      'PROTOCOL_ADDRESS_INVALID',
      field,
      /mixes cases but not as its EIP-55 checksum does/,
    ]),
    ...RESERVED.flatMap(([name, address]) =>
      (
        [
          ['treasury', { treasury: encodeHex(address) }],
          ['audit', { audit: encodeHex(address) }],
          ['members.1.address', member({ address: encodeHex(address) })],
          ['validators.1.operator', validator({ operator: encodeHex(address) })],
          ['allocation.tranches.sale.0.address', mutonPart({ address: encodeHex(address), amount: '5' })],
        ] as const
      ).map(([field, change]): [string, unknown, string, string, string] => [
        `with the address of ${name} in ${field}`,
        change,
        invalid,
        field,
        `${field} is the address of ${name}, which nobody has the key of; name an account of somebody`,
      ]),
    ),
    ['with an asset id too short', asset({ id: 'A' }), invalid, 'assets.0.id', /has to be 2 to 16 of A–Z a–z 0–9 \. -; correct/],
    ['with an asset id too long', asset({ id: 'A'.repeat(17) }), invalid, 'assets.0.id', /2 to 16/],
    ['with an asset id with a space', asset({ id: 'm USD' }), invalid, 'assets.0.id', /2 to 16/],
    ['with an asset id and a line end', asset({ id: 'mUSD\n' }), invalid, 'assets.0.id', /2 to 16/],
    ['with an asset named in too many bytes', asset({ name: 'é'.repeat(33) }), invalid, 'assets.0.name', `assets.0.name: ${textOf(1, 64)}`],
    ['with an asset without a name', asset({ name: '' }), invalid, 'assets.0.name', `assets.0.name: ${textOf(1, 64)}`],
    ['with 19 decimals', asset({ decimals: 19 }), invalid, 'assets.0.decimals', /<=18/],
    ['with an unknown kind', asset({ kind: 'OTHER' as never }), invalid, 'assets.0.kind', /NATIVE.*GATEWAY.*ISSUED/],
    ['with an unknown transfer mode', asset({ transferMode: 'SLOW' as never }), invalid, 'assets.0.transferMode', /IMMEDIATE/],
    ['with an asset for level 4', asset({ minLevel: 4 }), invalid, 'assets.0.minLevel', /<=3/],
    ['with an asset twice', { assets: [usd, { ...art, id: 'mUSD' }] }, invalid, 'assets', 'asset mUSD is defined twice; remove one'],
    ['with MTN twice', { assets: [native(), native()] }, invalid, 'assets', 'asset MTN is defined twice; remove one'],
    ['with a native asset other than MTN', asset({ kind: 'NATIVE' }), invalid, 'assets.0.kind', 'only MTN is NATIVE, and it always is'],
    [
      'with MTN of another kind',
      { assets: [usd, native({ kind: 'ISSUED' })] },
      invalid,
      'assets.1.kind',
      'only MTN is NATIVE, and it always is',
    ],
    ['with MTN of 17 decimals', { assets: [native({ decimals: 17 })] }, invalid, 'assets.0.decimals', 'MTN has 18 decimals'],
    ...(
      [
        [2, 0],
        [2, 3],
        [1, 2],
        [0, 1],
      ] as const
    ).map(([count, threshold]): [string, unknown, string, string, string] => [
      `with a threshold of ${threshold} of ${count} gateways`,
      asset({ gateways: (usd.gateways as string[]).slice(0, count), threshold }),
      invalid,
      'assets.0.threshold',
      `threshold must be from 1 to the number of gateways (${count}), or 0 without`,
    ]),
    [
      'with 17 gateways',
      asset({ gateways: Array.from({ length: 17 }, (_, index) => addressHex(index)) }),
      invalid,
      'assets.0.gateways',
      /16/,
    ],
    [
      'with a gateway below level 3',
      member({ level: 2 }),
      invalid,
      'assets.0.gateways.1',
      `gateway ${addressHex(0x62)} must be listed in members with level 3`,
    ],
    [
      'with a gateway that is no member',
      { members: [second] },
      invalid,
      'assets.0.gateways.0',
      `gateway ${addressHex(0x61)} must be listed in members with level 3`,
    ],
    [
      'with a gateway twice',
      asset({ gateways: [addressHex(0x62), addressHex(0x61), addressHex(0x62)] }),
      invalid,
      'assets.0.gateways.2',
      `gateway ${addressHex(0x62)} is named twice; remove one`,
    ],
    ['with too many assets', { assets: Array.from({ length: ASSETS_MAX + 1 }, () => art) }, invalid, 'assets', /<=4095 items/],
    [
      'with a member twice',
      { members: [first, second, first] },
      invalid,
      'members',
      `${addressHex(0x61)} stands twice in members; remove one`,
    ],
    ['with a member of level 4', member({ level: 4 }), invalid, 'members.1.level', /<=3/],
    ['with an unknown role', member({ roles: ['king' as never] }), invalid, 'members.1.roles.0', /registrar/],
    [
      'with a credential of 31 bytes',
      member({ credentialHash: `0x${'00'.repeat(31)}` }),
      invalid,
      'members.1.credentialHash',
      /64 hex digits/,
    ],
    [
      'with too long a jurisdiction',
      member({ jurisdiction: 'é'.repeat(9) }),
      invalid,
      'members.1.jurisdiction',
      `members.1.jurisdiction: ${textOf(0, 16)}`,
    ],
    ['without validators', { validators: [] }, invalid, 'validators', />=1 items/],
    ['with 101 validators', { validators: Array.from({ length: 101 }, () => validatorInput(0)) }, invalid, 'validators', /<=100 items/],
    [
      'with a validator twice',
      { validators: [validatorInput(0), validatorInput(1), validatorInput(0, { power: 3 })] },
      invalid,
      'validators',
      `${encodeHex(keyOf(1).address)} stands twice in validators; remove one`,
    ],
    ['with a validator without power', validator({ power: 0 }), invalid, 'validators.1.power', />=1/],
    ['with a validator of half a power', validator({ power: 1.5 }), invalid, 'validators.1.power', /int/],
    ['with a validator of a power of 2^53', validator({ power: 2 ** 53 }), invalid, 'validators.1.power', /validators\.1\.power/],
    [
      'with a peer id too long',
      validator({ peerId: 'é'.repeat(65) }),
      invalid,
      'validators.1.peerId',
      `validators.1.peerId: ${textOf(0, 128)}`,
    ],
    [
      'with addresses too long',
      validator({ addresses: '€'.repeat(171) }),
      invalid,
      'validators.1.addresses',
      `validators.1.addresses: ${textOf(0, 512)}`,
    ],
    ['with a key of 32 bytes', validator({ publicKey: `0x${'02'.repeat(32)}` }), invalid, 'validators.1.publicKey', /66 hex digits/],
    ...(
      [
        ['of another chain', { possession: possessionOf(2, 0xd2, 78) }],
        ['for another operator', { possession: possessionOf(2, 0xd1) }],
        ['of another key', { possession: possessionOf(3, 0xd2) }],
        ['of nothing', { possession: `0x${'00'.repeat(65)}` }],
        ['of a key that is no point', { publicKey: `0x02${'ff'.repeat(32)}` }],
        ['of a key without a prefix', { publicKey: `0x05${'11'.repeat(32)}` }],
      ] as const
    ).map(([name, change]): [string, unknown, string, string, string] => [
      `with a possession ${name}`,
      validator(change),
      invalid,
      'validators.1.possession',
      "possession is not the key's signature; sign the possession digest of this chain id and operator with the validator key",
    ]),
  ])('%s', (_name, change, code, field, message) => {
    const document = typeof change === 'object' && change !== null && !Array.isArray(change) ? { ...genesisDocument(), ...change } : change;
    const expected = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(refusal(document)).toEqual([code, field, expected]);
  });

  it('with names that objects have of themselves', () => {
    const text = JSON.stringify(genesisDocument());
    const withName = (from: string, to: string): unknown => JSON.parse(text.replace(from, to));
    expect(refusal(withName('"parameters":{', '"parameters":{"constructor":"1",'))).toEqual([
      'PROTOCOL_PARAMETER_INVALID',
      'parameters.constructor',
      'there is no parameter constructor',
    ]);
    expect(refusal(withName('"tranches":{', '"tranches":{"toString":[],'))).toEqual([
      invalid,
      'allocation.tranches.toString',
      'preset muton has the tranches presale, sale, founders, reserve, research, not toString',
    ]);
  });

  it.each([
    ['{', '__proto__'],
    ['"parameters":{', 'parameters.__proto__'],
    ['"allocation":{', 'allocation.__proto__'],
    ['"tranches":{', 'allocation.tranches.__proto__'],
    ['"sale":[{', 'allocation.tranches.sale.0.__proto__'],
    ['"validators":[{', 'validators.0.__proto__'],
  ])('with a prototype after %s', (place, field) => {
    const json: unknown = JSON.parse(JSON.stringify(genesisDocument()).replace(place, `${place}"__proto__":{},`));
    expect(refusal(json)).toEqual([invalid, field, `${field}: is no field of a genesis document; remove it`]);
  });

  it('whatever else is in the place of anything, with its own error', () => {
    const paths = Object.keys(genesisDocument());
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (name, value) => {
        const result = refusal({ ...genesisDocument(), [name]: value });
        if (Array.isArray(result)) expect(result[0]).toMatch(/^PROTOCOL_(GENESIS|PARAMETER|ADDRESS|AMOUNT)_/);
        else expect(genesisHashOf(cryptography, result as never)).toHaveLength(32);
      }),
      { numRuns: 100 },
    );
  });
});

function mutonPart(account: object): Partial<GenesisJsonInput> {
  return { allocation: mutonAllocation({ sale: [account as never] }) };
}

function mutonTwice(): Partial<GenesisJsonInput> {
  return { allocation: mutonAllocation({ sale: [share(0x12, 100_000_000n * MTN), share(0x11, 40_000_000n * MTN)] }) };
}

function tranche(name: string): object {
  return { name, amount: '0', rule: { kind: 'liquid' }, accounts: [] };
}

function quarters(name: string, count: number, account: object): object {
  return { name, amount: '5', rule: { kind: 'quarterly', quarters: count }, accounts: [account] };
}

function wrongChecksum(): string {
  return `0xAbababababababababababababababababababab`;
}

describe('the genesis hash', () => {
  const hash = hashOf(genesisDocument());
  const allocation = mutonAllocation({ sale: [share(0x12, 140_000_000n * MTN - 1n), share(0x16, 1n)] });

  it('depends on no order of lists, accounts, names or gateways', () => {
    const document = genesisDocument({ allocation });
    const reversed = {
      ...Object.fromEntries(Object.entries(document).reverse()),
      parameters: { 'fee.Transfer': '5', blockIntervalMs: '70' },
      allocation: {
        tranches: Object.fromEntries(
          Object.entries('preset' in allocation && allocation.preset === 'muton' ? allocation.tranches : {})
            .reverse()
            .map(([name, accounts]) => [name, [...accounts].reverse()]),
        ),
        preset: 'muton',
      },
      assets: [art, { ...usd, gateways: [...(usd.gateways as string[])].reverse() }],
      members: [second, { ...first, roles: ['auditor', 'registrar'] }],
      validators: [validatorInput(1), validatorInput(0)],
    };
    expect(hashOf(reversed)).toBe(hashOf(document));
    expect(hashOf(document)).not.toBe(hash);
  });

  it('depends on no case of hex digits, and not on defaults being written out', () => {
    const upper = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
    const bytesUpper = {
      ...genesisDocument(),
      members: [first, { ...second, credentialHash: upper(second.credentialHash) }],
      validators: [0, 1].map((index) => {
        const each = validatorInput(index as 0 | 1);
        return { ...each, publicKey: upper(each.publicKey), possession: upper(each.possession) };
      }),
    };
    expect(hashOf(bytesUpper)).toBe(hash);
    expect(hashOf(genesisShape.parse(genesisDocument()))).toBe(hash);
    const checksummed = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359';
    expect(hashOf(genesisDocument({ audit: checksummed }))).toBe(hashOf(genesisDocument({ audit: checksummed.toLowerCase() })));
  });

  it('is changed by every single field', () => {
    const [one] = [validatorInput(0)];
    const otherChain = [1, 2].map((number) =>
      validatorInput((number - 1) as 0 | 1, { possession: possessionOf(number, 0xd0 + number, 78) }),
    );
    const otherV = `${one.possession.slice(0, -1)}${one.possession.endsWith('1') ? '0' : '1'}`;
    const third = { ...validatorInput(1), publicKey: encodeHex(keyOf(3).publicKey), possession: possessionOf(3, 0xd2) };
    const changes: Partial<GenesisJsonInput>[] = [
      {},
      { chainId: 78, validators: otherChain },
      { validators: otherChain, chainId: 78, networkName: 'x' },
      { networkName: 'Prüfnetz2' },
      { timestampMs: START_SEC * 1000 + 998 },
      { timestampMs: START_SEC * 1000 + 1000 },
      { protocolVersion: 2 },
      { parameters: {} },
      { parameters: { blockIntervalMs: '71', 'fee.Transfer': '5' } },
      { parameters: { blockIntervalMs: '70', 'fee.Transfer': '6' } },
      { parameters: { blockIntervalMs: '70', 'fee.Join': '5' } },
      { allocation },
      { allocation: mutonAllocation({ presale: [share(0x10, 60_000_000n * MTN)] }) },
      customWith({}),
      customWith({}, { rule: { kind: 'linear', lockSec: 5 } }),
      customWith({}, { rule: { kind: 'linear', lockSec: 6 } }),
      customWith({}, { rule: { kind: 'cliff', lockSec: 5 } }),
      customWith({}, { rule: { kind: 'quarterly', quarters: 5 } }),
      customWith({}, { accounts: [share(0x11, 4n), share(0x12, 1n)] }),
      customWith({}, { accounts: [share(0x12, 5n)] }),
      { assets: [] },
      { assets: [usd] },
      asset({ id: 'mEUR' }),
      asset({ name: 'Dollar' }),
      asset({ decimals: 3 }),
      asset({ kind: 'ISSUED' }),
      asset({ gateways: [addressHex(0x61)], threshold: 1 }),
      asset({ gateways: [addressHex(0x62)], threshold: 1 }),
      asset({ threshold: 1 }),
      asset({ minLevel: 0 }),
      asset({ transferMode: 'IMMEDIATE' }),
      { assets: [usd, art, native({ name: 'Mutual' })] },
      { members: [first, second, { address: addressHex(0x63), level: 0 }] },
      { members: [first, second, { address: addressHex(0x64), level: 0 }] },
      { members: [first, second, { address: addressHex(0x63), level: 1 }] },
      member({ levelExpiresAt: 0 }),
      member({ credentialHash: `0x${'ac'.repeat(32)}` }),
      member({ jurisdiction: 'DE' }),
      member({ roles: ['registrar'] }),
      member({ roles: ['arbiter'] }),
      member({ roles: ['auditor'] }),
      member({ roles: ['committee'] }),
      { treasury: addressHex(0x73) },
      { audit: addressHex(0x73) },
      { treasury: addressHex(0x72), audit: addressHex(0x71) },
      { validators: [one] },
      { validators: [one, third] },
      validator({ power: 13 }),
      validator({ operator: addressHex(0xd5), possession: possessionOf(2, 0xd5) }),
      validator({ peerId: 'peer3' }),
      validator({ addresses: '' }),
      { validators: [{ ...one, possession: otherV }, validatorInput(1)] },
    ];
    expect(new Set(changes.map((change) => hashOf(genesisDocument(change)))).size).toBe(changes.length);
  });
});

it('names by how much a supply is too large', () => {
  const supply = 2n ** 128n - 1n;
  const read = () => parseGenesis(genesisDocument(customWith({ supply: String(supply) })));
  const details = { field: 'allocation.supply', max: SUPPLY_MAX, amount: supply, difference: 2n ** 127n };
  expect(read).toThrow(expect.objectContaining({ code: 'PROTOCOL_GENESIS_INVALID', details }));
});
