import * as z from 'zod';
import type { Method } from '../method.ts';
import type { OpenRpcDocument } from '../openrpc-document.ts';

/** `rpc.discover`. Source: OpenRPC 1.3, service discovery method. */
export const discover: Method<Readonly<Record<never, never>>, OpenRpcDocument> = {
  name: 'rpc.discover',
  summary: 'This document: every method with the shapes of its parameters and of its result.',
  parameters: {},
  result: {
    description: 'The OpenRPC document.',
    shape: z.custom<OpenRpcDocument>((value) => typeof value === 'object' && value !== null),
  },
  errors: [],
};
