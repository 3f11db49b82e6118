"""The report of an account, in a language: its parts in their order."""

from gep.reporting.blocks import Report, Section, Span, Style, Words
from gep.reporting.page import Page
from gep.reporting.parts.closing import (
    check_section,
    method_section,
    overrides_section,
    sources_section,
    warnings_section,
)
from gep.reporting.parts.doubt import doubt_section
from gep.reporting.parts.key import key_section
from gep.reporting.parts.services import services_section
from gep.reporting.parts.space import space_section
from gep.reporting.parts.stocks import stocks_section
from gep.reporting.parts.weather import weather_section
from gep.reporting.parts.years import change_section, trend_section
from gep.reporting.subject import Deed, Stage, Subject
from gep.reporting.words import Language

PARTS = (
    key_section,
    services_section,
    change_section,
    weather_section,
    stocks_section,
    space_section,
    doubt_section,
    trend_section,
    overrides_section,
    warnings_section,
    method_section,
    sources_section,
    check_section,
)


def report_of(subject: Subject, language: Language) -> Report:
    """Return the report of an account.

    Raises:
        AccountRefused: the base is of a later year, a deflator is not above 0, a year of the
            series stands twice.
    """
    page = Page(subject, language)
    account = page.account
    sections: tuple[Section | None, ...] = tuple(part(page) for part in PARTS)
    return Report(
        language=language,
        title=page.say(
            "title", area=account.area.name, year=str(account.year), product=page.product
        ),
        subtitle=page.subtitle,
        status=_status(page),
        hash=account.hash,
        contents_title=page.say("contents"),
        page_words=page.say("page", page="{page}", pages="{pages}"),
        sections=tuple(each for each in sections if each is not None),
    )


def _status(page: Page) -> Words:
    standing = page.subject.standing
    words = page.say(f"stage.{standing.stage.value}")
    published = [each for each in standing.steps if each.deed is Deed.PUBLISHED]
    if standing.stage is Stage.PUBLISHED and published:
        words += page.say("in_entry", entry=published[0].entry)
    if standing.superseded_by:
        words += page.say("superseded")
    is_good = standing.stage is Stage.PUBLISHED and not standing.superseded_by
    return (Span(text=words, style=Style.STRONG if is_good else Style.FLAG),)
