// Opens the key file whose text is the second argument with the passphrase that is the first, and encrypts and opens a key at the default cost. Prints
// what came out as JSON. A process of its own, because measuring coverage makes scrypt twenty times slower.

import { referenceCryptography as cryptography, encodeHex, type PrivateKey } from '@mutual-chain/protocol';
import { decryptKey, encryptKey } from '../../src/signer/keystore.ts';

const [passphrase = '', text = ''] = process.argv.slice(2);
const privateKey = new Uint8Array(32).fill(12) as PrivateKey;
const encrypted = encryptKey({ privateKey, passphrase, cryptography });
const { crypto } = JSON.parse(encrypted) as { readonly crypto: { readonly kdfparams: object } };
const opened = [text, encrypted].map((each) => encodeHex(decryptKey(each, passphrase, cryptography, 'the file')));
process.stdout.write(JSON.stringify({ opened, kdfparams: crypto.kdfparams }));
