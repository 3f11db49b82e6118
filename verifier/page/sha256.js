"use strict";

// SHA-256 (FIPS 180-4) and HMAC (RFC 2104), synchronous.
//
// WebCrypto digests only what is held whole, and is missing where a page came over plain http. A
// bundle's file of entries may be larger than what a tab holds, and without WebCrypto all but the
// signatures can still be checked; so digests are made here. For the small digests of an entry both
// take the same time (the figures are in docs/audit-bundle.md). Where WebCrypto is there,
// `agreesWithWebCrypto` compares this file with it each time that a bundle is checked.

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (4.2.2).
const SHA256_ROUNDS = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
// The same of the square roots of the first 8 primes (5.3.3).
const SHA256_START = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);
const BLOCK_BYTES = 64;
const LENGTH_PLACE = 56; // where the last block holds the message's length in bits
const schedule = new Int32Array(64);

/** A digest that grows by pieces. */
class Sha256 {
  constructor() {
    this.state = Int32Array.from(SHA256_START);
    this.block = new Uint8Array(BLOCK_BYTES);
    this.used = 0;
    this.bytes = 0;
  }

  update(piece) {
    let begin = 0;
    this.bytes += piece.length;
    if (this.used > 0) {
      begin = Math.min(BLOCK_BYTES - this.used, piece.length);
      this.block.set(piece.subarray(0, begin), this.used);
      this.used += begin;
      if (this.used < BLOCK_BYTES) {
        return this;
      }
      compress(this.state, this.block, 0);
      this.used = 0;
    }
    for (; begin + BLOCK_BYTES <= piece.length; begin += BLOCK_BYTES) {
      compress(this.state, piece, begin);
    }
    this.block.set(piece.subarray(begin));
    this.used = piece.length - begin;
    return this;
  }

  digest() {
    const bytes = this.bytes;
    this.block.fill(0, this.used);
    this.block[this.used] = 0x80;
    if (this.used >= LENGTH_PLACE) {
      compress(this.state, this.block, 0);
      this.block.fill(0);
    }
    const view = new DataView(this.block.buffer);
    view.setUint32(LENGTH_PLACE, Math.floor(bytes / 0x20000000));
    view.setUint32(LENGTH_PLACE + 4, (bytes * 8) >>> 0);
    compress(this.state, this.block, 0);
    const digest = new Uint8Array(HASH_BYTES);
    const out = new DataView(digest.buffer);
    this.state.forEach((word, place) => out.setInt32(4 * place, word));
    return digest;
  }
}

/** Work one block of 64 bytes into the state (6.2.2). */
function compress(state, bytes, begin) {
  for (let t = 0; t < 16; t += 1) {
    const place = begin + 4 * t;
    schedule[t] =
      (bytes[place] << 24) | (bytes[place + 1] << 16) | (bytes[place + 2] << 8) | bytes[place + 3];
  }
  for (let t = 16; t < 64; t += 1) {
    const early = schedule[t - 15];
    const late = schedule[t - 2];
    const sigma0 =
      ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const sigma1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    schedule[t] = (schedule[t - 16] + sigma0 + schedule[t - 7] + sigma1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t += 1) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const first = (h + sum1 + choice + SHA256_ROUNDS[t] + schedule[t]) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + sum0 + majority) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function sha256(...pieces) {
  const digest = new Sha256();
  for (const piece of pieces) {
    digest.update(piece);
  }
  return digest.digest();
}

/** HMAC-SHA-256 under a key of at most one block. */
function hmacSha256(key, ...pieces) {
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  key.forEach((byte, place) => {
    inner[place] ^= byte;
    outer[place] ^= byte;
  });
  return sha256(outer, sha256(inner, ...pieces));
}

/** Tell whether this file and WebCrypto say the same of messages around the ends of blocks. */
async function agreesWithWebCrypto(subtle) {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const message = Uint8Array.from({ length: size }, (_, place) => (place * 7 + size) & 0xff);
    const theirs = new Uint8Array(await subtle.digest("SHA-256", message));
    if (!sameBytes(theirs, sha256(message))) {
      return false;
    }
  }
  const key = Uint8Array.from({ length: HASH_BYTES }, (_, place) => place);
  const terms = { name: "HMAC", hash: "SHA-256" };
  const imported = await subtle.importKey("raw", key, terms, false, ["sign"]);
  const theirs = new Uint8Array(await subtle.sign("HMAC", imported, utf8("EcoRights")));
  return sameBytes(theirs, hmacSha256(key, utf8("EcoRights")));
}
