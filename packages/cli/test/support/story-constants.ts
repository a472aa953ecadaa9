/**
 * What the story of the example wallet ends with. A change here is a change of the ledger's rules, of an encoding or of the story: name
 * the reason in the commit, run `node --conditions=mutual-source packages/cli/scripts/write-pages.ts`, and correct the excerpt in README.md.
 */
export const STORY = {
  genesisHash: '0xe3245ae329730e3bf538945dd35081287246e3d4a4f087640c086ee9ccc72e97',
  stateRoot: '0x9becfb324e3d68a5f19223990863e3905959a8d6a553efc5d4bd267c6526b3a4',
  tip: '0xcd07a8a783218ae48e645bb58e0ddff89c403c5d4cbbf6a9d9737b069c95a0d6',
  blocks: 44,
  transactions: 404,
} as const;
