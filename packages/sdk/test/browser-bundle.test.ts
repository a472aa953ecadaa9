// Goal: applications in a browser can use the package. Method: it is bundled as for a browser, and pays where nothing of Node.js exists.

import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { encodeHex } from '@mutual-chain/protocol';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchOf } from './support/served-node.ts';
import { alice, bob, World } from './support/world.ts';

const ENTRY = fileURLToPath(new URL('../src/index.ts', import.meta.url));

let code = '';
let imports: readonly string[] = [];
const world = new World();

beforeAll(async () => {
  await world.serve();
  const { metafile, outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'sdk',
    target: 'es2023',
    conditions: ['mutual-source'],
    write: false,
    metafile: true,
    logLevel: 'silent',
    // An import that does not resolve for a browser stays in the list below instead of stopping the build.
    external: [...builtinModules, 'node:*'],
  });
  code = outputFiles[0]?.text ?? '';
  imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map((each) => each.path));
});
afterAll(() => world.stop());

describe('the bundle for browsers', () => {
  test('imports nothing of Node.js, nothing native and nothing of the server', () => {
    const builtins = new Set(builtinModules);
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter((path) => path.startsWith('node:') || builtins.has(path))).toEqual([]);
    expect(
      imports.filter((path) => /secp256k1\/(bindings|index|lib)|hash-wasm|hashtree|src\/fast\/|rpc\/src\/server|fastify/.test(path)),
    ).toEqual([]);
  });

  test('connects, signs, sends and settles without any global of Node.js', async () => {
    const browser = { TextEncoder, TextDecoder, crypto: globalThis.crypto, AbortController, AbortSignal, URL, structuredClone };
    const context = createContext({ ...browser, fetch: fetchOf(world.served), setTimeout, clearTimeout });
    for (const name of ['process', 'Buffer', 'require', 'global', 'setImmediate']) {
      expect(runInContext(`typeof ${name}`, context)).toBe('undefined');
    }
    runInContext(code, context);
    const blocks = setInterval(() => world.node.makeBlock(), 5);
    try {
      const key = encodeHex(alice.privateKey);
      const outcome = await runInContext(
        `(async () => {
          const bytes = (hex) => Uint8Array.from(hex.slice(2).match(/../g), (each) => Number.parseInt(each, 16));
          const wallet = await sdk.Wallet.connect({ rpc: '${world.served[0]?.url}', signer: sdk.privateKeySigner(bytes('${key}')), pollMs: 5 });
          const sent = wallet.send('Transfer', { to: bytes('${encodeHex(bob.address)}'), asset: 'MTN', amount: 5n, memo: 'für dich' });
          const { status, receipt } = await sent.settled();
          return JSON.stringify({ status, ok: receipt.ok });
        })()`,
        context,
      );
      expect(JSON.parse(String(outcome))).toEqual({ status: 'committed', ok: true });
    } finally {
      clearInterval(blocks);
    }
  });
});
