"use strict";

// Reads a zip file: the end record, the central directory, and one member after another as a
// stream.
//
// Only what a bundle needs is read (stored and deflated members, zip64 sizes); everything that two
// programs could read in two ways is refused: encrypted members, members that overlap, local
// headers that differ from the directory's, a directory that does not end where the end record
// begins. Sizes and CRC-32 are checked although SHA-256 stands above them, because the manifest
// has no digest.

const END_MAGIC = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const LOCATOR64_MAGIC = 0x07064b50;
const LOCATOR64_BYTES = 20;
const END64_MAGIC = 0x06064b50;
const END64_BYTES = 56;
const MEMBER_MAGIC = 0x02014b50;
const MEMBER_BYTES = 46;
const LOCAL_MAGIC = 0x04034b50;
const LOCAL_BYTES = 30;
const EXTRA_ZIP64 = 1;
const IN_EXTRA = 0xffffffff;
const FLAGS_KNOWN = 0x080e; // hints of the packer, sizes behind the content, a name in UTF-8
const VERSION_MAX = 63;
const STORED = 0;
const DEFLATED = 8;
const DIRECTORY_BYTES_MAX = 64_000_000;
const HELD_BYTES_MAX = 512_000_000; // of a member that is held whole
const CRC_TABLE = crcTable();

/** A zip file in a Blob; of each member name, method, crc, size, begin and end are used. */
class Zip {
  constructor(blob, members) {
    this.blob = blob;
    this.members = members;
    this.byName = new Map(members.map((member) => [member.name, member]));
  }

  static async open(blob) {
    const { begin, end } = await findDirectory(blob);
    if (end - begin > DIRECTORY_BYTES_MAX) {
      throw new Refused("zip.directory");
    }
    const members = readDirectory(await bytesAt(blob, begin, end));
    await placeMembers(blob, members, begin);
    return new Zip(blob, members);
  }

  /** Give the pieces of a member's content; only after the last one is it known to be whole. */
  async *pieces(member) {
    let stream = this.blob.slice(member.begin, member.end).stream();
    if (member.method === DEFLATED) {
      stream = stream.pipeThrough(new DecompressionStream("deflate-raw"));
    }
    const reader = stream.getReader();
    let size = 0;
    let crc = -1;
    for (;;) {
      const { done, value } = await nextPiece(reader, member.name);
      if (done) {
        break;
      }
      size += value.length;
      if (size > member.size) {
        await reader.cancel();
        throw new Refused("zip.damaged", { name: shorten(member.name) });
      }
      crc = crcOf(crc, value);
      yield value;
    }
    if (size !== member.size || (~crc >>> 0) !== member.crc) {
      throw new Refused("zip.damaged", { name: shorten(member.name) });
    }
  }

  /** Give a member's whole content. */
  async whole(member) {
    if (member.size > HELD_BYTES_MAX) {
      throw new Refused("zip.too_large", { name: shorten(member.name) });
    }
    const content = new Uint8Array(member.size);
    let used = 0;
    for await (const piece of this.pieces(member)) {
      content.set(piece, used);
      used += piece.length;
    }
    return content;
  }
}

async function nextPiece(reader, name) {
  try {
    return await reader.read();
  } catch (error) {
    if (error instanceof DOMException) {
      throw new Refused("zip.unreadable_file"); // the file went away or changed while it was read
    }
    throw new Refused("zip.damaged", { name: shorten(name) });
  }
}

async function bytesAt(blob, begin, end) {
  try {
    return new Uint8Array(await blob.slice(begin, end).arrayBuffer());
  } catch {
    throw new Refused("zip.unreadable_file");
  }
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Read eight bytes as a number of which every digit counts. */
function sizeAt(view, place) {
  const value = Number(view.getBigUint64(place, true));
  if (!Number.isSafeInteger(value)) {
    throw new Refused("zip.directory");
  }
  return value;
}

async function findDirectory(blob) {
  const first = Math.max(0, blob.size - END_BYTES - COMMENT_BYTES_MAX);
  const tail = await bytesAt(blob, first, blob.size);
  const view = viewOf(tail);
  for (let place = tail.length - END_BYTES; place >= 0; place -= 1) {
    if (view.getUint32(place, true) === END_MAGIC) {
      return directoryBefore(blob, first + place, viewOf(tail.subarray(place)));
    }
  }
  throw new Refused("zip.none");
}

async function directoryBefore(blob, place, record) {
  let end = place;
  let size = record.getUint32(12, true);
  let begin = record.getUint32(16, true);
  const from = Math.max(0, place - LOCATOR64_BYTES - END64_BYTES);
  const before = viewOf(await bytesAt(blob, from, place));
  if (
    before.byteLength === LOCATOR64_BYTES + END64_BYTES &&
    before.getUint32(END64_BYTES, true) === LOCATOR64_MAGIC
  ) {
    if (before.getUint32(0, true) !== END64_MAGIC) {
      throw new Refused("zip.directory");
    }
    end = from;
    size = sizeAt(before, 40);
    begin = sizeAt(before, 48);
  }
  if (begin + size !== end) {
    throw new Refused("zip.directory");
  }
  return { begin, end };
}

function readDirectory(bytes) {
  const members = [];
  const view = viewOf(bytes);
  let place = 0;
  while (place < bytes.length) {
    if (place + MEMBER_BYTES > bytes.length || view.getUint32(place, true) !== MEMBER_MAGIC) {
      throw new Refused("zip.directory");
    }
    const nameEnd = place + MEMBER_BYTES + view.getUint16(place + 28, true);
    const extraEnd = nameEnd + view.getUint16(place + 30, true);
    const next = extraEnd + view.getUint16(place + 32, true);
    if (next > bytes.length) {
      throw new Refused("zip.directory");
    }
    const member = {
      name: textOf(bytes.subarray(place + MEMBER_BYTES, nameEnd), "zip"),
      version: view.getUint8(place + 6),
      flags: view.getUint16(place + 8, true),
      method: view.getUint16(place + 10, true),
      crc: view.getUint32(place + 16, true),
      packed: view.getUint32(place + 20, true),
      size: view.getUint32(place + 24, true),
      local: view.getUint32(place + 42, true),
    };
    readZip64(member, viewOf(bytes.subarray(nameEnd, extraEnd)));
    const isKnown = (member.flags & ~FLAGS_KNOWN) === 0 && member.version <= VERSION_MAX;
    if (!isKnown || (member.method !== STORED && member.method !== DEFLATED)) {
      throw new Refused("zip.method", { name: shorten(member.name) });
    }
    members.push(member);
    place = next;
  }
  return members;
}

/** Take the sizes that need more than four bytes from the extra field, in its order. */
function readZip64(member, extra) {
  for (let place = 0; place + 4 <= extra.byteLength; ) {
    const end = place + 4 + extra.getUint16(place + 2, true);
    if (end > extra.byteLength) {
      throw new Refused("zip.directory");
    }
    if (extra.getUint16(place, true) === EXTRA_ZIP64) {
      let value = place + 4;
      for (const field of ["size", "packed", "local"]) {
        if (member[field] === IN_EXTRA) {
          if (value + 8 > end) {
            throw new Refused("zip.directory");
          }
          member[field] = sizeAt(extra, value);
          value += 8;
        }
      }
    }
    place = end;
  }
}

/** Find where the members' contents lie, each behind its local header and before the next one. */
async function placeMembers(blob, members, directory) {
  const sorted = [...members].sort((left, right) => left.local - right.local);
  for (const [place, member] of sorted.entries()) {
    const next = place + 1 < sorted.length ? sorted[place + 1].local : directory;
    const name = utf8(member.name);
    const header = await bytesAt(blob, member.local, member.local + LOCAL_BYTES + name.length);
    const view = viewOf(header);
    if (
      header.length !== LOCAL_BYTES + name.length ||
      view.getUint32(0, true) !== LOCAL_MAGIC ||
      view.getUint16(6, true) !== member.flags ||
      view.getUint16(8, true) !== member.method ||
      view.getUint16(26, true) !== name.length ||
      !sameBytes(header.subarray(LOCAL_BYTES), name)
    ) {
      throw new Refused("zip.local", { name: shorten(member.name) });
    }
    member.begin = member.local + header.length + view.getUint16(28, true);
    member.end = member.begin + member.packed;
    if (member.end > next || (member.method === STORED && member.packed !== member.size)) {
      throw new Refused("zip.local", { name: shorten(member.name) });
    }
  }
}

function crcTable() {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return value;
  });
}

function crcOf(before, piece) {
  let crc = before;
  for (let place = 0; place < piece.length; place += 1) {
    crc = CRC_TABLE[(crc ^ piece[place]) & 0xff] ^ (crc >>> 8);
  }
  return crc;
}
