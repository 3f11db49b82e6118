"use strict";

// What every other file here reads with: refusals, numbers, base64, hexadecimal and UTF-8.
//
// The files of this page are plain scripts that share one scope, so that the page also works from
// a folder on a disk, where browsers load no modules. Each reads from top to bottom; `verify.html`
// and `worker.js` load them in the same order.

/** Something in the bundle does not hold. `code` names the sentence in `texts.js`. */
class Refused extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/** What this browser cannot do: nothing is proved by it, and nothing is disproved. */
class Unable extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

const HASH_BYTES = 32;
const [QUOTE, COLON, BACKSLASH] = [34, 58, 92];
const SHOWN_CHARACTERS = 60;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();
const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Shorten what a bundle says before it stands in a sentence. */
function shorten(value) {
  const text = typeof value === "string" ? value : String(JSON.stringify(value));
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function utf8(text) {
  return utf8Encoder.encode(text);
}

/** Read UTF-8 without repairing anything. */
function textOf(bytes, what) {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new Refused("read.utf8", { what });
  }
}

/** Read JSON that must be an object, in which no name stands twice. */
function objectOf(text, what) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("read.json", { what });
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new Refused("read.json", { what });
  }
  if (colonsIn(text) !== membersIn(value)) {
    throw new Refused("read.twice", { what });
  }
  return value;
}

/** Count the members that are written: of two with one name JSON.parse keeps the last in silence. */
function colonsIn(text) {
  let count = 0;
  let isInString = false;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code === QUOTE) {
      isInString = !isInString;
    } else if (isInString && code === BACKSLASH) {
      place += 1;
    } else if (!isInString && code === COLON) {
      count += 1;
    }
  }
  return count;
}

/** Count the members that were read, however deep. */
function membersIn(whole) {
  let count = 0;
  const left = [whole];
  while (left.length > 0) {
    const value = left.pop();
    if (value !== null && typeof value === "object") {
      const inner = Object.values(value);
      count += Array.isArray(value) ? 0 : inner.length;
      for (const each of inner) {
        left.push(each);
      }
    }
  }
  return count;
}

/** Tell whether an object has these members and no others; `names` are in order. */
function hasMembers(value, names) {
  return Object.keys(value).sort().join() === names.join();
}

/** Read lines; that the last one has an end, too, is looked at when a file is read. */
function linesOf(bytes, what) {
  return textOf(bytes, what).split("\n").slice(0, -1);
}

/** Read a decimal number without sign and leading zeros, no larger than this page counts. */
function numberOf(text, what) {
  if (typeof text !== "string" || !/^(0|[1-9][0-9]{0,18})$/.test(text)) {
    throw new Refused("read.number", { what, found: shorten(text) });
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value)) {
    throw new Refused("read.number_too_large", { what, found: text });
  }
  return value;
}

function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) {
    text += HEX_OF_BYTE[byte];
  }
  return text;
}

/** Read 64 hexadecimal digits, small letters. */
function bytesOfHex(text, what) {
  if (typeof text !== "string" || !/^[0-9a-f]{64}$/.test(text)) {
    throw new Refused("read.hex", { what });
  }
  const bytes = new Uint8Array(HASH_BYTES);
  for (let place = 0; place < HASH_BYTES; place += 1) {
    bytes[place] = parseInt(text.slice(2 * place, 2 * place + 2), 16);
  }
  return bytes;
}

/** Read canonical base64: what these bytes, and no others, are written as. */
function bytesOfBase64(text, what, size = null) {
  let raw;
  try {
    raw = /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? atob(text) : null;
  } catch {
    raw = null;
  }
  if (raw === null || btoa(raw) !== text || (size !== null && raw.length !== size)) {
    throw new Refused("read.base64", { what });
  }
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
}

function sameBytes(left, right) {
  return left.length === right.length && left.every((byte, place) => byte === right[place]);
}
