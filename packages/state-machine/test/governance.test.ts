import {
  encodeUtf8,
  keyPairOf,
  PEER_ROLES,
  parametersHash,
  possessionDigest,
  type TransactionMessage,
  validatorsHash,
  withParameter,
} from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import {
  accountTable,
  assetTable,
  chainStatusTable,
  feeEscrow,
  holdingTable,
  parametersTable,
  peerTable,
  proposalTable,
  releaseScheduleTable,
  simulateProposal,
  survivesOne,
  validatorHistoryTable,
  validatorSetTable,
} from '../src/index.ts';
import type { ProposalType } from '../src/modules/governance/change.ts';
import { CHANGES } from '../src/modules/governance/changes.ts';
import { accept, enact, OPERATORS, statusOf, vote } from './support/consortium.ts';
import { fund, UNKNOWN_ID } from './support/requests.ts';
import {
  addressOf,
  cryptography,
  type OwnFields,
  privateKeyOf,
  START_SEC,
  TestChain,
  testGenesis,
  validatorJson,
} from './support/test-chain.ts';

/*
 * Goal: every kind of change is refused, accepted, put in force and seen in headers as the rules of governance say.
 * Method: four operators with a quarter of the power each, or powers at the border of two thirds; every height's header is compared.
 */

const ZERO = new Uint8Array(20) as never;
const DEADLINE_SEC = 604_800;
const LOCKED = addressOf('reserve');
/** A joining stake that no chain begins with, as text. */
const STAKE = String(7n * 10n ** 18n);

const genesisWithRelease = () => {
  const genesis = testGenesis();
  if (genesis.allocation.preset !== 'custom') throw new Error('test chains have a custom allocation');
  const { supply, tranches } = genesis.allocation;
  const hexOf = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;
  const locked = (name: string, account: string, rule: (typeof tranches)[number]['rule']) => ({
    name,
    amount: '120',
    rule,
    accounts: [{ address: hexOf(addressOf(account)), amount: '120' }],
  });
  return testGenesis({
    allocation: {
      preset: 'custom',
      supply: String(BigInt(supply) + 480n),
      tranches: [
        ...tranches,
        locked('reserve', 'reserve', { kind: 'quarterly', quarters: 12 }),
        locked('founders', 'founder', { kind: 'linear', lockSec: 1000 }),
        locked('team', 'team', { kind: 'cliff', lockSec: 1000 }),
        locked('bounty', 'bounty', { kind: 'steps', steps: [{ afterSec: 1000, bps: 10_000 }] }),
      ],
    },
  });
};

const possessionOf = (validator: string, operator: string) =>
  cryptography.sign(possessionDigest(cryptography, 7, addressOf(operator)), privateKeyOf(validator)) as Uint8Array;

const validator = (index: number, power: number, change: Partial<TransactionMessage<'ProposeValidator'>> = {}) => ({
  publicKey: keyPairOf(privateKeyOf(`validator${index}`)).publicKey as Uint8Array,
  power,
  operator: addressOf(`operator${index}`),
  peerId: `peer${index}`,
  addresses: '',
  possession: power === 0 ? new Uint8Array(0) : possessionOf(`validator${index}`, `operator${index}`),
  activationHeight: 0,
  ...change,
});

const freeze = (change: Partial<TransactionMessage<'ProposeFreeze'>>) => ({
  account: ZERO,
  asset: '',
  frozen: true,
  deep: false,
  legalHold: false,
  activationHeight: 0,
  ...change,
});

const asset = (change: Partial<TransactionMessage<'ProposeAsset'>> = {}) => ({
  asset: 'mEUR',
  name: 'Euro',
  decimals: 2,
  gateways: [addressOf('gateway')],
  threshold: 1,
  minLevel: 0,
  transferMode: 'IMMEDIATE',
  activationHeight: 0,
  ...change,
});

const powersOf = (chain: TestChain): readonly (readonly [number, bigint])[] => {
  const set = chain.read(validatorSetTable, undefined)?.validators ?? [];
  return Array.from({ length: 8 }, (_, index) => index).flatMap((index) => {
    const { address } = keyPairOf(privateKeyOf(`validator${index}`));
    const found = set.find((each) => each.address.join() === address.join());
    return found === undefined ? [] : [[index, found.power] as const];
  });
};

type Row<Type extends ProposalType> = readonly [
  name: string,
  fields: OwnFields<Type>,
  read: (chain: TestChain) => unknown,
  before: unknown,
  after: unknown,
];

const rows: { readonly [Type in ProposalType]: readonly Row<Type>[] } = {
  ProposeValidator: [
    [
      'adds a validator',
      validator(4, 10),
      powersOf,
      [0, 1, 2, 3].map((index) => [index, 10n]),
      [0, 1, 2, 3, 4].map((index) => [index, 10n]),
    ],
    ['changes a power', validator(1, 12), (chain) => powersOf(chain)[1], [1, 10n], [1, 12n]],
    [
      'changes an operator',
      validator(1, 10, { operator: addressOf('bob'), possession: possessionOf('validator1', 'bob') }),
      (chain) => chain.read(validatorSetTable, undefined)?.validators.some(({ operator }) => operator.join() === addressOf('bob').join()),
      false,
      true,
    ],
  ],
  ProposeValidatorUnguarded: [
    ['removes one of four', validator(3, 0), powersOf, [0, 1, 2, 3].map((index) => [index, 10n]), [0, 1, 2].map((index) => [index, 10n])],
  ],
  ProposePeer: [
    [
      'admits a peer',
      { peerId: 'peerX', role: 'rpc', activationHeight: 0 },
      (chain) => chain.read(peerTable, cryptography.sha256(encodeUtf8('peerX')) as never),
      undefined,
      { role: PEER_ROLES.indexOf('rpc'), sinceHeight: 4 },
    ],
  ],
  ProposeFreeze: [
    ['freezes an account', freeze({ account: addressOf('bob') }), (chain) => chain.read(accountTable, addressOf('bob'))?.freeze, 0, 1],
    ['freezes an asset deeply', freeze({ asset: 'mUSD', deep: true }), (chain) => chain.read(assetTable, 'mUSD')?.freeze, 0, 2],
    [
      'holds one account’s asset',
      freeze({ account: addressOf('bob'), asset: 'mUSD', deep: true, legalHold: true }),
      (chain) => chain.read(holdingTable, { owner: addressOf('bob'), asset: 'mUSD' })?.freeze,
      undefined,
      3,
    ],
  ],
  ProposeAsset: [
    [
      'defines an asset',
      asset(),
      (chain) => chain.read(assetTable, 'mEUR'),
      undefined,
      {
        name: 'Euro',
        decimals: 2,
        kind: 1,
        gateways: [{ address: addressOf('gateway') }],
        threshold: 1,
        minLevel: 0,
        transferMode: 0,
        freeze: 0,
        supply: 0n,
      },
    ],
    [
      'changes an asset',
      asset({
        asset: 'mUSD',
        name: 'Dollar',
        gateways: [addressOf('gateway2'), addressOf('gateway')],
        threshold: 2,
        minLevel: 2,
        transferMode: 'CONFIRMED',
      }),
      (chain) => chain.read(assetTable, 'mUSD'),
      {
        name: 'US dollar',
        decimals: 2,
        kind: 1,
        gateways: [{ address: addressOf('gateway') }],
        threshold: 1,
        minLevel: 0,
        transferMode: 0,
        freeze: 0,
        supply: 0n,
      },
      {
        name: 'Dollar',
        decimals: 2,
        kind: 1,
        gateways: [{ address: addressOf('gateway2') }, { address: addressOf('gateway') }],
        threshold: 2,
        minLevel: 2,
        transferMode: 1,
        freeze: 0,
        supply: 0n,
      },
    ],
    [
      'takes MTN’s gateways and leaves it NATIVE',
      asset({ asset: 'MTN', name: 'Muton', decimals: 18, gateways: [], threshold: 0 }),
      (chain) => [chain.read(assetTable, 'MTN')?.kind, chain.read(assetTable, 'MTN')?.gateways.length, chain.supply('MTN') > 0n],
      [0, 1, true],
      [0, 0, true],
    ],
  ],
  ProposeUpgrade: [
    [
      'raises the version',
      { protocolVersion: 2, activationHeight: 0 },
      (chain) => chain.read(chainStatusTable, undefined)?.protocolVersion,
      1,
      2,
    ],
  ],
  ProposeParameter: [
    [
      'sets a parameter',
      { name: 'joiningStake', value: STAKE, activationHeight: 0 },
      (chain) => chain.read(parametersTable, undefined)?.joiningStake,
      10n ** 18n,
      BigInt(STAKE),
    ],
    [
      'sets the fee of a type',
      { name: 'fee.Transfer', value: '9', activationHeight: 0 },
      (chain) => chain.read(parametersTable, undefined)?.feeOverrides,
      [],
      [{ type: 1, fee: 9n }],
    ],
  ],
  ProposeRole: [
    [
      'grants a role',
      { account: addressOf('bob'), role: 'arbiter', grant: true },
      (chain) => chain.read(accountTable, addressOf('bob'))?.roles,
      0,
      2,
    ],
  ],
  ProposeRelease: [
    [
      'delays a release',
      { account: LOCKED, delaySec: 5, activationHeight: 0 },
      (chain) => chain.read(releaseScheduleTable, LOCKED)?.steps.map(({ atSec }) => atSec - START_SEC)[0],
      7_884_000,
      7_884_005,
    ],
  ],
};

const everyRow = Object.entries(rows).flatMap(([type, each]) =>
  (each as readonly Row<ProposalType>[]).map((row) => [type as ProposalType, ...row] as const),
);

describe('a change', () => {
  test('of every kind is in these tests', () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(CHANGES).sort());
  });

  test.each(everyRow)('%s %s', (type, _name, fields, read, before, after) => {
    const chain = new TestChain(genesisWithRelease());
    const { id, code, records } = chain.run('operator0', type, fields as OwnFields<typeof type>);
    expect([code, records, statusOf(chain, id), read(chain)]).toEqual(['OK', [], 'OPEN', before]);
    expect(vote(chain, id, ['operator1', 'operator2', 'operator3'])).toEqual(['OK', 'OK', 'OK']);
    expect([statusOf(chain, id), read(chain), chain.header.height]).toEqual(['ACCEPTED', before, 2]);
    chain.wait(1);
    expect([statusOf(chain, id), read(chain), chain.read(chainStatusTable, undefined)?.pending]).toEqual(['APPLIED', after, []]);
  });

  test.each(everyRow)('%s %s: proposed by nobody but operators', (type, _name, fields) => {
    const chain = new TestChain(genesisWithRelease());
    expect(chain.run('alice', type, fields as OwnFields<typeof type>).code).toBe('NOT_PERMITTED');
  });

  test('also takes back a role, a peer and a freeze', () => {
    const chain = new TestChain();
    enact(chain, 'ProposePeer', { peerId: 'peerX', role: 'rpc', activationHeight: 0 });
    enact(chain, 'ProposePeer', { peerId: 'peerX', role: 'none', activationHeight: 0 });
    expect(chain.read(peerTable, cryptography.sha256(encodeUtf8('peerX')) as never)).toBeUndefined();
    enact(chain, 'ProposeFreeze', freeze({ account: addressOf('bob'), deep: true }));
    enact(chain, 'ProposeFreeze', freeze({ account: addressOf('bob'), frozen: false, deep: true }));
    expect(chain.read(accountTable, addressOf('bob'))?.freeze).toBe(0);
    enact(chain, 'ProposeRole', { account: addressOf('registrar'), role: 'registrar', grant: false });
    expect(chain.read(accountTable, addressOf('registrar'))?.roles).toBe(0);
  });

  test('a freeze of one holding leaves its figures alone', () => {
    const chain = new TestChain();
    fund(chain, 'bob');
    enact(chain, 'ProposeFreeze', freeze({ account: addressOf('bob'), asset: 'mUSD' }));
    expect(chain.read(holdingTable, { owner: addressOf('bob'), asset: 'mUSD' })).toMatchObject({ amount: 100n, state: 5, freeze: 1 });
  });
});

describe('refused when proposed (ASA-2024-001)', () => {
  const escrow = feeEscrow(cryptography);
  const cases: readonly (readonly [string, ProposalType, object, string])[] = [
    ['an unknown validator removed', 'ProposeValidator', validator(5, 0), 'INVALID_FIELD'],
    ['a validator without possession', 'ProposeValidator', validator(4, 10, { possession: new Uint8Array(65) }), 'INVALID_FIELD'],
    [
      'a validator with possession for another operator',
      'ProposeValidator',
      validator(4, 10, { operator: addressOf('bob') }),
      'INVALID_FIELD',
    ],
    ['a validator with a short key', 'ProposeValidator', validator(4, 10, { publicKey: new Uint8Array(32).fill(2) }), 'INVALID_FIELD'],
    ['a validator without peer id', 'ProposeValidator', validator(4, 10, { peerId: '' }), 'INVALID_FIELD'],
    ['a validator of nobody', 'ProposeValidator', validator(4, 10, { operator: ZERO }), 'INVALID_COUNTERPARTY'],
    ['a validator of an escrow', 'ProposeValidator', validator(4, 10, { operator: escrow }), 'INVALID_COUNTERPARTY'],
    ['the last tolerance of a fault', 'ProposeValidator', validator(3, 0), 'QUORUM_GUARD'],
    ['more than a third of the power at once', 'ProposeValidator', validator(4, 14), 'QUORUM_GUARD'],
    ['an impossible unguarded change', 'ProposeValidatorUnguarded', validator(5, 0), 'INVALID_FIELD'],
    ['an unknown role of a peer', 'ProposePeer', { peerId: 'x', role: 'king', activationHeight: 0 }, 'INVALID_FIELD'],
    ['a peer without id', 'ProposePeer', { peerId: '', role: 'rpc', activationHeight: 0 }, 'INVALID_FIELD'],
    ['a freeze of nothing', 'ProposeFreeze', freeze({}), 'INVALID_FIELD'],
    ['a freeze of an unknown asset', 'ProposeFreeze', freeze({ asset: 'mNONE' }), 'UNKNOWN_ASSET'],
    ['a freeze of an escrow', 'ProposeFreeze', freeze({ account: escrow }), 'INVALID_COUNTERPARTY'],
    ['a freeze of an escrow’s unknown asset', 'ProposeFreeze', freeze({ account: escrow, asset: 'mNONE' }), 'UNKNOWN_ASSET'],
    [
      'other decimals where there is a supply',
      'ProposeAsset',
      asset({ asset: 'MTN', decimals: 17, gateways: [], threshold: 0 }),
      'INVALID_FIELD',
    ],
    ['a malformed asset id', 'ProposeAsset', asset({ asset: 'm' }), 'INVALID_FIELD'],
    ['the same version', 'ProposeUpgrade', { protocolVersion: 1, activationHeight: 0 }, 'INVALID_FIELD'],
    ['an unknown parameter', 'ProposeParameter', { name: 'luck', value: '7', activationHeight: 0 }, 'INVALID_FIELD'],
    [
      'a stake below one MTN',
      'ProposeParameter',
      { name: 'joiningStake', value: String(10n ** 18n - 1n), activationHeight: 0 },
      'INVALID_FIELD',
    ],
    ['a parameter out of range', 'ProposeParameter', { name: 'processingSecMax', value: '59', activationHeight: 0 }, 'INVALID_FIELD'],
    [
      'a parameter against the others',
      'ProposeParameter',
      { name: 'feeShareAuditBps', value: '999', activationHeight: 0 },
      'INVALID_FIELD',
    ],
    ['an unknown role', 'ProposeRole', { account: addressOf('bob'), role: 'king', grant: true }, 'INVALID_FIELD'],
    ['a role of nobody', 'ProposeRole', { account: ZERO, role: 'arbiter', grant: true }, 'INVALID_COUNTERPARTY'],
    ['a role of an escrow', 'ProposeRole', { account: escrow, role: 'arbiter', grant: true }, 'INVALID_COUNTERPARTY'],
    ['a release nobody has', 'ProposeRelease', { account: addressOf('bob'), delaySec: 5, activationHeight: 0 }, 'UNKNOWN_ACCOUNT'],
    ['a release of founders', 'ProposeRelease', { account: addressOf('founder'), delaySec: 5, activationHeight: 0 }, 'INVALID_FIELD'],
    ['a release after a cliff', 'ProposeRelease', { account: addressOf('team'), delaySec: 5, activationHeight: 0 }, 'INVALID_FIELD'],
    ['a release by steps', 'ProposeRelease', { account: addressOf('bounty'), delaySec: 5, activationHeight: 0 }, 'INVALID_FIELD'],
    ['no delay', 'ProposeRelease', { account: LOCKED, delaySec: 0, activationHeight: 0 }, 'INVALID_FIELD'],
    ['a delay above ten years', 'ProposeRelease', { account: LOCKED, delaySec: 315_360_001, activationHeight: 0 }, 'INVALID_FIELD'],
    ['a delay of ten years', 'ProposeRelease', { account: LOCKED, delaySec: 315_360_000, activationHeight: 0 }, 'OK'],
    ['other decimals where there is no supply', 'ProposeAsset', asset({ asset: 'mUSD', decimals: 3 }), 'OK'],
    ['a third of the power at once', 'ProposeValidator', validator(4, 13), 'OK'],
    ['a height a hundred million ahead', 'ProposeUpgrade', { protocolVersion: 2, activationHeight: 100_000_001 }, 'OK'],
    ['a height further ahead', 'ProposeUpgrade', { protocolVersion: 2, activationHeight: 100_000_002 }, 'INVALID_FIELD'],
    [
      'a freeze of an escrow at a height too far ahead',
      'ProposeFreeze',
      freeze({ account: escrow, activationHeight: 100_000_002 }),
      'INVALID_COUNTERPARTY',
    ],
    [
      'the last tolerance of a fault at a height too far ahead',
      'ProposeValidator',
      validator(3, 0, { activationHeight: 100_000_002 }),
      'INVALID_FIELD',
    ],
  ];
  test.each(cases)('%s', (_name, type, fields, code) => {
    const chain = new TestChain(genesisWithRelease());
    const run = chain.run('operator0', type, fields as never);
    expect([run.code, run.records, statusOf(chain, run.id)]).toEqual([code, [], code === 'OK' ? 'OPEN' : undefined]);
  });

  test('an escrow as operator, the last validator, and a full set', () => {
    const one = new TestChain(testGenesis({ validators: [validatorJson(7, 0)] }));
    expect(one.run('operator0', 'ProposeValidatorUnguarded', validator(0, 0)).code).toBe('INVALID_FIELD');
    const full = new TestChain(testGenesis({ validators: Array.from({ length: 100 }, (_, index) => validatorJson(7, index)) }));
    expect(full.run('operator0', 'ProposeValidator', validator(100, 1)).code).toBe('LIMIT_EXCEEDED');
    expect(full.run('operator0', 'ProposeValidator', validator(100, 1, { operator: ZERO })).code).toBe('LIMIT_EXCEEDED');
    expect(full.run('operator0', 'ProposeValidator', validator(99, 11)).code).toBe('OK');
  });
});

describe('refused when applied', () => {
  test('a change that has become impossible is FAILED and changes nothing', () => {
    const chain = new TestChain();
    const first = chain.run('operator0', 'ProposeUpgrade', { protocolVersion: 2, activationHeight: 0 });
    const second = chain.run('operator0', 'ProposeUpgrade', { protocolVersion: 2, activationHeight: 0 });
    vote(chain, first.id, OPERATORS);
    vote(chain, second.id, OPERATORS);
    chain.wait(1);
    expect([statusOf(chain, first.id), statusOf(chain, second.id)]).toEqual(['APPLIED', 'FAILED']);
    expect(chain.read(chainStatusTable, undefined)).toMatchObject({ protocolVersion: 2, pending: [] });
  });

  test('a parameter that no longer fits the others is FAILED, and the chain goes on (ASA-2024-001)', () => {
    const chain = new TestChain();
    // Each fits as things stand; a timeout of votes above the cap does not.
    const proposals = [
      ['timeoutMaxMs', '1000'],
      ['voteTimeoutMs', '2000'],
    ].map(([name = '', value = '']) => chain.run('operator0', 'ProposeParameter', { name, value, activationHeight: 0 }));
    for (const { id } of proposals) vote(chain, id, OPERATORS);
    chain.wait(1);
    expect(proposals.map(({ code, id }) => [code, statusOf(chain, id)])).toEqual([
      ['OK', 'APPLIED'],
      ['OK', 'FAILED'],
    ]);
    expect(chain.read(parametersTable, undefined)).toEqual({ ...chain.genesis.parameters, timeoutMaxMs: 1000 });
    expect(chain.run('alice', 'Transfer', { to: addressOf('bob'), asset: 'MTN', amount: 1n, memo: '' }).code).toBe('OK');
  });

  test('the quorum guard is asked again', () => {
    const chain = new TestChain(testGenesis({ validators: [0, 1, 2, 3, 4].map((index) => validatorJson(7, index)) }));
    const removals = [3, 4].map((index) => chain.run('operator0', 'ProposeValidator', validator(index, 0)));
    expect(removals.map(({ code }) => code)).toEqual(['OK', 'OK']);
    for (const { id } of removals) vote(chain, id, OPERATORS);
    chain.wait(1);
    expect(removals.map(({ id }) => statusOf(chain, id))).toEqual(['APPLIED', 'FAILED']);
    expect(powersOf(chain).map(([index]) => index)).toEqual([0, 1, 2, 4]);
  });

  test('what is accepted counts from its own height on when a change is proposed', () => {
    const chain = new TestChain(testGenesis({ validators: [0, 1, 2, 3, 4].map((index) => validatorJson(7, index)) }));
    accept(chain, 'ProposeValidator', validator(4, 0, { activationHeight: 50 }));
    const codes = [0, 49, 50, 51].map((activationHeight) =>
      [3, 4].map((index) => chain.run('operator0', 'ProposeValidator', validator(index, 0, { activationHeight })).code),
    );
    expect(codes).toEqual([
      ['OK', 'OK'],
      ['OK', 'OK'],
      ['QUORUM_GUARD', 'INVALID_FIELD'],
      ['QUORUM_GUARD', 'INVALID_FIELD'],
    ]);
  });

  test('who joins far ahead does not make good for who leaves before', () => {
    const chain = new TestChain();
    accept(chain, 'ProposeValidator', validator(4, 10, { activationHeight: 1000 }));
    const leave = (activationHeight: number) => chain.run('operator0', 'ProposeValidator', validator(3, 0, { activationHeight })).code;
    expect([leave(0), leave(999), leave(1000), leave(1001)]).toEqual(['QUORUM_GUARD', 'QUORUM_GUARD', 'QUORUM_GUARD', 'OK']);
  });

  test('an asset whose gateway has lost its level', () => {
    const chain = new TestChain();
    const { id } = accept(chain, 'ProposeAsset', asset());
    const demote = { member: addressOf('gateway'), level: 2, levelExpiresAt: 0, credentialHash: UNKNOWN_ID, jurisdiction: '' };
    chain.run('registrar', 'SetMember', demote);
    expect([statusOf(chain, id), chain.read(assetTable, 'mEUR')]).toEqual(['FAILED', undefined]);
  });
});

describe('changes of several validators due at one height', () => {
  /** Proposes each change, then has all of them accepted: what nobody has accepted yet counts for nobody. */
  const enactTogether = (chain: TestChain, changes: readonly (readonly [ProposalType, ReturnType<typeof validator>])[]) => {
    const proposals = changes.map(([type, fields]) => chain.run('operator0', type, fields as OwnFields<typeof type>));
    expect(proposals.map(({ code }) => code)).toEqual(proposals.map(() => 'OK'));
    for (const { id } of proposals) vote(chain, id, OPERATORS);
    while (chain.header.height < 19) chain.wait(1);
    return proposals.map(({ id }) => statusOf(chain, id));
  };
  const at = (index: number, power: number, activationHeight = 20) => validator(index, power, { activationHeight });

  test.each<[string, readonly (readonly [ProposalType, ReturnType<typeof validator>])[], readonly string[], readonly number[]]>([
    [
      'move a third at most, all together',
      [
        ['ProposeValidator', at(4, 6)],
        ['ProposeValidator', at(5, 7)],
        ['ProposeValidator', at(6, 1)],
      ],
      ['APPLIED', 'APPLIED', 'FAILED'],
      [10, 10, 10, 10, 6, 7],
    ],
    [
      'may take back what others do',
      [
        ['ProposeValidator', at(4, 13)],
        ['ProposeValidator', at(5, 1)],
        ['ProposeValidator', at(4, 5)],
        ['ProposeValidator', at(5, 8)],
      ],
      ['APPLIED', 'FAILED', 'APPLIED', 'APPLIED'],
      [10, 10, 10, 10, 5, 8],
    ],
    [
      'count what an override moves',
      [
        ['ProposeValidatorUnguarded', at(4, 10)],
        ['ProposeValidator', at(5, 4)],
        ['ProposeValidator', at(6, 3)],
      ],
      ['APPLIED', 'FAILED', 'APPLIED'],
      [10, 10, 10, 10, 10, 3],
    ],
    [
      'a height apart, each move up to a third of what is in force then',
      [
        ['ProposeValidator', at(4, 13, 18)],
        ['ProposeValidator', at(5, 13, 19)],
        ['ProposeValidator', at(6, 13, 20)],
      ],
      ['APPLIED', 'APPLIED', 'APPLIED'],
      [10, 10, 10, 10, 13, 13, 13],
    ],
  ])('%s', (_name, changes, statuses, powers) => {
    const chain = new TestChain(testGenesis({ validators: [0, 1, 2, 3].map((index) => validatorJson(7, index)) }));
    expect([enactTogether(chain, changes), powersOf(chain).map(([, power]) => Number(power))]).toEqual([statuses, powers]);
  });

  test('are refused when proposed, once what is accepted leaves no room', () => {
    const chain = new TestChain();
    accept(chain, 'ProposeValidator', at(4, 10, 50));
    const propose = (power: number, activationHeight: number) =>
      chain.run('operator0', 'ProposeValidator', at(5, power, activationHeight)).code;
    expect([propose(3, 50), propose(4, 50), propose(4, 49), propose(16, 51), propose(17, 51)]).toEqual([
      'OK',
      'QUORUM_GUARD',
      'OK',
      'OK',
      'QUORUM_GUARD',
    ]);
  });
});

describe('activation', () => {
  test.each([
    ['at the height the proposal names', 9, 9],
    ['two blocks after acceptance, when it names an earlier one', 3, 4],
    ['two blocks after acceptance, when it names none', 0, 4],
    ['at the height it names when that is the earliest', 4, 4],
    ['one later', 5, 5],
  ])('is %s', (_name, activationHeight, expected) => {
    const chain = new TestChain();
    const { id } = chain.run('operator0', 'ProposeParameter', { name: 'joiningStake', value: STAKE, activationHeight });
    vote(chain, id, OPERATORS);
    expect([chain.header.height, chain.read(proposalTable, id)?.activationHeight]).toEqual([2, expected]);
    const old = chain.header.parametersHash;
    while (chain.header.height < expected - 1) {
      expect(chain.header.parametersHash).toEqual(old);
      chain.wait(1);
    }
    expect([chain.header.parametersHash, statusOf(chain, id)]).toEqual([old, 'APPLIED']);
    chain.wait(1);
    const next = withParameter(chain.genesis.parameters, 'joiningStake', STAKE);
    if (next === undefined) throw new Error('the parameter can be set');
    expect(chain.header.parametersHash).toEqual(parametersHash(cryptography, next));
  });

  test('of several changes goes by height, then by acceptance', () => {
    const chain = new TestChain();
    const set = (stakeMtn: string, activationHeight: number) => {
      const value = String(BigInt(stakeMtn) * 10n ** 18n);
      return chain.run('operator0', 'ProposeParameter', { name: 'joiningStake', value, activationHeight });
    };
    const proposals = [set('1', 30), set('2', 20), set('3', 20), set('4', 40)];
    for (const { id } of proposals) vote(chain, id, OPERATORS);
    const order = chain
      .read(chainStatusTable, undefined)
      ?.pending.map(({ activationHeight, proposal }) => [activationHeight, proposals.findIndex(({ id }) => id.join() === proposal.join())]);
    expect(order).toEqual([
      [20, 1],
      [20, 2],
      [30, 0],
      [40, 3],
    ]);
    while (chain.header.height < 19) chain.wait(1);
    expect(chain.read(parametersTable, undefined)?.joiningStake).toBe(3n * 10n ** 18n);
  });

  test('of validators shows in the headers of its height and the one before', () => {
    const chain = new TestChain();
    accept(chain, 'ProposeValidator', validator(4, 10));
    const lengths: number[] = [];
    for (let block = 0; block < 4; block++) {
      const before = chain.read(validatorSetTable, undefined) ?? { validators: [] };
      chain.wait(1);
      const after = chain.read(validatorSetTable, undefined) ?? { validators: [] };
      expect(chain.header.validatorsHash).toEqual(validatorsHash(cryptography, before));
      expect(chain.header.nextValidatorsHash).toEqual(validatorsHash(cryptography, after));
      lengths.push(before.validators.length);
    }
    expect(lengths).toEqual([4, 5, 5, 5]);
    expect(chain.read(chainStatusTable, undefined)?.validatorsSince).toBe(4);
    expect(chain.read(validatorHistoryTable, 4)).toMatchObject({ previousSince: 0 });
    expect(chain.read(validatorHistoryTable, 4)?.set.validators).toHaveLength(5);
  });

  test('of a version shows in the header of its height, and blocks of the old one are no more', () => {
    const chain = new TestChain();
    enact(chain, 'ProposeUpgrade', { protocolVersion: 3, activationHeight: 0 });
    expect(chain.header.protocolVersion).toBe(1);
    chain.wait(1);
    expect(chain.header.protocolVersion).toBe(3);
  });
});

describe('votes', () => {
  const weighted = (powers: readonly number[]): TestChain =>
    new TestChain(testGenesis({ validators: powers.map((power, index) => validatorJson(7, index, power)) }));
  const proposed = (chain: TestChain) =>
    chain.run('operator0', 'ProposeRole', { account: addressOf('bob'), role: 'arbiter', grant: true }).id;

  test.each([
    ['exactly two thirds', [20, 10], ['operator0'], 'OPEN'],
    ['one unit above two thirds', [21, 10], ['operator0'], 'ACCEPTED'],
    ['one unit below two thirds', [19, 10], ['operator0'], 'OPEN'],
    ['three of four', [1, 1, 1, 1], ['operator0', 'operator1', 'operator2'], 'ACCEPTED'],
    ['two of four', [1, 1, 1, 1], ['operator0', 'operator1'], 'OPEN'],
    ['two of three', [1, 1, 1], ['operator0', 'operator1'], 'OPEN'],
    ['all of three', [1, 1, 1], ['operator0', 'operator1', 'operator2'], 'ACCEPTED'],
  ])('%s of the power', (_name, powers, names, status) => {
    const chain = weighted(powers);
    const id = proposed(chain);
    expect([vote(chain, id, names), statusOf(chain, id)]).toEqual([names.map(() => 'OK'), status]);
  });

  test.each([
    ['exactly a third against', [20, 10], ['operator1'], 'REJECTED'],
    ['less than a third against', [21, 10], ['operator1'], 'OPEN'],
    ['one of four against', [1, 1, 1, 1], ['operator1'], 'OPEN'],
    ['two of four against', [1, 1, 1, 1], ['operator1', 'operator2'], 'REJECTED'],
  ])('%s', (_name, powers, names, status) => {
    const chain = weighted(powers);
    const id = proposed(chain);
    expect([vote(chain, id, names, false), statusOf(chain, id)]).toEqual([names.map(() => 'OK'), status]);
  });

  test('count the power of all of an operator’s validators once', () => {
    const own = { ...validatorJson(7, 0, 10) };
    const second = keyPairOf(privateKeyOf('second'));
    const also = {
      ...own,
      publicKey: `0x${Buffer.from(second.publicKey).toString('hex')}`,
      power: 11,
      possession: `0x${Buffer.from(possessionOf('second', 'operator0')).toString('hex')}`,
    };
    const chain = new TestChain(testGenesis({ validators: [own, also, validatorJson(7, 1, 10)] }));
    const id = proposed(chain);
    expect(
      chain
        .read(proposalTable, id)
        ?.ballots.map(({ power }) => power)
        .sort(),
    ).toEqual([10n, 21n]);
    expect([vote(chain, id, ['operator0']), statusOf(chain, id)]).toEqual([['OK'], 'ACCEPTED']);
  });

  test('count by the power of the time of the proposal', () => {
    const chain = new TestChain();
    const id = proposed(chain);
    enact(chain, 'ProposeValidator', validator(4, 10));
    expect(vote(chain, id, ['operator4', 'operator0', 'operator1'])).toEqual(['NOT_PERMITTED', 'OK', 'OK']);
    expect([vote(chain, id, ['operator2']), statusOf(chain, id)]).toEqual([['OK'], 'ACCEPTED']);
  });

  test.each([
    ['by a stranger', 'alice', 'NOT_PERMITTED'],
    ['a second time', 'operator0', 'PROPOSAL_CLOSED'],
  ])('%s', (_name, name, code) => {
    const chain = new TestChain();
    const id = proposed(chain);
    vote(chain, id, ['operator0']);
    expect([vote(chain, id, [name]), vote(chain, id, [name], false)]).toEqual([[code], [code]]);
  });

  test('on an unknown or decided proposal', () => {
    const chain = new TestChain();
    const id = proposed(chain);
    expect([vote(chain, UNKNOWN_ID, ['operator0']), vote(chain, id, OPERATORS)]).toEqual([
      ['UNKNOWN_PROPOSAL'],
      ['OK', 'OK', 'OK', 'PROPOSAL_CLOSED'],
    ]);
    const rejected = proposed(chain);
    vote(chain, rejected, ['operator0', 'operator1'], false);
    expect(vote(chain, rejected, ['operator2'])).toEqual(['PROPOSAL_CLOSED']);
  });

  test('that would accept wait while too many changes wait, others do not', () => {
    const chain = new TestChain();
    const [id, unwanted] = [proposed(chain), proposed(chain)];
    const status = chain.read(chainStatusTable, undefined);
    const pending = Array.from({ length: 256 }, () => ({ activationHeight: 1000, proposal: UNKNOWN_ID }));
    chain.write((state) => {
      if (status !== undefined) state.set(chainStatusTable, undefined, { ...status, pending });
    });
    expect(vote(chain, id, ['operator0', 'operator1', 'operator2', 'operator0'])).toEqual([
      'OK',
      'OK',
      'LIMIT_EXCEEDED',
      'PROPOSAL_CLOSED',
    ]);
    expect([vote(chain, unwanted, ['operator0', 'operator1'], false), statusOf(chain, unwanted)]).toEqual([['OK', 'OK'], 'REJECTED']);
    chain.write((state) => {
      const now = state.get(chainStatusTable, undefined);
      if (now !== undefined) state.set(chainStatusTable, undefined, { ...now, pending: pending.slice(1) });
    });
    expect([vote(chain, id, ['operator2']), statusOf(chain, id)]).toEqual([['OK'], 'ACCEPTED']);
  });
});

describe('the deadline', () => {
  test.each([
    [-1, 'OK', 'ACCEPTED'],
    [0, 'PROPOSAL_CLOSED', 'EXPIRED'],
    [1, 'PROPOSAL_CLOSED', 'EXPIRED'],
  ])('at deadline %i s a vote is %s', (offset, code, status) => {
    const chain = new TestChain();
    const { id } = chain.run('operator0', 'ProposeRole', { account: addressOf('bob'), role: 'arbiter', grant: true });
    expect(chain.read(proposalTable, id)?.deadlineSec).toBe(chain.nowSec + DEADLINE_SEC);
    vote(chain, id, ['operator0', 'operator1']);
    chain.wait(DEADLINE_SEC + offset - 11);
    expect(statusOf(chain, id)).toBe('OPEN');
    const late = chain.transaction('operator2', 'CastVote', { proposal: id as never, approve: true });
    expect([chain.block([late], 10).receipts[0]?.code, statusOf(chain, id)]).toEqual([code, status]);
  });

  test('leaves a decided proposal alone', () => {
    const chain = new TestChain();
    const { id } = accept(chain, 'ProposeRole', { account: addressOf('bob'), role: 'arbiter', grant: true });
    chain.wait(DEADLINE_SEC);
    expect(statusOf(chain, id)).toBe('APPLIED');
  });
});

describe('simulateProposal', () => {
  const simulate = <Type extends ProposalType>(chain: TestChain, type: Type, fields: OwnFields<Type>) => {
    const common = { from: addressOf('operator0'), nonce: 0, validUntil: 0, maxFee: 0n };
    return simulateProposal(chain.state, chain.chain, { type, message: { ...common, ...fields } } as never);
  };

  test('shows the entries that would differ and keeps nothing', () => {
    const chain = new TestChain();
    const root = chain.state.stateRoot;
    const { code, changes, validators } = simulate(chain, 'ProposeParameter', { name: 'joiningStake', value: STAKE, activationHeight: 0 });
    expect([code, validators, chain.state.stateRoot]).toEqual(['OK', undefined, root]);
    const next = withParameter(chain.genesis.parameters, 'joiningStake', STAKE);
    if (next === undefined) throw new Error('the parameter can be set');
    expect(changes).toEqual([{ key: parametersTable.keyOf(undefined), value: parametersTable.codec.encode(next) }]);
  });

  test('shows sets and the tolerance of faults, also of what the guard refuses', () => {
    const chain = new TestChain();
    const { code, changes, validators } = simulate(chain, 'ProposeValidator', validator(3, 0));
    expect([code, changes, validators?.before.validators.length, validators?.after.validators.length]).toEqual(['QUORUM_GUARD', [], 4, 3]);
    expect(validators?.verdict).toEqual({
      survivesOneBefore: true,
      survivesOneAfter: false,
      movedPower: 10n,
      totalBefore: 40n,
      totalAfter: 30n,
      refused: true,
    });
    const unguarded = simulate(chain, 'ProposeValidatorUnguarded', validator(3, 0));
    expect([unguarded.code, unguarded.changes.length, unguarded.validators?.verdict.refused]).toEqual(['OK', 1, true]);
  });

  test.each([
    ['before what is accepted', 49, 4, 5, 10n, 'OK'],
    ['together with what is accepted', 50, 4, 6, 20n, 'QUORUM_GUARD'],
    ['after what is accepted', 51, 5, 6, 10n, 'OK'],
  ])('shows a height %s: all that it moves', (_name, activationHeight, before, after, movedPower, expected) => {
    const chain = new TestChain();
    accept(chain, 'ProposeValidator', validator(4, 10, { activationHeight: 50 }));
    const { code, validators } = simulate(chain, 'ProposeValidator', validator(5, 10, { activationHeight }));
    const shown = [code, validators?.before.validators.length, validators?.after.validators.length, validators?.verdict.movedPower];
    expect(shown).toEqual([expected, before, after, movedPower]);
  });

  test('says why a change is refused', () => {
    const chain = new TestChain();
    expect(simulate(chain, 'ProposeFreeze', freeze({ asset: 'mNONE' }))).toEqual({
      code: 'UNKNOWN_ASSET',
      changes: [],
      validators: undefined,
    });
  });

  test('of what proposes nothing', () => {
    expect(simulate(new TestChain(), 'Join' as never, {} as never)).toEqual({ code: 'INVALID_FIELD', changes: [], validators: undefined });
  });
});

describe('a set that survives the loss of one', () => {
  test.each([
    [[1, 1, 1, 1], true],
    [[1, 1, 1], false],
    [[1], false],
    [[33, 33, 34], false],
    [[2, 1, 1, 1, 1], false],
    [[19, 10, 10, 10, 10], true],
  ])('%j is %s', (powers, survives) => {
    const set = { validators: powers.map((power) => ({ power: BigInt(power) })) };
    expect(survivesOne(set as never)).toBe(survives);
  });

  test('networks that never survived one grow and shrink without override', () => {
    const chain = new TestChain(testGenesis({ validators: [0, 1, 2].map((index) => validatorJson(7, index)) }));
    expect(chain.run('operator0', 'ProposeValidator', validator(2, 0)).code).toBe('OK');
  });
});
