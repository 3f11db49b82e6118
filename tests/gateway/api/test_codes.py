"""Every code has a case in the table of bad requests, and words in both languages."""

from collections import Counter

import pytest

from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.consents.refusals import QueryRefusal
from credit_scoring.consents.refusals import Reject as ConsentReject
from credit_scoring.consequences.adopting.refusals import Reject as ConsequenceReject
from credit_scoring.credentials.refusals import Reject as CredentialReject
from credit_scoring.lists.refusals import Reject as ListReject
from credit_scoring.rewards.refusals import Reject as RewardReject
from credit_scoring.rights.refusals import Reject as RightsReject
from credit_scoring.rule_sets.adopting.refusals import Reject as RuleSetReject
from credit_scoring.runs.refusals import Reject as RunReject
from exchange.refusals import Reject as MarketReject
from exchange.registry.decisions import Reject as RegistryReject
from exchange.supervision.refusals import Reject as SupervisionReject
from gateway.api.messages import known_codes, message
from gateway.api.problems import CODE_OF_VALIDATION, language_of_header
from gep.publishing.refusals import Reject as GepReject
from gep.space.refusals import Reject as UnitReject
from gep.space.watching.refusals import Reject as WatchReject
from ledger.reconciliation.refusals import Reject as ReconciliationReject
from ledger.refusals import Reject as LedgerReject
from tests.gateway.api.bad.table import ELSEWHERE, TABLE

REFUSALS: frozenset[str] = frozenset(
    {
        *LedgerReject,
        *MarketReject,
        *RegistryReject,
        *ReconciliationReject,
        *CredentialReject,
        *RewardReject,
        *ArchiveReject,
        *ConsentReject,
        *QueryRefusal,
        *RuleSetReject,
        *ConsequenceReject,
        *RunReject,
        *RightsReject,
        *ListReject,
        *SupervisionReject,
        *GepReject,
        *UnitReject,
        *WatchReject,
    }
)
STATUSES = {400, 401, 403, 404, 405, 409, 410, 413, 415, 422}


def test_the_table_is_large_and_no_code_wears_it_out() -> None:
    counts = Counter(bad.code for bad in TABLE)

    assert len(TABLE) >= 80
    assert max(counts.values()) <= 3, counts.most_common(3)
    assert len({bad.name for bad in TABLE}) == len(TABLE)


def test_every_code_of_the_service_is_in_the_table_or_says_why_not() -> None:
    tried = {bad.code for bad in TABLE}

    assert tried | set(ELSEWHERE) == known_codes() | REFUSALS
    assert not tried & set(ELSEWHERE)
    assert {bad.status for bad in TABLE} == STATUSES


def test_every_refusal_has_a_message() -> None:
    assert REFUSALS | set(CODE_OF_VALIDATION.values()) <= known_codes()


@pytest.mark.parametrize("code", sorted(known_codes()))
def test_a_code_speaks_chinese_and_english(code: str) -> None:
    chinese, english = message(code, language="zh"), message(code, language="en")

    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese)
    assert english.isascii()
    assert code not in {chinese, english}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh;q=0.5,en;q=0.7", "en"),
        ("fr;q=1.0, zh-Hant;q=0.4", "zh"),
        ("zh;q=0, en;q=0.1", "en"),
        ("*", "en"),
        ("zh;q=many", "en"),
    ],
)
def test_the_language_is_the_one_that_is_wanted_most(header: str, language: str) -> None:
    assert language_of_header(header) == language
