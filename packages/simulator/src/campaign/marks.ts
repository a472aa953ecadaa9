/** Situations that a campaign has to have met, or it has tested less than it says. */
export const MARKS = [
  'decidedInRound0',
  'decidedInRound1',
  'decidedInRound3OrLater',
  'decidedInPastRound',
  'decidedInFutureRound',
  'decidedByForeignCertificate',
  'lockChanged',
  'provenAfterItsRound',
  'reproposalSigned',
  'reproposalDecided',
  'nilPolkaWithLock',
  'lockedOnOther',
  'untimely',
  'invalidPrevotedNil',
  'notValidatedInTime',
  'noPrevoteQuorumInTime',
  'wrongProposerNil',
  'roundSkipped',
  'equivocationSeen',
  'evidenceCommitted',
  'bodyRequested',
  'buildFailed',
  'signatureRefused',
  'signingForbidden',
  'signingRepeated',
  'walTailDropped',
  'walDamaged',
  'signerStateDamaged',
  'crashedDuringRecovery',
  'crashedAll',
  'restartedInHeight',
  'caughtUp',
  'caughtUpDuringPartition',
  'diskErrorHalt',
  'diskFullHalt',
  'foreignKeyHalt',
  'validatorAdded',
  'validatorRemoved',
  'powerChanged',
  'proposerRemoved',
  'singleValidator',
  'largeChange',
  'faultyPeerCut',
  'emptyBlockDecided',
  'parkedDropped',
  'transactionExpired',
] as const;

/** One of `MARKS`. */
export type Mark = (typeof MARKS)[number];

/** How often each mark was met. */
export type MarkCounts = Record<Mark, number>;

/** Marks, none of which was met. */
export function createMarkCounts(): MarkCounts {
  return Object.fromEntries(MARKS.map((mark) => [mark, 0])) as MarkCounts;
}
