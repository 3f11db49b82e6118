"""`./ecorights credit card`: show, score by, export, monitor and fit a repayment card.

Nothing here speaks to a venue and nothing is kept: files in, words, JSON or a file out. What is
refused ends with 2 and a named error: code, field, what was expected. Every output carries the
card's statement.
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from credit_scoring.cards.card import Card, Value
from credit_scoring.cards.errors import CardUnreadable, FitRefused, RowRefused
from credit_scoring.cards.fitting import Words, fit
from credit_scoring.cards.generating import LOANS, SEED, generated_loans
from credit_scoring.cards.loans_file import header_of, read_loans
from credit_scoring.cards.monitoring.monitor import monitor
from credit_scoring.cards.monitoring.outcomes_file import read_outcomes
from credit_scoring.cards.monitoring.report import report_lines, report_of
from credit_scoring.cards.reading import read_card
from credit_scoring.cards.sample import Sample, variables_of
from credit_scoring.cards.scoring import score
from credit_scoring.cards.sealing import file_of
from credit_scoring.cards.shipped import WORDS, shipped_card
from credit_scoring.cards.sql import view_of
from gateway.cli.credit_card_pages import (
    bad_lines,
    card_json,
    card_lines,
    score_json,
    score_lines,
    statement_lines,
    write_scores,
)
from gateway.cli.terminal import print_json
from gateway.errors import CannotRun
from kernel.errors import DomainError
from ledger.reconciliation.lines import FileUnreadable

REFUSED = 2
INSTALL = ".venv/bin/pip install 'optbinning>=1.0'"
GENERATED_MAX = 1_000_000


class Format(StrEnum):
    """What a card is exported as."""

    SQL = "sql"
    JSON = "json"


app = typer.Typer(no_args_is_help=True)
CardFile = Annotated[Path | None, typer.Option("--card", help="A card's file; else the shipped.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only check the files.")]


@app.callback()
def root() -> None:
    """The repayment scorecard (还款评分卡). The shipped one is fitted on generated data."""


@app.command()
def show(*, card_file: CardFile = None, as_json: Json = False) -> None:
    """Check a card and show its scale, its bins and their points."""
    with _refusals(as_json=as_json):
        card = _card(card_file)
    if as_json:
        print_json({"ok": True, **card_json(card), "form": json.loads(file_of(card.form))})
    else:
        _write(card_lines(card))


@app.command("score")
def score_one(
    values: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...")],
    *,
    card_file: CardFile = None,
    as_json: Json = False,
) -> None:
    """Score one row and explain it; NAME= is a value that is missing."""
    with _refusals(as_json=as_json):
        card = _card(card_file)
        explained = score(card, _named(values))
    if as_json:
        print_json({"ok": True, **score_json(card, explained)})
    else:
        _write(score_lines(card, explained))


@app.command("score-file")
def score_file(
    path: Annotated[Path, typer.Argument(metavar="LOANS", help="CSV: loan and each feature.")],
    *,
    card_file: CardFile = None,
    out: Out = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Score a file of loans; the result is CSV with up to four reasons for each."""
    if as_json and out is None and not dry_run:
        raise typer.BadParameter("needs --out, for the scores are CSV", param_hint="--json")
    with _refusals(as_json=as_json):
        card = _card(card_file)
        loans = read_loans(card, _content(path))
    answer = card_json(card) | {"loans": len(loans.names), "dry_run": dry_run}
    if dry_run:
        _tell(card, f"{len(loans.names)} loans can be scored", answer=answer, as_json=as_json)
    elif out is None:
        write_scores(card, loans, sys.stdout)
    else:
        with _writing(out) as file:
            write_scores(card, loans, file)
        _tell(card, f"{len(loans.names)} loans scored: {out}", answer=answer, as_json=as_json)


@app.command()
def export(
    *,
    card_file: CardFile = None,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.SQL,
    view: Annotated[str, typer.Option(help="SQL: the view's name.")] = "repayment_scores",
    source: Annotated[str, typer.Option(help="SQL: the table with the features.")] = "loans",
    key: Annotated[str, typer.Option(help="SQL: the column that names the row.")] = "loan",
    out: Out = None,
) -> None:
    """Write a card as a view in SQL or as its own file."""
    with _refusals(as_json=False):
        card = _card(card_file)
        text = (
            view_of(card, view=view, source=source, key=key)
            if form is Format.SQL
            else file_of(card.form).decode()
        )
    if out is None:
        sys.stdout.write(text)
    else:
        with _writing(out) as file:
            file.write(text)
        _write([*statement_lines(card), f"written: {out}"])


@app.command("monitor")
def monitor_file(
    path: Annotated[Path, typer.Argument(metavar="LOANS", help="CSV: loan and each feature.")],
    *,
    outcomes: Annotated[
        Path | None, typer.Option(help="CSV: loan,outcome; each good or bad.")
    ] = None,
    card_file: CardFile = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Report AUC, Gini, KS, PSI and calibration of a card on loans and their outcomes."""
    with _refusals(as_json=as_json):
        card = _card(card_file)
        loans = read_loans(card, _content(path))
        known = {}
        if outcomes is not None:
            known = read_outcomes(_content(outcomes), loans=set(loans.names))
    if dry_run:
        words = f"{len(loans.names)} loans and {len(known)} outcomes can be used"
        answer = {"loans": len(loans.names), "outcomes": len(known), "dry_run": True}
        _tell(card, words, answer=card_json(card) | answer, as_json=as_json)
        return
    report = report_of(card, monitor(card, loans, known))
    if as_json:
        print_json({"ok": True, **report})
    else:
        _write(report_lines(card, report))


@app.command()
def sample(
    loans: Annotated[Path, typer.Option(help="Write the loans to this file.")],
    outcomes: Annotated[Path, typer.Option(help="Write their outcomes to this file.")],
    *,
    count: Annotated[int, typer.Option(min=1, max=GENERATED_MAX)] = 1_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same loans.")] = 1,
) -> None:
    """Generate loans that never were, to try the other commands with."""
    made, card = generated_loans(count, seed=seed), shipped_card()
    with _writing(loans) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header_of(card))
        columns = (made.columns[table.name] for table in card.tables)
        writer.writerows(_numbered(zip(*columns, strict=True)))
    with _writing(outcomes) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("loan", "outcome"))
        words = (("bad",) if bad else ("good",) for bad in made.bad)
        writer.writerows(_numbered(words))
    _write([*statement_lines(card), f"{count} generated loans: {loans}, {outcomes}"])


@app.command("fit")
def fit_card(  # noqa: PLR0913  one option, one argument
    out: Annotated[Path, typer.Option(help="Write the card to this file.")],
    *,
    loans: Annotated[Path | None, typer.Option(help="CSV of loans; else generated ones.")] = None,
    outcomes: Annotated[Path | None, typer.Option(help="CSV: loan,outcome.")] = None,
    like: Annotated[Path | None, typer.Option(help="A card with the features to fit.")] = None,
    name: Annotated[str, typer.Option(help="The new card's name.")] = "",
    version: Annotated[str, typer.Option(help="The new card's version.")] = "1",
    statement: Annotated[str, typer.Option(help="What it was fitted on and decides.")] = "",
    statement_zh: Annotated[str, typer.Option(help="The same in Chinese.")] = "",
    meaning: Annotated[str, typer.Option(help="What a bad outcome is.")] = "",
    as_json: Json = False,
) -> None:
    """Fit a card with optbinning: the shipped one again, or one on loans of your own."""
    with _refusals(as_json=as_json):
        if loans is None:
            drawn, words = generated_loans(LOANS, seed=SEED), WORDS
        else:
            model = _card(like)
            drawn = _own_sample(model, loans, outcomes)
            words = Words(
                name=name,
                version=version,
                made_on=datetime.now(UTC).date(),
                statement=statement,
                statement_zh=statement_zh,
                sample=loans.name,
                outcome=meaning,
                seed="",
                generated=False,
            )
        try:
            card = fit(drawn, words).card
        except ModuleNotFoundError as error:
            raise CannotRun(f"optbinning is not installed; {INSTALL}") from error
    with _writing(out) as file:
        file.write(file_of(card.form).decode())
    same = card.form.hash == shipped_card().form.hash
    answer = card_json(card) | {"same_as_shipped": same}
    words_of_it = f"card {card.label} written: {out}" + (", the shipped one" if same else "")
    _tell(card, words_of_it, answer=answer, as_json=as_json)


def _numbered(rows: Iterable[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
    """Name the rows, so that each says of itself that it never was."""
    for number, row in enumerate(rows, 1):
        yield (f"generated-{number}", *row)


def _own_sample(model: Card, loans: Path, outcomes: Path | None) -> Sample:
    """Return the loans of a file that have an outcome."""
    if outcomes is None:
        raise FitRefused("no outcomes", field="--outcomes", expected="a file of outcomes")
    read = read_loans(model, _content(loans))
    known = read_outcomes(_content(outcomes), loans=set(read.names))
    chosen = [number for number, loan in enumerate(read.names) if loan in known]
    return Sample(
        variables=variables_of(model.form),
        columns={
            column: [texts[number] for number in chosen] for column, texts in read.texts.items()
        },
        bad=[known[read.names[number]] for number in chosen],
    )


def _card(path: Path | None) -> Card:
    return shipped_card() if path is None else read_card(_content(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def _writing(path: Path) -> Iterator[IO[str]]:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise CannotRun(f"{path} cannot be written: {error.strerror}") from error


def _named(texts: list[str]) -> Mapping[str, Value]:
    found: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise CardUnreadable(f"{text[:64]!r}", field="values", expected="NAME=VALUE")
        if name in found:
            raise RowRefused(f"{name} stands twice", field=name[:64], expected="once")
        found[name] = value or None
    return found


@contextmanager
def _refusals(*, as_json: bool) -> Iterator[None]:
    """End with 2 and the named error where something is refused."""
    try:
        yield
    except DomainError as error:
        problem: dict[str, Any] = {
            "code": error.code,
            "field": error.field,
            "expected": error.expected,
        }
        lines = [f"{error} [{error.code}], {error.field}: expected {error.expected}"]
    except FileUnreadable as error:
        problem = {
            "code": "card.file_unreadable",
            "count": error.bad.count,
            "lines": [
                {
                    "line": each.line,
                    "field": each.field,
                    "expected": each.expected,
                    "found": each.found,
                }
                for each in error.bad.found
            ],
        }
        heading = f"{error.bad.count} errors, nothing is used [card.file_unreadable]"
        lines = [heading, *bad_lines(error.bad.found, error.bad.count)]
    else:
        return
    sys.stderr.write("\n".join(lines) + "\n")
    if as_json:
        print_json({"ok": False, "error": problem})
    raise typer.Exit(REFUSED)


def _tell(card: Card, words: str, *, answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, **answer})
    else:
        _write([*statement_lines(card), words])


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
