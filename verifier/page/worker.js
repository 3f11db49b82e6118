"use strict";

// Runs the check beside the page, so that the page stays awake. Where the service serves it, the
// header of this very file forbids it, too, to reach anything (connect-src 'none').

importScripts(
  "reading.js",
  "sha256.js",
  "zip.js",
  "note.js",
  "tree.js",
  "scope.js",
  "books.js",
  "entries.js",
  "report.js",
  "judging.js",
  "check.js",
);

self.onmessage = async ({ data: request }) => {
  try {
    const verdict = await checkBundle(request, (event) => self.postMessage(event));
    self.postMessage({ kind: "end", verdict });
  } catch (error) {
    self.postMessage({ kind: "broken", reason: String(error) });
  }
};
