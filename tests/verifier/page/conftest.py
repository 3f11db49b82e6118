"""The page as the service serves it, and one browser for each module of tests."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser

from gateway.api.verify_page import HOME, add_verify_page
from tests.verifier.making import SIZE, MadeLog, story
from tests.verifier.page.visiting import Visit, browsing, visiting

FOLDER = Path(__file__).parents[3] / "verifier" / "page"


@pytest.fixture(scope="module")
def made() -> MadeLog:
    """A log of our own, whose key we hold."""
    log = MadeLog(story())
    assert log.size == SIZE
    return log


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A browser; a module that names a host of its own finds it at the loopback address."""
    async with browsing("--host-resolver-rules=MAP eco.example 127.0.0.1") as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncIterator[str]:
    """The address of a server that serves nothing but the page."""
    application = FastAPI(openapi_url=None)
    add_verify_page(application, FOLDER)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(browser: Browser, served: str) -> AsyncIterator[Visit]:
    """The page, open in English."""
    async with visiting(browser, served + HOME) as found:
        yield found
