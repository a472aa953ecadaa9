import { ChainError, formatUnits, parseUnits, TRANSACTION_TYPES, type TransactionType } from '@mutual-chain/protocol';
import type { ReceiptJson } from '@mutual-chain/rpc/contract';
import { type Outcome, type SentOperation, Wallet } from '@mutual-chain/sdk';
import { Command, Option } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { addressNamed, signerNamed } from '../client/accounts.ts';
import { AssetDirectory } from '../client/asset-directory.ts';
import { listenForInterruption } from '../client/interruption.ts';
import { assetReference, defaultOf, describeField, fieldsOf, hasUnnamedAsset, optionName, readFields } from '../client/operation-fields.ts';
import { operationSummary } from '../client/operation-summary.ts';
import { networkOptions, reachNetwork } from '../client/reached-network.ts';
import { assertTwoAccounts } from '../client/refused-beforehand.ts';
import { commandWords, resultWords } from '../client/result-words.ts';
import { cliError } from '../errors.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { keyFolderOf, keyFolderOption } from '../keys/key-folder.ts';
import { passwordSources } from '../keys/password.ts';
import { filledText, once, wholeNumber } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';
import { shellWord } from '../text/shell-word.ts';

type TxFlags = {
  readonly from: string;
  readonly url?: string;
  readonly devnet?: string;
  readonly keys?: string;
  readonly passwordFile?: string;
  readonly validFor?: number;
  readonly feeMax?: string;
  readonly wait?: true;
  readonly simulate?: true;
  readonly json?: true;
};

const MTN_DECIMALS = 18;
const VALID_FOR_SEC_MAX = 3600;

/** Examples that are not made from the table, because they say more. */
const EXAMPLES: Partial<Record<TransactionType, string>> = {
  Transfer: 'mutual tx transfer --from alice --to bob --asset mUSD --amount 30.00 --wait',
};

/** `mutual tx`: an operation of the chain, signed here and sent to a node. */
export function txCommand(): Command {
  const command = new Command('tx')
    .description('sign an operation and send it to a node')
    .addHelpText('after', `\nExample:\n  ${EXAMPLES.Transfer}`);
  for (const type of Object.keys(TRANSACTION_TYPES) as TransactionType[]) command.addCommand(operationCommand(type));
  return command;
}

function operationCommand(type: TransactionType): Command {
  const name = optionName(type).slice(1);
  const { summary } = TRANSACTION_TYPES[type];
  const command = new Command(name)
    .description(`sign and send: ${summary.replaceAll(/\{(\w+)\}/g, (_, field: string) => optionName(field).toUpperCase())}`)
    .requiredOption('--from <name>', 'who signs: a key of the folder, or an account of the devnet', once(filledText));
  for (const field of fieldsOf(type)) {
    const option = new Option(`--${optionName(field.name)} <value>`, describeField(type, field)).argParser(once(String));
    command.addOption(option.makeOptionMandatory(defaultOf(type, field) === undefined));
  }
  for (const option of networkOptions()) command.addOption(option);
  return command
    .addOption(keyFolderOption())
    .option(
      '--password-file <file>',
      'file with the password of the key in its first line; else MUTUAL_KEY_PASSWORD, else it is asked for',
      once(filledText),
    )
    .option('--valid-for <seconds>', 'how long a block may take it; ten minutes unless it is said', once(wholeNumber(1, VALID_FOR_SEC_MAX)))
    .option('--fee-max <amount>', 'most MTN that the fee may be; what the chain asks for unless it is said', once(filledText))
    .option('--wait', 'until it is in a block, or can be in none any more; what a node has taken goes on when you stop waiting')
    .option('--simulate', 'only say what it would do in the next block; nothing is signed or sent')
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', `\nExample:\n  ${EXAMPLES[type] ?? exampleOf(type, name)}`)
    .action(async (flags: TxFlags) => {
      const texts = Object.fromEntries(
        fieldsOf(type).map((field) => [field.name, command.getOptionValue(attributeOf(command, field.name)) as string | undefined]),
      );
      process.exitCode = await runOperation(type, texts, flags);
    });
}

async function runOperation(type: TransactionType, texts: Readonly<Record<string, string | undefined>>, flags: TxFlags): Promise<number> {
  const { rpc, knownDevnet } = reachNetwork(flags);
  const book = { folder: keyFolderOf(flags.keys), knownDevnet };
  const assets = new AssetDirectory(rpc);
  const options = flags.feeMax === undefined ? {} : { maxFee: feeFrom(flags.feeMax) };
  const fields = await readFields(type, texts, {
    addressOf: (text, place) => addressNamed(text, book, place),
    decimalsOf: async (reference) => (await assets.unitOf(reference)).decimals,
    nowMs: Date.now(),
  });
  const { cryptography } = await chooseCryptography();
  const signer = await signerNamed(flags.from, book, passwordSources(flags.passwordFile), cryptography);
  assertTwoAccounts(type, fields, signer.address);
  const { devnet } = await knownDevnet();
  const expected = devnet === undefined ? {} : { expected: { chainId: devnet.chainId, genesisHash: devnet.genesisHash } };
  const wallet = await Wallet.connect({
    rpc,
    signer,
    ...expected,
    ...(flags.validFor === undefined ? {} : { validForSec: flags.validFor }),
  });
  const unit = hasUnnamedAsset(type) ? await assets.unitOf(assetReference(type, texts)) : undefined;
  const summary = operationSummary(type, fields, signer.address, assets.decimals, unit);
  try {
    if (flags.simulate === true) return tellSimulation(flags, summary, await wallet.simulate(type, fields, options));
    const interruption = listenForInterruption();
    const sent = wallet.send(type, fields, options);
    try {
      return await followOperation(flags, summary, sent, interruption.signal);
    } catch (error) {
      if (!interruption.signal.aborted) throw error;
      return tellInterruption(flags, summary, sent);
    } finally {
      interruption.stop();
    }
  } finally {
    wallet.close();
  }
}

/** Tells what becomes of an operation, as far as it was asked to be followed. Errors: those of waiting. */
async function followOperation(flags: TxFlags, summary: string, sent: SentOperation, signal: AbortSignal): Promise<number> {
  if (flags.json !== true) console.log(summary);
  const admission = await sent.admitted({ signal });
  if (!admission.admitted) return tellOutcome(flags, summary, admission.outcome);
  const { id, url } = admission;
  const taken = `taken     ${id}${url === undefined ? '' : ` by ${url}`}`;
  if (flags.wait !== true) {
    tell(flags, { summary, status: 'pending', id }, [
      taken,
      'A node has it durably; mutual query get-transaction says what becomes of it.',
    ]);
    return EXIT_CODES.ok;
  }
  // Whoever stops the waiting has to know the id: who sends it again pays twice.
  if (flags.json === true) console.error(taken);
  else console.log(taken);
  return tellOutcome(flags, summary, await sent.settled({ signal }));
}

function tellInterruption(flags: TxFlags, summary: string, { id, transaction }: SentOperation): number {
  if (flags.json === true) console.log(jsonText({ summary, status: 'interrupted', id: id ?? null }));
  if (id === undefined || transaction === undefined) {
    console.error('interrupted: nothing was sent.');
  } else {
    const until = new Date(transaction.message.validUntil * 1000).toISOString();
    console.error(`interrupted: the transaction may still be executed, until ${until}. Ask what became of it before you send another one:`);
    console.error(`  ${['mutual query get-transaction', id, ...networkWords(flags)].join(' ')}`);
  }
  return EXIT_CODES.interrupted;
}

/** The options with which another command reaches the same nodes. */
function networkWords({ url, devnet }: TxFlags): readonly string[] {
  return [...(url === undefined ? [] : ['--url', shellWord(url)]), ...(devnet === undefined ? [] : ['--devnet', shellWord(devnet)])];
}

function tellSimulation(flags: TxFlags, summary: string, receipt: ReceiptJson): number {
  if (receipt.ok) {
    tell(flags, { summary, receipt }, [summary, 'would be done']);
    return EXIT_CODES.ok;
  }
  const { meaning, remedy } = resultWords(receipt.code);
  tell(flags, { summary, receipt, message: meaning, remedy }, [summary, `would be refused: ${receipt.code}: ${meaning}`, remedy]);
  return EXIT_CODES.wrong;
}

function tellOutcome(flags: TxFlags, summary: string, outcome: Outcome): number {
  switch (outcome.status) {
    case 'committed': {
      const { id, height, receipt } = outcome;
      const fee = receipt === null ? '' : `, fee ${formatUnits(BigInt(receipt.feePaid), MTN_DECIMALS)} MTN`;
      if (receipt === null || receipt.ok) {
        tell(flags, { summary, ...outcome }, [`done      in block ${height}${fee}`, `id        ${id}`]);
        return EXIT_CODES.ok;
      }
      const { meaning, remedy } = resultWords(receipt.code);
      tell(flags, { summary, ...outcome, message: meaning, remedy }, [
        palette.red(`refused   in block ${height}${fee}: ${receipt.code}: ${meaning}`),
        remedy,
        `id        ${id}`,
      ]);
      return EXIT_CODES.wrong;
    }
    case 'expired':
      tell(flags, { summary, ...outcome }, [
        palette.red('expired   no block took it in time, and none can any more'),
        `id        ${outcome.id}`,
      ]);
      return EXIT_CODES.wrong;
    case 'rejected':
      tell(flags, { summary, ...outcome }, [palette.red(`refused   ${outcome.code}: ${outcome.message}`), commandWords(outcome.remedy)]);
      return EXIT_CODES.wrong;
  }
}

function tell({ json }: TxFlags, forPrograms: object, lines: readonly string[]): void {
  if (json === true) console.log(jsonText(forPrograms));
  else for (const line of lines) console.log(line);
}

/** Most that the fee may be, MTN base units. Errors: `CLI_FIELD_INVALID`. */
function feeFrom(text: string): bigint {
  try {
    return parseUnits(text, MTN_DECIMALS, '--fee-max');
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    throw cliError('CLI_FIELD_INVALID', `${error.message}.`, error.details, error);
  }
}

/** The name under which commander keeps the option of a field. */
function attributeOf(command: Command, field: string): string {
  return command.options.find(({ long }) => long === `--${optionName(field)}`)?.attributeName() ?? field;
}

function exampleOf(type: TransactionType, name: string): string {
  const values: Readonly<Record<string, string>> = {
    address: 'bob',
    'address[]': 'gateway',
    bool: 'true',
    bytes: '0x…',
    bytes32: '0x…',
    string: '…',
    uint8: '2',
    uint32: '0',
    uint64: '1000',
    uint256: '10',
  };
  const given = fieldsOf(type).filter((field) => defaultOf(type, field) === undefined);
  const words = given.map((field) => `--${optionName(field.name)} ${field.name === 'asset' ? 'mUSD' : values[field.kind]}`);
  return ['mutual tx', name, '--from alice', ...words].join(' ');
}
