import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { readChainIdentity } from '../chain/chain-identity.ts';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { DECODED_KINDS, type DecodedKind, decodeBytes } from '../decode/decode-bytes.ts';
import { bytesFromHex, bytesInFile } from '../decode/read-hex.ts';
import { cliError } from '../errors.ts';
import { filledText, once } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';

type DecodeFlags = { readonly file?: string; readonly kind?: DecodedKind; readonly genesis?: string; readonly json?: true };

/** `mutual decode`: bytes of the chain as JSON. */
export function decodeCommand(): Command {
  return new Command('decode')
    .description('print a transaction, block, header or certificate as JSON, from its canonical bytes')
    .argument('[hex]', 'the bytes in hex')
    .addOption(new Option('--file <file>', 'file with the bytes, in hex or as they are, instead').argParser(once(filledText)))
    .addOption(new Option('--kind <kind>', 'what the bytes are; found out unless it is said').choices(DECODED_KINDS))
    .addOption(
      new Option('--genesis <file>', 'genesis document of the chain for which signatures of transactions are checked').argParser(
        once(filledText),
      ),
    )
    .option('--json', 'on one line')
    .addHelpText('after', '\nExample:\n  mutual decode --file transaction.hex --genesis genesis.json')
    .action(async (hex: string | undefined, { file, kind, genesis, json }: DecodeFlags) => {
      const bytes = givenBytes(hex, file);
      const { cryptography } = await chooseCryptography();
      const typedData = genesis === undefined ? undefined : readChainIdentity(resolve(genesis), cryptography).typedData;
      const decoded = decodeBytes(bytes, { cryptography, kind, typedData });
      const text = jsonText(decoded);
      console.log(json === true ? text : JSON.stringify(JSON.parse(text), undefined, 2));
    });
}

function givenBytes(hex: string | undefined, file: string | undefined): Uint8Array {
  if (hex !== undefined && file !== undefined) {
    throw cliError('CLI_CHOICE_CONFLICT', 'Bytes stand in the call and in --file. Give one of the two.');
  }
  if (hex !== undefined) return bytesFromHex(hex, 'The call');
  if (file !== undefined) return bytesInFile(resolve(file));
  throw cliError('CLI_CHOICE_MISSING', 'Nothing to decode. Give the bytes in hex, or a file with --file.');
}
