"""What commands share that speak to a served venue: where it is, with which key, how it refuses."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.errors import CannotRun
from gateway.instance import running_instance
from gateway.keys import keys_file, read_keys
from gateway.settings import load_settings

KEY_VARIABLE = "ECORIGHTS_KEY"
Answer = dict[str, Any]


def service_of(venue: str | None, *, url: str | None, name: str) -> tuple[str, str]:
    """Return where the service is and with what secret to speak to it.

    Raises:
        CannotRun: nobody serves the venue here, or there is no such key.
    """
    settings = load_settings(venue=venue)
    if url is None:
        instance = running_instance(settings.home, venue=settings.venue)
        if instance is None:
            raise CannotRun(f"{settings.venue} is not served here: ./ecorights up, or --url")
        url = f"http://{settings.host}:{instance.port}"
    secret = os.environ.get(KEY_VARIABLE)
    if secret is None:
        path = keys_file(settings.home, settings.venue)
        secret = read_keys(path).get(name)
        if secret is None:
            raise CannotRun(f"no key: set {KEY_VARIABLE}, or name one of {path} by --as")
    return url, secret


def ask(
    request: Callable[[ApiClient], Awaitable[Answer]],
    venue: str | None,
    *,
    url: str | None,
    name: str,
    as_json: bool,
) -> Answer:
    """Ask the service, and return its answer; what it refuses is printed, and ends us with 1.

    Raises:
        CannotRun: the service does not answer, or there is no key for it.
    """
    base, secret = service_of(venue, url=url, name=name)

    async def run() -> Answer:
        async with httpx.AsyncClient(base_url=base) as http:
            return await request(ApiClient(http, secret=secret))

    try:
        return asyncio.run(run())
    except httpx.HTTPError as error:
        raise CannotRun(f"{base} does not answer: {error!r}") from error
    except Refused as error:
        if as_json:
            print_json({"ok": False, **error.problem})
        else:
            show_problem(error.problem)
        sys.exit(1)


def show_problem(problem: Mapping[str, Any]) -> None:
    """Print what the service refused, and why."""
    details = [f"{key} {problem[key]}" for key in ("field", "expected", "found") if key in problem]
    words = ", ".join([f"{problem.get('title')} [{problem.get('code')}]", *details])
    sys.stderr.write(f"{words}\n")
    for each in problem.get("lines", ()):
        place = f"line {each['line']}, {each['field']}"
        sys.stderr.write(f"  {place}: expected {each['expected']}, found {each['found']!r}\n")
