"use strict";

// The steps of a check, and the verdicts on them.
//
// A step passes, is partly checked, fails with a reason, or is not checked with why. The bundle
// holds only if no step fails and each of the steps in `MUST_HOLD` was checked: nothing is believed
// because it could not be checked.

const STEPS = [
  "files",
  "signature",
  "witnesses",
  "manifest",
  "entries",
  "places",
  "growth",
  "chain",
  "complete",
  "bodies",
  "books",
];
const MUST_HOLD = ["files", "signature", "manifest", "entries", "places", "chain", "bodies"];

/** The verdicts so far. States: passed, partly, failed, unchecked. */
class Report {
  constructor(tell) {
    this.tell = tell;
    this.states = new Map();
  }

  say(step, state, code, values = {}) {
    this.states.set(step, state);
    this.tell({ kind: "step", step, state, code, values });
  }

  /** Take a step. It gives [state, code, values], or nothing while its verdict is still open. */
  async step(step, check) {
    try {
      const said = await check();
      if (said !== undefined) {
        this.say(step, ...said);
      }
      return true;
    } catch (error) {
      if (error instanceof Unable) {
        this.say(step, "unchecked", error.code, error.values);
      } else if (error instanceof Refused) {
        this.say(step, "failed", error.code, error.values);
      } else {
        throw error;
      }
      return false;
    }
  }

  has(step, ...states) {
    return states.includes(this.states.get(step));
  }

  /** Say of every step that was not reached that it was not, and give the verdict. */
  finish(asked) {
    for (const step of STEPS) {
      if (!this.states.has(step)) {
        this.say(step, "unchecked", "step.not_reached");
      }
    }
    if ([...this.states.values()].includes("failed")) {
      return "refused";
    }
    const missed = [...MUST_HOLD, ...asked].filter((step) => !this.has(step, "passed", "partly"));
    return missed.length > 0 ? "unsure" : "holds";
  }
}
