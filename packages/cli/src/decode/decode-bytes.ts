import {
  type BlockHeader,
  blockCodec,
  blockHash,
  ChainError,
  type Cryptography,
  certificateCodec,
  decodeTransaction,
  encodeHex,
  evidenceCodec,
  formatAddress,
  headerCodec,
  type TypedData,
  transactionIdOf,
  transactionToJson,
  verifyTransaction,
} from '@mutual-chain/protocol';
import { cliError } from '../errors.ts';

/** What bytes of the chain may be. */
export const DECODED_KINDS = ['transaction', 'block', 'header', 'certificate'] as const;

/** One of `DECODED_KINDS`. */
export type DecodedKind = (typeof DECODED_KINDS)[number];

/** What bytes were found to be. */
export type DecodedBytes = { readonly kind: DecodedKind; readonly value: object };

/** What decoding takes besides the bytes. */
export type DecodeOptions = {
  readonly cryptography: Cryptography;
  /** What the bytes are; found out when left out. */
  readonly kind?: DecodedKind | undefined;
  /** The chain whose signatures are checked; without it nothing is said about signatures. */
  readonly typedData?: TypedData | undefined;
};

/**
 * Decodes canonical bytes of the chain into what people read: addresses in EIP-55, other bytes in hex, large numbers in decimal digits.
 *
 * Errors: `CLI_BYTES_UNKNOWN` with what each kind says, or when bytes are of several kinds.
 */
export function decodeBytes(bytes: Uint8Array, options: DecodeOptions): DecodedBytes {
  const found: DecodedBytes[] = [];
  const refusals: string[] = [];
  for (const kind of options.kind === undefined ? DECODED_KINDS : [options.kind]) {
    try {
      found.push({ kind, value: DECODERS[kind](bytes, options) });
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      refusals.push(`no ${kind} (${error.message})`);
    }
  }
  const [first, second] = found;
  if (first === undefined) {
    throw cliError('CLI_BYTES_UNKNOWN', `These ${bytes.length} bytes are ${refusals.join('; ')}.`, { bytes: bytes.length });
  }
  if (second === undefined) return first;
  const kinds = found.map(({ kind }) => kind).join(' and ');
  throw cliError('CLI_BYTES_UNKNOWN', `These ${bytes.length} bytes can be ${kinds}. Say with --kind which they are.`, {
    bytes: bytes.length,
  });
}

const DECODERS: Readonly<Record<DecodedKind, (bytes: Uint8Array, options: DecodeOptions) => object>> = {
  transaction: readTransaction,
  block: readBlock,
  header: (bytes, { cryptography }) => readHeader(headerCodec.decode(bytes), cryptography),
  certificate: (bytes) => certificateCodec.decode(bytes),
};

function readTransaction(bytes: Uint8Array, { cryptography, typedData }: DecodeOptions): object {
  const transaction = decodeTransaction(bytes);
  const id = encodeHex(transactionIdOf(cryptography, bytes));
  const json = transactionToJson(transaction);
  if (typedData === undefined) return { id, ...json };
  const verification = verifyTransaction(cryptography, typedData, bytes);
  return { id, ...json, isSignedForThisChain: verification.ok };
}

function readBlock(bytes: Uint8Array, options: DecodeOptions): object {
  const { header, transactions, evidence } = blockCodec.decode(bytes);
  return {
    header: readHeader(header, options.cryptography),
    transactions: transactions.map((each) => readTransaction(each, options)),
    evidence: evidence.map((each) => evidenceCodec.decode(each)),
  };
}

function readHeader(header: BlockHeader, cryptography: Cryptography): object {
  return { hash: encodeHex(blockHash(cryptography, header)), ...header, proposer: formatAddress(header.proposer) };
}
