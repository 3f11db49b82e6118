"""Steps 17, 18, 21 and 34 and section 4 of the year: archives, consents, grades, a credential.

What the market does between them stands in ``carbon_year``; the chapters are told in their order
by ``year``. A bank keeps the papers that it is handed in ``papers``, so that they can be checked
offline afterwards, as they were on that day.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.demonstration.archives import (
    AGRICULTURE,
    APRIL,
    DECIDED,
    DEPARTMENTS,
    DISCHARGE,
    ECOLOGY,
    ECOLOGY_CLERK,
    FINE,
    MANIPULATION,
    PERSONS,
    PLACES,
    REFORM,
    SETTLED,
    SHORTFALL,
    SORTINGS,
    VILLAGES,
    Decision,
    Reported,
    rules_of,
)
from gateway.demonstration.cast import Cast
from gateway.demonstration.county import YEAR

CREDENTIAL = "0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a01"
PSEUDONYM = "urn:ecorights:subject:0197f2c1-8b7a"
STATUS_LIST = "revocation-1"
LOAN = "eco_credit_loan"
BY_DEFAULT = ("grade", "reasons")
CLERKS = {ECOLOGY: ECOLOGY_CLERK, REFORM: f"{REFORM}-1", AGRICULTURE: f"{AGRICULTURE}-1"}
# The glass maker and the firm that it controls consent to the bank that they ask for credit.
CONSENTING = ("E07-3", "E08-3")


def key_names() -> list[str]:
    """Return the names of the keys that this part of the story needs."""
    members = (*DEPARTMENTS, *VILLAGES, *PERSONS)
    own = [f"{member.party}-{number}" for member in members for number in member.keys]
    return [ECOLOGY_CLERK, *CONSENTING, *own]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues credentials, below which address the lists of what was revoked stand."""

    name: str
    base: str


class EcoCredit:
    """Tells the year's eco-credit to a service through its members' own keys."""

    def __init__(self, cast: Cast, *, issuer: Issuer, papers: Path) -> None:
        self._cast = cast
        self._issuer = issuer
        self._papers = papers
        self._queries = 0
        self._fine = ""

    async def open_archives(self) -> None:
        """Authorise three departments, and open the archives of firms, villages and persons."""
        self._cast.tell("archives of firms, villages and persons")
        await self._cast.give_key(ECOLOGY_CLERK, roles=("intake",))
        for actor in CONSENTING:
            await self._cast.give_key(actor, roles=("subject",))
        await self._cast.register((*VILLAGES, *PERSONS))
        for department in (ECOLOGY, REFORM, AGRICULTURE):
            authorise = {
                "kind": "credit_authorise_department",
                "department": department,
                "rules": rules_of(department),
                "decision": f"{YEAR}-2",
            }
            await self._cast.propose(authorise, key=f"department-{department}")
        for origin, rules in (("decision", DECIDED), ("surrendered_in_full", [SETTLED])):
            follows = {"origin": origin, "department": ECOLOGY, "rules": list(rules)}
            body = {"kind": "set_fact_origin", **follows, "basis": f"{YEAR}-3"}
            await self._cast.propose(body, key=f"origin-{origin}")
        for place in PLACES:
            subject = {
                "party": place.party,
                "subject_kind": place.kind,
                "code": place.code,
                "division": place.division,
                "region": place.region,
            }
            await self._cast.post("X-1", "/credit/subjects", subject, key=f"of-{place.party}")
        issuer = {"issuer": self._issuer.name, "base": self._issuer.base}
        await self._cast.post("X-1", "/credentials/issuers", issuer, key="issuer")

    async def consent(
        self, actor: str, *, first: date, last: date, scope: tuple[str, ...] = BY_DEFAULT
    ) -> None:
        """Let B1 read an actor's own credit for a loan, on the days from first to last."""
        subject = actor.rpartition("-")[0]
        body = {
            "subject": subject,
            "grantee": "B1",
            "purpose": LOAN,
            "scope": list(scope),
            "day_from": first.isoformat(),
            "day_to": last.isoformat(),
            "evidence": _digest(f"consent {subject} {first}"),
        }
        await self._cast.post(actor, "/credit/consents", body, key=f"consent-{subject}")

    async def facts_of_april(self) -> None:
        """Report what lies on 10 April or earlier."""
        self._cast.tell("what the departments know of them")
        await self._report(APRIL)

    async def sortings(self) -> None:
        """Report the person's fifteen days of sorted waste."""
        await self._report(SORTINGS)

    async def discharge(self) -> None:
        """Report what P2 is said to have done."""
        await self._report([DISCHARGE])

    async def fine(self) -> None:
        """Serve the fine of the cement works."""
        [self._fine] = await self._serve(FINE)

    async def object_to_fine(self) -> None:
        """Let the cement works object, and refuse a repair before its months are over."""
        await self._object("E02-1", self._fine, ground="wrong_quantity")
        early = self._repair(on=date(YEAR, 5, 20))
        code = "credit.repair_too_early"
        await self._cast.refused(ECOLOGY_CLERK, "/credit/repairs", early, key="early", code=code)

    async def object_to_discharge(self) -> None:
        """Let P2 object."""
        await self._object("P2-1", DISCHARGE.name, ground="not_ours")

    async def reject_objection(self) -> None:
        """Reject the cement works' objection."""
        await self._answer(self._fine, outcome="rejected")

    async def uphold_objection(self) -> None:
        """Uphold P2's objection: the fact never held, and the bank that relied on it is told."""
        await self._answer(DISCHARGE.name, outcome="upheld")
        correction = {**_named(DISCHARGE.name), "correction": "revoked"}
        await self._cast.post("R-1", "/credit/notices", correction, key="notice")
        read = {"recipient": "B1", **correction}
        await self._cast.post("B1-1", "/credit/notices/acknowledgements", read, key="read")

    async def repair(self) -> None:
        """Repair the cement works' credit."""
        body = self._repair(on=date(YEAR, 9, 1))
        await self._cast.post(ECOLOGY_CLERK, "/credit/repairs", body, key="repair")

    async def ask(self, subject: str, *, scope: tuple[str, ...] = ()) -> None:
        """Ask as B1 today, for a loan; the bank keeps what it was told, and the nonce."""
        told = await self._cast.post(
            "B1-1",
            "/credit/queries",
            _question(subject, purpose=LOAN, scope=scope),
            key=self._query_key(),
        )
        kept = {name: told[name] for name in ("query", "answer", "nonce")}
        self._keep(f"answer-{subject}.{told['answer']['as_of']}.json", kept)

    async def ask_in_vain(self, subject: str, *, code: str, purpose: str = LOAN) -> None:
        """Ask as B1, and be refused."""
        question = _question(subject, purpose=purpose)
        key = self._query_key()
        await self._cast.refused("B1-1", "/credit/queries", question, key=key, code=code)

    def _query_key(self) -> str:
        """Return the key of the next query: the story tells them in one order."""
        self._queries += 1
        return f"query-{self._queries}"

    async def issue_credential(self) -> None:
        """Issue V1's grade as a credential; the bank keeps it and the status list of the day."""
        self._cast.tell("a grade that travels as a credential")
        today = date(YEAR, 6, 15)
        score = await self._cast.get(
            "R-1",
            "/credit/subjects/V1/score",
            as_of=today.isoformat(),
            known_at=f"{today.isoformat()}T00:00:00Z",
        )
        body = {
            "credential": CREDENTIAL,
            "subject": PSEUDONYM,
            "subject_kind": score["subject_kind"],
            "grade": score["grade"],
            "colour": score["colour"],
            "as_of": score["as_of"],
            "rule_set_version": score["rule_set_version"],
            "rule_set_hash": score["rule_set_hash"],
            "records_hash": score["records_hash"],
            "valid_until": f"{YEAR}-12-31T16:00:00Z",
        }
        await self._cast.post("R-1", "/credentials", body, key="credential")
        document = await self._cast.get("R-1", f"/credentials/{CREDENTIAL}")
        self._keep("zhuwu.credential.json", document)
        await self._keep_list(today)

    async def revoke_credential(self) -> None:
        """Revoke it, as the village asked; the bank fetches the list again."""
        body = {"credential": CREDENTIAL, "reason": "asked_by_subject"}
        await self._cast.post("R-1", "/credentials/revocations", body, key="revocation")
        await self._keep_list(date(YEAR, 9, 30))

    async def decide_manipulation(self) -> None:
        """Serve the decision on E07 and E08, who traded with each other."""
        self._cast.tell("the decision on a manipulated market, and what follows")
        await self._serve(MANIPULATION)

    async def decide_shortfall(self) -> None:
        """Serve the decision on E02, who did not surrender in full."""
        await self._serve(SHORTFALL)

    async def _serve(self, decision: Decision) -> list[str]:
        """Serve a decision that two persons of the department made; return its facts' names."""
        body = {
            "kind": "serve_decision",
            "authority": ECOLOGY,
            "case_number": decision.case_number,
            "rule": decision.rule,
            "subjects": list(decision.subjects),
            "served_on": decision.on.isoformat(),
            "document": _digest(f"decision {decision.case_number}"),
            "reason": decision.reason,
            **({} if decision.fine is None else {"fine": decision.fine}),
        }
        served = await self._cast.propose(body, key=f"decision-{decision.on}")
        shown = await self._cast.get("R-1", f"/supervision/decisions/{served['decision']}")
        return [str(each["fact"]) for each in shown["facts"]]

    async def _report(self, facts: Iterable[Reported]) -> None:
        """Report facts, each department its own in one entry."""
        by_source: dict[str, list[Reported]] = {}
        for fact in facts:
            by_source.setdefault(fact.source, []).append(fact)
        for source, own in by_source.items():
            body = {"source": source, "facts": [_shown(each) for each in own]}
            key = f"facts-{own[0].key}"
            await self._cast.post(CLERKS[source], "/credit/facts", body, key=key)

    async def _object(self, actor: str, fact: str, *, ground: str) -> None:
        evidence = _digest(f"objection to {fact}")
        body = {**_named(fact), "ground": ground, "evidence": evidence}
        await self._cast.post(actor, "/credit/objections", body, key=f"object-{actor}")

    async def _answer(self, fact: str, *, outcome: str) -> None:
        clerk = CLERKS[_named(fact)["source"]]
        listed = (await self._cast.get(clerk, "/credit/objections"))["objections"]
        [objection] = [each["objection"] for each in listed if each["fact"] == fact]
        evidence = _digest(f"answer on {fact}")
        body = {"objection": objection, "outcome": outcome, "evidence": evidence}
        await self._cast.post(
            clerk, "/credit/objections/decisions", body, key=f"answer-{objection}"
        )

    def _repair(self, *, on: date) -> dict[str, str]:
        evidence = _digest(f"repair of {self._fine}")
        return {**_named(self._fine), "on": on.isoformat(), "evidence": evidence}

    async def _keep_list(self, day: date) -> None:
        found = await self._cast.get("B1-1", f"/credential-status/{STATUS_LIST}")
        # Loaded once more after a crash, the list may be one of a later day.
        since = datetime.fromisoformat(found["validFrom"])
        if abs(since.date() - day) <= timedelta(days=1):
            self._keep(f"{STATUS_LIST}.{day.isoformat()}.json", found)

    def _keep(self, name: str, document: dict[str, Any]) -> None:
        self._papers.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = json.dumps(document, indent=1, ensure_ascii=False)
        (self._papers / name).write_text(f"{text}\n", encoding="utf-8")


def _named(fact: str) -> dict[str, str]:
    """Return a fact's name as requests take it; a party has no slash."""
    source, _, reference = fact.partition("/")
    return {"source": source, "reference": reference}


def _question(subject: str, *, purpose: str, scope: tuple[str, ...] = ()) -> dict[str, Any]:
    named = {"scope": list(scope)} if scope else {}
    return {"subject": subject, "purpose": purpose, **named}


def _shown(fact: Reported) -> dict[str, str]:
    return {
        "subject": fact.subject,
        "rule": fact.rule,
        "on": fact.on.isoformat(),
        "reference": fact.reference,
        "evidence": _digest(fact.name),
    }


def _digest(document: str) -> str:
    """Return the digest of a document that the story only tells of."""
    return hashlib.sha256(f"Yunxi county, {YEAR}: {document}".encode()).hexdigest()
