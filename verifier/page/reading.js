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

/** Read JSON that must be an object. */
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
  return value;
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

/** Read 64 hexadecimal digits. */
function bytesOfHex(text, what) {
  if (typeof text !== "string" || !/^[0-9a-fA-F]{64}$/.test(text)) {
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
