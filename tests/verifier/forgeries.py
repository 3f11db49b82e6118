"""Forgeries of bundles by name: what is changed, and what the refusal says of it."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from ledger.transparency.note import SecretKey
from tests.verifier.bundles import KEY, ORIGIN, SELLER, Draft, MarketLog

SIZE = 40
STRANGER = SecretKey(ORIGIN, b"x" * 32)
LINE = "\u2014 "
LONG = b"9" * 20_000_000
Change = Callable[[Draft], object]


def recommitted(draft: Draft, at: int) -> None:
    """Change a body, with a commitment, a header and a leaf hash that fit it."""
    line = draft.lines[at]
    text = line["postings"].replace('"7300"', '"7200"').replace('"100"', '"101"')
    message = b"eco-ledger/commit/v1\npostings/1\n" + text.encode()
    committed = hmac.digest(bytes.fromhex(line["postings_key"]), message, "sha256").hex()
    header = json.loads(line["header"]) | {"postings": committed}
    encoded = json.dumps(header, separators=(",", ":"), sort_keys=True)
    leaf = hashlib.sha256(b"\x00" + encoded.encode()).hexdigest()
    draft.lines[at] = line | {"postings": text, "header": encoded, "leaf_hash": leaf}


def setting(at: int, **members: Any) -> Change:
    return lambda draft: draft.lines[at].update(members)


def balances(change: Callable[[list[dict[str, str]]], object]) -> Change:
    return lambda draft: change(draft.balances or [])


def raw_line(at: int, change: Callable[[bytes], bytes]) -> Change:
    def apply(draft: Draft) -> None:
        rows = draft.files()["entries/0.jsonl"].splitlines(keepends=True)
        rows[at] = change(rows[at])
        draft.raw["entries/0.jsonl"] = b"".join(rows)

    return apply


def manifest(**members: Any) -> Change:
    return lambda draft: draft.manifest.update(members)


def raw(**files: bytes) -> Change:
    return lambda draft: draft.raw.update(
        {name.replace("_", "."): data for name, data in files.items()}
    )


def no_balances(draft: Draft) -> None:
    draft.balances = None


def row_of(account: str, quantity: str) -> dict[str, str]:
    return {"account": account, "instrument": "CNY", "quantity": quantity}


def with_root(checkpoint: str, root: str) -> str:
    return checkpoint.replace(checkpoint.split("\n")[2], root)


def both(*changes: Change) -> Change:
    return lambda draft: [change(draft) for change in changes]


def drop(*at: int) -> Change:
    return lambda draft: [draft.lines.pop(each) for each in at]


OF_EVERYTHING: dict[str, tuple[Change, str]] = {
    "an entry is missing": (drop(20), "does not lead|missing|hidden"),
    "and is not counted": (both(drop(20), manifest(entries=str(SIZE - 1))), "hidden"),
    "the last one is": (both(drop(-1), manifest(entries=str(SIZE - 1))), "hidden"),
    "two are swapped": (lambda d: d.lines.insert(5, d.lines.pop(6)), "out of order"),
    "one stands twice": (lambda d: d.lines.insert(6, d.lines[6]), "out of order"),
    "one stands twice, and is counted": (
        both(lambda d: d.lines.append(d.lines[-1]), manifest(entries=str(SIZE + 1))),
        "out of order",
    ),
    "a body is another": (setting(12, postings='{"effects":[]}'), "committed"),
    "a body is none": (setting(12, postings="{"), "committed"),
    "a body of a number": (setting(12, postings=5), "cannot be read"),
    "a body of another entry": (
        lambda d: d.lines[12].update(
            {key: d.lines[13][key] for key in ("postings", "postings_key")}
        ),
        "committed",
    ),
    "another key": (setting(12, postings_key="00" * 32), "committed"),
    "a short key": (setting(12, postings_key="00"), "committed"),
    "a key in capitals": (
        lambda d: d.lines[12].update(postings_key=d.lines[12]["postings_key"].upper()),
        "committed",
    ),
    "a key with blanks": (
        lambda d: d.lines[12].update(postings_key=f" {d.lines[12]['postings_key']}"),
        "committed",
    ),
    "no key": (setting(12, postings_key=None), "said to be"),
    "a key of what is not shown": (setting(12, postings=None), "said to be"),
    "a body that is withheld and there": (setting(12, postings_state="withheld"), "said to be"),
    "a body that is erased": (
        setting(12, postings=None, postings_key=None, postings_state="erased"),
        "said to be",
    ),
    "a personal part that is empty and is not": (setting(2, personal_state="empty"), "said to be"),
    "one that is shown and is empty": (setting(12, personal_state="shown"), "said to be"),
    "one that is erased and there": (setting(2, personal_state="erased"), "said to be"),
    "one that is emptied": (setting(2, personal="{}", personal_state="empty"), "committed"),
    "a state of its own": (setting(2, personal_state=["shown"]), "cannot be read"),
    "a body and its header": (lambda d: recommitted(d, 15), "follow|lead to the root"),
    "the last body and header": (lambda d: recommitted(d, SIZE - 1), "lead to the root"),
    "another leaf hash": (setting(12, leaf_hash="00" * 32), "leaf hash"),
    "another index": (setting(12, index="13"), "no header"),
    "an index that is no text": (setting(12, index=12), "no number"),
    "an index beyond all": (
        raw_line(12, lambda _: b'{"index":"%s"}\n' % (b"9" * 5_000)),
        "no number",
    ),
    "a member too many": (setting(12, comment="all is well"), "other members"),
    "a member too few": (lambda d: d.lines[12].pop("leaf_hash"), "other members|cannot"),
    "a member that stands twice": (
        raw_line(12, lambda line: line.replace(b'"index":', b'"index":"99","index":')),
        "twice",
    ),
    "a line that is no JSON": (raw_line(12, lambda _: b"NaN\n"), "cannot be read"),
    "a line of NaN": (raw_line(12, lambda _: b'{"index":NaN}\n'), "no number"),
    "a line that is nested": (raw_line(12, lambda _: b"[" * 100_000 + b"\n"), "cannot be read"),
    "a line that is a list": (raw_line(12, lambda _: b"[]\n"), "cannot be read"),
    "a line of other bytes": (raw_line(12, lambda _: b"\xff\n"), "cannot be read"),
    "a huge line": (raw_line(12, lambda _: LONG), "too long"),
    "a line without an end": (raw_line(-1, lambda line: line[:-1]), "no end"),
    "half a surrogate": (raw_line(12, lambda _: b'{"index":"\\ud800"}\n'), "no number"),
    "a balance is another": (balances(lambda rows: rows[2].update(quantity="1")), "balance"),
    "a balance is missing": (balances(lambda rows: rows.pop()), "in no balance"),
    "a balance stands twice": (balances(lambda rows: rows.append(rows[0])), "balance"),
    "a balance of nought": (
        balances(lambda rows: rows.append(row_of("103", "0"))),
        "balance",
    ),
    "a balance of a stranger": (
        balances(lambda rows: rows.append(row_of("103", "5"))),
        "balance",
    ),
    "a balance with a sign": (
        balances(lambda rows: rows[3].update(quantity=f"+{rows[3]['quantity']}")),
        "balance",
    ),
    "a balance with words": (balances(lambda rows: rows[3].update(note="x")), "balance"),
    "balances that are none": (raw(balances_jsonl=b"{}\n"), "account"),
    "balances without end": (raw(balances_jsonl=LONG), "too long"),
    "a hidden hash too many": (lambda d: d.hidden.append("A" * 43 + "="), "more than"),
    "another origin": (manifest(origin="ledger.example/other"), "another checkpoint"),
    "another size": (manifest(size="39"), "another checkpoint"),
    "a size that is none": (manifest(size="-1"), "another checkpoint"),
    "another format": (manifest(format="ecorights-audit-bundle/2"), "format"),
    "another count": (manifest(entries="41"), "the manifest says"),
    "a scope that is none": (manifest(scope="all"), "scope"),
    "a scope of a list": (manifest(scope=["everything"]), ""),
    "a scope with half a surrogate": (manifest(scope="case:\ud800"), ""),
    "a scope of another account": (manifest(scope="account:103"), "nothing that is shown"),
    "a scope of an account beyond all": (manifest(scope="account:" + "9" * 40), "scope"),
    "a scope of another trade": (
        both(manifest(scope="trade:7000"), no_balances),
        "nothing that is shown",
    ),
    "a scope of another case": (
        both(manifest(scope="case:x"), no_balances),
        "nothing that is shown",
    ),
    "balances of a trade": (manifest(scope="trade:7"), "no place"),
    "no balances": (no_balances, "missing|no item"),
    "a since that is none": (manifest(since="x"), "no number"),
    "a since beyond the log": (manifest(since="41"), "older"),
    "a manifest with words": (manifest(comment="all is well"), "format"),
    "a manifest without size": (lambda d: d.manifest.pop("size"), "format"),
    "files that are none": (manifest(files=[]), "each once"),
    "files of words": (manifest(files=["checkpoint"]), ""),
    "a file of its own": (raw(evil_html=b"<script>\n"), "no place"),
    "a file of entries beyond the log": (
        lambda d: d.raw.update({"entries/1.jsonl": b""}),
        "no place",
    ),
    "a file outside": (lambda d: d.raw.update({"../../x": b""}), "no place"),
    "a policy of 100 MB": (raw(policy=b"\n" * 100_000_000), "too large"),
    "a checkpoint of a stranger": (
        lambda d: setattr(d, "checkpoint", MarketLog(SIZE, key=STRANGER).checkpoint()),
        "not signed",
    ),
    "a checkpoint that is signed twice, once wrong": (
        lambda d: setattr(d, "checkpoint", d.checkpoint + wrong_line(KEY)),
        "does not verify",
    ),
    "a checkpoint with another root": (
        lambda d: setattr(d, "checkpoint", with_root(d.checkpoint, "A" * 43 + "=")),
        "does not verify",
    ),
    "a checkpoint that is none": (raw(checkpoint=b"hello\n"), "no signed note"),
    "a checkpoint of other bytes": (raw(checkpoint=b"\xff\xfe\n"), ""),
    "a checkpoint with a tab": (raw(checkpoint=b"a\tb\n\n\n"), "no signed note"),
    "a line that is no signature": (
        lambda d: setattr(d, "checkpoint", d.checkpoint + f"{LINE}x y z\n"),
        "no signature",
    ),
}  # fmt: skip
OF_ACCOUNT: dict[str, tuple[Change, str]] = {
    "a hidden hash is another": (lambda d: d.hidden.__setitem__(2, "A" * 43 + "="), "root"),
    "a hidden hash is missing": (lambda d: d.hidden.pop(2), "missing|root"),
    "the last one is missing": (lambda d: d.hidden.pop(), "missing"),
    "two of them are swapped": (lambda d: d.hidden.insert(1, d.hidden.pop(2)), "root"),
    "one is too many": (lambda d: d.hidden.insert(0, d.hidden[0]), "root"),
    "one is not canonical": (
        lambda d: d.hidden.__setitem__(2, d.hidden[2][:-2] + other_bits(d.hidden[2])),
        "canonical",
    ),
    "one is no base64": (lambda d: d.hidden.__setitem__(2, "?"), ""),
    "one is short": (lambda d: d.hidden.__setitem__(2, "AAAA"), "canonical"),
    "one is written otherwise": (lambda d: d.hidden.__setitem__(2, d.hidden[2] + "\u2028"), ""),
    "hidden hashes without end": (raw(hidden_txt=LONG), "too long"),
    "an entry is left out, and not hidden": (drop(5), "root|missing"),
    "another balance": (balances(lambda rows: rows[0].update(quantity="1")), "balance"),
    "the balances of another": (
        both(manifest(scope=f"account:{SELLER}"), lambda _: None),
        "nothing that is shown",
    ),
    "everything": (manifest(scope="everything"), "may be missing|cannot happen"),
    "a period": (
        both(manifest(scope="period:1970-01-01..1970-01-02"), no_balances),
        "may be missing",
    ),
}  # fmt: skip


def other_bits(text: str) -> str:
    """The last two characters with bits that no byte has."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return letters[letters.index(text[-2]) ^ 1] + "="


def wrong_line(key: SecretKey) -> str:
    return key.line(b"\x07" * 64).text
