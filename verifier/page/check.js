"use strict";

// Checks an audit bundle, step by step, and tells each verdict as it is reached.
//
// It follows verifier/check_bundle.py, which is the other reading of the same format. A step that
// fails does not keep later ones from being looked at, where they can be: one look at the page
// tells all that is wrong and all that still holds.

const FORMAT = "ecorights-audit-bundle/1";
const HELD = ["checkpoint", "hidden.txt", "balances.jsonl"];
const SCOPE = new RegExp(
  "^(everything|(account|trade):[1-9][0-9]{0,17}|period:[0-9-]{10}\\.\\.[0-9-]{10}|" +
    'case:[^\\x00-\\x1f"\\\\]{1,200})$',
);
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
    const text = textOf(await this.zip.whole(member), "manifest.json");
    this.manifest = objectOf(text, "manifest.json");
    this.readManifest();
    for (const name of HELD) {
      if (this.zip.byName.has(name)) {
        this.held.set(name, await this.zip.whole(this.zip.byName.get(name)));
      }
    }
    for (const name of ["checkpoint", "hidden.txt"]) {
      if (!this.held.has(name)) {
        throw new Refused("files.missing", { name });
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
    const isText = (value) => typeof value === "string";
    const isFile = (each) => each !== null && isText(each?.name) && isText(each?.sha256);
    if (!Array.isArray(files) || !files.every(isFile) || !isText(origin) || !isText(scope)) {
      throw new Refused("read.json", { what: "manifest.json" });
    }
    if (!SCOPE.test(scope)) {
      throw new Refused("files.scope", { found: shorten(scope) });
    }
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
    const [kind, ...rest] = this.manifest.scope.split(":");
    this.addsUp = kind === "everything" || kind === "account";
    const only = rest.join(":") || null;
    this.entries = new Entries({
      origin: this.manifest.origin,
      since: this.since,
      books: this.addsUp ? new Books(only) : null,
    });
    let done = 0;
    for (const name of this.namesInOrder()) {
      const lines = new Lines((line) => this.entries.take(line));
      const digest = new Sha256();
      await this.report.step("files", async () => {
        for await (const piece of this.zip.pieces(this.zip.byName.get(name))) {
          digest.update(piece);
          if (name.startsWith("entries/")) {
            lines.feed(piece);
          }
          done += piece.length;
          await this.breathe(done, total);
        }
        lines.end();
      });
      if (hexOf(digest.digest()) !== this.digests.get(name)) {
        this.wrongDigests.push(name);
      }
    }
  }

  namesInOrder() {
    const numberIn = (name) => numberOf(name.slice(8).replace(/\.jsonl$/, ""), shorten(name));
    const names = [...this.digests.keys()];
    const entries = names.filter((name) => name.startsWith("entries/"));
    try {
      entries.sort((left, right) => numberIn(left) - numberIn(right));
      entries.forEach(numberIn);
    } catch (error) {
      this.entries.faults.set("entries", error);
    }
    return [...names.filter((name) => !name.startsWith("entries/")), ...entries];
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
