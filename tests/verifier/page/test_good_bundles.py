"""A good bundle holds, and the page says what it could not check."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from gateway.api.verify_page import HOME
from tests.verifier.making import (
    BANK,
    CITY,
    LOG,
    PART,
    SINCE,
    SIZE,
    MadeLog,
    judge,
    load_program,
    pack,
)
from tests.verifier.page.conftest import FOLDER
from tests.verifier.page.visiting import Visit, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

MUST = ("files", "signature", "manifest", "entries", "places", "chain", "complete", "bodies")


@pytest.mark.parametrize("method", [0, 8])
async def test_a_whole_log_holds(visit: Visit, made: MadeLog, method: int) -> None:
    said = await visit.check(pack(made.files(range(SIZE)), method=method))

    assert said.verdict == "holds", said
    assert {said.state(step) for step in (*MUST, "books")} == {"passed"}
    assert "2 shown" not in said.text("bodies")
    assert "1 shown, 38 empty, 0 withheld, 1 erased" in said.text("bodies")
    assert (said.state("witnesses"), said.state("growth")) == ("unchecked", "unchecked")


async def test_a_part_holds_and_does_not_add_up(visit: Visit, made: MadeLog) -> None:
    said = await visit.check(pack(made.files(PART), scope="trade:1"))

    assert said.verdict == "holds"
    assert said.state("books") == "unchecked"
    assert "not checked" in said.words


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 33])
async def test_logs_of_every_shape_hold(visit: Visit, tmp_path: Path, size: int) -> None:
    log = MadeLog([[{"effect": "noted", "trade": "1"}] for _ in range(size)])
    program = load_program()
    for shown in (range(size), range(0, size, 2), range(size // 2, size)):
        for since in {0, 1, size // 2 or 1, size}:
            files = log.files(shown, since=since)
            asked = str(since) if since else None
            bundle = pack(files, scope="trade:1", size=str(size), since=asked)
            (tmp_path / "bundle.zip").write_bytes(bundle)
            ((verdict, failed),) = await visit.judge_many([bundle])

            assert (verdict, failed) == ("holds", []), (size, shown, since)
            assert judge(program, tmp_path / "bundle.zip") == (True, "")


async def test_withheld_bodies_are_said_not_to_be_checked(visit: Visit, made: MadeLog) -> None:
    said = await visit.check(pack(made.files(range(SIZE), withheld={4, 11}, personal=False)))

    assert said.verdict == "holds"
    assert said.state("bodies") == "partly"
    assert "2 are withheld and not checked" in said.text("bodies")
    assert (said.state("books"), "2 bodies are withheld" in said.text("books")) == (
        "unchecked",
        True,
    )


async def test_witnesses_count_and_strangers_are_named(visit: Visit, made: MadeLog) -> None:
    note = made.checkpoint(SIZE, LOG, CITY, BANK)
    bundle = pack(made.files(range(SIZE), note=note))

    both = await visit.check(bundle, witnesses=[CITY.public.text, BANK.public.text], needed=2)
    one = await visit.check(bundle, witnesses=[CITY.public.text], needed=1)
    none = await visit.check(bundle)

    assert (both.verdict, both.state("witnesses")) == ("holds", "passed")
    assert "Unknown signatures, which do not count: witness.example/bank" in one.text("witnesses")
    assert "witness.example/bank, witness.example/city" in none.text("witnesses")
    assert (one.state("witnesses"), none.state("witnesses")) == ("passed", "unchecked")


async def test_a_kept_checkpoint_proves_that_the_log_only_grew(visit: Visit, made: MadeLog) -> None:
    bundle = pack(made.files(PART, since=SINCE), since=str(SINCE), scope="trade:1")

    proved = await visit.check(bundle, old=made.checkpoint(SINCE))
    silent = await visit.check(bundle)

    assert (proved.verdict, proved.state("growth")) == ("holds", "passed")
    assert (silent.verdict, silent.state("growth")) == ("holds", "unchecked")
    assert "since 20 entries" in silent.text("growth")


async def test_one_accounts_entries_add_up_alone(visit: Visit, made: MadeLog) -> None:
    rows = made.files(range(SIZE))["balances.jsonl"].splitlines(keepends=True)
    own = b"".join(row for row in rows if b'"account":"100"' in row)
    files = made.files((1, 2, 6, 9, 17, 18)) | {"balances.jsonl": own}

    said = await visit.check(pack(files, scope="account:100"))
    wrong = await visit.check(pack(files, scope="account:101"))

    assert (said.verdict, said.state("books")) == ("holds", "passed")
    assert wrong.failed.keys() == {"books", "complete"}


async def test_from_a_disk_it_works_without_a_worker(browser: Browser, made: MadeLog) -> None:
    async with visiting(browser, (FOLDER / "verify.html").as_uri()) as visit:
        good = await visit.check(pack(made.files(range(SIZE))))
        bad = await visit.check(pack(made.files(range(SIZE)), size="41"))

        assert (good.verdict, bad.verdict) == ("holds", "refused")
        assert await visit.page.is_visible("#local")
        assert all(url.startswith("file://") for url in visit.requests)
        ask = "fetch('https://example.org/').then(() => 'reached', () => 'refused')"
        assert await visit.page.evaluate(ask) == "refused"
        assert "Content Security Policy" in visit.troubles.pop()
        visit.troubles.clear()


async def test_without_web_cryptography_nothing_is_confirmed(
    browser: Browser, served: str, made: MadeLog
) -> None:
    """A page that came over plain http from another host has no WebCrypto at all."""
    url = served.replace("127.0.0.1", "eco.example") + HOME
    context = await browser.new_context(locale="en-GB")
    visit = Visit(page=await context.new_page())
    await visit.open(url)

    good = await visit.check(pack(made.files(range(SIZE))))
    bad = await visit.check(pack(made.files(range(SIZE)), entries="41"))

    assert (good.verdict, bad.verdict) == ("unsure", "refused")
    assert good.state("signature") == "unchecked"
    assert "no Ed25519" in good.text("signature")
    assert {good.state(step) for step in MUST if step != "signature"} == {"passed"}
    # Chromium tells that such a host cannot isolate its window: the one thing that it says.
    assert all("Cross-Origin-Opener-Policy" in each for each in visit.troubles)
    await context.close()


async def test_without_ed25519_alone_nothing_is_confirmed(browser: Browser, made: MadeLog) -> None:
    context = await browser.new_context(locale="en-GB")
    await context.add_init_script("""
        const imported = SubtleCrypto.prototype.importKey;
        SubtleCrypto.prototype.importKey = function (format, raw, terms, ...rest) {
          return terms.name === "Ed25519"
            ? Promise.reject(new DOMException("unknown", "NotSupportedError"))
            : imported.call(this, format, raw, terms, ...rest);
        };""")
    visit = Visit(page=await context.new_page())
    await visit.open((FOLDER / "verify.html").as_uri())

    said = await visit.check(pack(made.files(range(SIZE))), needed=0)

    assert (said.verdict, said.state("signature")) == ("unsure", "unchecked")
    assert "not confirmed" not in said.words
    assert "nothing is confirmed" in said.words
    assert visit.troubles == []
    await context.close()
