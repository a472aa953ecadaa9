// Goal: what a validator key signed last can be begun, looked at, and taken along with the key, and never goes back.
// Method: homes of validators and the command as a process.

import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockSignerDirectory } from '@mutual-chain/node';
import { type Address, decodeHex, type PublicKey, referenceCryptography, verifyPossession } from '@mutual-chain/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { createNetwork } from '../src/network/create-network.ts';
import { placesOn } from '../src/network/node-places.ts';
import { writeNetwork } from '../src/network/write-network.ts';
import { runCommand } from './support/run-command.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const folder = temporaryFolder();
const home = join(folder, 'network', 'validator-1');
const copy = join(folder, 'copy');
const record = join(folder, 'record.txt');

beforeAll(() => {
  const network = createNetwork({
    ...{ preset: 'devnet', chainId: 7357, networkName: 'test', timestampMs: 1000 },
    ...{ places: placesOn(['127.0.0.1']), cryptography: referenceCryptography },
  });
  writeNetwork(network, { directory: join(folder, 'network'), encrypt: false, cryptography: referenceCryptography });
  cpSync(home, copy, { recursive: true });
  rmSync(join(copy, 'signer'), { recursive: true });
});

describe('mutual signer', () => {
  test('takes the record along with the key', () => {
    expect(runCommand(['signer', 'show', '--home', home])).toEqual({ status: 0, stdout: 'the key has signed nothing yet\n', stderr: '' });
    expect(runCommand(['signer', 'export', '--home', home, '--out', record])).toMatchObject({ status: 0, stderr: '' });
    expect(runCommand(['signer', 'export', '--home', home]).stdout).toBe(readFileSync(record, 'utf8'));
    expect(runCommand(['signer', 'show', '--home', copy])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('SIGNER_STATE_MISSING'),
    });
    expect(runCommand(['signer', 'import', '--home', copy, '--file', record])).toMatchObject({
      status: 0,
      stdout: 'the key has signed nothing yet\n',
    });
    expect(readFileSync(join(copy, 'signer', 'last-sign'))).toEqual(readFileSync(join(home, 'signer', 'last-sign')));
    const again = runCommand(['signer', 'import', '--home', copy, '--file', record]);
    expect(again).toMatchObject({ status: 0, stdout: 'the key has signed nothing yet\n' });
  });

  test('begins a record only where there is none', () => {
    const fresh = join(folder, 'fresh');
    cpSync(home, fresh, { recursive: true });
    rmSync(join(fresh, 'signer'), { recursive: true });
    expect(runCommand(['signer', 'new', '--home', fresh])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('has signed nothing'),
    });
    expect(runCommand(['signer', 'new', '--home', fresh])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('SIGNER_STATE_EXISTS'),
    });
  });

  test('leaves the record of a running node alone', async () => {
    const release = await lockSignerDirectory(join(home, 'signer'));
    expect(runCommand(['signer', 'export', '--home', home])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('SIGNER_STATE_IN_USE'),
    });
    await release();
  });

  test('proves that the key is here', () => {
    const operator = '0x00000000000000000000000000000000000000aa';
    const { status, stdout } = runCommand(['signer', 'possession', '--home', home, '--operator', operator, '--json']);
    const said = JSON.parse(stdout) as { readonly publicKey: string; readonly possession: string; readonly operator: string };
    expect({ status, operator: said.operator.toLowerCase() }).toEqual({ status: 0, operator: operator.toLowerCase() });
    const validator = { publicKey: decodeHex(said.publicKey) as PublicKey, operator: decodeHex(operator) as Address };
    expect(verifyPossession(referenceCryptography, 7357, validator, decodeHex(said.possession))).toBe(true);
    expect(verifyPossession(referenceCryptography, 7358, validator, decodeHex(said.possession))).toBe(false);
  });

  test('has nothing to say of a node that validates nothing', () => {
    const run = runCommand(['signer', 'new', '--home', home], { environment: { MUTUAL_VALIDATOR_KEY_FILE: '' } });
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('validator.keyFile is empty') });
    expect(existsSync(join(home, 'signer', 'last-sign'))).toBe(true);
  });
});
