"use strict";

// The page: its form, its two languages, and the verdicts as they arrive. It checks nothing itself.
//
// Text goes in by textContent alone, so that nothing in a bundle can become part of the page.

const LANGUAGES = { zh: TEXTS_ZH, en: TEXTS_EN };
const MARKS = { waiting: "·", passed: "✓", partly: "?", failed: "✕", unchecked: "?" };
const element = (id) => document.getElementById(id);

/** What the page shows; drawn again as a whole when the language changes. */
const shown = {
  language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
  steps: new Map(),
  verdict: null, // holds, refused, unsure or broken
  trouble: null,
  reason: "",
  isRunning: false,
};
const helper = startWorker();

function say(code, values = {}) {
  const texts = LANGUAGES[shown.language];
  const valueOf = (name) => texts[`${name}.${values[name]}`] ?? String(values[name] ?? "–");
  return texts[code].replace(/\{(\w+)\}/g, (_, name) => valueOf(name));
}

function draw() {
  document.documentElement.lang = shown.language === "zh" ? "zh-CN" : "en";
  document.title = say("page.title");
  for (const each of document.querySelectorAll("[data-text]")) {
    each.textContent = say(each.dataset.text);
  }
  element("language").lang = shown.language === "zh" ? "en" : "zh-CN";
  if (shown.verdict !== null || shown.isRunning) {
    element("check").textContent = say(shown.isRunning ? "page.running" : "page.again");
  }
  element("check").setAttribute("aria-disabled", String(shown.isRunning));
  drawFiles();
  drawTrouble();
  drawSteps();
  drawVerdict();
}

function drawFiles() {
  for (const id of ["bundle", "old"]) {
    element(`${id}-name`).textContent = element(id).files[0]?.name ?? say("page.no_file");
  }
}

function drawTrouble() {
  element("trouble").hidden = shown.trouble === null;
  element("trouble").textContent = shown.trouble === null ? "" : say(shown.trouble);
}

function drawSteps() {
  element("steps").replaceChildren(...STEPS.map(drawStep));
}

function drawStep(step) {
  const found = shown.steps.get(step) ?? { state: "waiting" };
  const item = document.createElement("li");
  item.className = found.state;
  item.dataset.step = step;
  item.dataset.code = found.code ?? "";
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.setAttribute("aria-hidden", "true");
  mark.textContent = MARKS[found.state];
  const title = document.createElement("b");
  title.textContent = say(`step.${step}`);
  const state = document.createElement("span");
  state.className = "state";
  state.textContent = say(`state.${found.state}`);
  const text = document.createElement("p");
  text.textContent = found.code === undefined ? "" : say(found.code, found.values);
  item.append(mark, title, state, text);
  return item;
}

function drawVerdict() {
  const { verdict } = shown;
  const box = element("verdict");
  box.className = `verdict ${verdict ?? "waiting"}`;
  box.dataset.verdict = verdict ?? "";
  const head = document.createElement("strong");
  const text = document.createElement("span");
  head.textContent = say(verdict === null ? "page.running" : headOf(verdict));
  text.textContent = verdict === null ? "" : wordsOf(verdict);
  box.replaceChildren(head, text);
  element("reading").hidden = !shown.isRunning;
}

function headOf(verdict) {
  return `verdict.${verdict === "broken" ? "unsure" : verdict}`;
}

function wordsOf(verdict) {
  if (verdict === "broken") {
    return say("page.broken", { reason: shown.reason });
  }
  const all = [...shown.steps.entries()];
  const titles = (...states) =>
    all
      .filter(([, each]) => states.includes(each.state))
      .map(([step]) => `“${say(`step.${step}`)}”`)
      .join(shown.language === "zh" ? "、" : "; ");
  if (verdict === "holds") {
    const origin = shown.steps.get("signature").values.name;
    const values = { ...shown.steps.get("manifest").values, origin };
    const rest = titles("unchecked", "partly");
    return say("verdict.holds_text", values) + (rest ? ` ${say("verdict.holds_except")}` : "");
  }
  const states = verdict === "refused" ? ["failed"] : ["unchecked"];
  return say(`verdict.${verdict}_text`, { steps: titles(...states) });
}

/** Show one thing that the check tells. */
function hear(event) {
  if (event.kind === "progress") {
    const part = event.total > 0 ? event.done / event.total : 1;
    element("progress").value = part;
    element("percent").textContent = `${Math.floor(100 * part)}%`;
  } else if (event.kind === "step") {
    shown.steps.set(event.step, event);
    element("steps").children[STEPS.indexOf(event.step)].replaceWith(drawStep(event.step));
    element("spoken").textContent = `${say(`step.${event.step}`)}: ${say(`state.${event.state}`)}`;
  } else {
    end(event.kind === "end" ? event.verdict : "broken", event.reason ?? "");
  }
}

function end(verdict, reason) {
  Object.assign(shown, { verdict, reason, isRunning: false });
  element("result").setAttribute("aria-busy", "false");
  draw();
  element("verdict").focus();
}

/** Read the form; give what is to be checked, or null with the trouble shown. */
function readForm() {
  const needed = element("needed").value.trim();
  const request = {
    bundle: element("bundle").files[0] ?? null,
    key: element("key").value.trim(),
    witnesses: element("witnesses").value.split(/\s+/).filter((text) => text !== ""),
    needed: Number(needed),
    old: element("old").files[0] ?? null,
  };
  const faults = [
    [request.bundle === null, "page.need_bundle", "bundle"],
    [request.key === "", "page.need_key", "key"],
    [!/^[0-9]{1,3}$/.test(needed), "page.need_number", "needed"],
  ];
  const fault = faults.find(([isWrong]) => isWrong);
  shown.trouble = fault === undefined ? null : fault[1];
  drawTrouble();
  if (fault !== undefined) {
    element(fault[2]).closest("details")?.setAttribute("open", "");
    element(fault[2]).focus();
    return null;
  }
  return request;
}

function start(event) {
  event.preventDefault();
  const request = shown.isRunning ? null : readForm();
  if (request === null) {
    return;
  }
  shown.steps.clear();
  Object.assign(shown, { verdict: null, reason: "", isRunning: true });
  element("progress").value = 0;
  element("percent").textContent = "";
  element("result").hidden = false;
  element("result").setAttribute("aria-busy", "true");
  draw();
  runCheck(request);
}

/**
 * Start the worker, once, with the page: later nothing is loaded any more. From a disk browsers
 * start none, and the check runs in the page itself.
 */
function startWorker() {
  if (location.protocol === "file:") {
    return null;
  }
  const worker = new Worker("worker.js");
  worker.onmessage = ({ data }) => hear(data);
  worker.onerror = (error) => hear({ kind: "broken", reason: error.message ?? "worker.js" });
  return worker;
}

function runCheck(request) {
  if (helper !== null) {
    helper.postMessage(request);
    return;
  }
  checkBundle(request, hear).then(
    (verdict) => hear({ kind: "end", verdict }),
    (error) => hear({ kind: "broken", reason: String(error) }),
  );
}

function dropFile(event) {
  event.preventDefault();
  element("drop").classList.remove("over");
  if (event.dataTransfer.files.length > 0) {
    element("bundle").files = event.dataTransfer.files;
    drawFiles();
  }
}

element("form").addEventListener("submit", start);
element("language").addEventListener("click", () => {
  shown.language = shown.language === "zh" ? "en" : "zh";
  draw();
});
element("bundle").addEventListener("change", drawFiles);
element("old").addEventListener("change", drawFiles);
// A file that misses the box must not replace the page.
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  element("drop").classList.add("over");
});
document.addEventListener("dragleave", () => element("drop").classList.remove("over"));
document.addEventListener("drop", dropFile);
element("local").hidden = location.protocol !== "file:";
draw();
