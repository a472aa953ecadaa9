import { encodeHex } from '../../src/bytes/hex.ts';
import { referenceCryptography as cryptography } from '../../src/cryptography/reference.ts';
import { encodeGenesis, genesisHashOf, genesisValidatorSet, parseGenesis } from '../../src/genesis/genesis.ts';
import { type GenesisJson, genesisShape } from '../../src/genesis/genesis-json.ts';
import { QUARTER_SEC, vestedAmount, YEAR_SEC } from '../../src/genesis/release-schedule.ts';
import { validatorsHash } from '../../src/validator/validator-set.ts';
import { genesisDocument, MTN, START_SEC, share } from './genesis-document.ts';

/** A document, its bytes and identity, and what of each account is free at some times. All byte strings are 0x hex. */
export type GenesisVector = {
  readonly name: string;
  readonly document: GenesisJson;
  readonly bytes: string;
  readonly genesisHash: string;
  readonly validatorsHash: string;
  readonly free: readonly { readonly nowSec: number; readonly amounts: readonly string[] }[];
};

/** The file of vectors. */
export type GenesisVectorFile = { readonly about: string; readonly genesis: readonly GenesisVector[] };

const DOCUMENTS = {
  muton: genesisDocument(),
  trst: genesisDocument({
    allocation: {
      preset: 'trst',
      tranches: {
        sale: [share(0x11, 80_000_000n * MTN)],
        team: [share(0x12, 4_000_000n * MTN), share(0x13, 6_000_000n * MTN)],
        bounty: [share(0x14, 10_000_000n * MTN)],
      },
    },
  }),
  custom: genesisDocument({
    allocation: {
      preset: 'custom',
      supply: '1000',
      tranches: [
        { name: 'free', amount: '100', rule: { kind: 'liquid' }, accounts: [share(0x11, 100n)] },
        { name: 'slow', amount: '200', rule: { kind: 'linear', lockSec: YEAR_SEC }, accounts: [share(0x12, 200n)] },
        {
          name: 'quarters',
          amount: '700',
          rule: { kind: 'quarterly', quarters: 3 },
          accounts: [share(0x15, 100n), share(0x14, 100n), share(0x13, 500n)],
        },
      ],
    },
    assets: [],
    members: [],
    parameters: {},
  }),
} as const;

function vectorOf(name: string, document: GenesisJson): GenesisVector {
  const genesis = parseGenesis(document);
  const times = [
    START_SEC,
    ...[1, 2, 3].map((count) => START_SEC + count * QUARTER_SEC),
    START_SEC + 2 * YEAR_SEC,
    START_SEC + 3 * YEAR_SEC,
  ];
  return {
    name,
    document,
    bytes: encodeHex(encodeGenesis(genesis)),
    genesisHash: encodeHex(genesisHashOf(cryptography, genesis)),
    validatorsHash: encodeHex(validatorsHash(cryptography, genesisValidatorSet(genesis))),
    free: times.map((nowSec) => ({
      nowSec,
      amounts: genesis.balances.map(({ amount, schedule }) => String(schedule === undefined ? amount : vestedAmount(schedule, nowSec))),
    })),
  };
}

/** Computes the file of vectors: a document of each preset and one with tranches of its own. */
export function computeGenesisVectors(): GenesisVectorFile {
  return {
    about:
      'Genesis documents. Made by `pnpm --filter @mutual-chain/protocol vectors:genesis`; the keys are public and must validate nothing.',
    genesis: Object.entries(DOCUMENTS).map(([name, document]) => vectorOf(name, genesisShape.parse(document))),
  };
}
