"""A venue with archives: a department that reports, a firm, a village and a person."""

import json
from typing import Any

from credit_scoring.consequences.adopting.table import canonical_table, hash_of
from credit_scoring.rule_sets.shipped import shipped
from tests.gateway.api.house import House, digest_of

CODE = "91990101E00000096K"
VILLAGE_CODE = "331102101203"
EVIDENCE = "e5" * 32
RULES = ["E-COMP-01", "E-COMP-02", "E-COMP-31", "V-LIVE-01", "P-LIVE-01"]
PARTIES: tuple[tuple[str, str, dict[str, str], list[str]], ...] = (
    ("F1", "enterprise", {"scheme": "uscc", "identifier": CODE}, ["trader"]),
    ("V1", "village", {"scheme": "region", "identifier": VILLAGE_CODE}, ["subject"]),
    ("P1", "person", {}, ["subject"]),
    ("D1", "authority", {}, ["intake"]),
)


async def open_archives(house: House, *, adopts: bool = True) -> None:
    """Register the parties, adopt the rule sets, authorise the department, open the archives."""
    for party, kind, identifier, roles in PARTIES:
        body = {"party": party, "party_kind": kind, "name": f"Party {party}", **identifier}
        await house.do("/parties", body)
        key = {"actor": f"{party}-1", "party": party, "roles": roles}
        await house.do("/keys", key | {"digest": digest_of(f"{party}-1")})
    if adopts:
        await adopt_rule_sets(house)
    authorise = {
        "kind": "credit_authorise_department",
        "department": "D1",
        "rules": RULES,
        "decision": "2026/2",
    }
    await house.propose(authorise, maker="R-1", checker="R-2")
    region = {"region": "331102"}
    firm = {"party": "F1", "subject_kind": "enterprise", "code": CODE, "division": "D44"}
    village = {"party": "V1", "subject_kind": "village", "code": VILLAGE_CODE}
    for subject in (firm, village, {"party": "P1", "subject_kind": "person"}):
        await house.do("/credit/subjects", subject | region)


async def adopt_consequences(
    house: House, version: str, first: str, rows: list[dict[str, Any]]
) -> None:
    """Let two people of the regulator adopt a table of consequences."""
    await house.propose(adopting(version, first, rows), maker="R-1", checker="R-2")


def adopting(version: str, first: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    document = {"version": version, "effective_from": first, "rows": rows}
    return {
        "kind": "credit_adopt_consequences",
        "document": document,
        "table_hash": hash_of(canonical_table(document)),
        "decision": "2026/5",
    }


async def adopt_rule_sets(house: House) -> None:
    """Let the shipped rule sets count."""
    for each in shipped():
        adopt = {
            "kind": "credit_adopt_rule_set",
            "document": json.loads(each.canonical),
            "rule_set_hash": each.hash,
            "decision": "2026/1",
        }
        await house.propose(adopt, maker="R-1", checker="R-2")


def fact(reference: str, **more: Any) -> dict[str, Any]:
    values = {"subject": "F1", "rule": "E-COMP-01", "on": "2026-03-01", "evidence": EVIDENCE}
    return values | {"reference": reference} | more


async def report(house: House, *facts: dict[str, Any]) -> dict[str, Any]:
    return await house.do("/credit/facts", {"source": "D1", "facts": list(facts)}, "D1-1")
