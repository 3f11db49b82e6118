"use strict";

// Signed notes (c2sp.org/signed-note), checkpoints (tlog-checkpoint) and cosignatures
// (tlog-cosignature). Signatures are checked by WebCrypto alone.

const SIGNS_LOG = 1; // the signature type of a log's Ed25519 key
const SIGNS_WITNESS = 4; // that of a witness's timed cosignature
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const CHECKPOINT_ROWS = 3;
const NOTE_BYTES_MAX = 1_000_000;

/** A log's or a witness's public key, written NAME+ID+BASE64. */
class VerifierKey {
  constructor(text, type) {
    const [name, id, data] = threeParts(text.trim(), "+");
    const raw = bytesOfBase64(data, "key", 1 + HASH_BYTES);
    const found = hexOf(sha256(utf8(`${name}\n`), raw).subarray(0, KEY_ID_BYTES));
    if (name === "" || raw[0] !== type || found !== id) {
      throw new Refused("key.unfit", { name: shorten(name) });
    }
    this.name = name;
    this.id = id;
    this.raw = raw.subarray(1);
  }

  /** Check a signature over a message, or refuse it. */
  async verify(subtle, signature, message) {
    let holds;
    try {
      const key = await subtle.importKey("raw", this.raw, { name: "Ed25519" }, false, ["verify"]);
      holds = await subtle.verify({ name: "Ed25519" }, key, signature, message);
    } catch {
      holds = false; // the browser knows Ed25519 (`knowsEd25519`), so it is the key that is none
    }
    if (!holds) {
      throw new Refused("signature.wrong", { name: shorten(this.name) });
    }
  }
}

/** Tell whether this browser checks Ed25519, by the first example of RFC 8032, 7.1. */
async function knowsEd25519(subtle) {
  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const raw = bytesOf("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const signature = bytesOf(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f" +
      "b8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
  try {
    const key = await subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    const good = await subtle.verify({ name: "Ed25519" }, key, signature, new Uint8Array(0));
    const bad = await subtle.verify({ name: "Ed25519" }, key, signature, new Uint8Array(1));
    return good && !bad;
  } catch {
    return false;
  }
}

/** A signed note: its text, and its signature lines. */
class Note {
  constructor(bytes) {
    if (bytes.length > NOTE_BYTES_MAX) {
      throw new Refused("note.unfit");
    }
    const whole = textOf(bytes, "checkpoint");
    const blank = whole.lastIndexOf("\n\n");
    if (/[\x00-\x09\x0b-\x1f]/.test(whole) || blank < 0 || !whole.endsWith("\n")) {
      throw new Refused("note.unfit");
    }
    const lines = whole.slice(blank + 2, -1);
    if (blank + 2 >= whole.length) {
      throw new Refused("note.unfit");
    }
    this.text = whole.slice(0, blank + 1);
    this.lines = lines.split("\n").map(readSignature);
  }

  /** The signatures that say to be a key's. */
  signaturesOf(key) {
    return this.lines.filter((line) => line.name === key.name && line.id === key.id);
  }

  /** Give the size and the root of a checkpoint that a log's key signed. */
  async open(subtle, key) {
    const signatures = this.signaturesOf(key);
    for (const { data } of signatures) {
      await key.verify(subtle, data, utf8(this.text));
    }
    if (signatures.length === 0) {
      throw new Refused("signature.none", { name: shorten(key.name) });
    }
    return this.checkpoint(key.name);
  }

  /** Read what the note says, whoever signed it. */
  checkpoint(origin) {
    const rows = this.text.slice(0, -1).split("\n");
    if (rows.length < CHECKPOINT_ROWS || rows[0] !== origin) {
      throw new Refused("note.origin", { name: shorten(origin), found: shorten(rows[0]) });
    }
    return { size: numberOf(rows[1], "size"), root: bytesOfBase64(rows[2], "root", HASH_BYTES) };
  }

  /** Tell whether a witness cosigned; a line of the witness's that is wrong is refused. */
  async isCosigned(subtle, key) {
    const signatures = this.signaturesOf(key);
    for (const { data } of signatures) {
      const time = new Uint8Array(TIME_BYTES);
      time.set(data.subarray(0, TIME_BYTES));
      const seconds = new DataView(time.buffer).getBigUint64(0);
      const message = utf8(`cosignature/v1\ntime ${seconds}\n${this.text}`);
      await key.verify(subtle, data.subarray(TIME_BYTES), message);
    }
    return signatures.length > 0;
  }

  /** Names of signature lines by nobody whose key was given: they count for nothing. */
  strangers(keys) {
    const known = new Set(keys.map((key) => `${key.name} ${key.id}`));
    const names = this.lines.filter((line) => !known.has(`${line.name} ${line.id}`));
    return [...new Set(names.map((line) => line.name))].sort();
  }
}

function readSignature(line) {
  const [dash, name, data] = threeParts(line, " ");
  if (dash !== "\u2014" || name === "" || data.includes(" ")) {
    throw new Refused("note.signature", { found: shorten(line) });
  }
  const raw = bytesOfBase64(data, "signature");
  return { name, id: hexOf(raw.subarray(0, KEY_ID_BYTES)), data: raw.subarray(KEY_ID_BYTES) };
}

/** Split at the first two places where a mark stands. */
function threeParts(text, mark) {
  const [first, second = "", ...rest] = text.split(mark);
  return [first, second, rest.join(mark)];
}
