"""`./ecorights gep map`: a year's accounts as a map that is ready to paint."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.served import Answer, Json, Name, Url, Venue, ask_and_show
from gateway.client import ApiClient
from gep.space.choropleth import Measure

app = typer.Typer()


@app.command("map")
def make_map(  # noqa: PLR0913  one option, one argument
    *,
    year: Annotated[int, typer.Option(help="The accounts' year.")],
    name: Name,
    measure: Annotated[Measure, typer.Option(help="What is shown.")] = Measure.VALUE,
    of: Annotated[
        str, typer.Option(help="A service such as R1, a group such as regulating, or total.")
    ] = "total",
    base_year: Annotated[int | None, typer.Option(help="Growth is since this year.")] = None,
    price_year: Annotated[
        int | None, typer.Option(help="Only accounts at the prices of this year.")
    ] = None,
    parent: Annotated[str | None, typer.Option(help="Only units that belong to this one.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The boundaries of this day.")] = None,
    classes: Annotated[int, typer.Option(help="How many classes.")] = 5,
    out: Annotated[Path | None, typer.Option(help="Write the GeoJSON here.")] = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show the figures of a year's units, their classes and open warnings."""
    wanted = {
        "year": year,
        "measure": measure.value,
        "base_year": base_year,
        "price_year": price_year,
        "parent": parent,
        "as_of": as_of,
        "classes": classes,
        "with_geometry": "true" if out is not None else "false",
        **_subject(of),
    }
    params = {key: str(value) for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/map", **params)

    answer = ask_and_show(read, _show, venue=venue, url=url, name=name, as_json=as_json)
    if out is not None:
        text = json.dumps(answer, ensure_ascii=False)
        out.write_text(text + "\n", encoding="utf-8")


def _subject(of: str) -> dict[str, str]:
    if of == "total":
        return {}
    return {"service" if of[:1].isupper() else "group": of}


def _show(answer: Answer) -> None:
    unit = "" if answer["measured_in"] == "1" else f" {answer['measured_in']}"
    since = "" if answer["base_year"] is None else f" since {answer['base_year']}"
    prices = ", ".join(str(each) for each in answer["price_years"])
    typer.echo(
        f"{answer['measure']} of {answer['subject']} {answer['year']}{since},"
        f" at prices of {prices or 'no year'}, boundaries of {answer['as_of']}"
    )
    for each in answer["features"]:
        found = each["properties"]
        figure = (
            f"no data: {', '.join([found['no_data'], *found['no_data_because']])}"
            if found["value"] is None
            else f"{Decimal(found['value']):,f}{unit}  class {found['class_quantile']} of"
            f" {answer['classes']['count']}"
        )
        doubts = f"  {', '.join(found['doubts'])}" if found["doubts"] else ""
        pins = f"  open warnings: {len(found['pins'])}" if found["pins"] else ""
        typer.echo(f"{each['id']}  {found['name']}  {figure}{pins}{doubts}")
