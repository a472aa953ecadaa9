/** Limits of the interface. `RPC_LIMIT_REASONS` has unit and reason of each; what is reached is refused with a code, never cut short silently. */
export const RPC_LIMITS = {
  requestBytesMax: 1_048_576,
  requestDepthMax: 64,
  batchCallsMax: 100,
  responseBytesMax: 10_485_760,
  idCharactersMax: 256,
  methodCharactersMax: 64,
  transactionsPerCallMax: 1000,
  pageItemsMax: 1000,
  pageItemsDefault: 100,
  cursorCharactersMax: 512,
  waitMsMax: 60_000,
} as const;

/** Unit and reason of each limit. */
export const RPC_LIMIT_REASONS: Readonly<Record<keyof typeof RPC_LIMITS, string>> = {
  requestBytesMax: 'Bytes of a body: a thousand transactions of usual size.',
  requestDepthMax: 'Depth of nesting of a body, counted before it is parsed; no method needs more than 8.',
  batchCallsMax: 'Calls in one batch.',
  responseBytesMax:
    'Bytes of an answer: a full block with all its transactions in most cases. What does not fit is answered with `RESPONSE_TOO_LARGE`.',
  idCharactersMax: 'Characters of the id of a call, which every answer repeats.',
  methodCharactersMax: 'Characters of the name of a method.',
  transactionsPerCallMax: 'Transactions of one `mutual_sendTransactions`.',
  pageItemsMax: 'Items of one page of a list.',
  pageItemsDefault: 'Items of a page when `limit` is not given.',
  cursorCharactersMax: 'Characters of a cursor.',
  waitMsMax:
    '`timeoutMs` of `mutual_sendAndWait`, ms. A request is answered within `handlerTimeoutMs` of the server, whatever was asked for.',
};
