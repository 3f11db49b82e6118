"""Every altered bundle is refused in words, whoever made the manifest fit the change.

The forger writes the whole bundle and has everything but the log's key. What it may do without
being refused is said here, too: leave entries of an account out, and say so of nothing.
"""

import hashlib
import hmac
import io
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.transparency.checkpoint import Checkpoint, cosign
from ledger.transparency.note import COSIGNATURE, SecretKey, parse_note
from tests.verifier.bundles import BUYER, KEY, ORIGIN, SELLER, Draft, MarketLog
from tests.verifier.checking import run, verdict

SIZE, SINCE = 40, 20
SHOWN = [1, 3, 6, *range(11, 40, 2)]
WITNESS = SecretKey("witness.example/city", b"c" * 32, algorithm=COSIGNATURE)
STRANGER = SecretKey(ORIGIN, b"x" * 32)
OTHER = SecretKey("x", b"x" * 32)
LINE = "\u2014 "
LONG = b"9" * 20_000_000
Change = Callable[[Draft], object]


@pytest.fixture(scope="module")
def log() -> MarketLog:
    return MarketLog(SIZE)


@pytest.fixture(scope="module")
def everything(log: MarketLog) -> Draft:
    return log.draft(personal=True)


@pytest.fixture(scope="module")
def account(log: MarketLog) -> Draft:
    return log.draft(f"account:{BUYER}", shown=SHOWN, since=SINCE)


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
    "no balances": (no_balances, "missing"),
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


@pytest.mark.parametrize("name", OF_EVERYTHING)
def test_a_changed_bundle_of_everything_is_refused(
    everything: Draft, tmp_path: Path, name: str
) -> None:
    change, words = OF_EVERYTHING[name]
    draft = everything.copy()
    change(draft)
    _refused(draft, tmp_path, words)


@pytest.mark.parametrize("name", OF_ACCOUNT)
def test_a_changed_bundle_of_an_account_is_refused(
    account: Draft, tmp_path: Path, name: str
) -> None:
    change, words = OF_ACCOUNT[name]
    draft = account.copy()
    change(draft)
    _refused(draft, tmp_path, words)


def _refused(draft: Draft, folder: Path, words: str) -> None:
    found = verdict(draft.write(folder / "b.zip"))
    assert not found["ok"], found
    assert any(word in found["reason"] for word in words.split("|")), found["reason"]


@pytest.mark.parametrize("since", [None, "24", "14", "40", "x", "41", 26])
def test_hidden_hashes_are_cut_where_the_bundle_says(
    log: MarketLog, tmp_path: Path, since: object
) -> None:
    draft = log.draft("trade:7", shown=[1, 14, 15, 39], since=26)
    assert verdict(draft.write(tmp_path / "b.zip"))["ok"]
    draft.manifest["since"] = since
    assert not verdict(draft.write(tmp_path / "b.zip"))["ok"]


def test_the_drafts_are_true_before_they_are_changed(
    everything: Draft, account: Draft, tmp_path: Path
) -> None:
    for draft in (everything, account):
        assert verdict(draft.write(tmp_path / "b.zip"))["ok"]


def test_what_an_account_cannot_prove_is_said(log: MarketLog, tmp_path: Path) -> None:
    """A forger leaves a purchase out and changes the balances: nothing in a log speaks of it."""
    draft = log.draft(f"account:{BUYER}", shown=SHOWN[:-1])
    of_the_last = {"CEA25": 10, "CNY": -73_022}
    for row in draft.balances or []:
        row["quantity"] = str(int(row["quantity"]) - of_the_last[row["instrument"]])

    found = verdict(draft.write(tmp_path / "b.zip"))

    assert found["ok"], found
    assert found["complete"] == "not proved: entries may have been left out"
    assert found["balances"] == "hold, if no entry of the account is missing"


def test_an_overdraft_is_hidden_only_by_a_body_that_is_counted_as_withheld(
    everything: Draft, tmp_path: Path
) -> None:
    draft = everything.copy()
    draft.lines[15].update(postings=None, postings_key=None, postings_state="withheld")
    found = verdict(draft.write(tmp_path / "b.zip"))
    assert (found["ok"], found["bodies_withheld"]) == (True, 1)
    assert found["balances"].startswith("not checked")


def test_needed_witnesses_are_not_made_up(log: MarketLog, tmp_path: Path) -> None:
    note = parse_note(log.checkpoint())
    later = parse_note(MarketLog(SIZE + 1).checkpoint()).text
    of_another = cosign(Checkpoint.parse(later), WITNESS, at=1)
    wanted = ("--witness", WITNESS.public.text, "--needed", "1")
    for line, words in (
        (of_another, "does not verify"),
        (WITNESS.line(bytes(72)), "does not verify"),
        (WITNESS.line(b"1"), "does not verify"),
        (STRANGER.line(bytes(64)), "1 are needed"),
    ):
        draft = log.draft().copy(checkpoint=note.with_lines([line]).whole)
        found = verdict(draft.write(tmp_path / "b.zip"), *wanted)
        assert words in found["reason"]
    log_as_witness = ("--witness", KEY.public.text, "--needed", "1")
    assert "kind" in verdict(log.draft().write(tmp_path / "b.zip"), *log_as_witness)["reason"]


def test_unknown_lines_are_reported_and_not_believed(log: MarketLog, tmp_path: Path) -> None:
    lines = [STRANGER.line(bytes(64)), WITNESS.line(b"x" * 72)]
    note = parse_note(log.checkpoint()).with_lines(lines)
    found = verdict(log.draft().copy(checkpoint=note.whole).write(tmp_path / "b.zip"))
    assert found["ok"]
    assert found["unknown_signatures"] == sorted(
        f"{each.name}+{each.key_id.hex()}" for each in lines
    )


def test_a_kept_checkpoint_of_another_log_is_refused(
    log: MarketLog, account: Draft, tmp_path: Path
) -> None:
    bundle, kept = account.write(tmp_path / "b.zip"), tmp_path / "kept"
    other = MarketLog(SIZE)
    other.entries.reverse()
    for words, note in (
        ("root", other.checkpoint(SINCE)),
        ("ask since then", log.checkpoint(SINCE - 1)),
        ("not signed", MarketLog(SIZE, key=STRANGER).checkpoint(SINCE)),
        ("not signed", MarketLog(SIZE, key=OTHER, origin="x").checkpoint(SINCE)),
        ("no signed note", ""),
    ):  # fmt: skip
        kept.write_text(note)
        assert words in verdict(bundle, "--old", str(kept))["reason"]
    shorter = MarketLog(SINCE).draft().write(tmp_path / "short.zip")
    kept.write_text(log.checkpoint(SIZE))
    assert "ask since then" in verdict(shorter, "--old", str(kept))["reason"]


def test_a_log_that_was_cut_back_is_refused(log: MarketLog, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text(log.checkpoint(SIZE))
    draft = MarketLog(30).draft()
    draft.manifest["since"] = str(SIZE)
    found = verdict(draft.write(tmp_path / "b.zip"), "--old", str(kept))
    assert "older" in found["reason"]


@pytest.mark.parametrize("key", ["", "x", f"{ORIGIN}+00000000+AAAA", KEY.public.text[:-4] + "AAA="])
def test_a_key_that_is_none_is_refused(account: Draft, tmp_path: Path, key: str) -> None:
    assert not verdict(account.write(tmp_path / "b.zip"), key=key)["ok"]


def test_a_file_that_stands_twice_in_the_zip_is_refused(everything: Draft, tmp_path: Path) -> None:
    for name in ("checkpoint", "manifest.json", "entries/0.jsonl"):
        bundle = everything.write(tmp_path / "b.zip")
        with warnings.catch_warnings(), zipfile.ZipFile(bundle, "a") as archive:
            warnings.simplefilter("ignore")
            archive.writestr(name, archive.read(name))
        assert "each once" in verdict(bundle)["reason"]


def test_a_bomb_is_refused_before_it_goes_off(everything: Draft, tmp_path: Path) -> None:
    """A gigabyte of lines that are all alike is a megabyte of zip."""
    draft = everything.copy()
    line = draft.files()["entries/0.jsonl"].splitlines(keepends=True)[0]
    bundle = draft.write(tmp_path / "b.zip")
    with zipfile.ZipFile(bundle) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            with archive.open(name, "w", force_zip64=True) as target:
                target.write(data)
                for _ in range(100 if name.startswith("entries/") else 0):
                    target.write(line * 10_000)

    found = run(bundle)

    assert "out of order" in found["reason"]
    assert found["seconds"] < 5


def test_no_file_and_no_zip_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello")
    (tmp_path / "empty").touch()
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("manifest.json", "[]")
    for name in ("missing", "text", "empty", "none.zip"):
        assert run(tmp_path / name)["reason"]


def contents(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_bundle_with_other_bytes_is_refused_or_says_the_same(
    everything: Draft, account: Draft, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A zip has bytes that mean nothing (times, attributes); every file's bytes mean something."""
    draft = data.draw(st.sampled_from([everything, account]))
    bundle = draft.write(tmp_path_factory.mktemp("zip") / "b.zip")
    before = bundle.read_bytes()
    altered = bytearray(before)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(
            st.integers(0, len(altered) - 1) | st.integers(len(altered) - 700, len(altered) - 1)
        )
        altered[place] ^= data.draw(st.integers(1, 255))
    bundle.write_bytes(bytes(altered))

    found = verdict(bundle)

    assert not found["ok"] or contents(bytes(altered)) == contents(before)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_file_with_other_bytes_is_refused_though_the_manifest_fits(
    everything: Draft, account: Draft, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    draft = data.draw(st.sampled_from([everything, account])).copy()
    files = draft.files()
    name = data.draw(
        st.sampled_from(["checkpoint", "hidden.txt", "balances.jsonl", "entries/0.jsonl"])
    )
    content = bytearray(files[name])
    if not content:
        return
    place = data.draw(st.integers(0, len(content) - 1))
    kind = data.draw(st.sampled_from(["flip", "drop", "double", "cut"]))
    if kind == "flip":
        content[place] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del content[place:]
    else:
        length = data.draw(st.integers(1, 2_000))
        piece = content[place : place + length]
        content[place : place + length] = b"" if kind == "drop" else piece * 2
    draft.raw[name] = bytes(content)
    same = meaning(name, bytes(content)) == meaning(name, files[name])

    found = verdict(draft.write(tmp_path_factory.mktemp("zip") / "b.zip"))

    assert not found["ok"] or same, (name, place, kind)


def meaning(name: str, content: bytes) -> Any:
    """What a file says, whatever its blanks and escapes; lines of unknown keys prove nothing."""
    if name == "checkpoint":
        text, _, lines = content.decode(errors="replace").rpartition("\n\n")
        name_of_key = lines.split(" ", 2)[1:2]
        return text, name_of_key == [ORIGIN]
    if name == "hidden.txt":
        return content
    try:
        return [json.loads(line) for line in content.splitlines()]
    except ValueError:
        return None


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_manifest_of_any_values_never_crashes_it(
    account: Draft, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    anything = st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=5,
    )
    draft = account.copy()
    name = data.draw(st.sampled_from([*draft.manifest, "files", "other"]))
    value = data.draw(anything)
    if draft.manifest.get(name, ()) == value:
        return
    draft.manifest[name] = value

    found = verdict(draft.write(tmp_path_factory.mktemp("zip") / "b.zip"))

    # Of when it was asked for, a bundle that hides nothing there may say anything.
    assert not found["ok"] or (name, found["grew_since"][:11]) == ("since", "not checked")


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_line_of_any_values_never_crashes_it(
    everything: Draft, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    draft = everything.copy()
    at = data.draw(st.integers(0, SIZE - 1))
    name = data.draw(st.sampled_from(sorted(draft.lines[at])))
    value = data.draw(st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=2))
    if draft.lines[at][name] == value:
        return
    draft.lines[at][name] = value
    try:
        files = draft.files()
    except (UnicodeEncodeError, ValueError, TypeError):
        return
    draft.raw["entries/0.jsonl"] = files["entries/0.jsonl"]

    assert not verdict(draft.write(tmp_path_factory.mktemp("zip") / "b.zip"))["ok"]
