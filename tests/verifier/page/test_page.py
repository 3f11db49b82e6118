"""The page itself: what it sends, loads, says in two languages, and how it works by keyboard."""

import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser

from gateway.api.verify_page import HOME, MEDIA_TYPES, POLICY
from tests.verifier.making import LOG, PART, SIZE, MadeLog, pack, with_line
from tests.verifier.page.conftest import FOLDER
from tests.verifier.page.visiting import Visit, visiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES_MAX = 300
PLACEHOLDER = re.compile(r"\{(\w+)\}")


FILES = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}


@pytest.mark.parametrize("name", FILES)
async def test_every_file_is_served_under_the_strict_policy(served: str, name: str) -> None:
    async with httpx.AsyncClient(base_url=served) as http:
        answer = await http.get(f"/verify/{name}")

    assert answer.content == FILES[name]
    assert answer.headers["content-type"] == MEDIA_TYPES[Path(name).suffix]
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


async def test_verify_leads_to_the_page_and_to_nothing_else(served: str) -> None:
    async with httpx.AsyncClient(base_url=served) as http:
        for path in ("/verify", "/verify/"):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["location"]) == (307, HOME)
        for path in ("/verify/nothing.js", "/verify/..%2fcheck_bundle.py", "/verify/.hidden"):
            assert (await http.get(path)).status_code == 404


async def test_the_meta_tag_says_what_the_header_says() -> None:
    """But for frame-ancestors, which a meta tag cannot say."""
    page = (FOLDER / "verify.html").read_text(encoding="utf-8")
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)

    assert found is not None
    assert f"{found[1]}; frame-ancestors 'none'" == POLICY


async def test_the_page_is_short_and_plain() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= LINES_MAX, path.name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|eval\(|fetch\(|http:", text)
        assert not re.search(r"\bon\w+=|style=", text) or path.suffix == ".js", path.name
    scripts = re.findall(r'src="([^"]+)"', (FOLDER / "verify.html").read_text(encoding="utf-8"))
    loaded = re.findall(r'"(\w+\.js)"', (FOLDER / "worker.js").read_text(encoding="utf-8"))
    assert scripts[: len(loaded)] == loaded  # the same programs in the same order
    assert {*scripts, "worker.js"} == {path.name for path in FOLDER.glob("*.js")}


async def test_nothing_is_asked_of_any_server_once_the_page_is_open(
    browser: Browser, served: str, made: MadeLog
) -> None:
    async with visiting(browser, served + HOME) as visit:
        opened = len(visit.requests)
        await visit.check(pack(made.files(range(SIZE))))
        await visit.check(pack(made.files(PART), scope="trade:2", size="7"))

        assert visit.requests[opened:] == []
        assert all(url.startswith(f"{served}/verify/") for url in visit.requests)


async def test_the_policy_holds_the_page_and_its_worker(browser: Browser, served: str) -> None:
    """Whatever could make the page do so: it reaches nothing, not even its own server."""
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(served + HOME, wait_until="networkidle")
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))

    for ask in ("fetch('/verify')", "fetch('https://example.org/')"):
        answer = await page.evaluate(f"{ask}.then(() => 'reached', () => 'refused')")
        assert answer == "refused"
        inside = await page.workers[0].evaluate(f"{ask}.then(() => 'reached', () => 'refused')")
        assert inside == "refused"
    violations = await page.evaluate(
        """async () => {
          const found = [];
          document.addEventListener("securitypolicyviolation",
            (event) => found.push(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          const image = document.createElement("img");
          image.src = "/verify/x.png";
          document.body.append(image);
          const frame = document.createElement("iframe");
          frame.src = "/verify/verify.html";
          document.body.append(frame);
          await new Promise((resolve) => setTimeout(resolve, 300));
          return [[...new Set(found)].sort(), window.ran === undefined];
        }"""
    )
    assert violations == [["frame-src", "img-src", "script-src-elem"], True]
    assert answered == []
    await context.close()


async def test_words_of_a_bundle_stay_words(visit: Visit, made: MadeLog) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>"

    said = await visit.check(pack(made.files(range(SIZE)), scope=hostile))
    state = await visit.check(pack(with_line(made.files(range(SIZE)), 3, personal_state=hostile)))

    assert said.verdict == "refused"
    assert hostile[:30] in said.text("files") + said.text("manifest")
    assert hostile[:30] in state.text("bodies")
    assert await visit.page.locator("#result img, #result script").count() == 0


async def test_both_languages_say_everything(visit: Visit) -> None:
    texts = json.loads(await visit.page.evaluate("JSON.stringify([TEXTS_ZH, TEXTS_EN])"))
    chinese, english = texts
    # A code is at least two words with a point between them; file names are no codes.
    sources = "".join(path.read_text(encoding="utf-8") for path in FOLDER.iterdir())
    thrown = set(re.findall(r'"((?:\w+)\.(?:\w+))"', sources))
    used = {code for code in thrown if not re.search(r"\.(js|jsonl|json|md|txt|css|html)$", code)}

    assert chinese.keys() == english.keys()
    assert used <= chinese.keys(), used - chinese.keys()
    for code in chinese:
        assert sorted(PLACEHOLDER.findall(chinese[code])) == sorted(
            PLACEHOLDER.findall(english[code])
        ), code
        assert re.search(r"[\u4e00-\u9fff]", chinese[code]) or code in {
            "page.language",
            "what.since",
        }
        assert not re.search(r"[\u4e00-\u9fff]", english[code]) or code == "page.language"


async def test_the_language_changes_what_is_said_already(
    browser: Browser, served: str, made: MadeLog
) -> None:
    async with visiting(browser, served + HOME, locale="zh-CN") as visit:
        chinese = await visit.check(pack(made.files(range(SIZE))))
        await visit.page.click("#language")
        english = await visit.read()

        assert "成立" in chinese.words
        assert english.words.startswith("Holds")
        assert "passed" in english.text("files")
        assert await visit.page.get_attribute("html", "lang") == "en"


async def test_the_page_works_by_keyboard_alone(
    browser: Browser, served: str, made: MadeLog, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(pack(made.files(range(SIZE))))
    async with visiting(browser, served + HOME) as visit:
        page = visit.page
        page.on("filechooser", lambda _: None)  # from now on they come to us: asked late, one slips
        stops = []
        for _ in range(4):
            await page.keyboard.press("Tab")
            stops.append(await page.evaluate("document.activeElement.id"))
        assert stops == ["", "language", "bundle", "key"]  # the skip link comes first

        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "bundle"
        assert await page.inner_text("#trouble") == "Choose the bundle's file."
        async with page.expect_file_chooser() as chooser:
            await page.keyboard.press("Space")
        await (await chooser.value).set_files(bundle)
        await page.keyboard.press("Tab")
        await page.keyboard.type(LOG.public.text)
        await page.keyboard.press("Enter")
        said = await visit.read()

        assert said.verdict == "holds"
        assert await page.evaluate("document.activeElement.id") == "verdict"
        assert not await page.is_visible("#trouble")


async def test_verdicts_are_spoken_and_every_field_has_a_name(
    browser: Browser, served: str, made: MadeLog
) -> None:
    async with visiting(browser, served + HOME) as visit:
        await visit.page.evaluate(
            """() => {
              window.spoken = [];
              new MutationObserver(() => window.spoken.push(
                document.querySelector("#spoken").textContent))
                .observe(document.querySelector("#spoken"), {childList: true});
            }"""
        )
        await visit.check(pack(made.files(range(SIZE))))
        spoken = await visit.page.evaluate("window.spoken")
        tree = await visit.page.locator("form").aria_snapshot()

        assert "The log signed the checkpoint: passed" in spoken
        assert await visit.page.get_attribute("#spoken", "aria-live") == "polite"
        for name in ("Audit bundle", "Public key of the log", "Public keys of witnesses"):
            assert name in tree
        assert await visit.page.get_attribute("#verdict", "role") == "status"


@pytest.mark.parametrize("dark", [False, True])
async def test_text_stands_out_from_its_ground(
    browser: Browser, served: str, made: MadeLog, *, dark: bool
) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1, in both themes, measured with every kind of verdict."""
    async with visiting(browser, served + HOME) as visit:
        await visit.page.emulate_media(color_scheme="dark" if dark else "light")
        await visit.check(pack(made.files(range(SIZE), withheld={4}), entries="41"))
        worst = await visit.page.evaluate(
            """() => {
              const parse = (text) => text.match(/[\\d.]+/g).map(Number);
              const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
                .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = (each) => {
                for (let at = each; at; at = at.parentElement) {
                  const colour = parse(getComputedStyle(at).backgroundColor);
                  if (colour.length === 3 || colour[3] > 0) return colour;
                }
                return [255, 255, 255];
              };
              let worst = 21;
              for (const each of document.querySelectorAll("body *")) {
                const own = [...each.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
                if (!own || each.closest("[hidden], noscript, script") || !each.checkVisibility())
                  continue;
                const pair = [parse(getComputedStyle(each).color), ground(each)].map(light);
                worst = Math.min(worst,
                  (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05));
              }
              return worst;
            }"""
        )

        assert worst >= 4.5


@pytest.mark.parametrize("width", [320, 768, 1440])
async def test_the_page_never_scrolls_sideways(
    browser: Browser, served: str, made: MadeLog, width: int
) -> None:
    async with visiting(browser, served + HOME) as visit:
        await visit.page.set_viewport_size({"width": width, "height": 800})
        await visit.check(pack(made.files(range(SIZE))))

        assert await visit.page.evaluate("document.documentElement.scrollWidth") <= width
