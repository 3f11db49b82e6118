"use strict";

// Every word that the page says, in English. `texts_zh.js` has the same codes; a test compares them.

const TEXTS_EN = {
  "page.brand": "EcoRights · public verification",
  "page.title": "Check an audit bundle",
  "page.lead":
    "Everything is computed in your browser: the file does not leave this machine, the page makes no network request once it is open, and you need not trust our server.",
  "page.language": "中文",
  "page.skip": "Skip to the form",
  "page.form": "Bundle and keys",
  "page.bundle": "Audit bundle (a .zip file)",
  "page.bundle_help": "Or drop the file here.",
  "page.choose": "Choose a file",
  "page.no_file": "none chosen",
  "page.key": "Public key of the log",
  "page.key_help":
    "NAME+ID+BASE64. Get it by another way, such as a gazette, a contract or a counter; not from the bundle, unless you compared it with one of those.",
  "page.more": "Witnesses, and a checkpoint that you kept (optional)",
  "page.witnesses": "Public keys of witnesses whom you believe, one a line",
  "page.needed": "How many of them must have cosigned",
  "page.old": "A checkpoint that you kept",
  "page.old_help":
    "Proves that the log only grew since; the bundle must have been asked for with its size as since.",
  "page.check": "Check",
  "page.again": "Check again",
  "page.running": "Checking…",
  "page.progress": "Read",
  "page.result": "Result",
  "page.steps": "Verdicts, step by step",
  "page.policy": "What this page believes",
  "page.policy_text":
    "Only the keys that you enter. That no entry is missing is proved for everything and for a period. An account, a trade or a case is what the bundle says of itself: its entries are in the log, and whether others were left out no log can tell. The files policy and VERIFY.md are not signed, and are there to compare.",
  "page.need_bundle": "Choose the bundle's file.",
  "page.need_key": "Enter the public key of the log.",
  "page.need_number": "The number of witnesses is nought or a positive whole number.",
  "page.broken": "The check broke off without a verdict. The browser says: {reason}",
  "page.local":
    "This page was opened from a disk, where browsers start no worker: page and check share one thread.",
  "page.foot":
    "Page and programs are open to be read line by line; verifier/check_bundle.py is another, independent verifier of the same format.",

  "verdict.holds": "Holds",
  "verdict.holds_text":
    "{scope}: {count} entries are among the {size} of {origin}, and all that is shown is what was committed to.",
  "verdict.holds_except": "What was not checked is marked below as not checked or partly checked.",
  "verdict.refused": "Does not hold",
  "verdict.refused_text": "Do not believe this file. What fails: {steps}.",
  "verdict.unsure": "No verdict",
  "verdict.unsure_text":
    "Not every step that must hold could be checked, so nothing is confirmed. Not checked: {steps}.",

  "state.waiting": "waiting",
  "state.passed": "passed",
  "state.partly": "partly checked",
  "state.failed": "failed",
  "state.unchecked": "not checked",

  "step.files": "The files are those of the manifest",
  "step.signature": "The log signed the checkpoint",
  "step.witnesses": "Witnesses cosigned it",
  "step.manifest": "The manifest is of this checkpoint",
  "step.entries": "The headers are of this log",
  "step.places": "The entries are in the log's tree",
  "step.growth": "The log only grew",
  "step.chain": "The entries follow each other",
  "step.complete": "No entry of the scope is missing",
  "step.bodies": "The bodies are what was committed to",
  "step.books": "The entries add up to the balances",
  "step.not_reached": "An earlier step failed, and this one was not reached.",
  "step.no_checkpoint": "There is no checkpoint to check against.",
  "step.no_entries": "The entries cannot be read or do not hold.",

  "browser.no_ed25519":
    "This browser has no Ed25519 (WebCrypto), so signatures cannot be checked. Use a newer browser, over https, a local address or from a disk, or check_bundle.py.",
  "browser.no_deflate":
    "This browser cannot unpack deflate-raw. Use a newer browser, or check_bundle.py.",
  "browser.sha256": "This browser's SHA-256 and the page's own differ: no result could be believed.",

  "what.zip": "The directory of the zip",
  "what.key": "The key",
  "what.size": "The size of the checkpoint",
  "what.root": "The root of the checkpoint",
  "what.signature": "The signature",
  "what.index": "The index of an entry",
  "what.since": "since",
  "what.checkpoint": "The checkpoint",
  "part.personal": "personal",
  "part.postings": "postings",

  "read.utf8": "{what} is not UTF-8 text.",
  "read.json": "{what} is not the JSON that it must be.",
  "read.twice": "In {what} a name stands twice, so that others might read the other value.",
  "read.line_end": "The last line of {what} has no end.",
  "read.number": "{what} is no number: {found}.",
  "read.number_too_large": "{what} is larger than this page counts: {found}.",
  "read.hex": "{what} is not 64 hexadecimal digits.",
  "read.base64": "{what} is not canonical base64, or not of its length.",

  "zip.none": "This is no zip file.",
  "zip.directory": "The directory of the zip is damaged.",
  "zip.method": "{name} in the zip is encrypted, or packed in an unknown way.",
  "zip.local": "Place or name of {name} in the zip contradict each other.",
  "zip.damaged": "{name} in the zip is damaged.",
  "zip.too_large": "{name} in the zip is too large.",
  "zip.unreadable_file": "The file cannot be read: it may have been moved or changed.",

  "files.passed": "{count} files have the SHA-256 that the manifest says.",
  "files.no_manifest": "There is no manifest.json.",
  "files.format": "The format is {found}; expected {expected}.",
  "files.scope": "The scope that the manifest says is none: {found}.",
  "files.members": "The manifest has other members than it must have: {name}.",
  "files.no_place": "{name} has no place in a bundle of this scope.",
  "files.names": "The files are not those of the manifest: {name}.",
  "files.missing": "{name} is missing.",
  "files.digest": "Not the SHA-256 that the manifest says: {name}.",

  "key.unfit": "The key of “{name}” is of another kind, or its id is wrong.",
  "signature.passed": "{name} signed the checkpoint of {size} entries.",
  "signature.none": "No signature by the key that you entered ({name}).",
  "signature.wrong": "The signature of {name} does not verify.",
  "note.unfit": "The checkpoint is no signed note.",
  "note.signature": "A line of the checkpoint is no signature: {found}.",
  "note.origin": "The checkpoint is of “{found}”, not of “{name}”.",

  "witnesses.none": "You entered no key of a witness.",
  "witnesses.strangers":
    "You entered no key of a witness. The checkpoint has signatures by others: {strangers}.",
  "witnesses.passed": "{count} cosigned, {needed} needed: {names}.",
  "witnesses.passed_strangers":
    "{count} cosigned, {needed} needed: {names}. Unknown signatures, which do not count: {strangers}.",
  "witnesses.too_few": "Only {count} cosigned ({names}), and {needed} are needed.",

  "manifest.passed": "Scope {scope}: {count} of {size} entries.",
  "manifest.checkpoint":
    "The manifest is of another checkpoint ({found}); this one is of {size} entries.",
  "manifest.entries": "There are {count} entries, and the manifest says {found}.",

  "entries.passed": "{count} headers are of this log.",
  "entries.line_too_long": "The line of {what} is too long.",
  "entries.members": "Entry {index} has other members than it must have.",
  "entries.file": "Entry {index} does not belong into file {file} of the entries.",
  "entries.header": "Entry {index} has no header of this log.",
  "entries.leaf_hash": "The leaf hash given with entry {index} is not the hash of its header.",

  "places.passed":
    "{count} entries and the hashes of what is hidden lead to {root}, the root over {size} entries.",
  "places.hidden_missing": "The hash of what is hidden from entry {index} on is missing.",
  "places.order": "Entry {index} is out of order.",
  "places.root":
    "They lead to {found}; the root in the checkpoint of {size} entries is {expected}.",
  "places.since": "The bundle's since ({found}) is more than the {size} entries of the checkpoint.",
  "places.more": "There is more than the checkpoint covers.",

  "growth.not_asked": "The bundle was not asked for with an earlier checkpoint.",
  "growth.not_given":
    "The bundle can prove that the log only grew since {since} entries: give the checkpoint that you kept.",
  "growth.passed": "From the {since} entries that you kept to the present {size} the log only grew.",
  "growth.other_size":
    "The checkpoint that you kept is of {size} entries, the bundle's since is {found}: ask for {size}.",
  "growth.shrunk": "The checkpoint that you kept is of {found} entries, and now there are only {size}.",

  "chain.passed": "Neighbours are linked by their hashes, and time does not go back.",
  "chain.broken": "Entry {index} does not follow the entry before it.",
  "chain.time": "Entry {index} is earlier than an entry before it.",

  "complete.passed": "The entries stand side by side, and the neighbours' times are outside: {scope} is whole.",
  "complete.not_proved":
    "Entries of {scope} may have been left out: what is shown is in the log, and no log can tell what is not shown.",
  "complete.missing": "An entry of {scope} may be missing.",
  "complete.nothing": "Nothing that is shown is of {scope}.",

  "bodies.passed":
    "The postings of {shown} entries are what was committed to. Personal parts: {personal_shown} shown, {personal_empty} empty, {personal_withheld} withheld, {personal_erased} erased; the latter two are not checked.",
  "bodies.partly":
    "The postings of {shown} entries are what was committed to; {withheld} are withheld and not checked. Personal parts: {personal_shown} shown, {personal_empty} empty, {personal_withheld} withheld, {personal_erased} erased; the latter two are not checked.",
  "bodies.state": "The {part} part of entry {index} says to be {found}, and is not.",
  "bodies.commitment": "The {part} part of entry {index} is not what its header commits to.",
  "bodies.effects": "The effects of entry {index} cannot be read.",

  "books.passed":
    "{moved} movements from nought on; {places} balances are those of balances.jsonl, none overdrawn.",
  "books.passed_account":
    "{moved} movements from nought on; {places} balances are those of balances.jsonl, if no entry of the account is missing.",
  "books.continues": "This log continues another, whose entries are not here: nothing adds up from nought.",
  "books.scope": "The entries of such a scope do not add up to balances.",
  "books.withheld": "{withheld} bodies are withheld, so nothing adds up.",
  "books.number": "Entry {index} ({kind}): not a whole number: {found}.",
  "books.unknown": "Entry {index} ({kind}): nothing is known of {name}.",
  "books.not_positive": "Entry {index} ({kind}): a quantity that is not positive.",
  "books.below_nought": "Entry {index} ({kind}): account {account} would hold {found} {instrument}.",
  "books.twice": "balances.jsonl says twice what account {account} holds of {instrument}.",
  "books.row": "balances.jsonl: this line is no balance: {found}.",
  "books.differ":
    "Account {account}, {instrument}: {found} by the entries, {expected} by balances.jsonl.",
};
