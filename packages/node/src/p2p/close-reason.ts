/** Why a link ends or does not come about; what is said to the peer is the position in this table. Appended, never reordered. */
export const CLOSE_REASONS = {
  stopped: 'The node stops.',
  connectionLost: 'The connection ended.',
  wireVersionUnknown: 'The peer speaks another version of the wire protocol.',
  chainOther: 'The peer is on a chain with another id.',
  genesisOther: 'The peer is on a chain with another genesis.',
  proofWrong: 'The peer has not proved that it holds the validator key that it names.',
  helloInvalid: 'The peer has not said hello as the protocol says.',
  handshakeTimedOut: 'The peer has not finished its hello in time.',
  notAdmitted: 'The peer is not, or no longer, a member.',
  duplicate: 'There is a better connection to the same peer.',
  replaced: 'A newer connection to the same peer has taken its place.',
  frameInvalid: 'A frame is empty, too long, cut off, or not of this protocol.',
  silent: 'Nothing was heard from the peer for too long.',
  stalled: 'The peer takes nothing of what waits for it.',
  rulesBroken: 'The peer has sent what a correct node never sends.',
  noPlace: 'All places for nodes that do not validate are taken.',
} as const;

/** A reason of `CLOSE_REASONS`. */
export type CloseReason = keyof typeof CLOSE_REASONS;

const CODES = Object.keys(CLOSE_REASONS) as CloseReason[];

/** The byte that stands for a reason. */
export function encodeCloseReason(reason: CloseReason): number {
  return CODES.indexOf(reason);
}

/** The reason that a byte stands for, or undefined when this version knows none. */
export function decodeCloseReason(byte: number): CloseReason | undefined {
  return CODES[byte];
}
