// Given votes and proposals, which block: nothing else.

export { decodeLoggedInput, encodeLoggedInput } from './codec/logged-input-codec.ts';
export { peerStatusCodec } from './codec/peer-status-codec.ts';
export { type ConsensusState, createConsensusState } from './consensus-state.ts';
export { diagnose } from './diagnosis/diagnose.ts';
export type { Awaited, Diagnosis, ProposalDiagnosis, RoundDiagnosis, TallyDiagnosis } from './diagnosis/diagnosis.ts';
export type { Effect, Recipient } from './effect.ts';
export { CONSENSUS_ERRORS, type ConsensusErrorCode } from './errors.ts';
export type { Decision, HeightState, Incident, KeptProposal, KnownBlock, NilVote } from './height/height-state.ts';
export { coversLastSign } from './height/last-sign.ts';
export type { EarlyMessage } from './height/next-height.ts';
export type { PeerStatus, VoteSummary } from './height/peer-status.ts';
export { isProposedNext, wantsAnyBody, wantsBody } from './height/queries.ts';
export { type Peer, statusOf } from './height/resending.ts';
export { wouldKeepProposal, wouldKeepVote } from './height/would-keep.ts';
export type { BlockFacts, HeightStarted, Input, LoggedInput, SignRequest, Timeout } from './input.ts';
export { CONSENSUS_LIMITS, RESEND_INTERVAL_MS } from './limits.ts';
export {
  checkCertificate,
  checkProposal,
  checkVote,
  trustOwn,
  type VerificationContext,
  type VerifiedCertificate,
  type VerifiedProposal,
  type VerifiedVote,
} from './messages/verified.ts';
export type { NilReason } from './round/round-facts.ts';
export type { RoundState, RoundStep } from './round/round-state.ts';
export { type Step, step } from './step.ts';
export { type ConsensusTiming, isTimely, messageDelayMs, type RoundTimeoutKind, roundTimeoutMs } from './timing.ts';
