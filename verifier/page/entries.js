"use strict";

// Entries, line by line: each is a header of this log, its shown parts are what the header commits
// to, and neighbours follow each other. Faults are kept by step, the first of each, so that one
// look at the page tells everything that is wrong and what still holds.

const LINE_BYTES_MAX = 16_000_000;
const FIRST_PREVIOUS = "0".repeat(64);
const EMPTY = "{}";
const COMMITS_POSTINGS = utf8("eco-ledger/commit/v1\npostings/1\n");
const COMMITS_PERSONAL = utf8("eco-ledger/commit/v1\npersonal/1\n");
const HEADER_REST = new RegExp(
  '^","personal":"([0-9a-f]{64})","postings":"([0-9a-f]{64})","previous":"([0-9a-f]{64})",' +
    '"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)","v":"1"}$',
);

/** The entries of a bundle, taken in order. */
class Entries {
  constructor({ origin, since, books }) {
    this.begin = JSON.stringify(origin).slice(0, -1);
    this.subtrees = new Subtrees(since);
    this.books = books;
    this.count = 0;
    this.postings = { shown: 0, withheld: 0, erased: 0, empty: 0 };
    this.personal = { shown: 0, withheld: 0, erased: 0, empty: 0 };
    this.last = null;
    this.faults = new Map();
  }

  /** Check one line. Once a line cannot be read the rest has no places, and is left alone. */
  take(line) {
    if (this.faults.has("entries")) {
      return;
    }
    this.note("entries", () => {
      const entry = readEntry(line, this.begin, this.count);
      this.count += 1;
      this.subtrees.take(entry.index, entry.leaf);
      this.note("chain", () => this.follow(entry));
      this.note("bodies", () => this.weigh(entry));
    });
  }

  /** Remember the first refusal of a step. */
  note(step, check) {
    try {
      check();
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      if (!this.faults.has(step)) {
        this.faults.set(step, error);
      }
    }
  }

  follow(entry) {
    const { last } = this;
    this.last = { index: entry.index, leaf: hexOf(entry.leaf), time: entry.time };
    if (entry.index === 0 && entry.previous !== FIRST_PREVIOUS) {
      throw new Refused("chain.first");
    }
    if (last !== null && last.index + 1 === entry.index && last.leaf !== entry.previous) {
      throw new Refused("chain.broken", { index: entry.index });
    }
    if (last !== null && entry.time < last.time) {
      throw new Refused("chain.time", { index: entry.index });
    }
  }

  weigh(entry) {
    this.personal[readPart(entry, "personal", COMMITS_PERSONAL)] += 1;
    const state = readPart(entry, "postings", COMMITS_POSTINGS);
    this.postings[state] += 1;
    if (state === "shown" || state === "empty") {
      const postings = objectOf(entry.shown.postings, `#${entry.index}`);
      const operations = operationsOf(postings.effects, entry.index);
      if (this.books !== null) {
        this.note("books", () => this.books.takeAll(entry.index, operations));
      }
    }
  }

  /** Of how many entries the part that moves value is not shown. */
  get withheld() {
    return this.postings.withheld + this.postings.erased;
  }
}

/** Read one line: the entry's place, its header and its leaf. */
function readEntry(line, begin, place) {
  const what = `entries/*.jsonl (${place + 1})`;
  if (line.length > LINE_BYTES_MAX) {
    throw new Refused("entries.line_too_long", { what });
  }
  const shown = objectOf(textOf(line, what), what);
  const index = numberOf(shown.index, "index");
  const { header } = shown;
  const start = `{"index":"${index}","origin":${begin}`;
  const isOfLog = typeof header === "string" && header.startsWith(start);
  const found = isOfLog ? HEADER_REST.exec(header.slice(start.length)) : null;
  if (found === null) {
    throw new Refused("entries.header", { index });
  }
  const leaf = leafHash(utf8(header));
  if (shown.leaf_hash !== hexOf(leaf)) {
    throw new Refused("entries.leaf_hash", { index });
  }
  const [, personal, postings, previous, time] = found;
  return { index, leaf, previous, time, shown, commitments: { personal, postings } };
}

/** Check a part against its commitment, where it is shown; give its state. */
function readPart(entry, name, prefix) {
  const text = entry.shown[name];
  const key = entry.shown[`${name}_key`];
  const state = entry.shown[`${name}_state`];
  const values = { index: entry.index, part: name };
  if ((state === "withheld" || state === "erased") && text === null && key === null) {
    return state;
  }
  const isShown = state === "shown" || (state === "empty" && text === EMPTY);
  if (!isShown || typeof text !== "string" || /[\uD800-\uDFFF]/u.test(text)) {
    throw new Refused("bodies.state", { ...values, found: shorten(state) });
  }
  const commitment = hmacSha256(bytesOfHex(key, "key"), prefix, utf8(text));
  if (hexOf(commitment) !== entry.commitments[name]) {
    throw new Refused("bodies.commitment", values);
  }
  return state;
}

/** Splits pieces of bytes into lines; the line feed is not part of a line. */
class Lines {
  constructor(take) {
    this.take = take;
    this.open = [];
    this.openBytes = 0;
  }

  feed(piece) {
    let begin = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, begin)) {
      this.keep(piece.subarray(begin, end));
      this.flush();
      begin = end + 1;
    }
    this.keep(piece.subarray(begin));
  }

  keep(part) {
    this.openBytes += part.length;
    if (this.openBytes > LINE_BYTES_MAX) {
      this.open = [new Uint8Array(LINE_BYTES_MAX + 1)]; // refused by whoever takes the line
      return;
    }
    this.open.push(part);
  }

  flush() {
    let line = this.open[0];
    if (this.open.length > 1) {
      line = new Uint8Array(this.open.reduce((size, part) => size + part.length, 0));
      let used = 0;
      for (const part of this.open) {
        line.set(part, used);
        used += part.length;
      }
    }
    this.open = [];
    this.openBytes = 0;
    this.take(line);
  }

  end() {
    if (this.openBytes > 0) {
      this.flush();
    }
  }
}
