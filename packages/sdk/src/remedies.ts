/** What can be done about a code, in one sentence: those of this package, of the contract, and of refused transactions. */
const REMEDIES: Readonly<Record<string, string>> = {
  SDK_URL_INVALID: 'Give the URL of a node, such as http://127.0.0.1:8545.',
  SDK_PARAMETERS_INVALID: 'Correct the field that is named; the reference of JSON-RPC has the shapes.',
  SDK_UNREACHABLE: 'Check that the node runs and that the URL is right, or give more URLs.',
  SDK_TIMEOUT: 'Try again, with more time, or give more URLs.',
  SDK_ANSWER_INVALID: 'Check that the URL is that of a node, and that node and program are of versions that fit.',
  SDK_ABORTED: 'Nothing: the caller wanted it so.',
  SDK_CHAIN_DIFFERS: 'Check the URL, or whether the network was started anew; never go on with another chain unseen.',
  SDK_PAYLOAD_DIFFERS: 'Do not sign; ask another node, or build the message yourself.',
  SDK_SIGNATURE_WRONG: 'Check that the signer holds the key of the address and signs typed data (EIP-712) unchanged.',
  SDK_NOT_APPROVED: 'Nothing was signed; hand the operation in again to be asked again.',
  SDK_QUEUE_FULL: 'Wait until some operations are settled.',
  SDK_CLOSED: 'Look the transaction up by its id, with a wallet or client that is open.',
  SDK_BLOCK_REFUSED: 'Ask another node; if two nodes disagree about one block, ask people.',

  INVALID_PARAMS: 'Correct the parameter that is named.',
  METHOD_NOT_FOUND: 'Check the version of the node: rpc.discover lists its methods.',
  MEMPOOL_FULL: 'Send it again later, or to another node.',
  MEMPOOL_ACCOUNT_FULL: 'Wait until some of the pending transactions of the account are committed.',
  MEMPOOL_BUSY: 'Send it again in a second.',
  UNKNOWN_BLOCK: 'Wait until the node has it, or ask another node.',
  UNKNOWN_TRANSACTION: 'Check the id, or send the transaction again: the same bytes are never executed twice.',
  HEIGHT_PRUNED: 'Ask a node that keeps more.',
  PRUNED: 'The transaction is committed; ask a node that keeps more for its receipt.',
  CURSOR_INVALID: 'Begin the list anew, without a cursor.',
  RESPONSE_TOO_LARGE: 'Ask for less at once.',
  SERVER_BUSY: 'Try again later, or ask another node.',
  NOT_READY: 'Wait until the node has synced, or ask another node.',
  RATE_LIMITED: 'Wait as long as retryAfterMs says.',
  TIMEOUT: 'Ask for less at once, or try again.',
  HOST_FORBIDDEN: 'Have the operator allow the host name, or use one that is allowed.',
  ORIGIN_FORBIDDEN: 'Have the operator allow the origin of the page.',
  INTERNAL_ERROR: "Try again; the node's log says what happened.",

  BAD_SIGNATURE: 'Sign the message with the key of `from`, and the fee with that of the sponsor.',
  WRONG_CHAIN: 'Sign for the chain id and the genesis hash of this chain.',
  EXPIRED: "Sign again, with a `validUntil` after the tip's time and within the allowed window.",
  NONCE_TOO_LOW: "Sign again with the account's pending nonce.",
  NONCE_TOO_HIGH: 'Send the transactions with the nonces before this one first.',
  NONCE_TAKEN: 'Wait until the other transaction with this nonce is committed or expired, or take the next nonce.',
  NONCE_USED: 'Sign again with the next nonce.',
  FEE_TOO_LOW: 'Raise `maxFee` to the fee of the operation.',
  INSUFFICIENT_FEE_BALANCE: 'Give the payer enough MTN for the fees of all pending transactions.',
  NOT_PERMITTED: 'Let an account act that has the authority.',
  LEVEL_TOO_LOW: "Have the registrar raise or renew the sender's level.",
  FROZEN: 'Wait until the freeze is lifted.',
};

/** What can be done about a code; a general sentence for one that is not known here. */
export function remedyOf(code: string): string {
  return REMEDIES[code] ?? 'See the meaning of the code in the reference.';
}
