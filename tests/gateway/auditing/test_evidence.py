"""The evidence of a trade: signed, proved, and nothing in it but what the entries say."""

import io
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from pypdf import PdfReader

from tests.gateway.auditing.independent import check_evidence
from tests.gateway.auditing.venue import Venue

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def key_of(venue: Venue) -> str:
    answer = (await venue.house.get("/audit/evidence-key", "E01-1")).json()
    assert answer["algorithm"] == "Ed25519"
    key: str = answer["public_key"]
    return key


async def evidence(venue: Venue, actor: str, *, trade: str | None = None) -> bytes:
    number = trade or venue.names["trade"]
    answer = await venue.house.get(f"/audit/trades/{number}/evidence", actor)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.content


async def document_of(venue: Venue, actor: str, *, trade: str | None = None) -> dict[str, Any]:
    content = await evidence(venue, actor, trade=trade)
    return check_evidence(content, evidence_key=await key_of(venue), log_key=venue.key.text)


def body_of(document: dict[str, Any], entry: str) -> dict[str, Any]:
    (found,) = [each for each in document["entries"] if each["index"] == entry]
    body: dict[str, Any] = json.loads(found["postings"])
    return body


async def test_the_trade_is_that_of_its_entry(venue: Venue) -> None:
    document = await document_of(venue, "A-1")
    trade = document["trade"]
    body = body_of(document, trade["entry"])
    (fill,) = [each for each in body["effects"] if each["effect"] == "filled"]

    assert trade["trade"] == fill["trade"] == venue.names["trade"]
    assert (fill["ticks"], fill["lots"]) == ("7000", "30")
    assert (trade["price"], trade["quantity"], trade["unit"]) == ("70.00", "30", "t")
    assert (trade["value"], trade["currency"], trade["instrument"]) == ("2100.00", "CNY", "FEE1")
    assert (fill["buyer_fee"], fill["seller_fee"]) == ("63", "105")
    assert trade["buyer"] == {
        "account": venue.house.accounts["E02"],
        "fee": "0.63",
        "party": "E02",
    }
    assert trade["seller"]["fee"] == "1.05"
    assert trade["aggressor"] == "buy"
    assert trade["at"] == body["at"]


async def test_both_orders_are_told_from_placing_to_the_trade(venue: Venue) -> None:
    document = await document_of(venue, "R-1")
    orders = document["orders"]
    told = {side: [each["event"] for each in orders[side]["events"]] for side in ("buy", "sell")}

    assert told == {
        "buy": ["order_accepted", "filled"],
        "sell": ["order_accepted", "order_rested", "order_amended", "filled"],
    }
    placed, _, amended, _ = orders["sell"]["events"]
    assert (placed["terms"]["quantity"], amended["terms"]["quantity"]) == ("50", "40")
    assert placed["terms"]["price"] == "70.00"
    assert (placed["actor"], placed["machine"]) == (
        "E01-1",
        body_of(document, placed["entry"])["machine"],
    )
    for each in (*orders["buy"]["events"], *orders["sell"]["events"]):
        body = body_of(document, each["entry"])
        assert (each["actor"], each["at"], each["key"]) == (body["actor"], body["at"], body["key"])


async def test_the_book_the_rules_and_the_people_are_there(venue: Venue) -> None:
    document = await document_of(venue, "X-1")
    rules = {each["kind"]: each["terms"] for each in document["rules"]}
    people = {(each["kind"], each["terms"]["party"]) for each in document["people"]}

    assert {"machine", "instrument", "book_terms"} <= rules.keys()
    assert rules["book_terms"]["buyer_fee_ppm"] == "300"
    assert people >= {
        (kind, party) for kind in ("party", "actor", "account") for party in ("E01", "E02")
    }
    assert "digest" not in json.dumps(document["people"])
    assert (
        document["book"]["priority"]["sell"]["entry"]
        == document["orders"]["sell"]["events"][1]["entry"]
    )
    assert document["made"]["by"] == "X/X-1"
    assert document["log"]["keys"] == [venue.key.text]


async def test_maker_and_checker_of_a_large_order_are_named_with_both_entries(
    venue: Venue,
) -> None:
    document = await document_of(venue, "A-1", trade=venue.names["large"])
    (eyes,) = document["four_eyes"]
    placed = document["orders"]["sell"]["events"][0]
    proposed = [
        effect
        for each in document["entries"]
        for effect in json.loads(each["postings"])["effects"]
        if effect["effect"] == "proposed"
    ]

    assert (eyes["maker"], eyes["checker"], eyes["status"]) == ("E01-1", "E01-2", "approved")
    assert eyes["entry"] == placed["entry"]
    assert [each["proposal"] for each in proposed] == [eyes["proposal"]]


async def test_a_book_without_a_band_has_none(venue: Venue) -> None:
    document = await document_of(venue, "A-1")
    assert document["book"].keys() == {"day", "priority"}
    assert document["book"]["day"] is None


async def test_a_trade_of_a_book_with_days_names_day_band_and_phase(venue: Venue) -> None:
    number = await venue.house.pool.fetchval("SELECT id FROM trade WHERE instrument = 'CEA25'")
    document = await document_of(venue, "A-1", trade=str(number))
    book = document["book"]
    opened = body_of(document, book["band"]["entry"])["effects"]
    band = next(
        each
        for each in opened
        if each["effect"] in {"day_opened", "book_opened"} and each["instrument"] == "CEA25"
    )

    assert book["day"] == "2026-03-16"
    assert (book["band"]["low"], book["band"]["high"]) == ("66.60", "81.40")
    assert (band["band_low"], band["band_high"]) == ("6660", "8140")
    assert book["phase"]["phase"] == "continuous"
    assert "trading_day" in {each["kind"] for each in document["rules"]}


async def test_a_side_sees_its_own_and_nothing_of_the_other(venue: Venue) -> None:
    seller = await document_of(venue, "E01-1")
    shown = [json.loads(each["postings"]) for each in seller["entries"] if each["postings"]]

    assert {body["actor"] for body in shown} == {"E01-1"}
    assert seller["trade"] == {"entry": venue.names["entry"], "trade": venue.names["trade"]}
    assert seller["orders"]["buy"]["events"] == []
    assert [each["event"] for each in seller["orders"]["sell"]["events"]] == [
        "order_accepted",
        "order_rested",
        "order_amended",
    ]
    assert "E02-1" not in json.dumps({**seller, "entries": shown})


@pytest.mark.parametrize(
    ("actor", "trade", "status", "code"),
    [
        ("B-1", None, 403, "request.forbidden"),
        ("A-1", "999999", 404, "audit.scope_empty"),
        ("E01-1", "999999", 404, "audit.scope_empty"),
        (None, None, 401, "authentication.required"),
    ],
)
async def test_others_get_none(
    venue: Venue, actor: str | None, trade: str | None, status: int, code: str
) -> None:
    number = trade or venue.names["trade"]
    for ending in ("evidence", "evidence.pdf"):
        answer = await venue.house.get(f"/audit/trades/{number}/{ending}", actor)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("change", ["figure", "body", "receipt", "key", "signature"])
async def test_altered_evidence_is_refused(venue: Venue, change: str) -> None:
    signed = json.loads(await evidence(venue, "A-1"))
    entry = signed["document"]["entries"][-1]
    if change == "figure":
        signed["document"]["trade"]["price"] = "69.00"
    elif change == "body":
        entry["postings"] = entry["postings"].replace("7000", "6900")
    elif change == "receipt":
        entry["receipt"] = entry["receipt"].replace("index", "indeX")
    elif change == "key":
        signed["signature"]["public_key"] = "00" * 32
    else:
        signed["signature"]["signature"] = "00" * 64
    content = json.dumps(signed).encode()

    with pytest.raises((AssertionError, InvalidSignature)):
        check_evidence(content, evidence_key=await key_of(venue), log_key=venue.key.text)


@pytest.mark.parametrize("language", ["zh", "en", "both"])
async def test_the_pages_say_what_the_document_says(venue: Venue, language: str) -> None:
    path = f"/audit/trades/{venue.names['trade']}/evidence.pdf"
    answer = await venue.house.get(path, "A-1", language=language)
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    ((name, (attached, *_)),) = reader.attachments.items()
    document = check_evidence(attached, evidence_key=await key_of(venue), log_key=venue.key.text)
    texts = [page.extract_text() for page in reader.pages]
    whole = "".join("".join(texts).split())
    digest = json.loads(attached)["signature"]["sha256"]

    assert name == "evidence.json"
    assert all(digest in text for text in texts)
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    trade = document["trade"]
    for said in (f"{trade['price']}CNY/t", f"{trade['quantity']}t", f"{trade['value']}CNY"):
        assert said in whole
    for each in document["entries"]:
        assert each["leaf_hash"] in whole
    assert json.loads(attached)["signature"]["signature"] in whole
    assert ("买入委托" in whole) == (language != "en")
    assert ("Buyorder" in whole) == (language != "zh")
