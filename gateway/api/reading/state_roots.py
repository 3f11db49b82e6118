"""State roots: what all holdings add up to, for everybody; and each holder's own proof."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query, Request

from gateway.api.door import Door
from gateway.api.paging import ENTRY_MAX, PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.accounts import may_see
from gateway.api.reads import quantity
from gateway.transparency.holdings import HoldingProofs
from kernel.canonical import utc_text
from ledger.personal.disclosure import Sight, disclose
from ledger.state_roots.store import StateRootStore

Index = Annotated[int, Path(ge=0, le=ENTRY_MAX)]
EVERYBODY = Sight(postings=True, personal=False)
Code = Annotated[str, Query(min_length=1, max_length=64)]


def add_state_roots(router: APIRouter, door: Door) -> None:
    """Add what is read of state roots."""
    proofs = HoldingProofs()

    @router.get("/ledger/state-roots", tags=["ledger"])
    async def list_state_roots(
        request: Request,
        instrument: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List what each close committed to: in units, all that is held, issued and ended."""
        page = Page(door.cursors, scope=f"state-roots {instrument}", cursor=cursor, limit=limit)
        after = page.after(-1, -1)
        async with door.view(request) as view:
            store = StateRootStore(view.exchange.connection)
            rows = await store.page(instrument=instrument, after=after, limit=page.limit)
            units = await view.units()
        found, following = page.cut(rows, lambda row: (row["entry"], row["number"]))
        shown = [
            {
                "entry": str(row["entry"]),
                "as_of": str(row["as_of"]),
                "at": utc_text(row["at"], digits=6),
                "instrument": row["instrument"],
                "leaves": str(row["leaves"]),
                **{
                    name: quantity(units, row["instrument"], row[name])
                    for name in ("total", "issued", "ended")
                },
                "root": row["root"],
            }
            for row in found
        ]
        return {"head": str(view.head), "state_roots": shown, "next": following}

    @router.get("/ledger/state-roots/{entry}", tags=["ledger"])
    async def show_state_root(request: Request, entry: Index) -> dict[str, Any]:
        """Show the whole body of an entry that committed to state roots, with its key."""
        async with door.view(request) as view:
            store = StateRootStore(view.exchange.connection)
            found = await view.ledger.entry(entry) if await store.is_of_roots(entry) else None
        if found is None:
            raise Problem(status=404, code="entry.not_found", field="entry", found=str(entry))
        disclosure = msgspec.to_builtins(disclose(found, sight=EVERYBODY))
        return {"head": str(view.head), "disclosure": disclosure}

    @router.get("/accounts/{account}/holding-proof", tags=["accounts"])
    async def show_holding_proof(
        request: Request, account: Annotated[int, Path(ge=0, le=ENTRY_MAX)], instrument: Code
    ) -> dict[str, Any]:
        """Show the file that proves an account's holding at the last published close.

        It has every fragment of the holding with its way to the root, the entry that committed to
        the root, and that entry's receipt. What the sums beside a way tell: some strangers'
        fragments together are so large; neither whose nor how large any holding is. Everybody
        learns the number of leaves (eight a holder) and what all hold together.
        """
        caller = await door.caller(request)
        async with door.view(request) as view:
            await may_see(view, caller, account)
            proof = await proofs.proof(
                view.exchange.connection, account=account, instrument=instrument
            )
        builtins: dict[str, Any] = msgspec.to_builtins(proof)
        return {"head": str(view.head), "proof": builtins}
