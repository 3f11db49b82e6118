"use strict";

// The verdicts that need what was read: each method judges one step, in the order of `STEPS`, and
// gives [state, code, values], or throws why the step fails (Refused) or cannot be taken (Unable).

/** Judges what a `Checking` has found. */
class Judge {
  constructor(found) {
    this.found = found;
    this.report = found.report;
    this.entries = found.entries;
  }

  judgeFiles() {
    if (this.report.has("files", "failed")) {
      return undefined;
    }
    if (this.found.wrongDigests.length > 0) {
      throw new Refused("files.digest", { name: shorten(this.found.wrongDigests.join(", ")) });
    }
    return ["passed", "files.passed", { count: this.found.digests.size }];
  }

  judgeManifest() {
    const { origin, size, entries, scope } = this.found.manifest;
    if (this.found.checkpoint === null) {
      throw new Unable("step.no_checkpoint");
    }
    const { count } = this.entries;
    const values = { scope: shorten(scope), count, size: this.found.checkpoint.size };
    if (origin !== this.found.logKey.name || size !== String(this.found.checkpoint.size)) {
      throw new Refused("manifest.checkpoint", { ...values, found: shorten(size) });
    }
    if (this.entries.faults.has("entries")) {
      throw new Unable("step.no_entries");
    }
    if (entries !== String(count)) {
      throw new Refused("manifest.entries", { ...values, found: shorten(entries) });
    }
    if (scope === "everything" && count !== values.size) {
      throw new Refused("manifest.not_everything", values);
    }
    return ["passed", "manifest.passed", values];
  }

  judgeEntries() {
    this.raise("entries");
    return ["passed", "entries.passed", { count: this.entries.count }];
  }

  judgePlaces() {
    const { size, root } = this.sureOfPlaces();
    const borders = [{ size, root }];
    if (this.found.since > size) {
      throw new Refused("places.since", { size, found: this.found.since });
    }
    if (this.found.since > 0 && this.found.since < size) {
      borders.unshift({ size: this.found.since, root: null });
    }
    const hidden = new Hidden(this.found.held.get("hidden.txt"));
    checkPlaces(this.entries.subtrees.parts, hidden, borders);
    return ["passed", "places.passed", { size, count: this.entries.count, root: hexOf(root) }];
  }

  /** Without readable entries or a checkpoint there is nothing to lead anywhere. */
  sureOfPlaces() {
    if (this.entries.faults.has("entries")) {
      throw new Unable("step.no_entries");
    }
    if (this.found.checkpoint === null) {
      throw new Unable("step.no_checkpoint");
    }
    return this.found.checkpoint;
  }

  async judgeGrowth() {
    if (this.found.old === null) {
      const code = this.found.since > 0 ? "growth.not_given" : "growth.not_asked";
      return ["unchecked", code, { since: this.found.since }];
    }
    if (!this.found.hasEd25519) {
      throw new Unable("browser.no_ed25519");
    }
    if (this.found.logKey === null) {
      throw new Unable("step.no_checkpoint");
    }
    const note = new Note(await bytesAt(this.found.old, 0, this.found.old.size));
    const kept = await note.open(this.found.subtle, this.found.logKey);
    if (this.found.manifest.since !== String(kept.size)) {
      const found = this.found.manifest.since ?? "–";
      throw new Refused("growth.other_size", { size: kept.size, found: shorten(found) });
    }
    const { size, root } = this.sureOfPlaces();
    if (kept.size > size) {
      throw new Refused("growth.shrunk", { size, found: kept.size });
    }
    const hidden = new Hidden(this.found.held.get("hidden.txt"));
    const borders = [kept, { size, root }];
    checkPlaces(this.entries.subtrees.parts, hidden, borders);
    return ["passed", "growth.passed", { since: kept.size, size }];
  }

  judgeChain() {
    if (this.entries.faults.has("entries")) {
      throw new Unable("step.no_entries");
    }
    this.raise("chain");
    return ["passed", "chain.passed", {}];
  }

  judgeBodies() {
    if (this.entries.faults.has("entries")) {
      throw new Unable("step.no_entries");
    }
    this.raise("bodies");
    const { postings, personal, withheld } = this.entries;
    const values = {
      shown: postings.shown + postings.empty,
      withheld,
      personal_shown: personal.shown,
      personal_withheld: personal.withheld,
      personal_erased: personal.erased,
      personal_empty: personal.empty,
    };
    const state = withheld > 0 ? "partly" : "passed";
    return [state, `bodies.${state}`, values];
  }

  judgeBooks() {
    const { faults, books, withheld } = this.entries;
    if (faults.has("entries") || faults.has("bodies")) {
      throw new Unable("step.no_entries");
    }
    if (!this.found.addsUp) {
      throw new Unable("books.scope");
    }
    if (withheld > 0) {
      throw new Unable("books.withheld", { withheld });
    }
    this.raise("books");
    if (!this.found.held.has("balances.jsonl")) {
      throw new Refused("files.missing", { name: "balances.jsonl" });
    }
    books.check(this.found.held.get("balances.jsonl"));
    return ["passed", "books.passed", { moved: books.moved, places: books.balances.size }];
  }

  raise(step) {
    const fault = this.entries.faults.get(step);
    if (fault !== undefined) {
      throw fault;
    }
  }
}
