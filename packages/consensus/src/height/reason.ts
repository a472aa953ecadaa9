import { utf8Length } from '@mutual-chain/protocol';

/** Most bytes in UTF-8 that are kept of a reason, bytes. */
export const REASON_BYTES_MAX = 512;

/**
 * The beginning of a reason, as much as is kept and logged; half surrogate pairs become U+FFFD. Shortening twice is shortening once.
 *
 * Reasons come from elsewhere, and a log must be able to hold every input.
 */
export function clippedReason(reason: string): string {
  const length = utf8Length(reason);
  if (length >= 0 && length <= REASON_BYTES_MAX) return reason;
  let clipped = '';
  let size = 0;
  for (const character of reason) {
    const isHalf = character >= '\ud800' && character <= '\udfff' && character.length === 1;
    const kept = isHalf ? '\ufffd' : character;
    size += utf8Length(kept);
    if (size > REASON_BYTES_MAX) break;
    clipped += kept;
  }
  return clipped;
}
