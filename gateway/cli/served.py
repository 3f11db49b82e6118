"""What commands share that speak to a served venue: where it is, with which key, how it refuses."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.errors import CannotRun
from gateway.instance import running_instance
from gateway.keys import keys_file, read_keys
from gateway.settings import load_settings

KEY_VARIABLE = "ECORIGHTS_KEY"
Answer = dict[str, Any]
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the service's answer as JSON.")]


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


def ask_and_show(
    request: Callable[[ApiClient], Awaitable[Answer]],
    show: Callable[[Answer], None],
    *,
    venue: str | None,
    url: str | None,
    name: str,
    as_json: bool,
) -> Answer:
    """Ask the service, show its answer in words or as JSON, and return it.

    Raises:
        CannotRun: the service does not answer, or there is no key for it.
    """
    answer = ask(request, venue, url=url, name=name, as_json=as_json)
    if as_json:
        print_json({"ok": True, **answer})
    else:
        show(answer)
    return answer


def content_to_send(path: Path) -> bytes:
    """Return the bytes of a file that is sent.

    Raises:
        CannotRun: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}") from error


def show_problem(problem: Mapping[str, Any]) -> None:
    """Print what the service refused, and why."""
    words = ", ".join(
        [
            f"{problem.get('title')} [{problem.get('code')}]",
            *_details(problem, "line", "field", "expected", "found"),
        ]
    )
    sys.stderr.write(f"{words}\n")
    for each in problem.get("lines", ()):
        sys.stderr.write(f"{bad_line(each)}\n")


def bad_line(each: Mapping[str, Any]) -> str:
    """Return in words what is wrong with a line of a file."""
    words = [each["code"]] if "code" in each else []
    words += _details(each, "expected")
    words += [] if each["found"] is None else [f"found {each['found']!r}"]
    return f"  line {each['line']}, {each['field']}: {', '.join(words)}"


def _details(of: Mapping[str, Any], *names: str) -> list[str]:
    return [f"{name} {of[name]}" for name in names if of.get(name) is not None]
