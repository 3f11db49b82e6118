"""`./ecorights credit fairness`: grade shares and adverse-impact ratios of a served venue's groups.

For keys of the regulator and the auditor; it names no subject.
"""

import sys
from typing import Annotated

import typer

from gateway.cli.credit_consent import Json, Url, Venue
from gateway.cli.served import Answer, ask
from gateway.cli.terminal import print_json
from gateway.keys import REGULATOR

app = typer.Typer()


@app.command("fairness")
def fairness(
    *,
    as_of: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today.")] = None,
    rule_set: Annotated[str | None, typer.Option(help="Another than in force.")] = None,
    favourable: Annotated[str, typer.Option(help="The lowest favourable grade.")] = "A",
    least: Annotated[int, typer.Option(help="Smaller groups are shown together only.")] = 30,
    venue: Venue = None,
    url: Url = None,
    name: Annotated[
        str, typer.Option("--as", help="The name of a key in the keys file.")
    ] = REGULATOR,
    as_json: Json = False,
) -> None:
    """Compare the grades of kinds, regions and sectors; below four fifths a review opens."""
    asked = {"as_of": as_of, "rule_set": rule_set, "favourable": favourable, "least": str(least)}
    params = {key: value for key, value in asked.items() if value is not None}
    answer = ask(
        lambda client: client.get("/credit/fairness", **params),
        venue,
        url=url,
        name=name,
        as_json=as_json,
    )
    if as_json:
        print_json({"ok": True, **answer})
    else:
        _show(answer)


def _show(answer: Answer) -> None:
    grades = ", ".join(answer["favourable"])
    _write(f"{answer['as_of']}, rule set {answer['rule_set_version']}, favourable: {grades}")
    for column in answer["columns"]:
        of = "" if column["kind"] is None else f" of {column['kind']}"
        _write(f"{column['column']}{of}, against {column['reference'] or 'none'}")
        for group in column["groups"]:
            if group["impact_ratio"] is None:
                says = "no ratio"
            else:
                between = f"{group['interval_low']} to {group['interval_high']}"
                says = f"ratio {group['impact_ratio']} ({between})"
            review = ", REVIEW" if group["opens_review"] else ""
            chance = ", may be chance" if group["opens_review"] and group["may_be_chance"] else ""
            counted = f"{group['subjects']} subjects, {group['not_rated']} not rated"
            rate = f"favourable {group['favourable_rate']}"
            _write(f"  {group['group']}: {counted}, {rate}, {says}{review}{chance}")
        if column["suppressed_groups"]:
            hidden = f"{column['suppressed_groups']} small groups"
            _write(f"  {hidden} of {column['suppressed_subjects']} subjects together: not shown")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
