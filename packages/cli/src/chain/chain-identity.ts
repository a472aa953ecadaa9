import { type Cryptography, createTypedData, type Genesis, genesisHashOf, parseGenesis, type TypedData } from '@mutual-chain/protocol';
import type { ChainContext } from '@mutual-chain/state-machine';
import { cliError } from '../errors.ts';
import { readText } from '../read-text.ts';

/** A chain as its genesis document makes it: everything that is needed to check its signatures and execute its blocks. */
export type ChainIdentity = { readonly genesis: Genesis; readonly context: ChainContext; readonly typedData: TypedData };

/** Reads a genesis document. Errors: `CLI_FILE_MISSING`, `CLI_GENESIS_INVALID`, `PROTOCOL_GENESIS_INVALID`, `PROTOCOL_GENESIS_SUM_WRONG`. */
export function readChainIdentity(path: string, cryptography: Cryptography): ChainIdentity {
  let document: unknown;
  try {
    document = JSON.parse(readText(path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw cliError('CLI_GENESIS_INVALID', `${path} is no JSON: ${error.message}. Name the genesis document of the chain.`, { path }, error);
  }
  const genesis = parseGenesis(document, cryptography);
  const { chainId } = genesis;
  const genesisHash = genesisHashOf(cryptography, genesis);
  return {
    genesis,
    context: { cryptography, chainId, genesisHash },
    typedData: createTypedData(cryptography, { chainId, genesisHash }),
  };
}
