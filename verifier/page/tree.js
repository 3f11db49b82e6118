"use strict";

// The Merkle tree of RFC 6962, as it grows by perfect subtrees.
//
// A bundle shows some entries, and one hash for each perfect subtree beside them. Which subtrees
// these are follows from the shown indexes, from the tree's size and from `since`, which none of
// them crosses; so whoever appends leaves and hidden hashes in their order arrives at the
// checkpoint's root, and on the way at the root of the log when it had `since` entries.

const LEAF_MARK = new Uint8Array([0]);
const NODE_MARK = new Uint8Array([1]);

function leafHash(header) {
  return sha256(LEAF_MARK, header);
}

function nodeHash(left, right) {
  return sha256(NODE_MARK, left, right);
}

/** A tree that grows by perfect subtrees. Sizes stay below 2^53, so plain numbers count them. */
class Tree {
  constructor() {
    this.size = 0;
    this.edge = [];
  }

  append(hash, leaves = 1) {
    let grown = hash;
    for (let place = this.size / leaves; place % 2 === 1; place = (place - 1) / 2) {
      grown = nodeHash(this.edge.pop(), grown);
    }
    this.edge.push(grown);
    this.size += leaves;
  }

  /** Append what is hidden before `end`. */
  fill(end, hidden) {
    while (this.size < end) {
      const leaves = subtreeAt(this.size, end);
      const hash = hidden.next();
      if (hash === null) {
        throw new Refused("places.hidden_missing", { index: this.size });
      }
      this.append(hash, leaves);
    }
  }

  root() {
    let root = this.edge[this.edge.length - 1];
    for (let place = this.edge.length - 2; place >= 0; place -= 1) {
      root = nodeHash(this.edge[place], root);
    }
    return root;
  }
}

/** How many leaves the largest perfect subtree has that begins here and ends by `end`. */
function subtreeAt(begin, end) {
  let leaves = 1;
  while (leaves * 2 <= end - begin && begin % (leaves * 2) === 0) {
    leaves *= 2;
  }
  return leaves;
}

/** The hidden hashes, one after the other: 32 bytes as base64 on each line. */
class Hidden {
  constructor(bytes) {
    this.lines = linesOf(bytes, "hidden.txt");
    this.used = 0;
  }

  next() {
    if (this.used === this.lines.length) {
      return null;
    }
    this.used += 1;
    return bytesOfBase64(this.lines[this.used - 1], "hidden.txt", HASH_BYTES);
  }

  get left() {
    return this.lines.length - this.used;
  }
}

/** Shown entries as perfect subtrees: two halves become their whole unless it crosses `since`. */
class Subtrees {
  constructor(since) {
    this.since = since;
    this.parts = [];
  }

  take(index, hash) {
    const { parts, since } = this;
    parts.push({ begin: index, leaves: 1, hash });
    while (parts.length > 1) {
      const [left, right] = parts.slice(-2);
      const whole = 2 * left.leaves;
      const isApart =
        left.leaves !== right.leaves ||
        left.begin + left.leaves !== right.begin ||
        left.begin % whole !== 0;
      if (isApart || (left.begin < since && since < left.begin + whole)) {
        return;
      }
      const hash = nodeHash(left.hash, right.hash);
      parts.splice(-2, 2, { begin: left.begin, leaves: whole, hash });
    }
  }
}

/**
 * Check that shown entries and hidden hashes are the trees with these roots.
 *
 * `borders` are {size, root}, growing; a border without a root only divides what is hidden.
 */
function checkPlaces(parts, hidden, borders) {
  const tree = new Tree();
  let used = 0;
  for (const { size, root } of borders) {
    for (; used < parts.length && parts[used].begin < size; used += 1) {
      const part = parts[used];
      if (part.begin < tree.size || part.begin + part.leaves > size) {
        throw new Refused("places.order", { index: part.begin });
      }
      tree.fill(part.begin, hidden);
      tree.append(part.hash, part.leaves);
    }
    tree.fill(size, hidden);
    if (root !== null && (size === 0 || !sameBytes(tree.root(), root))) {
      const found = size === 0 ? "" : hexOf(tree.root());
      throw new Refused("places.root", { size, found, expected: hexOf(root) });
    }
  }
  if (used < parts.length || hidden.left > 0) {
    throw new Refused("places.more");
  }
}
