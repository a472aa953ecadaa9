// Goal: the configuration is what its sources say, the strongest winning; what is wrong is named with its place, and secrets are never shown.
// Method: load configurations from every mixture of sources and compare the whole; run `mutual config` as a process on homes that are wrong.

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HTTP_LIMITS, LOOPBACK_HOSTS, RPC_SERVER_DEFAULTS, TOKEN_CHARACTERS_MIN } from '@mutual-chain/rpc/server';
import { stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { CONFIG_KEYS } from '../src/config/config-keys.ts';
import { configTables } from '../src/config/config-tables.ts';
import { type ConfigSources, loadConfig } from '../src/config/load-config.ts';
import { nearestName } from '../src/config/nearest-name.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
let homes = 0;

function homeWith(toml?: string, permissions = 0o600): string {
  homes += 1;
  const home = join(folder, `home-${homes}`);
  mkdirSync(home);
  if (toml === undefined) return home;
  writeFileSync(join(home, 'config.toml'), toml);
  chmodSync(join(home, 'config.toml'), permissions);
  return home;
}

function problemsOf(toml: string, sources: Partial<ConfigSources> = {}): unknown {
  try {
    loadConfig({ home: homeWith(toml), environment: {}, ...sources });
  } catch (error) {
    return (error as { details: { problems?: readonly string[] } }).details.problems?.map((problem) =>
      problem.replaceAll(/\S*(config\.toml)/g, '$1'),
    );
  }
  return undefined;
}

describe('defaults', () => {
  test('are those of the server of JSON-RPC', () => {
    const { rpc, admin } = loadConfig({ home: homeWith(), environment: {} }).config;
    const { host, port, rateLimit, blockAgeMsMax } = RPC_SERVER_DEFAULTS;
    const { connectionsCheckIntervalMs: _interval, parameterCharactersMax: _characters, ...limits } = HTTP_LIMITS;
    expect(rpc).toEqual({
      enabled: true,
      host,
      port,
      allowedHosts: LOOPBACK_HOSTS,
      allowedOrigins: [],
      callsPerSecond: rateLimit.callsPerSecond,
      callsBurst: rateLimit.burst,
      blockAgeMsMax,
      ...limits,
    });
    expect(admin.allowedHosts).toEqual(LOOPBACK_HOSTS);
  });

  test('have a key each, with a description that ends', () => {
    const { entries } = loadConfig({ home: homeWith(), environment: {} });
    expect(entries.map(({ key }) => key)).toEqual(CONFIG_KEYS);
    expect(CONFIG_KEYS.filter(({ description, range }) => !description.endsWith('.') || range === '')).toEqual([]);
    expect(new Set(CONFIG_KEYS.map(({ variable }) => variable)).size).toBe(CONFIG_KEYS.length);
  });

  test('written into a file are the same configuration, except that they come from there', () => {
    const home = homeWith(stringify(configTables(CONFIG_KEYS.map((key) => ({ key, value: key.default })))));
    const loaded = loadConfig({ home, environment: {} });
    expect(new Set(loaded.entries.map(({ origin }) => origin))).toEqual(new Set(['file']));
    const bare = loadConfig({ home: homeWith(), environment: {} });
    expect(JSON.stringify(loaded.config).replaceAll(loaded.home, bare.home)).toBe(JSON.stringify(bare.config));
  });
});

describe('sources', () => {
  const toml = '[rpc]\nport = 1\nhost = "127.0.0.2"\n[log]\nlevel = "debug"\n[p2p]\nlisten = []\n';
  const environment = { MUTUAL_RPC_PORT: '2', MUTUAL_RPC_ENABLED: 'false', MUTUAL_P2P_LISTEN: '/ip4/10.0.0.1/tcp/1, /ip4/10.0.0.1/tcp/2' };
  const flags = { 'rpc.port': '3', 'p2p.listen': ['/ip4/10.0.0.1/tcp/3', '/ip4/10.0.0.1/tcp/4,/ip4/10.0.0.1/tcp/5'] };

  test('a flag wins over the environment, that over the file, that over the default', () => {
    const home = homeWith(toml);
    const file = join(home, 'config.toml');
    const loaded = loadConfig({ home, environment: { ...environment, PATH: '/bin', MUTUAL_HOME: '/nowhere' }, flags });
    const set = loaded.entries.filter(({ origin }) => origin !== 'default');
    expect(set.map(({ key, value, origin, place }) => [key.name, value, origin, place])).toEqual([
      ['p2p.listen', ['/ip4/10.0.0.1/tcp/3', '/ip4/10.0.0.1/tcp/4', '/ip4/10.0.0.1/tcp/5'], 'flag', '--p2p-listen'],
      ['rpc.enabled', false, 'environment', 'MUTUAL_RPC_ENABLED'],
      ['rpc.host', '127.0.0.2', 'file', file],
      ['rpc.port', 3, 'flag', '--rpc-port'],
      ['log.level', 'debug', 'file', file],
    ]);
    expect(loaded.config.rpc).toMatchObject({ enabled: false, host: '127.0.0.2', port: 3 });
    expect(loaded).toMatchObject({ home, path: file });
  });

  test('an empty variable is an empty list or text, not what the file says', () => {
    const loaded = loadConfig({ home: homeWith('[p2p]\nfollowers = ["/p2p/16Uiu2"]\n'), environment: { MUTUAL_P2P_FOLLOWERS: '' } });
    expect(loaded.config.p2p.followers).toEqual([]);
  });

  test('paths are seen from the home of the node', () => {
    const home = homeWith('[node]\ndataDirectory = "../elsewhere"\n[validator]\nkeyFile = "/keys/validator.json"\n');
    const { node, validator } = loadConfig({ home, environment: {} }).config;
    expect([node.dataDirectory, node.genesisFile, validator.keyFile, validator.passwordFile]).toEqual([
      join(folder, 'elsewhere'),
      join(home, 'genesis.json'),
      '/keys/validator.json',
      '',
    ]);
  });
});

describe('problems are all named, with what may be meant', () => {
  test.each([
    ['[rpc]\nprot = 1\n', {}, ['rpc.prot in config.toml is no key; rpc.port may be meant']],
    ['[rcp]\nport = 1\n', {}, ['rcp in config.toml is no key; [rpc] may be meant']],
    ['listen = []\n', {}, ['listen in config.toml is no key; p2p.listen may be meant']],
    ['[p2p]\ncallsBurst = 1\n', {}, ['p2p.callsBurst in config.toml is no key; rpc.callsBurst may be meant']],
    ['[zzzzzz]\n', {}, ['zzzzzz in config.toml is no key; mutual config show lists them all']],
    ['rpc = 1\n', {}, ['rpc in config.toml has to be a table: [rpc]']],
    ['[rpc]\nport = 70000\n', {}, ['rpc.port in config.toml has to be 0 to 65535; 0 takes any that is free, not 70000']],
    ['[rpc]\nport = "8545"\n', {}, ['rpc.port in config.toml has to be a whole number, not "8545"']],
    ['[rpc]\nport = 2026-01-01\n', {}, ['rpc.port in config.toml has to be a whole number, not "2026-01-01"']],
    ['[rpc]\nenabled = "yes"\n', {}, ['rpc.enabled in config.toml has to be true or false, not "yes"']],
    ['[rpc]\nhost = ""\n', {}, ['rpc.host in config.toml has to be an address of this machine, or a name of it, not ""']],
    ['[p2p]\nlisten = "/ip4/1.2.3.4/tcp/5"\n', {}, ['p2p.listen in config.toml has to be a list of texts, not "/ip4/1.2.3.4/tcp/5"']],
    ['[p2p]\nlisten = ["1.2.3.4:5"]\n', {}, ['p2p.listen in config.toml has to be multiaddresses, not ["1.2.3.4:5"]']],
    ['[log]\nlevel = "loud"\n', {}, ['log.level in config.toml has to be trace, debug, info, warn, error, silent, not "loud"']],
    ['[admin]\ntoken = 1234567890\n', {}, ['admin.token in config.toml has to be a text']],
    ['', { environment: { MUTUAL_RPC_PROT: '1' } }, ['MUTUAL_RPC_PROT in the environment is no key; MUTUAL_RPC_PORT may be meant']],
    ['', { environment: { MUTUAL_RPC_PORT: '1e3' } }, ['rpc.port in MUTUAL_RPC_PORT has to be a whole number, not "1e3"']],
    ['', { flags: { 'rpc.port': '-1' } }, ['rpc.port in --rpc-port has to be a whole number, not "-1"']],
    ['', { flags: { 'rpc.prot': 'x' } }, ['rpc.prot in the options is no key; rpc.port may be meant']],
    ['', { flags: { 'admin.token': 'x' } }, ['admin.token is a secret and has no option: set MUTUAL_ADMIN_TOKEN']],
    [
      '[rpc]\nport = -1\nhots = 1\n',
      { environment: { MUTUAL_X: '' } },
      [
        'rpc.hots in config.toml is no key; rpc.host may be meant',
        'MUTUAL_X in the environment is no key; mutual config show lists them all',
        'rpc.port in config.toml has to be 0 to 65535; 0 takes any that is free, not -1',
      ],
    ],
  ] as const)('%j', (toml, sources, expected) => {
    expect(problemsOf(toml, sources)).toEqual(expected);
  });

  test.each([
    [
      '[rpc]\nwaitTimeoutMs = 10000\n',
      'rpc.waitTimeoutMs (10000) has to be below rpc.handlerTimeoutMs (10000), or what waits is never answered',
    ],
    ['[rpc]\nport = 5\n[admin]\nport = 5\nenabled = true\ntokenFile = "t"\n', 'rpc.port and admin.port are both 5: give each its own'],
    ['[admin]\nenabled = true\n', 'admin.enabled needs a token: name a file with admin.tokenFile, or set MUTUAL_ADMIN_TOKEN'],
    [
      `[admin]\ntoken = "${'a'.repeat(TOKEN_CHARACTERS_MIN - 1)}"\n`,
      'admin.token has to have at least 32 characters: make one with openssl rand -hex 32',
    ],
    [
      '[validator]\npasswordFile = "p"\n',
      'validator.password and validator.passwordFile are of no use without validator.keyFile: name the key, or leave them out',
    ],
    [
      '[p2p]\nlisten = []\npublicAddresses = ["/ip4/1.2.3.4/tcp/1"]\n',
      'p2p.publicAddresses names addresses, but p2p.listen is empty: nobody would answer there',
    ],
    [
      '[rpc]\nhost = "0.0.0.0"\n',
      'rpc.host is 0.0.0.0, but rpc.allowedHosts names this machine alone: add the name by which clients call it',
    ],
  ])('which do not fit together: %j', (toml, expected) => {
    expect(problemsOf(toml)).toEqual([expected]);
  });

  test('a file that is no TOML is named with line and column, and nothing of it is shown', () => {
    const home = homeWith('[admin]\ntoken = "very-secret\n');
    const run = runCommand(['config', 'validate', '--home', home]);
    expect(run).toMatchObject({ status: 1, stderr: '' });
    expect(run.stdout).toMatch(/^wrong: .*config\.toml, line 2, column \d+: .*\n$/);
    expect(run.stdout).not.toContain('very-secret');
  });

  test('a secret in a file that others can read', () => {
    const home = homeWith(`[admin]\ntoken = "${'s'.repeat(32)}"\n`, 0o644);
    expect(() => loadConfig({ home, environment: {} })).toThrow(expect.objectContaining({ code: 'CLI_CONFIG_TOO_OPEN' }));
    expect(() => loadConfig({ home: homeWith('[rpc]\nport = 1\n', 0o644), environment: {} })).not.toThrow();
  });
});

describe('mutual config', () => {
  const secret = 'a-secret-of-more-than-32-characters';
  const home = homeWith('[rpc]\nport = 8600\n');
  const environment = { MUTUAL_ADMIN_TOKEN: secret, MUTUAL_HOME: home };

  test('show prints every key with value and origin, and no secret', () => {
    const run = runCommand(['config', 'show', '--log-level', 'warn'], { environment });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const rows = run.stdout.trimEnd().split('\n').slice(4);
    expect(rows.map((row) => row.split(/ +/)[0])).toEqual(CONFIG_KEYS.map(({ name }) => name));
    expect(rows.filter((row) => !/ default /.test(row)).map((row) => row.replaceAll(/ +/g, ' '))).toEqual([
      'rpc.port file 8600',
      'admin.token environment "(set, not shown)" MUTUAL_ADMIN_TOKEN',
      'log.level flag "warn" --log-level',
    ]);
    expect(run.stdout).not.toContain(secret);
  });

  test('show --json is one object with the same', () => {
    const run = runCommand(['config', 'show', '--json', '--home', home], { environment });
    const { home: shown, file, values } = JSON.parse(run.stdout);
    expect([shown, file]).toEqual([home, join(home, 'config.toml')]);
    expect(values).toHaveLength(CONFIG_KEYS.length);
    expect(values).toContainEqual({ key: 'rpc.port', value: 8600, origin: 'file', place: file });
    expect(values).toContainEqual({ key: 'admin.token', value: '(set, not shown)', origin: 'environment', place: 'MUTUAL_ADMIN_TOKEN' });
    expect(run.stdout).not.toContain(secret);
  });

  test('validate exits 0 or 1, and lists every problem', () => {
    const right = runCommand(['config', 'validate', '--home', home]);
    const sentence = `the configuration of ${home} holds: 1 of ${CONFIG_KEYS.length} keys are set, the others have their defaults\n`;
    expect(right).toEqual({ status: 0, stdout: sentence, stderr: '' });
    const call = ['config', 'validate', '--home', home, '--rpc-port', 'many', '--log-level', 'loud'];
    const problems = [
      'rpc.port in --rpc-port has to be a whole number, not "many"',
      'log.level in --log-level has to be trace, debug, info, warn, error, silent, not "loud"',
    ];
    expect(runCommand(call)).toEqual({ status: 1, stdout: problems.map((each) => `wrong: ${each}\n`).join(''), stderr: '' });
    const asJson = runCommand([...call, '--json']);
    expect([asJson.status, JSON.parse(asJson.stdout)]).toEqual([1, { ok: false, home, problems }]);
  });

  test.each([
    [['config', 'show', '--home', ''], 2, 'It has to name a folder; for the current one write a dot.'],
    [['config', 'show', '--home', '.', '--home', '.'], 2, 'It may be given only once.'],
    [['config', 'show'], 2, 'CLI_HOME_MISSING: No folder of a node is named. Give --home DIR, or set MUTUAL_HOME.'],
    [['config', 'show', '--home', join(folder, 'nowhere')], 3, 'CLI_FILE_MISSING: '],
    [['config', 'show', '--admin-token', 'x'], 2, 'unknown option'],
    [['config'], 2, 'Usage: mutual config'],
  ])('%j', (call, status, message) => {
    expect(runCommand(call)).toMatchObject({ status, stdout: '', stderr: expect.stringContaining(message) });
  });
});

test.each([
  ['prot', 'port'],
  ['PORT', 'port'],
  ['listenn', 'listen'],
  ['zzz', undefined],
  ['', undefined],
])('the name nearest to %j is %s', (written, nearest) => {
  expect(nearestName(written, ['port', 'listen', 'allowedHosts'])).toBe(nearest);
});
