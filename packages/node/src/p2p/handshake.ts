import { randomBytes } from 'node:crypto';
import {
  type Address,
  type Cryptography,
  encodeUtf8,
  equalBytes,
  type GenesisHash,
  recoverAddress,
  type Signature,
} from '@mutual-chain/protocol';
import { joinBytes } from '../bytes/join-bytes.ts';
import type { CloseReason } from './close-reason.ts';
import { type ControlMessage, type Hello, INSTANCE_BYTES, NONCE_BYTES, WIRE_VERSION } from './control-message.ts';

const DOMAIN = encodeUtf8('mutual-chain/session/v1');

/** Who this node is, to its peers. */
export type NodeIdentity = {
  readonly cryptography: Cryptography;
  readonly chainId: number;
  readonly genesisHash: GenesisHash;
  /** Last committed height. */
  readonly height: () => number;
  /** The key that the node validates with; undefined for a node that only follows. */
  readonly validator: { readonly address: Address; readonly signDigest: (digest: Uint8Array) => Signature } | undefined;
};

/** What a handshake asks for: messages to be sent, and its end when it has come. */
export type HandshakeStep = {
  readonly send: readonly ControlMessage[];
  /** The hello of the peer once both sides have accepted each other, or why this side does not. */
  readonly outcome?: { readonly accepted: Hello } | { readonly refused: CloseReason };
};

/** A fresh random number for one run of a node. */
export function createInstance(): Uint8Array {
  return randomBytes(INSTANCE_BYTES);
}

/**
 * What a validator key signs to prove that its holder is at the end of this session: SHA-256(domain ‖ genesis hash ‖ nonce of the verifier ‖
 * nonce of the prover ‖ length (1) and peer id of the prover ‖ length (1) and peer id of the verifier). With both peer ids, which the encrypted
 * connection has authenticated, nobody can pass a proof on.
 */
export function sessionDigest(
  { cryptography, genesisHash }: Pick<NodeIdentity, 'cryptography' | 'genesisHash'>,
  prover: { readonly peer: string; readonly nonce: Uint8Array },
  verifier: { readonly peer: string; readonly nonce: Uint8Array },
): Uint8Array {
  const peers = [encodeUtf8(prover.peer), encodeUtf8(verifier.peer)].flatMap((peer) => [Uint8Array.of(peer.length), peer]);
  return cryptography.sha256(joinBytes([DOMAIN, genesisHash, verifier.nonce, prover.nonce, ...peers]));
}

/**
 * One side of the handshake: hello, proof, accepted, in this order from both sides. Each side begins without waiting, answers the hello of the
 * other with its proof, and the proof of the other with its acceptance.
 */
export class Handshake {
  readonly #identity: NodeIdentity;
  readonly #peers: { readonly own: string; readonly remote: string };
  readonly #instance: Uint8Array;
  readonly #admit: (hello: Hello) => CloseReason | undefined;
  readonly #nonce = randomBytes(NONCE_BYTES);
  #hello: Hello | undefined;
  #hasAccepted = false;

  constructor(options: {
    readonly identity: NodeIdentity;
    readonly ownPeer: string;
    readonly remotePeer: string;
    readonly instance: Uint8Array;
    /** Whether a peer that has proved who it is is linked; why not otherwise. */
    readonly admit: (hello: Hello) => CloseReason | undefined;
  }) {
    this.#identity = options.identity;
    this.#peers = { own: options.ownPeer, remote: options.remotePeer };
    this.#instance = options.instance;
    this.#admit = options.admit;
  }

  /** What is said first. */
  begin(): ControlMessage {
    const { chainId, genesisHash, height, validator } = this.#identity;
    return {
      type: 'hello',
      wireVersion: WIRE_VERSION,
      chainId,
      genesisHash,
      height: height(),
      instance: this.#instance,
      nonce: this.#nonce,
      validator: validator?.address,
    };
  }

  /** Takes what the peer says. A message out of order ends the handshake. */
  receive(message: ControlMessage | 'otherVersion'): HandshakeStep {
    if (message === 'otherVersion') return refuse('wireVersionUnknown');
    if (message.type === 'hello' && this.#hello === undefined) return this.#receiveHello(message);
    if (message.type === 'proof' && this.#hello !== undefined && !this.#hasAccepted)
      return this.#receiveProof(this.#hello, message.signature);
    if (message.type === 'accepted' && this.#hello !== undefined && this.#hasAccepted)
      return { send: [], outcome: { accepted: this.#hello } };
    return refuse('helloInvalid');
  }

  #receiveHello(hello: Hello): HandshakeStep {
    const { chainId, genesisHash, validator } = this.#identity;
    if (hello.chainId !== chainId) return refuse('chainOther');
    if (!equalBytes(hello.genesisHash, genesisHash)) return refuse('genesisOther');
    this.#hello = hello;
    const digest = sessionDigest(this.#identity, this.#own, { peer: this.#peers.remote, nonce: hello.nonce });
    return { send: [{ type: 'proof', signature: validator?.signDigest(digest) }] };
  }

  #receiveProof(hello: Hello, signature: Signature | undefined): HandshakeStep {
    if (!this.#isProved(hello, signature)) return refuse('proofWrong');
    const refusal = this.#admit(hello);
    if (refusal !== undefined) return refuse(refusal);
    this.#hasAccepted = true;
    return { send: [{ type: 'accepted' }] };
  }

  #isProved(hello: Hello, signature: Signature | undefined): boolean {
    if (hello.validator === undefined || signature === undefined) return hello.validator === signature;
    const digest = sessionDigest(this.#identity, { peer: this.#peers.remote, nonce: hello.nonce }, this.#own);
    const signer = recoverAddress(this.#identity.cryptography, digest, signature);
    return signer !== undefined && equalBytes(signer, hello.validator);
  }

  get #own(): { readonly peer: string; readonly nonce: Uint8Array } {
    return { peer: this.#peers.own, nonce: this.#nonce };
  }
}

function refuse(reason: CloseReason): HandshakeStep {
  return { send: [{ type: 'farewell', reason }], outcome: { refused: reason } };
}
