"""What points to persons: a party's page, who may see its personal parts, and disclosures.

Names are shown to the party itself, to operator and regulator, and to whom a live disclosure names;
an auditor sees none without one. After an erasure every page of the person answers 410.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.erased import refuse_erased
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem, refused
from gateway.api.reading.records import Index
from gateway.api.reads import View
from kernel.canonical import parse, utc_text
from kernel.errors import DomainError
from ledger.commands import Command
from ledger.personal.commands import UseDisclosure
from ledger.personal.disclosure import SHOWN, WITHHELD, Sight, disclose
from ledger.personal.parts import PersonalRow
from ledger.roles import Role
from ledger.store import StoredEntry

PartyId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", examples=["E01"])]
_NEEDS_NAMES = frozenset({Role.OPERATOR, Role.REGULATOR})


def add_persons(router: APIRouter, door: Door) -> None:
    """Add what is read of persons."""
    _add_party(router, door)
    _add_disclosures(router, door)
    _add_disclosure(router, door)


def _add_party(router: APIRouter, door: Door) -> None:
    @router.get("/parties/{party}", tags=["parties"])
    async def show_party(request: Request, party: PartyId) -> dict[str, Any]:
        """Show a party; its names to itself and to those who need them."""
        caller = await door.caller(request)
        own = party == caller.party or needs_names(caller)
        async with door.view(request) as view:
            grants = [] if own else await view.personal.grants(caller.party, [party], index=None)
            row = await _party(view, caller, party, granted=bool(grants))
            said = await view.personal.names(party) if own or grants else None
        await _record_use(door, request, grants, target=None)
        return {
            "head": str(view.head),
            "party": party,
            "party_kind": row["kind"],
            "scheme": row["scheme"] or None,
            "identifier": row["identifier"] or None,
            "name": None if said is None else said["name"],
            "name_en": None if said is None else said["name_en"] or None,
            "personal_state": WITHHELD if said is None else SHOWN,
        }


def _add_disclosures(router: APIRouter, door: Door) -> None:
    @router.get("/parties/{party}/disclosures", tags=["parties"])
    async def list_disclosures(
        request: Request, party: PartyId, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List who was let see a party's personal parts, for what, until when, and used it."""
        caller = await door.caller(request)
        page = Page(door.cursors, scope=f"disclosures {party}", cursor=cursor, limit=limit)
        (after,) = page.after(-1)
        async with door.view(request) as view:
            await _party(view, caller, party, granted=False)
            rows = await view.personal.disclosures(party, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["id"],))
        shown = [
            {
                "disclosure": str(row["id"]),
                "recipient": row["recipient"],
                "purpose": row["purpose"],
                "entries": [str(each) for each in row["entries"]],
                "granted_by": row["granted_by"],
                "until": utc_text(row["until"], digits=6),
                "live": row["live"],
                "uses": row["uses"],
                "last_use": None if row["last_use"] is None else str(row["last_use"]),
            }
            for row in found
        ]
        return {"head": str(view.head), "disclosures": shown, "next": following}


def _add_disclosure(router: APIRouter, door: Door) -> None:
    @router.get("/ledger/entries/{index}/disclosure", tags=["ledger"])
    async def show_disclosure(request: Request, index: Index) -> dict[str, Any]:
        """Show an entry's parts with their keys, as far as the caller may see them.

        The receiver computes both commitments and the leaf hash from it.
        """
        caller = None
        if request.headers.get("authorization") is not None:
            caller = await door.caller(request)
        async with door.view(request) as view:
            entry = await view.ledger.entry(index)
            if entry is None:
                raise Problem(status=404, code="entry.not_found", field="index", found=str(index))
            shown, grants = await _disclosed(view, caller, entry)
        await _record_use(door, request, grants, target=index)
        return {"head": str(view.head), **shown}


async def _record_use(
    door: Door, request: Request, grants: list[int], *, target: int | None
) -> None:
    """Let entries say that disclosures were used, before anything is shown: once a day for each.

    Raises:
        Problem: the disclosure has ended meanwhile.
        DomainError: no writer takes commands now.
    """
    if not grants:
        return
    day = datetime.now(tz=UTC).date().isoformat()
    keyed: list[tuple[str, Command]] = [
        (f"use-{grant}-{target}-{day}", UseDisclosure(disclosure=grant, target=target))
        for grant in grants
    ]
    for reply in await door.submit(request, keyed, dry_run=False):
        if isinstance(reply, DomainError):
            raise reply
        if reply.refusal is not None:
            raise refused(reply.refusal, entry=reply.index)


async def _disclosed(
    view: View, caller: Caller | None, entry: StoredEntry
) -> tuple[dict[str, Any], list[int]]:
    """Return an entry as a caller may see it, and the disclosures that its sight needs."""
    grants: list[int] = []
    rows = [] if entry.empty_personal_key is not None else await view.personal.rows(entry.index)
    sight = Sight(postings=False, personal=False)
    if caller is not None:
        sight, grants = await _sight(view, caller, entry, rows=rows)
    commitment = parse(entry.header)["personal"]
    part = await view.personal.part(rows, commitment=commitment) if sight.personal else None
    erased = not rows or (sight.personal and part is None)
    shown = disclose(entry, part=part, erased=erased, sight=sight)
    return msgspec.to_builtins(shown), grants if shown.personal_state == SHOWN else []


async def _sight(
    view: View, caller: Caller, entry: StoredEntry, *, rows: list[PersonalRow]
) -> tuple[Sight, list[int]]:
    """Return what a caller may see: who sent the entry, whom it is about, who was let see it."""
    sent = await view.personal.party_of(entry.body().actor) == caller.party
    subjects = sorted({row.subject for row in rows})
    own = subjects == [caller.party]
    grants: list[int] = []
    if not (sent or own or needs_names(caller)) and subjects:
        grants = await view.personal.grants(caller.party, subjects, index=entry.index)
    personal = sent or own or needs_names(caller) or bool(grants)
    return Sight(postings=sent or own or caller.watches(), personal=personal), grants


def needs_names(caller: Caller) -> bool:
    """Tell whether a caller's work needs names: the operator's and the regulator's does."""
    return not caller.roles.isdisjoint(_NEEDS_NAMES)


async def _party(view: View, caller: Caller, party: str, *, granted: bool) -> dict[str, Any]:
    """Return a party's row to those who may see it.

    Raises:
        Problem: 403, 404, or 410 once it is erased.
    """
    if party != caller.party and not caller.watches() and not granted:
        raise Problem(status=403, code="request.forbidden", field="party")
    rows = await view.exchange.parties(party=party, limit=1)
    if not rows:
        raise Problem(status=404, code="ledger.party_unknown", field="party", found=party)
    await refuse_erased(view, party)
    return rows[0]
