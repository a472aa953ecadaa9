import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

/*
 * Goal: wallets in a browser can use the package. Method: it is bundled as for a browser and run where nothing of Node.js exists.
 */
const ENTRY = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** What a browser has besides the language itself, as far as the package may rely on it: random bytes and UTF-8. */
const BROWSER_GLOBALS = { TextEncoder, TextDecoder, crypto: globalThis.crypto };

let code = '';
let imports: string[] = [];

beforeAll(async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'protocol',
    target: 'es2023',
    write: false,
    metafile: true,
    logLevel: 'silent',
    // An import that does not resolve for a browser stays in the list below instead of stopping the build.
    external: [...builtinModules, 'node:*'],
  });
  code = outputFiles[0]?.text ?? '';
  imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map((each) => each.path));
});

describe('the bundle for browsers', () => {
  it('imports nothing of Node.js and nothing native', () => {
    const builtins = new Set(builtinModules);
    expect(imports.length).toBeGreaterThan(20);
    expect(imports.filter((path) => path.startsWith('node:') || builtins.has(path))).toEqual([]);
    expect(imports.filter((path) => /secp256k1\/(bindings|index|lib)|hash-wasm|hashtree|src\/fast\//.test(path))).toEqual([]);
  });

  it('runs without any global of Node.js: derives, signs, encodes, reads and verifies', () => {
    const context = createContext({ ...BROWSER_GLOBALS });
    for (const name of ['process', 'Buffer', 'require', 'global', 'setImmediate']) {
      expect(runInContext(`typeof ${name}`, context)).toBe('undefined');
    }
    runInContext(code, context);
    const outcome: unknown = runInContext(
      `(() => {
        const p = protocol;
        const { privateKey, address } = p.deriveFromMnemonic('test test test test test test test test test test test junk').keyPair(0);
        const domain = { chainId: 1, genesisHash: p.genesisHashFrom(new Uint8Array(32)) };
        const typedData = p.createTypedData(p.referenceCryptography, domain);
        const message = {
          from: address, nonce: 0, validUntil: 1800000000, maxFee: 0n,
          to: p.parseAddress('0x70997970C51812dc3A010C7d01b50e0d17dc79C8'), asset: 'MTN', amount: 5n, memo: 'für dich',
        };
        const signed = p.signTransaction(p.referenceCryptography, typedData, { type: 'Transfer', message }, privateKey);
        const text = JSON.stringify(p.transactionToJson(signed));
        const raw = p.encodeTransaction(p.parseTransactionJson(text));
        const verified = p.verifyTransaction(p.referenceCryptography, typedData, raw);
        return JSON.stringify({
          ok: verified.ok,
          from: p.formatAddress(verified.transaction.message.from),
          memo: verified.transaction.message.memo,
          summary: p.summarizeTransaction(signed),
          payload: Object.keys(p.typedDataPayload(domain, signed).types),
        });
      })()`,
      context,
    );
    expect(JSON.parse(String(outcome))).toEqual({
      ok: true,
      from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      memo: 'für dich',
      summary: 'Transfer 5 MTN to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
      payload: ['EIP712Domain', 'Transfer'],
    });
  });
});
