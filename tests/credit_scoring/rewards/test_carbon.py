"""Carbon is credited by the factor of its day, in whole milligrams, apart from the coins."""

import pytest

from credit_scoring.rewards import commands as w
from credit_scoring.rewards.carbon import EMITTED, REDUCED, milligrams
from ledger import commands as c
from ledger.roles import AccountKind, PartyKind
from tests.credit_scoring.rewards.desk import BEGIN, RewardDesk, day


def factor(behaviour: str, micrograms: int | None, **changes: object) -> w.SetCarbonFactor:
    made = {
        "behaviour": behaviour,
        "version": "1",
        "effective_from": day("2026-01-01"),
        "unit": "ride",
        "micrograms": micrograms,
        "day_limit": None,
        "late_days": 30,
        "method": "substitution",
        "source": "LZ24",
    }
    return w.SetCarbonFactor(**(made | changes))  # type: ignore[arg-type]  # a test's shorthand


def ride(desk: RewardDesk, reference: str, activity: int, **more: object) -> w.CreditCarbon:
    made = {
        "source": "BAGS",
        "reference": reference,
        "account": desk.account("P1", AccountKind.CARBON),
        "behaviour": "bus_ride",
        "activity": activity,
        "day": BEGIN,
    }
    return w.CreditCarbon(**(made | more))  # type: ignore[arg-type]  # a test's shorthand


@pytest.fixture
def carbon(desk: RewardDesk) -> RewardDesk:
    desk.by_two(factor("bus_ride", 80_000_000))
    desk.by_two(factor("walking", 8_200_000, unit="500 steps", day_limit=296_000))
    desk.by_two(factor("online_bill", None, unit="time"))
    return desk


def reduced(desk: RewardDesk) -> int:
    account = desk.account("P1", AccountKind.CARBON)
    return int(desk.ledger.accounts[account].available(REDUCED))


def test_forty_bus_rides_save_3200_grams_and_no_coin(carbon: RewardDesk) -> None:
    for number in range(40):
        carbon.must(ride(carbon, f"ride-{number}", 1_000), actor="TEAM-1")

    instrument = carbon.ledger.instruments[REDUCED]
    assert instrument.amount(reduced(carbon)) == "3200.000 g"
    assert carbon.balances() == {"issuance": -1_000, "coin_issuer": 1_000}


@pytest.mark.parametrize(
    ("activity", "micrograms", "expected"),
    [
        (1_000, 80_000_000, 80_000),
        (1, 48_700_000, 48),
        (1_234, 48_700_000, 60_095),
        (999, 541_900_000, 541_358),
        (1, 1, 0),
        (10**12, 10**15, 10**21),
    ],
)
def test_milligrams_are_the_floor_of_activity_times_factor(
    activity: int, micrograms: int, expected: int
) -> None:
    assert milligrams(activity=activity, micrograms=micrograms) == expected


def test_a_days_limit_cuts_and_says_so(carbon: RewardDesk) -> None:
    walk = {"behaviour": "walking"}
    first = carbon.must(ride(carbon, "a", 30_000, **walk), actor="TEAM-1").effects[-1]
    second = carbon.must(ride(carbon, "b", 10_000, **walk), actor="TEAM-1").effects[-1]
    third = carbon.must(ride(carbon, "c", 1_000, **walk), actor="TEAM-1").effects[-1]
    yesterday = {"behaviour": "walking", "day": BEGIN - 1}
    other_day = carbon.must(ride(carbon, "d", 1_000, **yesterday), actor="TEAM-1").effects[-1]

    found = [(e.milligrams, e.cut) for e in (first, second, third, other_day)]  # type: ignore[attr-defined]
    assert found == [(246_000, 0), (50_000, 32_000), (0, 8_200), (8_200, 0)]
    assert reduced(carbon) == 304_200


def test_a_credit_keeps_the_version_of_its_day(carbon: RewardDesk) -> None:
    carbon.by_two(factor("bus_ride", 70_000_000, version="2", effective_from=BEGIN + 1))
    carbon.until(BEGIN + 1)
    carbon.must(ride(carbon, "old", 1_000), actor="TEAM-1")
    carbon.must(ride(carbon, "new", 1_000, day=BEGIN + 1), actor="TEAM-1")

    found = {x.reference: (x.milligrams, x.version) for x in carbon.state.credits.rows()}
    assert found == {"old": (80_000, "1"), "new": (70_000, "2")}


@pytest.mark.parametrize(
    ("changes", "actor", "code"),
    [
        ({"source": "NONE"}, "TEAM-1", "rewards.source_unknown"),
        ({}, "OTHER-1", "rewards.not_the_owner"),
        ({"account": 1}, "TEAM-1", "rewards.account_unfit"),
        ({"behaviour": "flying"}, "TEAM-1", "rewards.act_unknown"),
        ({"day": day("2025-12-31")}, "TEAM-1", "rewards.rules_not_set"),
        ({"behaviour": "online_bill"}, "TEAM-1", "rewards.factor_empty"),
        ({"day": BEGIN - 31}, "TEAM-1", "rewards.day_unfit"),
        ({"day": BEGIN + 1}, "TEAM-1", "rewards.day_unfit"),
        ({"activity": 0}, "TEAM-1", "rewards.quantity_unfit"),
        ({"activity": 10**12 + 1}, "TEAM-1", "rewards.quantity_unfit"),
        ({"reference": "known"}, "TEAM-1", "rewards.act_twice"),
    ],
)
def test_an_activity_is_refused_for_the_first_reason(
    carbon: RewardDesk, changes: dict[str, object], actor: str, code: str
) -> None:
    carbon.must(ride(carbon, "known", 1_000), actor="TEAM-1")
    made = {"reference": "new", "activity": 1_000} | changes
    command = ride(carbon, **made)  # type: ignore[arg-type]  # a case's shorthand

    assert carbon.code_of(command, actor=actor) == code
    assert reduced(carbon) == 80_000


def test_more_than_the_column_can_hold_is_refused(carbon: RewardDesk) -> None:
    carbon.by_two(factor("bus_ride", 10**15, version="2", effective_from=BEGIN))

    much = ride(carbon, "a", 10**12)
    assert carbon.code_of(much, actor="TEAM-1") == "ledger.quantity_too_large"


def test_no_day_has_more_credits_than_the_machine_looks_at(carbon: RewardDesk) -> None:
    carbon.proves = False
    for number in range(200):
        carbon.must(ride(carbon, f"a{number}", 1), actor="TEAM-1")
    carbon.proves = True

    assert carbon.code_of(ride(carbon, "b", 1), actor="TEAM-1") == "rewards.acts_too_many"


def test_a_revoked_activity_is_cancelled_and_frees_the_days_limit(carbon: RewardDesk) -> None:
    walk = {"behaviour": "walking"}
    carbon.must(ride(carbon, "a", 40_000, **walk), actor="TEAM-1")
    revoke = w.RevokeCarbon(source="BAGS", reference="a", reason="forged")
    stranger = carbon.code_of(revoke, actor="OTHER-1")
    carbon.must(revoke, actor="TEAM-1")
    twice = carbon.code_of(revoke)
    carbon.must(ride(carbon, "b", 1_000, **walk), actor="TEAM-1")

    assert (stranger, twice) == ("rewards.not_the_owner", "rewards.reference_unknown")
    assert carbon.code_of(w.RevokeCarbon(source="Q", reference="a", reason="")) == (
        "rewards.source_unknown"
    )
    assert reduced(carbon) == 8_200


def test_a_holder_gives_up_its_reductions_and_a_revocation_finds_nothing(
    carbon: RewardDesk,
) -> None:
    account = carbon.account("P1", AccountKind.CARBON)
    carbon.must(ride(carbon, "a", 1_000), actor="TEAM-1")
    carbon.must(w.GiveUpRewards(account=account), actor="P1-1")
    carbon.must(w.GiveUpRewards(account=account), actor="P1-1")
    gone = carbon.must(w.RevokeCarbon(source="BAGS", reference="a", reason=""), actor="TEAM-1")

    assert reduced(carbon) == 0
    assert [each.cancelled for each in gone.effects] == [0]  # type: ignore[attr-defined]
    assert carbon.code_of(w.GiveUpRewards(account=1), actor="P1-1") == "rewards.account_unfit"


def test_credits_stand_after_24_months(carbon: RewardDesk) -> None:
    carbon.must(ride(carbon, "a", 1_000), actor="TEAM-1")
    carbon.until(day("2028-04-10"))

    assert reduced(carbon) == 80_000
    revoke = w.RevokeCarbon(source="BAGS", reference="a", reason="late")
    assert carbon.code_of(revoke) == "rewards.reference_unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "1"}, "rewards.version_exists"),
        ({"effective_from": BEGIN - 1}, "rewards.not_ahead"),
        ({"micrograms": 0}, "rewards.terms_unfit"),
        ({"micrograms": -1}, "rewards.terms_unfit"),
        ({"micrograms": 10**15 + 1}, "rewards.terms_unfit"),
        ({"day_limit": 0}, "rewards.terms_unfit"),
        ({"late_days": -1}, "rewards.terms_unfit"),
    ],
)
def test_a_factor_is_a_version_that_never_changes(
    carbon: RewardDesk, changes: dict[str, object], code: str
) -> None:
    made = {"version": "2", "effective_from": BEGIN, "micrograms": 1} | changes

    assert carbon.refused_by_two(factor("bus_ride", **made)) == code  # type: ignore[arg-type]  # a case's shorthand


def test_an_enterprise_reports_what_it_emitted_and_corrects_it(desk: RewardDesk) -> None:
    desk.must(w.OpenCarbonAccount(party="SHOP"))
    account = desk.account("SHOP", AccountKind.CARBON)
    report = {"account": account, "year": 2025, "method": "GB/T 32150", "document": "a" * 64}
    grams = []
    for reported in (320_000_000_000, 319_000_000_000, 321_500_000_000, 0):
        desk.must(w.ReportEmissions(grams=reported, **report), actor="VER-1")  # type: ignore[arg-type]
        grams.append(desk.ledger.accounts[account].available(EMITTED))

    assert grams == [320_000_000_000, 319_000_000_000, 321_500_000_000, 0]
    assert desk.state.emissions[account, 2025].reports == 4


@pytest.mark.parametrize(
    ("party", "changes", "actor", "code"),
    [
        ("P1", {}, "VER-1", "rewards.account_unfit"),
        ("SHOP", {"account": 1}, "VER-1", "rewards.account_unfit"),
        ("SHOP", {"year": 1989}, "VER-1", "rewards.terms_unfit"),
        ("SHOP", {"grams": -1}, "VER-1", "rewards.terms_unfit"),
        ("SHOP", {"grams": 10**18}, "VER-1", "rewards.terms_unfit"),
        ("SHOP", {}, "SHOP-1", "ledger.role_missing"),
    ],
)
def test_a_report_is_refused_for_the_first_reason(
    desk: RewardDesk, party: str, changes: dict[str, object], actor: str, code: str
) -> None:
    desk.must(w.OpenCarbonAccount(party="SHOP"))
    account = desk.account(party, AccountKind.CARBON)
    report = {"account": account, "year": 2025, "grams": 1, "method": "m", "document": ""}

    assert desk.code_of(w.ReportEmissions(**(report | changes)), actor=actor) == code  # type: ignore[arg-type]


def test_each_party_has_one_carbon_account(desk: RewardDesk) -> None:
    assert desk.code_of(w.OpenCarbonAccount(party="P1")) == "rewards.account_exists"
    assert desk.code_of(w.OpenCarbonAccount(party="NOBODY")) == "ledger.party_unknown"
    body = c.RegisterParty(party="CITY", party_kind=PartyKind.AUTHORITY, scheme="", identifier="")
    desk.must(body)
    desk.must(w.OpenCarbonAccount(party="CITY"), actor="TEAM-1")
