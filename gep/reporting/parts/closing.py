"""What a reader relies on: overrides, warnings, methods, sources, and how to check it alone."""

from collections.abc import Iterator

from gep.accounts.account import Warned, WarningCode
from gep.reporting.blocks import (
    Block,
    Column,
    Command,
    Paragraph,
    Points,
    Row,
    Section,
    Span,
    Style,
    Table,
    Words,
    joined,
    plain,
)
from gep.reporting.code_words import MARKS, WARNINGS
from gep.reporting.figures import changed, million, number, percent, rounded, unit_words
from gep.reporting.methods import method_words
from gep.reporting.page import Page
from gep.reporting.subject import Stage
from gep.reporting.words import chosen
from kernel.money import Fen

LINES_SHOWN_MAX, DIGITS = 12, 12


def overrides_section(page: Page) -> Section | None:
    """Return who put which value in a parameter's place, and why; None where nobody did."""
    account = page.account
    if not account.overrides:
        return None
    difference = Fen(account.total - account.total_without_overrides)
    words = page.say(
        "overrides.sentence",
        figure=million(account.total_without_overrides),
        difference=changed(difference),
        **page.basis,
    )
    rows = []
    for each in account.overrides:
        inside = ", ".join(f"{name}={value}" for name, value in each.dims)
        name = f"{each.key}[{inside}]" if inside else each.key
        unit = unit_words(each.unit, page.language)
        rows.append(
            Row(
                cells=(
                    page.figure_link(name),
                    plain(number(each.value)),
                    plain(unit),
                    plain(each.author),
                    plain(each.reason),
                    plain(each.source),
                )
            )
        )
    table = Table(
        caption=page.say("overrides.caption"),
        columns=(
            Column(title=page.say("parameter"), width=22),
            Column(title=page.say("figure"), width=12, is_number=True),
            Column(title=page.say("unit"), width=10),
            Column(title=page.say("author"), width=14),
            Column(title=page.say("reason"), width=24),
            Column(title=page.say("source"), width=18),
        ),
        rows=tuple(rows),
    )
    return page.section("overrides", Paragraph(words=plain(words)), table)


def warnings_section(page: Page) -> Section:
    """Return an account's warnings and what is doubtful of its area, in sentences."""
    warned: list[Words] = [_warning(page, each) for each in page.account.warnings]
    warned += [plain(page.say(f"area.{each.value}")) for each in page.subject.doubts]
    if not warned:
        return page.section("warnings", Paragraph(words=plain(page.say("no_warnings"))))
    items = tuple((f"warning-{number_of}", each) for number_of, each in enumerate(warned, 1))
    intro = Paragraph(words=page.note(page.say("warnings.intro")))
    return page.section("warnings", intro, Points(items=items))


def warning_text(page: Page, warned: Warned) -> str:
    """Return a warning as a sentence."""
    return "".join(each.text for each in _warning(page, warned))


def method_section(page: Page) -> Section:
    """Return what every account keeps to, and how each quantity was made."""
    account = page.account
    basis = page.say("prices_of", **page.basis)
    rules = [
        page.say(f"rule.profile.{account.profile.value}"),
        page.say("rule.once"),
        page.say("rule.basis", figure=basis),
        page.say("rule.deduction", figure=million(account.deduction))
        if account.deduction
        else page.say("rule.no_deduction"),
        page.say("rule.disservices"),
        page.say("rule.no_land_cover")
        if account.land_cover is None
        else page.say(
            "rule.land_cover",
            product=account.land_cover.product,
            resolution=number(account.land_cover.resolution_m),
        ),
    ]
    methods: dict[str, list[str]] = {}
    for line in account.lines:
        methods.setdefault(line.method, []).append(line.id)
    table = Table(
        caption=page.say("method.caption"),
        columns=(
            Column(title=page.say("method.column"), width=20),
            Column(title=page.say("formula"), width=48),
            Column(title=page.say("lines"), width=32),
        ),
        rows=tuple(
            Row(
                cells=(
                    (Span(text=method, style=Style.CODE),),
                    plain(method_words(method, page.language)),
                    _some_lines(page, lines),
                )
            )
            for method, lines in methods.items()
        ),
    )
    return page.section("method", Points(items=tuple(("", plain(each)) for each in rules)), table)


def sources_section(page: Page) -> Section:
    """Return every figure in use with value, unit, source, price year and mark."""
    rows = []
    for each in page.sources:
        used = each.used
        flag: Words = (
            (Span(text=f" {page.say('flag')}", style=Style.FLAG),) if each.is_unchecked else ()
        )
        is_override = used.override is not None
        override: Words = (
            (Span(text=f" {page.say('flag_overridden')}", style=Style.FLAG, link="overrides"),)
            if is_override
            else ()
        )
        rows.append(
            Row(
                cells=(
                    plain(str(each.number)),
                    (Span(text=used.name, style=Style.CODE),),
                    (Span(text=rounded(used.value, DIGITS), exact=number(used.value)),),
                    plain(unit_words(used.unit, page.language)),
                    plain("–" if each.price_year is None else str(each.price_year)),
                    (Span(text=MARKS[used.mark]), *flag, *override),
                    plain(used.source),
                    _some_lines(page, [line.id for line in each.lines]),
                ),
                anchor=each.anchor,
            )
        )
    account = page.account
    unchecked = page.say(
        "unchecked_total",
        all=str(account.parameter_set_unchecked),
        used=str(len(account.unchecked)),
    )
    table = Table(
        caption=page.say("sources.caption"),
        columns=(
            Column(title=page.say("number"), width=4.5, is_number=True),
            Column(title=page.say("name"), width=20),
            Column(title=page.say("figure"), width=16, is_number=True),
            Column(title=page.say("unit"), width=9.5),
            Column(title=page.say("price_year"), width=6),
            Column(title=page.say("mark"), width=9),
            Column(title=page.say("source"), width=20),
            Column(title=page.say("used_in"), width=15),
        ),
        rows=tuple(rows),
        note=page.note(page.sentences(page.say("marks"), unchecked)),
    )
    return page.section("sources", table)


def check_section(page: Page) -> Section:
    """Return the hashes, the commands that check them, and the account's course."""
    account, standing = page.account, page.subject.standing
    hashes = [
        (page.say("account"), account.hash),
        (page.say("edition_hash", name=account.edition), account.edition_hash),
        (page.say("set_hash", name=account.parameter_set), account.parameter_set_hash),
    ]
    if account.area.geometry_hash is not None:
        hashes.append((page.say("geometry_hash"), account.area.geometry_hash))
    if page.subject.base is not None:
        base = page.subject.base
        hashes.append((page.say("base_hash", name=base.id), base.hash))
    hashes += [
        (page.say(name), value)
        for name, value in (
            ("supersedes", standing.supersedes),
            ("superseded_by", standing.superseded_by),
        )
        if value
    ]
    table = Table(
        caption=page.say("check.caption"),
        columns=(
            Column(title=page.say("what"), width=32),
            Column(title=page.say("hash"), width=68),
        ),
        rows=tuple(
            Row(cells=(plain(name), (Span(text=value, style=Style.CODE),)))
            for name, value in hashes
            if value
        ),
    )
    blocks = [Paragraph(words=plain(page.say("check.intro"))), table, *_commands(page)]
    if standing.steps:
        blocks.append(_course(page))
    return page.section("check", *blocks)


def _commands(page: Page) -> Iterator[Block]:
    account, standing = page.account, page.subject.standing
    if standing.stage is Stage.FILE:
        yield Paragraph(words=plain(page.say("check.file")))
        yield Command(text="./ecorights gep account PLAN.json")
    else:
        yield Paragraph(words=plain(page.say("check.venue")))
        yield Command(text=f"./ecorights gep show {account.hash} --as NAME")
        yield Paragraph(words=plain(page.say("check.api")))
        yield Command(text=f"GET /v1/gep/accounts/{account.hash}/recomputation")
    if standing.agrees is not None:
        words = page.say("check.agrees" if standing.agrees else "check.differs")
        yield Paragraph(words=plain(words))


def _course(page: Page) -> Table:
    return Table(
        caption=page.say("standing.caption"),
        columns=(
            Column(title=page.say("step"), width=16),
            Column(title=page.say("by"), width=24),
            Column(title=page.say("entry"), width=18, is_number=True),
            Column(title=page.say("note"), width=42),
        ),
        rows=tuple(
            Row(
                cells=(
                    plain(page.say(f"deed.{each.deed.value}")),
                    plain(each.by or page.say("regulator")),
                    plain(each.entry),
                    plain(each.note),
                )
            )
            for each in page.subject.standing.steps
        ),
    )


def _warning(page: Page, warned: Warned) -> Words:
    before, _, after = (
        chosen(WARNINGS[warned.code], page.language)
        .format(
            place="\0",
            figure=_figure(warned),
            share=percent(warned.figure),
        )
        .partition("\0")
    )
    return (Span(text=before), *_place(page, warned), Span(text=after))


def _figure(warned: Warned) -> str:
    if warned.figure is None:
        return ""
    if warned.code is WarningCode.PRICE_YEAR_DIFFERS:
        return str(int(warned.figure))
    suffix = " m³" if warned.code is WarningCode.CLIPPED else ""
    return f"{number(warned.figure)}{suffix}"


def _place(page: Page, warned: Warned) -> Words:
    match warned.code:
        case WarningCode.UNCHECKED_PARAMETERS:
            between = "、" if page.language == "zh" else ", "
            return joined(map(page.figure_link, page.account.unchecked), between)
        case WarningCode.SERVICE_DOMINATES | WarningCode.MANDATORY_MISSING:
            return plain(f"{warned.place} {page.service(warned.place)}")
        case WarningCode.PRICE_YEAR_DIFFERS | WarningCode.OVERRIDDEN:
            return page.figure_link(warned.place)
        case WarningCode.CLIPPED | WarningCode.EMISSION_UNKNOWN | WarningCode.GIVEN_LINES:
            return page.line_links([warned.place])
        case _:
            return plain(warned.place)


def _some_lines(page: Page, lines: list[str]) -> Words:
    shown = page.line_links(lines[:LINES_SHOWN_MAX])
    more = len(lines) - LINES_SHOWN_MAX
    return shown if more <= 0 else (*shown, Span(text=f" +{more}", style=Style.NOTE))
