"""Credentials over HTTP: issued as entries, fetched without a key, checked as a bank does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.credentials.multibase import did_key
from gateway.database_server import DatabaseServer
from gateway.settings import CHECKOUT
from tests.gateway.api.crediting import CREDENTIAL, credential_id
from tests.gateway.api.house import (
    DAY,
    NOW,
    House,
    serving,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROGRAM = CHECKOUT / "verifier" / "check_credential.py"
ISSUER_URL = "http://testserver/v1/credential-issuer"
BASE = "http://testserver/v1/credential-status"


def bank(
    folder: Path, *words: str, issuer: str, at: str = NOW, **files: str
) -> tuple[int, dict[str, Any]]:
    """The verdict of the bank's own program on what was fetched."""
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    command = [sys.executable, "-I", str(PROGRAM), str(folder / "credential"), "--issuer", issuer]
    options = [word.format(folder=folder) for word in words]
    done = subprocess.run(
        [*command, *options, "--at", at, "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


async def test_a_bank_checks_what_it_fetched_without_a_key(house: House, tmp_path: Path) -> None:
    shown = await house.get(f"/credentials/{credential_id(2)}", "R-1")
    lists = [
        await house.get(f"/credential-status/{each}-1") for each in ("revocation", "suspension")
    ]
    words = ["--status", "{folder}/revocation", "--status", "{folder}/suspension"]

    status, found = bank(
        tmp_path,
        *words,
        issuer=house.issuer,
        credential=shown.text,
        revocation=lists[0].text,
        suspension=lists[1].text,
    )

    assert (status, found["ok"]) == (0, True), found
    assert found["checked"][-2:] == ["revocation", "suspension"]
    assert lists[0].headers["content-type"] == "application/vc"
    assert lists[0].headers["cache-control"] == "public, max-age=300"


async def test_a_revoked_credential_is_refused_by_its_list(house: House, tmp_path: Path) -> None:
    shown = await house.get(f"/credentials/{credential_id(1)}", "A-1")
    listed = await house.get("/credential-status/revocation-1")

    status, found = bank(
        tmp_path,
        "--status",
        "{folder}/revocation",
        issuer=house.issuer,
        credential=shown.text,
        revocation=listed.text,
    )

    assert (status, found["failure"]) == (1, "revoked")


async def test_a_suspension_is_seen_at_once_and_ends(house: House) -> None:
    seen = []
    for step in ("suspensions", "resumptions"):
        await house.do(f"/credentials/{step}", {"credential": credential_id(2)}, "R-1")
        listed = await house.get("/credentials", "A-1")
        seen.append(listed.json()["credentials"][0]["status"])

    assert seen == ["suspended", "good"]


async def test_the_same_credential_is_signed_alike_each_time(house: House) -> None:
    path = f"/credentials/{credential_id(2)}"

    one, other = await house.get(path, "R-1"), await house.get(path, "X-1")

    assert one.text == other.text
    assert one.json()["validFrom"].startswith(DAY)
    assert "index" not in one.json()["credentialSubject"]


async def test_only_supervisors_see_credentials_before_their_subjects_hand_them_on(
    house: House,
) -> None:
    found = [
        await house.get(path, "E01-1")
        for path in ("/credentials", f"/credentials/{credential_id(2)}")
    ]

    assert [each.status_code for each in found] == [403, 403]
    assert {each.json()["code"] for each in found} == {"request.forbidden"}


async def test_the_register_names_all_of_a_subject(house: House) -> None:
    listed = await house.get("/credentials", "A-1", subject=CREDENTIAL["subject"])
    none = await house.get("/credentials", "A-1", subject="urn:ecorights:subject:nobody")

    shown = {each["credential"]: each["status"] for each in listed.json()["credentials"]}
    assert shown == {credential_id(1): "revoked", credential_id(2): "good"}
    assert none.json()["credentials"] == []


async def test_an_issuer_that_is_a_url_publishes_its_key_there(
    cluster: DatabaseServer, template_database: str
) -> None:
    body = CREDENTIAL | {"credential": credential_id(1), "as_of": "2026-01-01"}
    async with serving(cluster, template_database) as house:
        none = [await house.get("/credential-issuer"), await house.post("/credentials", body)]
        await house.do("/credentials/issuers", {"issuer": ISSUER_URL, "base": BASE})
        await house.do("/credentials", body)
        document = await house.get("/credential-issuer")
        shown = await house.get(f"/credentials/{credential_id(1)}", "X-1")

    assert [each.status_code for each in none] == [404, 409]
    assert {each.json()["code"] for each in none} == {"credentials.issuer_undefined"}
    assert document.headers["content-type"] == "application/cid"
    assert document.json()["id"] == shown.json()["issuer"] == ISSUER_URL
    method = document.json()["verificationMethod"][0]["id"]
    assert shown.json()["proof"]["verificationMethod"] == method


async def test_an_issuer_of_another_key_is_not_signed_for(
    cluster: DatabaseServer, template_database: str
) -> None:
    body = CREDENTIAL | {"credential": credential_id(1), "as_of": "2026-01-01"}
    other = did_key(Ed25519PrivateKey.from_private_bytes(b"9" * 32).public_key())
    async with serving(cluster, template_database) as house:
        await house.do("/credentials/issuers", {"issuer": other, "base": BASE})
        await house.do("/credentials", body)
        found = [
            await house.get(f"/credentials/{credential_id(1)}", "X-1"),
            await house.get("/credential-status/revocation-1"),
        ]
        document = await house.get("/credential-issuer")

    assert [each.status_code for each in found] == [503, 503]
    assert {each.json()["code"] for each in found} == {"credentials.key_changed"}
    assert document.json()["id"] == other


async def test_zhuwus_credential_is_good_until_it_is_revoked_on_the_last_of_september(
    cluster: DatabaseServer, template_database: str, tmp_path: Path
) -> None:
    """The step of the story (scenario.md 4): issued in June, revoked on 2026-09-30."""
    body = CREDENTIAL | {"credential": credential_id(1), "as_of": "2026-06-15"}
    verdicts = []
    async with serving(cluster, template_database) as house:
        await house.do("/clock", {"to": "2026-06-15T02:00:00Z"})
        issuer = {"issuer": house.issuer, "base": BASE}
        await house.do("/credentials/issuers", issuer)
        await house.do("/credentials", body)
        held = (await house.get(f"/credentials/{credential_id(1)}", "X-1")).text
        for now in ("2026-09-29T02:00:00Z", "2026-09-30T02:00:00Z"):
            await house.do("/clock", {"to": now})
            if now.startswith("2026-09-30"):
                revoked = {"credential": credential_id(1), "reason": "grade_changed"}
                await house.do("/credentials/revocations", revoked)
            listed = (await house.get("/credential-status/revocation-1")).text
            verdicts.append(
                bank(
                    tmp_path,
                    "--status",
                    "{folder}/listed",
                    issuer=house.issuer,
                    at=now,
                    credential=held,
                    listed=listed,
                )
            )

    assert [status for status, _ in verdicts] == [0, 1]
    assert verdicts[0][1]["credential"]["credentialSubject"]["grade"] == "AAA"
    assert verdicts[1][1]["failure"] == "revoked"


async def test_a_list_has_the_same_bytes_for_as_long_as_it_may_be_cached(
    cluster: DatabaseServer, template_database: str
) -> None:
    body = CREDENTIAL | {"credential": credential_id(1)}
    fetched = []
    async with serving(cluster, template_database) as house:
        await house.do("/clock", {"to": f"{DAY}T10:01:00Z"})
        await house.do("/credentials/issuers", {"issuer": house.issuer, "base": BASE})
        await house.do("/credentials", body)
        for now in ("10:01:30", "10:04:59", "10:05:00"):
            await house.do("/clock", {"to": f"{DAY}T{now}Z"})
            fetched.append((await house.get("/credential-status/revocation-1")).text)

    assert fetched[0] == fetched[1] != fetched[2]
    assert json.loads(fetched[0])["validFrom"] == f"{DAY}T10:00:00Z"
