"use strict";

// Checks an audit bundle, step by step, and tells each verdict as it is reached.
//
// It follows verifier/check_bundle.py, which is the other reading of the same format. A step that
// fails does not keep later ones from being looked at, where they can be: one look at the page
// tells all that is wrong and all that still holds.

const FORMAT = "ecorights-audit-bundle/1";
const MEMBERS = ["entries", "files", "format", "origin", "scope", "since", "size"];
const SMALL = ["checkpoint", "policy", "VERIFY.md"];
const SMALL_BYTES_MAX = 16_000_000;
const HELD = ["checkpoint", "hidden.txt", "balances.jsonl"];
const ENTRIES = /^entries\/(0|[1-9][0-9]{0,9})\.jsonl$/;
const LINE_END = 10;
const PAUSE_MILLISECONDS = 40;

/** One bundle, as it is checked. */
class Checking {
  constructor({ bundle, key, witnesses, needed, old }, report) {
    Object.assign(this, { bundle, key, witnesses, needed, old, report });
    this.wrongDigests = [];
    this.held = new Map();
    this.checkpoint = null;
    this.note = null;
    this.logKey = null;
    this.paused = performance.now();
  }

  async run() {
    const { report } = this;
    if (!(await report.step("files", () => this.openFiles()))) {
      return;
    }
    await report.step("signature", () => this.checkSignature());
    await report.step("witnesses", () => this.checkWitnesses());
    await this.readMembers();
    const judge = new Judge(this);
    await report.step("files", () => judge.judgeFiles());
    await report.step("manifest", () => judge.judgeManifest());
    await report.step("entries", () => judge.judgeEntries());
    await report.step("places", () => judge.judgePlaces());
    await report.step("growth", () => judge.judgeGrowth());
    await report.step("chain", () => judge.judgeChain());
    await report.step("complete", () => judge.judgeComplete());
    await report.step("bodies", () => judge.judgeBodies());
    await report.step("books", () => judge.judgeBooks());
  }

  /** Read directory and manifest, and all that is needed before the entries. */
  async openFiles() {
    await this.knowBrowser();
    this.zip = await Zip.open(this.bundle);
    const member = this.zip.byName.get("manifest.json");
    if (member === undefined) {
      throw new Refused("files.no_manifest");
    }
    const tooLarge = [member, ...SMALL.map((name) => this.zip.byName.get(name))].find(
      (each) => each !== undefined && each.size > SMALL_BYTES_MAX,
    );
    if (tooLarge !== undefined) {
      throw new Refused("zip.too_large", { name: tooLarge.name });
    }
    const text = textOf(await this.zip.whole(member), "manifest.json");
    this.manifest = objectOf(text, "manifest.json");
    this.readManifest();
    for (const name of HELD) {
      if (this.zip.byName.has(name)) {
        this.held.set(name, await this.zip.whole(this.zip.byName.get(name)));
      }
    }
  }

  async knowBrowser() {
    this.subtle = globalThis.crypto?.subtle ?? null;
    if (this.subtle !== null && !(await agreesWithWebCrypto(this.subtle))) {
      throw new Unable("browser.sha256");
    }
    this.hasEd25519 = this.subtle !== null && (await knowsEd25519(this.subtle));
    try {
      new DecompressionStream("deflate-raw");
    } catch {
      throw new Unable("browser.no_deflate");
    }
  }

  readManifest() {
    const { format, files, origin, scope, since } = this.manifest;
    if (format !== FORMAT) {
      throw new Refused("files.format", { found: shorten(format), expected: FORMAT });
    }
    if (!hasMembers(this.manifest, MEMBERS)) {
      throw new Refused("files.members", { name: shorten(Object.keys(this.manifest).join(", ")) });
    }
    const isText = (value) => typeof value === "string";
    const isFile = (each) => each !== null && isText(each?.name) && isText(each?.sha256);
    if (!Array.isArray(files) || !files.every(isFile) || !isText(origin) || !isText(scope)) {
      throw new Refused("read.json", { what: "manifest.json" });
    }
    this.scope = new Scope(scope);
    this.since = since === null ? 0 : numberOf(since, "since");
    this.digests = new Map(files.map((each) => [each.name, each.sha256]));
    const said = [...this.digests.keys(), "manifest.json"].sort();
    const found = this.zip.members.map((member) => member.name).sort();
    if (said.length !== found.length || said.some((name, place) => name !== found[place])) {
      const apart = [...said, ...found].find(
        (name) => said.includes(name) !== found.includes(name),
      );
      throw new Refused("files.names", { name: shorten(apart ?? "manifest.json") });
    }
    this.knowNames();
  }

  /** Every file that must be there is, and none that has no place in a bundle of this scope. */
  knowNames() {
    const names = [...SMALL, "hidden.txt"];
    const missing = names.find((name) => !this.digests.has(name));
    if (missing !== undefined) {
      throw new Refused("files.missing", { name: missing });
    }
    names.push(...(this.scope.addsUp ? ["balances.jsonl"] : []));
    const other = [...this.digests.keys()].find(
      (name) => !names.includes(name) && !ENTRIES.test(name),
    );
    if (other !== undefined) {
      throw new Refused("files.no_place", { name: shorten(other) });
    }
    this.entryFiles = [...this.digests.keys()]
      .filter((name) => ENTRIES.test(name))
      .map((name) => ({ name, number: Number(ENTRIES.exec(name)[1]) }))
      .sort((left, right) => left.number - right.number);
  }

  async checkSignature() {
    this.note = new Note(this.held.get("checkpoint"));
    this.logKey = new VerifierKey(this.key, SIGNS_LOG);
    const values = { name: this.logKey.name };
    if (!this.hasEd25519) {
      this.checkpoint = this.note.checkpoint(this.logKey.name);
      throw new Unable("browser.no_ed25519");
    }
    try {
      this.checkpoint = await this.note.open(this.subtle, this.logKey);
    } catch (error) {
      this.checkpoint = this.unsignedCheckpoint();
      throw error;
    }
    return ["passed", "signature.passed", { ...values, size: this.checkpoint.size }];
  }

  /** What the checkpoint says although its signature fails: the other steps are still looked at. */
  unsignedCheckpoint() {
    try {
      return this.note.checkpoint(this.logKey.name);
    } catch {
      return null;
    }
  }

  async checkWitnesses() {
    if (this.note === null) {
      throw new Unable("step.no_checkpoint");
    }
    const keys = this.witnesses.map((text) => new VerifierKey(text, SIGNS_WITNESS));
    const own = this.logKey === null ? [] : [this.logKey];
    const strangers = this.note.strangers([...own, ...keys]).map(shorten).join(", ");
    const values = { needed: this.needed, strangers };
    if (!this.hasEd25519) {
      throw new Unable("browser.no_ed25519");
    }
    const agreed = new Set();
    for (const key of keys) {
      if (await this.note.isCosigned(this.subtle, key)) {
        agreed.add(key.name);
      }
    }
    Object.assign(values, { count: agreed.size, names: [...agreed].sort().join(", ") });
    if (agreed.size < this.needed) {
      throw new Refused("witnesses.too_few", values);
    }
    if (keys.length === 0) {
      return ["unchecked", strangers ? "witnesses.strangers" : "witnesses.none", values];
    }
    return ["passed", strangers ? "witnesses.passed_strangers" : "witnesses.passed", values];
  }

  /** Read every member once: its digest, and the entries on the way. */
  async readMembers() {
    const total = this.zip.members.reduce((sum, member) => sum + member.size, 0);
    const { scope } = this;
    this.entries = new Entries({
      origin: this.manifest.origin,
      since: this.since,
      scope,
      books: scope.addsUp ? new Books(scope.kind === "account" ? scope.name : null) : null,
    });
    const others = [...this.digests.keys()].filter((name) => !ENTRIES.test(name));
    let done = 0;
    for (const { name, number } of [...others.map((name) => ({ name })), ...this.entryFiles]) {
      this.entries.file = number;
      const lines = new Lines((line) => this.entries.take(line));
      const digest = new Sha256();
      let lastByte = LINE_END;
      await this.report.step("files", async () => {
        for await (const piece of this.zip.pieces(this.zip.byName.get(name))) {
          digest.update(piece);
          if (number !== undefined) {
            lines.feed(piece);
          }
          done += piece.length;
          lastByte = piece.at(-1) ?? lastByte;
          await this.breathe(done, total);
        }
        if (lastByte !== LINE_END) {
          throw new Refused("read.line_end", { what: name });
        }
      });
      if (hexOf(digest.digest()) !== this.digests.get(name)) {
        this.wrongDigests.push(name);
      }
    }
  }

  /** Let the page draw, and somebody stop us, between two pieces. */
  async breathe(done, total) {
    if (performance.now() - this.paused > PAUSE_MILLISECONDS) {
      this.report.tell({ kind: "progress", done, total });
      await new Promise((resolve) => setTimeout(resolve));
      this.paused = performance.now();
    }
  }
}

/** Check a bundle; give "holds", "refused" or "unsure". */
async function checkBundle(request, tell) {
  const report = new Report(tell);
  await new Checking(request, report).run();
  const asked = [];
  if (request.needed > 0) {
    asked.push("witnesses");
  }
  if (request.old !== null) {
    asked.push("growth");
  }
  return report.finish(asked);
}
