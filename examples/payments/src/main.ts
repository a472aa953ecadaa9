// Makes payments on a running network, many at a time, and says what became of each.
//
//   PRIVATE_KEY=0x… node src/main.ts --url http://127.0.0.1:8545 --to 0x… --amount 0.25 --count 100

import { parseArgs } from 'node:util';
import { ChainError, decodeHex, parseAddress, parseUnits } from '@mutual-chain/protocol';
import { mnemonicSigner, privateKeySigner, type Signer, Wallet } from '@mutual-chain/sdk';

const USAGE = `Usage: node src/main.ts --url URL --to ADDRESS [--amount MTN] [--count N] [--genesis HASH]

  --url      URL of a node; may be given several times
  --to       who is paid
  --amount   how much each time, MTN; 1 unless given
  --count    how many times; 1 unless given
  --genesis  genesis hash of the network that is meant; without it that of the node is taken

The key is taken from the environment: PRIVATE_KEY (0x and 64 hex digits) or MNEMONIC (12 or 24 words, first account).

Example: PRIVATE_KEY=0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a \\
  node src/main.ts --url http://127.0.0.1:8545 --to 0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc --amount 0.25 --count 100`;

/** Exit codes: 1 not everything was paid, 2 a call that makes no sense, 3 no node answers. */
function stop(message: string, exitCode: 1 | 2 | 3): never {
  console.error(message);
  process.exit(exitCode);
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', multiple: true },
      to: { type: 'string' },
      amount: { type: 'string', default: '1' },
      count: { type: 'string', default: '1' },
      genesis: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const { url, to, amount, count, genesis } = values;
  if (url === undefined || to === undefined || !/^[1-9][0-9]{0,3}$/.test(count))
    throw new TypeError('--url, --to and a --count from 1 to 9999');
  return { urls: url, to: parseAddress(to), amount: parseUnits(amount, 18), count: Number(count), genesis };
}

function readSigner(): Signer {
  const { PRIVATE_KEY: key, MNEMONIC: words } = process.env;
  if (key !== undefined) return privateKeySigner(decodeHex(key, 'PRIVATE_KEY', 32));
  if (words !== undefined) return mnemonicSigner(words);
  throw new TypeError('PRIVATE_KEY or MNEMONIC has to be set');
}

/** What was asked for, or the usage. */
function read<Value>(reader: () => Value): Value {
  try {
    return reader();
  } catch (error) {
    if (!(error instanceof TypeError) && !(error instanceof ChainError)) throw error;
    return stop(`${error.message}\n\n${USAGE}`, 2);
  }
}

async function connect(urls: readonly string[], signer: Signer, genesisHash: string | undefined): Promise<Wallet> {
  try {
    return await Wallet.connect({ rpc: urls, signer, ...(genesisHash === undefined ? {} : { expected: { genesisHash } }) });
  } catch (error) {
    if (!(error instanceof ChainError)) throw error;
    return stop(`${error.code}: ${error.message}`, 3);
  }
}

const { urls, to, amount, count, genesis } = read(readArguments);
const wallet = await connect(urls, read(readSigner), genesis);
const fields = { to, asset: 'MTN', amount } as const;
const payments = wallet.sendMany(
  Array.from({ length: count }, (_, index) => ({ type: 'Transfer', fields: { ...fields, memo: `payment ${index + 1}` } })),
);
console.log(`${wallet.addressText}: ${count} × ${payments[0]?.summary} on ${wallet.chain.networkName}`);

let paid = 0;
for (const payment of payments) {
  const outcome = await payment.settled();
  const isPaid = outcome.status === 'committed' && outcome.receipt?.ok !== false;
  if (isPaid) paid += 1;
  else
    console.error(
      `${outcome.id ?? 'not signed'} ${outcome.status}: ${outcome.status === 'rejected' ? outcome.message : 'see its receipt'}`,
    );
}
wallet.close();
console.log(`${paid} of ${count} paid`);
process.exitCode = paid === count ? 0 : 1;
