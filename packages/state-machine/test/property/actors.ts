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

/**
 * Texts in place of an asset id that no asset has. The first two have the bytes of `mUSD` and `MTN` as the lower halves of their UTF-16
 * units, so that a ledger that forgets to look would find the holdings of those.
 */
export const NO_ASSETS = ['\u016d\u0155\u0153\u0144', '\u014d\u0154\u014e', '\u{1f4b6}', 'm\u00dfD', ''] as const;
