/*
 * A node of the tree is named by a small integer: 4 bits of kind and 27 bits of index within the kind. Kind 0 is the empty subtree,
 * 1 to 14 a page with so many leaves, 15 an inner node. It stays below 2^31, so that the engine keeps it as an integer.
 */

/** Integer that names a node; `EMPTY_REF` for the empty subtree. */
export type NodeRef = number;

/** The empty subtree. */
export const EMPTY_REF: NodeRef = 0;

/** Kind of an inner node; above the count of leaves of every page, so that the sum of two kinds tells whether two pages fit in one. */
export const INNER_KIND = 15;

const INDEX_BITS = 27;
const INDEX_MASK: number = 2 ** 27 - 1;

/** Nodes of one kind that can exist at the same time. */
export const NODES_PER_KIND_MAX: number = 2 ** 27;

/** Name of a node. */
export function nodeRef(kind: number, index: number): NodeRef {
  return (kind << INDEX_BITS) | index;
}

/** Kind of a node: 0 empty, 15 inner, otherwise the number of leaves of a page. */
export function kindOf(ref: NodeRef): number {
  return ref >>> INDEX_BITS;
}

/** Index of a node within its kind. */
export function indexOf(ref: NodeRef): number {
  return ref & INDEX_MASK;
}
