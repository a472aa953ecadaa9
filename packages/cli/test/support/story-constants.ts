/**
 * What the story of the example wallet ends with. A change here is a change of the ledger's rules, of an encoding or of the story: name
 * the reason in the commit, run `node --conditions=mutual-source packages/cli/scripts/write-pages.ts`, and correct the excerpt in README.md.
 */
export const STORY = {
  genesisHash: '0x8a735f8529b80e46ebf201977f67eda8ed2dde4cba31f5d0a4ac0f6a2120d52e',
  stateRoot: '0x681c5de8e534fe58fca0db2aa76b07c4fb5b5f891dbec7265b8832c60017855e',
  tip: '0x381fd49855b55c31e100489b5b41ea7073b12d9e4ed47967a4e97d7ff3b65d7f',
  blocks: 44,
  transactions: 404,
} as const;
