import { join, resolve } from 'node:path';
import { encodeHex } from '@mutual-chain/protocol';
import { Command, InvalidArgumentError, Option } from 'commander';
import { chooseCryptography } from '../chain/choose-cryptography.ts';
import { isLoopbackHost } from '../config/conflicts.ts';
import { cliError } from '../errors.ts';
import type { Network } from '../network/create-network.ts';
import type { NetworkPreset } from '../network/founding-document.ts';
import { FIRST_PORTS, type FirstPorts, placesOn } from '../network/node-places.ts';
import { filledText, folderName, once, wholeNumber } from '../option-values.ts';
import { jsonText } from '../text/json-text.ts';
import { palette } from '../text/palette.ts';
import { shortPath } from '../text/short-path.ts';

type InitFlags = {
  readonly validators?: number;
  readonly out: string;
  readonly preset: NetworkPreset;
  readonly chainId?: number;
  readonly networkName?: string;
  readonly hosts?: readonly string[];
  readonly insecurePlainKeys?: true;
  readonly json?: true;
} & FirstPorts;

const VALIDATORS_MAX = 100;
const PORT_MAX = 65_535;
const VALIDATORS_DEFAULT = 4;

/** Chain id of a devnet when nothing else is said. */
const DEVNET_CHAIN_ID = 7357;

/** `mutual init`: writes the folders of a new network. */
export function initCommand(): Command {
  return new Command('init')
    .description('write the folders of a new network: genesis document, keys and configurations of its validators')
    .requiredOption('--out <dir>', 'folder of the network, which must not exist or be empty', once(folderName))
    .option(
      '--validators <n>',
      `number of validators, 1 to ${VALIDATORS_MAX}; ${VALIDATORS_DEFAULT}, or one for each host, unless it is said`,
      once(wholeNumber(1, VALIDATORS_MAX)),
    )
    .addOption(
      new Option(
        '--preset <name>',
        'devnet: published test accounts, on this machine alone; muton, trst: that allocation of MTN, accounts of a fresh mnemonic',
      )
        .choices(['devnet', 'muton', 'trst'])
        .default('muton'),
    )
    .option(
      '--chain-id <n>',
      `number that signatures of this chain carry; ${DEVNET_CHAIN_ID} for a devnet, to be chosen for others`,
      once(wholeNumber(1)),
    )
    .option('--network-name <text>', 'name of the network, 1 to 64 bytes; the preset unless it is said', once(filledText))
    .option('--hosts <list>', 'IP addresses or names of the validators, with commas; 127.0.0.1 for all unless it is said', once(hostList))
    .option(
      '--p2p-port <port>',
      'port of the first validator on a host for other nodes',
      once(wholeNumber(1, PORT_MAX)),
      FIRST_PORTS.p2pPort,
    )
    .option('--rpc-port <port>', 'port of the first validator on a host for JSON-RPC', once(wholeNumber(1, PORT_MAX)), FIRST_PORTS.rpcPort)
    .option(
      '--admin-port <port>',
      'port of the first validator on a host for its operator',
      once(wholeNumber(1, PORT_MAX)),
      FIRST_PORTS.adminPort,
    )
    .option('--insecure-plain-keys', 'do not encrypt the keys of validators: for networks without value')
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText(
      'after',
      '\nExample:\n  mutual init --validators 4 --out consortium --chain-id 42001 --hosts a.example.org,b.example.org,c.example.org,d.example.org',
    )
    .action(async (flags: InitFlags) => {
      const directory = resolve(flags.out);
      const network = await found(flags, directory);
      if (flags.json === true) console.log(jsonText(summaryOf(network, directory)));
      else for (const line of describe(network, flags.preset, directory)) console.log(line);
    });
}

async function found(flags: InitFlags, directory: string): Promise<Network> {
  const { preset, p2pPort, rpcPort, adminPort } = flags;
  const hosts = hostsOf(flags);
  const chainId = flags.chainId ?? (preset === 'devnet' ? DEVNET_CHAIN_ID : undefined);
  if (chainId === undefined) {
    throw cliError(
      'CLI_CHOICE_MISSING',
      'A network of value needs a chain id of its own, so that nothing signed for it counts elsewhere. Choose one with --chain-id.',
    );
  }
  // Loaded here, so that commands that never found a network load nothing of it.
  const [{ createNetwork }, { writeNetwork }, { cryptography }] = await Promise.all([
    import('../network/create-network.ts'),
    import('../network/write-network.ts'),
    chooseCryptography(),
  ]);
  const network = createNetwork({
    preset,
    chainId,
    networkName: flags.networkName ?? preset,
    timestampMs: Date.now(),
    places: placesOn(hosts, { p2pPort, rpcPort, adminPort }),
    cryptography,
  });
  const progress = (name: string): void => {
    if (flags.json !== true) console.error(palette.dim(`writing ${name}`));
  };
  writeNetwork(network, { directory, encrypt: flags.insecurePlainKeys !== true, cryptography, progress });
  return network;
}

function hostsOf({ validators, hosts, preset }: InitFlags): readonly string[] {
  const named = hosts ?? Array.from({ length: validators ?? VALIDATORS_DEFAULT }, () => '127.0.0.1');
  if (validators !== undefined && named.length !== validators) {
    throw cliError(
      'CLI_CHOICE_CONFLICT',
      `--hosts names ${named.length}, --validators asks for ${validators}. Name one host for each validator; one may be named several times.`,
    );
  }
  if (named.length > VALIDATORS_MAX)
    throw cliError('CLI_CHOICE_CONFLICT', `--hosts names ${named.length}: a network has at most ${VALIDATORS_MAX} validators.`);
  const outside = preset === 'devnet' ? named.find((host) => !isLoopbackHost(host)) : undefined;
  if (outside === undefined) return named;
  throw cliError(
    'CLI_CHOICE_CONFLICT',
    `A devnet uses published keys and stays on this machine, ${outside} is another. Choose --preset muton or trst for a network of several machines.`,
  );
}

function summaryOf({ genesis, genesisHash, validators, accounts }: Network, directory: string): unknown {
  return {
    directory,
    chainId: genesis.chainId,
    networkName: genesis.networkName,
    genesisHash: encodeHex(genesisHash),
    accounts: accounts.map(({ name, role, keyPair }) => ({ name, role, address: keyPair.address })),
    validators: validators.map(({ name, keyPair, operator, peerId, address, place }) => ({
      home: join(directory, name),
      address: keyPair.address,
      operator: operator.keyPair.address,
      peerId,
      p2pAddress: address,
      rpcPort: place.rpcPort,
      adminPort: place.adminPort,
    })),
  };
}

function describe({ genesis, genesisHash, validators }: Network, preset: NetworkPreset, directory: string): readonly string[] {
  const path = shortPath(directory);
  const mnemonic =
    preset === 'devnet'
      ? 'accounts  those of the published test mnemonic: worth nothing, and the nodes refuse to listen beyond this machine'
      : `accounts  all follow from ${join(path, 'mnemonic.txt')}: take that file off this machine, and keep a copy on paper`;
  return [
    `network   ${genesis.networkName}, chain id ${genesis.chainId}, genesis ${encodeHex(genesisHash)}`,
    mnemonic,
    `addresses ${join(path, 'accounts.json')}`,
    '',
    ...validators.map(({ name, address, place }) => `${name}  ${join(path, name)}  ${address}, JSON-RPC on port ${place.rpcPort}`),
    '',
    'Each folder goes to the machine of its validator, whole, and to no other: a key that runs twice signs twice.',
    `Next: mutual doctor --home ${join(path, validators[0]?.name ?? '')}, then mutual start --home with the same folder.`,
  ];
}

function hostList(text: string): readonly string[] {
  const hosts = text.split(',').map((host) => host.trim());
  const wrong = hosts.find((host) => !/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+)$/i.test(host));
  if (wrong !== undefined) throw new InvalidArgumentError(`${JSON.stringify(wrong)} is no IP address and no name of a host.`);
  return hosts;
}
