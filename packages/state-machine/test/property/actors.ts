/** Everybody who acts in the property test. */
export const ACTORS = [
  'alice',
  'bob',
  'carol',
  'dave',
  'founder',
  'gateway',
  'gateway2',
  'registrar',
  'arbiter',
  'level1',
  'newcomer',
] as const;

/** Assets that are there from the beginning; `mNEW` may be defined on the way. */
export const ASSETS = ['mUSD', 'mBOND', 'mBTC', 'MTN'] as const;

/** Everybody whose balances are compared: actors, who shares in fees, and the escrows. */
export const OWNERS: readonly string[] = [
  ...ACTORS,
  ...['operator0', 'operator1', 'operator2', 'operator3', 'treasury', 'audit', 'bridge', 'stakes', 'fees'],
];
