"""The page on space names every measure, reason, rule, doubt, standing and refusal."""

import re

from gateway.api.catalogue import gep_space, gep_warnings
from gateway.settings import CHECKOUT
from gep.space.choropleth import Measure, NoData
from gep.space.commands import UnitKind
from gep.space.standing import AreaDoubt
from gep.space.watching.judging import Severity, WarningRule
from gep.space.watching.rereading import Standing

PAGE = (CHECKOUT / "docs" / "gep-space.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z0-9_.]+)`", PAGE))


def test_the_page_names_what_an_answer_may_say() -> None:
    for names in (Measure, NoData, UnitKind, AreaDoubt, Severity, WarningRule, Standing):
        assert {each.value for each in names} <= NAMED


def test_the_page_names_every_refusal() -> None:
    codes = {*gep_space.MESSAGES, *gep_warnings.MESSAGES}

    assert codes - {"gep.geometry_not_canonical"} <= NAMED
