import {
  type Address,
  encodeTransaction,
  feeOf,
  type Parameters,
  type Signature,
  type SignedTransaction,
  type TypedDataPayload,
  typedDataPayload,
  type UnsignedTransaction,
} from '@mutual-chain/protocol';
import { type MessageFields, prepareTransaction } from '../../contract/index.ts';
import { found } from '../found.ts';
import { type CallContext, type ServedMethod, serve } from '../method.ts';
import { RpcError } from '../rpc-error.ts';

/** How long a prepared transaction may be sent, seconds, where the parameters do not say less. */
const VALID_FOR_SEC = 600;

/** Answers `mutual_prepareTransaction`. */
export const servePrepareTransaction: ServedMethod = serve(prepareTransaction, async (context, { transaction: incomplete }) => {
  const { chain, node, checksums } = context;
  const { tip } = node.status();
  if (tip === undefined) throw new RpcError('NOT_READY');
  const { parameters } = found(await chain.parameters('latest'));
  const { transaction, missing } = incomplete;
  const { from, nonce, validUntil, maxFee } = transaction.message;
  const nowSec = Math.floor(tip.timestampMs / 1000);
  const message = {
    ...transaction.message,
    nonce: missing.has('nonce') ? await nextNonce(context, from) : nonce,
    validUntil: missing.has('validUntil') ? nowSec + Math.min(VALID_FOR_SEC, parameters.validUntilWindowSecMax) : validUntil,
    maxFee: missing.has('maxFee') ? feeCap(parameters, transaction) : maxFee,
  };
  const { chainId, genesisHash } = chain.identity;
  const complete = { type: transaction.type, message } as UnsignedTransaction;
  return typedDataPayload({ chainId, genesisHash }, complete, checksums) as unknown as TypedDataPayload<MessageFields>;
});

async function nextNonce({ chain, transactions }: CallContext, from: Address): Promise<number> {
  const { account } = await chain.account(from);
  return Math.max(account.nonce, await transactions.pendingNonce(from));
}

/** The fee the message would cost with a sponsor: the length does not depend on what signatures say, and whoever sends it may add one. */
function feeCap(parameters: Parameters, unsigned: UnsignedTransaction): bigint {
  const signature = new Uint8Array(65) as Signature;
  const sponsor = { address: new Uint8Array(20) as Address, signature };
  const signed = { ...unsigned, signature, sponsor } as SignedTransaction;
  return feeOf(parameters, unsigned.type, encodeTransaction(signed).length);
}
