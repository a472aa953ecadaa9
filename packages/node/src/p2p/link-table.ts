import type { CloseReason } from './close-reason.ts';
import type { Hello } from './control-message.ts';
import { TRANSPORT_LIMITS } from './limits.ts';
import type { ConnectedPeer, Member } from './transport.ts';

/** What decides between two connections to one peer. */
export type LinkTraits = {
  /** Whether the connection was dialled by this node. */
  readonly isDialler: boolean;
};

type Linked<Connection> = { readonly connection: Connection; readonly info: ConnectedPeer; readonly instance: string };

/**
 * The members and their links: one for each peer.
 *
 * Of two connections to one run of a peer the one dialled by the smaller peer id stays, so that both sides choose alike without asking; of two
 * in the same direction the newer one. A peer that was started again takes the place of what it was before.
 */
export class LinkTable<Connection extends LinkTraits> {
  readonly #ownPeer: string;
  readonly #links = new Map<string, Linked<Connection>>();
  #members = new Map<string, Member>();

  constructor(ownPeer: string) {
    this.#ownPeer = ownPeer;
  }

  /** Replaces the members, and returns the connections of those that are none any more. */
  admit(members: readonly Member[]): readonly Connection[] {
    this.#members = new Map(members.filter(({ peer }) => peer !== this.#ownPeer).map((member) => [member.peer, member]));
    return [...this.#links].filter(([peer]) => !this.#members.has(peer)).map(([, { connection }]) => connection);
  }

  /** The member of this peer id. */
  member(peer: string): Member | undefined {
    return this.#members.get(peer);
  }

  /** The connection that is the link to a peer. */
  find(peer: string): Connection | undefined {
    return this.#links.get(peer)?.connection;
  }

  /** All that are linked, in the order of their ids. */
  peers(): readonly ConnectedPeer[] {
    return [...this.#links.values()].map(({ info }) => info).sort((a, b) => (a.peer < b.peer ? -1 : 1));
  }

  /** Whether a peer may be linked over a connection; why not otherwise. */
  judge(peer: string, connection: Connection, hello: Hello): CloseReason | undefined {
    const member = this.#members.get(peer);
    if (member === undefined) return 'notAdmitted';
    const linked = this.#links.get(peer);
    if (linked !== undefined) return this.#isBetter(peer, connection, hello, linked) ? undefined : 'duplicate';
    return member.role === 'follower' && this.#followers() >= TRANSPORT_LIMITS.followersMax ? 'noPlace' : undefined;
  }

  /** Makes a connection the link to its peer, and returns the one that it replaces. */
  link(connection: Connection, info: ConnectedPeer, hello: Hello): Connection | undefined {
    const replaced = this.find(info.peer);
    this.#links.set(info.peer, { connection, info, instance: hello.instance.join() });
    return replaced;
  }

  /** Forgets a connection. False when it was no link, or is none any more. */
  unlink(peer: string, connection: Connection): boolean {
    return this.find(peer) === connection && this.#links.delete(peer);
  }

  #followers(): number {
    return [...this.#links.keys()].filter((peer) => this.#members.get(peer)?.role === 'follower').length;
  }

  #isBetter(peer: string, connection: Connection, hello: Hello, linked: Linked<Connection>): boolean {
    if (linked.instance !== hello.instance.join() || linked.connection.isDialler === connection.isDialler) return true;
    return connection.isDialler === this.#ownPeer < peer;
  }
}
