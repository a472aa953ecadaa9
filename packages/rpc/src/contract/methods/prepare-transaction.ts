import { type DomainJson, domainShape, type TypedDataPayload } from '@mutual-chain/protocol';
import * as z from 'zod';
import type { Method } from '../method.ts';
import type { MessageFields } from '../shapes/transaction-json.ts';
import { type IncompleteTransaction, incompleteTransactionParameter } from '../shapes/transaction-parameters.ts';

const payloadShape: z.ZodType<TypedDataPayload<MessageFields>> = z.strictObject({
  types: z.record(z.string(), z.array(z.strictObject({ name: z.string(), type: z.string() })).readonly()),
  primaryType: z.string(),
  domain: domainShape as z.ZodType<DomainJson>,
  message: z.record(z.string(), z.unknown()),
});

/** `mutual_prepareTransaction`. */
export const prepareTransaction: Method<{ readonly transaction: IncompleteTransaction }, TypedDataPayload<MessageFields>> = {
  name: 'mutual_prepareTransaction',
  summary: 'Completes a message with nonce, validUntil and maxFee where they are missing, and gives the argument of eth_signTypedData_v4.',
  parameters: {
    transaction: {
      description: 'The message with its type; nonce, validUntil and maxFee may be missing.',
      shape: incompleteTransactionParameter,
      isSpread: true,
    },
  },
  result: { description: 'What a wallet is given to sign.', shape: payloadShape },
  errors: ['NOT_READY'],
};
