import { protocolError } from '../errors.ts';
import { byteList, type Codec, containerCodec, fixedBytes, listOfItems, uint8 } from '../ssz/codec.ts';
import { STATE_KEY_BYTES_MAX } from './state-hashes.ts';
import { type AbsenceWitness, PROOF_SIBLINGS_MAX, type StateProof } from './state-proof.ts';

/** Longest value of a state entry that a proof carries, bytes: the longest entry is a validator set with its addresses. */
export const STATE_VALUE_BYTES_MAX = 131_072;

/** What a proof shows, by its first byte. */
const KINDS = { present: 0, emptySubtree: 1, otherLeaf: 2 } as const;

const NOTHING = new Uint8Array(0);

/** `witness` is the key hash and the value hash of the other leaf. */
const codec = containerCodec({
  kind: uint8,
  key: byteList(STATE_KEY_BYTES_MAX),
  value: byteList(STATE_VALUE_BYTES_MAX),
  witness: byteList(64),
  siblings: listOfItems(fixedBytes<Uint8Array>(32), PROOF_SIBLINGS_MAX),
});

/**
 * Canonical bytes of a state proof: what it shows (0 the value, 1 an empty subtree, 2 another key's leaf), the key, and of value and
 * witness only what that needs.
 *
 * Errors of decode: `PROTOCOL_BYTES_INVALID`, naming the field and its limit. Whether a proof holds is for `verifyStateProof` to say.
 */
export const stateProofCodec: Codec<StateProof> = {
  encode: ({ key, value, siblings, absence }) =>
    codec.encode({
      kind: absence === undefined ? KINDS.present : absence.kind === 'empty' ? KINDS.emptySubtree : KINDS.otherLeaf,
      key,
      value: value ?? NOTHING,
      witness: absence?.kind === 'other' ? joined(absence.keyHash, absence.valueHash) : NOTHING,
      siblings,
    }),
  decode: (bytes) => {
    const { kind, key, value, witness, siblings } = codec.decode(bytes);
    if (kind > KINDS.otherLeaf) throw invalid('kind', '0, 1 or 2');
    if (key.length === 0) throw invalid('key', 'at least one byte');
    if (witness.length !== (kind === KINDS.otherLeaf ? 64 : 0))
      throw invalid('witness', '64 bytes for another leaf, and nothing otherwise');
    if (kind === KINDS.present) return { key, value, siblings, absence: undefined };
    if (value.length !== 0) throw invalid('value', 'nothing when the key is absent');
    return { key, value: undefined, siblings, absence: witnessOf(witness) };
  },
};

function witnessOf(witness: Uint8Array): AbsenceWitness {
  if (witness.length === 0) return { kind: 'empty' };
  return { kind: 'other', keyHash: witness.slice(0, 32), valueHash: witness.slice(32) };
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

function invalid(field: string, expected: string): Error {
  return protocolError('PROTOCOL_BYTES_INVALID', `${field} of a state proof has to be ${expected}`, { field });
}
