"""Every altered bundle is refused in words, whoever made the manifest fit the change.

The forger writes the whole bundle and has everything but the log's key. What it may do without
being refused is said here, too: leave entries of an account out, and say so of nothing.
"""

import io
import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.transparency.checkpoint import Checkpoint, cosign
from ledger.transparency.note import COSIGNATURE, SecretKey, parse_note
from tests.verifier.bundles import BUYER, KEY, ORIGIN, Draft, MarketLog
from tests.verifier.checking import run, verdict
from tests.verifier.forgeries import OF_ACCOUNT, OF_EVERYTHING, SIZE, STRANGER

SINCE = 20
SHOWN = [1, 3, 6, *range(11, 40, 2)]
WITNESS = SecretKey("witness.example/city", b"c" * 32, algorithm=COSIGNATURE)
OTHER = SecretKey("x", b"x" * 32)


@pytest.fixture(scope="module")
def log() -> MarketLog:
    return MarketLog(SIZE)


@pytest.fixture(scope="module")
def everything(log: MarketLog) -> Draft:
    return log.draft(personal=True)


@pytest.fixture(scope="module")
def account(log: MarketLog) -> Draft:
    return log.draft(f"account:{BUYER}", shown=SHOWN, since=SINCE)


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
