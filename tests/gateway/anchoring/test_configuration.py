"""What is configured, what is missing, and who may read a key."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.anchoring.configuration import (
    configured,
    environment_of,
    intervals,
    read_artifact,
    read_key_file,
    ready_kinds,
    shown_address,
)
from gateway.errors import CannotRun, SettingRefused
from gateway.settings import CHECKOUT, Settings, load_settings
from ledger.anchoring.anchor import Kind

CHAIN: dict[str, Any] = {
    "anchor_rpc": "http://127.0.0.1:8545/a-secret",
    "anchor_contract": "0x" + "ab" * 20,
    "anchor_key_file": "/nowhere/key",
}
STAMPS: dict[str, Any] = {
    "timestamp_url": "https://me:word@tsa.example/ts?k=1",
    "timestamp_ca": "ca.pem",
}


@pytest.mark.parametrize(
    ("given", "kinds"),
    [
        ({}, []),
        (CHAIN, [Kind.CHAIN]),
        (STAMPS, [Kind.TIMESTAMP]),
        (CHAIN | STAMPS, [Kind.CHAIN, Kind.TIMESTAMP]),
        ({"anchor_rpc": "x", "anchor_key_file": "y"}, []),
    ],
)
def test_a_kind_runs_with_all_that_it_needs(given: dict[str, Any], kinds: list[Kind]) -> None:
    settings = Settings(**given)

    assert ready_kinds(settings) == kinds
    assert list(intervals(settings)) == kinds


def test_what_is_missing_is_named() -> None:
    nothing = configured(Settings(), Kind.CHAIN)
    begun = configured(Settings(timestamp_ca=Path("ca.pem")), Kind.TIMESTAMP)

    assert (nothing.is_ready, nothing.is_begun) == (False, False)
    for name in CHAIN:
        assert f"ECORIGHTS_{name.upper()}" in nothing.advice
    assert (begun.is_ready, begun.is_begun) == (False, True)
    assert begun.advice == "set ECORIGHTS_TIMESTAMP_URL; see docs/anchors.md"


def test_a_child_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(**CHAIN, **STAMPS, anchor_confirmations=7, timestamp_interval=9.5)
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)

    again = load_settings()

    names = (*CHAIN, *STAMPS, "anchor_confirmations", "anchor_interval", "timestamp_interval")
    for name in names:
        assert getattr(again, name) == getattr(settings, name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANCHOR_CONFIRMATIONS", "-1"),
        ("ANCHOR_INTERVAL", "0"),
        ("TIMESTAMP_INTERVAL", "soon"),
    ],
)
def test_a_number_that_makes_no_sense_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ECORIGHTS_{name}", value)

    with pytest.raises(SettingRefused, match=f"ECORIGHTS_{name}"):
        load_settings()


def test_addresses_with_secrets_are_not_shown() -> None:
    settings = Settings(**CHAIN, **STAMPS)

    assert "secret" not in repr(settings)
    assert "word" not in repr(settings)
    assert shown_address("https://me:word@tsa.example:81/ts?k=1") == "https://tsa.example:81/ts"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_file_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    path.write_text("0xabc\n")
    path.chmod(mode)

    assert read_key_file(path) == "0xabc"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o622, 0o644, 0o601])
def test_a_key_file_that_others_reach_is_refused_without_its_content(
    tmp_path: Path, mode: int
) -> None:
    path = tmp_path / "key"
    path.write_text("0xabc\n")
    path.chmod(mode)

    with pytest.raises(CannotRun, match="chmod 600") as caught:
        read_key_file(path)
    assert "0xabc" not in str(caught.value)


def test_a_key_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match="cannot be read"):
        read_key_file(tmp_path / "none")


WITHOUT = """
import sys
for name in ("web3", "eth_account", "aiohttp", "hexbytes", "rfc3161_client"):
    sys.modules[name] = None
from pathlib import Path
import gateway.anchoring.running, gateway.api.application, gateway.cli.serve, gateway.cli.up
from gateway.anchoring.configuration import configured, ready_kinds
from gateway.cli import anchor
from gateway.errors import CannotRun
from gateway.settings import Settings
from ledger.anchoring.anchor import Kind
settings = Settings(**{given!r})
print(ready_kinds(settings), {{configured(settings, kind).advice for kind in Kind}})
try:
    anchor.new_key(Path("/nowhere/key"))
except CannotRun as trouble:
    print(trouble)
"""


def test_without_the_optional_libraries_everything_else_is_there_and_says_so() -> None:
    program = WITHOUT.format(given=CHAIN | STAMPS)

    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, text=True, cwd=CHECKOUT
    )

    assert shown.returncode == 0, shown.stderr
    kinds, advice, trouble = *shown.stdout.partition("{")[::2], shown.stdout.splitlines()[1]
    assert kinds == "[] "
    assert "pip install 'ecorights[anchor]'" in advice
    assert "is not installed" in trouble


def test_nothing_that_serves_imports_them() -> None:
    """They are large, and one of them lets Python recurse without end."""
    program = (
        "import sys, gateway.cli.serve, gateway.cli.writer, gateway.cli.up, gateway.cli.log; "
        "print(sorted({'web3', 'aiohttp', 'rfc3161_client', 'py_ecc'} & set(sys.modules)))"
    )

    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=CHECKOUT
    )

    assert shown.stdout == "[]\n"


def test_the_committed_contract_is_where_it_is_looked_for() -> None:
    assert read_artifact()["contract"] == "CheckpointAnchor"
