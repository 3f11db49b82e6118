"use strict";

// Entries, line by line: each is a header of this log, its shown parts are what the header commits
// to, and neighbours follow each other. Faults are kept by step, the first of each, so that one
// look at the page tells everything that is wrong and what still holds.

const LINE_BYTES_MAX = 16_000_000;
const FIRST_PREVIOUS = "0".repeat(64);
const EMPTY = "{}";
const ENTRIES_PER_FILE = 65_536;
const ENTRY = [
  "header",
  "index",
  "leaf_hash",
  "personal",
  "personal_key",
  "personal_state",
  "postings",
  "postings_key",
  "postings_state",
];
const COMMITS_POSTINGS = utf8("eco-ledger/commit/v1\npostings/1\n");
const COMMITS_PERSONAL = utf8("eco-ledger/commit/v1\npersonal/1\n");
const HEADER_REST = new RegExp(
  '^","personal":"([0-9a-f]{64})","postings":"([0-9a-f]{64})","previous":"([0-9a-f]{64})",' +
    '"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)","v":"1"}$',
);

/** The entries of a bundle, taken in order. */
class Entries {
  constructor({ origin, since, scope, books }) {
    this.needle = scope.needle;
    this.begin = JSON.stringify(origin).slice(0, -1);
    this.subtrees = new Subtrees(since);
    this.books = books;
    this.file = 0;
    this.count = 0;
    this.gaps = 0;
    this.naming = 0;
    this.postings = { shown: 0, withheld: 0 };
    this.personal = { shown: 0, withheld: 0, erased: 0, empty: 0 };
    this.first = null;
    this.last = null;
    this.continues = false; // another log's balances
    this.faults = new Map();
  }

  /** Check one line. Once a line cannot be read the rest has no places, and is left alone. */
  take(line) {
    if (this.faults.has("entries")) {
      return;
    }
    this.note("entries", () => {
      const entry = readEntry(line, this.begin, this.count);
      if (Math.floor(entry.index / ENTRIES_PER_FILE) !== this.file) {
        throw new Refused("entries.file", { index: entry.index, file: this.file });
      }
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
    this.first ??= this.last;
    this.continues ||= entry.index === 0 && entry.previous !== FIRST_PREVIOUS;
    this.gaps += last !== null && entry.index > last.index + 1 ? 1 : 0;
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
    if (state === "withheld") {
      return;
    }
    const text = entry.shown.postings;
    this.naming += text.includes(this.needle) ? 1 : 0;
    const operations = operationsOf(objectOf(text, `#${entry.index}`).effects, entry.index);
    if (this.books !== null && !this.continues && this.withheld === 0) {
      this.note("books", () => this.books.takeAll(entry.index, operations));
    }
  }

  /** Of how many entries the part that moves value is not shown. */
  get withheld() {
    return this.postings.withheld;
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
  if (!hasMembers(shown, ENTRY)) {
    throw new Refused("entries.members", { index });
  }
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
  const isUnseen = state === "withheld" || (state === "erased" && name === "personal");
  if (isUnseen && text === null && key === null) {
    return state;
  }
  const isText = typeof text === "string" && !/[\uD800-\uDFFF]/u.test(text);
  if (!isText || state !== (text === EMPTY ? "empty" : "shown")) {
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
}
