"""A visit to the page in a real browser: what was asked, what it said, and what it must not do."""

import base64
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.verifier.making import LOG

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
JUDGE_MANY = """async ({bundles, key}) => {
  const verdicts = [];
  for (const text of bundles) {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const request = {bundle: new Blob([bytes]), key, witnesses: [], needed: 0, old: null};
    const failed = [];
    const tell = (event) => event.state === "failed" && failed.push([event.step, event.code]);
    try {
      verdicts.push([await checkBundle(request, tell), failed]);
    } catch (error) {
      verdicts.push(["broken", String(error)]);
    }
  }
  return verdicts;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the page says of a bundle; ``steps`` are (state, code, text) by name."""

    verdict: str
    words: str
    steps: dict[str, tuple[str, str, str]]

    @property
    def failed(self) -> dict[str, str]:
        return {name: code for name, (state, code, _) in self.steps.items() if state == "failed"}

    def state(self, step: str) -> str:
        return self.steps[step][0]

    def text(self, step: str) -> str:
        return self.steps[step][2]


@dataclass(slots=True, kw_only=True)
class Visit:
    """One open page."""

    page: Page
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    async def open(self, url: str) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type != "log" else None,
        )
        await self.page.goto(url, wait_until="networkidle")

    async def check(
        self,
        bundle: bytes,
        *,
        key: str = LOG.public.text,
        witnesses: Sequence[str] = (),
        needed: int = 0,
        old: str | None = None,
    ) -> Said:
        """Fill in the form, press the button, and read what the page says in the end."""
        page = self.page
        await page.set_input_files("#bundle", [_file("bundle.zip", bundle)])
        await page.set_input_files("#old", [] if old is None else [_file("old", old.encode())])
        await page.fill("#key", key)
        await page.evaluate("document.querySelector('details').open = true")
        await page.fill("#witnesses", "\n".join(witnesses))
        await page.fill("#needed", str(needed))
        await page.click("#check")
        return await self.read()

    async def read(self) -> Said:
        await self.page.wait_for_selector("#result[aria-busy=false] #verdict[data-verdict]")
        found: dict[str, Any] = await self.page.evaluate(
            """() => ({
              verdict: document.querySelector("#verdict").dataset.verdict,
              words: document.querySelector("#verdict").innerText,
              steps: [...document.querySelectorAll("#steps li")].map((each) =>
                [each.dataset.step, each.className, each.dataset.code, each.innerText])
            })"""
        )
        steps = {name: (state, code, text) for name, state, code, text in found["steps"]}
        return Said(verdict=found["verdict"], words=found["words"], steps=steps)

    async def judge_many(
        self, bundles: Sequence[bytes], *, key: str = LOG.public.text
    ) -> list[tuple[str, list[list[str]]]]:
        """Return verdict and failed steps of each bundle, by the page's own function."""
        texts = [base64.b64encode(each).decode() for each in bundles]
        found = await self.page.evaluate(JUDGE_MANY, {"bundles": texts, "key": key})
        return [(verdict, failed) for verdict, failed in found]


def _file(name: str, content: bytes) -> Any:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@asynccontextmanager
async def browsing(*arguments: str) -> AsyncIterator[Browser]:
    """Start the machine's own Chromium; the test skips where there is none."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    # Chromium refuses its sandbox to root; the pages here are our own.
    own = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[*own, *arguments])
        yield browser
        await browser.close()


@asynccontextmanager
async def visiting(browser: Browser, url: str, *, locale: str = "en-GB") -> AsyncIterator[Visit]:
    """Open the page; at the end nothing was in trouble, and nothing of the policy was violated."""
    context = await browser.new_context(locale=locale)
    visit = Visit(page=await context.new_page())
    await visit.open(url)
    yield visit
    await context.close()
    assert visit.troubles == []
