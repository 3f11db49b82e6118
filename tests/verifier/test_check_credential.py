"""The bank's verifier that shares nothing with us: true credentials hold, no forgery does."""

import contextlib
import importlib.util
import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_scoring.credentials.canonical_json import canonical_json, read_json
from credit_scoring.credentials.failures import CredentialRefused
from credit_scoring.credentials.fields import instant_text
from credit_scoring.credentials.issuers import controller_document, issuer_of_controller
from credit_scoring.credentials.multibase import did_key
from credit_scoring.credentials.proof import sign
from credit_scoring.credentials.verifying import verify
from tests.credit_scoring.credentials import forgeries
from tests.credit_scoring.credentials.forgeries import Forgery, changed, text
from tests.credit_scoring.credentials.making import (
    AT,
    CLAIMS,
    CREDENTIAL,
    INDEX,
    ISSUED,
    ISSUER,
    KEY,
    STRANGER,
    SUSPENSION,
    SUSPENSIONS,
    credential,
    signed,
    status_list,
)

PROGRAM = Path(__file__).parents[2] / "verifier" / "check_credential.py"
LINES_MAX = 400
URL = "https://credit.example/v1/credential-issuer"
VECTORS = Path(__file__).parents[1] / "credit_scoring" / "credentials" / "data"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_credential", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODULE = _load()


def verdict(
    folder: Path,
    held: bytes,
    lists: Sequence[bytes] = (),
    *,
    at: datetime = AT,
    issuer: str = ISSUER.id,
    more: Sequence[str] = (),
) -> tuple[int, dict[str, Any]]:
    """What the program prints of files, run within this process."""
    (folder / "credential.json").write_bytes(held)
    options = []
    for place, content in enumerate(lists):
        path = folder / f"list-{place}.json"
        path.write_bytes(content)
        options += ["--status", str(path)]
    words = [str(folder / "credential.json"), "--issuer", issuer, "--at", instant_text(at)]
    out, before, status = io.StringIO(), sys.argv, -1
    sys.argv = ["check_credential.py", *words, *options, "--json", *more]
    try:
        with contextlib.redirect_stdout(out):
            MODULE.main()
    except SystemExit as end:
        status = int(str(end.code))
    finally:
        sys.argv = before
    found: dict[str, Any] = json.loads(out.getvalue())
    assert found["ok"] == (status in {0, 3})
    return status, found


def test_it_is_one_short_file_that_imports_nothing_of_ours() -> None:
    source = PROGRAM.read_text(encoding="utf-8")
    imported = set(re.findall(r"^(?:import|from) ([a-z0-9_]+)", source, flags=re.MULTILINE))

    assert len(source.splitlines()) <= LINES_MAX
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_true_credential_holds_and_says_what_was_checked(tmp_path: Path) -> None:
    status, found = verdict(tmp_path, text(credential()), [text(status_list())])

    assert status == 0
    assert found["checked"] == ["form", "issuer", "proof", "time", "revocation"]
    assert found["not_checked"] == ["that the grade was computed rightly", "who the subject is"]
    assert found["credential"]["credentialSubject"]["grade"] == "AAA"
    assert found["credential"]["credentialSubject"]["id"] == CLAIMS.subject


def test_without_a_list_it_says_that_revocation_was_not_checked(tmp_path: Path) -> None:
    status, found = verdict(tmp_path, text(credential()))

    assert status == 3
    assert found["not_checked"][-1] == "revocation"


def test_both_lists_are_looked_up(tmp_path: Path) -> None:
    both = credential(statuses=(*CREDENTIAL.statuses, SUSPENSION))
    lists = [status_list(), status_list(url=SUSPENSIONS, purpose="suspension")]

    status, found = verdict(tmp_path, text(both), [text(each) for each in lists])

    assert (status, found["checked"][-2:]) == (0, ["revocation", "suspension"])


def test_an_issuer_that_is_a_url_is_checked_by_the_document_it_published(tmp_path: Path) -> None:
    document = controller_document(URL, [KEY.public_key()])
    method = next(iter(issuer_of_controller(document).methods))
    unsigned = changed(credential(issuer=URL), "proof", ...)
    secured = text(sign(unsigned, key=KEY, method=method, created=ISSUED))
    path = tmp_path / "controller.json"
    path.write_bytes(text(document))

    of_it = verdict(tmp_path, secured, issuer=URL, more=["--controller", str(path)])
    of_none = verdict(tmp_path, secured, issuer=URL)
    other = verdict(tmp_path, secured, issuer=URL + "2", more=["--controller", str(path)])
    path.write_bytes(text(controller_document(URL, [STRANGER.public_key()])))
    of_another = verdict(tmp_path, secured, issuer=URL, more=["--controller", str(path)])

    assert of_it[0] == 3
    assert (of_none[0], of_none[1]["failure"]) == (2, "unusable")
    assert (other[0], other[1]["failure"]) == (1, "issuer_unknown")
    assert (of_another[0], of_another[1]["failure"]) == (1, "method_unknown")


@pytest.mark.parametrize("forgery", list(forgeries.every()), ids=lambda each: each.name)
def test_a_forgery_is_refused_by_the_name_that_we_give_it(tmp_path: Path, forgery: Forgery) -> None:
    status, found = verdict(
        tmp_path, forgery.credential, forgery.lists, at=forgery.at, issuer=forgery.issuer
    )

    assert (status, found["failure"]) == (1, forgery.failure)
    assert found["expected"]


def test_a_pinned_issuer_is_not_replaced_by_the_one_that_signed(tmp_path: Path) -> None:
    stranger = did_key(STRANGER.public_key())

    status, found = verdict(tmp_path, text(credential()), issuer=stranger)

    assert (status, found["failure"], found["field"]) == (1, "issuer_unknown", "issuer")


@given(place=st.integers(0), bit=st.integers(0, 7))
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_flipped_bit_is_never_believed_but_where_json_means_the_same(
    tmp_path: Path, place: int, bit: int
) -> None:
    true = text(credential())
    flipped = bytearray(true)
    flipped[place % len(true)] ^= 1 << bit

    status, found = verdict(tmp_path, bytes(flipped), [text(status_list())])

    assert status == 1 or same_meaning(bytes(flipped), true), found
    assert status == (0 if ours_believes(bytes(flipped)) else 1)


def same_meaning(one: bytes, other: bytes) -> bool:
    return bool(json.loads(one) == json.loads(other))


def ours_believes(held: bytes) -> bool:
    try:
        verify(read_json(held), issuers=[ISSUER], at=AT, lists=[status_list()])
    except CredentialRefused:
        return False
    return True


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_its_canonical_json_is_ours(value: Any) -> None:
    assert MODULE.canonical(value) == canonical_json(value)


def test_it_believes_the_proof_that_the_standard_prints() -> None:
    vector = json.loads((VECTORS / "eddsa_jcs_2022.json").read_text(encoding="utf-8"))
    key = MODULE.key_of(vector["publicKeyMultibase"], "key")
    method = vector["signed"]["proof"]["verificationMethod"]

    created = MODULE.check_proof(vector["signed"], {method: key})

    assert instant_text(created) == vector["signed"]["proof"]["created"]


def test_it_unpacks_the_status_list_that_the_standard_prints() -> None:
    printed = json.loads((VECTORS / "status_list.json").read_text(encoding="utf-8"))

    assert MODULE.unpack(printed["encodedList"]) == bytes(printed["bits"] // 8)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The program as a bank runs it: isolated, with nothing of ours to import."""
    command = [sys.executable, "-I", str(PROGRAM), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_the_program_says_in_words_what_it_believes_and_what_not(tmp_path: Path) -> None:
    held, listed = tmp_path / "credential.json", tmp_path / "list.json"
    held.write_bytes(text(credential()))
    listed.write_bytes(text(status_list([INDEX])))
    words = [str(held), "--issuer", ISSUER.id, "--at", instant_text(AT)]

    believed = run(*words)
    revoked = run(*words, "--status", str(listed))

    assert (believed.returncode, revoked.returncode) == (3, 1)
    assert "BELIEVED at 2026-09-30T08:00:00Z" in believed.stdout
    assert f"village {CLAIMS.subject}: AAA, green" in believed.stdout
    assert "NOT checked: " in believed.stdout
    assert "NOT BELIEVED" in revoked.stdout
    assert "failure: revoked" in revoked.stdout


def test_a_command_of_no_use_ends_with_2(tmp_path: Path) -> None:
    absent = run(str(tmp_path / "none.json"), "--issuer", ISSUER.id)
    when = run(str(tmp_path / "none.json"), "--issuer", ISSUER.id, "--at", "yesterday")
    nobody = run(str(tmp_path / "none.json"))

    assert [absent.returncode, when.returncode, nobody.returncode] == [2, 2, 2]
    assert "unusable" in absent.stdout


def test_the_day_of_a_grade_is_that_of_shanghai(tmp_path: Path) -> None:
    morning = credential(valid_from=datetime(2026, 6, 14, 23, 0, tzinfo=UTC))
    night = signed(changed(morning, "validFrom", "2026-06-14T15:59:59Z"))

    assert verdict(tmp_path, text(morning))[0] == 3
    assert verdict(tmp_path, text(night))[1]["field"] == "asOf"
