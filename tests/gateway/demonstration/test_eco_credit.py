"""The year's eco-credit as its users see it: steps 17, 18, 21 and 34, and section 4."""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from credit_scoring.credentials.multibase import did_key
from gateway.client import ApiClient
from gateway.demonstration.running import load_demonstration, papers_of, year_of
from gateway.keys import credential_key, keys_file, read_keys
from gateway.published_venue import published_venue
from gateway.service import Service
from gateway.settings import CHECKOUT, Settings
from gateway.wiring import certify, load_machine, new_machine
from kernel.canonical import canonical
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.cli.commands import ecorights
from tests.gateway.demonstration.conftest import Clients

PROGRAM = CHECKOUT / "verifier" / "check_credential.py"
# Subject: day, and index and grade as known on that day; in brackets what is not rated.
GRADES: dict[str, dict[str, str]] = {
    "E01": {"2026-04-10": "770 AA", "2026-11-29": "770 AA", "2026-11-30": "790 AA"},
    "E02": {
        "2026-05-11": "710 AA",
        "2026-05-12": "560 A",
        "2026-05-20": "560 A*",
        "2026-06-04": "560 A*",
        "2026-06-05": "560 A",
        "2026-08-31": "560 A",
        "2026-09-01": "710 AA",
        "2026-12-14": "710 AA",
        "2026-12-15": "510 B",
    },
    "E03": {"2026-11-29": "(700 AA)", "2026-11-30": "720 AA"},
    "E05": {"2026-11-29": "(700 AA)", "2026-11-30": "720 AA"},
    "E06": {"2026-05-18": "710 AA", "2026-11-30": "730 AA"},
    "E07": {"2026-07-14": "(700 AA)", "2026-07-15": "300 C", "2026-11-30": "320 C"},
    "E08": {"2026-07-14": "(700 AA)", "2026-07-15": "300 C", "2026-12-15": "300 C"},
    "E11": {"2026-05-18": "720 AA"},
    "V1": {"2026-06-15": "800 AAA"},
    "V4": {"2026-04-10": "399 C"},
    "P1": {"2026-06-15": "662 A"},
    "P2": {"2026-05-08": "597 A", "2026-05-12": "597 A*", "2026-05-20": "603 A"},
    "V2": {"2026-12-15": "(600 A)"},
    "V3": {"2026-12-15": "(600 A)"},
    "P4": {"2026-12-15": "(600 A)"},
}
LAST_DAY = "2026-12-15"


async def score(client: ApiClient, subject: str, day: str) -> dict[str, Any]:
    """Return a score as it was known at the end of a day in Asia/Shanghai."""
    known = {} if day == LAST_DAY else {"known_at": f"{day}T15:59:59Z"}
    return await client.get(f"/credit/subjects/{subject}/score", as_of=day, **known)


def cell(found: Mapping[str, Any]) -> str:
    shown = f"{found['credit_index']} {found['grade']}"
    shown = shown if found["rated"] else f"({shown})"
    return shown + ("*" if found["disputed"] else "")


async def test_every_grade_of_the_page_is_the_services(clients: Clients) -> None:
    found = {
        subject: {day: cell(await score(clients["A-1"], subject, day)) for day in days}
        for subject, days in GRADES.items()
    }

    assert found == GRADES


async def test_what_is_not_rated_is_shown_to_nobody_but_subject_and_auditor(
    clients: Clients,
) -> None:
    for subject, day in (("E07", "2026-07-14"), ("V2", LAST_DAY), ("P4", LAST_DAY)):
        shown = await score(clients["R-1"], subject, day)
        own = await score(clients[f"{subject}-1"], subject, day)
        assert (shown["rated"], shown["credit_index"], shown["grade"]) == (False, None, None)
        assert own["grade"] is not None


async def test_a_village_with_a_fire_is_one_grade_below_its_sum(clients: Clients) -> None:
    found = await score(clients["V4-1"], "V4", LAST_DAY)

    assert sum(line["counted_milli"] for line in found["lines"]) == -100_000
    veto = next(each for each in found["adjustments"] if each["kind"] == "soft_veto")
    assert veto["milli"] == -101_000
    assert found["value_milli"] == 399_000


async def test_the_fine_was_disputed_in_vain_and_repaired_when_its_months_were_over(
    clients: Clients,
) -> None:
    [objection] = (await clients["E02-1"].get("/credit/objections"))["objections"]
    facts = (await clients["E02-1"].get("/credit/subjects/E02/facts"))["facts"]
    fine = next(fact for fact in facts if fact["rule"] == "E-COMP-02")

    assert objection["opened_at"].startswith("2026-05-20")
    assert (objection["due"], objection["state"]) == ("2026-06-09", "rejected")
    assert objection["decided_at"].startswith("2026-06-05")
    assert (fine["on"], fine["repaired_on"], fine["revoked"]) == ("2026-05-12", "2026-09-01", False)


async def test_an_upheld_objection_takes_the_fact_away_and_names_who_has_to_be_told(
    clients: Clients,
) -> None:
    [objection] = (await clients["P2-1"].get("/credit/objections"))["objections"]
    facts = (await clients["P2-1"].get("/credit/subjects/P2/facts"))["facts"]
    [told] = (await clients["P2-1"].get("/credit/recipients"))["recipients"]

    assert (objection["state"], objection["decided_at"][:10]) == ("upheld", "2026-05-20")
    assert [fact["revoked"] for fact in facts if fact["rule"] == "P-PROT-11"] == [True]
    assert (told["bank"], told["as_of"]) == ("B1", "2026-05-08")


async def test_the_bank_is_told_what_it_should_have_been_told_and_says_that_it_knows(
    clients: Clients,
) -> None:
    for reader in ("B1-1", "P2-1"):
        [notice] = (await clients[reader].get("/credit/notices"))["notices"]
        assert (notice["recipient"], notice["subject"]) == ("B1", "P2")
        assert notice["before"] == {"grade": "A", "credit_index": 597}
        assert notice["after"] == {"grade": "A", "credit_index": 603}
        assert notice["raised_at"][:10] == notice["acknowledged_at"][:10] == "2026-05-20"


async def test_three_decisions_are_served_and_give_four_facts(clients: Clients) -> None:
    listed = (await clients["A-1"].get("/supervision/decisions"))["decisions"]
    shown = [
        await clients["R-1"].get(f"/supervision/decisions/{place + 1}")
        for place in range(len(listed))
    ]

    assert [(each["rule"], each["subjects"], each["served_on"]) for each in shown] == [
        ("E-COMP-02", ["E02"], "2026-05-12"),
        ("E-COMP-07", ["E07", "E08"], "2026-07-15"),
        ("E-COMP-06", ["E02"], "2026-12-15"),
    ]
    assert [len(each["facts"]) for each in shown] == [1, 2, 1]
    # The least that the law allows: 5 x 12,000 t x 67.50, the average of October.
    assert shown[-1]["fine"] == "4050000.00"
    assert {(each["drafted_by"], each["approved_by"]) for each in shown} == {("R-1", "R-2")}


async def test_a_bank_reads_under_a_live_consent_alone_and_all_of_it_is_logged(
    loaded: tuple[Service, Settings], clients: Clients
) -> None:
    log = (await clients["P1-1"].get("/credit/queries", subject="P1"))["queries"]
    known = [(q["at"][:10], q["purpose"], q["answered"], q["refusal"]) for q in reversed(log)]
    _, settings = loaded
    kept = json.loads((papers_of(settings) / "answer-P1.2026-06-15.json").read_text())
    answer_hash = hashlib.sha256(bytes.fromhex(kept["nonce"]) + canonical(kept["answer"]))

    assert known == [
        ("2026-06-15", "eco_credit_loan", True, None),
        ("2026-06-15", "guarantee", False, "credit.consent_other_purpose"),
        ("2026-07-01", "eco_credit_loan", False, "credit.consent_expired"),
    ]
    assert (kept["answer"]["grade"], kept["answer"]["credit_index"]) == ("A", None)
    assert log[-1]["answer_hash"] == answer_hash.hexdigest()


async def test_a_bank_never_sees_the_index_of_who_is_not_rated(
    loaded: tuple[Service, Settings],
) -> None:
    _, settings = loaded
    told = {
        day: json.loads((papers_of(settings) / f"answer-E07.{day}.json").read_text())["answer"]
        for day in ("2026-06-15", "2026-07-16")
    }

    assert [told[day]["rated"] for day in told] == [False, True]
    assert [told[day]["grade"] for day in told] == [None, "C"]


async def test_who_surrendered_in_full_is_covered_and_the_cement_works_is_short(
    clients: Clients,
) -> None:
    found = (await clients["R-1"].get("/obligations", right="CARBON", year="2025"))["obligations"]

    status = {each["party"]: each["status"] for each in found}
    in_full = ("E01", "E03", "E05", "E06", "E07")
    assert status == dict.fromkeys(in_full, "covered") | {"E02": "short"}
    [year] = (await clients["R-1"].get("/compliance/closures"))["closures"]
    assert (year["settled"], year["recorded"], year["waiting"]) == (5, 5, 0)
    for party in in_full:
        facts = (await clients["R-1"].get(f"/credit/subjects/{party}/facts"))["facts"]
        assert [fact["on"] for fact in facts if fact["rule"] == "E-COMP-31"] == ["2026-11-30"]


def check(paper: Path, settings: Settings, *more: str, at: str) -> tuple[int, dict[str, Any]]:
    """Check a credential with the program that shares nothing with us."""
    issuer = did_key(credential_key(settings.home, settings.venue).public_key())
    words = [str(PROGRAM), str(paper), "--issuer", issuer, *more, "--at", at, "--json"]
    done = subprocess.run([sys.executable, "-I", *words], capture_output=True, check=False)
    shown: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, shown


async def test_the_credential_holds_in_june_and_not_after_its_revocation(
    loaded: tuple[Service, Settings], tmp_path: Path
) -> None:
    service, settings = loaded
    papers = papers_of(settings)
    credential = papers / "zhuwu.credential.json"
    async with httpx.AsyncClient(base_url=service.url) as http:
        published = await http.get("/v1/credential-status/revocation-1")
    today = tmp_path / "revocation-1.json"
    today.write_bytes(published.content)

    june, held = check(
        credential,
        settings,
        "--status",
        str(papers / "revocation-1.2026-06-15.json"),
        at="2026-06-15T04:00:00Z",
    )
    assert (june, json.loads(credential.read_text())["credentialSubject"]["grade"]) == (0, "AAA")
    assert held
    for listed, at in (
        (papers / "revocation-1.2026-09-30.json", "2026-09-30T04:00:00Z"),
        (today, "2026-12-15T04:00:00Z"),
    ):
        status, shown = check(credential, settings, "--status", str(listed), at=at)
        assert (status, shown["failure"]) == (1, "revoked")


async def test_the_pages_table_is_what_its_command_prints(
    loaded: tuple[Service, Settings],
) -> None:
    service, settings = loaded
    secret = read_keys(keys_file(settings.home, settings.venue))["A-1"]
    page = (CHECKOUT / "docs" / "demonstration.md").read_text(encoding="utf-8")
    command = next(
        line for line in page.splitlines() if line.startswith("./ecorights credit table")
    )
    printed = page.partition("```text\n")[2].partition("```")[0].splitlines()

    shown = await asyncio.to_thread(
        ecorights, *command.split()[1:], "--url", service.url, ECORIGHTS_KEY=secret
    )

    lines = shown.stdout.splitlines()
    assert printed == [line for line in lines if line in printed]
    assert len(printed) > 10
    assert len(lines) == 1 + 12 + 5 + 4


async def test_the_years_log_proves_folds_and_decides_to_what_is_stored(
    loaded: tuple[Service, Settings],
) -> None:
    service, _ = loaded
    async with published_venue(service.database_url) as (connection, _origin):
        audit = await Audit(connection, new_machine).run()
        replays = [
            await Replay(
                connection, new_machine=new_machine, load=load_machine, certify=certify
            ).run(decide=decide)
            for decide in (False, True)
        ]

    assert [each.findings for each in (audit, *replays)] == [[], [], []]


async def test_telling_the_year_again_changes_nothing(
    loaded: tuple[Service, Settings], clients: Clients
) -> None:
    service, settings = loaded
    told: list[str] = []
    before = await clients["X-1"].get("/ledger/head")
    papers = {path.name: path.read_bytes() for path in papers_of(settings).iterdir()}

    await year_of(service, settings, clients, tell=lambda _: None).load()
    await load_demonstration(service, settings, tell=told.append)

    assert await clients["X-1"].get("/ledger/head") == before
    assert {path.name: path.read_bytes() for path in papers_of(settings).iterdir()} == papers
    assert told == ["The demonstration market is loaded already"]
