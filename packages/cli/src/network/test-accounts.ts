import { deriveFromMnemonic, formatAddress, type Genesis, type KeyPair } from '@mutual-chain/protocol';

/**
 * The mnemonic of every account of a devnet. It is published, here and in the documentation of many Ethereum tools: whoever holds anything of value
 * under it has given it away.
 */
export const TEST_MNEMONIC = 'test test test test test test test test test test test junk';

/** Who an account of a founded network is. */
export type AccountPlan = {
  readonly name: string;
  readonly role: string;
  /** On the path m/44'/60'/0'/0/index. */
  readonly index: number;
};

/** Members of level 2 that trade with each other on a devnet. */
export const TEST_MEMBERS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;

/** Accounts of a devnet besides its operators. An index never changes its owner; those of the example wallet are the same. */
export const TEST_ACCOUNTS: readonly AccountPlan[] = [
  { name: 'registrar', role: 'registrar', index: 0 },
  { name: 'gateway', role: 'gateway', index: 1 },
  { name: 'committee', role: 'committee', index: 2 },
  { name: 'arbiter', role: 'arbiter', index: 3 },
  ...TEST_MEMBERS.map((name, index) => ({ name, role: 'member', index: 4 + index })),
  { name: 'newcomer', role: 'newcomer', index: 11 },
  { name: 'treasury', role: 'treasury', index: 25 },
  { name: 'audit', role: 'audit', index: 26 },
];

/** Indices whose accounts are looked for in a genesis document: those above, and what other tools show of the mnemonic by themselves. */
const WATCHED_INDICES: readonly number[] = [...Array.from({ length: 20 }, (_, index) => index), 25, 26];

/** Index of the operator of the first validator; the others follow. */
export const OPERATOR_INDEX_FIRST = 100;

/** Keys of accounts of the published mnemonic, by index. */
function testKeyPairs(indices: readonly number[]): readonly KeyPair[] {
  const derivation = deriveFromMnemonic(TEST_MNEMONIC);
  return indices.map((index) => derivation.keyPair(index));
}

/** An account of the published mnemonic that a genesis document gives money, a role or a validator; undefined when it has none. */
export function findTestAccount(genesis: Pick<Genesis, 'balances' | 'members' | 'validators' | 'treasury' | 'audit'>): string | undefined {
  const operators = genesis.validators.map((_, index) => OPERATOR_INDEX_FIRST + index);
  const published = new Set(testKeyPairs([...WATCHED_INDICES, ...operators]).map(({ address }) => formatAddress(address)));
  const used = [
    ...genesis.balances.map(({ address }) => address),
    ...genesis.members.map(({ address }) => address),
    ...genesis.validators.map(({ operator }) => operator),
    genesis.treasury,
    genesis.audit,
  ];
  return used.map((address) => formatAddress(address)).find((address) => published.has(address));
}
