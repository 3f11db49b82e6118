"""The verifier of bundles that shares nothing with us: true ones hold, and it says what of them."""

import re
import sys
from pathlib import Path

import pytest

from ledger.transparency.checkpoint import Checkpoint, cosign
from ledger.transparency.note import COSIGNATURE, SecretKey, parse_note
from tests.verifier.bundles import BUYER, IDLE, SELLER, MarketLog
from tests.verifier.checking import PROGRAM, run, verdict

LINES_MAX = 500
SIZE = 300
AT = 1_795_000_000
CITY, BANK = (
    SecretKey(f"witness.example/{name}", name.encode().ljust(32, b"-"), algorithm=COSIGNATURE)
    for name in ("city", "bank")
)
OF_BUYER = [1, 3, 6, *range(10, SIZE)]
OF_SELLER = [1, 2, 5, 7, 8, 9, *range(10, SIZE)]


@pytest.fixture(scope="module")
def log() -> MarketLog:
    return MarketLog(SIZE)


def cosigned(log: MarketLog, *keys: SecretKey) -> str:
    """The checkpoint with these witnesses' lines."""
    note = parse_note(log.checkpoint())
    lines = [cosign(Checkpoint.parse(note.text), key, at=AT) for key in keys]
    return note.with_lines(lines).whole


def test_it_is_one_short_file_that_imports_nothing_of_ours() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) ([a-z0-9_]+)", text, flags=re.MULTILINE))

    assert len(text.splitlines()) <= LINES_MAX
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_everything_is_proved_whole_and_adds_up(log: MarketLog, tmp_path: Path) -> None:
    found = run(log.draft().write(tmp_path / "b.zip"))

    assert found["ok"], found
    assert (found["entries"], found["size"], found["bodies_withheld"]) == (SIZE, SIZE, 0)
    assert (found["complete"], found["balances"]) == ("proved", "hold")
    assert found["grew_since"] == "not checked: no --old"


@pytest.mark.parametrize("size", [11, 12, 13, 255, 256, 257])
def test_logs_of_many_sizes(tmp_path: Path, size: int) -> None:
    assert verdict(MarketLog(size).draft().write(tmp_path / "b.zip"))["ok"]


@pytest.mark.parametrize(
    ("scope", "shown"),
    [
        (f"account:{BUYER}", OF_BUYER),
        (f"account:{SELLER}", OF_SELLER),
        (f"account:{IDLE}", [4, 8, 9]),
        ("account:7", [1, *range(10, SIZE)]),
        ("account:3", [1]),
    ],
)
def test_an_account_adds_up_and_says_what_is_not_proved(
    log: MarketLog, tmp_path: Path, scope: str, shown: list[int]
) -> None:
    found = verdict(log.draft(scope, shown=shown).write(tmp_path / "b.zip"))

    assert found["ok"], found
    assert found["balances"] == "hold, if no entry of the account is missing"
    assert found["complete"].startswith("not proved")


@pytest.mark.parametrize(
    ("scope", "shown"), [("trade:7", [1, 14, 15]), ("case:(2026)浙01号", [8, 9])]
)
def test_a_trade_and_a_case_prove_what_they_show(
    log: MarketLog, tmp_path: Path, scope: str, shown: list[int]
) -> None:
    found = verdict(log.draft(scope, shown=shown).write(tmp_path / "b.zip"))

    assert found["ok"], found
    assert found["entries"] == len(shown)
    assert found["balances"].startswith("not checked")


@pytest.mark.parametrize("shown", [range(SIZE), range(SIZE - 20, SIZE), range(50)])
def test_a_period_is_whole_only_between_entries_outside_it_or_the_logs_ends(
    log: MarketLog, tmp_path: Path, shown: range
) -> None:
    found = verdict(log.draft("period:1970-01-01..1970-01-01", shown=shown).write(tmp_path / "b"))

    assert found["ok"] == (len(shown) == SIZE), found


@pytest.mark.parametrize("old", [1, 10, 128, 255, 256, 299, 300])
def test_a_kept_checkpoint_proves_that_the_log_only_grew(
    log: MarketLog, tmp_path: Path, old: int
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(log.checkpoint(old))
    bundle = log.draft("trade:100", shown=[1, 200, 201], since=old).write(tmp_path / "b.zip")

    assert verdict(bundle, "--old", str(kept))["grew_since"] == old
    assert verdict(bundle)["ok"]


def test_witnesses_agree_or_are_said_to_be_missing(log: MarketLog, tmp_path: Path) -> None:
    keys = ["--witness", CITY.public.text, "--witness", BANK.public.text]
    bundle = log.draft().copy(checkpoint=cosigned(log, CITY)).write(tmp_path / "b.zip")

    found = verdict(bundle, *keys, "--needed", "1")
    assert found["cosigned_by"] == ["witness.example/city"]
    assert found["unknown_signatures"] == []
    lacking = verdict(bundle, *keys, "--needed", "2")
    assert "2 are needed" in lacking["reason"]
    (unknown,) = verdict(bundle)["unknown_signatures"]
    assert CITY.public.text.startswith(f"{unknown}+")


def test_one_witness_given_twice_is_one(log: MarketLog, tmp_path: Path) -> None:
    bundle = log.draft().copy(checkpoint=cosigned(log, CITY)).write(tmp_path / "b.zip")
    twice = ["--witness", CITY.public.text] * 2
    assert not verdict(bundle, *twice, "--needed", "2")["ok"]


def test_withheld_bodies_are_counted_and_nothing_is_said_of_balances(
    log: MarketLog, tmp_path: Path
) -> None:
    bundle = log.draft(postings=lambda each: each.index % 3 > 0).write(tmp_path / "b.zip")

    found = verdict(bundle)

    assert found["ok"], found
    assert found["bodies_withheld"] == SIZE // 3
    assert found["balances"].startswith("not checked")
    assert found["complete"] == "proved"


def test_personal_parts_are_shown_withheld_or_said_to_be_erased(
    log: MarketLog, tmp_path: Path
) -> None:
    draft = log.draft(personal=True)
    assert {line["personal_state"] for line in draft.lines} == {"shown", "empty"}
    assert verdict(draft.write(tmp_path / "shown.zip"))["ok"]
    erased = log.draft()
    erased.lines[2]["personal_state"] = "erased"
    assert verdict(erased.write(tmp_path / "erased.zip"))["ok"]


def test_files_of_entries_are_the_same_to_one_process_and_to_several(tmp_path: Path) -> None:
    log = MarketLog(65_600)
    shown = [1, 14, 15, *range(65_500, 65_600)]
    draft = log.draft("trade:7", shown=shown, since=65_560)
    bundle = draft.write(tmp_path / "b.zip")
    draft.lines[-1]["postings"] = draft.lines[-1]["postings"].replace("7300", "7299")
    forged = draft.write(tmp_path / "forged.zip")
    kept = tmp_path / "kept"
    kept.write_text(log.checkpoint(65_560))

    one = run(bundle, "--processes", "1", "--old", str(kept))
    four = run(bundle, "--processes", "4", "--old", str(kept))
    bad, worse = run(forged, "--processes", "1"), run(forged, "--processes", "4")

    assert one["ok"], one
    assert one | {"seconds": 0} == four | {"seconds": 0}
    assert bad["reason"] == worse["reason"]
    assert bad["reason"] == "entry 65599: its postings part is not what was committed to"
