"""`./ecorights gep boundaries load`, `list`, `show`: the units of a venue on the map.

A file is read and judged whole before anything is sent; each unit is then one entry. What the venue
has already is left alone, so loading a file again enters nothing.
"""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.credit import refusals
from gateway.cli.gep_files import content_of
from gateway.cli.served import Answer, Json, Name, Url, Venue, ask, ask_and_show
from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gep.errors import Malformed
from gep.space.loading import Change, Overlap, PlannedUnit, overlaps, read_units
from gep.space.standing import differs

ROWS_SHOWN_MAX = 1_000
NOT_FOUND = 404
LAST_DAY = "2200-12-31"

app = typer.Typer(help="Units and their boundaries.", no_args_is_help=True)
Area = Annotated[str, typer.Argument(metavar="AREA", help="The unit's id.")]
AsOf = Annotated[str | None, typer.Option(help="The boundaries of this day; today's.")]
Parent = Annotated[str | None, typer.Option(help="Only units that belong to this one.")]


@app.command()
def load(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A GeoJSON FeatureCollection.")],
    *,
    name: Name,
    valid_from: Annotated[
        str | None, typer.Option("--from", help="Since when, where a feature does not say.")
    ] = None,
    parent: Annotated[str, typer.Option(help="The parent, where a feature does not say.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge the file, send none.")] = False,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Enter the boundaries of a file's units."""
    with refusals(as_json=as_json):
        units = read_units(content_of(path), valid_from=valid_from, parent=parent)
    common = list(overlaps(units))

    async def send(client: ApiClient) -> Answer:
        rows = [await _compared(client, unit) for unit in units]
        await _refuse_strangers(client, units)
        for unit, row in zip(units, rows, strict=True):
            if row["change"] != Change.SAME.value and not dry_run:
                # A key of its own each time: the machine enters no boundary twice, and a refusal
                # that was kept under an older key would outlive its reason.
                answer = await client.post("/gep/boundaries", unit.body())
                row["entry"] = answer["receipt"]["entry"]
        return {"units": rows, "overlaps": [_overlap(each) for each in common]}

    with refusals(as_json=as_json):
        answer = ask(send, venue, url=url, name=name, as_json=as_json)
    if as_json:
        print_json({"ok": True, "dry_run": dry_run, **answer})
        return
    _show_load(answer["units"], common, dry_run=dry_run)


@app.command("list")
def list_of(
    *,
    name: Name,
    parent: Parent = None,
    as_of: AsOf = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List the units of a day with their km2."""
    wanted = {"parent": parent, "as_of": as_of, "with_geometry": "false"}
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/boundaries", limit=str(ROWS_SHOWN_MAX), **params)

    def show_all(answer: Answer) -> None:
        for each in answer["features"]:
            typer.echo(_line(each["properties"]))

    ask_and_show(read, show_all, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def show(
    area: Area,
    *,
    name: Name,
    as_of: AsOf = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the boundary here as GeoJSON, to load again.")
    ] = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show a unit: its boundary's versions, and how its accounts fit it."""
    params = {} if as_of is None else {"as_of": as_of}

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/gep/boundaries/{area}", **params)

    answer = ask_and_show(read, _show_unit, venue=venue, url=url, name=name, as_json=as_json)
    if out is not None:
        feature = {key: answer[key] for key in ("type", "geometry", "properties")}
        collection = {"type": "FeatureCollection", "features": [feature]}
        out.write_text(json.dumps(collection, ensure_ascii=False) + "\n", encoding="utf-8")


async def _held(client: ApiClient, area: str) -> dict[str, Any] | None:
    """Return the newest boundary of a unit, None where there is none."""
    try:
        return await client.get(f"/gep/boundaries/{area}", as_of=LAST_DAY)
    except Refused as error:
        if error.problem.get("status") != NOT_FOUND:
            raise
        return None


async def _refuse_strangers(client: ApiClient, units: Sequence[PlannedUnit]) -> None:
    """Refuse a file with a parent that neither it nor the venue has, before anything is sent.

    Raises:
        Malformed: the unit whose parent it is.
    """
    known = {unit.area for unit in units}
    for unit in units:
        if unit.parent and unit.parent not in known:
            if await _held(client, unit.parent) is None:
                raise Malformed(
                    code="parent_unknown",
                    field=f"{unit.area}.parent",
                    expected="a unit of the file or of the venue",
                    found=unit.parent,
                )
            known.add(unit.parent)


async def _compared(client: ApiClient, unit: PlannedUnit) -> dict[str, Any]:
    """Return what a unit is beside what the venue shows of it, and the account's km2.

    Raises:
        Malformed: it begins before the version that it would follow.
    """
    held = await _held(client, unit.area)
    change = unit.change(None if held is None else held["properties"])
    if held is not None and change is Change.CHANGED:
        since = held["properties"]["valid_from"]
        if unit.valid_from < since:
            raise Malformed(
                code="boundary_earlier",
                field=f"{unit.area}.valid_from",
                expected=f"{since} or later",
                found=unit.valid_from,
            )
    stated = await _stated_km2(client, unit.area)
    return {
        "area": unit.area,
        "name": unit.name,
        "parent": unit.parent or None,
        "change": change.value,
        "version": 0 if held is None else held["properties"]["version"],
        "km2": str(unit.km2),
        "points": unit.outline.points,
        "geometry_hash": unit.outline.hash,
        "account_km2": stated,
        "km2_differs": stated is not None and differs(Decimal(stated), unit.km2),
    }


async def _stated_km2(client: ApiClient, area: str) -> str | None:
    """Return the km2 of the area's latest published account, None where there is none."""
    listed = await client.get(
        "/gep/accounts", area=area, status="published", limit=str(ROWS_SHOWN_MAX)
    )
    if not listed["accounts"]:
        return None
    latest = max(listed["accounts"], key=lambda each: (each["year"], int(each["entry"])))
    whole = await client.get(f"/gep/accounts/{latest['account']}")
    stated: str = whole["document"]["area"]["km2"]
    return stated


def _show_load(rows: Sequence[dict[str, Any]], common: Iterable[Overlap], *, dry_run: bool) -> None:
    for row in rows:
        entered = f"  entry {row['entry']}" if "entry" in row else ""
        typer.echo(
            f"{row['change']:<8}{row['area']}  {row['name']}  {Decimal(row['km2']):.4f} km2"
            f"  {row['points']} points  {row['geometry_hash'][:16]}{entered}"
        )
        if row["km2_differs"]:
            typer.echo(f"        its account says {row['account_km2']} km2: more than 1 % apart")
    for each in common:
        typer.echo(f"overlap: {' and '.join(each.areas)} have {each.km2:.4f} km2 in common")
    counts = ", ".join(
        f"{sum(row['change'] == change.value for row in rows)} {change.value}" for change in Change
    )
    typer.echo(f"{counts}{': a dry run, nothing sent' if dry_run else ''}")


def _overlap(found: Overlap) -> dict[str, Any]:
    return {"areas": list(found.areas), "km2": str(found.km2)}


def _line(found: Answer) -> str:
    above = "" if found["parent"] is None else f" in {found['parent']}"
    return (
        f"{found['id']}  {found['name']}  {found['unit_kind']}{above}"
        f"  {Decimal(found['km2']):.4f} km2  since {found['valid_from']}, version"
        f" {found['version']}"
    )


def _show_unit(answer: Answer) -> None:
    found = answer["properties"]
    typer.echo(_line(found))
    typer.echo(f"  a point inside: {found['longitude']}, {found['latitude']}")
    for each in answer["versions"]:
        typer.echo(
            f"  version {each['version']} since {each['valid_from']}, by {each['entered_by']},"
            f" entry {each['entry']}: {each['geometry_hash']}"
        )
    for each in answer["accounts"]:
        doubts = f"  {', '.join(each['doubts'])}" if each["doubts"] else ""
        typer.echo(f"  account {each['account'][:16]} of {each['year']}: {each['km2']} km2{doubts}")
