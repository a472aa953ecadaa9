/** The native half of the package `secp256k1`, which has no types of its own: what this project uses of it. */
declare module 'secp256k1/bindings.js' {
  const binding: {
    /** Throws when the signature does not parse or no key comes out. */
    ecdsaRecover(signature: Uint8Array, recoveryId: number, digest: Uint8Array, compressed: boolean): Uint8Array;
    /** Throws when the signature or the key does not parse. */
    ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
    ecdsaSign(digest: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number };
  };
  // biome-ignore lint/style/noDefaultExport: a CommonJS module arrives as the default export
  export default binding;
}
