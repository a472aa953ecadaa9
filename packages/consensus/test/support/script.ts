import { Cluster, type ClusterOptions, type Envelope } from './cluster.ts';
import { transcriptOf } from './transcript.ts';
import { equalValidators } from './validators.ts';

/** A cluster of validators of power 1 that writes down what it does, and the words in which scenarios are told. */
export class Script {
  readonly cluster: Cluster;
  readonly lines: string[] = [];

  constructor(validators: number, options: Partial<ClusterOptions> = {}) {
    this.cluster = new Cluster({
      validators: equalValidators(validators),
      ...options,
      onStep: (node, _before, input, effects) => this.lines.push(...transcriptOf(node, input, effects)),
    });
  }

  /** Says what happens next. */
  say(words: string): void {
    this.lines.push(`— ${words}`);
  }

  /** Kills nodes. */
  kill(...places: readonly number[]): void {
    this.say(`${names(places)} killed`);
    this.cluster.kill(...places);
  }

  /** Starts nodes. */
  start(...places: readonly number[]): void {
    const all = places.length === 0 ? [...this.cluster.nodes.keys()] : places;
    this.say(`${names(all)} started`);
    this.cluster.start(...all);
  }

  /** Runs out a timer of several nodes. */
  expire(kind: 'blockInterval' | 'propose' | 'prevote' | 'precommit' | 'resend', ...places: readonly number[]): void {
    for (const place of places) this.cluster.expire(place, kind);
  }

  /** Delivers everything that is on its way to these nodes, and what comes of it. */
  deliverTo(...places: readonly number[]): void {
    this.cluster.deliver(({ to }) => places.includes(to));
  }

  /** Delivers some messages. */
  deliver(passes?: (envelope: Envelope) => boolean): void {
    this.cluster.deliver(passes);
  }

  /** Loses everything that is on its way. */
  lose(what: string, matches?: (envelope: Envelope) => boolean): void {
    this.say(`lost: ${what}`);
    this.cluster.drop(matches);
  }

  /** The number of the block that a node committed at a height; 0 when it committed none. */
  committed(place: number, height = 1): number {
    const hash = this.cluster.node(place).chain[height - 1]?.block.blockHash;
    return hash === undefined ? 0 : new DataView(hash.buffer, hash.byteOffset).getUint32(0);
  }

  /** The transcript as text. */
  get text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

/** Whether a message is a vote of this kind and, if given, round. */
export function isVote({ message }: Envelope, kind: 'prevote' | 'precommit', round?: number): boolean {
  return message.type === 'vote' && message.vote.kind === kind && (round === undefined || message.vote.round === round);
}

function names(places: readonly number[]): string {
  return `node${places.length > 1 ? 's' : ''} ${places.join(', ')}`;
}
