"use strict";

// The scope that a bundle says to be of, and what can be said of its being complete.
//
// Whatever is between two entries that are both in a run has its place there, so a run proves itself:
// everything, and a period between neighbours whose times lie outside of it. That no entry of an
// account, a trade or a case was left out no log of hashes can tell.

const SCOPE =
  /^(everything|(account|trade):[1-9][0-9]{0,17}|case:[^\x00-\x1f"\\]{1,200}|period:[0-9]{4}-[0-9]{2}-[0-9]{2}\.\.[0-9]{4}-[0-9]{2}-[0-9]{2})$/u;
const DATE_LENGTH = 10;
const FIRST_OF_PARTIES = 100;

/** A scope: its kind and its name. */
class Scope {
  constructor(text) {
    if (!SCOPE.test(text)) {
      throw new Refused("files.scope", { found: shorten(text) });
    }
    const colon = text.indexOf(":");
    this.text = text;
    this.kind = colon < 0 ? text : text.slice(0, colon);
    this.name = colon < 0 ? "" : text.slice(colon + 1);
  }

  /** Whether its entries add up to balances. */
  get addsUp() {
    return this.kind === "everything" || this.kind === "account";
  }

  /** What stands in an entry that is of this scope. */
  get needle() {
    const member = this.kind === "case" ? "reference" : this.kind;
    return `"${member}":${JSON.stringify(this.name)}`;
  }

  /** Tell whether it is proved that no entry is missing in a log of this size. */
  isComplete({ first, last, gaps, naming, withheld }, size) {
    if (this.kind === "everything" || this.kind === "period") {
      const [since, until] = this.kind === "period" ? this.name.split("..") : ["", ""];
      const dateOf = (entry) => entry.time.slice(0, DATE_LENGTH);
      const begins = first !== null && (first.index === 0 || dateOf(first) < since);
      const ends =
        last !== null && (last.index === size - 1 || (until !== "" && dateOf(last) > until));
      if (gaps > 0 || !begins || !ends) {
        throw new Refused("complete.missing", { scope: shorten(this.text) });
      }
      return true;
    }
    const isSystem = this.kind === "account" && Number(this.name) < FIRST_OF_PARTIES;
    if (naming === 0 && withheld === 0 && !isSystem) {
      throw new Refused("complete.nothing", { scope: shorten(this.text) });
    }
    return false;
  }
}
