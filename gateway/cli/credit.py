"""`./ecorights credit`: score an archive in a file, show rule sets, rate natively, check vectors.

Nothing here speaks to a venue: files in, the pure engine, words or JSON out. A file that is
malformed ends with 2 and a named error: code, place, what was expected.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from credit_scoring.dates import day_of
from credit_scoring.native.archive import archive_schemes, rate_archive
from credit_scoring.native.figures import rate_figures
from credit_scoring.native.rating import NativeResult, rate, scheme_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.comparison import compare_rule_sets
from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.drafts import read_draft
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.rule_set import (
    RuleSet,
    Scheme,
    rule_set_in_force,
    rule_set_of_version,
)
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.rule_sets.writing import document_of
from credit_scoring.scoring.score import score as score_of
from credit_scoring.vectors.checking import check_vectors
from credit_scoring.vectors.reading import FILE_BYTES_MAX, read_vectors
from credit_scoring.vectors.records import records_of
from gateway.cli import credit_pages
from gateway.cli.rule_set_files import document_in
from gateway.cli.terminal import print_json
from kernel.errors import DomainError

FAILED, REFUSED = 1, 2


class Language(StrEnum):
    """The language of what people read; JSON is the same in both."""

    EN = "en"
    ZH = "zh"


app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
Lang = Annotated[Language, typer.Option(help="The language of names and words.")]
File = Annotated[Path, typer.Argument(metavar="FILE")]


@app.callback()
def root() -> None:
    """Eco-credit: scores, rule sets, native schemes, test vectors."""


@app.command("check-vectors")
def check_vectors_of(path: File, *, as_json: Json = False) -> None:
    """Run test vectors against the engine; ends with 0, 1 if some fail, 2 if malformed."""
    with refusals(as_json=as_json):
        checked = check_vectors(read_vectors(content_of(path)))
    failed = [each for each in checked if each.differences]
    for each in failed:
        for difference in each.differences:
            credit_pages.write(
                f"{each.id}: {difference.name}: expected {difference.expected},"
                f" found {difference.found}"
            )
    passed = len(checked) - len(failed)
    if as_json:
        print_json({"passed": passed, "failed": [each.id for each in failed]})
    else:
        credit_pages.write(f"{passed} passed, {len(failed)} failed")
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def score(
    path: File,
    *,
    as_of: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today.")] = None,
    known_at: Annotated[str | None, typer.Option(help="The instant of what is known; now.")] = None,
    version: Annotated[
        str | None, typer.Option("--rule-set", help="Another than in force.")
    ] = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Score the subject of a file: {"subject": "enterprise", "records": [...]}, explained."""
    with refusals(as_json=as_json):
        document = read_json(content_of(path))
        document.keys(required=("subject", "records"), optional=("as_of", "known_at", "note"))
        kind = document.at("subject").choice(SubjectKind)
        records = records_of(document.at("records"))
        now = datetime.now(UTC)
        instant = known_at or document.at("known_at").value
        known = now if instant is None else _instant(instant)
        chosen = as_of or document.at("as_of").value
        day = day_of(now) if chosen is None else _day(chosen)
        rule_set = (
            rule_set_in_force(shipped(), day)
            if version is None
            else rule_set_of_version(shipped(), version)
        )
        found = score_of(kind, records, as_of=day, known_at=known, rule_set=rule_set)
        natives = (
            [
                rate_archive(rule_set, name, score=found, records=records)
                for name in archive_schemes(rule_set)
            ]
            if kind is SubjectKind.ENTERPRISE
            else []
        )
    if as_json:
        native = [_native_json(each) for each in natives]
        print_json({"ok": True, **msgspec.to_builtins(found), "native": native})
    else:
        credit_pages.show_score(found, rule_set, natives, lang=lang)


@app.command("rule-sets")
def rule_sets(
    version: Annotated[str | None, typer.Argument(help="Show one; all of them listed.")] = None,
    *,
    file: Annotated[Path | None, typer.Option(help="Show a draft of a file, checked.")] = None,
    against: Annotated[str | None, typer.Option(help="What differs from this version.")] = None,
    rules: Annotated[bool, typer.Option(help="List the rules with their sources.")] = False,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """List the rule sets, or show one: its hash, what is off and why, what changed."""
    with refusals(as_json=as_json):
        if version is None and file is None:
            _list_rule_sets(as_json=as_json)
            return
        shown = _rule_set(version, file)
        changes = (
            None
            if against is None
            else compare_rule_sets(rule_set_of_version(shipped(), against), shown)
        )
    if as_json:
        answer: dict[str, Any] = {"ok": True, "hash": shown.hash, **document_of(shown)}
        if changes is not None:
            answer["changes"] = [msgspec.to_builtins(each) for each in changes]
        print_json(answer)
        return
    credit_pages.show_rule_set(shown, lang=lang, with_rules=rules)
    if changes is not None:
        credit_pages.show_changes(changes)


@app.command()
def native(
    name: Annotated[str | None, typer.Argument(metavar="SCHEME")] = None,
    *,
    points: Annotated[str | None, typer.Option("--score", help="A finished score.")] = None,
    indicator: Annotated[
        list[str] | None, typer.Option(help="One value, name=number; repeat for each.")
    ] = None,
    version: Annotated[str | None, typer.Option("--rule-set", help="Not the newest.")] = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Rate by a native scheme (评价办法) and place it on the index; without a name, list them."""
    with refusals(as_json=as_json):
        rule_set = shipped()[-1] if version is None else rule_set_of_version(shipped(), version)
        if name is None:
            _list_schemes(rule_set, as_json=as_json, lang=lang)
            return
        scheme = scheme_of(rule_set, name)
        result = _rated(scheme, points, indicator or [])
    if as_json:
        print_json({"ok": True, **_native_json(result)})
    else:
        credit_pages.show_native(result, rule_set)


def _rated(scheme: Scheme, points: str | None, indicator: list[str]) -> NativeResult:
    if (points is None) == (not indicator):
        raise Malformed(
            code="native_input_refused",
            field="--score",
            expected="either --score or --indicator",
            found="both" if points is not None else "none",
        )
    if points is not None:
        return rate(scheme, _decimal(points, "--score"))
    return rate_figures(scheme, dict(_named_value(each) for each in indicator))


def _named_value(text: str) -> tuple[str, Decimal]:
    name, _, value = text.partition("=")
    return name, _decimal(value, f"--indicator {name}")


def _decimal(text: str, field: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise Malformed(code="wrong_type", field=field, expected="a number", found=text)
    return value


def _list_rule_sets(*, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, "rule_sets": [_head(each) for each in shipped()]})
    else:
        credit_pages.show_rule_sets(shipped())


def _list_schemes(rule_set: RuleSet, *, as_json: bool, lang: Language) -> None:
    if as_json:
        rows = [
            {"scheme": each.id, "zh": each.zh, "on": each.is_on, "missing": each.missing}
            for each in rule_set.schemes.values()
        ]
        print_json({"ok": True, "rule_set": rule_set.version, "schemes": rows})
    else:
        credit_pages.show_schemes(rule_set, lang=lang)


def _rule_set(version: str | None, file: Path | None) -> RuleSet:
    if file is None:
        return rule_set_of_version(shipped(), version or "")
    return read_draft(
        document_in(content_of(file)), adopted=shipped(), on=day_of(datetime.now(UTC))
    )


def _head(rule_set: RuleSet) -> dict[str, Any]:
    return {
        "version": rule_set.version,
        "effective_from": rule_set.effective_from.isoformat(),
        "hash": rule_set.hash,
        "rules": sum(not each.is_for_tests for each in rule_set.rules.values()),
        "repair_periods": rule_set.repair_periods.value,
        "reason": rule_set.reason,
    }


def _native_json(result: NativeResult) -> dict[str, Any]:
    return {
        "scheme": result.scheme,
        "score": None if result.score is None else str(result.score),
        "grade": result.grade,
        "credit_index": result.credit_index,
    }


def _instant(text: Any) -> datetime:
    return read_json(msgspec.json.encode({"known_at": text})).at("known_at").instant()


def _day(text: Any) -> date:
    return read_json(msgspec.json.encode({"as_of": text})).at("as_of").day()


def content_of(path: Path) -> bytes:
    """Return a file's bytes.

    Raises:
        Malformed: it cannot be read, or is larger than we read.
    """
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise Malformed(
                code="too_large",
                field=str(path),
                expected=f"at most {FILE_BYTES_MAX} bytes",
                found=str(path.stat().st_size),
            )
        return path.read_bytes()
    except OSError as error:
        raise Malformed(
            code="file_unreadable",
            field=str(path),
            expected="a file that can be read",
            found=str(error.strerror),
        ) from error


@contextmanager
def refusals(*, as_json: bool) -> Iterator[None]:
    """End with 2 and the named error where something is refused."""
    try:
        yield
    except DomainError as error:
        problem = {
            "code": error.code,
            "field": error.field,
            "expected": error.expected,
            **error.data,
        }
        sys.stderr.write(f"{error} [{error.code}]\n")
        if as_json:
            print_json({"ok": False, "error": problem})
        raise typer.Exit(REFUSED) from error
