/**
 * What the story of the example wallet ends with. A change here is a change of the ledger's rules, of an encoding or of the story: name
 * the reason in the commit, run `node --conditions=mutual-source packages/cli/scripts/write-pages.ts`, and correct the excerpt in README.md.
 */
export const STORY = {
  genesisHash: '0xeefa49de4058e18c484b5ca605c75e17f446d2bd791a25234a980bd99a785694',
  stateRoot: '0xf30caa18f35996c2f8232794db58a3e655e3b2343437b1b0d5431a75d552cde3',
  tip: '0x5e26cea76c721ea4c3ff1c917d941b2283a4c365e0a44e2abfd2007a1a692ce7',
  blocks: 44,
  transactions: 404,
} as const;
