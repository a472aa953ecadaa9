import { privateKeyFromRaw } from '@libp2p/crypto/keys';
import type { PrivateKey as Libp2pPrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { nodeError } from '../errors.ts';

const KEY_BYTES = 32;

/** The key of a node in the network, from 32 bytes: a secp256k1 key that signs no votes. Errors: `NETWORK_KEY_INVALID`. */
export function nodeKeyFrom(bytes: Uint8Array): Libp2pPrivateKey {
  const message = `the key of the node has to be a private key of ${KEY_BYTES} bytes: make a new one`;
  if (bytes.length !== KEY_BYTES) throw nodeError('NETWORK_KEY_INVALID', message, { bytes: bytes.length });
  try {
    return privateKeyFromRaw(bytes);
  } catch (cause) {
    throw nodeError('NETWORK_KEY_INVALID', message, {}, cause);
  }
}

/** The peer id that follows from the key of a node, as text. Errors: `NETWORK_KEY_INVALID`. */
export function peerIdOf(nodeKey: Uint8Array): string {
  return peerIdFromPrivateKey(nodeKeyFrom(nodeKey)).toString();
}
