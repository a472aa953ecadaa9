// Goal: what applications can import changes on purpose only. Method: the exported names, written out.

import { expect, test } from 'vitest';
import * as sdk from '../src/index.ts';

test('the package exports these values', () => {
  expect(Object.keys(sdk).sort()).toEqual([
    'LIGHT_CLIENT_DEFAULTS',
    'LightClient',
    'NodeError',
    'RPC_CLIENT_DEFAULTS',
    'RpcClient',
    'SDK_ERRORS',
    'SdkError',
    'WALLET_DEFAULTS',
    'Wallet',
    'certificateFromJson',
    'chainIdentityFrom',
    'checkPrepared',
    'headerFromJson',
    'mnemonicSigner',
    'privateKeySigner',
    'privateKeySponsor',
    'remedyOf',
    'summaryFormat',
    'typedDataSigner',
    'typedDataSponsor',
    'validatorsFromJson',
  ]);
});
