import { isDeepStrictEqual } from 'node:util';
import type { ConsensusState, SignRequest } from '@mutual-chain/consensus';
import { type DecidedBlock, decodeConsensusMessage } from '@mutual-chain/node';
import { accusedOf, type BlockHash, type ConsensusProposal, type Evidence, type Vote } from '@mutual-chain/protocol';
import type { Mark, MarkCounts } from '../campaign/marks.ts';
import { createMarkCounts } from '../campaign/marks.ts';
import type { CommittedFacts } from '../chain/simulated-chain.ts';
import type { NodeObserver } from '../cluster/node-observer.ts';
import type { SimulatedNode } from '../cluster/simulated-node.ts';
import type { World } from '../world/world.ts';
import { accuse, type SignedDecision } from './accountability.ts';
import { findOverflow } from './bounds.ts';
import { type CertificateContext, checkDecision } from './certificate-checker.ts';
import type { ChainHistory } from './chain-history.ts';
import { ConductChecker } from './conduct-checker.ts';
import { judgeHalt } from './halts.ts';
import { observeProgress, type Progress } from './observe-progress.ts';
import { PoolChecker } from './pool-checker.ts';
import { hexOf, orderedMembers, type Powers } from './powers.ts';
import { SignatureChecker } from './signature-checker.ts';
import { Turns } from './turns.ts';
import type { CheckerName, Verdict } from './violation.ts';

/** What is expected of a node. */
export type Expectations = {
  /** Signs nothing twice, is cut by nobody, stops for no reason. */
  readonly isHonest: boolean;
  /** Its disk keeps what it says it keeps. */
  readonly isDiskSound: boolean;
};

/** What the checkers look at the cluster with. */
export type CheckerContext = CertificateContext & {
  readonly world: World;
  readonly verdict: Verdict;
  /** Of the simple chain; undefined when another executes blocks, whose validators stay as they are. */
  readonly history: ChainHistory | undefined;
  readonly powersAt: (height: number) => Powers | undefined;
  readonly expectationsOf: (node: number) => Expectations;
  /** Numbers of the nodes of a key, by its address in hex. */
  readonly nodesOf: (address: string) => readonly number[];
  readonly isPartitioned: () => boolean;
  /** A node has locked a value. */
  readonly locked: (node: SimulatedNode) => void;
};

type Decided = { readonly block: DecidedBlock; readonly stateRoot: string; commits: number };

/** How often the lengths in a node's memory are looked at: once in so many pieces of work. */
const BOUNDS_EVERY = 16;

/** Looks at everything that happens in a cluster and reports the first rule that is broken. None of it shares code with the node. */
export class ClusterCheckers {
  readonly marks: MarkCounts = createMarkCounts();
  readonly observer: NodeObserver<SimulatedNode>;
  readonly signatures: SignatureChecker;
  readonly #context: CheckerContext;
  readonly #decided: Decided[] = [];
  readonly #conduct: ConductChecker;
  readonly #turns: Turns;
  readonly #heights = new Map<number, number>();
  readonly #progress = new Map<number, Progress>();
  readonly #reproposed = new Set<string>();
  /** Blocks that each node prevoted at its height. */
  readonly #prevoted = new Map<number, { readonly height: number; readonly blocks: readonly BlockHash[] }>();
  #turnHeights = 1;
  #works = 0;

  constructor(context: CheckerContext) {
    this.#context = context;
    this.#turns = new Turns(context.powersAt(1) as Powers);
    this.signatures = new SignatureChecker(
      (checker, description) => this.report(checker, description),
      (height) => this.#context.powersAt(height),
    );
    this.#conduct = new ConductChecker((checker, description) => this.report(checker, description));
    this.observer = {
      booted: (node) => this.#booted(node),
      bootFailed: (node, error) => this.#stopped(node, error instanceof Error ? error.message : String(error)),
      ended: () => undefined,
      halted: (node, reason) => this.#stopped(node, reason),
      signRequested: (node, request, unsynced) => this.#signRequested(node, request, unsynced),
      signed: (node, message, isRepeated) => {
        if (isRepeated) this.mark('signingRepeated');
        this.#signed(node, message);
      },
      refused: (node, request, reason) => this.#refused(node, request, reason),
      sent: (node, bytes, unsynced) => this.#sent(node, bytes, unsynced),
      committed: (node, block, facts) => this.#committed(node, block, facts),
      cut: (node, peer, reason) => this.#cut(node, peer, reason),
      evidenceReported: (node, evidence) => this.#evidenceReported(node, evidence),
      signingForbidden: (node, height, reason) => this.#signingForbidden(node, height, reason),
      decidedTaken: ({ name }, { height, blockHash }, found) => {
        if (found === undefined || hexOf(found) !== hexOf(blockHash))
          this.report('certificate', `${name} takes a block of height ${height} with the certificate of another`);
      },
      logIncident: (_, { type }) => {
        if (type === 'tailDropped') this.mark('walTailDropped');
      },
      replayed: (node, before, after) => this.#replayed(node, before, after),
      poolOf: (node) =>
        new PoolChecker(
          (description) => this.report('mempool', `${node.name}: ${description}`),
          (mark) => this.mark(mark),
        ),
      worked: (node) => this.#worked(node),
    };
  }

  /** Highest height that any honest node has committed. */
  get height(): number {
    return this.#decided.length;
  }

  /** Height that a node has committed. */
  heightOf(node: number): number {
    return this.#heights.get(node) ?? 0;
  }

  /** The block of a decided height. */
  decidedAt(height: number): DecidedBlock | undefined {
    return this.#decided[height - 1]?.block;
  }

  /** State root after a decided height, in hex. */
  stateRootAt(height: number): string | undefined {
    return this.#decided[height - 1]?.stateRoot;
  }

  /** Ends the simulation with a violation. */
  report(checker: CheckerName, description: string): never {
    return this.#context.verdict.report(checker, description);
  }

  /** Notes that a situation was met. */
  mark(mark: Mark): void {
    this.marks[mark]++;
  }

  /** A message of a validator that may be faulty is on its way: its votes count for what others may lock on. */
  sawOnWire(bytes: Uint8Array): void {
    if (bytes[0] !== 1) return;
    const decoded = decodeConsensusMessage(bytes);
    if ('message' in decoded && decoded.message.type === 'votes') for (const vote of decoded.message.votes) this.signatures.seen(vote);
  }

  /** Everybody has committed this height. */
  forgetUpTo(height: number): void {
    this.signatures.forgetUpTo(height);
  }

  /** A node is set back to a height, as from an old copy of its chain. */
  setBack(node: number, height: number): void {
    this.#heights.set(node, height);
  }

  #booted(node: SimulatedNode): void {
    this.#progress.delete(node.index);
    this.#checkBodies(node);
    const state = node.runtime?.state.current;
    if (state !== undefined && this.#context.expectationsOf(node.index).isHonest) this.#conduct.booted(state);
    if ((state?.round.round ?? -1) >= 0) this.mark('restartedInHeight');
  }

  #stopped(node: SimulatedNode, reason: string): void {
    const judged = judgeHalt(reason, node.disk.counts);
    if (judged.mark !== undefined) this.mark(judged.mark);
    const { isHonest, isDiskSound } = this.#context.expectationsOf(node.index);
    if (judged.blame === 'nobody' || (judged.blame === 'disk' && !isDiskSound) || !isHonest) return;
    this.report('halt', `${node.name} stops: ${reason}`);
  }

  #refused(node: SimulatedNode, request: SignRequest, reason: string): void {
    this.mark('signatureRefused');
    if (this.#context.expectationsOf(node.index).isHonest) this.#conduct.refused(node, request, reason);
  }

  #signRequested(node: SimulatedNode, request: SignRequest, unsynced: number): void {
    const { kind, height } = request;
    if (this.#context.expectationsOf(node.index).isHonest) this.#conduct.signRequested(node, request);
    if (unsynced > 0)
      this.report('durability', `${node.name} signs a ${kind} at height ${height} while ${unsynced} records are not durable`);
  }

  #signed(node: SimulatedNode, message: Vote | ConsensusProposal): void {
    if (!this.#context.expectationsOf(node.index).isHonest) return;
    this.signatures.signed(message);
    if ('kind' in message && message.kind === 'prevote' && message.blockHash !== undefined) {
      const known = this.#prevoted.get(node.index);
      const before = known?.height === message.height ? known.blocks : [];
      this.#prevoted.set(node.index, { height: message.height, blocks: [...before, message.blockHash] });
    }
    if (!('proposer' in message)) return;
    const turn = this.#turns.proposerOf(message.height, message.round);
    const proposer = hexOf(message.proposer);
    if (turn !== undefined && turn !== proposer)
      this.report(
        'turn',
        `${node.name} proposes in round ${message.round} of height ${message.height}, when it is the turn of ${turn.slice(0, 8)}`,
      );
    if (message.validRound >= 0) {
      this.mark('reproposalSigned');
      this.#reproposed.add(`${message.round} ${hexOf(message.blockHash)}`);
    }
  }

  /** Proposals (0), votes (1) and requests for bodies (3) by their first byte. */
  #sent(node: SimulatedNode, bytes: Uint8Array, unsynced: number): void {
    const [type] = bytes;
    if (type === 3) this.mark('bodyRequested');
    if (unsynced > 0 && (type === 0 || type === 1))
      this.report('durability', `${node.name} sends what is signed while ${unsynced} records are not durable`);
  }

  #committed(node: SimulatedNode, block: DecidedBlock, facts: CommittedFacts): void {
    const { height } = block;
    const { isHonest } = this.#context.expectationsOf(node.index);
    const known = this.#decided[height - 1];
    const stateRoot = hexOf(facts.stateRoot);
    if (!isHonest) return;
    this.#heights.set(node.index, height);
    this.#markDecision(node, block);
    if (known === undefined) this.#first(node, block, stateRoot);
    else {
      known.commits++;
      if (hexOf(known.block.blockHash) !== hexOf(block.blockHash)) this.#reportFork(node, known.block, block);
      if (known.stateRoot !== stateRoot) this.report('stateRoot', `${node.name} has another state after height ${height}`);
      this.#checkCertificate(node, block);
    }
    this.#checkSet(node, facts);
  }

  /** Two blocks are decided at one height: says who made it possible. */
  #reportFork(node: SimulatedNode, known: DecidedBlock, block: DecidedBlock): never {
    const { height } = block;
    const powers = this.#context.powersAt(height) ?? new Map<string, bigint>();
    const members = orderedMembers(powers);
    const signed = ({ blockHash, certificate }: DecidedBlock): SignedDecision => ({
      round: certificate.round,
      value: hexOf(blockHash),
      signers: certificate.signatures.map(({ validatorIndex }) => members[validatorIndex] ?? ''),
    });
    const { accused, isThird } = accuse(powers, signed(known), signed(block), this.signatures.prevotedValues(height), (round, value) =>
      this.signatures.prevoters(height, round, value),
    );
    const names = accused.map((each) => each.slice(0, 8)).join(' and ');
    const blame =
      accused.length === 0 ? 'nobody is seen to be guilty' : `guilty are ${names}${isThird ? ', at least a third of the power' : ''}`;
    return this.report(
      'agreement',
      `${node.name} decides ${hexOf(block.blockHash).slice(0, 8)} at height ${height}, where ${hexOf(known.blockHash).slice(0, 8)} is decided; ${blame}`,
    );
  }

  #first(node: SimulatedNode, block: DecidedBlock, stateRoot: string): void {
    const { height } = block;
    if (height !== this.#decided.length + 1) this.report('agreement', `${node.name} decides height ${height} before height ${height - 1}`);
    this.#checkCertificate(node, block);
    this.#decided.push({ block, stateRoot, commits: 1 });
    const { history } = this.#context;
    if (history !== undefined) {
      const before = history.powersAt(height + 1);
      const { added, removed, repowered, isLarge } = history.append(block);
      if (added > 0) this.mark('validatorAdded');
      if (removed > 0) this.mark('validatorRemoved');
      if (repowered > 0) this.mark('powerChanged');
      if (isLarge) this.mark('largeChange');
      const after = history.powersAt(height + 2);
      if (after?.size === 1 && before !== undefined && before.size > 1) this.mark('singleValidator');
      const turn = this.#turns.proposerOf(height, block.certificate.round);
      if (removed > 0 && turn !== undefined && after?.has(turn) === false && before?.has(turn) === true) this.mark('proposerRemoved');
      const view = new DataView(block.body.buffer, block.body.byteOffset, block.body.byteLength);
      if (view.getUint16(196) === 0) this.mark('emptyBlockDecided');
      for (const accused of history.accused) if (accused.height === height) this.mark('evidenceCommitted');
    }
    for (let next = this.#turnHeights + 1; this.#context.powersAt(next) !== undefined && next <= height + 2; next++) {
      this.#turns.append(next, history?.changesAt(next) ?? []);
      this.#turnHeights = next;
    }
    if (this.#reproposed.has(`${block.certificate.round} ${hexOf(block.blockHash)}`)) this.mark('reproposalDecided');
    if (this.#reproposed.size > 0) this.#reproposed.clear();
  }

  #checkCertificate(node: SimulatedNode, { height, blockHash, certificate }: DecidedBlock): void {
    const powers = this.#context.powersAt(height);
    const fault =
      powers === undefined ? 'nobody can know its validators' : checkDecision(this.#context, powers, height, blockHash, certificate);
    if (fault !== undefined) this.report('certificate', `the certificate of ${node.name} for height ${height} is wrong: ${fault}`);
  }

  /** The node's validators of the next height are those that follow from the blocks. */
  #checkSet(node: SimulatedNode, { height, validators }: CommittedFacts): void {
    const powers = this.#context.powersAt(height + 1);
    const isSame =
      powers !== undefined &&
      powers.size === validators.validators.length &&
      validators.validators.every(({ address, power }) => powers.get(hexOf(address)) === power);
    if (!isSame) this.report('stateRoot', `${node.name} has other validators for height ${height + 1} than follow from the blocks`);
  }

  #markDecision(node: SimulatedNode, { certificate }: DecidedBlock): void {
    const { round } = certificate;
    if (round === 0) this.mark('decidedInRound0');
    if (round === 1) this.mark('decidedInRound1');
    if (round >= 3) this.mark('decidedInRound3OrLater');
    const current = node.runtime?.state.current;
    if (current?.decision === undefined) return;
    if (current.certificate !== undefined) {
      this.mark('decidedByForeignCertificate');
      this.mark('caughtUp');
      if (this.#context.isPartitioned()) this.mark('caughtUpDuringPartition');
    } else if (current.decision.round < current.round.round) this.mark('decidedInPastRound');
    else if (current.decision.round > current.round.round) this.mark('decidedInFutureRound');
  }

  #cut(node: SimulatedNode, peer: number, reason: string): void {
    const own = this.#context.expectationsOf(node.index);
    const other = this.#context.expectationsOf(peer);
    if (!other.isHonest) this.mark('faultyPeerCut');
    else if (own.isHonest && own.isDiskSound && other.isDiskSound)
      this.report('honestCut', `${node.name} cuts the link to honest node ${peer}: ${reason}`);
  }

  #evidenceReported(node: SimulatedNode, evidence: Evidence): void {
    this.mark('equivocationSeen');
    this.#conduct.evidenceReported(node, evidence);
    const accused = hexOf(accusedOf(evidence));
    const isGuilty = this.#context.nodesOf(accused).some((each) => !this.#context.expectationsOf(each).isHonest);
    if (!isGuilty && this.#context.expectationsOf(node.index).isHonest)
      this.report('evidence', `${node.name} accuses ${accused.slice(0, 8)}, who is honest`);
  }

  #signingForbidden(node: SimulatedNode, height: number, reason: string): void {
    this.mark('signingForbidden');
    const { isHonest, isDiskSound } = this.#context.expectationsOf(node.index);
    if (isHonest && isDiskSound) this.report('replay', `${node.name} may not sign at height ${height}, though nothing was lost: ${reason}`);
  }

  #replayed(node: SimulatedNode, before: ConsensusState, after: ConsensusState): void {
    const { isHonest, isDiskSound } = this.#context.expectationsOf(node.index);
    if (!isHonest || !isDiskSound || after.current?.signing !== before.current?.signing) return;
    if (!isDeepStrictEqual(after.current, before.current))
      this.report('replay', `${node.name} knows something else of height ${before.current?.height} after its replay than before`);
  }

  /** A node keeps the body of every block that it prevoted until the height is committed, also over restarts. */
  #checkBodies(node: SimulatedNode): void {
    const prevoted = this.#prevoted.get(node.index);
    const { isHonest, isDiskSound } = this.#context.expectationsOf(node.index);
    if (!isHonest || !isDiskSound || prevoted === undefined || node.runtime?.state.current?.height !== prevoted.height) return;
    for (const block of prevoted.blocks)
      if (node.runtime.bodyOf(block) === undefined)
        this.report('body', `${node.name} prevoted ${hexOf(block).slice(0, 8)} at height ${prevoted.height} and does not have its body`);
  }

  #worked(node: SimulatedNode): void {
    const state = node.runtime?.state.current;
    if (state === undefined || !this.#context.expectationsOf(node.index).isHonest) return;
    const progress = this.#progress.get(node.index);
    if (progress?.state !== state) {
      this.#progress.set(
        node.index,
        observeProgress(progress, state, (mark) => this.mark(mark)),
      );
      if (state.round.lockedRound > (progress?.state.round.lockedRound ?? -1) && state.decision === undefined) this.#context.locked(node);
    }
    this.#conduct.worked(node, state);
    if (this.#works++ % BOUNDS_EVERY !== 0) return;
    this.#checkBodies(node);
    this.#conduct.inspected(node, state);
    const overflow = findOverflow(node);
    if (overflow !== undefined) this.report('bounds', overflow);
  }
}
