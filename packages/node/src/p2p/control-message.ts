import type { Address, GenesisHash, Signature } from '@mutual-chain/protocol';
import { joinBytes } from '../bytes/join-bytes.ts';
import { type CloseReason, decodeCloseReason, encodeCloseReason } from './close-reason.ts';

/** Version of everything that is said on a link. A peer of another version is refused, in the form of this one. */
export const WIRE_VERSION = 1;

/** Bytes of the challenge and of the instance in a hello. */
export const NONCE_BYTES = 32;
/** Bytes of the number of a process in a hello. */
export const INSTANCE_BYTES = 16;

/** The first thing that each side says. */
export type Hello = {
  readonly wireVersion: number;
  readonly chainId: number;
  readonly genesisHash: GenesisHash;
  /** Last committed height. */
  readonly height: number;
  /** Random number of this run of the node: another one means that the node was started again. */
  readonly instance: Uint8Array;
  /** Challenge that the proof of the other side answers. */
  readonly nonce: Uint8Array;
  /** Address of the validator key that will be proved; undefined for a node that only follows. */
  readonly validator: Address | undefined;
};

/** What is said on the control stream. */
export type ControlMessage =
  | ({ readonly type: 'hello' } & Hello)
  /** The signature over the session by the key that the hello has named; undefined when it named none. */
  | { readonly type: 'proof'; readonly signature: Signature | undefined }
  | { readonly type: 'accepted' }
  /** Ends the connection, before or after it has become a link. */
  | { readonly type: 'farewell'; readonly reason: CloseReason }
  | { readonly type: 'ping'; readonly sequence: number }
  | { readonly type: 'pong'; readonly sequence: number };

const TAGS = ['hello', 'proof', 'accepted', 'farewell', 'ping', 'pong'] as const;
const AT = { wireVersion: 1, chainId: 3, genesisHash: 11, height: 43, instance: 51, nonce: 67, hasValidator: 99, validator: 100 } as const;
const HELLO_BYTES = 120;
const SIGNATURE_BYTES = 65;

/** The frame of a control message: a tag, then its fields, numbers big-endian. */
export function encodeControlMessage(message: ControlMessage): Uint8Array {
  const tag = TAGS.indexOf(message.type);
  switch (message.type) {
    case 'hello':
      return encodeHello(tag, message);
    case 'proof':
      return joinBytes([Uint8Array.of(tag), message.signature ?? new Uint8Array(0)]);
    case 'accepted':
      return Uint8Array.of(tag);
    case 'farewell':
      return Uint8Array.of(tag, encodeCloseReason(message.reason));
    case 'ping':
    case 'pong': {
      const bytes = new Uint8Array(5);
      bytes[0] = tag;
      new DataView(bytes.buffer).setUint32(1, message.sequence);
      return bytes;
    }
  }
}

/** The message of a frame; `otherVersion` for a hello of a version that is not read here; undefined when it is none. */
export function decodeControlMessage(frame: Uint8Array): ControlMessage | 'otherVersion' | undefined {
  const type = TAGS[frame[0] ?? TAGS.length];
  if (type === undefined) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  switch (type) {
    case 'hello':
      if (frame.length < AT.chainId) return undefined;
      if (view.getUint16(AT.wireVersion) !== WIRE_VERSION) return 'otherVersion';
      return frame.length === HELLO_BYTES ? decodeHello(frame, view) : undefined;
    case 'proof':
      if (frame.length === 1) return { type, signature: undefined };
      return frame.length === 1 + SIGNATURE_BYTES ? { type, signature: frame.subarray(1) as Signature } : undefined;
    case 'accepted':
      return frame.length === 1 ? { type } : undefined;
    case 'farewell': {
      const reason = frame.length === 2 ? decodeCloseReason(frame[1] as number) : undefined;
      return reason === undefined ? undefined : { type, reason };
    }
    case 'ping':
    case 'pong':
      return frame.length === 5 ? { type, sequence: view.getUint32(1) } : undefined;
  }
}

function encodeHello(tag: number, hello: Hello): Uint8Array {
  const bytes = new Uint8Array(HELLO_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = tag;
  view.setUint16(AT.wireVersion, hello.wireVersion);
  view.setBigUint64(AT.chainId, BigInt(hello.chainId));
  bytes.set(hello.genesisHash, AT.genesisHash);
  view.setBigUint64(AT.height, BigInt(hello.height));
  bytes.set(hello.instance, AT.instance);
  bytes.set(hello.nonce, AT.nonce);
  if (hello.validator !== undefined) {
    bytes[AT.hasValidator] = 1;
    bytes.set(hello.validator, AT.validator);
  }
  return bytes;
}

function decodeHello(frame: Uint8Array, view: DataView): ControlMessage | undefined {
  const chainId = Number(view.getBigUint64(AT.chainId));
  const height = Number(view.getBigUint64(AT.height));
  const hasValidator = frame[AT.hasValidator] as number;
  if (!Number.isSafeInteger(chainId) || !Number.isSafeInteger(height) || hasValidator > 1) return undefined;
  const validator = frame.slice(AT.validator) as Address;
  if (hasValidator === 0 && validator.some((byte) => byte !== 0)) return undefined;
  return {
    type: 'hello',
    wireVersion: WIRE_VERSION,
    chainId,
    genesisHash: frame.slice(AT.genesisHash, AT.height) as GenesisHash,
    height,
    instance: frame.slice(AT.instance, AT.nonce),
    nonce: frame.slice(AT.nonce, AT.hasValidator),
    validator: hasValidator === 1 ? validator : undefined,
  };
}
