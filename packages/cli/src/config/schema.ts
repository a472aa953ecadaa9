import * as z from 'zod';
import type { NodeConfig } from './node-config.ts';

/** What a key says about itself besides its shape and default. */
export type KeyNotes = {
  readonly description: string;
  /** Unit of a number. */
  readonly unit?: string;
  /** What is allowed where the shape cannot say it. */
  readonly range?: string;
  /** Read relative to the home of the node. */
  readonly isPath?: boolean;
  /** Never shown, and never taken from the command line, where every user of the machine could read it. */
  readonly isSecret?: boolean;
};

const PORT_MAX = 65_535;
const DAY_MS = 86_400_000;
const COUNT_MAX = 1_000_000;
const TEXT_CHARACTERS_MAX = 4096;
const LIST_ITEMS_MAX = 512;

const PORT_RANGE = `0 to ${PORT_MAX}; 0 takes any that is free`;
const HOST_RANGE = 'an address of this machine, or a name of it';
const PEER_RANGE = 'multiaddresses that end with /p2p/ and the peer id; /p2p/ and the peer id alone for one that dials by itself';

const text = z.string().max(TEXT_CHARACTERS_MAX);
const filledText = text.min(1);
const port = z.int().min(0).max(PORT_MAX);
const waitMs = z.int().min(1).max(DAY_MS);
const count = z.int().min(1).max(COUNT_MAX);
const multiaddress = filledText.regex(/^\/[a-z0-9]+\/\S+$/);
const peer = filledText.regex(/^(\/[a-z0-9]+\/\S+)?\/p2p\/[A-Za-z0-9]+$/);

const list = <Item extends z.ZodType<string>>(item: Item): z.ZodArray<Item> => z.array(item).max(LIST_ITEMS_MAX);

// One group for each table of the file. Numbers of `rpc` are those of the server unless a key says otherwise; a test compares them.
const groups = {
  node: z.strictObject({
    genesisFile: filledText.default('genesis.json').meta({
      description: 'Genesis document of the chain.',
      isPath: true,
    }),
    dataDirectory: filledText.default('data').meta({
      description: 'Folder of blocks, state and write-ahead log.',
      isPath: true,
    }),
    cryptography: z.enum(['auto', 'native', 'reference']).default('auto').meta({
      description:
        'Who does cryptography: `auto` takes the fastest that works here, `native` refuses to start without it, `reference` is slow and portable.',
    }),
  }),
  p2p: z.strictObject({
    listen: list(multiaddress)
      .default(['/ip4/0.0.0.0/tcp/26600'])
      .meta({ description: 'Where other nodes reach this one. Empty for a node that only dials.', range: 'multiaddresses' }),
    publicAddresses: list(multiaddress).default([]).meta({
      description: 'Addresses under which others find this node, where they are not those that it listens on.',
      range: 'multiaddresses',
    }),
    keyFile: filledText.default('keys/node.key').meta({
      description: 'Key of the node in the network, from which its peer id follows. It signs no votes.',
      isPath: true,
    }),
    validators: list(peer).default([]).meta({
      description: 'Nodes of validators to link with besides those that the chain names.',
      range: PEER_RANGE,
    }),
    followers: list(peer).default([]).meta({
      description: 'Nodes that validate nothing and may link with this one.',
      range: PEER_RANGE,
    }),
  }),
  validator: z.strictObject({
    keyFile: text.default('').meta({
      description: 'Key that signs votes: a keystore of version 3, or hex. Empty for a node that validates nothing.',
      isPath: true,
    }),
    passwordFile: text.default('').meta({
      description: 'File with the password of the keystore. Empty where the password comes from the environment, or the key is hex.',
      isPath: true,
    }),
    password: text.default('').meta({
      description: 'Password of the keystore; it wins over the file.',
      isSecret: true,
    }),
    stateDirectory: filledText.default('signer').meta({
      description: 'Folder of the file that says what the key signed last. It belongs to the key: who moves one moves both.',
      isPath: true,
    }),
  }),
  rpc: z.strictObject({
    enabled: z.boolean().default(true).meta({ description: 'Whether the node answers JSON-RPC.' }),
    host: filledText.default('127.0.0.1').meta({ description: 'Address on which JSON-RPC listens.', range: HOST_RANGE }),
    port: port.default(8545).meta({ description: 'Port on which JSON-RPC listens.', range: PORT_RANGE }),
    allowedHosts: list(filledText).default(['127.0.0.1', 'localhost', '[::1]']).meta({
      description: 'Names in the Host header that are answered. A node that is reached by a name needs it here.',
      range: 'names without port, in lower case',
    }),
    allowedOrigins: list(filledText)
      .default([])
      .meta({ description: 'Origins of web pages that may ask.', range: 'origins such as https://wallet.example.org' }),
    callsPerSecond: count.default(5000).meta({ description: 'Calls that each client may make in the long run.', unit: 'calls per second' }),
    callsBurst: count.default(10_000).meta({ description: 'Calls that each client may make at once after a pause.', unit: 'calls' }),
    blockAgeMsMax: waitMs.default(30_000).meta({ description: 'Age of the last block above which the node is not ready.', unit: 'ms' }),
    connectionsMax: count.default(1000).meta({ description: 'Connections at the same time.', unit: 'connections' }),
    waitingCallsMax: count.default(500).meta({ description: 'Calls that wait for a transaction at the same time.', unit: 'calls' }),
    requestsPerSocketMax: count.default(1000).meta({ description: 'Requests on one connection before it is closed.', unit: 'requests' }),
    headersBytesMax: z.int().min(1024).max(1_048_576).default(16_384).meta({ description: 'All headers of a request.', unit: 'bytes' }),
    headersTimeoutMs: waitMs.default(10_000).meta({ description: 'Time for a client to send the headers.', unit: 'ms' }),
    requestTimeoutMs: waitMs.default(10_000).meta({ description: 'Time for a client to send a whole request.', unit: 'ms' }),
    handlerTimeoutMs: waitMs.default(10_000).meta({ description: 'Time for the node to answer.', unit: 'ms' }),
    waitTimeoutMs: waitMs.default(9000).meta({
      description: 'Time that the calls of one request may wait together.',
      unit: 'ms',
      range: `1 to ${DAY_MS}, below rpc.handlerTimeoutMs`,
    }),
    connectionTimeoutMs: waitMs.default(30_000).meta({ description: 'Time for which a connection in use may be silent.', unit: 'ms' }),
    keepAliveTimeoutMs: waitMs.default(5000).meta({ description: 'Time for which an idle connection is kept.', unit: 'ms' }),
  }),
  admin: z.strictObject({
    enabled: z.boolean().default(false).meta({ description: 'Whether the node serves metrics and the methods of its operator.' }),
    host: filledText.default('127.0.0.1').meta({ description: 'Address on which the operator is served.', range: HOST_RANGE }),
    port: port.default(9545).meta({ description: 'Port on which the operator is served.', range: PORT_RANGE }),
    allowedHosts: list(filledText)
      .default(['127.0.0.1', 'localhost', '[::1]'])
      .meta({ description: 'Names in the Host header that are answered.', range: 'names without port, in lower case' }),
    tokenFile: text.default('').meta({
      description: 'File with the token that the operator shows. Empty where the token comes from the environment.',
      isPath: true,
    }),
    token: text.default('').meta({
      description: 'Token that the operator shows; it wins over the file.',
      range: 'at least 32 characters',
      isSecret: true,
    }),
  }),
  log: z.strictObject({
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info').meta({
      description: 'Least important message that is logged.',
    }),
    format: z.enum(['json', 'text']).default('json').meta({
      description: 'How messages are written: one JSON object a line, or a sentence.',
    }),
  }),
};

/** The name of a table of the configuration file. */
export type ConfigGroup = keyof NodeConfig;

/** The shape of every key by group and name, with its notes; the order of both is that of the reference. */
export const CONFIG_SHAPES: Readonly<Record<ConfigGroup, Readonly<Record<string, z.ZodType>>>> = {
  node: groups.node.shape,
  p2p: groups.p2p.shape,
  validator: groups.validator.shape,
  rpc: groups.rpc.shape,
  admin: groups.admin.shape,
  log: groups.log.shape,
};

/** What each group is about. */
export const CONFIG_GROUP_TITLES: Readonly<Record<ConfigGroup, string>> = {
  node: 'The chain, and where it is kept',
  p2p: 'Links to other nodes',
  validator: 'The key that signs votes',
  rpc: 'JSON-RPC',
  admin: 'Metrics and the operator',
  log: 'Messages',
};

/** The whole configuration: what is missing has its default, what is unknown is refused. Paths are as they were written. */
export const configSchema: z.ZodType<NodeConfig> = z.strictObject({
  node: groups.node.prefault({}),
  p2p: groups.p2p.prefault({}),
  validator: groups.validator.prefault({}),
  rpc: groups.rpc.prefault({}),
  admin: groups.admin.prefault({}),
  log: groups.log.prefault({}),
});
