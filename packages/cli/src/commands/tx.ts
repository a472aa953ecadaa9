import { formatUnits, NATIVE_ASSET, parseUnits, TRANSACTION_TYPES, type TransactionType } from '@mutual-chain/protocol';
import { type AssetDecimals, type Outcome, type RpcClient, Wallet } from '@mutual-chain/sdk';
import { Command, Option } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { addressNamed, signerNamed } from '../client/accounts.ts';
import { type AssetReference, defaultOf, describeField, fieldsOf, optionName, readFields } from '../client/operation-fields.ts';
import { networkOptions, reachNetwork } from '../client/reached-network.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { keyFolderOf, keyFolderOption } from '../keys/key-folder.ts';
import { passwordSources } from '../keys/password.ts';
import { filledText, once, wholeNumber } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';

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
    .option('--wait', 'until it is in a block, or can be in none any more')
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
  const { rpc, devnet } = reachNetwork(flags);
  const book = { folder: keyFolderOf(flags.keys), devnet };
  const decimals = new Map([[NATIVE_ASSET, MTN_DECIMALS]]);
  const fields = await readFields(type, texts, {
    addressOf: (text) => addressNamed(text, book),
    decimalsOf: (reference) => decimalsOf(rpc, reference, decimals),
    nowMs: Date.now(),
  });
  const { cryptography } = await chooseCryptography();
  const signer = await signerNamed(flags.from, book, passwordSources(flags.passwordFile), cryptography);
  const expected = devnet === undefined ? {} : { expected: { chainId: devnet.chainId, genesisHash: devnet.genesisHash } };
  const known: AssetDecimals = Object.fromEntries(decimals);
  const wallet = await Wallet.connect({
    rpc,
    signer,
    decimals: known,
    ...expected,
    ...(flags.validFor === undefined ? {} : { validForSec: flags.validFor }),
  });
  try {
    const options = flags.feeMax === undefined ? {} : { maxFee: parseUnits(flags.feeMax, MTN_DECIMALS) };
    if (flags.simulate === true) {
      const summary = wallet.summarize(await wallet.draft(type, fields, options));
      const receipt = await wallet.simulate(type, fields, options);
      tell(flags, { summary, receipt }, [summary, `would be ${receipt.ok ? 'done' : `refused: ${receipt.code}`}`]);
      return receipt.ok ? EXIT_CODES.ok : EXIT_CODES.wrong;
    }
    const sent = wallet.send(type, fields, options);
    if (flags.json !== true) console.log(sent.summary);
    if (flags.wait !== true) {
      const admission = await sent.admitted();
      if (admission.admitted) {
        const { id } = admission;
        tell(flags, { summary: sent.summary, status: 'pending', id }, [
          `taken     ${id}`,
          'A node has it durably; mutual query get-transaction says what becomes of it.',
        ]);
        return EXIT_CODES.ok;
      }
      return tellOutcome(flags, sent.summary, admission.outcome);
    }
    return tellOutcome(flags, sent.summary, await sent.settled());
  } finally {
    wallet.close();
  }
}

function tellOutcome(flags: TxFlags, summary: string, outcome: Outcome): number {
  switch (outcome.status) {
    case 'committed': {
      const { id, height, receipt } = outcome;
      const fee = receipt === null ? '' : `, fee ${formatUnits(BigInt(receipt.feePaid), MTN_DECIMALS)} MTN`;
      const done = receipt === null || receipt.ok;
      const verdict = done ? `done      in block ${height}${fee}` : palette.red(`refused   in block ${height}: ${receipt.code}${fee}`);
      tell(flags, { summary, ...outcome }, [verdict, `id        ${id}`]);
      return done ? EXIT_CODES.ok : EXIT_CODES.wrong;
    }
    case 'expired':
      tell(flags, { summary, ...outcome }, [
        palette.red('expired   no block took it in time, and none can any more'),
        `id        ${outcome.id}`,
      ]);
      return EXIT_CODES.wrong;
    case 'rejected':
      tell(flags, { summary, ...outcome }, [palette.red(`refused   ${outcome.code}: ${outcome.message}`), outcome.remedy]);
      return EXIT_CODES.wrong;
  }
}

function tell({ json }: TxFlags, forPrograms: object, lines: readonly string[]): void {
  if (json === true) console.log(jsonText(forPrograms));
  else for (const line of lines) console.log(line);
}

async function decimalsOf(rpc: RpcClient, { kind, id }: AssetReference, known: Map<string, number>): Promise<number> {
  const asset =
    kind === 'asset'
      ? id
      : kind === 'lot'
        ? (await rpc.call('mutual_getLot', { id })).asset
        : (await rpc.call('mutual_getDebt', { id })).asset;
  const there = known.get(asset);
  if (there !== undefined) return there;
  const { decimals } = await rpc.call('mutual_getAsset', { asset });
  known.set(asset, decimals);
  return decimals;
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
