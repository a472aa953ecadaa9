// Goal: a new network is whole and consistent, its secrets are its owner's alone, and one with published keys stays on its machine.
// Method: found networks in memory and on disk, read everything back the way a node does and compare; run `mutual init` as a process.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileSystem, readLastSign } from '@mutual-chain/node';
import { peerIdOf } from '@mutual-chain/node/p2p';
import {
  encodeHex,
  formatAddress,
  genesisHashOf,
  keyPairOf,
  parseGenesis,
  privateKeyFrom,
  ROLES,
  referenceCryptography,
} from '@mutual-chain/protocol';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/config/load-config.ts';
import { loadNodeKeys } from '../src/keys/node-keys.ts';
import { configuredPeers } from '../src/network/configured-peers.ts';
import { createNetwork, type Network, type NetworkOptions } from '../src/network/create-network.ts';
import { writeDevnetFile } from '../src/network/devnet-file.ts';
import { addressOf } from '../src/network/founding-document.ts';
import { assertLoopbackOnly } from '../src/network/loopback-only.ts';
import { listenAddressOf, multiaddressOf, placesOn } from '../src/network/node-places.ts';
import { TEST_MNEMONIC } from '../src/network/test-accounts.ts';
import { writeNetwork } from '../src/network/write-network.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const cryptography = referenceCryptography;
const MTN = 10n ** 18n;
const CHEAP = { n: 2, r: 8, p: 1 };

function create(options: Partial<NetworkOptions> = {}): Network {
  const places = placesOn(['127.0.0.1', '127.0.0.1']);
  return createNetwork({ preset: 'devnet', chainId: 7357, networkName: 'test', timestampMs: 1_000, places, cryptography, ...options });
}

/** Bytes that are the same on every call but differ from one to the next. */
function counted(): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => {
    calls += 1;
    return new Uint8Array(length).fill(calls);
  };
}

/** Every file below a folder with its permission bits. */
function filesIn(path: string): Record<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(path, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, (statSync(join(path, name)).mode & 0o777).toString(8)]));
}

describe('a devnet', () => {
  const network = create();
  const { genesis, accounts } = network;

  test('has the accounts of the interface, under the published mnemonic', () => {
    expect(accounts.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'registrar registrar',
      'gateway gateway',
      'committee committee',
      'arbiter arbiter',
      'alice member',
      'bob member',
      'carol member',
      'dave member',
      'erin member',
      'frank member',
      'newcomer newcomer',
      'treasury treasury',
      'audit audit',
      'operator1 operator',
      'operator2 operator',
    ]);
    // What every tool derives from this mnemonic at its first index.
    expect(addressOf(accounts, 'registrar')).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266');
    expect(network.mnemonic).toBe(TEST_MNEMONIC);
  });

  test('gives everybody but the newcomer a million MTN, and the rest to the treasury', () => {
    const nameOf = new Map(accounts.map(({ name, keyPair }) => [formatAddress(keyPair.address), name]));
    const held = Object.fromEntries(genesis.balances.map(({ address, amount }) => [nameOf.get(formatAddress(address)), amount]));
    const funded = accounts.filter(({ role }) => !['newcomer', 'treasury', 'audit'].includes(role)).map(({ name }) => name);
    const millions = Object.fromEntries(funded.map((name) => [name, 1_000_000n * MTN]));
    expect(held).toEqual({ ...millions, treasury: genesis.supply - BigInt(funded.length) * 1_000_000n * MTN });
    expect(genesis.balances.every(({ schedule }) => schedule === undefined)).toBe(true);
  });

  test('has levels, roles, assets and operators', () => {
    const nameOf = new Map(accounts.map(({ name, keyPair }) => [formatAddress(keyPair.address), name]));
    const members = genesis.members.map(({ address, level, roles }) => [nameOf.get(formatAddress(address)), level, roles]);
    expect(Object.fromEntries(members.map(([name, ...rest]) => [name, rest]))).toEqual({
      registrar: [2, ROLES.registrar],
      committee: [2, ROLES.committee],
      arbiter: [2, ROLES.arbiter],
      gateway: [3, 0],
      alice: [2, 0],
      bob: [2, 0],
      carol: [2, 0],
      dave: [2, 0],
      erin: [2, 0],
      frank: [2, 0],
    });
    const assets = genesis.assets.map(({ id, decimals, kind, transferMode, gateways, threshold }) => {
      return [id, decimals, kind, transferMode, gateways.map((address) => nameOf.get(formatAddress(address))), threshold];
    });
    expect(assets).toEqual([
      ['MTN', 18, 'NATIVE', 'IMMEDIATE', [], 0],
      ['mBOND', 2, 'GATEWAY', 'CONFIRMED', ['gateway'], 1],
      ['mUSD', 2, 'GATEWAY', 'IMMEDIATE', ['gateway'], 1],
    ]);
    expect(genesis.validators.map(({ operator }) => nameOf.get(formatAddress(operator))).sort()).toEqual(['operator1', 'operator2']);
  });

  test('is the same for the same randomness, and has the same accounts for any other', () => {
    const [first, second] = [create({ random: counted() }), create({ random: counted() })];
    expect(first).toEqual(second);
    expect(encodeHex(first.genesisHash)).not.toBe(encodeHex(network.genesisHash));
    expect(first.accounts).toEqual(network.accounts);
  });

  test('takes parameters of the chain, and refuses those that there are not', () => {
    expect(create({ parameters: { emptyBlockIntervalMs: '2000' } }).genesis.parameters.emptyBlockIntervalMs).toBe(2000);
    expect(() => create({ parameters: { nonsense: '1' } })).toThrow(expect.objectContaining({ code: 'PROTOCOL_PARAMETER_INVALID' }));
  });

  test('tells programs about itself in a file', () => {
    const path = writeDevnetFile(join(folder, 'devnet'), network, ['http://127.0.0.1:8545', 'http://127.0.0.1:8546']);
    expect(path).toBe(join(folder, 'devnet', 'devnet.json'));
    const file = JSON.parse(readFileSync(path, 'utf8'));
    expect(file).toEqual({
      rpcUrl: 'http://127.0.0.1:8545',
      rpcUrls: ['http://127.0.0.1:8545', 'http://127.0.0.1:8546'],
      wsUrl: 'ws://127.0.0.1:8545/ws',
      chainId: 7357,
      genesisHash: encodeHex(network.genesisHash),
      accounts: accounts.map(({ name, role, keyPair }) => ({
        name,
        role,
        address: formatAddress(keyPair.address),
        privateKey: encodeHex(keyPair.privateKey),
      })),
    });
    for (const { address, privateKey } of file.accounts) {
      const bytes = Uint8Array.from(Buffer.from(privateKey.slice(2), 'hex'));
      expect(formatAddress(keyPairOf(privateKeyFrom(bytes)).address)).toBe(address);
    }
  });
});

describe.each(['muton', 'trst'] as const)('a network of preset %s', (preset) => {
  const network = create({ preset });

  test('has accounts of a fresh mnemonic of 24 words, and the whole supply', () => {
    expect(network.mnemonic.split(' ')).toHaveLength(24);
    expect(network.mnemonic).not.toBe(create({ preset }).mnemonic);
    expect(network.genesis.balances.reduce((sum, { amount }) => sum + amount, 0n)).toBe(network.genesis.supply);
    expect(network.genesis.assets.map(({ id }) => id)).toEqual(['MTN']);
  });

  test('gives fees to who has work to do', () => {
    const held = new Map(network.genesis.balances.map(({ address, amount }) => [formatAddress(address), amount]));
    const working = network.accounts.filter(({ role }) => ['registrar', 'committee', 'arbiter', 'operator'].includes(role));
    expect(working.map(({ name }) => held.get(addressOf(network.accounts, name)))).toEqual(working.map(() => 1000n * MTN));
    expect(working).toHaveLength(5);
  });
});

describe.each([[true], [false]])('on disk, with keys encrypted: %s', (encrypt) => {
  const directory = join(folder, `network-${encrypt}`);
  const network = create({ preset: 'muton', places: placesOn(['a.example.org', '10.0.0.2']) });
  writeNetwork(network, { directory, encrypt, cryptography, cost: CHEAP });

  test('secrets belong to their owner alone', () => {
    const key = encrypt ? { 'keys/validator.json': '600', 'keys/validator.password': '600' } : { 'keys/validator.key': '600' };
    const home = {
      'config.toml': '600',
      'genesis.json': '644',
      'keys/admin.token': '600',
      'keys/node.key': '600',
      'signer/last-sign': '600',
    };
    const homes = ['validator-1', 'validator-2'].flatMap((name) =>
      Object.entries({ ...home, ...key }).map(([file, mode]) => [`${name}/${file}`, mode]),
    );
    expect(filesIn(directory)).toEqual({
      'accounts.json': '644',
      'genesis.json': '644',
      'mnemonic.txt': '600',
      ...Object.fromEntries(homes),
    });
  });

  test('a node reads everything back', () => {
    for (const validator of network.validators) {
      const { config } = loadConfig({ home: join(directory, validator.name), environment: {} });
      const keys = loadNodeKeys(config, cryptography);
      expect(keys).toEqual({
        nodeKey: validator.nodeKey,
        validator: validator.keyPair,
        adminToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(peerIdOf(keys.nodeKey)).toBe(validator.peerId);
      const genesis = parseGenesis(JSON.parse(readFileSync(config.node.genesisFile, 'utf8')));
      expect(genesis).toEqual(network.genesis);
      const entry = genesis.validators.find(({ address }) => formatAddress(address) === formatAddress(validator.keyPair.address));
      expect(entry).toMatchObject({ peerId: validator.peerId, addresses: validator.address });
      const genesisHash = genesisHashOf(cryptography, genesis);
      const { address } = validator.keyPair;
      const directoryOfState = config.validator.stateDirectory;
      expect(readLastSign({ fileSystem: nodeFileSystem, directory: directoryOfState, address, genesisHash, cryptography })).toBeUndefined();
      const others = network.validators.filter((each) => each !== validator);
      expect(configuredPeers(config)).toEqual(
        others.map((other) => ({ peer: other.peerId, role: 'validator', addresses: [other.address] })),
      );
    }
  });

  test('listens where the others look for it', () => {
    const p2p = network.validators.map(({ name }) => loadConfig({ home: join(directory, name), environment: {} }).config.p2p);
    expect(p2p.map(({ listen, publicAddresses }) => [listen, publicAddresses])).toEqual([
      [['/ip4/0.0.0.0/tcp/26600'], ['/dns4/a.example.org/tcp/26600']],
      [['/ip4/0.0.0.0/tcp/26600'], ['/ip4/10.0.0.2/tcp/26600']],
    ]);
  });

  test('replaces nothing, and leaves nothing when it fails', () => {
    const before = filesIn(folder);
    expect(() => writeNetwork(network, { directory, encrypt, cryptography, cost: CHEAP })).toThrow(
      expect.objectContaining({ code: 'CLI_FOLDER_NOT_EMPTY' }),
    );
    const progress = (): never => {
      throw new Error('stop');
    };
    expect(() => writeNetwork(network, { directory: join(folder, 'new'), encrypt, cryptography, progress })).toThrow('stop');
    expect(filesIn(folder)).toEqual(before);
  });

  test('refuses a key that others can read, a damaged key and a missing password', () => {
    const { config } = loadConfig({ home: join(directory, 'validator-1'), environment: {} });
    const copy = join(folder, `copy-${encrypt}`);
    const withKey = (text: string, mode: number, validator: object = {}): (() => unknown) => {
      writeFileSync(copy, text, { mode });
      return () => loadNodeKeys({ ...config, validator: { ...config.validator, keyFile: copy, ...validator } }, cryptography);
    };
    const whole = readFileSync(config.validator.keyFile, 'utf8');
    expect(withKey(whole.slice(0, -20), 0o600)).toThrow(
      expect.objectContaining({
        code: encrypt ? 'KEY_FILE_DAMAGED' : 'CLI_KEY_INVALID',
        message: expect.not.stringContaining(whole.slice(4, 20)),
      }),
    );
    if (encrypt) {
      expect(withKey(whole, 0o600, { passwordFile: '' })).toThrow(expect.objectContaining({ code: 'CLI_PASSWORD_MISSING' }));
      expect(withKey(whole, 0o600, { password: 'other' })).toThrow(expect.objectContaining({ code: 'KEY_FILE_PASSPHRASE_WRONG' }));
    }
    const open = join(folder, `open-${encrypt}`);
    writeFileSync(open, whole, { mode: 0o640 });
    expect(() => loadNodeKeys({ ...config, validator: { ...config.validator, keyFile: open } }, cryptography)).toThrow(
      expect.objectContaining({ code: 'KEY_FILE_TOO_OPEN', message: expect.stringContaining('chmod 600') }),
    );
  });
});

describe('places', () => {
  test('on one host have ports that follow one another', () => {
    expect(placesOn(['a', 'b', 'a'], { p2pPort: 1, rpcPort: 10, adminPort: 20 })).toEqual([
      { host: 'a', p2pPort: 1, rpcPort: 10, adminPort: 20 },
      { host: 'b', p2pPort: 1, rpcPort: 10, adminPort: 20 },
      { host: 'a', p2pPort: 2, rpcPort: 11, adminPort: 21 },
    ]);
  });

  test.each([
    ['127.0.0.1', '/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/1'],
    ['localhost', '/dns4/localhost/tcp/1', '/ip4/127.0.0.1/tcp/1'],
    ['::1', '/ip6/::1/tcp/1', '/ip6/::1/tcp/1'],
    ['10.0.0.1', '/ip4/10.0.0.1/tcp/1', '/ip4/0.0.0.0/tcp/1'],
    ['fd00::1', '/ip6/fd00::1/tcp/1', '/ip6/::/tcp/1'],
    ['a.example.org', '/dns4/a.example.org/tcp/1', '/ip4/0.0.0.0/tcp/1'],
  ])('%s is reached at %s and listens on %s', (host, reached, listens) => {
    const place = { host, p2pPort: 1, rpcPort: 2, adminPort: 3 };
    expect([multiaddressOf(place), listenAddressOf(place)]).toEqual([reached, listens]);
  });
});

test('peers of a configuration: one with several addresses, one without any, one named as both', () => {
  const p2p = {
    listen: [],
    publicAddresses: [],
    keyFile: '',
    validators: ['/ip4/10.0.0.1/tcp/1/p2p/a', '/dns4/a.example.org/tcp/1/p2p/a', '/p2p/b'],
    followers: ['/ip4/10.0.0.2/tcp/1/p2p/b', '/p2p/c'],
  };
  expect(configuredPeers({ p2p })).toEqual([
    { peer: 'a', role: 'validator', addresses: ['/ip4/10.0.0.1/tcp/1', '/dns4/a.example.org/tcp/1'] },
    { peer: 'b', role: 'validator', addresses: ['/ip4/10.0.0.2/tcp/1'] },
    { peer: 'c', role: 'follower', addresses: [] },
  ]);
});

describe('published keys stay on this machine', () => {
  const home = join(folder, 'loopback');
  mkdirSync(home);
  const configWith = (flags: Record<string, string>) =>
    loadConfig({ home, environment: {}, flags: { 'p2p.listen': '/ip4/127.0.0.1/tcp/1', ...flags } }).config;
  const devnet = create().genesis;

  test.each([
    ['p2p.listen', { 'p2p.listen': '/ip4/127.0.0.1/tcp/1,/ip4/0.0.0.0/tcp/1' }],
    ['p2p.listen', { 'p2p.listen': '/dns4/a.example.org/tcp/1' }],
    ['p2p.listen', { 'p2p.listen': '/ip6/::/tcp/1' }],
    ['p2p.publicAddresses', { 'p2p.publicAddresses': '/dns4/a.example.org/tcp/1' }],
    ['rpc.host', { 'rpc.host': '0.0.0.0', 'rpc.allowedHosts': 'a' }],
    ['admin.host', { 'admin.host': '10.0.0.1', 'admin.allowedHosts': 'a', 'admin.enabled': 'true', 'admin.tokenFile': 't' }],
  ] as const)('%s: %j is refused', (key, flags) => {
    const config = configWith(flags);
    expect(() => assertLoopbackOnly(config, devnet)).toThrow(
      expect.objectContaining({ code: 'CLI_TEST_KEYS_EXPOSED', details: expect.objectContaining({ key }) }),
    );
    expect(() => assertLoopbackOnly(config, create({ preset: 'muton' }).genesis)).not.toThrow();
  });

  test.each([
    [{}],
    [{ 'p2p.listen': '/ip6/::1/tcp/1,/ip4/127.9.9.9/tcp/1,/dns4/localhost/tcp/1' }],
    [{ 'p2p.listen': '', 'rpc.enabled': 'false', 'rpc.host': '0.0.0.0', 'admin.host': '0.0.0.0' }],
  ])('%j is not', (flags) => {
    expect(() => assertLoopbackOnly(configWith(flags as Record<string, string>), devnet)).not.toThrow();
  });

  test('also when they only operate a validator', () => {
    const { validators, ...rest } = create({ preset: 'muton' }).genesis;
    const genesis = {
      ...rest,
      validators: validators.map((each) => ({ ...each, operator: devnet.validators[0]?.operator ?? each.operator })),
    };
    const config = configWith({ 'p2p.listen': '/ip4/0.0.0.0/tcp/1' });
    expect(() => assertLoopbackOnly(config, genesis)).toThrow(expect.objectContaining({ code: 'CLI_TEST_KEYS_EXPOSED' }));
  });
});

describe('mutual init', () => {
  test('writes what it says, as sentences or JSON', () => {
    const out = join(folder, 'init');
    const run = runCommand(['init', '--preset', 'devnet', '--out', out, '--insecure-plain-keys', '--json', '--p2p-port', '30000']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const summary = JSON.parse(run.stdout);
    expect(summary).toMatchObject({ directory: out, chainId: 7357, networkName: 'devnet' });
    expect(summary.validators.map(({ p2pAddress, rpcPort }: Record<string, unknown>) => [p2pAddress, rpcPort])).toEqual([
      ['/ip4/127.0.0.1/tcp/30000', 8545],
      ['/ip4/127.0.0.1/tcp/30001', 8546],
      ['/ip4/127.0.0.1/tcp/30002', 8547],
      ['/ip4/127.0.0.1/tcp/30003', 8548],
    ]);
    expect(summary.genesisHash).toBe(
      encodeHex(genesisHashOf(cryptography, parseGenesis(JSON.parse(readFileSync(join(out, 'genesis.json'), 'utf8'))))),
    );
    expect(run.stdout).not.toContain('privateKey');
    for (const { home } of summary.validators) expect(runCommand(['config', 'validate', '--home', home])).toMatchObject({ status: 0 });

    const again = runCommand(['init', '--preset', 'devnet', '--out', out]);
    expect(again).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('CLI_FOLDER_NOT_EMPTY: ') });
  });

  test('encrypts keys unless it is told not to, and keeps the mnemonic out of what it prints', () => {
    const out = join(folder, 'init-muton');
    const run = runCommand(['init', '--chain-id', '42', '--validators', '1', '--out', out]);
    expect(run).toMatchObject({ status: 0, stderr: 'writing validator-1\n' });
    expect(run.stdout).toContain(`Next: mutual doctor --home ${join(out, 'validator-1')}`);
    expect(run.stdout).not.toContain(readFileSync(join(out, 'mnemonic.txt'), 'utf8').trim());
    expect(existsSync(join(out, 'validator-1', 'keys', 'validator.json'))).toBe(true);
  });

  const out = ['--out', join(folder, 'never')];
  test.each([
    [[], 'required option'],
    [['--out', ''], 'It has to name a folder'],
    [[...out], 'CLI_CHOICE_MISSING: '],
    [[...out, '--preset', 'nonsense'], 'Allowed choices are devnet, muton, trst'],
    [[...out, '--validators', '0'], 'It has to be a whole number from 1 to 100'],
    [[...out, '--validators', '101'], 'It has to be a whole number from 1 to 100'],
    [[...out, '--validators', '2', '--validators', '2'], 'It may be given only once.'],
    [[...out, '--chain-id', '1', '--validators', '3', '--hosts', 'a,b'], 'CLI_CHOICE_CONFLICT: --hosts names 2, --validators asks for 3.'],
    [[...out, '--chain-id', '1', '--hosts', 'a,,b'], 'is no IP address and no name of a host'],
    [[...out, '--preset', 'devnet', '--hosts', 'a.example.org'], 'CLI_CHOICE_CONFLICT: A devnet uses published keys'],
  ])('refuses %j', (flags, message) => {
    expect(runCommand(['init', ...flags])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});
